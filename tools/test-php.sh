#!/bin/bash
# Runs the .phpt tests with PHP's own runner: those below $TESTS, a path in php-tests/, or all. Arguments are handed on to it
# (-m: under valgrind).
set -euo pipefail
: "${PHP:=php}"
root=$(cd "$(dirname "$0")/.." && pwd)
runner=$(php-config --prefix)/lib/php/$(php-config --phpapi)/build/run-tests.php
[ -f "$runner" ] || runner=$(find /usr/lib/php /usr/local/lib/php -path '*build/run-tests.php' 2>/dev/null | head -n 1)
[ -f "$runner" ] || { echo "test-php: PHP's run-tests.php was not found; install PHP's development package" >&2; exit 1; }

cd "$root/php-tests"
export NO_INTERACTION=1 TEST_PHP_EXECUTABLE="${TEST_PHP_EXECUTABLE:-$(command -v "$PHP")}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
# Without PCRE's JIT, whose wide reads valgrind takes for errors.
"$PHP" "$runner" -n -d extension="$EXTENSION" -d pcre.jit=0 --no-progress -q --show-diff "$@" "${TESTS:-.}" | tee "$log" || status=$?

# The runner's summary, as one plain line.
count() { sed -n "s/^Tests $1 *: *\([0-9]*\).*/\1/p" "$log" | tail -n 1; }
passed=$(count passed) failed=$(count failed) skipped=$(count skipped)
echo "phpt: ${passed:-0} passed, ${failed:-0} failed, ${skipped:-0} skipped"
exit "$status"
