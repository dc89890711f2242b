/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shape none: retry at once. */
#include "policy/backoff/rows.h"

static double delay_ns(const void *parameters, uint32_t retry)
{
    (void)parameters;
    (void)retry;
    return 0;
}

static double base_ns(const void *parameters)
{
    (void)parameters;
    return 0;
}

const struct shape_row shape_none = {
    .row = {.name = "none", .summary = "retry at once", .formula = "d(n) = 0"},
    .delay_ns = delay_ns,
    .base_ns = base_ns,
};
