/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A load spike: a population asks for more (or less). Overlapping ones multiply. */
#include "model/fault/rows.h"

struct load {
    const char *clients;
    double factor;
};

static const struct field fields[] = {
    {"clients", FIELD_NAME, offsetof(struct load, clients), .help = "the population"},
    {"factor", FIELD_REAL, offsetof(struct load, factor), .min = 1e-6, .max = 1e6,
     .help = "open loop: arrivals come this much faster; closed loop: think times drawn are divided by it"},
    {0}};

static const char *why_not(const struct model_config *config, struct target target)
{
    const struct client_config *client = &((const struct client_config *)config->clients.items)[target.index];
    return client->arrival || client->closed ? NULL : "only connects, it has no load to scale";
}

const struct fault_row fault_load = {
    .row = {.name = "load", .summary = "a load spike: a population's rate is scaled", .formula = "rate x factor",
            .fields = fields, .size = sizeof(struct load)},
    .target = TARGET_CLIENTS, .turn = TURN_SCALE, .knob = KNOB_LOAD,
    .amount = offsetof(struct load, factor), .why_not = why_not,
};
