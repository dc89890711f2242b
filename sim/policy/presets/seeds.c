/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The snippets that this project began with: five texts on retries as they circulate, 000 to 004. Where text and code
 * of one of them disagree, both are here. */
#include "policy/presets/rows.h"

const struct preset_row preset_seed0_prop10 = {
    .row = {.name = "seed0-prop10",
            .summary = "snippet 000: 1 s doubling and up to a tenth more, no cap; max_retries=5 means attempts",
            .source = "text 000 of the five that this project began with"},
    .text = "{attempts: 5,\n"
            " backoff: {shape: exponential, base: 1s, jitter: {kind: proportional, ratio: 10%, side: added}}}",
    .confidence = PRESET_READ,
    .notes = "A tenth hardly spreads a herd.",
};

const struct preset_row preset_seed1_half = {
    .row = {.name = "seed1-half",
            .summary = "snippet 001: 2 s doubling and up to half as much more, 3 attempts",
            .source = "text 001 of the five that this project began with"},
    .text = "{attempts: 3,\n"
            " backoff: {shape: exponential, base: 1s, offset: 1,\n"
            "   jitter: {kind: proportional, ratio: 50%, side: added}}}",
    .confidence = PRESET_READ,
    .chosen = "a base of 1 s",
    .notes = "It counts before it computes, so the first wait is 2 s, not 1 s.",
};

const struct preset_row preset_seed3_simple = {
    .row = {.name = "seed3-simple",
            .summary = "snippet 003: 5 attempts, 1 s after each, after the last one, too",
            .source = "text 003 of the five that this project began with"},
    .text = "{attempts: 6,\n"
            " backoff: {shape: table, delays: [1s, 1s, 1s, 1s, 1s, 2s], cap: 1s, at_cap: stop}}",
    .confidence = PRESET_READ,
    .notes = "It sends 5 times and fails when the fifth wait is over: the sixth attempt is never made. Its caller "
             "does not learn of the failure, it gets an empty result.",
};

const struct preset_row preset_seed4_code = {
    .row = {.name = "seed4-code",
            .summary = "snippet 004, its code: 1 s doubling to 32 s, and up to as much again; 5 attempts",
            .source = "text 004 of the five that this project began with"},
    .library = "seed4",
    .text = "{attempts: 5, timeout: 5s,\n"
            " backoff: {shape: exponential, base: 1s, cap: 32s, jitter: {kind: factor, low: 1, high: 2}},\n"
            " retry_on: [timeout, connection, throttled, overloaded, error],\n"
            " retry_after: {rule: replace, on: throttled}}",
    .confidence = PRESET_READ,
    .notes = "Full jitter added to the whole wait: from d to 2 d, up to twice the cap. max_retries=5 means "
             "attempts.",
};

const struct preset_row preset_seed4_prose = {
    .row = {.name = "seed4-prose",
            .summary = "snippet 004, its text: 2 s doubling to 32 s, and up to as much again; 5 retries",
            .source = "text 004 of the five that this project began with"},
    .library = "seed4",
    .text = "{attempts: 6, timeout: 5s,\n"
            " backoff: {shape: exponential, base: 1s, offset: 1, cap: 32s, jitter: {kind: factor, low: 1, high: 2}},\n"
            " retry_on: [timeout, connection, throttled, overloaded, error],\n"
            " retry_after: {rule: replace, on: throttled}}",
    .confidence = PRESET_READ,
    .notes = "It calls this 'AWS Standard', which draws from 0 to d, and prints ranges from 0.5 to 4 s that its "
             "formula cannot give.",
};

const struct preset_row preset_seed4_decorrelated = {
    .row = {.name = "seed4-decorrelated",
            .summary = "snippet 004, decorrelated: min(32 s, U(1 s, 3 x the last wait)); 5 attempts",
            .source = "text 004 of the five that this project began with"},
    .library = "seed4",
    .text = "{attempts: 5, timeout: 5s, backoff: {shape: fixed, base: 1s, cap: 32s, jitter: decorrelated},\n"
            " retry_on: [timeout, connection, throttled, overloaded, error],\n"
            " retry_after: {rule: replace, on: throttled}}",
    .confidence = PRESET_READ,
};
