# What the machine refuses: exit status 3, nothing half-written.
< tiny.yaml
| name: tiny
| question: Does it run?
| headline: success_ratio
| duration: 10s
| replications: 2
| clients:
|   - {name: web, arrival: {kind: renewal, gap: 100ms}, calls: api}
| services:
|   - {name: api, workers: 1, service_time: 50ms, queue: {capacity: 10}}
$ touch file; retrystorm run tiny.yaml -q -o file/out
! retrystorm run: cannot create file/out: Not a directory
? 3
$ retrystorm run tiny.yaml -q -o file
! retrystorm run: cannot create file: Not a directory
? 3
# A full disk.
$ retrystorm run tiny.yaml -q --plot=none -o out > /dev/full
! retrystorm: cannot write to stdout: No space left on device
? 3
$ retrystorm --help > /dev/full
! retrystorm: cannot write to stdout: No space left on device
? 3
# No gnuplot: the pictures are missing, the data are not.
$ RETRYSTORM_GNUPLOT=/nonexistent retrystorm run tiny.yaml -q -o nopic
> tiny: Does it run?
> 2 replications of 10 s, seed 1; mean +- half of the 95 % interval
>
>            success  goodput  amplification  peak load  p99 latency  wasted work
>   default    100 %   9.90/s          1.00x     0.500x      50.0 ms          0 %
>
> default succeeds with 100 % of its requests.
! retrystorm run: there is no gnuplot for the figures: install gnuplot-nox (apt install gnuplot-nox) or pass --plot=none; the data are in the .csv files
$ ls nopic
> load.csv
> summary.csv
> summary.json
$ RETRYSTORM_GNUPLOT=/nonexistent retrystorm plot nopic
! retrystorm plot: there is no gnuplot for the figures: install gnuplot-nox (apt install gnuplot-nox) or pass --plot=none; the data are in the .csv files
? 3
# A gnuplot that fails.
$ RETRYSTORM_GNUPLOT=false retrystorm run tiny.yaml -q -o nopic > /dev/null
! retrystorm run: gnuplot failed: no reason given
? 3
# Redrawing gives the same pictures.
$ retrystorm run tiny.yaml -q -o pic > /dev/null; cp pic/load.png first.png; rm pic/*.png pic/*.svg; retrystorm plot pic -q; cmp pic/load.png first.png; ls pic
> goodput.png
> goodput.svg
> latency.png
> latency.svg
> load.csv
> load.png
> load.svg
> summary.csv
> summary.json
# A picture of characters.
$ retrystorm plot pic --plot=term
>                                                   tiny
>         +
>         |
>         |
>    1× +-|
>         |
>         |
>         |
>  0.8× +-|
>         |
>         |
>         |
>         |
>  0.6× +-|
>         |
>         |        ********************************************************************************
>         |*********
>         +---------------------------------------------------------------------------------------+
>         +                 +                +                 +                +                 +
>         0                2 s              4 s               6 s              8 s              10 s
>                                                                    default (peak 0.500×) *******
# Interrupted: what is finished is kept and marked.
$ (retrystorm run tiny.yaml -q --plot=none -o stopped --jobs 1 --reps 100000 --set duration=2000s > /dev/null & pid=$!; sleep 1; kill -INT $pid; wait $pid)
? 130
$ grep -o '"interrupted": true' stopped/summary.json
> "interrupted": true
