/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breaker cumulative: trips on all failures so far, however long ago. */
#include "policy/breaker/rows.h"

static size_t counts_size(const void *parameters)
{
    (void)parameters;
    return sizeof(struct breaker_tally);
}

static bool is_bad(const void *parameters, void *counts, const struct breaker_time *at)
{
    return trip_reached(&((const struct breaker_cumulative *)parameters)->trip, counts, at->age_ns);
}

static bool add(const void *parameters, void *counts, const struct breaker_time *at,
                const struct breaker_sample *sample)
{
    const struct breaker_cumulative *p = parameters;
    trip_count(&p->trip, counts, p->out_of == OUT_OF_ANSWERS, sample);
    return is_bad(parameters, counts, at);
}

static bool hears_calls(const void *parameters)
{
    return ((const struct breaker_cumulative *)parameters)->out_of == OUT_OF_CALLS;
}

static void asked(const void *parameters, void *counts, const struct breaker_time *at)
{
    (void)parameters;
    (void)at;
    ((struct breaker_tally *)counts)->calls++;
}

static int64_t changes_ns(const void *parameters, const void *counts, const struct breaker_time *at)
{
    (void)counts;
    return trip_ages_ns(((const struct breaker_cumulative *)parameters)->trip.min_age_ns, at);
}

static void reset(const void *parameters, void *counts, const struct breaker_time *at)
{
    (void)parameters;
    (void)at;
    *(struct breaker_tally *)counts = (struct breaker_tally){0};
}

static const char *prepare(void *parameters)
{
    return trip_complaint(&((const struct breaker_cumulative *)parameters)->trip);
}

static const struct field fields[] = {
    BREAKER_TRIP_FIELDS(struct breaker_cumulative, "0", NULL),
    BREAKER_OUT_OF_FIELD(struct breaker_cumulative, out_of),
    {0},
};

const struct breaker_row breaker_cumulative = {
    .row = {.name = "cumulative",
            .summary = "trips on all failures so far: successes do not make up for them",
            .formula = "bad when, of all results since the last reset, failures >= `failures` or their share >= ratio",
            .source = "hand-written breakers that never reset their count on success; gobreaker with interval 0",
            .fields = fields,
            .size = sizeof(struct breaker_cumulative),
            .prepare = prepare},
    .counts_size = counts_size,
    .add = add,
    .is_bad = is_bad,
    .changes_ns = changes_ns,
    .asked = asked,
    .hears_calls = hears_calls,
    .reset = reset,
};
