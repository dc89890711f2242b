/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rate limits, throttles and bulkheads on their own; policies name them. Those that say nothing of clients (`per`)
 * may stand at a service's end, too. */
#include "policy/presets/rows.h"

#define CLIENT_GO "kubernetes/client-go, commit 32ce75a: "

const struct preset_row preset_gate_aws_adaptive = {
    .row = {.name = "aws-adaptive",
            .summary = "AWS SDKs, retry mode adaptive: once throttled, a send rate that grows like TCP CUBIC",
            .source = "boto/botocore 1.43.67, commit 0e6e240: botocore/retries/adaptive.py, throttling.py, "
                      "bucket.py"},
    .part = PRESET_GATE,
    .text = "{kind: aws-adaptive, beta: 70%, scale: 0.4, min_rate: 0.5/s, smoothing: 80%, slot: 500ms, on: throttled}",
    .confidence = PRESET_READ,
    .notes = "Inactive until the first throttling answer. Every send waits for a token, first attempts, too.",
};

const struct preset_row preset_gate_envoy_admission = {
    .row = {.name = "envoy-admission",
            .summary = "Envoy's admission control filter: refuses by chance when less than 95 % of 30 s succeeded",
            .source = "envoyproxy/envoy: source/extensions/filters/http/admission_control/, "
                      "admission_control.proto, commit 292030a"},
    .part = PRESET_GATE,
    .library = "adaptive-throttle",
    .text = "{kind: adaptive-throttle, success_threshold: 95%, aggression: 1, p_max: 80%, window: 30s, slices: 30,\n"
            " counts: answered, failures: [timeout, connection, overloaded, shed, error]}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "the present default of aggression in the code was not read; the proto says 1.0",
    .chosen = "a proxy for each client; 'scope: population' is one for all",
    .notes = "A success is a status below 500: being throttled (429) is one.",
};

const struct preset_row preset_gate_sre_throttle = {
    .row = {.name = "sre-throttle",
            .summary = "the SRE book's adaptive throttling: refuses by chance what exceeds twice what was accepted "
                       "in 2 min",
            .source = "Beyer et al., Site Reliability Engineering (2016), ch. 21, Handling overload"},
    .part = PRESET_GATE,
    .library = "adaptive-throttle",
    .text = "{kind: adaptive-throttle, k: 2, window: 2min, slices: 120, counts: asked,\n"
            " failures: [timeout, connect-timeout, refused, rejected]}",
    .confidence = PRESET_NOT_READ,
    .doubt = "formula and K = 2 were confirmed by several secondary pages; 2 min is from memory",
    .chosen = "an error of a backend that took the request is accepted, a timeout is not",
};

const struct preset_row preset_gate_failsafe_go = {
    .row = {.name = "failsafe-go",
            .summary = "failsafe-go's adaptive throttler: below 90 % success of 1 min; at most 90 % refused",
            .source = "failsafe-go/failsafe-go 0.9.7, commit 5759a5e: adaptivethrottler/"},
    .part = PRESET_GATE,
    .library = "adaptive-throttle",
    .text = "{kind: adaptive-throttle, success_threshold: 90%, p_max: 90%, window: 1min, slices: 20,\n"
            " counts: answered}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_gate_ms_http_standard = {
    .row = {.name = "ms-http-standard",
            .summary = "Microsoft.Extensions.Http.Resilience: 1000 requests under way at most, no queue",
            .source = "dotnet/extensions, commit 5862342: src/Libraries/Microsoft.Extensions.Http.Resilience/"},
    .part = PRESET_GATE,
    .library = "bulkhead",
    .text = "{kind: bulkhead, max: 1000, queue: 0, per: request}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_gate_hystrix_pool = {
    .row = {.name = "hystrix-pool",
            .summary = "Hystrix's thread pool: 10 under way at most, no queue",
            .source = "Netflix/Hystrix 1.5, commit 7c03baf: HystrixThreadPoolProperties.java"},
    .part = PRESET_GATE,
    .library = "bulkhead",
    .text = "{kind: bulkhead, max: 10, queue: 0}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_gate_resilience4j_bulkhead = {
    .row = {.name = "resilience4j-bulkhead",
            .summary = "Resilience4j's bulkhead: 25 calls under way at most, no wait",
            .source = "resilience4j/resilience4j 2.4, commit af9e7c9: BulkheadConfig.java"},
    .part = PRESET_GATE,
    .library = "bulkhead",
    .text = "{kind: bulkhead, max: 25, queue: 0}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_gate_resilience4j_limiter = {
    .row = {.name = "resilience4j-limiter",
            .summary = "Resilience4j's rate limiter: 50 permits each 500 ns, which is no limit, waits up to 5 s",
            .source = "resilience4j/resilience4j 2.4, commit af9e7c9: RateLimiterConfig.java"},
    .part = PRESET_GATE,
    .text = "{kind: cycle, permits: 50, period: 500ns, max_wait: 5s}",
    .confidence = PRESET_READ,
    .notes = "Whoever sets only the number of permits gets that many each half microsecond.",
};

const struct preset_row preset_gate_k8s_workqueue = {
    .row = {.name = "k8s-workqueue",
            .summary = "client-go's work queue: retries of all items together 10/s after 100 at once",
            .source = CLIENT_GO "util/workqueue/default_rate_limiters.go"},
    .part = PRESET_GATE,
    .text = "{kind: token-bucket, rate: 10/s, burst: 100, on_empty: wait, per: retry}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_gate_k8s_rest = {
    .row = {.name = "k8s-rest",
            .summary = "client-go's REST client: 5 requests/s after 10 at once, retries, too; others wait",
            .source = CLIENT_GO "rest/config.go"},
    .part = PRESET_GATE,
    .text = "{kind: token-bucket, rate: 5/s, burst: 10, on_empty: wait}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_gate_sliding_log = {
    .row = {.name = "sliding-log",
            .summary = "snippet 000: a sliding log, at most 100 calls in any 60 s; others are refused",
            .source = "text 000 of the five that this project began with"},
    .part = PRESET_GATE,
    .text = "{kind: sliding-log, limit: 100, window: 60s}",
    .confidence = PRESET_READ,
    .chosen = "100 calls and 60 s; it gives no numbers",
};
