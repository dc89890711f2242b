#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Run one part of the tests and count it: tests/part.sh DIR NAME COMMAND...
#
# The command's output goes to DIR/NAME.log, its numbers to DIR/NAME.count ("passed failed"), one line to
# stdout. Numbers come from cmocka's marks ([ RUN ] without its [ OK ] has failed, so a crash counts) or
# from the last line `N passed, N failed`. A bad exit status, a timeout or no test at all is a failure even
# when the numbers deny it. Always exits 0: tests/total.sh gives the verdict, after all parts have run.
set -u
dir=$1
name=$2
shift 2
log=$dir/$name.log
mkdir -p "${log%/*}" "${TMPDIR:-/tmp}"

limit=
if command -v timeout >/dev/null 2>&1; then
    limit="timeout --foreground ${PART_SECONDS:-600}"
fi
$limit "$@" >"$log" 2>&1 </dev/null
status=$?

counts=$(awk -v status=$status '
    /\[ RUN      \]/ { run++ }
    /\[       OK \]/ { ok++ }
    /\[  SKIPPED \]/ { skipped++ }
    /^[0-9]+ passed, [0-9]+ failed$/ { closing = 1; passed = $1; failed = $3 }
    END {
        if (run) { passed = ok; failed = run - ok - skipped }
        else if (!closing) { passed = 0; failed = 1 }
        if (status && !failed) failed = 1
        print passed + 0, failed + 0
    }' "$log")
printf '%s\n' "$counts" >"$dir/$name.count"

passed=${counts% *}
failed=${counts#* }
if [ "$failed" -eq 0 ]; then
    printf 'ok    %-36s %5d passed\n' "$name" "$passed"
    exit 0
fi
case $status in
0 | 1) reason= ;;
124) reason=" (stopped after ${PART_SECONDS:-600} s)" ;;
*) reason=" (exit status $status)" ;;
esac
printf 'FAIL  %-36s %5d passed, %d failed%s\n' "$name" "$passed" "$failed" "$reason"
exit 0
