#!/bin/bash
# Which functions of the extension run when PHP loads it, logs in and makes a call, and from that tools/start.ld: build.rs links
# them side by side. A build whose functions still have their names goes to target/layout (needs valgrind).
set -euo pipefail
cd "$(dirname "$0")/.."
: "${PHP:=php}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

CARGO_PROFILE_RELEASE_STRIP=none CARGO_TARGET_DIR=target/layout cargo build --locked --release -p madelineproto
extension=$PWD/target/layout/release/libmadelineproto.so
EXTENSION=$extension PHP="valgrind -q --tool=callgrind --demangle=no --callgrind-out-file=$work/trace.%p $PHP" \
    bash tools/demo.sh
nm --print-size "$extension" >"$work/symbols"
$PHP -n tools/layout.php "$work/symbols" "$work"/trace.* >"$work/start.ld"
mv "$work/start.ld" tools/start.ld
