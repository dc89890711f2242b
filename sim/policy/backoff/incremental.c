/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shape incremental: linear with a first wait and a step of their own. */
#include "policy/backoff/rows.h"

static double base_ns(const void *parameters)
{
    return (double)((const struct shape_incremental *)parameters)->start_ns;
}

static double delay_ns(const void *parameters, uint32_t retry)
{
    double increment_ns = (double)((const struct shape_incremental *)parameters)->increment_ns;
    return shape_saturate_ns(base_ns(parameters) + increment_ns * (retry - 1));
}

static const struct field fields[] = {
    {"start", FIELD_DURATION, offsetof(struct shape_incremental, start_ns), .min = 0, .max = (double)BACKOFF_LONGEST_NS,
     .help = "the first wait"},
    {"increment", FIELD_DURATION, offsetof(struct shape_incremental, increment_ns), .min = 0,
     .max = (double)BACKOFF_LONGEST_NS, .help = "what each further retry adds"},
    {0},
};

const struct shape_row shape_incremental = {
    .row = {.name = "incremental",
            .summary = "a first wait, then a fixed step more each time",
            .formula = "d(n) = start + (n - 1) * increment",
            .source = "tenacity wait_incrementing",
            .fields = fields,
            .size = sizeof(struct shape_incremental)},
    .delay_ns = delay_ns,
    .base_ns = base_ns,
};
