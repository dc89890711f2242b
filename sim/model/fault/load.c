/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A load spike: a population asks for more (or less). Overlapping ones multiply. */
#include "model/fault/rows.h"
#include "model/source.h"

struct load {
    const char *clients;
    double factor;
};

static const struct field fields[] = {
    {"clients", FIELD_NAME, offsetof(struct load, clients), .help = "the population"},
    {"factor", FIELD_REAL, offsetof(struct load, factor), .min = 1e-6, .max = 1e6,
     .help = "open loop: arrivals come this much faster; closed loop: think times drawn are divided by it"},
    {0}};

static void apply(struct world *world, const struct fault *fault, bool begins)
{
    (void)begins;
    source_set_factor(world, fault->target.index, fault_product(world, fault, offsetof(struct load, factor)));
}

const struct fault_row fault_load = {
    .row = {.name = "load", .summary = "a load spike: a population's rate is scaled", .formula = "rate x factor",
            .fields = fields, .size = sizeof(struct load)},
    .target = TARGET_CLIENTS, .apply = apply,
};
