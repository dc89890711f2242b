/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Partition: nothing gets through between a part of the callers and what they call, one way or both. */
#include "model/fault/rows.h"
#include "model/network.h"

static const char *const ways[] = {"both", "requests", "responses", NULL};

static const struct field fields[] = {
    {"edge", FIELD_TEXT, offsetof(struct partition_fault, edge), .help = "the path of the caller's side: clients.web"},
    {"fraction", FIELD_RATIO, offsetof(struct partition_fault, fraction), .min = 0, .max = 1, .text = "100%",
     .help = "the part of the clients that is cut off, picked at random each time it happens"},
    {"way", FIELD_ENUM, offsetof(struct partition_fault, way), .names = ways, .text = "both",
     .help = "which messages are lost: requests, responses, or both"},
    {0}};

static void apply(struct world *world, const struct fault *fault, uint32_t target, bool begins)
{
    (void)fault, (void)begins;
    network_follow_faults(world, target);
}

const struct fault_row fault_partition = {
    .row = {.name = "partition", .summary = "nothing gets through between (some) callers and what they call",
            .fields = fields, .size = sizeof(struct partition_fault)},
    .target = TARGET_EDGE, .picks_clients = true, .apply = apply,
};
