#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Instructions an attempt takes, counted by callgrind on the workloads of tests/bench/, against tests/bench-counts.txt.
# Counts do not depend on what else the machine does, so a slower hot path shows. They depend a little on compiler and
# libraries: the tolerance is 3 %. `--write` makes the present counts the expected ones.
#
# usage: bench-counts.sh [--write] PROGRAM
set -u
write=
[ "$1" = --write ] && { write=1; shift; }
program=$1
golden=tests/bench-counts.txt
scratch=$(mktemp -d) || exit 3
trap 'rm -rf "$scratch"' EXIT
command -v valgrind >/dev/null || { echo "bench-counts needs valgrind (apt install valgrind)"; exit 3; }

# Attempts of the run, out of summary.csv.
attempts() { awk -F, '$2 == "all" && $3 == "attempts" { printf "%d", $6 }' "$1"; }

# Instructions of a whole run of the file.
instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" run "$1" --plot=none -q -j 1 -o "$scratch/out" \
        2>&1 >/dev/null | awk '/Collected/ { print $NF }'
}

# Half of the time has half of the hot path and all of what does not grow with time: the difference is the hot path's.
count() {
    awk '/^duration:/ { $2 = $2 / 2 "s" } { print }' "$1" >"$scratch/short.yaml"
    long=$(instructions "$1"); n_long=$(attempts "$scratch/out/summary.csv")
    short=$(instructions "$scratch/short.yaml"); n_short=$(attempts "$scratch/out/summary.csv")
    awk -v a="$long" -v b="$short" -v n="$n_long" -v m="$n_short" 'BEGIN { printf "%.0f", (a - b) / (n - m) }'
}

passed=0 failed=0
: >"$scratch/new"
for file in tests/bench/*.yaml; do
    name=$(basename "$file" .yaml)
    now=$(count "$file")
    before=$(awk -v name="$name" '$1 == name { print $2 }' $golden 2>/dev/null)
    echo "$name $now" >>"$scratch/new"
    if awk -v now="$now" -v old="${before:-0}" 'BEGIN { exit !(old > 0 && now <= 1.03 * old && now >= 0.97 * old) }'
    then passed=$((passed + 1)); verdict=ok
    else failed=$((failed + 1)); verdict=CHANGED
    fi
    echo "$name: $now instructions an attempt, expected ${before:-nothing}: $verdict"
done
[ -n "$write" ] && cp "$scratch/new" $golden && echo "written: $golden" && exit 0
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
