#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Add up the parts that tests/part.sh has run: tests/total.sh DIR PART...
#
# Shows the log of each part that failed, counts a part without a result (it did not build) as one failure,
# and ends in the line `N passed, N failed`. Exit status 1 if anything failed.
set -u
dir=$1
shift
passed=0
failed=0
lines=${LOG_LINES:-80}

for name in "$@"; do
    if [ ! -f "$dir/$name.count" ]; then
        printf '\n--- %s: did not build or did not start (see above)\n' "$name"
        failed=$((failed + 1))
        continue
    fi
    read -r part_passed part_failed <"$dir/$name.count"
    passed=$((passed + part_passed))
    failed=$((failed + part_failed))
    [ "$part_failed" -eq 0 ] && continue
    printf '\n--- %s: %d failed, the log is %s\n' "$name" "$part_failed" "$dir/$name.log"
    [ "$(wc -l <"$dir/$name.log")" -gt "$lines" ] && printf '    [its last %d lines]\n' "$lines"
    tail -n "$lines" "$dir/$name.log" | sed 's/^/    /'
done

echo
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
