/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finagle. Its own retries are of requests that were provably not sent. */
#include "policy/presets/rows.h"

#define FINAGLE "twitter/finagle, commit 4feb34c, 2024-10: "
#define NOT_SENT "retry_on: [refused, connect-timeout, unprocessed]"

const struct preset_row preset_finagle_requeue = {
    .row = {.name = "finagle-requeue",
            .summary = "Finagle's requeues, always on: what was never sent again at once, within the retry budget",
            .source = FINAGLE "service/RequeueFilter.scala, Retries.scala, RetryBudget.scala"},
    .text = "{attempts: unlimited, backoff: none,\n"
            " " NOT_SENT ",\n"
            " budget: {preset: finagle-requeue}, breaker: {preset: finagle-accrual}}",
    .confidence = PRESET_READ,
    .notes = "A request may be requeued ceil(0.2 x balance) times, 20 with a fresh budget. Only successes pay into "
             "the budget here. No wait at all between requeues.",
};

const struct preset_row preset_finagle_tries = {
    .row = {.name = "finagle-tries",
            .summary = "Finagle RetryPolicy.tries(3): 3 attempts, its own decorrelated jitter from 5 to 200 ms",
            .source = FINAGLE "service/RetryPolicy.scala, RetryFilter.scala, Backoff.scala"},
    .text = "{attempts: 3,\n"
            " backoff: {shape: fixed, base: 5ms, cap: 200ms,\n"
            "   jitter: {kind: decorrelated, limit: soft, lower: previous, first: base}},\n"
            " " NOT_SENT ",\n"
            " budget: {preset: finagle}, breaker: {preset: finagle-accrual}}",
    .confidence = PRESET_READ,
    .chosen = "3 attempts, the N of tries(N)",
    .notes = "tries(N) retries write exceptions only; give 'retry_on: [timeout, refused, ...]' for more. The jitter "
             "has the name of AWS's but never shrinks, and the first wait is always 5 ms. Every request pays into "
             "the budget at its start, so it works on in a total outage: 20 % and 10/s.",
};

const struct preset_row preset_finagle_backup = {
    .row = {.name = "finagle-backup",
            .summary = "Finagle's backup requests for at most 1 % extra load: one more at the 99 % quantile of "
                       "latency",
            .source = FINAGLE "client/BackupRequestFilter.scala"},
    .text = "{attempts: 2,\n"
            " " NOT_SENT ",\n"
            " hedge: {after: quantile, quantile: 99%, delay: 1ms, refresh: 3s, on_failure: wait},\n"
            " budget: [{preset: finagle-backup}, {preset: finagle}]}",
    .confidence = PRESET_READ,
    .chosen = "maxExtraLoad of 1 %; it is off unless the user turns it on",
    .notes = "A backup needs a token of its own budget and one of the client's.",
};
