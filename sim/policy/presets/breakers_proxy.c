/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuit breakers of proxies and service clients, one for each endpoint there, and those of the snippets. */
#include "policy/presets/rows.h"

#define LINKERD "linkerd/linkerd2-proxy, commit 29637b6: outbound/src/http/breaker/"
#define BACKOFF                                                                                                        \
    "open_for: {shape: exponential, base: 1s, cap: 60s, jitter: {kind: factor, low: 1, high: 1.5}, max_wait: 60s}"

const struct preset_row preset_breaker_finagle_accrual = {
    .row = {.name = "finagle-accrual",
            .summary = "Finagle's failure accrual: success below 80 % of 30 s, or 5 failures in a row; 5 to 300 s, "
                       "one probe",
            .source = "twitter/finagle, commit 4feb34c: liveness/FailureAccrualPolicy.scala, "
                      "FailureAccrualFactory.scala"},
    .part = PRESET_BREAKER,
    .text = "{kind: any, of: [{kind: ema, window: 30s, ratio: 20%, compare: above, min_calls: 5, min_age: 30s},\n"
            "   {kind: consecutive, failures: 5}],\n"
            " eval: on-failure, probes: 1, stale: count, fail_open: true,\n"
            " open_for: {shape: exponential, base: 5s, cap: 300s, jitter: finagle-equal}}",
    .confidence = PRESET_READ,
    .notes = "An endpoint that is marked dead still gets requests when there is no other: so here, where a service "
             "has one endpoint, it only watches. 'fail_open: false' makes it refuse.",
};

const struct preset_row preset_breaker_envoy_outlier = {
    .row = {.name = "envoy-outlier",
            .summary = "Envoy's outlier detection: 5 times 5xx in a row eject a host for 30 s x times, at most 300 "
                       "s",
            .source = "envoyproxy/envoy: api/envoy/config/cluster/v3/outlier_detection.proto, commit 1282f87"},
    .part = PRESET_BREAKER,
    .text = "{kind: consecutive, failures: 5, eval: on-any, tick: 10s, open_ends: tick,\n"
            " forget_opening: 10s, probes: 0, open_for: {shape: linear, base: 30s, cap: 300s}, stale: count,\n"
            " counts: [timeout, connection, overloaded, shed, error]}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "the defaults were read; how an ejection is forgotten is from the documentation",
    .notes = "This is one host. Of several, Envoy ejects at most 10 % (but one), so it never shuts a whole service; "
             "a service that stands for many hosts needs 'fail_open: true'.",
};

const struct preset_row preset_breaker_linkerd_consecutive = {
    .row = {.name = "linkerd-consecutive",
            .summary = "Linkerd: 7 failures in a row; 1 s doubling to 60 s, up to half more; one probe",
            .source = LINKERD "consecutive_failures.rs"},
    .part = PRESET_BREAKER,
    .library = "linkerd-breaker",
    .text = "{kind: consecutive, failures: 7, eval: on-failure, probes: 1, stale: unless-open,\n"
            " " BACKOFF ",\n"
            " counts: [timeout, connection, overloaded, shed, error]}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_breaker_linkerd_unified = {
    .row = {.name = "linkerd-unified",
            .summary = "Linkerd: 7 failures in a row, or success below 80 % of 5 calls in 10 s (429 fails)",
            .source = LINKERD "unified.rs, success_rate.rs"},
    .part = PRESET_BREAKER,
    .library = "linkerd-breaker",
    .text = "{kind: any, of: [{kind: consecutive, failures: 7, forgives: throttled},\n"
            "   {kind: rolling, window: 10s, buckets: 10, ratio: 20%, compare: above, min_calls: 5}],\n"
            " eval: on-any, probes: 1, stale: unless-open,\n"
            " " BACKOFF ",\n"
            " counts: [timeout, connection, throttled, overloaded, shed, error]}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_breaker_seed0 = {
    .row = {.name = "seed0",
            .summary = "snippet 000: 5 failures in a row; after more than 60 s it closes, and one failure re-opens "
                       "it",
            .source = "text 000 of the five that this project began with"},
    .part = PRESET_BREAKER,
    .text = "{kind: consecutive, failures: 5, eval: on-failure,\n"
            " open_for: 60s, open_ends: after, probes: 0, reset: never, stale: count}",
    .confidence = PRESET_READ,
    .notes = "Its count is not reset when it closes; a success resets it.",
};

const struct preset_row preset_breaker_seed3_code = {
    .row = {.name = "seed3-code",
            .summary = "snippet 003, its code: more than 5 failures ever; half-open lets all through, one success "
                       "closes",
            .source = "text 003 of the five that this project began with"},
    .part = PRESET_BREAKER,
    .library = "seed3-breaker",
    .text = "{kind: cumulative, failures: 5, compare: above, eval: on-failure, open_for: 30s, open_ends: after,\n"
            " probes: unlimited, close_after: 1, close_below: 3, reopen_after: 6, reset: on-half-open, stale: count}",
    .confidence = PRESET_READ,
    .chosen = "failure_threshold 5, recovery_timeout 30 s, retry_state_threshold 3; it gives none",
    .notes = "A success does not reset the count, so it opens sooner or later whatever the share of failures.",
};

const struct preset_row preset_breaker_seed3_prose = {
    .row = {.name = "seed3-prose",
            .summary = "snippet 003, its text: the textbook; more than 5 in a row, 30 s, all of 3 probes must "
                       "succeed",
            .source = "text 003 of the five that this project began with"},
    .part = PRESET_BREAKER,
    .library = "seed3-breaker",
    .text = "{kind: consecutive, failures: 5, compare: above, open_for: 30s, probes: 3, close_after: 3}",
    .confidence = PRESET_READ,
    .chosen = "5 failures, 30 s, 3 probes; it gives no numbers",
};
