#!/bin/bash
# Runs every fuzz target for the given number of seconds, two at a time, starting from the kept corpus.
set -euo pipefail
cd "$(dirname "$0")/../fuzz"
seconds=${1:-600}
command -v cargo-fuzz >/dev/null 2>&1 || { echo "fuzz: cargo install cargo-fuzz" >&2; exit 1; }
cargo +nightly fuzz build
cargo +nightly fuzz list | xargs -P 2 -I TARGET \
    cargo +nightly fuzz run TARGET -- -max_total_time="$seconds" -print_final_stats=1 -rss_limit_mb=2048
