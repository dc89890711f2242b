/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The jitters: one file a row, listed in table.c. Their parameters are here so that tests can fill them. */
#ifndef POLICY_JITTER_ROWS_H
#define POLICY_JITTER_ROWS_H

#include "policy/backoff.h"

struct jitter_full {
    int64_t floor_ns;
};

enum proportional_side { PROPORTIONAL_AROUND, PROPORTIONAL_ADDED };

struct jitter_proportional {
    double ratio;
    int side; /* enum proportional_side */
};

struct jitter_additive {
    int64_t amount_ns;
};

struct jitter_range {
    int64_t low_ns;
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

extern const struct jitter_row jitter_none, jitter_full, jitter_equal, jitter_proportional, jitter_additive,
    jitter_range, jitter_decorrelated, jitter_exponential;

/* Uniform on [low, high). */
static inline double jitter_between(double low, double high, struct stream *stream)
{
    return low + (high - low) * stream_uniform(stream);
}

#endif
