/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breaker ema: trips on a moving average of failures that forgets exponentially.
 *
 * w = exp(-(time since the last result) / window), average = w average + (1 - w) x, with x = 1 for a failure. So what
 * counts is how long ago the result before was: of two in the same instant only the first does. `min_calls` are counted
 * over the window in five slices, as Finagle does. */
#include "policy/breaker/rows.h"

#include <math.h>

#include "policy/breaker/buckets.h"

enum { SLICES = 5 };

struct average {
    double failures;
    int64_t updated_ns;
    int64_t results; /* 0: none yet; else 1 */
};

static struct buckets_shape shape_of(const struct breaker_ema *p)
{
    return (struct buckets_shape){p->window_ns / SLICES, SLICES, false};
}

static bool counts_calls(const struct breaker_ema *p)
{
    return p->min_calls > 1;
}

static struct buckets *calls_of(struct average *average)
{
    return (struct buckets *)(average + 1);
}

static size_t counts_size(const void *parameters)
{
    struct buckets_shape shape = shape_of(parameters);
    return sizeof(struct average) + (counts_calls(parameters) ? buckets_size(&shape) : 0);
}

static bool has_enough(const struct breaker_ema *p, struct average *average, const struct breaker_time *at)
{
    struct buckets_shape shape = shape_of(p);
    if (!counts_calls(p))
        return average->results >= p->min_calls;
    buckets_turn(&shape, calls_of(average), at->grid_ns);
    return calls_of(average)->total.calls >= p->min_calls;
}

static bool is_bad(const void *parameters, void *counts, const struct breaker_time *at)
{
    const struct breaker_ema *p = parameters;
    struct average *average = counts;
    bool over = p->compare == COMPARE_ABOVE ? average->failures > p->ratio : average->failures >= p->ratio;
    return over && at->age_ns >= p->min_age_ns && has_enough(p, average, at);
}

static void move(const struct breaker_ema *p, struct average *average, double x, int64_t now_ns)
{
    double weight = exp(-(double)(now_ns - average->updated_ns) / (double)p->window_ns);
    if (p->start == EMA_FIRST_RESULT && average->results == 0)
        weight = 0;
    average->failures = average->failures * weight + x * (1 - weight);
    average->updated_ns = now_ns;
    average->results = 1;
}

static bool add(const void *parameters, void *counts, const struct breaker_time *at,
                const struct breaker_sample *sample)
{
    const struct breaker_ema *p = parameters;
    struct average *average = counts;
    struct buckets_shape shape = shape_of(p);
    move(p, average, !sample->good, at->now_ns);
    if (counts_calls(p)) {
        buckets_turn(&shape, calls_of(average), at->grid_ns);
        buckets_add(&shape, calls_of(average), &(struct breaker_tally){.calls = 1});
    }
    return is_bad(parameters, counts, at);
}

/* The average itself moves only with results. */
static int64_t changes_ns(const void *parameters, const void *counts, const struct breaker_time *at)
{
    (void)counts;
    return trip_ages_ns(((const struct breaker_ema *)parameters)->min_age_ns, at);
}

static void reset(const void *parameters, void *counts, const struct breaker_time *at)
{
    struct average *average = counts;
    struct buckets_shape shape = shape_of(parameters);
    *average = (struct average){.updated_ns = at->now_ns};
    if (counts_calls(parameters))
        buckets_clear(&shape, calls_of(average));
}

static const char *prepare(void *parameters)
{
    const struct breaker_ema *p = parameters;
    if (p->window_ns < SLICES)
        return "the window is shorter than its five slices of 1 ns";
    return p->compare == COMPARE_ABOVE && p->ratio >= 1 ? "an average is never above 100%: use 'compare: at-least'"
                                                        : NULL;
}

static const char *const start_names[] = {"first-result", "good", NULL};

static const struct field fields[] = {
    {"window", FIELD_DURATION, offsetof(struct breaker_ema, window_ns), .min = 1, .max = 1e18,
     .help = "after such a time without results, what was before counts 1/e"},
    {"ratio", FIELD_RATIO, offsetof(struct breaker_ema, ratio), .min = 1e-9, .max = 1,
     .help = "average of failures that trips it"},
    {"min_calls", FIELD_COUNT, offsetof(struct breaker_ema, min_calls), .min = 0, .max = 1e9, .text = "0",
     .help = "results within the window it needs before it can trip"},
    BREAKER_MIN_AGE_FIELD(struct breaker_ema, min_age_ns),
    BREAKER_COMPARE_FIELD(struct breaker_ema, compare),
    {"start", FIELD_ENUM, offsetof(struct breaker_ema, start), .names = start_names, .text = "first-result",
     .help = "the average begins with the first result, or as if all had been good before"},
    {0},
};

const struct breaker_row breaker_ema = {
    .row = {.name = "ema",
            .summary = "trips on a moving average of failures",
            .formula = "w = exp(-dt / window), average = w average + (1 - w) failed; bad when average >= ratio",
            .source = "Finagle failure accrual (window 30s, above 20%, min_calls 5, min_age 30s)",
            .fields = fields,
            .size = sizeof(struct breaker_ema),
            .prepare = prepare},
    .counts_size = counts_size,
    .add = add,
    .is_bad = is_bad,
    .changes_ns = changes_ns,
    .reset = reset,
    .on_grid = true,
};
