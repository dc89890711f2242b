/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shape fixed: the same wait each time. */
#include "policy/backoff/rows.h"

static double base_ns(const void *parameters)
{
    return (double)((const struct shape_fixed *)parameters)->base_ns;
}

static double delay_ns(const void *parameters, uint32_t retry)
{
    (void)retry;
    return base_ns(parameters);
}

static const struct field fields[] = {
    {"base", FIELD_DURATION, offsetof(struct shape_fixed, base_ns), .min = 0, .max = (double)BACKOFF_LONGEST_NS,
     .help = "the wait before every retry"},
    {0},
};

const struct shape_row shape_fixed = {
    .row = {.name = "fixed",
            .summary = "the same wait before every retry",
            .formula = "d(n) = base",
            .source = "resilience4j and Spring Retry default to it",
            .fields = fields,
            .size = sizeof(struct shape_fixed)},
    .delay_ns = delay_ns,
    .base_ns = base_ns,
};
