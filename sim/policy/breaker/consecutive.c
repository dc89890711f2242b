/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breaker consecutive: trips on a run of failures. */
#include "policy/breaker/rows.h"

struct run {
    uint32_t failures;
};

static size_t counts_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct run);
}

static bool is_bad(const void *parameters, void *counts, const struct breaker_time *at)
{
    const struct breaker_consecutive *p = parameters;
    (void)at;
    return trip_exceeds(((const struct run *)counts)->failures, p->failures, p->compare);
}

static bool add(const void *parameters, void *counts, const struct breaker_time *at,
                const struct breaker_sample *sample)
{
    struct run *run = counts;
    if (sample->good)
        run->failures = 0;
    else if (run->failures < UINT32_MAX)
        run->failures++;
    return is_bad(parameters, counts, at);
}

static void reset(const void *parameters, void *counts, const struct breaker_time *at)
{
    (void)parameters;
    (void)at;
    ((struct run *)counts)->failures = 0;
}

static const struct field fields[] = {
    {"failures", FIELD_COUNT, offsetof(struct breaker_consecutive, failures), .min = 1, .max = 1e9,
     .help = "failures in a row that trip it"},
    BREAKER_COMPARE_FIELD(struct breaker_consecutive, compare),
    {0},
};

const struct breaker_row breaker_consecutive = {
    .row = {.name = "consecutive",
            .summary = "trips on a run of failures",
            .formula = "bad when the last `failures` results were all failures (compare: above: one more)",
            .source =
                "Nygard, Release It! (2007); Polly v7, gobreaker (above 5), Envoy, Linkerd, Finagle failure accrual",
            .fields = fields,
            .size = sizeof(struct breaker_consecutive)},
    .counts_size = counts_size,
    .add = add,
    .is_bad = is_bad,
    .reset = reset,
};
