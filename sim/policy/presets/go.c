/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Go libraries. */
#include "policy/presets/rows.h"

#define RETRYABLEHTTP "hashicorp/go-retryablehttp 0.7.8, commit fd00458: client.go"
#define HTTP "retry_on: [timeout, connection, throttled, overloaded, shed, error]"

const struct preset_row preset_cenkalti = {
    .row = {.name = "cenkalti",
            .summary = "cenkalti/backoff 4: 500 ms growing by 1.5 to 1 min, plus or minus 50 %, for 15 min",
            .source = "cenkalti/backoff 4.3, commit 720b789: exponential.go, tries.go"},
    .text = "{attempts: unlimited, deadline: 900s, deadline_rule: stop, deadline_cuts: false, retry_on: all,\n"
            " backoff: {shape: exponential, base: 500ms, multiplier: 1.5, cap: 60s,\n"
            "   jitter: {kind: proportional, ratio: 50%}}}",
    .confidence = PRESET_READ,
    .notes = "WithMaxRetries(k) means k retries. The cap comes before the jitter: a wait may be 1.5 min. It gives "
             "up at once when the next wait would end too late.",
};

const struct preset_row preset_go_retryablehttp = {
    .row = {.name = "go-retryablehttp",
            .summary = "HashiCorp's HTTP client: 4 retries, 1 s doubling to 30 s, no jitter, Retry-After in their "
                       "place",
            .source = RETRYABLEHTTP},
    .library = "go-retryablehttp",
    .text = "{attempts: 5, deadline_rule: cut,\n"
            " backoff: {shape: exponential, base: 1s, cap: 30s},\n"
            " " HTTP ",\n"
            " retry_after: {rule: replace, on: [throttled, overloaded, shed]}}",
    .confidence = PRESET_READ,
    .notes = "RetryMax counts retries. Retry-After has no limit, and no jitter: who got the same one returns "
             "together.",
};

const struct preset_row preset_go_retryablehttp_linear = {
    .row = {.name = "go-retryablehttp-linear",
            .summary = "HashiCorp's HTTP client with LinearJitterBackoff: n x U(1 s, 2 s), no cap",
            .source = RETRYABLEHTTP},
    .library = "go-retryablehttp",
    .text = "{attempts: 5, deadline_rule: cut,\n"
            " backoff: {shape: linear, base: 1s, jitter: {kind: factor, low: 1, high: 2}},\n"
            " " HTTP ",\n"
            " retry_after: {rule: replace, on: [throttled, overloaded, shed]}}",
    .confidence = PRESET_READ,
    .chosen = "RetryWaitMin 1 s, RetryWaitMax 2 s",
};
