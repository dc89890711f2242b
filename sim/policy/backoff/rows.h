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
    int64_t cut_to_ns; /* INT64_MAX: none */
};

struct shape_exponential_less_one {
    int64_t base_ns;
    double multiplier;
};

struct shape_slots {
    int64_t slot_ns;
    int64_t most;
};

struct shape_fibonacci {
    int64_t base_ns;
    int64_t offset;
};

struct shape_script {
    const char *file;
    const struct script_source *source;
};

struct shape_delay {
    int64_t delay_ns;
};

struct shape_table_of_delays {
    struct list delays; /* of struct shape_delay; not empty */
};

extern const struct shape_row shape_script, shape_none, shape_fixed, shape_linear, shape_incremental, shape_exponential,
    shape_exponential_less_one, shape_slots, shape_fibonacci, shape_delays;

/* x^exponent by squaring and not by pow(), whose last bit depends on the machine's C library. May overflow to
 * infinity: shape_saturate_ns makes that finite again. */
static inline double shape_power(double x, uint64_t exponent)
{
    double result = 1;
    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1)
            result *= x;
        x *= x;
    }
    return result;
}

/* Also turns what overflowed into a finite number. */
static inline double shape_saturate_ns(double ns)
{
    return ns < SHAPE_HUGE_NS ? ns : SHAPE_HUGE_NS;
}

#endif
