/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jitter range: full jitter that starts at a fixed shortest wait. */
#include "policy/jitter/rows.h"

static void bounds_ns(const void *parameters, const struct jitter_in *in, struct backoff_range *range)
{
    double low_ns = (double)((const struct jitter_range *)parameters)->low_ns;
    range->low_ns = low_ns < in->delay_ns ? low_ns : in->delay_ns;
    range->high_ns = in->delay_ns;
}

static const struct field fields[] = {
    {"low", FIELD_DURATION, offsetof(struct jitter_range, low_ns), .max = (double)BACKOFF_LONGEST_NS,
     .help = "shortest wait, where the shape's wait is longer"},
    {0},
};

const struct jitter_row jitter_range = {
    .row = {.name = "range",
            .summary = "uniform from a shortest wait to the shape's wait",
            .formula = "X = U(min(low, d), d)",
            .source = "tenacity wait_random_exponential, gax-go (from 1 ns), Spring Retry UniformRandomBackOffPolicy",
            .fields = fields,
            .size = sizeof(struct jitter_range)},
    .bounds_ns = bounds_ns,
};
