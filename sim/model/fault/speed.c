/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Speed: a brownout. Every worker is slower (or faster), attempts in service included. Overlapping ones multiply. */
#include "model/fault/rows.h"

struct speed {
    const char *service;
    double factor;
};

static const struct field fields[] = {
    {"service", FIELD_NAME, offsetof(struct speed, service), .help = "the service that slows down"},
    {"factor", FIELD_REAL, offsetof(struct speed, factor), .min = 1e-6, .max = 1e6,
     .help = "speed is multiplied by this: 0.2 makes a service time five times as long"},
    {0}};

const struct fault_row fault_speed = {
    .row = {.name = "speed", .summary = "a brownout: all workers of a service run slower or faster",
            .formula = "service time / factor", .source = "Huang et al., Metastable Failures in the Wild (OSDI 2022)",
            .fields = fields, .size = sizeof(struct speed)},
    .target = TARGET_SERVICE, .turn = TURN_SCALE, .knob = KNOB_SPEED, .amount = offsetof(struct speed, factor),
};
