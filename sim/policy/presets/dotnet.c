/* SPDX-License-Identifier: GPL-3.0-or-later */
/* .NET: Polly and what Microsoft builds on it. */
#include "policy/presets/rows.h"

#define POLLY "App-vNext/Polly 8.7, commit 173d6d1: src/Polly.Core/Retry/"
#define ANY                                                                                                            \
    "Retries any exception, also of a request that is wrong, and the rejection of its own breaker, unless you say "    \
    "what not."

const struct preset_row preset_polly_v8 = {
    .row = {.name = "polly-v8",
            .summary = "Polly 8, RetryStrategyOptions: 3 retries, 2 s apart, no jitter, after any exception",
            .source = POLLY},
    .library = "polly",
    .text = "{attempts: 4, backoff: {shape: fixed, base: 2s}, retry_on: all}",
    .confidence = PRESET_READ,
    .notes = ANY " MaxRetryAttempts counts retries. Constant waits without jitter keep together who failed "
             "together. Version 7 had no defaults.",
};

const struct preset_row preset_polly_v8_exp_jitter = {
    .row = {.name = "polly-v8-exp-jitter",
            .summary = "Polly 8, exponential with UseJitter: its DecorrelatedJitterV2 from 2 s, and its breaker "
                       "inside",
            .source = POLLY "RetryHelper.cs, ../CircuitBreaker/"},
    .library = "polly",
    .text = "{attempts: 4, backoff: {shape: fixed, base: 2s, jitter: polly-v2}, retry_on: all,\n"
            " breaker: {preset: polly-v8}}",
    .confidence = PRESET_READ,
    .chosen = "no MaxDelay; it would be 'max_wait', after the jitter",
    .notes = ANY " The median first wait is near 1.8 s, the bound 1.38 times the delay.",
};

const struct preset_row preset_ms_http_standard = {
    .row = {.name = "ms-http-standard",
            .summary = "Microsoft.Extensions.Http.Resilience, AddStandardResilienceHandler: 3 retries in 30 s, "
                       "breaker inside",
            .source = "dotnet/extensions, commit 5862342: src/Libraries/Microsoft.Extensions.Http.Resilience/"},
    .text = "{attempts: 4, timeout: 10s, deadline: 30s, deadline_rule: cut,\n"
            " backoff: {shape: fixed, base: 2s, jitter: polly-v2},\n"
            " retry_on: [timeout, connection, throttled, overloaded, shed, error],\n"
            " retry_after: {rule: replace, on: [throttled, overloaded, shed, error]},\n"
            " breaker: {preset: ms-http-standard}, gates: {preset: ms-http-standard}}",
    .confidence = PRESET_READ,
    .notes = "Outermost first: 1000 requests under way, 30 s in all, retry, breaker, 10 s for an attempt. What the "
             "breaker refuses is not retried. Retry-After replaces the wait: those who got the same hint return "
             "together.",
};

const struct preset_row preset_polly_contrib_aws = {
    .row = {.name = "polly-contrib-aws",
            .summary = "Polly.Contrib AwsDecorrelatedJitterBackoff: decorrelated jitter whose range keeps to the "
                       "cap",
            .source = "Polly-Contrib/Polly.Contrib.WaitAndRetry, commit 7596d2d"},
    .text = "{attempts: 4, backoff: {shape: fixed, base: 1s, cap: 20s, jitter: {kind: decorrelated, limit: soft}},\n"
            " retry_on: all}",
    .confidence = PRESET_READ,
    .chosen = "3 retries from 1 s to 20 s; it has no defaults",
    .notes = "AWS's own cuts the draw to the cap, where a part of all callers then meets; this one does not.",
};
