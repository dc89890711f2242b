/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jitter full: anything up to the shape's wait. */
#include "policy/jitter/rows.h"

static void bounds_ns(const void *parameters, const struct jitter_in *in, struct backoff_range *range)
{
    range->low_ns = (double)((const struct jitter_full *)parameters)->floor_ns;
    range->high_ns = range->low_ns + in->delay_ns;
}

static const struct field fields[] = {
    {"floor", FIELD_DURATION, offsetof(struct jitter_full, floor_ns), .max = (double)BACKOFF_LONGEST_NS, .text = "0s",
     .help = "added to the draw: a shortest wait (go-redis: its minimum)"},
    {0},
};

const struct jitter_row jitter_full = {
    .row = {.name = "full",
            .summary = "uniform from 0 to the shape's wait",
            .formula = "X = floor + U(0, d)",
            .source = "AWS architecture blog, Exponential backoff and jitter (2015); botocore retries/standard.py",
            .fields = fields,
            .size = sizeof(struct jitter_full)},
    .bounds_ns = bounds_ns,
};
