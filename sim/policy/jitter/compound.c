/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jitter compound: each wait is a random part of the wait before times a power of two, so randomness multiplies.
 *
 * Its library calls it full jitter. It is not: after a short draw all later ones are shorter, after a long one the cap
 * is there soon, and at the cap it is a constant without jitter, the same for everyone. Of the shape only the base
 * counts; it keeps to the backoff's cap by itself. */
#include "policy/jitter/rows.h"

#include <math.h>

/* The end of the draw, or the cap if it is there; after 0, the first wait. */
static double top_ns(const struct jitter_in *in, double previous_ns)
{
    double cap_ns = backoff_cap_ns(in->backoff);
    double top = previous_ns > 0 ? ldexp(previous_ns, in->retry < 1000 ? (int)in->retry - 1 : 1000)
                                 : backoff_base_ns(in->backoff);
    return top < cap_ns ? top : cap_ns;
}

static double wait_ns(const void *parameters, const struct jitter_in *in, struct stream *stream)
{
    int64_t previous_ns = *in->call->chain_ns;
    double top = top_ns(in, (double)previous_ns);
    (void)parameters;
    if (previous_ns == 0 || top >= backoff_cap_ns(in->backoff))
        return top;
    return jitter_uniform_ns(in, 0, top, stream);
}

static void bounds_ns(const void *parameters, const struct jitter_in *in, struct backoff_range *range)
{
    double cap_ns = backoff_cap_ns(in->backoff);
    bool first = !(range->chain_high_ns > 0);
    (void)parameters;
    range->high_ns = top_ns(in, range->chain_high_ns);
    range->low_ns =
        first || (range->chain_low_ns > 0 && top_ns(in, range->chain_low_ns) >= cap_ns) ? range->high_ns : 0;
    range->attained = range->high_ns >= cap_ns;
}

const struct jitter_row jitter_compound = {
    .row = {.name = "compound",
            .summary = "a random part of the last wait times 2^(n-1); at the cap a constant",
            .formula = "X(1) = base; X(n) = U(0, X(n-1) * 2^(n-1)), or cap, without jitter, once that is at the cap",
            .source = "Finagle Backoff.exponentialJittered (util Backoff.scala), where it is called full jitter"},
    .wait_ns = wait_ns,
    .bounds_ns = bounds_ns,
    .needs_base = true,
};
