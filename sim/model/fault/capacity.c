/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capacity: some of the workers are gone. Those at work finish first. */
#include "model/fault/rows.h"

struct capacity {
    const char *service;
    double factor;
};

static const struct field fields[] = {
    {"service", FIELD_NAME, offsetof(struct capacity, service), .help = "the service that loses workers"},
    {"factor", FIELD_REAL, offsetof(struct capacity, factor), .min = 0, .max = 1e6,
     .help = "workers are multiplied by this (rounded down, 0 allowed)"},
    {0}};

static const char *why_not(const struct model_config *config, struct target target)
{
    const struct service_config *service = &((const struct service_config *)config->services.items)[target.index];
    return service->workers < INT64_MAX ? NULL : "has unlimited workers: they can be set ({kind: set}), not scaled";
}

const struct fault_row fault_capacity = {
    .row = {.name = "capacity", .summary = "a service's number of workers is scaled",
            .formula = "workers x factor, rounded down", .fields = fields, .size = sizeof(struct capacity)},
    .target = TARGET_SERVICE, .turn = TURN_SCALE, .knob = KNOB_WORKERS,
    .amount = offsetof(struct capacity, factor), .why_not = why_not,
};
