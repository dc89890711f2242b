#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What retrystorm needs from the system: says what is missing and why, and installs it where apt-get is at
# hand.
#
#   tests/deps.sh build|demo|check|asan|all   install what is missing; silent when nothing is
#   tests/deps.sh --probe build|...           install nothing; exit 3 when a needed package is missing
#
# Looks for the compiler, headers and programs themselves, not for package names, so that it is right on any
# system. Exit status: 0 all there (or only a package that one can do without is missing), 3 something
# needed is missing.
set -u

# need | probe | Debian | Fedora | Arch | Alpine | Homebrew | why
table='
build|cc|gcc|gcc|gcc|gcc|gcc|compiles the program
build|header stdio.h|libc6-dev|glibc-devel|glibc|musl-dev|-|headers of the C library
build|command pkg-config|pkg-config|pkgconf-pkg-config|pkgconf|pkgconf|pkg-config|finds the libraries
build|header gsl/gsl_rng.h|libgsl-dev|gsl-devel|gsl|gsl-dev|gsl|random laws, statistics, special functions
build|header yaml.h|libyaml-dev|libyaml-devel|libyaml|yaml-dev|libyaml|reads scenarios
build|header lua.h|liblua5.4-dev|lua-devel|lua|lua5.4-dev|lua|runs backoffs that users write
build|header jansson.h|libjansson-dev|jansson-devel|jansson|jansson-dev|jansson|writes and reads JSON results
demo|command gnuplot|gnuplot-nox|gnuplot-minimal|gnuplot|gnuplot|gnuplot|draws the pictures
demo|font|fonts-dejavu-core|dejavu-sans-fonts|ttf-dejavu|font-dejavu|font-dejavu|letters of the pictures
check|header cmocka.h|libcmocka-dev|libcmocka-devel|cmocka|cmocka-dev|cmocka|unit tests
asan|command clang|clang|clang|clang|clang|llvm|second compiler: more warnings, same results
'

cc=${CC:-cc}
log=build/deps.log

has_header() {
    if ! command -v "${cc%% *}" >/dev/null 2>&1; then
        test -e "/usr/include/$1"
        return
    fi
    flags=
    case $1 in
    gsl/*) flags=$(pkg-config --cflags gsl 2>/dev/null) ;;
    yaml.h) flags=$(pkg-config --cflags yaml-0.1 2>/dev/null) ;;
    lua.h) flags=$(pkg-config --cflags lua5.4 2>/dev/null) ;;
    jansson.h) flags=$(pkg-config --cflags jansson 2>/dev/null) ;;
    cmocka.h)
        flags=$(pkg-config --cflags cmocka 2>/dev/null)
        set -- "$1" '#include <stdarg.h>' '#include <stddef.h>' '#include <setjmp.h>' '#include <stdint.h>'
        ;;
    esac
    header=$1
    shift
    # shellcheck disable=SC2086 # several flags; CC may be "ccache gcc"
    printf '%s\n' "$@" "#include <$header>" | $cc $flags ${CPPFLAGS-} -E - >/dev/null 2>&1
}

has_font() {
    command -v fc-list >/dev/null 2>&1 && fc-list 2>/dev/null | grep -q 'DejaVuSans\.ttf' && return 0
    for fonts in /usr/share/fonts /usr/local/share/fonts /Library/Fonts "${HOME:-/}/Library/Fonts"; do
        [ -n "$(find "$fonts" -name DejaVuSans.ttf 2>/dev/null)" ] && return 0
    done
    return 1
}

is_there() { # PROBE
    case $1 in
    cc) command -v "${cc%% *}" >/dev/null 2>&1 ;;
    header\ *) has_header "${1#header }" ;;
    command\ *) command -v "${1#command }" >/dev/null 2>&1 ;;
    font) has_font ;;
    esac
}

wanted() { # NEED: does the purpose asked for include it?
    case $purpose in
    build) [ "$1" = build ] ;;
    demo) [ "$1" = build ] || [ "$1" = demo ] ;;
    check) [ "$1" != asan ] ;;
    asan | all) true ;;
    esac
}

# Prints the rows of the table that are wanted and not there.
missing_rows() {
    printf '%s' "$table" | while IFS= read -r row; do
        [ -n "$row" ] || continue
        need=${row%%|*}
        probe=${row#*|}
        probe=${probe%%|*}
        if wanted "$need" && ! is_there "$probe"; then
            printf '%s\n' "$row"
        fi
    done
}

packages() { # COLUMN: the missing packages' names on one line
    printf '%s\n' "$missing" | awk -F '|' -v column="$1" '
        NF && $column != "-" { line = line " " $column }
        END { print substr(line, 2) }'
}

# Pictures and their letters can be done without: that is the program's own rule.
blocking() {
    printf '%s\n' "$missing" | awk -F '|' -v purpose="$purpose" '
        NF && ($1 != "demo" || (purpose != "demo" && $2 != "font")) { found = 1 }
        END { exit !found }'
}

explain() {
    printf '%s\n' "$missing" | awk -F '|' 'BEGIN { print "retrystorm needs packages that are not installed:" }
        NF { printf "  %-18s %s\n", $3, $8 }'
}

by_hand() {
    echo "Install them with the line for your system, then try again:"
    echo "  Debian, Ubuntu:  sudo apt-get install --no-install-recommends $(packages 3)"
    echo "  Fedora:          sudo dnf install $(packages 4)"
    echo "  Arch:            sudo pacman -S $(packages 5)"
    echo "  Alpine:          sudo apk add $(packages 6)"
    echo "  macOS:           brew install $(packages 7)"
}

give_up() {
    by_hand
    blocking && exit 3
    echo "Going on without: the data will be there, the pictures not (or in another font)."
    exit 0
}

as_root() { # how to become root: empty, "sudo", or failure
    if [ "$(id -u)" -eq 0 ]; then
        echo
    elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        echo sudo
    else
        return 1
    fi
}

apt() { # ARGUMENTS to apt-get, as root, asking nothing; what it says matters only when it fails
    $root env DEBIAN_FRONTEND=noninteractive apt-get -y -q "$@" >"$log" 2>&1 && return 0
    echo "apt-get $1 failed (all of it: $log):"
    grep -E '^[EW]:' "$log" | tail -n 10
    return 1
}

install_by_apt() {
    list=$(packages 3)
    echo "Installing them (a minute or so): ${root:+$root }apt-get install --no-install-recommends $list"
    mkdir -p "${log%/*}"
    if [ -z "$(find /var/lib/apt/lists -name '*_Packages*' 2>/dev/null)" ]; then
        apt update || return 1
    fi
    # shellcheck disable=SC2086 # several packages
    apt install --no-install-recommends $list && return 0
    echo "Once more with fresh package lists."
    # shellcheck disable=SC2086
    apt update && apt install --no-install-recommends $list
}

probe_only=
if [ "${1-}" = --probe ]; then
    probe_only=1
    shift
fi
purpose=${1-}
case $purpose in
build | demo | check | asan | all) ;;
*)
    echo "usage: tests/deps.sh [--probe] build|demo|check|asan|all" >&2
    exit 2
    ;;
esac

missing=$(missing_rows)
[ -n "$missing" ] || exit 0
explain
if [ -n "$probe_only" ]; then
    echo "\`make deps\` installs them, or says what to type."
    blocking && exit 3
    exit 0
fi
command -v apt-get >/dev/null 2>&1 || give_up
root=$(as_root) || give_up
install_by_apt || give_up
missing=$(missing_rows)
if [ -n "$missing" ]; then
    echo "Still missing after the installation: $(packages 3)"
    blocking && exit 3
fi
exit 0
