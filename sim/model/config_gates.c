/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The field table of a gate at a service, and what must hold for it. */
#include "model/config.h"

static const char *prepare(void *self)
{
    const struct service_gate *gate = self;
    const struct gate_row *row = (const struct gate_row *)gate->choice.row;
    return row->not_at_service ? row->not_at_service(gate->choice.parameters) : NULL;
}

static const char *const classes[] = {"kind", "throttled", "overloaded", "shed", NULL};
static const char *const keys[] = {"none", "population", "client", NULL};

static const struct field fields[] = {
    {"preset", FIELD_NAME, offsetof(struct service_gate, preset), .text = "none",
     .help = "a library's, in place of what is not written here; `retrystorm list preset` shows them"},
    {"kind", FIELD_CHOICE, offsetof(struct service_gate, choice), .table = &gate_table, .help = "what may pass"},
    {"key", FIELD_ENUM, offsetof(struct service_gate, key), .names = keys, .text = "none",
     .help = "one for all callers, or one for each population, or one for each client"},
    {"class", FIELD_ENUM, offsetof(struct service_gate, class), .names = classes, .text = "kind",
     .help = "what a refusal is to the caller; kind: rates throttle, limits are overloaded"},
    {"reject_cost", FIELD_DURATION, offsetof(struct service_gate, reject_cost_ns), .max = 3.6e12, .text = "service",
     .word = "service", .help = "worker time that a refusal takes; service: the service's own reject_cost"},
    {"retry_after", FIELD_MAP, offsetof(struct service_gate, retry_after), .record = &advice_record, .text = "none",
     .help = "what it says about when to come back: 2s, gate, {kind: backlog, spread: true}"},
    {0}};

const struct record service_gate_record = {"a gate", sizeof(struct service_gate), fields, "kind", prepare};
