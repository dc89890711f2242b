/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Google's API clients. */
#include "policy/presets/rows.h"

const struct preset_row preset_gax_go = {
    .row = {.name = "gax-go",
            .summary = "Google API clients for Go: 1 s doubling to 30 s, full jitter, until the context ends",
            .source = "googleapis/gax-go, commit 5a1e0eb: v2/call_option.go"},
    .text = "{attempts: unlimited, deadline_rule: cut, unsafe: stop,\n"
            " retry_on: [timeout, connection, throttled, overloaded, error],\n"
            " backoff: {shape: exponential, base: 1s, cap: 30s, jitter: {kind: range, low: 1ns}}}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "the waits were read in this source; what is retried is Cloud Storage's, storage/invoke.go, in an "
             "older copy",
    .chosen = "no deadline: the context gives one, 'deadline: 60s'",
    .notes = "No limit of attempts. Only what is idempotent is retried.",
};

const struct preset_row preset_google_cloud_java = {
    .row = {.name = "google-cloud-java",
            .summary = "Google Cloud for Java: 6 attempts, full jitter from 1 s to 32 s, 50 s in all",
            .source = "googleapis/gax-java v2.20.1 ExponentialRetryAlgorithm.java; google-cloud-java "
                      "ServiceOptions.java"},
    .text = "{attempts: 6, timeout: 50s, timeout_clip: true, deadline: 50s, deadline_rule: stop,\n"
            " retry_on: [timeout, connection, throttled, overloaded, error],\n"
            " backoff: {shape: exponential, base: 1s, cap: 32s, jitter: full, round_to: 1ms}}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "gax-java was read at v2.20.1; ServiceOptions in a copy that names no version",
    .chosen = "what is retried: 408, 429 and 5xx",
    .notes = "It gives up at once when the next wait would end after the 50 s.",
};

const struct preset_row preset_google_api_core = {
    .row = {.name = "google-api-core",
            .summary = "Google API clients for Python: 1 s doubling to 60 s, full jitter, 120 s in all",
            .source = "googleapis/python-api-core, commit 07db4c2: google/api_core/retry/retry_base.py"},
    .text = "{attempts: unlimited, deadline: 120s, deadline_rule: stop, deadline_cuts: false,\n"
            " retry_on: [connection, throttled, overloaded, shed, server-error],\n"
            " backoff: {shape: exponential, base: 1s, cap: 60s, jitter: full}}",
    .confidence = PRESET_READ,
    .notes = "No limit of attempts. The 120 s do not cut an attempt under way. 502 and 504 are not retried, nor a "
             "timeout.",
};
