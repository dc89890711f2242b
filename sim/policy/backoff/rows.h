/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shapes of backoff: one file a row, listed in table.c. Their parameters are here so that tests can fill them. */
#ifndef POLICY_BACKOFF_ROWS_H
#define POLICY_BACKOFF_ROWS_H

#include "policy/backoff.h"

struct shape_fixed {
    int64_t base_ns;
};

struct shape_linear {
    int64_t base_ns;
};

struct shape_incremental {
    int64_t start_ns, increment_ns;
};

struct shape_exponential {
    int64_t base_ns;
    double multiplier;
    int64_t offset;
};

struct shape_fibonacci {
    int64_t base_ns;
    int64_t offset;
};

struct shape_delay {
    int64_t delay_ns;
};

struct shape_table_of_delays {
    struct list delays; /* of struct shape_delay; not empty */
};

extern const struct shape_row shape_none, shape_fixed, shape_linear, shape_incremental, shape_exponential,
    shape_fibonacci, shape_delays;

/* Also turns what overflowed into a finite number. */
static inline double shape_saturate_ns(double ns)
{
    return ns < SHAPE_HUGE_NS ? ns : SHAPE_HUGE_NS;
}

#endif
