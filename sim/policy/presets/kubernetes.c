/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kubernetes: apimachinery and client-go. */
#include "policy/presets/rows.h"

#define WAIT "kubernetes/apimachinery, commit eed236c: pkg/util/wait/backoff.go; kubernetes/client-go, commit 32ce75a: "

const struct preset_row preset_k8s_default_retry = {
    .row = {.name = "k8s-default-retry",
            .summary = "client-go retry.DefaultRetry: 5 attempts after conflicts, 10 ms and up to a tenth more",
            .source = WAIT "util/retry/util.go"},
    .library = "k8s-retry",
    .text = "{attempts: 5, retry_on: conflict,\n"
            " backoff: {shape: fixed, base: 10ms, jitter: {kind: proportional, ratio: 10%, side: added}}}",
    .confidence = PRESET_READ,
    .chosen = "conflicts are retried, as RetryOnConflict does; OnError takes what you give it",
    .notes = "Steps counts attempts. A backoff with a Cap, which this has not, gives up when it gets there: "
             "'at_cap: stop'.",
};

const struct preset_row preset_k8s_default_backoff = {
    .row = {.name = "k8s-default-backoff",
            .summary = "client-go retry.DefaultBackoff: 4 attempts after conflicts, 10 ms, 50 ms, 250 ms",
            .source = WAIT "util/retry/util.go"},
    .library = "k8s-retry",
    .text = "{attempts: 4, retry_on: conflict,\n"
            " backoff: {shape: exponential, base: 10ms, multiplier: 5, jitter: {kind: proportional, ratio: 10%, side: "
            "added}}}",
    .confidence = PRESET_READ,
    .chosen = "conflicts are retried, as RetryOnConflict does",
};

const struct preset_row preset_k8s_workqueue = {
    .row = {.name = "k8s-workqueue",
            .summary = "client-go's work queue: 5 ms doubling to 1000 s for an item, all together 10/s after 100 at "
                       "once",
            .source = WAIT "util/workqueue/default_rate_limiters.go"},
    .text = "{attempts: unlimited, retry_on: [default, -local],\n"
            " backoff: {shape: exponential, base: 5ms, cap: 1000s},\n"
            " gates: {preset: k8s-workqueue}}",
    .confidence = PRESET_READ,
    .notes = "The library waits for the longer of the two from the failure on; here the rate limit is asked when "
             "the item's own wait is over, which makes no difference while nothing waits for it.",
};

const struct preset_row preset_k8s_rest = {
    .row = {.name = "k8s-rest",
            .summary = "client-go's REST client: up to 10 retries, only with Retry-After; 5 requests/s after 10 at "
                       "once",
            .source = WAIT "rest/with_retry.go, rest/config.go"},
    .text = "{attempts: 11, deadline_rule: cut, backoff: none,\n"
            " retry_on: [connection, throttled, overloaded, shed, error],\n"
            " rules: [{on: connection, backoff: {shape: fixed, base: 1s}}],\n"
            " retry_after: {rule: required, on: [throttled, overloaded, shed, error]},\n"
            " gates: {preset: k8s-rest}}",
    .confidence = PRESET_READ,
    .notes = "A 429 or 5xx without Retry-After is final. A connection that broke is retried after 1 s. The rate "
             "limit paces retries, too. Retry-After has no jitter.",
};
