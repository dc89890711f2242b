/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scale: any number of the scenario that may change while it runs is multiplied. */
#include "model/fault/rows.h"

struct scale {
    const char *path;
    double factor;
};

static const struct field fields[] = {
    {"path", FIELD_TEXT, offsetof(struct scale, path), .help = "the number that changes: services.api.service_time"},
    {"factor", FIELD_REAL, offsetof(struct scale, factor), .min = 0, .max = 1e6,
     .help = "it is multiplied by this; overlapping ones multiply"},
    {0}};

const struct fault_row fault_scale = {
    .row = {.name = "scale", .summary = "a number of the scenario is multiplied for a while",
            .formula = "value x factor, rounded down where it counts something", .fields = fields,
            .size = sizeof(struct scale)},
    .target = TARGET_PARAMETER, .turn = TURN_SCALE, .amount = offsetof(struct scale, factor),
};
