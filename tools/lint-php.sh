#!/bin/bash
# Syntax of every PHP and shell file that is ours.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files '*.php' '*.inc' | while read -r file; do
    php -n -l "$file" >/dev/null || { echo "lint: $file does not parse" >&2; exit 1; }
done
git ls-files '*.sh' .ci/run | while read -r file; do
    bash -n "$file"
done
echo "lint: PHP and shell files parse"
