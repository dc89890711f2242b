/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jitter decorrelated: each wait is drawn from a range set by the wait before. Of the shape only the base
 * counts.
 *
 * At least four recurrences carry this name; the parameters tell them apart:
 *     AWS            limit hard, lower base,     first draw       (the default)
 *     Polly.Contrib  limit soft, lower base,     first draw
 *     Finagle        limit soft, lower previous, first base       never shrinks, although called the same
 *     redis-py       limit hard, lower base,     first base
 * It keeps to the backoff's cap by itself, whatever cap_when says. */
#include "policy/jitter/rows.h"

/* The range of the draw. */
static void draw_range(const struct jitter_decorrelated *p, const struct jitter_in *in, double *low,
                       double *high)
{
    bool first = !(in->previous_ns > 0);
    double previous = first ? in->base_ns : in->previous_ns;
    *low = p->lower == DECORRELATED_PREVIOUS ? previous : in->base_ns;
    *high = first && p->first == DECORRELATED_FIRST_BASE ? *low : p->multiplier * previous;
    if (p->limit == DECORRELATED_SOFT && *high > in->cap_ns)
        *high = in->cap_ns;
    if (*low > *high)
        *low = *high;
}

static double at_most(double x, double cap)
{
    return x < cap ? x : cap;
}

static double wait_ns(const void *parameters, const struct jitter_in *in, struct stream *stream)
{
    double low, high;
    draw_range(parameters, in, &low, &high);
    return at_most(jitter_between(low, high, stream), in->cap_ns);
}

static void bounds_ns(const void *parameters, const struct jitter_in *in, double *low, double *high)
{
    draw_range(parameters, in, low, high);
    *low = at_most(*low, in->cap_ns);
    *high = at_most(*high, in->cap_ns);
}

static const char *const limits[] = {"hard", "soft", NULL};
static const char *const lowers[] = {"base", "previous", NULL};
static const char *const firsts[] = {"draw", "base", NULL};

static const struct field fields[] = {
    {"multiplier", FIELD_REAL, offsetof(struct jitter_decorrelated, multiplier), .min = 1, .max = 1000,
     .text = "3", .help = "upper end of the draw, in previous waits"},
    {"limit", FIELD_ENUM, offsetof(struct jitter_decorrelated, limit), .names = limits, .text = "hard",
     .help = "hard: the draw is cut to the cap; soft: the range of the draw is, so that the cap has no extra "
             "weight"},
    {"lower", FIELD_ENUM, offsetof(struct jitter_decorrelated, lower), .names = lowers, .text = "base",
     .help = "lower end of the draw: the shape's base or the previous wait"},
    {"first", FIELD_ENUM, offsetof(struct jitter_decorrelated, first), .names = firsts, .text = "draw",
     .help = "the first wait is drawn as if the base had been waited before, or is the base itself"},
    {0},
};

const struct jitter_row jitter_decorrelated = {
    .row = {.name = "decorrelated",
            .summary = "uniform from the base to a multiple of the previous wait",
            .formula = "X(n) = min(cap, U(base, multiplier * X(n-1))), X(0) = base",
            .source = "AWS architecture blog, Exponential backoff and jitter (2015)",
            .fields = fields,
            .size = sizeof(struct jitter_decorrelated)},
    .wait_ns = wait_ns,
    .bounds_ns = bounds_ns,
    .needs_base = true,
};
