/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gate none: everything goes on at once. */
#include "policy/gate/rows.h"

static struct gate_answer ask(const void *parameters, void *state, const struct gate_in *in)
{
    (void)parameters, (void)state, (void)in;
    return gate_admit();
}

const struct gate_row gate_none = {
    .row = {.name = "none", .summary = "no limit"},
    .refusal = FAILURE_LIMITED,
    .rejection = FAILURE_THROTTLED,
    .ask = ask,
};
