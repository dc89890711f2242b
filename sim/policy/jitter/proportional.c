/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jitter proportional: plus or minus a share of the wait, or plus a share of it. */
#include "policy/jitter/rows.h"

#include <math.h>

static double least(const struct jitter_proportional *p)
{
    return p->side == PROPORTIONAL_AROUND ? 1 - p->ratio : 1;
}

static void bounds_ns(const void *parameters, const struct jitter_in *in, struct backoff_range *range)
{
    const struct jitter_proportional *p = parameters;
    range->low_ns = in->delay_ns * least(p);
    range->high_ns = in->delay_ns * (1 + p->ratio);
    range->attained = p->step > 0;
}

/* One of the shares least, least + step, ... 1 + ratio. */
static double stepped_ns(const struct jitter_proportional *p, const struct jitter_in *in, struct stream *stream)
{
    double steps = floor((1 + p->ratio - least(p)) / p->step + 0.5);
    double taken = floor((steps + 1) * stream_uniform(stream));
    return in->delay_ns * (least(p) + taken * p->step);
}

static double wait_ns(const void *parameters, const struct jitter_in *in, struct stream *stream)
{
    const struct jitter_proportional *p = parameters;
    if (p->step > 0)
        return stepped_ns(p, in, stream);
    return jitter_uniform_ns(in, in->delay_ns * least(p), in->delay_ns * (1 + p->ratio), stream);
}

static const char *prepare(void *parameters)
{
    const struct jitter_proportional *p = parameters;
    if (p->side == PROPORTIONAL_AROUND && p->ratio > 1)
        return "ratio above 100% around the wait would make it negative: use 'side: added'";
    double steps = p->step > 0 ? p->ratio / p->step : 0;
    return fabs(steps - floor(steps + 0.5)) < 1e-9 ? NULL : "ratio must be a multiple of step, such as 15% and 1%";
}

static const char *const sides[] = {"around", "added", NULL};

static const struct field fields[] = {
    {"ratio", FIELD_RATIO, offsetof(struct jitter_proportional, ratio), .min = 0, .max = 100,
     .help = "share of the wait that is random"},
    {"side", FIELD_ENUM, offsetof(struct jitter_proportional, side), .names = sides, .text = "around",
     .help = "around: plus or minus the share; added: the wait plus up to the share"},
    {"step", FIELD_RATIO, offsetof(struct jitter_proportional, step), .min = 0, .max = 100, .text = "0",
     .help = "the share that is drawn is a multiple of this, both ends possible (DataStax: whole percents); 0: any"},
    {0},
};

const struct jitter_row jitter_proportional = {
    .row = {.name = "proportional",
            .summary = "a share of the wait more or less, or a share more",
            .formula = "around: X = d * U(1 - ratio, 1 + ratio); added: X = d * U(1, 1 + ratio)",
            .source =
                "around 20%: gRPC proposal A6, Kafka ExponentialBackoff; around 50%: cenkalti/backoff; added 10%: "
                "Kubernetes retry.DefaultRetry; around 15% in steps of 1%: DataStax ExponentialReconnectionPolicy",
            .fields = fields,
            .size = sizeof(struct jitter_proportional),
            .prepare = prepare},
    .wait_ns = wait_ns,
    .bounds_ns = bounds_ns,
};
