#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Run and plot scenarios one after another: tests/demo.sh PROGRAM RESULTS SCENARIO.yaml...
#
# An expectation that fails does not stop the others. Ends by saying where the pictures are.
set -u
program=$1
results=$2
shift 2
worst=0

for scenario in "$@"; do
    name=${scenario##*/}
    name=${name%.yaml}
    printf '\n$ %s run %s -o %s\n' "$program" "$scenario" "$results/$name"
    "$program" run "$scenario" -o "$results/$name"
    status=$?
    [ "$status" -eq 130 ] && exit 130
    [ "$status" -gt "$worst" ] && worst=$status
done

pictures=$(find "$results" -name '*.svg' | sort)
if [ -n "$pictures" ]; then
    printf '\nThe pictures (each also as PNG beside it):\n'
    printf '%s\n' "$pictures" | sed 's/^/  /'
else
    printf '\nNo pictures (is gnuplot missing?). The numbers are in %s.\n' "$results"
fi
exit "$worst"
