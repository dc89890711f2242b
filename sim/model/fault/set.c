/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set: any number of the scenario that may change while it runs gets another value. */
#include "model/fault/rows.h"

struct set {
    const char *path, *value;
};

static const struct field fields[] = {
    {"path", FIELD_TEXT, offsetof(struct set, path), .help = "the number that changes: services.api.workers"},
    {"value", FIELD_TEXT, offsetof(struct set, value),
     .help = "its value meanwhile, written as in the scenario; of overlapping ones the last to begin counts"},
    {0}};

const struct fault_row fault_set = {
    .row = {.name = "set", .summary = "a number of the scenario has another value for a while",
            .formula = "value, x all `scale` of the same number", .fields = fields, .size = sizeof(struct set)},
    .target = TARGET_PARAMETER, .turn = TURN_SET, .amount = offsetof(struct set, value),
};
