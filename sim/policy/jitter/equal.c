/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jitter equal: half of the wait is fixed, half is random. */
#include "policy/jitter/rows.h"

static void bounds_ns(const void *parameters, const struct jitter_in *in, double *low, double *high)
{
    (void)parameters;
    *low = in->delay_ns / 2;
    *high = in->delay_ns;
}

static double wait_ns(const void *parameters, const struct jitter_in *in, struct stream *stream)
{
    (void)parameters;
    return jitter_between(in->delay_ns / 2, in->delay_ns, stream);
}

const struct jitter_row jitter_equal = {
    .row = {.name = "equal",
            .summary = "uniform from half the shape's wait to all of it",
            .formula = "X = d/2 + U(0, d/2)",
            .source = "AWS architecture blog, Exponential backoff and jitter (2015)"},
    .wait_ns = wait_ns,
    .bounds_ns = bounds_ns,
};
