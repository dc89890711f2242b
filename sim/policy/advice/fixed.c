/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Advice fixed: the same time for everybody, who then come back together. */
#include "policy/advice/rows.h"

static int64_t hint_ns(const void *parameters, const struct advice_in *in)
{
    (void)in;
    return ((const struct advice_fixed *)parameters)->wait_ns;
}

static const struct field fields[] = {
    {"wait", FIELD_DURATION, offsetof(struct advice_fixed, wait_ns), .min = 0, .max = 1e15, .help = "the time"},
    {0},
};

const struct advice_row advice_fixed = {
    .row = {.name = "fixed",
            .summary = "the same time for everybody",
            .source = "HTTP Retry-After",
            .fields = fields,
            .size = sizeof(struct advice_fixed)},
    .hint_ns = hint_ns,
};
