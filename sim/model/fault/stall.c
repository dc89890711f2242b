/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stall: all workers of a service stand still now and then, as in a garbage collection. */
#include "model/fault/rows.h"
#include "model/service.h"

struct stall {
    const char *service;
};

static const struct field fields[] = {
    {"service", FIELD_NAME, offsetof(struct stall, service), .help = "the service that stands still"},
    {0}};

static void apply(struct world *world, const struct fault *fault, uint32_t target, bool begins)
{
    (void)fault;
    service_outage(world, target, OUTAGE_PAUSE, begins ? 1 : -1);
}

const struct fault_row fault_stall = {
    .row = {.name = "stall", .summary = "a service's workers stand still again and again (garbage collection)",
            .formula = "capacity x (1 - lasting / every)", .fields = fields, .size = sizeof(struct stall)},
    .target = TARGET_SERVICE, .recurs = true, .apply = apply,
};
