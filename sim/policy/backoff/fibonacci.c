/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shape fibonacci: each wait is the sum of the two before; growth between linear and doubling. */
#include "policy/backoff/rows.h"

enum { FIBONACCI_HUGE = 150 }; /* its number is 1e31: saturated whatever the base */

static double base_ns(const void *parameters)
{
    return (double)((const struct shape_fibonacci *)parameters)->base_ns;
}

static double fibonacci(uint64_t index)
{
    double previous = 0, current = 1;
    for (uint64_t i = 1; i < index && i < FIBONACCI_HUGE; i++) {
        double next = previous + current;
        previous = current;
        current = next;
    }
    return current;
}

static double delay_ns(const void *parameters, uint32_t retry)
{
    const struct shape_fibonacci *p = parameters;
    return shape_saturate_ns(base_ns(p) * fibonacci((uint64_t)retry + (uint64_t)p->offset));
}

static const struct field fields[] = {
    {"base", FIELD_DURATION, offsetof(struct shape_fibonacci, base_ns), .min = 1, .max = (double)BACKOFF_LONGEST_NS,
     .help = "the first wait (with offset 0)"},
    {"offset", FIELD_COUNT, offsetof(struct shape_fibonacci, offset), .min = 0, .max = 100, .text = "0",
     .help = "0 gives 1 1 2 3 5 times the base, 1 gives 1 2 3 5 8 times"},
    {0},
};

const struct shape_row shape_fibonacci = {
    .row = {.name = "fibonacci",
            .summary = "each wait is the sum of the two before",
            .formula = "d(n) = base * F(n + offset), F = 1 1 2 3 5 8 ...",
            .source = "litl/backoff fibo",
            .fields = fields,
            .size = sizeof(struct shape_fibonacci)},
    .delay_ns = delay_ns,
    .base_ns = base_ns,
};
