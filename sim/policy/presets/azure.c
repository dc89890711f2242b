/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Azure SDKs: four languages, four formulas. All retry 408, 429, 500, 502, 503, 504, and what broke on the way. */
#include "policy/presets/rows.h"

#define RETRIES "retry_on: [timeout, connection, throttled, overloaded, shed, error]"
#define HINTED "on: [throttled, overloaded, shed, error]"

const struct preset_row preset_azure_python = {
    .row = {.name = "azure-python",
            .summary = "Azure SDK for Python: the first retry at once, then 1.6 s doubling, no jitter; 3 of each "
                       "kind",
            .source = "Azure/azure-sdk-for-python: sdk/core/azure-core/azure/core/pipeline/policies/_retry.py, "
                      "commit 019edef"},
    .text = "{attempts: 11, deadline: 7d, deadline_rule: cut,\n"
            " backoff: {shape: exponential, base: 800ms, first: zero, max_wait: 120s},\n"
            " " RETRIES ",\n"
            " rules: [{on: connection, retries: 3}, {on: timeout, retries: 3},\n"
            "   {on: [throttled, overloaded, shed, error], retries: 3}],\n"
            " retry_after: {rule: replace, " HINTED "}}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "a single file, in an older copy",
    .notes = "10 retries in all, 3 each after connect errors, read errors and statuses. Without jitter, and the "
             "first without a wait: callers that failed together come back together, at once. Any status from 400 "
             "on with Retry-After is retried; here only those above.",
};

const struct preset_row preset_azure_net = {
    .row = {.name = "azure-net",
            .summary = "Azure SDK for .NET: 3 retries, 0.8 s doubling, plus or minus 20 %, at least Retry-After",
            .source = "Azure/azure-sdk-for-net: sdk/core/Azure.Core/src/Pipeline/RetryPolicy.cs, commit 011de68; "
                      "DelayStrategy"},
    .text = "{attempts: 4, timeout: 100s,\n"
            " backoff: {shape: exponential, base: 800ms, jitter: {kind: proportional, ratio: 20%}, max_wait: 60s},\n"
            " " RETRIES ",\n"
            " retry_after: {rule: max, " HINTED "}}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "single files, the delay strategy in a copy that names no version",
};

const struct preset_row preset_azure_go = {
    .row = {.name = "azure-go",
            .summary = "Azure SDK for Go: 3 retries, 0.8 s x (2^n - 1), times 0.8 to 1.3; gives up on Retry-After > "
                       "60 s",
            .source = "Azure/azure-sdk-for-go, commit 0f9d9f4: sdk/azcore/runtime/policy_retry.go"},
    .text = "{attempts: 4, deadline_rule: cut,\n"
            " backoff: {shape: exponential-less-1, base: 800ms, jitter: {kind: factor, low: 0.8, high: 1.3},\n"
            "   max_wait: 60s},\n"
            " " RETRIES ",\n"
            " retry_after: {rule: replace, limit: 60s, over_limit: stop, " HINTED "}}",
    .confidence = PRESET_READ,
    .notes = "Its comment says plus or minus 20 %; its arithmetic gives 0.8 to 1.3.",
};

const struct preset_row preset_azure_java = {
    .row = {.name = "azure-java",
            .summary = "Azure SDK for Java: 3 retries, 0.8 s doubling, plus or minus 5 %, at most 8 s",
            .source = "Azure/azure-sdk-for-java, commit 01bc52e: azure-core/.../http/policy/ExponentialBackoff.java"},
    .text = "{attempts: 4,\n"
            " backoff: {shape: exponential, base: 800ms, jitter: {kind: proportional, ratio: 5%}, max_wait: 8s},\n"
            " " RETRIES ",\n"
            " retry_after: {rule: replace, " HINTED "}}",
    .confidence = PRESET_READ,
    .notes = "5 % hardly spreads anything, and from the fifth wait on all wait exactly 8 s.",
};
