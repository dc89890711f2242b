# The command line itself.
$ retrystorm
> retrystorm: simulates retry storms and compares the strategies against them
>
> usage:
>   retrystorm run      SCENARIO          run every strategy and compare them
>   retrystorm check    SCENARIO...       read scenarios and report what is wrong with them
>   retrystorm list     [FAMILY]          what there is: backoff, jitter, fault, metric, scenario, ...
>   retrystorm describe NAME|PATH|LUA     what a mechanism does, its parameters, a worked table
>   retrystorm plot     DIR               redraw the pictures of a finished run
>   retrystorm bench    [NAME...]         speed on named workloads, in one run with its yardstick
>
> `retrystorm COMMAND --help` lists a command's options. Start with:
>   retrystorm run scenarios/s01-metastable-280.yaml
>
> exit status: 0 fine, 1 an expectation failed, 2 usage or scenario error, 3 environment (files, gnuplot),
>              130 interrupted (finished runs are kept and marked)
? 2
$ retrystorm --help
> retrystorm: simulates retry storms and compares the strategies against them
>
> usage:
>   retrystorm run      SCENARIO          run every strategy and compare them
>   retrystorm check    SCENARIO...       read scenarios and report what is wrong with them
>   retrystorm list     [FAMILY]          what there is: backoff, jitter, fault, metric, scenario, ...
>   retrystorm describe NAME|PATH|LUA     what a mechanism does, its parameters, a worked table
>   retrystorm plot     DIR               redraw the pictures of a finished run
>   retrystorm bench    [NAME...]         speed on named workloads, in one run with its yardstick
>
> `retrystorm COMMAND --help` lists a command's options. Start with:
>   retrystorm run scenarios/s01-metastable-280.yaml
>
> exit status: 0 fine, 1 an expectation failed, 2 usage or scenario error, 3 environment (files, gnuplot),
>              130 interrupted (finished runs are kept and marked)
$ retrystorm --version
> retrystorm {VERSION} ({COMMIT})
$ retrystorm run --help
> usage: retrystorm run SCENARIO
>
> run every strategy and compare them
>
> options:
>       --set=PATH=VALUE     change one value of the scenario; may be given more than once
>       --strategy=A,B       run only these strategies
>       --reps=N             replications of each strategy (default: as the scenario says; bench: 3)
>       --seed=N             seed of the experiment (default: as the scenario says)
>   -j, --jobs=N             threads (default: one a core); the results do not depend on it
>   -o, --output=DIR         where the files go (default: results/NAME)
>       --plot=HOW           files, term (draw in the terminal, too) or none; default: files, describe: none
>   -q, --quiet              no talk on stderr, only the result
>       --color=WHEN         auto (default), always or never; NO_COLOR is honoured
>       --progress=WHEN      auto (default: on a terminal), always or never
>   -h, --help               this text
$ retrystorm help check
> usage: retrystorm check SCENARIO...
>
> read scenarios and report what is wrong with them
>
> options:
>       --set=PATH=VALUE     change one value of the scenario; may be given more than once
>       --strategy=A,B       run only these strategies
>       --print-config       print every resolved value and where it came from
>   -h, --help               this text
$ retrystorm rnu
! retrystorm: no command 'rnu'; did you mean 'run'?
? 2
$ retrystorm help nothing
! retrystorm: no command 'nothing'; see retrystorm --help
? 2
$ retrystorm run
! usage: retrystorm run SCENARIO
? 2
$ retrystorm run --rpes 3 x.yaml
! retrystorm run: no option --rpes; did you mean --reps?
? 2
$ retrystorm run --bogus x.yaml
! retrystorm run: no option --bogus; see retrystorm run --help
? 2
$ retrystorm run --reps
! retrystorm run: --reps needs a value
? 2
$ retrystorm run --reps 0 x.yaml
! retrystorm: --reps: 0 is out of range: from 1 to 100000
? 2
$ retrystorm run --reps ten x.yaml
! retrystorm: --reps: 'ten' is not a count: write a number such as '12' or '10k'
? 2
$ retrystorm run --jobs 1e9 x.yaml
! retrystorm: --jobs: 1e9 is out of range: from 1 to 1024
? 2
$ retrystorm run --seed -1 x.yaml
! retrystorm: --seed: -1 is out of range: from 0 to 9223372036854775807
? 2
$ retrystorm run --plot=svg x.yaml
! retrystorm: --plot: 'svg' is none of files, term, none
? 2
$ retrystorm run --color=blue x.yaml
! retrystorm: --color: 'blue' is none of auto, always, never
? 2
$ retrystorm check --reps 3 x.yaml
! retrystorm check: no option --reps; see retrystorm check --help
? 2
$ retrystorm bench nothing
! retrystorm bench: no workload 'nothing'; there are: hold parallel startup mm1 storm-10k storm-1m storm-10m storm-policies cache-zipf graph-3
? 2
$ retrystorm bench mm2
! retrystorm bench: no workload 'mm2'; did you mean 'mm1'?; there are: hold parallel startup mm1 storm-10k storm-1m storm-10m storm-policies cache-zipf graph-3
? 2
$ retrystorm list jiter
! retrystorm list: no family 'jiter'; did you mean 'jitter'?
? 2
$ retrystorm list
> backoff      how the wait before a retry grows with the number of the retry
> jitter       how the wait before a retry is randomised
> budget       how many retries a caller may add to its requests
> breaker      stops sending when too much fails
> gate         what may pass, at a client's or a service's end of an edge
> advice       what a service says with a rejection about when to come back
> preset       client policies of real libraries, with their versions and sources
> failure      how an attempt can fail: what retry_on and breakers name
> arrival      when an open-loop population sends its next request
> law          random durations: service, think time, latency, gaps between arrivals
> discipline   which waiting attempt a free worker takes
> drop         which waiting attempts are turned away when their turn comes
> rate         how fast each attempt in service goes when there are many
> chooser      which replica of a pool gets an attempt
> fault        what goes wrong, when, for how long
> miss         who fetches what a cache does not have
> refresh      when a cache fetches a value before it expires
> eviction     which value a full cache gives up
> metric       what a finished run is asked for
> scenario     the scenarios in ./scenarios
$ retrystorm list jitter
> none               no randomness: callers that failed together retry together
> full               uniform from 0 to the shape's wait
> equal              uniform from half the shape's wait to all of it
> proportional       a share of the wait more or less, or a share more
> additive           the wait plus a random amount of its own
> range              uniform from a shortest wait to the shape's wait
> factor             the shape's wait times a random factor, plus a constant, plus a random amount
> exponential        exponentially distributed with the shape's wait as its mean
> decorrelated       uniform from the base to a multiple of the previous wait
> compound           a random part of the last wait times 2^(n-1); at the cap a constant
> finagle-equal      half fixed, half random, from the second wait on; the cap itself once it is reached
> polly-v2           retries at random points of a smooth exponential curve of total time
> sorted             all waits are drawn ahead, then used from the shortest to the longest
$ retrystorm list fault
> set                a number of the scenario has another value for a while
> scale              a number of the scenario is multiplied for a while
> outage             a service is away: pause, refuse, blackhole or lose_response
> stall              a service's workers stand still again and again (garbage collection)
> kill               a service dies: loses what it has, is away, starts again (cold)
> deploy             a rolling restart: one part of the workers after the other
> capacity           a service's number of workers is scaled
> speed              a brownout: all workers of a service run slower or faster
> errors             an error burst: attempts fail with a probability
> latency            messages between a caller and what it calls take longer
> loss               messages between a caller and what it calls get lost
> partition          nothing gets through between (some) callers and what they call
> load               a load spike: a population's rate is scaled
> disconnect         clients lose their sessions and connect again
> clients-restart    clients start anew, all in one instant: sessions, timers, requests
> flush              a cache forgets all or a part of its keys, or those of a node
> ring-change        a cache's nodes become fewer or more: the keys that move are forgotten, the capacity is scaled
$ retrystorm describe ful
! retrystorm describe: nothing named 'ful'; did you mean 'full'?
? 2
$ retrystorm describe recovery_s
> metric recovery_s of callers: end of the last fault to the first 5 s with goodput >= 95 % of demand; over those that recovered
>   seconds; lower is better
$ retrystorm describe services.queue.capacity
> services.queue.capacity: count, 0 .. 1G, or unlimited (required)
> waiting attempts at most, those in service not counted
$ retrystorm plot nowhere
! retrystorm plot: cannot read nowhere/summary.json: No such file or directory
? 3
