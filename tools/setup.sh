#!/bin/sh
# Installs what building and testing need on a Debian-like system: PHP with its headers, libclang for bindgen, a C
# compiler for the bundled SQLite. Does nothing where all of it is there.
set -eu

missing=""
need() { missing="$missing $1"; }

# What single targets need, and say.
for extra in "$@"; do
    case "$extra" in
        php-fpm) ls /usr/sbin/php-fpm* >/dev/null 2>&1 || need php-fpm ;;
        apache) ls /usr/lib/apache2/modules/libphp*.so >/dev/null 2>&1 || need "apache2-bin libapache2-mod-php" ;;
        ffmpeg) command -v ffmpeg >/dev/null 2>&1 || need ffmpeg ;;
    esac
done

command -v php >/dev/null 2>&1 || need php-cli
command -v php-config >/dev/null 2>&1 || need php-dev
command -v cc >/dev/null 2>&1 || need gcc
command -v make >/dev/null 2>&1 || need make
# Its cipher is what `make bench` compares ours with.
command -v openssl >/dev/null 2>&1 || need openssl
if command -v php-config >/dev/null 2>&1; then
    [ -f "$(php-config --include-dir)/main/php.h" ] || need php-dev
fi
# Not libclang-cpp, which other packages bring: bindgen can't use it.
find /usr/lib /usr/local/lib \( -name 'libclang.so*' -o -name 'libclang-[0-9]*.so*' \) 2>/dev/null | grep -q . || need libclang-dev

if [ -n "$missing" ]; then
    command -v apt-get >/dev/null 2>&1 || {
        echo "setup: please install these with your package manager:$missing" >&2
        exit 1
    }
    as_root=""
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null 2>&1 || {
            echo "setup: run as root, or install these yourself: apt-get install$missing" >&2
            exit 1
        }
        as_root=sudo
    fi
    echo "setup: installing$missing"
    $as_root apt-get update -qq
    # shellcheck disable=SC2086 # the list is meant to be split
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq $missing >/dev/null
fi

command -v cargo >/dev/null 2>&1 || {
    echo "setup: Rust is missing; install it as https://www.rust-lang.org/tools/install says (1.88 or newer)" >&2
    exit 1
}
