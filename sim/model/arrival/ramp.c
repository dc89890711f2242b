/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Poisson arrivals whose rate goes from one value to another in a straight line, and stays there. */
#include "model/arrival/pieces.h"
#include "model/arrival/rows.h"

struct ramp {
    double from_per_s, to_per_s;
    int64_t at_ns, over_ns;
};

static const struct field fields[] = {
    {"from", FIELD_RATE, offsetof(struct ramp, from_per_s), .min = 0, .max = 1e9,
     .help = "the whole population's rate before the ramp"},
    {"to", FIELD_RATE, offsetof(struct ramp, to_per_s), .min = 0, .max = 1e9, .help = "the rate after it"},
    {"at", FIELD_DURATION, offsetof(struct ramp, at_ns), .text = "0s", .help = "when the ramp begins"},
    {"over", FIELD_DURATION, offsetof(struct ramp, over_ns), .help = "how long it takes; 0s: a step"},
    {0}};

static const char *prepare(void *parameters)
{
    const struct ramp *p = parameters;
    return p->from_per_s > 0 || p->to_per_s > 0 ? NULL : "from, to: both rates are 0";
}

static struct piece piece_at(const void *parameters, int64_t ns)
{
    const struct ramp *p = parameters;
    if (ns < p->at_ns)
        return (struct piece){p->at_ns, p->from_per_s * 1e-9, 0};
    if (ns - p->at_ns >= p->over_ns)
        return (struct piece){INT64_MAX, p->to_per_s * 1e-9, 0};
    double slope = (p->to_per_s - p->from_per_s) * 1e-9 / (double)p->over_ns;
    return (struct piece){p->at_ns + p->over_ns, p->from_per_s * 1e-9 + slope * (double)(ns - p->at_ns), slope};
}

static int64_t finish_ns(const void *parameters, int64_t from_ns, double work, double factor)
{
    return pieces_finish_ns(&(struct rate){.at = piece_at, .parameters = parameters}, from_ns, work, factor);
}

static double progress(const void *parameters, int64_t from_ns, int64_t to_ns, double factor)
{
    return pieces_progress(&(struct rate){.at = piece_at, .parameters = parameters}, from_ns, to_ns, factor);
}

const struct arrival_row arrival_ramp = {
    .row = {.name = "ramp", .summary = "independent callers at a rate that rises or falls in a straight line",
            .formula = "rate(t) = from + (to - from) (t - at) / over while the ramp lasts; exact, by its integral",
            .source = "Cinlar, Introduction to Stochastic Processes (1975), 4.7", .fields = fields,
            .size = sizeof(struct ramp), .prepare = prepare},
    .draw_work = pieces_draw_work, .finish_ns = finish_ns, .progress = progress,
};
