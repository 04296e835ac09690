#!/bin/bash
# Compares with results recorded from MadelineProto itself: the directory given, where it is present. Two parts: the TL
# cases through the codec at the recorded layer, and the recorded calls against a sandbox.
set -euo pipefail
: "${PHP:=php}"
root=$(cd "$(dirname "$0")/.." && pwd)
recorded=${1:?usage: oracle.sh DIRECTORY}
if [ ! -d "$recorded/calls" ]; then
    echo "oracle: $recorded is not here; nothing to compare with"
    exit 0
fi
recorded=$(cd "$recorded" && pwd)
cd "$root"
cargo run --locked -q -p madeline-client --example oracle_tl -- "$recorded"
"$PHP" -n -d extension="$EXTENSION" tools/oracle/calls.php "$recorded/calls"
