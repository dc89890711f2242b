/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shape exponential-less-1: the exponential whose exponent 0 is no wait at all. With multiplier 2 each wait is as long
 * as all waits of the plain exponential up to there. */
#include "policy/backoff/rows.h"

static double base_ns(const void *parameters)
{
    return (double)((const struct shape_exponential_less_one *)parameters)->base_ns;
}

static double delay_ns(const void *parameters, uint32_t retry)
{
    const struct shape_exponential_less_one *p = parameters;
    return shape_saturate_ns(base_ns(p) * (shape_power(p->multiplier, retry) - 1));
}

static const struct field fields[] = {
    {"base", FIELD_DURATION, offsetof(struct shape_exponential_less_one, base_ns), .min = 1,
     .max = (double)BACKOFF_LONGEST_NS, .help = "with multiplier 2, the first wait"},
    {"multiplier", FIELD_REAL, offsetof(struct shape_exponential_less_one, multiplier), .min = 1, .max = 1000,
     .text = "2", .help = "of the exponential"},
    {0},
};

const struct shape_row shape_exponential_less_one = {
    .row = {.name = "exponential-less-1",
            .summary = "an exponential less its start: 1, 3, 7, 15 times the base",
            .formula = "d(n) = base * (multiplier^n - 1)",
            .source = "Azure SDK for Go, azcore policy_retry.go; Envoy before its present formula",
            .fields = fields,
            .size = sizeof(struct shape_exponential_less_one)},
    .delay_ns = delay_ns,
    .base_ns = base_ns,
};
