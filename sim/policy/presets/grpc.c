/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gRPC: the retry proposal A6 and the wait between connects. A service configuration has no retries unless it sets all
 * of a retry policy, so the numbers are the proposal's example. What a transport reports is UNAVAILABLE there. */
#include "policy/presets/rows.h"

#define A6 "grpc/proposal A6-client-retries.md, commit 1fd061a; grpc/grpc-go v1.85-dev stream.go, commit 4793ad0"
#define UNAVAILABLE "retry_on: [connection, overloaded]"
#define PUSHBACK                                                                                                       \
    "A negative pushback (shed) is never retried. Retries that never reached the server are not counted by gRPC; "     \
    "here they are. DEADLINE_EXCEEDED (timeout) is not retried: it is the end of the call."
#define EXAMPLE "the values of the proposal's example; all of them are the user's, and at most 5 attempts are allowed"

const struct preset_row preset_grpc_a6_example = {
    .row = {.name = "grpc-a6-example",
            .summary = "gRPC, the example of proposal A6: 4 attempts, 100 ms doubling to 1 s, plus or minus 20 %",
            .source = A6},
    .library = "grpc",
    .text = "{attempts: 4, deadline_rule: cut,\n"
            " backoff: {shape: exponential, base: 100ms, cap: 1s, jitter: {kind: proportional, ratio: 20%}},\n"
            " " UNAVAILABLE ",\n"
            " retry_after: {rule: replace, restarts: true}}",
    .confidence = PRESET_READ,
    .chosen = EXAMPLE,
    .notes = PUSHBACK " A pushback of 0 or more replaces the wait and starts the backoff anew.",
};

const struct preset_row preset_grpc_a6_throttled = {
    .row = {.name = "grpc-a6-throttled",
            .summary = "gRPC, that example with retryThrottling: failures cost a token, retries need more than half",
            .source = A6},
    .library = "grpc",
    .text = "{attempts: 4, deadline_rule: cut,\n"
            " backoff: {shape: exponential, base: 100ms, cap: 1s, jitter: {kind: proportional, ratio: 20%}},\n"
            " " UNAVAILABLE ",\n"
            " retry_after: {rule: replace, restarts: true},\n"
            " budget: {preset: grpc-throttle}}",
    .confidence = PRESET_READ,
    .chosen = EXAMPLE,
    .notes = PUSHBACK,
};

const struct preset_row preset_grpc_a6_pre2024 = {
    .row = {.name = "grpc-a6-pre2024",
            .summary = "gRPC, that example before 2024-08-29: full jitter in place of plus or minus 20 %",
            .source = "grpc/proposal A6-client-retries.md before commit dc9fd4f, 2024-08-29 (grpc-go until "
                      "2024-11-26)"},
    .library = "grpc",
    .text = "{attempts: 4, deadline_rule: cut,\n"
            " backoff: {shape: exponential, base: 100ms, cap: 1s, jitter: full},\n"
            " " UNAVAILABLE ",\n"
            " retry_after: {rule: replace, restarts: true}}",
    .confidence = PRESET_READ,
    .chosen = EXAMPLE,
};

const struct preset_row preset_grpc_hedge_example = {
    .row = {.name = "grpc-hedge-example",
            .summary = "gRPC hedging as proposal A6 has it: up to 4 sends, one every 500 ms, the next at once if "
                       "one fails",
            .source = A6},
    .library = "grpc-hedge",
    .text = "{attempts: 4, deadline_rule: cut,\n"
            " " UNAVAILABLE ",\n"
            " hedge: {delay: 500ms, extra: 3, on_failure: next},\n"
            " budget: {preset: grpc-throttle}}",
    .confidence = PRESET_READ,
    .chosen = "500 ms and 4 attempts, of the proposal's example, and its throttle",
    .notes = "A status that is not retried ends all. grpc-go and the C core have no hedging.",
};

const struct preset_row preset_grpc_hedge_java = {
    .row = {.name = "grpc-hedge-java",
            .summary = "gRPC hedging as grpc-java does it: a failure does not send the next hedge early",
            .source = "grpc/grpc-java core/src/main/java/io/grpc/internal/RetriableStream.java, commit 5fda0c7"},
    .library = "grpc-hedge",
    .text = "{attempts: 4, deadline_rule: cut,\n"
            " " UNAVAILABLE ",\n"
            " hedge: {delay: 500ms, extra: 3, on_failure: wait},\n"
            " budget: {preset: grpc-throttle}}",
    .confidence = PRESET_READ,
    .chosen = "500 ms and 4 attempts, of the proposal's example, and its throttle",
    .notes = "Only an explicit pushback moves the next hedge there.",
};

const struct preset_row preset_grpc_connect_go = {
    .row = {.name = "grpc-connect-go",
            .summary = "grpc-go's reconnect: 1 s growing by 1.6 to 2 min, plus or minus 20 %, the first exactly 1 s",
            .source = "grpc/grpc-go v1.85-dev clientconn.go, commit 4793ad0"},
    .library = "grpc-connect",
    .text = "{attempts: unlimited, retry_on: [default, -local],\n"
            " backoff: {shape: exponential, base: 1s, multiplier: 1.6, cap: 120s, first: exact,\n"
            "   jitter: {kind: proportional, ratio: 20%}}}",
    .confidence = PRESET_READ,
    .notes = "The first wait has no jitter: clients that lost their connection together try again together.",
};

const struct preset_row preset_grpc_connect_java = {
    .row = {.name = "grpc-connect-java",
            .summary = "grpc-java's reconnect: as grpc-go's, with jitter in the first wait, too",
            .source = "grpc/grpc-java core/src/main/java/io/grpc/internal/ExponentialBackoffPolicy.java, commit "
                      "5fda0c7"},
    .library = "grpc-connect",
    .text = "{attempts: unlimited, retry_on: [default, -local],\n"
            " backoff: {shape: exponential, base: 1s, multiplier: 1.6, cap: 120s,\n"
            "   jitter: {kind: proportional, ratio: 20%}}}",
    .confidence = PRESET_READ,
};
