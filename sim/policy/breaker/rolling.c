/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breaker rolling: trips on what happened in the last stretch of time, kept in buckets. */
#include "policy/breaker/rows.h"

#include <math.h>

#include "policy/breaker/buckets.h"

static struct buckets_shape shape_of(const struct breaker_rolling *p)
{
    return (struct buckets_shape){p->window_ns / p->buckets, (uint32_t)p->buckets, isfinite(p->trip.slow_ratio)};
}

static size_t counts_size(const void *parameters)
{
    struct buckets_shape shape = shape_of(parameters);
    return buckets_size(&shape);
}

static bool is_bad(const void *parameters, void *counts, const struct breaker_time *at)
{
    const struct breaker_rolling *p = parameters;
    struct buckets *buckets = counts;
    struct buckets_shape shape = shape_of(p);
    buckets_turn(&shape, buckets, at->grid_ns);
    return trip_reached(&p->trip, &buckets->total, at->age_ns);
}

static bool add(const void *parameters, void *counts, const struct breaker_time *at,
                const struct breaker_sample *sample)
{
    const struct breaker_rolling *p = parameters;
    struct buckets *buckets = counts;
    struct buckets_shape shape = shape_of(p);
    struct breaker_tally one = {0};
    trip_count(&p->trip, &one, p->out_of == OUT_OF_ANSWERS, sample);
    buckets_turn(&shape, buckets, at->grid_ns);
    buckets_add(&shape, buckets, &one);
    return trip_reached(&p->trip, &buckets->total, at->age_ns);
}

static bool hears_calls(const void *parameters)
{
    return ((const struct breaker_rolling *)parameters)->out_of == OUT_OF_CALLS;
}

static void asked(const void *parameters, void *counts, const struct breaker_time *at)
{
    struct buckets_shape shape = shape_of(parameters);
    buckets_turn(&shape, counts, at->grid_ns);
    buckets_add(&shape, counts, &(struct breaker_tally){.calls = 1});
}

static int64_t changes_ns(const void *parameters, const void *counts, const struct breaker_time *at)
{
    const struct breaker_rolling *p = parameters;
    struct buckets_shape shape = shape_of(p);
    int64_t turns_ns = buckets_change_ns(&shape, counts, at), ages_ns = trip_ages_ns(p->trip.min_age_ns, at);
    return turns_ns < ages_ns ? turns_ns : ages_ns;
}

static void reset(const void *parameters, void *counts, const struct breaker_time *at)
{
    (void)at;
    struct buckets_shape shape = shape_of(parameters);
    buckets_clear(&shape, counts);
}

static const char *prepare(void *parameters)
{
    const struct breaker_rolling *p = parameters;
    return p->buckets > p->window_ns ? "a bucket of the window would be shorter than 1 ns" : trip_complaint(&p->trip);
}

static const struct field fields[] = {
    {"window", FIELD_DURATION, offsetof(struct breaker_rolling, window_ns), .min = 1, .max = 1e18,
     .help = "time that counts: the last one"},
    {"buckets", FIELD_COUNT, offsetof(struct breaker_rolling, buckets), .min = 1, .max = BUCKETS_MAX, .text = "10",
     .help = "parts of it, which are forgotten as a whole; the present one still fills"},
    BREAKER_TRIP_FIELDS(struct breaker_rolling, "0", NULL),
    BREAKER_OUT_OF_FIELD(struct breaker_rolling, out_of),
    {0},
};

const struct breaker_row breaker_rolling = {
    .row = {.name = "rolling",
            .summary = "trips on the failures in the last stretch of time",
            .formula =
                "bad when calls >= min_calls and failures / calls >= ratio, over `buckets` parts of window / buckets",
            .source = "Hystrix, Polly v8, opossum, resilience4j TIME_BASED (buckets of 1 s, grid: clock)",
            .fields = fields,
            .size = sizeof(struct breaker_rolling),
            .prepare = prepare},
    .counts_size = counts_size,
    .add = add,
    .is_bad = is_bad,
    .changes_ns = changes_ns,
    .asked = asked,
    .hears_calls = hears_calls,
    .reset = reset,
    .on_grid = true,
};
