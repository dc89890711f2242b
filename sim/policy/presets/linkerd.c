/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linkerd. */
#include "policy/presets/rows.h"

#define LINKERD "linkerd/linkerd2 edge-26.8.3, commit b24cd40; linkerd/linkerd2-proxy, commit 29637b6: "

const struct preset_row preset_linkerd_profile = {
    .row = {.name = "linkerd-profile",
            .summary = "Linkerd with a ServiceProfile: 5xx again at once, as often as the budget grants",
            .source = LINKERD "outbound/src/http/retry.rs; tower-rs/tower, commit 8358ee7: budget"},
    .library = "linkerd",
    .text = "{attempts: unlimited, backoff: none,\n"
            " retry_on: [overloaded, shed, error],\n"
            " budget: {preset: linkerd}}",
    .confidence = PRESET_READ,
    .chosen = "the route is marked isRetryable, its failures are 5xx",
    .notes = "Only answers are retried, not broken connections, and not timeouts. No limit for one request: the "
             "budget of 20 % and 10/s is the only one. Every final result pays in, a failure that is not retried, "
             "too.",
};

const struct preset_row preset_linkerd_route = {
    .row = {.name = "linkerd-route",
            .summary = "Linkerd with retry annotations: 1 retry after 25 to 50 ms, no budget, a breaker of 7 "
                       "failures",
            .source = LINKERD "outbound/src/http/logical/policy/route/retry.rs, "
                      "http/breaker/consecutive_failures.rs"},
    .library = "linkerd",
    .text = "{attempts: 2, last_timeout: false,\n"
            " backoff: {shape: exponential, base: 25ms, cap: 250ms, jitter: {kind: factor, low: 1, high: 2},\n"
            "   max_wait: 250ms},\n"
            " retry_on: [timeout, unprocessed, overloaded, shed, error, breaker-open],\n"
            " breaker: {preset: linkerd-consecutive}}",
    .confidence = PRESET_READ,
    .chosen = "retry.linkerd.io/http: 5xx",
    .notes = "A timeout of a try is the user's ('timeout: 1s'); the last try has none. Broken connections are not "
             "retried, nor what its own load shedding refuses. From the fifth wait on all wait exactly 250 ms.",
};
