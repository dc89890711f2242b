#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# scenarios/REFERENCE.md is what the tables say now: tests/reference.sh [--write]
#
# Ends in `N passed, N failed`.
set -u
program=${RETRYSTORM:-build/retrystorm}
if [ "${1-}" = --write ]; then
    "$program" describe reference >scenarios/REFERENCE.md
    exit
fi
if "$program" describe reference | diff -u scenarios/REFERENCE.md - | head -n 40 | grep .; then
    echo 'scenarios/REFERENCE.md is out of date: `make reference` writes it'
    echo '0 passed, 1 failed'
    exit 1
fi
echo '1 passed, 0 failed'
