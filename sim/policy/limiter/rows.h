/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client-side rate limits: one file a row, listed in table.c. Their parameters are here so that tests can
 * fill them. */
#ifndef POLICY_LIMITER_ROWS_H
#define POLICY_LIMITER_ROWS_H

#include "policy/limiter.h"

enum limiter_on_empty { ON_EMPTY_REJECT, ON_EMPTY_WAIT };

struct limiter_token_bucket {
    double rate_per_s;
    int64_t burst;
    int on_empty;        /* enum limiter_on_empty */
    int64_t max_wait_ns; /* INT64_MAX: none */
};

extern const struct limiter_row limiter_none, limiter_token_bucket;

#endif
