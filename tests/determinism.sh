#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The same scenario gives the same bytes: tests/determinism.sh SCRATCH jobs|OTHER_PROGRAM [SCENARIO...]
#
# jobs: one thread against two, pictures too. OTHER_PROGRAM: a build by another compiler at another
# optimisation level against RETRYSTORM; there, only the compiler's name in a result's stamp may differ. All
# scenarios unless some are named; one test each. Ends in `N passed, N failed`.
set -u
root=$(pwd)
scratch=$root/$1/determinism-$(basename "$2")
other=$2
shift 2
program=${RETRYSTORM:-build/retrystorm}
case $program in /*) ;; *) program=$root/$program ;; esac
case $other in jobs | /*) ;; *) other=$root/$other ;; esac
[ $# -gt 0 ] || set -- "$root"/scenarios/*.yaml
passed=0
failed=0

# Both sides use the same names, as results repeat them.
run() { # DIRECTORY PROGRAM OPTION...: results in DIRECTORY/out
    directory=$1
    runner=$2
    shift 2
    mkdir -p "$directory"
    ln -s "$(dirname "$scenario")" "$directory/scenarios"
    (cd "$directory" && "$runner" run "scenarios/${scenario##*/}" -o out "$@" >stdout 2>stderr </dev/null)
    status=$?
    [ "$status" -le 1 ] && return
    echo "$scenario: exit status $status"
    tail -n 20 "$directory/stderr"
    return 1
}

run_both() {
    if [ "$other" = jobs ]; then
        run "$scratch/a" "$program" --reps 2 --jobs 1 && run "$scratch/b" "$program" --reps 2 --jobs 2
    else
        run "$scratch/a" "$program" --reps 1 --plot=none && run "$scratch/b" "$other" --reps 1 --plot=none
    fi
}

unsign() { # the compiler's name, and nothing else, goes
    find "$1" -type f ! -name stderr | while read -r file; do
        sed 's/"compiler": *"[^"]*"/"compiler": ""/; s/^# compiler: .*/# compiler:/' "$file" >"$file.unsigned"
        mv "$file.unsigned" "$file"
    done
}

for scenario in "$@"; do
    case $scenario in /*) ;; *) scenario=$root/$scenario ;; esac
    rm -rf "$scratch"
    if ! run_both; then
        failed=$((failed + 1))
        continue
    fi
    if [ "$other" != jobs ]; then
        unsign "$scratch/a"
        unsign "$scratch/b"
    fi
    rm -f "$scratch/a/stderr" "$scratch/b/stderr"
    if [ -s "$scratch/a/out/load.csv" ] && diff -r "$scratch/a" "$scratch/b" >"$scratch/difference"; then
        passed=$((passed + 1))
    else
        echo "$scenario: the results differ"
        head -n 10 "$scratch/difference" | cut -c 1-300
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
