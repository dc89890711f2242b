/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gates: one file a row, listed in table.c. Their parameters are here so that tests can fill them. */
#ifndef POLICY_GATE_ROWS_H
#define POLICY_GATE_ROWS_H

#include "policy/gate.h"

enum gate_on_empty { ON_EMPTY_REJECT, ON_EMPTY_WAIT };

struct gate_token_bucket {
    double rate_per_s;
    int64_t burst;
    int on_empty;        /* enum gate_on_empty */
    int64_t max_wait_ns; /* INT64_MAX: none */
};

/* GCRA: the theoretical arrival time and its fraction in 2^-32 ns. */
struct gate_token_bucket_state {
    int64_t next_free_ns, spare;
};

extern const struct gate_row gate_none, gate_token_bucket;

#endif
