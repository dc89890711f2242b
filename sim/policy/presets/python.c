/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Python libraries. */
#include "policy/presets/rows.h"

#define TENACITY "jd/tenacity 9.1.4+, commit c650fb4: tenacity/wait.py, stop.py"
#define TENACITY_DEADLINE "deadline_rule: check, deadline_cuts: false"

const struct preset_row preset_tenacity_default = {
    .row = {.name = "tenacity-default",
            .summary = "tenacity, a bare @retry: again at once, for ever, after any exception",
            .source = TENACITY},
    .library = "tenacity",
    .text = "{attempts: unlimited, " TENACITY_DEADLINE ", retry_on: all,\n"
            " backoff: {shape: fixed, base: 100us}}",
    .confidence = PRESET_READ,
    .chosen = "100 us between attempts: the library waits 0, and its own work must take some time here, too",
    .notes = "A loop as fast as failures come back. stop_after_delay ('deadline') is looked at before a wait, which "
             "may then end later.",
};

const struct preset_row preset_tenacity_rexp = {
    .row = {.name = "tenacity-rexp",
            .summary = "tenacity, wait_random_exponential(multiplier=1, max=60): full jitter from 1 s to 60 s",
            .source = TENACITY},
    .library = "tenacity",
    .text = "{attempts: unlimited, " TENACITY_DEADLINE ", retry_on: all,\n"
            " backoff: {shape: exponential, base: 1s, cap: 60s, jitter: full}}",
    .confidence = PRESET_READ,
    .chosen = "multiplier 1 and max 60, of its manual; no stop, so it goes on for ever",
    .notes = "Before 2019-06 the first wait was twice as long.",
};

const struct preset_row preset_tenacity_rexp_pre2019 = {
    .row = {.name = "tenacity-rexp-pre2019",
            .summary = "tenacity before 2019-06: its random exponential one doubling above, up to 2 s first",
            .source = "jd/tenacity before 2019-06: tenacity/wait.py"},
    .library = "tenacity",
    .text = "{attempts: unlimited, " TENACITY_DEADLINE ", retry_on: all,\n"
            " backoff: {shape: exponential, base: 1s, offset: 1, cap: 60s, jitter: full}}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "the change was seen in its history, not its release",
    .chosen = "multiplier 1 and max 60",
};

const struct preset_row preset_tenacity_exp_jitter = {
    .row = {.name = "tenacity-exp-jitter",
            .summary = "tenacity, wait_exponential_jitter: 1 s doubling, and up to 1 s more",
            .source = TENACITY},
    .library = "tenacity",
    .text = "{attempts: unlimited, " TENACITY_DEADLINE ", retry_on: all,\n"
            " backoff: {shape: exponential, base: 1s, jitter: {kind: additive, amount: 1s}}}",
    .confidence = PRESET_READ,
    .chosen = "no max ('max_wait': it is applied after the jitter)",
    .notes = "The jitter does not grow: late retries of a herd stay within one second.",
};

const struct preset_row preset_urllib3 = {
    .row = {.name = "urllib3",
            .summary = "urllib3 Retry(10, backoff_factor=0.5): the first retry at once, then 1 s doubling to 120 s",
            .source = "urllib3/urllib3 2.7, commit 6a8536b: src/urllib3/util/retry.py"},
    .library = "urllib3",
    .text = "{attempts: 11, unsafe: stop,\n"
            " backoff: {shape: exponential, base: 500ms, first: zero, max_wait: 120s},\n"
            " retry_on: [timeout, connection, throttled, overloaded, shed],\n"
            " retry_after: {rule: required, on: [throttled, overloaded, shed], limit: 6h, zero_falls_through: true}}",
    .confidence = PRESET_READ,
    .chosen = "backoff_factor 0.5; its default is 0, no wait at all",
    .notes = "total counts retries. No status is retried by itself: 429 and 503 only with Retry-After, which "
             "replaces the wait; 0 leaves it. Only HEAD, GET, PUT, DELETE, OPTIONS and TRACE are retried: "
             "'idempotent_ratio' of the population says how many of its requests are.",
};

const struct preset_row preset_requests = {
    .row = {.name = "requests",
            .summary = "requests: no retries",
            .source = "psf/requests, commit 1f6589e: src/requests/adapters.py"},
    .text = "{attempts: 1}",
    .confidence = PRESET_READ,
    .notes = "No timeout either, unless you give one.",
};

const struct preset_row preset_litl_expo = {
    .row = {.name = "litl-expo",
            .summary = "litl/backoff on_exception(expo): full jitter from 1 s, no cap, for ever",
            .source = "litl/backoff 2.2.1, commit d82b23c: backoff/_sync.py, _wait_gen.py, _jitter.py"},
    .text = "{attempts: unlimited, deadline_rule: clip, deadline_from: attempt, deadline_cuts: false, retry_on: all,\n"
            " backoff: {shape: exponential, base: 1s, jitter: full}}",
    .confidence = PRESET_READ,
    .chosen = "no max_tries, no max_time, no max_value, as its defaults are",
    .notes = "max_time ('deadline') is compared with the time when the failed attempt began, so one more follows.",
};
