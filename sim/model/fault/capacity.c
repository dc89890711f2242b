/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capacity: some of the workers are gone. Those at work finish first. */
#include <math.h>

#include "model/fault/rows.h"
#include "model/service.h"

struct capacity {
    const char *service;
    double factor;
};

static const struct field fields[] = {
    {"service", FIELD_NAME, offsetof(struct capacity, service), .help = "the service that loses workers"},
    {"factor", FIELD_REAL, offsetof(struct capacity, factor), .min = 0, .max = 1e6,
     .help = "workers are multiplied by this (rounded down, 0 allowed)"},
    {0}};

static void apply(struct world *world, const struct fault *fault, bool begins)
{
    int64_t workers = world->services[fault->target.index].config->workers;
    (void)begins;
    if (workers < INT64_MAX) {
        double scaled = (double)workers * fault_product(world, fault, offsetof(struct capacity, factor));
        workers = (int64_t)fmin(floor(scaled + 1e-9), 1e15);
    }
    service_set_workers(world, fault->target.index, workers);
}

const struct fault_row fault_capacity = {
    .row = {.name = "capacity", .summary = "a service's number of workers is scaled",
            .formula = "workers x factor, rounded down", .fields = fields, .size = sizeof(struct capacity)},
    .target = TARGET_SERVICE, .apply = apply,
};
