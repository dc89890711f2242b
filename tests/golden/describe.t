# The waits of backoffs: tables, pictures, what may be changed.
$ retrystorm describe equal
> jitter equal: uniform from half the shape's wait to all of it
> formula: X = d/2 + U(0, d/2)
> source:  AWS architecture blog, Exponential backoff and jitter (2015)
> example: backoff: {shape: exponential, base: 100ms, cap: 10s, jitter: equal}
>   retry            min        mean         p99         max
>   1              50 ms       75 ms     99.5 ms      100 ms
>   2             100 ms      150 ms      199 ms      200 ms
>   3             200 ms      300 ms      398 ms      400 ms
>   4             400 ms      600 ms      796 ms      800 ms
>   5             800 ms       1.2 s      1.59 s       1.6 s
>   6              1.6 s       2.4 s      3.18 s       3.2 s
>   7              3.2 s       4.8 s      6.37 s       6.4 s
>   8                5 s      7.49 s      9.95 s        10 s
>   8 waits are 17 s in all on average, at most 22.7 s
>   (100000 simulated requests; min and max are exact)
$ retrystorm describe sorted
> jitter sorted: all waits are drawn ahead, then used from the shortest to the longest
> formula: X(1) <= X(2) <= ... : the sorted d(i) * U(low, high), i = 1 .. retries
> source:  node-retry timeouts() with randomize, async-retry
> parameters (type, range, [default]):
>   low              number, 0 .. 1000 [1]
>                    least factor of the shape's wait
>   high             number, 0 .. 1000 [2]
>                    greatest factor
> example: backoff: {shape: exponential, base: 100ms, cap: 10s, jitter: {kind: sorted}}
>   retry            min        mean         p99         max
>   1             100 ms      150 ms      199 ms      200 ms
>   2             200 ms      300 ms      398 ms      400 ms
>   3             400 ms      600 ms      796 ms      800 ms
>   4             800 ms       1.2 s      1.59 s       1.6 s
>   5              1.6 s       2.4 s      3.18 s       3.2 s
>   6              3.2 s       4.8 s      6.37 s       6.4 s
>   7              6.4 s      9.54 s      12.7 s      12.8 s
>   8               10 s      15.1 s      19.9 s        20 s
>   8 waits are 34 s in all on average, at most 45.4 s
>   (100000 simulated requests; min and max are exact)
# Changes go to the example.
$ retrystorm describe decorrelated --set cap=2s --set jitter.limit=soft --plot=term | tail -21
> example: backoff: {shape: exponential, base: 100ms, cap: 10s, jitter: {kind: decorrelated}} with cap=2s, jitter.limit=soft
>   retry            min        mean         p99         max
>   1             100 ms      200 ms      298 ms      300 ms
>   2             100 ms      350 ms      804 ms      900 ms
>   3             100 ms      569 ms      1.79 s         2 s
>   4             100 ms      721 ms      1.94 s         2 s
>   5             100 ms      787 ms      1.96 s         2 s
>   6             100 ms      815 ms      1.96 s         2 s
>   7             100 ms      830 ms      1.96 s         2 s
>   8             100 ms      833 ms      1.97 s         2 s
>   8 waits are 5.11 s in all on average, at most 13.2 s
>   (100000 simulated requests; min and max are exact)
>   how they are spread, each from its least to its greatest:
>   1       100 ms @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 300 ms
>   2       100 ms @@@@@@@@@@@@@@###**++++====-----::::::.......... 900 ms
>   3       100 ms @@@@@@@#**+++===----:::::::..................... 2 s
>   4       100 ms @@@@@@@##***++++=====--------:::::::::::::::.... 2 s
>   5       100 ms @@@@@@@###***+++++======-=----------:::::::::::: 2 s
>   6       100 ms @@@@@@@####***++++++========-----------:---::::: 2 s
>   7       100 ms @@@@@@@@##******+++++=========-=---------------: 2 s
>   8       100 ms @@@@@@@####****+++++++==========---------------- 2 s
# No limit, a constant, a cap that many meet, whole milliseconds.
$ retrystorm describe exponential --set jitter=exponential --plot=term | sed -n '/^example/,/^$/p' | head -21
> example: backoff: {shape: exponential, base: 100ms, cap: 10s} with jitter=exponential
>   retry            min        mean         p99         max
>   1                0 s      100 ms      462 ms    no limit
>   2                0 s      200 ms      919 ms    no limit
>   3                0 s      400 ms      1.84 s    no limit
>   4                0 s      800 ms       3.7 s    no limit
>   5                0 s       1.6 s      7.37 s    no limit
>   6                0 s       3.2 s      14.7 s    no limit
>   7                0 s      6.39 s      29.4 s    no limit
>   8                0 s        10 s      46.3 s    no limit
>   8 waits are 22.7 s in all on average, without limit
>   (100000 simulated requests; min and max are exact)
>   how they are spread, each from its least to its greatest:
>   1          0 s @@#*+==--::::................................... 688 ms and more
>   2          0 s @@#*+==---:::................................... 1.35 s and more
>   3          0 s @@#*+==--::::................................... 2.73 s and more
>   4          0 s @@#*+==--::::................................... 5.65 s and more
>   5          0 s @@#*+==--::::................................... 11.3 s and more
>   6          0 s @@#*+==--::::................................... 21.9 s and more
>   7          0 s @@#*+==--::::................................... 44.8 s and more
>   8          0 s @@#*+==--::::................................... 69.7 s and more
$ retrystorm describe linear --plot=term | tail -10
>   (100000 simulated requests; min and max are exact)
>   how they are spread, each from its least to its greatest:
>   1       100 ms always
>   2       200 ms always
>   3       300 ms always
>   4       400 ms always
>   5       500 ms always
>   6       600 ms always
>   7       700 ms always
>   8       800 ms always
$ retrystorm describe proportional --set max_wait=1s --set cap=1s --plot=term | tail -9
>   how they are spread, each from its least to its greatest:
>   1        80 ms @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 120 ms
>   2       160 ms @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 240 ms
>   3       320 ms @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 480 ms
>   4       640 ms @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 960 ms
>   5       800 ms @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@#@ 1 s; 49.8 % are 1 s
>   6       800 ms @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 1 s; 49.8 % are 1 s
>   7       800 ms @@@@#@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 1 s; 50.1 % are 1 s
>   8       800 ms @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 1 s; 49.8 % are 1 s
$ retrystorm describe full --set base=25ms --set cap=250ms --set round_to=1ms --plot=term | tail -9
>   how they are spread, each from its least to its greatest:
>   1          0 s @@@@@@@@@@@@@@@@@@@@@@@@@ 24 ms
>   2          0 s @@@@@@@@@@@@@@@@@@@@@@@@@ 49 ms
>   3          0 s @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 99 ms
>   4          0 s @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 199 ms
>   5          0 s @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 249 ms
>   6          0 s @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 249 ms
>   7          0 s @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 249 ms
>   8          0 s @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 249 ms
# It ends at the cap.
$ retrystorm describe linear --set cap=350ms --set at_cap=stop | tail -6
>   retry            min        mean         p99         max
>   1             100 ms      100 ms      100 ms      100 ms
>   2             200 ms      200 ms      200 ms      200 ms
>   3             300 ms      300 ms      300 ms      300 ms
>   3 waits are 600 ms in all; then it fails, without another retry
>   (100000 simulated requests; min and max are exact)
$ retrystorm describe linear --set first=extra-zero --set max_wait=300ms | tail -10
>   1                0 s         0 s         0 s         0 s
>   2             100 ms      100 ms      100 ms      100 ms
>   3             200 ms      200 ms      200 ms      200 ms
>   4             300 ms      300 ms      300 ms      300 ms
>   5             300 ms      300 ms      300 ms      300 ms
>   6             300 ms      300 ms      300 ms      300 ms
>   7             300 ms      300 ms      300 ms      300 ms
>   8             300 ms      300 ms      300 ms      300 ms
>   8 waits are 1.8 s in all
>   (100000 simulated requests; min and max are exact)
# Files.
$ retrystorm describe equal -o out | tail -1; ls out; cat out/jitter-equal.csv
>   (100000 simulated requests; min and max are exact)
> jitter-equal.csv
> jitter-equal.png
> jitter-equal.svg
> retry,min_s,mean_s,p99_s,max_s
> 1,0.05,0.0750411691,0.0995131,0.1
> 2,0.1,0.149985941,0.198983815,0.2
> 3,0.2,0.300269355,0.39794187,0.4
> 4,0.4,0.599940586,0.796046669,0.8
> 5,0.8,1.19923005,1.59184315,1.6
> 6,1.6,2.39955923,3.18345925,3.2
> 7,3.2,4.80195434,6.36660935,6.4
> 8,5,7.49367187,9.94939709,10
! written to out
$ retrystorm describe equal --plot=files -o out/deeper > /dev/null; cmp out/jitter-equal.png out/deeper/jitter-equal.png
! written to out/deeper
$ retrystorm describe equal --plot=none -o none > /dev/null; ls none
! ls: cannot access 'none': No such file or directory
? 2
# Two rows of that name have waits; one of them are all 0.
$ retrystorm describe none -o two > /dev/null; ls two
> backoff-none.csv
> backoff-none.png
> backoff-none.svg
> jitter-none.csv
> jitter-none.png
> jitter-none.svg
! written to two
! written to two
$ RETRYSTORM_GNUPLOT=/nonexistent retrystorm describe equal --plot=files | tail -1; ls results/waits
>   (100000 simulated requests; min and max are exact)
> jitter-equal.csv
! retrystorm describe: there is no gnuplot for the figures: install gnuplot-nox (apt install gnuplot-nox) or pass --plot=none; the data are in the .csv files
$ touch file; retrystorm describe equal -o file > /dev/null
! retrystorm describe: cannot create file: Not a directory
? 3
# What does not go.
$ retrystorm describe equal --plot=png
! retrystorm: --plot: 'png' is none of files, term, none
? 2
$ retrystorm describe equal --set cap
> jitter equal: uniform from half the shape's wait to all of it
> formula: X = d/2 + U(0, d/2)
> source:  AWS architecture blog, Exponential backoff and jitter (2015)
! --set cap: error: write --set KEY=VALUE, for example --set cap=2s
? 2
$ retrystorm describe equal --set cap=1
> jitter equal: uniform from half the shape's wait to all of it
> formula: X = d/2 + U(0, d/2)
> source:  AWS architecture blog, Exponential backoff and jitter (2015)
! --set cap=1: error: cap: '1' has no unit: write '1ms' or '1s' (or 'none')
? 2
$ retrystorm describe equal --set capp=1s
> jitter equal: uniform from half the shape's wait to all of it
> formula: X = d/2 + U(0, d/2)
> source:  AWS architecture blog, Exponential backoff and jitter (2015)
! --set capp=1s: error: unknown key in a backoff: 'capp'; did you mean 'cap'?
? 2
$ retrystorm describe factor --set jitter.low=3 | tail -1
>                    most of a second random part, which does not depend on the shape's wait
! example: backoff: error: factor: low is greater than high
$ retrystorm describe outage --plot=term
! retrystorm describe: --set, --plot and --output are for what makes waits: see `retrystorm list backoff`, `retrystorm list jitter`, and the policies of `retrystorm list preset`
? 2
$ retrystorm describe recovery_s --set base=1s
! retrystorm describe: --set, --plot and --output are for what makes waits: see `retrystorm list backoff`, `retrystorm list jitter`, and the policies of `retrystorm list preset`
? 2

# A backoff of one's own.
$ retrystorm describe script | tail -1
> its waits: retrystorm describe FILE, for example scenarios/full-jitter.lua
$ retrystorm describe scenarios/full-jitter.lua --set max_wait=2s
> backoff: {script: 'scenarios/full-jitter.lua'} with max_wait=2s
>   retry            min        mean         p99         max
>   1            1.17 us       50 ms       99 ms      100 ms
>   2            6.06 us     99.7 ms      198 ms      200 ms
>   3            19.9 us      201 ms      396 ms      400 ms
>   4            9.93 us      399 ms      792 ms      800 ms
>   5            42.7 us      798 ms      1.58 s       1.6 s
>   6             115 us      1.37 s         2 s         2 s
>   7            53.6 us      1.69 s         2 s         2 s
>   8             463 us       1.8 s         2 s         2 s
>   8 waits are 6.41 s in all on average, at most 9.1 s
>   (50000 simulated requests whose attempts time out; min and max are what was seen)
< it's.lua
| function delay(n, prev, u)
|   if n > 3 then return nil end
|   return n
| end
$ retrystorm describe "it's.lua" --plot=files -o own; ls own
> backoff: {script: 'it''s.lua'}
>   retry            min        mean         p99         max
>   1                1 s         1 s         1 s         1 s
>   2                2 s         2 s         2 s         2 s
>   3                3 s         3 s         3 s         3 s
>   3 waits are 6 s in all
>   (50000 simulated requests whose attempts time out; min and max are what was seen)
> it's.csv
> it's.png
> it's.svg
! written to own
< late.lua
| function delay(n, prev, u)
|   if u > 0.99 then return u + nothing end
|   return 1
| end
$ retrystorm describe late.lua
> backoff: {script: 'late.lua'}
! late.lua:2: attempt to perform arithmetic on a nil value (global 'nothing')
? 2
$ retrystorm describe nowhere.lua
! backoff: error: script: nowhere.lua: No such file or directory
? 2
$ retrystorm describe scenarios/full-jitter.lua --set jitter=full
! backoff: error: a backoff: a script says all about its waits: leave out jitter, first and at_cap
? 2
# A part of a name, where nothing is near enough.
$ retrystorm describe kafka
! retrystorm describe: nothing named 'kafka'; there are: kafka-reconnect, kafka-request, kafka-request-pre2023
? 2
# Any word behind a list may be the name of one of its elements; that is said.
$ retrystorm describe clients.polcy | head -2
> clients.polcy: one of a list, by its name
> client populations
$ retrystorm describe clients | head -1
> clients: list
