/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breaker count-window: trips on the failures among the last results.
 *
 * The window is a ring of bits; a set bit is a failure. A second ring of the same length marks slow calls, if they
 * matter. */
#include "policy/breaker/rows.h"

#include <math.h>
#include <string.h>

enum { WINDOW_MAX = 100000 };

struct ring {
    uint32_t calls, bad, slow; /* in the window */
    uint32_t next;             /* where the next result goes */
    uint64_t bits[];
};

static size_t words(const struct breaker_count_window *p)
{
    return ((size_t)p->window + 63) / 64;
}

static bool marks_slow(const struct breaker_count_window *p)
{
    return isfinite(p->trip.slow_ratio);
}

static size_t bits_size(const struct breaker_count_window *p)
{
    return (marks_slow(p) ? 2 : 1) * words(p) * sizeof(uint64_t);
}

static size_t counts_size(const void *parameters)
{
    return sizeof(struct ring) + bits_size(parameters);
}

static bool is_bad(const void *parameters, void *counts, const struct breaker_time *at)
{
    const struct ring *ring = counts;
    struct breaker_tally tally = {ring->calls, ring->bad, ring->slow};
    return trip_reached(&((const struct breaker_count_window *)parameters)->trip, &tally, at->age_ns);
}

static void replace(uint64_t *bits, uint32_t at, bool set, uint32_t *count)
{
    uint64_t bit = UINT64_C(1) << (at % 64), *word = &bits[at / 64];
    *count -= (*word & bit) != 0;
    *count += set;
    *word = set ? *word | bit : *word & ~bit;
}

static bool add(const void *parameters, void *counts, const struct breaker_time *at,
                const struct breaker_sample *sample)
{
    const struct breaker_count_window *p = parameters;
    struct ring *ring = counts;
    replace(ring->bits, ring->next, !sample->good, &ring->bad);
    if (marks_slow(p))
        replace(ring->bits + words(p), ring->next, trip_is_slow(&p->trip, sample), &ring->slow);
    ring->calls += ring->calls < p->window;
    ring->next = ring->next + 1 < p->window ? ring->next + 1 : 0;
    return is_bad(parameters, counts, at);
}

static int64_t changes_ns(const void *parameters, const void *counts, const struct breaker_time *at)
{
    (void)counts;
    return trip_ages_ns(((const struct breaker_count_window *)parameters)->trip.min_age_ns, at);
}

static void reset(const void *parameters, void *counts, const struct breaker_time *at)
{
    (void)at;
    struct ring *ring = counts;
    ring->calls = ring->bad = ring->slow = ring->next = 0;
    memset(ring->bits, 0, bits_size(parameters));
}

static const char *prepare(void *parameters)
{
    struct breaker_count_window *p = parameters;
    if (p->trip.min_calls == INT64_MAX)
        p->trip.min_calls = p->window;
    return p->trip.min_calls > p->window ? "min_calls is above window: so many calls are never in it"
                                         : trip_complaint(&p->trip);
}

static const struct field fields[] = {
    {"window", FIELD_COUNT, offsetof(struct breaker_count_window, window), .min = 1, .max = WINDOW_MAX, .text = "100",
     .help = "results that count: the last ones"},
    BREAKER_TRIP_FIELDS(struct breaker_count_window, "window", "window"),
    {0},
};

const struct breaker_row breaker_count_window = {
    .row = {.name = "count-window",
            .summary = "trips on the failures among the last results",
            .formula = "bad when calls >= min_calls and failures / calls >= ratio, over the last `window` results",
            .source = "resilience4j, COUNT_BASED sliding window; Failsafe (window 1)",
            .fields = fields,
            .size = sizeof(struct breaker_count_window),
            .prepare = prepare},
    .counts_size = counts_size,
    .add = add,
    .is_bad = is_bad,
    .changes_ns = changes_ns,
    .reset = reset,
};
