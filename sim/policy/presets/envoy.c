/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Envoy and what configures it. The repository was too big to fetch; its files were read one by one. */
#include "policy/presets/rows.h"

#define ENVOY                                                                                                          \
    "envoyproxy/envoy: source/common/router/retry_policy_impl.cc, commit 1c5af1d, retry_state_impl.cc, "               \
    "source/common/common/backoff_strategy.cc, upstream/resource_manager_impl.h, commit 01c2c1f"
#define DOUBT                                                                                                          \
    "retry_state_impl.cc and backoff_strategy.cc were read in copies that name no version. Older versions, and the "   \
    "documentation, draw from (2^n - 1) x 25 ms and cap after the draw."
#define BACKOFF "backoff: {shape: exponential, base: 25ms, cap: 250ms, jitter: full, round_to: 1ms}"
#define ON_5XX "retry_on: [timeout, connection, overloaded, shed, error]"
#define CHOSEN                                                                                                         \
    "retry_on 5xx: without one Envoy does not retry. One proxy for the population; 'scope: client' in its budget is "  \
    "a sidecar for each."

const struct preset_row preset_envoy = {
    .row = {.name = "envoy",
            .summary = "Envoy with retry_on 5xx: 1 retry within 25 ms, 15 s in all, at most 3 retries under way",
            .source = ENVOY},
    .library = "envoy",
    .text = "{attempts: 2, deadline: 15s, deadline_rule: cut,\n"
            " " BACKOFF ",\n"
            " " ON_5XX ",\n"
            " budget: {preset: envoy-max-retries}}",
    .confidence = PRESET_READ_OLDER,
    .doubt = DOUBT,
    .chosen = CHOSEN,
    .notes = "The 15 s of the route span all tries; there is no timeout of a try unless you set one. A retry's "
             "place is taken while it waits, too, so 3 places are soon gone. What its own limits refuse is never "
             "retried.",
};

const struct preset_row preset_envoy_budget = {
    .row = {.name = "envoy-budget",
            .summary = "Envoy with a retry_budget: retries at most 20 % of what is under way, or 3",
            .source = ENVOY},
    .library = "envoy",
    .text = "{attempts: 2, deadline: 15s, deadline_rule: cut,\n"
            " " BACKOFF ",\n"
            " " ON_5XX ",\n"
            " budget: {preset: envoy-budget}}",
    .confidence = PRESET_READ_OLDER,
    .doubt = DOUBT,
    .chosen = CHOSEN,
};

const struct preset_row preset_envoy_rate_limited = {
    .row = {.name = "envoy-rate-limited",
            .summary = "Envoy with rate_limited_retry_back_off: a hint of up to 300 s, and up to half more",
            .source = ENVOY},
    .library = "envoy",
    .text = "{attempts: 2, deadline: 15s, deadline_rule: cut,\n"
            " " BACKOFF ",\n"
            " retry_on: [timeout, connection, throttled, overloaded, shed, error],\n"
            " retry_after: {rule: jitter-up, limit: 300s, over_limit: ignore,\n"
            "   on: [throttled, overloaded, shed, error]},\n"
            " budget: {preset: envoy-max-retries}}",
    .confidence = PRESET_READ_OLDER,
    .doubt = DOUBT,
    .chosen = CHOSEN " The header is Retry-After, and 429 is among what is retried.",
    .notes = "The only rule here that spreads those who got the same hint.",
};

const struct preset_row preset_envoy_hedge = {
    .row = {.name = "envoy-hedge",
            .summary = "Envoy with hedge_on_per_try_timeout: the try that timed out goes on beside its retry",
            .source = ENVOY},
    .library = "envoy",
    .text = "{attempts: 2, timeout: 1s, deadline: 15s, deadline_rule: cut,\n"
            " " BACKOFF ",\n"
            " " ON_5XX ",\n"
            " hedge: {after: attempt-timeout, extra: 1, on_failure: wait},\n"
            " budget: {preset: envoy-max-retries}}",
    .confidence = PRESET_READ_OLDER,
    .doubt = DOUBT,
    .chosen = CHOSEN " A per-try timeout of 1 s.",
};

const struct preset_row preset_istio = {
    .row = {.name = "istio",
            .summary = "Istio's default for every HTTP route: 2 retries by Envoy, and its limit of retries switched "
                       "off",
            .source = "istio/istio, commit 86c9f01: pilot/pkg/networking/core/route/retry/retry.go, "
                      "cluster_traffic_policy.go"},
    .text = "{attempts: 3, deadline_rule: cut,\n"
            " " BACKOFF ",\n"
            " retry_on: [refused, connect-timeout, unprocessed, overloaded, shed]}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "the waits are Envoy's, see there; Istio's own files were read",
    .notes = "max_retries is 2^32 - 1: nothing limits retries as a whole. Each retry goes to another host if there "
             "is one. Retried: connect-failure, refused-stream, unavailable, cancelled, and 503.",
};
