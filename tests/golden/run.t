# A run small enough to read: 20 clients herd at a service that serves 10 a second and queues none.
< herd.yaml
| name: herd
| question: Twenty at once. Does the wait spread them?
| headline: last_good_s
| duration: 20s
| bin: 1s
| replications: 3
| clients:
|   - name: web
|     count: 20
|     arrival: {kind: burst, at: 0s}
|     calls: api
|     policy: {attempts: unlimited, backoff: {shape: fixed, base: 1s}}
| services:
|   - name: api
|     workers: 1
|     service_time: 100ms
|     queue: {capacity: 0}
| strategies:
|   - {name: fixed, note: everybody waits one second}
|   - {name: jitter, note: "U(0, 2 s)", set: {clients.web.policy.backoff: {shape: fixed, base: 2s, jitter: full}}}
| expect:
|   - {metric: last_good_s, is: "== 19100ms", for: fixed}
|   - {metric: last_good_s, is: "< 19s", for: jitter}
|   - {metric: success_ratio, is: "== 1"}
$ retrystorm check herd.yaml
> herd.yaml: fine: 1 population, 1 service, 2 strategies
$ retrystorm run herd.yaml --plot=none -q -o out
> herd: Twenty at once. Does the wait spread them?
> 3 replications of 20 s, seed 1; mean +- half of the 95 % interval
>
>           last_good_s  success  goodput  amplification  peak load  p99 latency  wasted work
>   fixed    19.1 s        100 %   1.00/s         10.5x       2.00x      19.1 s           0 %
> * jitter    4   +-2 s    100 %   1.00/s          2.82x      3.13x       4.05 s          0 %
>
>   fixed: everybody waits one second
>   jitter: U(0, 2 s)
>
> ok      last_good_s == 19100ms for fixed: 19.1 s
> ok      last_good_s < 19s for jitter: 4.06 s
> ok      success_ratio == 1 for fixed: 100 %
> ok      success_ratio == 1 for jitter: 100 %
>
> jitter has its last success at 4 s; fixed at 19.1 s.
$ ls out
> load.csv
> summary.csv
> summary.json
$ sed -n 1,6p out/load.csv
> strategy,replication,where,t_s,requests,attempts,first_attempts,retries,rejected,served,good,late,failed,timed_out,denied_retries,queue_length,in_service,busy_ratio,capacity,latency_p50_s,latency_p99_s
> fixed,1,clients.web,0,20,20,20,0,19,1,1,0,0,0,0,,,,,0.1,0.1
> fixed,1,clients.web,1,0,19,0,19,18,1,1,0,0,0,0,,,,,1.1,1.1
> fixed,1,clients.web,2,0,18,0,18,17,1,1,0,0,0,0,,,,,2.1,2.1
> fixed,1,clients.web,3,0,17,0,17,16,1,1,0,0,0,0,,,,,3.1,3.1
> fixed,1,clients.web,4,0,16,0,16,15,1,1,0,0,0,0,,,,,4.1,4.1
$ grep -c . out/load.csv
> 241
$ grep ',last_good_s,' out/summary.csv
> fixed,all,last_good_s,s,3,19.1,19.1,19.1
> fixed,clients.web,last_good_s,s,3,19.1,19.1,19.1
> jitter,all,last_good_s,s,3,4.0551399,2.21749587,5.89278393
> jitter,clients.web,last_good_s,s,3,4.0551399,2.21749587,5.89278393
$ sed -n 1,40p out/summary.json
> {
>  "schema": "retrystorm/1",
>  "stamp": {
>   "version": "{VERSION}",
>   "commit": "{COMMIT}",
>   "compiler": "gcc 12.2.0",
>   "scenario": "herd.yaml",
>   "scenario_hash": "fnv1a:6b79f1ac20533631",
>   "overrides": [],
>   "seed": 1,
>   "command": "retrystorm run herd.yaml"
>  },
>  "scenario": {
>   "name": "herd",
>   "question": "Twenty at once. Does the wait spread them?",
>   "headline": "last_good_s",
>   "duration_s": 20,
>   "bin_s": 1,
>   "warmup_s": 0,
>   "bins": 20,
>   "replications": 3
>  },
>  "interrupted": false,
>  "faults": [],
>  "strategies": [
>   {
>    "name": "fixed",
>    "note": "everybody waits one second",
>    "replications": 3,
>    "capacity_per_s": 10,
>    "metrics": {
>     "requests": {
>      "unit": "number",
>      "mean": 20,
>      "ci95": [
>       20,
>       20
>      ],
>      "values": [
>       20,
# The stamp's command gives the same bytes again.
$ retrystorm run herd.yaml --plot=none -q -o again --jobs 1 > /dev/null
$ cmp out/load.csv again/load.csv
$ cmp out/summary.json again/summary.json
# One strategy, other values, another seed.
$ retrystorm run herd.yaml --plot=none -q -o set --strategy jitter --set services.api.workers=2 --seed 7 --reps 1
> herd: Twenty at once. Does the wait spread them?
> 1 replication of 20 s, seed 7
>
>           last_good_s  success  goodput  amplification  peak load  p99 latency  wasted work
>   jitter       2.10 s    100 %   1.00/s          2.15x      1.70x       2.10 s          0 %
>
>   jitter: U(0, 2 s)
>
> ok      last_good_s < 19s for jitter: 2.10 s
> ok      success_ratio == 1 for jitter: 100 %
>
> jitter has its last success at 2.10 s (one replication: there is no interval).
$ retrystorm run herd.yaml --plot=none -q -o set --strategy jiter
! --strategy: error: no strategy named 'jiter'; did you mean 'jitter'?
? 2
# An expectation that fails is exit status 1.
$ retrystorm run herd.yaml --plot=none -q -o set --set expect='[{metric: success_ratio, is: "< 50%", for: fixed}]'
> herd: Twenty at once. Does the wait spread them?
> 3 replications of 20 s, seed 1; mean +- half of the 95 % interval
>
>           last_good_s  success  goodput  amplification  peak load  p99 latency  wasted work
>   fixed    19.1 s        100 %   1.00/s         10.5x       2.00x      19.1 s           0 %
> * jitter    4   +-2 s    100 %   1.00/s          2.82x      3.13x       4.05 s          0 %
>
>   fixed: everybody waits one second
>   jitter: U(0, 2 s)
>
> FAILED  success_ratio < 50% for fixed: 100 %
>
> jitter has its last success at 4 s; fixed at 19.1 s.
? 1
# Talk goes to stderr only with no -q; the folder is results/NAME by default.
$ retrystorm run herd.yaml --plot=none --reps 1 2>/dev/null | tail -1
> jitter has its last success at 3.71 s; fixed at 19.1 s (one replication: there is no interval).
$ ls results/herd
> load.csv
> summary.csv
> summary.json
$ retrystorm check --print-config --strategy jitter herd.yaml
> # strategy jitter
> name: herd                                          # herd.yaml:1:7
> question: 'Twenty at once. Does the wait spread them?'
> headline: 'last_good_s'
> duration: 20s                                       # herd.yaml:4:11
> bin: 1s                                             # herd.yaml:5:6
> warmup: 0s                                          # default
> replications: 3                                     # herd.yaml:6:15
> seed: 1                                             # default
> policies: {}
> clients:
>   - name: web                                       # herd.yaml:8:11
>     count: 20                                       # herd.yaml:9:12
>     arrival:
>       kind: burst                                   # herd.yaml:10:21
>       at: 0s                                        # herd.yaml:10:32
>       spread: 0s                                    # default
>     calls: api                                      # herd.yaml:11:12
>     idempotent_ratio: 1                             # default
>     priority: 0                                     # default
>     idempotency_key: false                          # default
>     policy:
>       preset: none                                  # default
>       timeout: none                                 # default
>       timeout_growth: 1                             # default
>       timeout_growth_after: 1                       # default
>       timeout_cap: none                             # default
>       timeout_clip: false                           # default
>       last_timeout: true                            # default
>       connect_timeout: none                         # default
>       attempts: unlimited                           # herd.yaml:12:24
>       deadline: none                                # default
>       deadline_rule: stop                           # default
>       deadline_from: request                        # default
>       deadline_cuts: true                           # default
>       retry_on: default                             # default
>       unsafe: retry                                 # default
>       persistence: 1                                # default
>       backoff:
>         shape: fixed                                # herd.yaml:20:81
>         base: 2s                                    # herd.yaml:20:94
>         first: usual                                # default
>         cap: none                                   # default
>         at_cap: clamp                               # default
>         jitter:
>           kind: full                                # herd.yaml:20:106
>           floor: 0s                                 # default
>         max_wait: none                              # default
>         min_wait: 0s                                # default
>         round_to: none                              # default
>         rounding: down                              # default
>       retry_after: ignore                           # default
>       breaker: none                                 # default
>       hedge: none                                   # default
>     network:
>       request_latency: 0s                           # default
>       response_latency: 0s                          # default
>       request_loss: 0                               # default
>       response_loss: 0                              # default
>       rto: none                                     # default
>       rto_max: 2min                                 # default
> services:
>   - name: api                                       # herd.yaml:14:11
>     workers: 1                                      # herd.yaml:15:14
>     service_time:
>       law: fixed                                    # herd.yaml:16:19
>       mean: 100ms                                   # herd.yaml:16:19
>     hold_worker: true                               # default
>     queue:
>       discipline: fifo                              # default
>       capacity: 0                                   # herd.yaml:17:23
>       drop: none                                    # default
>     rate: constant                                  # default
>     reject_class: overloaded                        # default
>     retry_after: none                               # default
>     reject_cost: 0s                                 # default
>     error_ratio: 0                                  # default
>     error_class: server-error                       # default
>     permanent_error_ratio: 0                        # default
>     error_after: full                               # default
>     contention: none                                # default
>     cancel: none                                    # default
> strategies:
>   - name: fixed                                     # herd.yaml:19:12
>     note: 'everybody waits one second'
>     set: {}
>   - name: jitter                                    # herd.yaml:20:12
>     note: 'U(0, 2 s)'
>     set: {clients.web.policy.backoff: {shape: fixed, base: 2s, jitter: full}}
> expect:
>   - metric: 'last_good_s'
>     is: '== 19100ms'
>     for: 'fixed'
>   - metric: 'last_good_s'
>     is: '< 19s'
>     for: 'jitter'
>   - metric: 'success_ratio'
>     is: '== 1'
# An answer that is certain to be taken has no event of its own; one whose latency is drawn has. The results are the same.
< loop.yaml
| name: loop
| headline: success_ratio
| duration: 60s
| replications: 2
| clients:
|   - name: web
|     count: 300
|     closed: {think: exponential, mean: 1s}
|     calls: api
|     network: {request_latency: 2ms, response_latency: 3ms}
|     policy: {timeout: 200ms, attempts: 4, backoff: {shape: exponential, base: 50ms, jitter: full}}
| services:
|   - {name: api, workers: 30, service_time: {law: exponential, mean: 90ms}, queue: {capacity: 40}}
| faults:
|   - {kind: outage, mode: blackhole, service: api, at: 20500ms, for: 5s}
|   - {kind: load, clients: web, factor: 2, at: 40s, for: 5s}
$ retrystorm run loop.yaml --plot=none -q -o ahead > ahead.txt
$ retrystorm run loop.yaml --plot=none -q -o drawn --set 'clients.web.network.response_latency={law: uniform, low: 3ms, high: 3ms}' > drawn.txt
$ cmp ahead/load.csv drawn/load.csv && cmp ahead/summary.csv drawn/summary.csv && cmp ahead.txt drawn.txt && echo same
> same
# What a strategy sets itself wins over --set; it is said.
$ retrystorm run herd.yaml --plot=none -q -o out --reps 1 --set clients.web.policy.backoff.base=3s --set services.api.workers=1 --strategy jitter
> herd: Twenty at once. Does the wait spread them?
> 1 replication of 20 s, seed 1
>
>           last_good_s  success  goodput  amplification  peak load  p99 latency  wasted work
>   jitter       3.71 s    100 %   1.00/s          2.85x      3.30x       3.71 s          0 %
>
>   jitter: U(0, 2 s)
>
> ok      last_good_s < 19s for jitter: 3.71 s
> ok      success_ratio == 1 for jitter: 100 %
>
> jitter has its last success at 3.71 s (one replication: there is no interval).
! note: --set clients.web.policy.backoff.base=3s does not reach strategy 'jitter', which sets that itself
