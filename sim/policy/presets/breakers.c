/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuit breakers of libraries. Those of proxies and of the snippets are in breakers_proxy.c. */
#include "policy/presets/rows.h"

const struct preset_row preset_breaker_polly_v8 = {
    .row = {.name = "polly-v8",
            .summary = "Polly 8: opens at 10 % failures of at least 100 calls in 30 s, for 5 s; one probe",
            .source = "App-vNext/Polly 8.7, commit 173d6d1: src/Polly.Core/CircuitBreaker/"},
    .part = PRESET_BREAKER,
    .library = "polly-breaker",
    .text = "{kind: rolling, window: 30s, buckets: 10, ratio: 10%, min_calls: 100, eval: on-failure,\n"
            " open_for: 5s, probes: 1, stale: count, counts: [all, -local]}",
    .confidence = PRESET_READ,
    .notes = "Only a failure makes it look. It waits for its one probe for ever. Results of calls from before "
             "count: a late failure re-opens it, a late success closes it.",
};

const struct preset_row preset_breaker_polly_v7_classic = {
    .row = {.name = "polly-v7-classic",
            .summary = "Polly 7, CircuitBreaker(5, 30 s): 5 failures in a row; a probe more each 30 s",
            .source = "App-vNext/Polly, commit 173d6d1: src/Polly/CircuitBreaker/"},
    .part = PRESET_BREAKER,
    .library = "polly-breaker",
    .text = "{kind: consecutive, failures: 5, eval: on-failure, open_for: 30s, probes: 1,\n"
            " probe_timeout: 30s, on_probe_timeout: another, stale: count, counts: [all, -local]}",
    .confidence = PRESET_READ,
    .chosen = "5 failures and 30 s; it has no defaults",
};

const struct preset_row preset_breaker_ms_http_standard = {
    .row = {.name = "ms-http-standard",
            .summary = "Microsoft.Extensions.Http.Resilience: Polly 8's breaker for 5xx, 408, 429 and broken "
                       "connections",
            .source = "dotnet/extensions, commit 5862342: src/Libraries/Microsoft.Extensions.Http.Resilience/"},
    .part = PRESET_BREAKER,
    .library = "polly-breaker",
    .text = "{kind: rolling, window: 30s, buckets: 10, ratio: 10%, min_calls: 100, eval: on-failure,\n"
            " open_for: 5s, probes: 1, stale: count,\n"
            " counts: [timeout, connection, throttled, overloaded, shed, error]}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_breaker_resilience4j = {
    .row = {.name = "resilience4j",
            .summary = "Resilience4j: opens at 50 % failures of the last 100 calls, for 60 s; 10 probes, 50 % of "
                       "them good",
            .source = "resilience4j/resilience4j 2.4, commit af9e7c9: CircuitBreakerConfig.java, "
                      "CircuitBreakerStateMachine.java"},
    .part = PRESET_BREAKER,
    .library = "resilience4j-breaker",
    .text = "{kind: count-window, window: 100, ratio: 50%, slow_ratio: 100%, slow_after: 60s, min_calls: 100,\n"
            " eval: on-any, open_for: 60s, open_ends: after, probes: 10, close_after: 10, reopen_ratio: 50%,\n"
            " slow_probe: 60s, stale: count, counts: [all, -local]}",
    .confidence = PRESET_READ,
    .notes = "It looks after successes, too: the 100th call opens it even if that one was good. Time windows of it "
             "are aligned to the clock, which opens the breakers of a fleet together.",
};

const struct preset_row preset_breaker_resilience4j_time = {
    .row = {.name = "resilience4j-time",
            .summary = "Resilience4j, TIME_BASED: 50 % failures of at least 100 calls in 100 s by the clock; 60 s",
            .source = "resilience4j/resilience4j 2.4, commit af9e7c9: SlidingTimeWindowMetrics.java"},
    .part = PRESET_BREAKER,
    .library = "resilience4j-breaker",
    .text = "{kind: rolling, window: 100s, buckets: 100, grid: clock, ratio: 50%, slow_ratio: 100%, slow_after: 60s,\n"
            " min_calls: 100, eval: on-any, open_for: 60s, open_ends: after, probes: 10, close_after: 10,\n"
            " reopen_ratio: 50%, slow_probe: 60s, stale: count, counts: [all, -local]}",
    .confidence = PRESET_READ,
    .notes = "Its buckets are the clock's seconds, the same for the whole fleet.",
};

const struct preset_row preset_breaker_hystrix = {
    .row = {.name = "hystrix",
            .summary = "Hystrix: opens at 50 % failures of at least 20 calls in 10 s, looked at every 500 ms; 5 s, "
                       "one probe",
            .source = "Netflix/Hystrix 1.5, commit 7c03baf: HystrixCircuitBreaker.java, HealthCountsStream.java"},
    .part = PRESET_BREAKER,
    .text = "{kind: rolling, window: 10s, buckets: 20, ratio: 50%, whole_percent: true, min_calls: 20,\n"
            " eval: ticker, tick: 500ms, open_for: 5s, open_ends: after, probes: 1, stale: count,\n"
            " counts: [all, -client-error, -breaker-open], ignores: breaker-open}",
    .confidence = PRESET_READ,
    .notes = "A timer looks, not a call: up to 500 ms more go through. 49.9 % are 49 %. A full thread pool counts as a "
             "failure, a short circuit as nothing. The health counts have buckets of one tick, 20 of them; the 10 "
             "buckets of the statistics are not what it looks at.",
};

const struct preset_row preset_breaker_gobreaker = {
    .row = {.name = "gobreaker",
            .summary = "sony/gobreaker: opens with the sixth failure in a row, for 60 s; one probe",
            .source = "sony/gobreaker 2.4, commit fed8e9e: gobreaker.go"},
    .part = PRESET_BREAKER,
    .text = "{kind: consecutive, failures: 5, compare: above, eval: on-failure,\n"
            " open_for: 60s, open_ends: after, probes: 1, stale: ignore, counts: [all, -local]}",
    .confidence = PRESET_READ,
    .notes = "Consecutive failures > 5, so six. The only one here that ignores results from before the last change.",
};

const struct preset_row preset_breaker_failsafe = {
    .row = {.name = "failsafe",
            .summary = "Failsafe 3 (Java): one failure opens it, for 1 min; one success closes it",
            .source = "failsafe-lib/failsafe 3.3, commit ed3f927: CircuitBreakerConfig.java"},
    .part = PRESET_BREAKER,
    .text = "{kind: count-window, window: 1, ratio: 100%, min_calls: 1, eval: on-any, open_for: 60s, probes: 1,\n"
            " stale: count, counts: [all, -local]}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_breaker_opossum = {
    .row = {.name = "opossum",
            .summary = "opossum (Node.js): more than 50 % of the calls of 10 s failed, from the first call on; 30 "
                       "s, one probe",
            .source = "nodeshift/opossum 10, commit 59421c5: lib/circuit.js, status.js"},
    .part = PRESET_BREAKER,
    .text = "{kind: rolling, window: 10s, buckets: 10, ratio: 50%, compare: above, out_of: calls, eval: on-failure,\n"
            " open_for: 30s, probes: 1, reset: never, stale: count, counts: [all, -local]}",
    .confidence = PRESET_READ,
    .notes = "volumeThreshold is 0: a single failure opens it. Calls that it refused count in the denominator, and the "
             "window goes on when it closes.",
};

const struct preset_row preset_breaker_sentinel = {
    .row = {.name = "sentinel",
            .summary = "Sentinel: more than 50 % of at least 5 calls in a second by the clock; 10 s, one probe",
            .source = "alibaba/Sentinel 1.8.9, commit d75a668: slots/block/degrade/circuitbreaker/"},
    .part = PRESET_BREAKER,
    .library = "sentinel-breaker",
    .text = "{kind: tumbling, window: 1s, ratio: 50%, compare: above, min_calls: 5, grid: clock, eval: on-any,\n"
            " open_for: 10s, probes: 1, stale: count, counts: [all, -local]}",
    .confidence = PRESET_READ,
    .chosen = "50 % and 10 s; a rule has to give them",
    .notes = "One bucket of a second, the same second for the whole fleet.",
};

const struct preset_row preset_breaker_sentinel_slow = {
    .row = {.name = "sentinel-slow",
            .summary = "Sentinel by slow calls: more than 50 % of at least 5 calls in a second took above 200 ms",
            .source = "alibaba/Sentinel 1.8.9, commit d75a668: slots/block/degrade/circuitbreaker/"},
    .part = PRESET_BREAKER,
    .library = "sentinel-breaker",
    .text = "{kind: tumbling, window: 1s, slow_ratio: 50%, slow_after: 200ms, compare: above, min_calls: 5,\n"
            " grid: clock, eval: on-any, open_for: 10s, probes: 1, slow_probe: 200ms, stale: count, counts: none}",
    .confidence = PRESET_READ,
    .chosen = "50 %, 200 ms and 10 s; a rule has to give them",
};

const struct preset_row preset_breaker_spring = {
    .row = {.name = "spring",
            .summary = "Spring Retry's CircuitBreakerRetryPolicy: 3 failures within 5 s; 20 s, then closed again at "
                       "once",
            .source = "spring-projects/spring-retry, commit c8977dd: policy/CircuitBreakerRetryPolicy.java"},
    .part = PRESET_BREAKER,
    .text = "{kind: tumbling, window: 5s, starts: call, failures: 3, eval: on-call,\n"
            " open_for: 20s, open_ends: after, probes: 0, counts: [all, -local]}",
    .confidence = PRESET_READ,
    .notes = "No half-open state: after 20 s everything is let through.",
};
