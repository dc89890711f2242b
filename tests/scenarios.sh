#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Run scenarios and let their `expect:` lines judge: tests/scenarios.sh RESULTS SCENARIO.yaml...
#
# One test a scenario. With SHORT=1 one replication, and only a crash or a sanitizer's finding fails: an
# expectation may, as one replication proves nothing. RETRYSTORM names the program. Ends in `N passed, N
# failed`.
set -u
results=$1
shift
program=${RETRYSTORM:-build/retrystorm}
worst=0
set_short=
if [ -n "${SHORT-}" ]; then
    set_short='--reps 1'
    worst=1
fi
passed=0
failed=0

for scenario in "$@"; do
    name=${scenario##*/}
    name=${name%.yaml}
    # shellcheck disable=SC2086 # two words or none
    "$program" run "$scenario" -o "$results/$name" --plot=none --jobs 1 $set_short
    status=$?
    if [ "$status" -gt "$worst" ]; then
        echo "$scenario: exit status $status"
        failed=$((failed + 1))
    elif ! grep -q '"retrystorm/1"' "$results/$name/summary.json"; then
        echo "$scenario: no summary.json of schema retrystorm/1 in $results/$name"
        failed=$((failed + 1))
    else
        passed=$((passed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
