/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budget none: every retry is granted. */
#include "policy/budget/rows.h"

static bool try_retry(const void *parameters, struct budget_state *state, int64_t now_ns)
{
    (void)parameters;
    (void)state;
    (void)now_ns;
    return true;
}

const struct budget_row budget_none = {
    .row = {.name = "none", .summary = "no budget: the number of attempts is the only limit"},
    .try_retry = try_retry,
};
