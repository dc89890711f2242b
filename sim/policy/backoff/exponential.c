/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shape exponential: each wait is a multiple of the one before.
 *
 * Libraries disagree by one about the first exponent: `offset` says which (0: the first wait is the base; 1: it is
 * multiplier * base, as in the AWS blog's simulator, redis-py, go-redis). Some compute each wait from the last one in
 * whole milliseconds: `cut_to`. */
#include "policy/backoff/rows.h"

#include <math.h>

static double base_ns(const void *parameters)
{
    return (double)((const struct shape_exponential *)parameters)->base_ns;
}

/* Step by step, in units of cut_to. Ends where nothing grows any more: after at most 7000 steps, see prepare. */
static double cut_power_ns(const struct shape_exponential *p, uint64_t exponent)
{
    double unit_ns = (double)p->cut_to_ns, units = floor((double)p->base_ns / unit_ns);
    for (; exponent > 0 && units * unit_ns < SHAPE_HUGE_NS; exponent--) {
        double next = floor(units * p->multiplier);
        if (next == units)
            break;
        units = next;
    }
    return shape_saturate_ns(units * unit_ns);
}

static double delay_ns(const void *parameters, uint32_t retry)
{
    const struct shape_exponential *p = parameters;
    uint64_t exponent = (uint64_t)retry - 1 + (uint64_t)p->offset;
    if (p->cut_to_ns != INT64_MAX)
        return cut_power_ns(p, exponent);
    return shape_saturate_ns(base_ns(p) * shape_power(p->multiplier, exponent));
}

static const char *prepare(void *parameters)
{
    const struct shape_exponential *p = parameters;
    if (p->cut_to_ns == INT64_MAX)
        return NULL;
    if (p->base_ns < p->cut_to_ns)
        return "cut_to is longer than the base: all waits would be cut to 0";
    return p->multiplier > 1 && p->multiplier < 1.01 ? "cut_to needs a multiplier of at least 1.01, or 1" : NULL;
}

static const struct field fields[] = {
    {"base", FIELD_DURATION, offsetof(struct shape_exponential, base_ns), .min = 1, .max = (double)BACKOFF_LONGEST_NS,
     .help = "the first wait (with offset 0)"},
    {"multiplier", FIELD_REAL, offsetof(struct shape_exponential, multiplier), .min = 1, .max = 1000, .text = "2",
     .help = "factor from each wait to the next"},
    {"offset", FIELD_COUNT, offsetof(struct shape_exponential, offset), .min = 0, .max = 100, .text = "0",
     .help = "added to the exponent: 0 starts at base, 1 at multiplier * base (AWS blog, redis-py, go-redis)"},
    {"cut_to", FIELD_DURATION, offsetof(struct shape_exponential, cut_to_ns), .min = 1,
     .max = (double)BACKOFF_LONGEST_NS, .text = "none", .word = "none",
     .help = "each wait is cut to a multiple of this before the next is computed from it (resilience4j: 1ms)"},
    {0},
};

const struct shape_row shape_exponential = {
    .row = {.name = "exponential",
            .summary = "each wait is a multiple of the one before",
            .formula = "d(n) = base * multiplier^(n - 1 + offset)",
            .source = "AWS architecture blog, Exponential backoff and jitter (2015); Metcalfe and Boggs (1976)",
            .fields = fields,
            .size = sizeof(struct shape_exponential),
            .prepare = prepare},
    .delay_ns = delay_ns,
    .base_ns = base_ns,
};
