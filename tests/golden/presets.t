# What real libraries do, under their names: list, describe, and `preset:` in scenarios.
$ retrystorm list preset | head -4
> aws-legacy                 policy   AWS SDK for Python, retry mode legacy, its default: 5 attempts, full jitter, no cap, no quota
> aws-legacy-dynamodb        policy   AWS SDK for Python, legacy, for DynamoDB: 10 attempts, from 50 ms, without jitter
> aws-standard               policy   AWS SDK for Python, retry mode standard: 3 attempts, full jitter from 1 s, a retry quota
> aws-standard-pre2024       policy   AWS SDK for Python, standard, before 2024-05-15: the cap of 20 s came after the jitter
$ retrystorm list preset | grep -E '^(hystrix|polly-v8|grpc-throttle|k8s-rest|seed)'
> polly-v8                   policy   Polly 8, RetryStrategyOptions: 3 retries, 2 s apart, no jitter, after any exception
> polly-v8-exp-jitter        policy   Polly 8, exponential with UseJitter: its DecorrelatedJitterV2 from 2 s, and its breaker inside
> hystrix-command            policy   a Hystrix command: no retries, 1 s, 10 threads without a queue, a breaker
> k8s-rest                   policy   client-go's REST client: up to 10 retries, only with Retry-After; 5 requests/s after 10 at once
> seed0-prop10               policy   snippet 000: 1 s doubling and up to a tenth more, no cap; max_retries=5 means attempts
> seed1-half                 policy   snippet 001: 2 s doubling and up to half as much more, 3 attempts
> seed3-simple               policy   snippet 003: 5 attempts, 1 s after each, after the last one, too
> seed4-code                 policy   snippet 004, its code: 1 s doubling to 32 s, and up to as much again; 5 attempts
> seed4-prose                policy   snippet 004, its text: 2 s doubling to 32 s, and up to as much again; 5 retries
> seed4-decorrelated         policy   snippet 004, decorrelated: min(32 s, U(1 s, 3 x the last wait)); 5 attempts
> polly-v8                   breaker  Polly 8: opens at 10 % failures of at least 100 calls in 30 s, for 5 s; one probe
> hystrix                    breaker  Hystrix: opens at 50 % failures of at least 20 calls in 10 s, looked at every 500 ms; 5 s, one probe
> seed0                      breaker  snippet 000: 5 failures in a row; after more than 60 s it closes, and one failure re-opens it
> seed3-code                 breaker  snippet 003, its code: more than 5 failures ever; half-open lets all through, one success closes
> seed3-prose                breaker  snippet 003, its text: the textbook; more than 5 in a row, 30 s, all of 3 probes must succeed
> grpc-throttle              budget   gRPC retryThrottling: 10 tokens, a failure costs 1, a success earns 0.1, retries above half
> seed4-pct                  budget   snippet 004, its text: retries at most 10 % of requests
> seed4-perminute            budget   snippet 004, its formula: success rate x request rate x 10 % x 60 retries a minute
> hystrix-pool               gate     Hystrix's thread pool: 10 under way at most, no queue
> k8s-rest                   gate     client-go's REST client: 5 requests/s after 10 at once, retries, too; others wait
$ retrystorm describe aws-standard-2026
> preset aws-standard-2026 (policy): AWS SDKs, retry mode standard as specified in 2026: first wait up to 50 ms, throttled 1 s
> source:        boto/botocore 1.43.67, commit 0e6e240, 2026-08-07: botocore/retries/standard.py, quota.py;
>                aws/aws-sdk-go-v2 aws/retry/retry2026_test.go, commit 058d984; smithy-lang/smithy-rs
>                client/retries/token_bucket.rs, commit 56ee88c
> confidence:    read in this source
> note:          In botocore behind AWS_NEW_RETRIES_2026, off by default. The first retry comes 20 times as fast
>                as in aws-standard and costs nearly three times as much: a total outage allows 35 retries a
>                client. Long-poll operations wait even when the quota is empty; not here. The header is
>                x-amz-retry-after.
> in words:
>   sends        3 times at most, the first included; each may take 60 s
>   deadline     none; if you set one: a wait that would end later fails at once
>   ends         after 180 s at the latest, if all attempts time out and all waits are the longest
>   waits        exponential, base 50ms (d(n) = base * multiplier^(n - 1 + offset)); d at most 20 s; jitter full
>                (X = floor + U(0, d))
>   rule         after throttled: exponential, base 1s (d(n) = base * multiplier^(n - 1 + offset)); d at most 20
>                s; jitter full (X = floor + U(0, d))
>   retries      timeout, connect-timeout, refused, unprocessed, reset, throttled, overloaded, shed, gateway,
>                server-error
>   gives up at  client-error, conflict, breaker-open, limited, bulkhead-full
>   Retry-After  is kept between the wait and a little more: 5 s
>   budget       bucket, size 500, cost 14, refund_success 1, refund_retry last-cost (a retry needs and takes
>                cost; first-attempt success +refund_success; request +credit; time +refill); one for each
>                client; asked before the wait
> policy:
>   {attempts: 3, timeout: 60s, backoff: {shape: exponential, base: 50ms, cap: 20s, jitter: full},
>    rules: [{on: throttled, backoff: {shape: exponential, base: 1s, cap: 20s, jitter: full}}],
>    retry_on: [timeout, connection, throttled, overloaded, shed, error],
>    retry_after: {rule: clamp, slack: 5s, on: [throttled, overloaded, shed, error]},
>    budget: {preset: aws-quota-2026}}
> waits of aws-standard-2026:
>   retry            min        mean         p99         max
>   1                0 s       25 ms     49.5 ms       50 ms
>   2                0 s       50 ms       99 ms      100 ms
>   2 waits are 75 ms in all on average, at most 150 ms
>   (100000 simulated requests; min and max are exact)
> waits of aws-standard-2026 after throttled:
>   retry            min        mean         p99         max
>   1                0 s      501 ms      990 ms         1 s
>   2                0 s         1 s      1.98 s         2 s
>   2 waits are 1.5 s in all on average, at most 3 s
>   (100000 simulated requests; min and max are exact)
> relatives, and what is different there:
>   aws-legacy: AWS SDK for Python, retry mode legacy, its default: 5 attempts, full jitter, no cap, no quota
>                attempts: 5, backoff: {shape: exponential, base: 1s, jitter: full}; without rules, retry_after,
>                budget
>   aws-legacy-dynamodb: AWS SDK for Python, legacy, for DynamoDB: 10 attempts, from 50 ms, without jitter
>                attempts: 10, backoff: {shape: exponential, base: 50ms}; without rules, retry_after, budget
>   aws-standard: AWS SDK for Python, retry mode standard: 3 attempts, full jitter from 1 s, a retry quota
>                backoff: {shape: exponential, base: 1s, cap: 20s, jitter: full}, budget: {preset: aws-quota};
>                without rules, retry_after
>   aws-standard-pre2024: AWS SDK for Python, standard, before 2024-05-15: the cap of 20 s came after the jitter
>                backoff: {shape: exponential, base: 1s, jitter: full, max_wait: 20s}, budget: {preset:
>                aws-quota}; without rules, retry_after
>   aws-standard-2026-dynamodb: AWS SDKs, standard as specified in 2026, for DynamoDB: 4 attempts, from 25 ms
>                attempts: 4, backoff: {shape: exponential, base: 25ms, cap: 20s, jitter: full}
>   aws-adaptive: AWS SDK for Python, retry mode adaptive: standard, and a send rate that throttling lowers
>                backoff: {shape: exponential, base: 1s, cap: 20s, jitter: full}, budget: {preset: aws-quota},
>                gates: {preset: aws-adaptive}; without rules, retry_after
>   aws-adaptive-2026: AWS SDKs, retry mode adaptive as specified in 2026
>                gates: {preset: aws-adaptive}
# What was not read in the source is said plainly; a growing timeout; nothing to wait for.
$ retrystorm describe tcp-syn-linux-6-5
> preset tcp-syn-linux-6-5 (policy): Linux opening a TCP connection since 6.5: after 1 s five times, then 2, 4 .. 32 s; 131 s
> source:        Linux 6.5 and later: net/ipv4/tcp_timer.c, tcp_syn_linear_timeouts = 4
> confidence:    read in an older copy, or one that names no version: several copies, which agree
> in words:
>   sends        11 times at most, the first included; each may take 1 s
>   timeouts     1 s, 1 s, 1 s, 1 s, 1 s, 2 s, 4 s, 8 s, 16 s, 32 s, 64 s
>   deadline     none; if you set one: a wait that would end later fails at once
>   ends         after 131 s at the latest, if all attempts time out and all waits are the longest
>   waits        none (d(n) = 0)
>   retries      timeout, connect-timeout
>   gives up at  refused, unprocessed, reset, throttled, overloaded, shed, gateway, server-error, client-error,
>                conflict, breaker-open, limited, bulkhead-full
>   Retry-After  is not looked at
> policy:
>   {attempts: 11, timeout: 1s, timeout_growth: 2, timeout_growth_after: 5, backoff: none,
>    retry_on: [timeout, connect-timeout]}
> relatives, and what is different there:
>   tcp-syn-linux: Linux opening a TCP connection before 6.5: SYN again after 1, 2, 4 .. 32 s; gives up after 127 s
>                attempts: 7; without timeout_growth_after
$ retrystorm describe ethernet-beb | sed -n 1,5p
> preset ethernet-beb (policy): Ethernet's truncated binary exponential backoff: 0 .. 2^min(n, 10) - 1 slots, 16 attempts
> source:        IEEE 802.3, CSMA/CD; Metcalfe and Boggs (1976)
> confidence:    not read in the source, from general knowledge: the slot, the limit of 10 and the 16 attempts
> chosen here:   10 Mb/s: a slot is 51.2 us
> in words:
# A policy and a breaker of one name; a mechanism and a preset of one name.
$ retrystorm describe failsafe | grep -E '^(preset|policy|breaker)'
> preset failsafe (policy): Failsafe 3 (Java), RetryPolicy.ofDefaults: 3 attempts, no wait
> policy:
> preset failsafe (breaker): Failsafe 3 (Java): one failure opens it, for 1 min; one success closes it
> breaker:
$ retrystorm describe sliding-log | grep -E '^(gate|preset)'
> gate sliding-log: at most so many in any window, exactly: remembers every time
> preset sliding-log (gate): snippet 000: a sliding log, at most 100 calls in any 60 s; others are refused
> gates:
$ retrystorm describe grpc-throttle
> preset grpc-throttle (budget): gRPC retryThrottling: 10 tokens, a failure costs 1, a success earns 0.1, retries above half
> source:        grpc/proposal A6-client-retries.md, commit 1fd061a; grpc/grpc-go service_config.go, commit
>                4793ad0
> confidence:    read in this source
> chosen here:   maxTokens 10 and tokenRatio 0.1, the proposal's example
> note:          Failures are charged whether or not a retry follows, the last one, too. A bucket at exactly
>                half is closed: from there it takes 11 successes before one failure may be retried.
> in words:
>   budget       throttle (failed attempt: -1, not below 0; success: +ratio; retry only if tokens > max / 2);
>                one for each client; asked before the wait
> budget:
>   {kind: throttle, max: 10, ratio: 0.1, scope: client}
# The waits of a policy, changed and drawn; of a breaker there are none.
$ retrystorm describe envoy --set attempts=4 --set backoff.cap=40ms --plot=term | sed -n '/^waits/,$p' | head -13
> waits of envoy:
>   retry            min        mean         p99         max
>   1                0 s       12 ms       24 ms       24 ms
>   2                0 s     19.5 ms       39 ms       39 ms
>   3                0 s     19.6 ms       39 ms       39 ms
>   3 waits are 51.1 ms in all on average, at most 102 ms
>   (100000 simulated requests; min and max are exact)
>   how they are spread, each from its least to its greatest:
>   1          0 s @@@@@@@@@@@@@@@@@@@@@@@@@ 24 ms
>   2          0 s @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 39 ms
>   3          0 s @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 39 ms
> relatives, and what is different there:
>   envoy-budget: Envoy with a retry_budget: retries at most 20 % of what is under way, or 3
$ retrystorm describe envoy --set attemps=4
! --set attemps=4: error: unknown key in a policy: 'attemps'; did you mean 'attempts'?
? 2
$ retrystorm describe envoy --set attempts
! --set attempts: error: write --set KEY=VALUE, for example --set cap=2s
? 2
$ retrystorm describe hystrix --set probes=3
! retrystorm describe: --set, --plot and --output are for what makes waits: see `retrystorm list backoff`, `retrystorm list jitter`, and the policies of `retrystorm list preset`
? 2
$ retrystorm describe envoi
! retrystorm describe: nothing named 'envoi'; did you mean 'envoy'?
? 2
# In a scenario.
< use.yaml
| name: presets
| duration: 10s
| policies: {careful: {preset: aws-standard, attempts: 2}}
| clients:
|   - {name: web, arrival: {kind: poisson, rate: 10/s}, calls: api, policy: {preset: ms-http-standard, attempts: 3}}
|   - {name: batch, arrival: {kind: poisson, rate: 10/s}, calls: api, policy: careful}
| services:
|   - {name: api, workers: 1, service_time: 1ms, queue: {capacity: 10}}
| strategies:
|   - {name: other, set: {clients.batch.policy.preset: grpc-a6-throttled, clients.batch.policy.backoff.cap: 2s}}
$ retrystorm check use.yaml
> use.yaml: fine: 2 populations, 1 service, 1 strategy
$ retrystorm check use.yaml --print-config | grep -E '^  - name|preset' | head -28
> name: presets                                       # use.yaml:1:7
> policies: {careful: {preset: aws-standard, attempts: 2}}
>   - name: web                                       # use.yaml:5:12
>       preset: ms-http-standard                      # use.yaml:5:84
>         law: fixed                                  # preset ms-http-standard
>         mean: 10s                                   # preset ms-http-standard
>       deadline: 30s                                 # preset ms-http-standard
>       deadline_rule: cut                            # preset ms-http-standard
>       retry_on: [timeout, connect-timeout, refused, unprocessed, reset, throttled, overloaded, shed, gateway, server-error] # preset ms-http-standard
>         shape: fixed                                # preset ms-http-standard
>         base: 2s                                    # preset ms-http-standard
>           kind: polly-v2                            # preset ms-http-standard
>         rule: replace                               # preset ms-http-standard
>         on: [throttled, overloaded, shed, gateway, server-error] # preset ms-http-standard
>         preset: ms-http-standard                    # preset ms-http-standard
>         kind: rolling                               # preset ms-http-standard
>         window: 30s                                 # preset ms-http-standard
>         buckets: 10                                 # preset ms-http-standard
>         ratio: 0.1                                  # preset ms-http-standard
>         min_calls: 100                              # preset ms-http-standard
>         eval: on-failure                            # preset ms-http-standard
>           shape: fixed                              # preset ms-http-standard
>           base: 5s                                  # preset ms-http-standard
>         probes: 1                                   # preset ms-http-standard
>         stale: count                                # preset ms-http-standard
>         counts: [timeout, connect-timeout, refused, unprocessed, reset, throttled, overloaded, shed, gateway, server-error] # preset ms-http-standard
>         - preset: ms-http-standard                  # preset ms-http-standard
>           kind: bulkhead                            # preset ms-http-standard
$ retrystorm check use.yaml --print-config --strategy other | sed -n '/name: batch/,$p' | grep -E 'preset|attempts|cap:'
>       preset: grpc-a6-throttled                     # use.yaml:10:54
>       timeout_cap: none                             # default
>       attempts: 2                                   # use.yaml:3:54
>       deadline_rule: cut                            # preset grpc-a6-throttled
>       retry_on: [connect-timeout, refused, unprocessed, reset, overloaded] # preset grpc-a6-throttled
>         shape: exponential                          # preset grpc-a6-throttled
>         base: 100ms                                 # preset grpc-a6-throttled
>         cap: 2s                                     # use.yaml:10:107
>         at_cap: clamp                               # default
>           kind: proportional                        # preset grpc-a6-throttled
>           ratio: 0.2                                # preset grpc-a6-throttled
>         rule: replace                               # preset grpc-a6-throttled
>         restarts: true                              # preset grpc-a6-throttled
>         - preset: grpc-throttle                     # preset grpc-a6-throttled
>           kind: throttle                            # preset grpc-throttle
>           max: 10                                   # preset grpc-throttle
>           ratio: 0.1                                # preset grpc-throttle
>           scope: client                             # preset grpc-throttle
>     set: {clients.batch.policy.preset: grpc-a6-throttled, clients.batch.policy.backoff.cap: 2s}
$ retrystorm check use.yaml --set clients.web.policy.preset=envoi --set clients.batch.policy.breaker.preset=histrix
! --set clients.batch.policy.breaker.preset=histrix: error: preset: no breaker preset 'histrix'; did you mean 'hystrix'?
! --set clients.web.policy.preset=envoi: error: preset: no policy preset 'envoi'; did you mean 'envoy'?
? 2
$ retrystorm check use.yaml --set clients.web.policy.preset=hystrix
! --set clients.web.policy.preset=hystrix: error: preset: 'hystrix' is a breaker preset: write 'breaker: {preset: hystrix}'
? 2
$ retrystorm check use.yaml --set clients.web.policy=envoy
! --set clients.web.policy=envoy: error: policy: no policy named 'envoy'; the preset is written '{preset: envoy}'
? 2
$ retrystorm check use.yaml --set 'clients.web.policy={preset: envoy, budgets: none}'
! --set clients.web.policy={preset: envoy, budgets: none}: error: unknown key in a policy: 'budgets'; did you mean 'budget'?
? 2
