/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shape linear: base, 2 base, 3 base, ... */
#include "policy/backoff/rows.h"

static double base_ns(const void *parameters)
{
    return (double)((const struct shape_linear *)parameters)->base_ns;
}

static double delay_ns(const void *parameters, uint32_t retry)
{
    return shape_saturate_ns(base_ns(parameters) * retry);
}

static const struct field fields[] = {
    {"base", FIELD_DURATION, offsetof(struct shape_linear, base_ns), .min = 0, .max = (double)BACKOFF_LONGEST_NS,
     .help = "the first wait, and what each further retry adds"},
    {0},
};

const struct shape_row shape_linear = {
    .row = {.name = "linear",
            .summary = "the wait grows by its first value each time",
            .formula = "d(n) = base * n",
            .source = "Polly LinearBackoff, go-retryablehttp LinearJitterBackoff",
            .fields = fields,
            .size = sizeof(struct shape_linear)},
    .delay_ns = delay_ns,
    .base_ns = base_ns,
};
