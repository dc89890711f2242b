/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The circuit breakers: one file a row, listed in table.c. Their parameters are here so that tests can fill them. */
#ifndef POLICY_BREAKER_ROWS_H
#define POLICY_BREAKER_ROWS_H

#include "policy/breaker/trip.h"

struct breaker_consecutive {
    int64_t failures;
    int compare; /* enum breaker_compare */
};

struct breaker_cumulative {
    struct breaker_trip trip;
    int out_of; /* enum breaker_out_of */
};

struct breaker_count_window {
    int64_t window;
    struct breaker_trip trip; /* min_calls INT64_MAX: the whole window */
};

enum breaker_starts { STARTS_GRID, STARTS_CALL };

struct breaker_tumbling {
    int64_t window_ns;
    int starts, out_of; /* enum breaker_starts, breaker_out_of */
    struct breaker_trip trip;
};

struct breaker_rolling {
    int64_t window_ns, buckets;
    int out_of; /* enum breaker_out_of */
    struct breaker_trip trip;
};

enum breaker_ema_start { EMA_FIRST_RESULT, EMA_GOOD };

struct breaker_ema {
    int64_t window_ns;
    double ratio;
    int64_t min_calls, min_age_ns;
    int compare, start; /* enum breaker_compare, breaker_ema_start */
};

struct breaker_any {
    struct list of; /* of struct breaker_part; not empty */
};

struct breaker_part {
    struct choice choice; /* of breaker_part_table */
    uint32_t forgives;    /* set of failures */
};

extern const struct breaker_row breaker_none, breaker_consecutive, breaker_cumulative, breaker_count_window,
    breaker_tumbling, breaker_rolling, breaker_ema, breaker_any;

extern const struct table breaker_part_table; /* those that `any` can be of */

#endif
