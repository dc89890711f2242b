/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Latency: messages of an edge take longer. What is under way already is not delayed. */
#include "model/fault/rows.h"
#include "model/network.h"

static const char *const ways[] = {"both", "requests", "responses", NULL};

static const struct field fields[] = {
    {"edge", FIELD_TEXT, offsetof(struct delay_fault, edge), .help = "the path of the caller's side: clients.web"},
    {"delay", FIELD_OPTIONAL, offsetof(struct delay_fault, delay), .record = &law_record,
     .help = "law of what is added to the way; a heavy tail: {law: pareto, mean: 100ms, alpha: 1.5}"},
    {"way", FIELD_ENUM, offsetof(struct delay_fault, way), .names = ways, .text = "requests",
     .help = "which messages: requests, responses, or both (then it is drawn twice)"},
    {0}};

static const char *prepare(void *parameters)
{
    const struct delay_fault *fault = parameters;
    return fault->delay ? NULL : "missing key 'delay' (law of what is added to the way)";
}

static void apply(struct world *world, const struct fault *fault, uint32_t target, bool begins)
{
    (void)fault, (void)begins;
    network_follow_faults(world, target);
}

const struct fault_row fault_latency = {
    .row = {.name = "latency", .summary = "messages between a caller and what it calls take longer",
            .formula = "latency + delay; of several faults, their sum", .fields = fields,
            .size = sizeof(struct delay_fault), .prepare = prepare},
    .target = TARGET_EDGE, .apply = apply,
};
