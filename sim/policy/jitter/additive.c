/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jitter additive: a random amount that does not depend on the wait. */
#include "policy/jitter/rows.h"

static void bounds_ns(const void *parameters, const struct jitter_in *in, struct backoff_range *range)
{
    range->low_ns = in->delay_ns;
    range->high_ns = in->delay_ns + (double)((const struct jitter_additive *)parameters)->amount_ns;
}

static const struct field fields[] = {
    {"amount", FIELD_DURATION, offsetof(struct jitter_additive, amount_ns), .max = (double)BACKOFF_LONGEST_NS,
     .help = "most that is added"},
    {0},
};

const struct jitter_row jitter_additive = {
    .row = {.name = "additive",
            .summary = "the wait plus a random amount of its own",
            .formula = "X = d + U(0, amount)",
            .source = "tenacity wait_exponential_jitter, litl/backoff random_jitter, ioredis 6",
            .fields = fields,
            .size = sizeof(struct jitter_additive)},
    .bounds_ns = bounds_ns,
};
