/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jitter proportional: plus or minus a share of the wait, or plus a share of it. */
#include "policy/jitter/rows.h"

static void bounds_ns(const void *parameters, const struct jitter_in *in, double *low, double *high)
{
    const struct jitter_proportional *p = parameters;
    *low = p->side == PROPORTIONAL_AROUND ? in->delay_ns * (1 - p->ratio) : in->delay_ns;
    *high = in->delay_ns * (1 + p->ratio);
}

static double wait_ns(const void *parameters, const struct jitter_in *in, struct stream *stream)
{
    double low, high;
    bounds_ns(parameters, in, &low, &high);
    return jitter_between(low, high, stream);
}

static const char *prepare(void *parameters)
{
    const struct jitter_proportional *p = parameters;
    return p->side == PROPORTIONAL_AROUND && p->ratio > 1
               ? "ratio above 100% around the wait would make it negative: use 'side: added'"
               : NULL;
}

static const char *const sides[] = {"around", "added", NULL};

static const struct field fields[] = {
    {"ratio", FIELD_RATIO, offsetof(struct jitter_proportional, ratio), .min = 0, .max = 100,
     .help = "share of the wait that is random"},
    {"side", FIELD_ENUM, offsetof(struct jitter_proportional, side), .names = sides, .text = "around",
     .help = "around: plus or minus the share; added: the wait plus up to the share"},
    {0},
};

const struct jitter_row jitter_proportional = {
    .row = {.name = "proportional",
            .summary = "a share of the wait more or less, or a share more",
            .formula = "around: X = d * U(1 - ratio, 1 + ratio); added: X = d * U(1, 1 + ratio)",
            .source = "around 20%: gRPC proposal A6; around 50%: cenkalti/backoff; added 100%: Spring Retry",
            .fields = fields,
            .size = sizeof(struct jitter_proportional),
            .prepare = prepare},
    .wait_ns = wait_ns,
    .bounds_ns = bounds_ns,
};
