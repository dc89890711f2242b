/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jitter decorrelated: each wait is drawn from a range set by the wait before. Of the shape only the base counts.
 *
 * At least four recurrences carry this name; the parameters tell them apart:
 *     AWS            limit hard, lower base,     first draw       (the default)
 *     Polly.Contrib  limit soft, lower base,     first draw
 *     Finagle        limit soft, lower previous, first base       never shrinks, although called the same
 *     redis-py       limit hard, lower base,     first base       its previous wait starts at 0: U(base, base)
 * It keeps to the backoff's cap by itself. */
#include "policy/jitter/rows.h"

/* The range of the draw after a wait; after 0, the first. */
static void draw_range(const struct jitter_decorrelated *p, const struct jitter_in *in, double previous_ns, double *low,
                       double *high)
{
    double base_ns = backoff_base_ns(in->backoff), cap_ns = backoff_cap_ns(in->backoff);
    bool first = !(previous_ns > 0);
    double previous = first ? base_ns : previous_ns;
    *low = p->lower == DECORRELATED_PREVIOUS ? previous : base_ns;
    *high = first && p->first == DECORRELATED_FIRST_BASE ? *low : p->multiplier * previous;
    if (p->limit == DECORRELATED_SOFT && *high > cap_ns)
        *high = cap_ns;
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
    draw_range(parameters, in, (double)*in->call->chain_ns, &low, &high);
    return at_most(jitter_uniform_ns(in, low, high, stream), backoff_cap_ns(in->backoff));
}

/* Both ends grow with the wait before. */
static void bounds_ns(const void *parameters, const struct jitter_in *in, struct backoff_range *range)
{
    const struct jitter_decorrelated *p = parameters;
    double cap_ns = backoff_cap_ns(in->backoff), other, high;
    draw_range(p, in, range->chain_low_ns, &range->low_ns, &other);
    draw_range(p, in, range->chain_high_ns, &other, &high);
    range->low_ns = at_most(range->low_ns, cap_ns);
    range->high_ns = at_most(high, cap_ns);
    range->attained = p->limit == DECORRELATED_HARD && high + in->step_ns > cap_ns;
}

static const char *const limits[] = {"hard", "soft", NULL};
static const char *const lowers[] = {"base", "previous", NULL};
static const char *const firsts[] = {"draw", "base", NULL};

static const struct field fields[] = {
    {"multiplier", FIELD_REAL, offsetof(struct jitter_decorrelated, multiplier), .min = 1, .max = 1000, .text = "3",
     .help = "upper end of the draw, in previous waits"},
    {"limit", FIELD_ENUM, offsetof(struct jitter_decorrelated, limit), .names = limits, .text = "hard",
     .help = "hard: the draw is cut to the cap; soft: the range of the draw is, so that the cap has no extra "
             "weight"},
    {"lower", FIELD_ENUM, offsetof(struct jitter_decorrelated, lower), .names = lowers, .text = "base",
     .help = "lower end of the draw: the shape's base, or the previous wait (then it never shrinks)"},
    {"first", FIELD_ENUM, offsetof(struct jitter_decorrelated, first), .names = firsts, .text = "draw",
     .help = "the first wait: draw, as if the base had been waited before; base, the base itself (redis-py, whose "
             "previous wait starts at 0; Finagle)"},
    {0},
};

const struct jitter_row jitter_decorrelated = {
    .row = {.name = "decorrelated",
            .summary = "uniform from the base to a multiple of the previous wait",
            .formula = "X(n) = min(cap, U(base, multiplier * X(n-1))), X(0) = base",
            .source = "AWS architecture blog, Exponential backoff and jitter (2015); variants: Polly.Contrib "
                      "AwsDecorrelatedJitterBackoff (soft), Finagle Backoff.decorrelatedJittered (soft, previous, "
                      "base), redis-py DecorrelatedJitterBackoff (first base)",
            .fields = fields,
            .size = sizeof(struct jitter_decorrelated)},
    .wait_ns = wait_ns,
    .bounds_ns = bounds_ns,
    .needs_base = true,
};
