/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jitter exponential: memoryless waits with the shape's wait as their mean, as retrial queues have them. */
#include "policy/jitter/rows.h"

#include <math.h>

static double wait_ns(const void *parameters, const struct jitter_in *in, struct stream *stream)
{
    (void)parameters;
    return in->delay_ns * stream_exponential(stream, stream_ziggurat());
}

static void bounds_ns(const void *parameters, const struct jitter_in *in, struct backoff_range *range)
{
    (void)parameters;
    range->low_ns = 0;
    range->high_ns = in->delay_ns > 0 ? INFINITY : 0;
}

const struct jitter_row jitter_exponential = {
    .row = {.name = "exponential",
            .summary = "exponentially distributed with the shape's wait as its mean",
            .formula = "X = -d * ln U(0, 1)",
            .source = "classical retrial queues (Falin and Templeton, Retrial Queues, 1997)"},
    .wait_ns = wait_ns,
    .bounds_ns = bounds_ns,
};
