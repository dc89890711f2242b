/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jitter sorted: all waits of a request are drawn before its first retry, and used from the shortest to the longest.
 *
 * Only the order differs from jitter factor, and that only where ranges overlap: with a multiplier below high / low. */
#include "policy/jitter/rows.h"

#include <stdlib.h>

#include "base/check.h"

struct schedule {
    double waits_ns[SORTED_MOST_RETRIES];
    uint32_t count;
};

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* How many waits have jitter: not the first if it is an extra zero. */
static uint32_t count_of(const struct jitter_in *in)
{
    uint32_t count = in->call->retries - (in->call->retry - in->retry);
    CHECK(count <= SORTED_MOST_RETRIES && in->retry <= count, "a sorted schedule for so many retries");
    return count;
}

static double capped_ns(const struct jitter_in *in, uint32_t n)
{
    double delay_ns = backoff_delay_ns(in->backoff, n), cap_ns = backoff_cap_ns(in->backoff);
    return delay_ns < cap_ns ? delay_ns : cap_ns;
}

static double nth(struct schedule *schedule, uint32_t n)
{
    qsort(schedule->waits_ns, schedule->count, sizeof *schedule->waits_ns, compare);
    return schedule->waits_ns[n - 1];
}

static double wait_ns(const void *parameters, const struct jitter_in *in, struct stream *stream)
{
    const struct jitter_sorted *p = parameters;
    struct schedule schedule;
    schedule.count = count_of(in);
    struct stream chain = in->call->chain;
    (void)stream;
    for (uint32_t n = 1; n <= schedule.count; n++) {
        double factor = p->low + (p->high - p->low) * stream_uniform(&chain);
        schedule.waits_ns[n - 1] = capped_ns(in, n) * factor;
    }
    return nth(&schedule, in->retry);
}

/* Order keeps bounds: the n-th least of the ends. */
static void bounds_ns(const void *parameters, const struct jitter_in *in, struct backoff_range *range)
{
    const struct jitter_sorted *p = parameters;
    struct schedule schedule;
    schedule.count = count_of(in);
    for (uint32_t n = 1; n <= schedule.count; n++)
        schedule.waits_ns[n - 1] = capped_ns(in, n);
    double delay_ns = nth(&schedule, in->retry);
    range->low_ns = delay_ns * p->low;
    range->high_ns = delay_ns * p->high;
}

static const char *prepare(void *parameters)
{
    const struct jitter_sorted *p = parameters;
    return p->low > p->high ? "low is greater than high" : NULL;
}

static const struct field fields[] = {
    {"low", FIELD_REAL, offsetof(struct jitter_sorted, low), .min = 0, .max = 1000, .text = "1",
     .help = "least factor of the shape's wait"},
    {"high", FIELD_REAL, offsetof(struct jitter_sorted, high), .min = 0, .max = 1000, .text = "2",
     .help = "greatest factor"},
    {0},
};

const struct jitter_row jitter_sorted = {
    .row = {.name = "sorted",
            .summary = "all waits are drawn ahead, then used from the shortest to the longest",
            .formula = "X(1) <= X(2) <= ... : the sorted d(i) * U(low, high), i = 1 .. retries",
            .source = "node-retry timeouts() with randomize, async-retry",
            .fields = fields,
            .size = sizeof(struct jitter_sorted),
            .prepare = prepare},
    .wait_ns = wait_ns,
    .bounds_ns = bounds_ns,
    .most_retries = SORTED_MOST_RETRIES,
};
