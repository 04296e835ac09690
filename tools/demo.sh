#!/bin/bash
# Starts the sandbox, logs in and presses the button of examples/press-button.php, as a user would: through ini settings
# only. The script is the one that would talk to Telegram.
set -euo pipefail
: "${PHP:=php}"
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'kill "${sandbox_pid:-}" 2>/dev/null || true; rm -rf "$work"' EXIT

"$SANDBOX" --world "$root/examples/world.json" --port 0 --write-key "$work/server.pem" >"$work/sandbox.json" &
sandbox_pid=$!
for _ in $(seq 100); do
    [ -s "$work/sandbox.json" ] && break
    kill -0 "$sandbox_pid" 2>/dev/null || { echo "demo: the sandbox did not start" >&2; exit 1; }
    sleep 0.1
done
dc_list=$($PHP -n -r '
    $dcs = json_decode(file_get_contents($argv[1]), true)["dcs"];
    echo implode(",", array_map(fn ($id, $address) => "$id=$address", array_keys($dcs), $dcs));
' "$work/sandbox.json")
echo "The sandbox, a local Telegram data centre, listens: $dc_list"

cd "$work"
run() {
    $PHP -n -d extension="$EXTENSION" -d madelineproto.api_id=1 -d madelineproto.api_hash=0123456789abcdef0123456789abcdef \
        -d "madelineproto.dc_list=\"$dc_list\"" -d madelineproto.rsa_keys="$work/server.pem" "$@"
}
echo
echo "Logging in (phone 9996612001, code 12345) and pressing the button:"
printf '9996612001\n12345\n' | run "$root/examples/press-button.php"
echo
echo "Again, with the saved session:"
run "$root/examples/press-button.php"
