/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AWS SDKs. "throttled" is what their services say with a throttling code. */
#include "policy/presets/rows.h"

#define BOTOCORE "boto/botocore 1.43.67, commit 0e6e240, 2026-08-07: "
#define SPEC_2026                                                                                                      \
    BOTOCORE "botocore/retries/standard.py, quota.py; aws/aws-sdk-go-v2 aws/retry/retry2026_test.go, commit 058d984; " \
    "smithy-lang/smithy-rs client/retries/token_bucket.rs, commit 56ee88c"
#define RETRIES "retry_on: [timeout, connection, throttled, overloaded, shed, error]"

const struct preset_row preset_aws_legacy = {
    .row = {.name = "aws-legacy",
            .summary = "AWS SDK for Python, retry mode legacy, its default: 5 attempts, full jitter, no cap, no "
                       "quota",
            .source = BOTOCORE "botocore/retryhandler.py, botocore/data/_retry.json"},
    .library = "aws-python",
    .text = "{attempts: 5, timeout: 60s, backoff: {shape: exponential, base: 1s, jitter: full},\n"
            " " RETRIES "}",
    .confidence = PRESET_READ,
    .notes = "In a client's configuration max_attempts means retries in this mode; total_max_attempts and "
             "AWS_MAX_ATTEMPTS mean attempts. A bare 429 without an error code is retried here and not in mode "
             "standard; here both are 'throttled', which both retry. No Retry-After.",
};

const struct preset_row preset_aws_legacy_dynamodb = {
    .row = {.name = "aws-legacy-dynamodb",
            .summary = "AWS SDK for Python, legacy, for DynamoDB: 10 attempts, from 50 ms, without jitter",
            .source = BOTOCORE "botocore/data/_retry.json"},
    .library = "aws-python",
    .text = "{attempts: 10, timeout: 60s, backoff: {shape: exponential, base: 50ms},\n"
            " " RETRIES "}",
    .confidence = PRESET_READ,
    .notes = "Without jitter, callers that failed together come back together, nine times.",
};

const struct preset_row preset_aws_standard = {
    .row = {.name = "aws-standard",
            .summary = "AWS SDK for Python, retry mode standard: 3 attempts, full jitter from 1 s, a retry quota",
            .source = BOTOCORE "botocore/retries/standard.py, quota.py, bucket.py"},
    .library = "aws-python",
    .text = "{attempts: 3, timeout: 60s, backoff: {shape: exponential, base: 1s, cap: 20s, jitter: full},\n"
            " " RETRIES ",\n"
            " budget: {preset: aws-quota}}",
    .confidence = PRESET_READ,
    .notes = "A 503 without a throttling code is a transient error, not throttling. A bare 429 is not retried by "
             "this mode; here 'throttled' stands for throttling codes. With the quota a total outage allows 100 "
             "retries a client (50 after timeouts), and then none until something succeeds: time does not refill "
             "it.",
};

const struct preset_row preset_aws_standard_pre2024 = {
    .row = {.name = "aws-standard-pre2024",
            .summary = "AWS SDK for Python, standard, before 2024-05-15: the cap of 20 s came after the jitter",
            .source = "boto/botocore before commit 70514ef, 2024-05-15: botocore/retries/standard.py"},
    .library = "aws-python",
    .text = "{attempts: 3, timeout: 60s, backoff: {shape: exponential, base: 1s, jitter: full, max_wait: 20s},\n"
            " " RETRIES ",\n"
            " budget: {preset: aws-quota}}",
    .confidence = PRESET_READ,
    .notes = "With 3 attempts the cap is never reached, so the two differ only where attempts are raised to 6 or "
             "more.",
};

const struct preset_row preset_aws_standard_2026 = {
    .row = {.name = "aws-standard-2026",
            .summary = "AWS SDKs, retry mode standard as specified in 2026: first wait up to 50 ms, throttled 1 s",
            .source = SPEC_2026},
    .library = "aws-python",
    .text = "{attempts: 3, timeout: 60s, backoff: {shape: exponential, base: 50ms, cap: 20s, jitter: full},\n"
            " rules: [{on: throttled, backoff: {shape: exponential, base: 1s, cap: 20s, jitter: full}}],\n"
            " " RETRIES ",\n"
            " retry_after: {rule: clamp, slack: 5s, on: [throttled, overloaded, shed, error]},\n"
            " budget: {preset: aws-quota-2026}}",
    .confidence = PRESET_READ,
    .notes = "In botocore behind AWS_NEW_RETRIES_2026, off by default. The first retry comes 20 times as fast as in "
             "aws-standard and costs nearly three times as much: a total outage allows 35 retries a client. "
             "Long-poll operations wait even when the quota is empty; not here. The header is x-amz-retry-after.",
};

const struct preset_row preset_aws_standard_2026_dynamodb = {
    .row = {.name = "aws-standard-2026-dynamodb",
            .summary = "AWS SDKs, standard as specified in 2026, for DynamoDB: 4 attempts, from 25 ms",
            .source = SPEC_2026},
    .library = "aws-python",
    .text = "{attempts: 4, timeout: 60s, backoff: {shape: exponential, base: 25ms, cap: 20s, jitter: full},\n"
            " rules: [{on: throttled, backoff: {shape: exponential, base: 1s, cap: 20s, jitter: full}}],\n"
            " " RETRIES ",\n"
            " retry_after: {rule: clamp, slack: 5s, on: [throttled, overloaded, shed, error]},\n"
            " budget: {preset: aws-quota-2026}}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_aws_adaptive = {
    .row = {.name = "aws-adaptive",
            .summary = "AWS SDK for Python, retry mode adaptive: standard, and a send rate that throttling lowers",
            .source = BOTOCORE "botocore/retries/adaptive.py, standard.py"},
    .library = "aws-python",
    .text = "{attempts: 3, timeout: 60s, backoff: {shape: exponential, base: 1s, cap: 20s, jitter: full},\n"
            " " RETRIES ",\n"
            " budget: {preset: aws-quota}, gates: {preset: aws-adaptive}}",
    .confidence = PRESET_READ,
    .notes = "Until the first throttling answer it is aws-standard.",
};

const struct preset_row preset_aws_adaptive_2026 = {
    .row = {.name = "aws-adaptive-2026",
            .summary = "AWS SDKs, retry mode adaptive as specified in 2026",
            .source = SPEC_2026},
    .library = "aws-python",
    .text = "{attempts: 3, timeout: 60s, backoff: {shape: exponential, base: 50ms, cap: 20s, jitter: full},\n"
            " rules: [{on: throttled, backoff: {shape: exponential, base: 1s, cap: 20s, jitter: full}}],\n"
            " " RETRIES ",\n"
            " retry_after: {rule: clamp, slack: 5s, on: [throttled, overloaded, shed, error]},\n"
            " budget: {preset: aws-quota-2026}, gates: {preset: aws-adaptive}}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_aws_go_v2_standard = {
    .row = {.name = "aws-go-v2-standard",
            .summary = "AWS SDK for Go v2, standard: one doubling above Python's; the fifth wait on is exactly 20 s",
            .source = "aws/aws-sdk-go-v2: aws/retry/standard.go, commit 1489ddb, jitter_backoff.go, commit bf6f5a8"},
    .text = "{attempts: 3, deadline_rule: cut,\n"
            " backoff: {shape: exponential, base: 1s, offset: 1, cap: 20s, at_cap: exact, jitter: full},\n"
            " " RETRIES ",\n"
            " budget: {preset: aws-quota}}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "that the current middleware still counts from 1 (one doubling above botocore) was seen in an older "
             "middleware.go only. With its 2026 gate on, it is aws-standard-2026.",
    .notes = "No timeout of an attempt and no deadline: the context gives one.",
};

const struct preset_row preset_aws_java_v2_standard = {
    .row = {.name = "aws-java-v2-standard",
            .summary = "AWS SDK for Java 2, standard: 3 attempts, full jitter from 100 ms (throttled: 1 s)",
            .source = "aws/aws-sdk-java-v2: core/retries DefaultRetryStrategy.java, commit 25787b3, backoff/, "
                      "commit f4286fc"},
    .library = "aws-java",
    .text = "{attempts: 3,\n"
            " backoff: {shape: exponential, base: 100ms, cap: 20s, jitter: full, round_to: 1ms},\n"
            " rules: [{on: throttled,\n"
            "   backoff: {shape: exponential, base: 1s, cap: 20s, jitter: full, round_to: 1ms}}],\n"
            " " RETRIES ",\n"
            " budget: {preset: aws-quota-java}}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "single files, at differing commits; an early version began at 1 s",
    .notes = "Waits are whole milliseconds, from 0 to one below the bound.",
};

const struct preset_row preset_aws_java_v2_legacy = {
    .row = {.name = "aws-java-v2-legacy",
            .summary = "AWS SDK for Java 2, legacy: 4 attempts; throttled, 500 ms with equal jitter and free of "
                       "charge",
            .source = "aws/aws-sdk-java-v2: core/retries DefaultRetryStrategy.java, commit 25787b3, backoff/, "
                      "commit f4286fc"},
    .library = "aws-java",
    .text = "{attempts: 4,\n"
            " backoff: {shape: exponential, base: 100ms, cap: 20s, jitter: full, round_to: 1ms},\n"
            " rules: [{on: throttled, backoff: {shape: exponential, base: 500ms, cap: 20s, jitter: equal,\n"
            "   round_to: 1ms, rounding: inclusive}}],\n"
            " " RETRIES ",\n"
            " budget: {preset: aws-quota-java-legacy}}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "single files, at differing commits",
    .notes = "Retries of throttled requests cost the quota nothing: nothing but the 4 attempts limits them.",
};

const struct preset_row preset_aws_go_v1 = {
    .row = {.name = "aws-go-v1",
            .summary = "AWS SDK for Go v1: 3 retries, 30 ms doubling and up to as much again (throttled: 500 ms)",
            .source = "aws/aws-sdk-go: aws/client/default_retryer.go, commit 8d203cc"},
    .text = "{attempts: 4, deadline_rule: cut,\n"
            " backoff: {shape: exponential, base: 30ms, jitter: {kind: factor, low: 1, high: 2},\n"
            "   cap: 300s, at_cap: redraw},\n"
            " rules: [{on: throttled, backoff: {shape: exponential, base: 500ms,\n"
            "   jitter: {kind: factor, low: 1, high: 2}, cap: 300s, at_cap: redraw}}],\n"
            " " RETRIES ",\n"
            " retry_after: {rule: add, on: [throttled, overloaded, shed]}}",
    .confidence = PRESET_READ,
    .notes = "Retry-After is added to the wait, not put in its place. A wait above 300 s becomes U(150 s, 300 s). "
             "No quota.",
};
