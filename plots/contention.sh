#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Calls and completion time of scenarios/jitter-contention.yaml against the number of writers, as the AWS architecture
# blog has them: plots/contention.sh [FOLDER]
#
# Runs the scenario for N = 10, 20 ... 200 writers (a few minutes on two cores; REPS=20 for a quick look) and leaves
# contention.csv (writers,strategy,calls,seconds) and contention.svg, .png in FOLDER, build/contention if none is given.
set -eu
cd "$(dirname "$0")/.."
program=${RETRYSTORM:-build/retrystorm}
folder=${1:-build/contention}
mkdir -p "$folder"

{
    echo writers,strategy,calls,seconds
    for writers in ${WRITERS:-10 20 30 40 50 60 70 80 90 100 110 120 130 140 150 160 170 180 190 200}; do
        # The scenario's expectations are those of 100 writers; here only its numbers count.
        "$program" run scenarios/jitter-contention.yaml --set clients.writers.count="$writers" --set 'expect=[]' \
            --reps "${REPS:-100}" --plot=none -q -o "$folder/run" >/dev/null
        awk -F, -v writers="$writers" '
            $2 == "all" && $3 == "attempts" { calls[$1] = $6 }
            $2 == "all" && $3 == "latency_max_s" { print writers "," $1 "," calls[$1] "," $6 }' "$folder/run/summary.csv"
    done
} >"$folder/contention.csv.new"
mv "$folder/contention.csv.new" "$folder/contention.csv"
rm -rf "$folder/run"

# One panel of calls, one of seconds; the strategies' colours are those of the program's own pictures.
draw() { # FORMAT TERMINAL
    "${RETRYSTORM_GNUPLOT:-gnuplot}" <<EOF
set terminal $2
set output "$folder/contention.$1"
set datafile separator comma
of(name) = sprintf("< grep ',%s,' $folder/contention.csv", name)
names = "none exponential proportional equal full decorrelated polly-v2 finagle"
array colour[8] = ["#999999", "#222222", "#e69f00", "#56b4e9", "#009e73", "#d55e00", "#cc79a7", "#0072b2"]
set border 3 lc rgb "#666666"
set tics out nomirror
set grid ytics lt 1 lc rgb "#dddddd"
set xlabel "writers"
set logscale y
set multiplot layout 1, 2 title "N writers update one row, optimistically: mean of replications"
set key off
set title "calls"
plot for [i = 1:8] of(word(names, i)) using 1:3 \
    with linespoints pt 7 ps 0.3 lw 1.6 lc rgb colour[i] title word(names, i)
set key outside right top
set title "seconds until the last is done"
plot for [i = 1:8] of(word(names, i)) using 1:4 \
    with linespoints pt 7 ps 0.3 lw 1.6 lc rgb colour[i] title word(names, i)
EOF
}
draw svg "svg size 1000,420 font 'DejaVu Sans,11' background '#ffffff'"
draw png "pngcairo size 1000,420 font 'DejaVu Sans,9' background '#ffffff'"
echo "written: $folder/contention.csv, contention.svg, contention.png"
