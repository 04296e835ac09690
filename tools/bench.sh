#!/bin/bash
# Builds the benchmark program and prints its table; target/bench.json has the figures.
set -euo pipefail
cd "$(dirname "$0")/.."
# The dispatch figure needs a build whose calls without arguments end at once. The ordinary build comes last and stays.
cargo build --locked --release -q -p madelineproto -p madeline-sandbox -p madeline-benches --features madelineproto/dispatch-bench
cp target/release/libmadelineproto.so target/release/libmadelineproto-dispatch.so
cargo build --locked --release -q -p madelineproto -p madeline-sandbox -p madeline-benches
DISPATCH_EXTENSION=$PWD/target/release/libmadelineproto-dispatch.so target/release/madeline-bench
