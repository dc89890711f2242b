/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jitter finagle-equal: equal jitter that starts without jitter, grows past the cap, and then is the cap for ever.
 *
 * With h = d(n)/2 of the shape without cap. Unlike `equal` with a cap, which goes on spreading from cap/2 to cap, this
 * sends all callers back together. It keeps to the backoff's cap by itself. */
#include "policy/jitter/rows.h"

static double at_most(double x, double cap)
{
    return x < cap ? x : cap;
}

/* Without the cap. */
static void draw_range(const struct jitter_in *in, double *low, double *high)
{
    *high = backoff_delay_ns(in->backoff, in->retry);
    *low = in->retry == 1 ? *high : *high / 2;
}

static double wait_ns(const void *parameters, const struct jitter_in *in, struct stream *stream)
{
    double low, high;
    (void)parameters;
    draw_range(in, &low, &high);
    return at_most(jitter_uniform_ns(in, low, high, stream), backoff_cap_ns(in->backoff));
}

static void bounds_ns(const void *parameters, const struct jitter_in *in, struct backoff_range *range)
{
    double cap_ns = backoff_cap_ns(in->backoff), low, high;
    (void)parameters;
    draw_range(in, &low, &high);
    range->low_ns = at_most(low, cap_ns);
    range->high_ns = at_most(high, cap_ns);
    range->attained = high + in->step_ns > cap_ns;
}

const struct jitter_row jitter_finagle_equal = {
    .row = {.name = "finagle-equal",
            .summary = "half fixed, half random, from the second wait on; the cap itself once it is reached",
            .formula = "X(1) = d(1); X(n) = min(cap, h + U(0, h)), h = d(n)/2 before the cap",
            .source = "Finagle Backoff.equalJittered (util Backoff.scala), the default of its failure accrual"},
    .wait_ns = wait_ns,
    .bounds_ns = bounds_ns,
};
