/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jitter equal: half of the wait is fixed, half is random. */
#include "policy/jitter/rows.h"

static void bounds_ns(const void *parameters, const struct jitter_in *in, struct backoff_range *range)
{
    (void)parameters;
    range->low_ns = in->delay_ns / 2;
    range->high_ns = in->delay_ns;
}

const struct jitter_row jitter_equal = {
    .row = {.name = "equal",
            .summary = "uniform from half the shape's wait to all of it",
            .formula = "X = d/2 + U(0, d/2)",
            .source = "AWS architecture blog, Exponential backoff and jitter (2015)"},
    .bounds_ns = bounds_ns,
};
