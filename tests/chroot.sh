#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Proof on a bare Debian 12: tests/chroot.sh [WORK]
#
# Makes a minbase chroot with git, make and ca-certificates only, clones this repository (what is committed)
# into it, and runs `make demo`, then `make check`, as a newcomer would. Needs root and debootstrap. apt
# inside uses what this machine's apt uses: its sources, keys, certificates and proxies are copied when the
# script runs. WORK (/tmp/retrystorm-chroot) keeps the bare system in WORK/base for the next time. BASE
# names a ready bare system instead. Exit status: that of the first step that failed.
set -eu
work=${1:-/tmp/retrystorm-chroot}
base=${BASE:-$work/base}
root=$work/root
repository=$(cd "$(dirname "$0")/.." && pwd)
suite=bookworm

if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null 2>&1; then
    echo 'tests/chroot.sh needs root and debootstrap (Debian: apt-get install debootstrap).' >&2
    exit 3
fi

step() { printf '\n=== %s\n' "$*"; }

leave() {
    umount "$root/proc" 2>/dev/null || true
    umount "$root/sys" 2>/dev/null || true
}
trap leave EXIT
trap 'exit 130' INT TERM

# Only names that a shell on a newcomer's machine has, and the proxies of this one.
inside() {
    chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb LC_ALL=C.UTF-8 \
        ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
        ${no_proxy:+no_proxy="$no_proxy"} "$@"
}

copy_apt() {
    rm -f "$root/etc/apt/sources.list"
    for entry in sources.list sources.list.d apt.conf apt.conf.d auth.conf.d preferences.d keyrings \
        trusted.gpg.d; do
        [ -e "/etc/apt/$entry" ] && cp -RL "/etc/apt/$entry" "$root/etc/apt/"
    done
    # Hooks of this machine call programs that a bare system lacks.
    grep -lE 'Invoke|packagekit|appstream' "$root"/etc/apt/apt.conf.d/* 2>/dev/null | while read -r hook; do
        rm -f "$hook"
    done
    for entry in /usr/share/keyrings /usr/local/share/ca-certificates; do
        [ -d "$entry" ] || continue
        mkdir -p "$root$entry"
        cp -RL "$entry/." "$root$entry/"
    done
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
}

if [ ! -x "$base/usr/bin/apt-get" ]; then
    step "debootstrap --variant=minbase $suite"
    mkdir -p "$base"
    debootstrap --variant=minbase "$suite" "$base" >"$work/debootstrap.log" 2>&1 || {
        tail -n 20 "$work/debootstrap.log"
        exit 3
    }
fi

step "a fresh copy of the bare system, with git, make and ca-certificates"
leave
rm -rf --one-file-system "$root"
mkdir -p "$work"
cp -a "$base" "$root"
copy_apt
mount -t proc proc "$root/proc"
inside sh -c 'apt-get -q update && DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends git make ca-certificates' >"$work/prepare.log" 2>&1 || {
    tail -n 20 "$work/prepare.log"
    exit 3
}
# shellcheck disable=SC2016 # for the shell inside
inside sh -c 'for program in gcc cc clang pkg-config gnuplot gawk python3 bc xxd; do
    command -v $program >/dev/null && echo "there: $program" || echo "not there: $program"
done'

step "git clone"
git clone -q --no-hardlinks "file://$repository" "$root/root/retrystorm"
git -C "$root/root/retrystorm" log -1 --format='%h %s'

step "make demo"
start=$(date +%s)
inside sh -c 'cd /root/retrystorm && make demo' </dev/null
step "make demo took $(($(date +%s) - start)) s"

step "make check"
start=$(date +%s)
status=0
inside sh -c 'cd /root/retrystorm && make check' </dev/null || status=$?
step "make check took $(($(date +%s) - start)) s, exit status $status"

step "and again: nothing is left to install or to build"
inside sh -c 'cd /root/retrystorm && sh tests/deps.sh check && make' </dev/null
exit "$status"
