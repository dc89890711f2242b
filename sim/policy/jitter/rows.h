/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The jitters: one file a row, listed in table.c. Their parameters are here so that tests can fill them.
 *
 * Most are uniform on a range that depends on the shape's wait d; they need only their bounds. Those whose wait depends
 * on the waits before (decorrelated, compound, polly-v2) find that in the chain's state. */
#ifndef POLICY_JITTER_ROWS_H
#define POLICY_JITTER_ROWS_H

#include "policy/backoff.h"

struct jitter_full {
    int64_t floor_ns;
};

enum proportional_side { PROPORTIONAL_AROUND, PROPORTIONAL_ADDED };

struct jitter_proportional {
    double ratio;
    int side;    /* enum proportional_side */
    double step; /* of the share; 0: any */
};

struct jitter_additive {
    int64_t amount_ns;
};

struct jitter_range {
    int64_t low_ns;
};

struct jitter_factor {
    double low, high;
    int64_t constant_ns, add_ns;
};

struct jitter_sorted {
    double low, high;
};

enum decorrelated_limit { DECORRELATED_HARD, DECORRELATED_SOFT };
enum decorrelated_lower { DECORRELATED_BASE, DECORRELATED_PREVIOUS };
enum decorrelated_first { DECORRELATED_FIRST_DRAW, DECORRELATED_FIRST_BASE };

struct jitter_decorrelated {
    double multiplier;
    int limit; /* enum decorrelated_limit */
    int lower; /* enum decorrelated_lower */
    int first; /* enum decorrelated_first */
};

enum { SORTED_MOST_RETRIES = 1000 };

extern const struct jitter_row jitter_none, jitter_full, jitter_equal, jitter_proportional, jitter_additive,
    jitter_range, jitter_factor, jitter_exponential, jitter_decorrelated, jitter_compound, jitter_finagle_equal,
    jitter_polly_v2, jitter_sorted;

/* Uniform on [low, high), or, where whole steps are drawn to their upper end, up to and with `high`. */
static inline double jitter_uniform_ns(const struct jitter_in *in, double low, double high, struct stream *stream)
{
    return low + (high - low + in->step_ns) * stream_uniform(stream);
}

#endif
