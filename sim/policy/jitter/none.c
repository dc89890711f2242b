/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jitter none: the wait is the shape's. */
#include "policy/jitter/rows.h"

static double wait_ns(const void *parameters, const struct jitter_in *in, struct stream *stream)
{
    (void)parameters;
    (void)stream;
    return in->delay_ns;
}

static void bounds_ns(const void *parameters, const struct jitter_in *in, struct backoff_range *range)
{
    (void)parameters;
    range->low_ns = range->high_ns = in->delay_ns;
    range->attained = true;
}

const struct jitter_row jitter_none = {
    .row = {.name = "none",
            .summary = "no randomness: callers that failed together retry together",
            .formula = "X = d"},
    .wait_ns = wait_ns,
    .bounds_ns = bounds_ns,
};
