/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Limiter none: every attempt is sent at once. */
#include "policy/limiter/rows.h"

static int64_t acquire_ns(const void *parameters, struct limiter_state *state, int64_t now_ns)
{
    (void)parameters;
    (void)state;
    (void)now_ns;
    return 0;
}

const struct limiter_row limiter_none = {
    .row = {.name = "none", .summary = "no limit"},
    .acquire_ns = acquire_ns,
};
