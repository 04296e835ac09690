#!/bin/bash
# Starts a Redis, a PostgreSQL and a MariaDB server on free ports of the loopback, with data in a directory of their own, says
# where they are, one line for each that is installed, then "ready", and ends them when its input ends.
# With --install it installs them instead, on a Debian-like system, and starts nothing.
set -uo pipefail
if [ "${1:-}" = --install ]; then
    missing=()
    command -v redis-server >/dev/null || missing+=(redis-server)
    command -v mariadbd >/dev/null || missing+=(mariadb-server)
    ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing+=(postgresql)
    command -v openssl >/dev/null || missing+=(openssl)
    ((${#missing[@]} == 0)) && exit 0
    as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    exit
fi
directory=$(mktemp -d /tmp/madelineproto-servers-XXXXXX)
chmod 755 "$directory"
pids=()
finish() {
    trap - EXIT
    ((${#pids[@]})) && kill "${pids[@]}" 2>/dev/null
    wait 2>/dev/null
    rm -rf "$directory"
}
trap finish EXIT
trap exit INT TERM

free_port() { php -n -r '$s = stream_socket_server("tcp://127.0.0.1:0"); echo substr(strrchr(stream_socket_get_name($s, false), ":"), 1);'; }
# PostgreSQL refuses to run as root.
unprivileged() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; else "$@"; fi; }
# A certificate of 127.0.0.1, by an authority of its own, and another authority. Redis has another port with TLS.
tls=()
if command -v openssl >/dev/null; then
    mkdir "$directory/tls"
    (
        cd "$directory/tls"
        for authority in ca other; do
            openssl req -x509 -newkey rsa:2048 -nodes -keyout "$authority.key" -out "$authority.pem" -days 2 -subj "/CN=$authority of the tests"
        done
        openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj "/CN=a server of the tests"
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out server.pem -extfile <(echo "subjectAltName=IP:127.0.0.1")
        cp server.key postgres.key && chmod 600 postgres.key
        [ "$(id -u)" = 0 ] && chown nobody:nogroup postgres.key
    ) >"$directory/tls.log" 2>&1
    tls=("$directory/tls")
fi
wait_for() { for ((try = 0; try < 300; try++)); do "$@" >/dev/null 2>&1 && return 0; sleep 0.1; done; return 1; }

if command -v redis-server >/dev/null; then
    port=$(free_port)
    secure=(${tls[@]+--tls-port "$(free_port)" --tls-cert-file "$tls/server.pem" --tls-key-file "$tls/server.key" --tls-ca-cert-file "$tls/ca.pem" --tls-auth-clients no})
    mkdir "$directory/redis"
    redis-server --bind 127.0.0.1 --port "$port" --dir "$directory/redis" --requirepass secret --appendonly yes --daemonize no "${secure[@]}" >"$directory/redis.log" 2>&1 &
    pids+=($!)
    wait_for redis-cli -p "$port" -a secret ping && echo "redis $port" && ((${#secure[@]})) && echo "redis-tls ${secure[1]}"
fi

postgres=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
if [ -n "$postgres" ]; then
    port=$(free_port)
    secure=(${tls[@]+-c ssl=on -c ssl_cert_file="$tls/server.pem" -c ssl_key_file="$tls/postgres.key"})
    mkdir -m 700 "$directory/postgres"
    [ "$(id -u)" = 0 ] && chown nobody:nogroup "$directory/postgres"
    echo secret >"$directory/password" && chmod 644 "$directory/password"
    (cd / && unprivileged "$postgres/initdb" -D "$directory/postgres" -U madeline --auth=scram-sha-256 --pwfile="$directory/password" --no-sync) >"$directory/postgres.log" 2>&1
    (cd / && exec setsid $( [ "$(id -u)" = 0 ] && echo setpriv --reuid=nobody --regid=nogroup --clear-groups ) "$postgres/postgres" -D "$directory/postgres" -c listen_addresses=127.0.0.1 -p "$port" -c unix_socket_directories= "${secure[@]}" ) >>"$directory/postgres.log" 2>&1 &
    pids+=($!)
    wait_for "$postgres/pg_isready" -h 127.0.0.1 -p "$port" && echo "postgres $port"
fi

if command -v mariadbd >/dev/null; then
    port=$(free_port)
    user=$(id -un)
    secure=(${tls[@]+--ssl-cert="$tls/server.pem" --ssl-key="$tls/server.key" --ssl-ca="$tls/ca.pem"})
    mariadb-install-db --no-defaults --datadir="$directory/mysql" --auth-root-authentication-method=normal --user="$user" >"$directory/mysql.log" 2>&1
    mariadbd --no-defaults --datadir="$directory/mysql" --user="$user" --bind-address=127.0.0.1 --port="$port" \
        --socket="$directory/mysql.sock" --pid-file="$directory/mysql.pid" --innodb-flush-log-at-trx-commit=2 "${secure[@]}" >>"$directory/mysql.log" 2>&1 &
    pids+=($!)
    if wait_for mariadb-admin --no-defaults --socket="$directory/mysql.sock" ping; then
        mariadb --no-defaults --socket="$directory/mysql.sock" -e "CREATE USER madeline@'127.0.0.1' IDENTIFIED BY 'secret'; GRANT ALL ON *.* TO madeline@'127.0.0.1'" >>"$directory/mysql.log" 2>&1 \
            && echo "mysql $port"
    fi
fi
echo "directory $directory"
((${#tls[@]})) && echo "tls $tls"
echo ready
cat >/dev/null
