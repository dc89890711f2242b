/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Node.js libraries. */
#include "policy/presets/rows.h"

const struct preset_row preset_node_retry = {
    .row = {.name = "node-retry",
            .summary = "node-retry: 10 retries, 1 s doubling, no cap, no jitter",
            .source = "tim-kos/node-retry 0.13, commit 11efd6e: lib/retry.js, retry_operation.js"},
    .library = "node-retry",
    .text = "{attempts: 11, deadline_rule: check, deadline_cuts: false, retry_on: all,\n"
            " backoff: {shape: exponential, base: 1s}}",
    .confidence = PRESET_READ,
    .notes = "retries counts retries: the last wait is 512 s.",
};

const struct preset_row preset_p_retry = {
    .row = {.name = "p-retry",
            .summary = "p-retry: node-retry's waits, cut to maxRetryTime if that is set",
            .source = "sindresorhus/p-retry 7, commit e11ca9c: index.js"},
    .library = "node-retry",
    .text = "{attempts: 11, deadline_rule: clip, deadline_cuts: false, retry_on: all,\n"
            " backoff: {shape: exponential, base: 1s}}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_async_retry = {
    .row = {.name = "async-retry",
            .summary = "async-retry: node-retry with its jitter on: 1 s doubling and up to as much again",
            .source = "vercel/async-retry 1.3, commit 9505be1: lib/index.js; node-retry 0.13, commit 11efd6e"},
    .library = "node-retry",
    .text = "{attempts: 11, deadline_rule: check, deadline_cuts: false, retry_on: all,\n"
            " backoff: {shape: exponential, base: 1s, jitter: sorted, round_to: 1ms, rounding: nearest}}",
    .confidence = PRESET_READ,
    .notes = "All waits are drawn at the start and sorted, which changes nothing while they double.",
};
