/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record of a gate at a client's end. */
#include "policy/gate.h"

static const char *prepare(void *self)
{
    const struct gate_row *row = (const struct gate_row *)((const struct gate *)self)->choice.row;
    return row->looks_at_service ? "this kind looks at queue and workers of the service where it stands: put it under "
                                   "'gates' of a service"
                                 : NULL;
}

static const char *const per_names[] = {"attempt", "request", "retry", NULL};

static const struct field fields[] = {
    {"preset", FIELD_NAME, offsetof(struct gate, preset), .text = "none",
     .help = "a library's, in place of what is not written here; `retrystorm list preset` shows them"},
    {"kind", FIELD_CHOICE, offsetof(struct gate, choice), .table = &gate_table, .help = "what may pass"},
    {"scope", FIELD_ENUM, offsetof(struct gate, scope), .names = scope_names, .text = "client",
     .help = "one for each client, or one for the population; or that for each replica of a pool (endpoint: one for "
             "the population), which is then chosen before it is asked"},
    {"per", FIELD_ENUM, offsetof(struct gate, per), .names = per_names, .text = "attempt",
     .help = "what passes it: each attempt (inside retry, behind the breaker), only those that are retries, or each "
             "request once (outside)"},
    {0},
};

const struct record gate_record = {"a gate", sizeof(struct gate), fields, "kind", prepare};
