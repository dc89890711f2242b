/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budget none: every retry is granted. */
#include "policy/budget/rows.h"

static bool try_retry(const void *parameters, void *self, const struct budget_event *event)
{
    (void)parameters;
    (void)self;
    (void)event;
    return true;
}

const struct budget_row budget_none = {
    .row = {.name = "none", .summary = "no budget: the number of attempts is the only limit"},
    .try_retry = try_retry,
};
