/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Advice gate: when the gate that refuses will have something again, if it can tell (rates and windows can). */
#include "policy/advice/rows.h"

static int64_t hint_ns(const void *parameters, const struct advice_in *in)
{
    (void)parameters;
    return in->gate_ns >= 0 ? in->gate_ns : HINT_NONE;
}

const struct advice_row advice_gate = {
    .row = {.name = "gate",
            .summary = "when the gate that refuses will have a permit again, if it can tell",
            .source = "RateLimit-Reset of HTTP APIs"},
    .hint_ns = hint_ns,
};
