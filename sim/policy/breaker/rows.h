/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The circuit breakers: one file a row, listed in table.c. Their parameters are here so that tests can fill them. */
#ifndef POLICY_BREAKER_ROWS_H
#define POLICY_BREAKER_ROWS_H

#include "policy/breaker.h"

struct breaker_consecutive {
    int64_t failures;
};

struct breaker_count_window {
    int64_t window, min_calls; /* min_calls INT64_MAX: the whole window */
    double ratio;
};

extern const struct breaker_row breaker_none, breaker_consecutive, breaker_count_window;

#endif
