/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shape exponential: each wait is a multiple of the one before.
 *
 * Libraries disagree by one about the first exponent: `offset` says which (0: the first wait is the base; 1:
 * it is multiplier * base, as in the AWS blog's simulator, redis-py, go-redis). The power is by squaring and
 * not by pow(), whose last bit depends on the machine's C library. */
#include "policy/backoff/rows.h"

/* May overflow to infinity: shape_saturate_ns makes that finite again. */
static double power(double x, uint64_t exponent)
{
    double result = 1;
    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1)
            result *= x;
        x *= x;
    }
    return result;
}

static double base_ns(const void *parameters)
{
    return (double)((const struct shape_exponential *)parameters)->base_ns;
}

static double delay_ns(const void *parameters, uint32_t retry)
{
    const struct shape_exponential *p = parameters;
    return shape_saturate_ns(base_ns(p) * power(p->multiplier, (uint64_t)retry - 1 + (uint64_t)p->offset));
}

static const struct field fields[] = {
    {"base", FIELD_DURATION, offsetof(struct shape_exponential, base_ns), .min = 1,
     .max = (double)BACKOFF_LONGEST_NS, .help = "the first wait (with offset 0)"},
    {"multiplier", FIELD_REAL, offsetof(struct shape_exponential, multiplier), .min = 1, .max = 1000,
     .text = "2", .help = "factor from each wait to the next"},
    {"offset", FIELD_COUNT, offsetof(struct shape_exponential, offset), .min = 0, .max = 100, .text = "0",
     .help = "added to the exponent: 0 starts at base, 1 at multiplier * base"},
    {0},
};

const struct shape_row shape_exponential = {
    .row = {.name = "exponential",
            .summary = "each wait is a multiple of the one before",
            .formula = "d(n) = base * multiplier^(n - 1 + offset)",
            .source =
                "AWS architecture blog, Exponential backoff and jitter (2015); Metcalfe and Boggs (1976)",
            .fields = fields,
            .size = sizeof(struct shape_exponential)},
    .delay_ns = delay_ns,
    .base_ns = base_ns,
};
