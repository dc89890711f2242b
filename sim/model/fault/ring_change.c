/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ring change: the nodes of a cache become fewer or more, and keys move to nodes that do not have them. It is a fault
 * with two ends: when it is over, the keys move back, and are forgotten once more. */
#include <inttypes.h>
#include <stdio.h>

#include "model/fault/rows.h"
#include "model/store.h"

struct ring_change {
    const char *cache;
    int64_t nodes;
};

static const struct field fields[] = {
    {"cache", FIELD_NAME, offsetof(struct ring_change, cache), .help = "the cache whose nodes change"},
    {"nodes", FIELD_COUNT, offsetof(struct ring_change, nodes), .min = 1, .max = 1e4,
     .help = "how many there are meanwhile; of several changes at a time the fewest count"},
    {0}};

static int64_t nodes_of(const struct fault_config *fault)
{
    return ((const struct ring_change *)(const void *)fault->choice.parameters)->nodes;
}

static void apply(struct world *world, const struct fault *fault, uint32_t target, bool begins)
{
    struct cache *cache = &world->caches[target];
    int64_t fewest = INT64_MAX;
    (void)begins;
    for (uint32_t i = 0; i < world->fault_count; i++) {
        const struct fault *other = &world->faults[i];
        if (other->on && other->row == fault->row && other->target.index == target)
            fewest = nodes_of(other->config) < fewest ? nodes_of(other->config) : fewest;
    }
    store_set_nodes(world, cache, (uint32_t)(fewest < INT64_MAX ? fewest : cache->config->nodes));
}

static const char *check(const struct model_config *config, const struct fault_config *fault, struct target target,
                         char why[FAULT_WHY_SIZE])
{
    const struct cache_config *cache = &((const struct cache_config *)config->caches.items)[target.index];
    if (nodes_of(fault) != cache->nodes)
        return NULL;
    snprintf(why, FAULT_WHY_SIZE, "'%s' has %" PRId64 " nodes as it is: nothing would change", cache->name,
             cache->nodes);
    return "nodes";
}

const struct fault_row fault_ring_change = {
    .row = {.name = "ring-change", .summary = "a cache's nodes become fewer or more: the keys that move are forgotten, "
                                              "the capacity is scaled",
            .formula = "from m to n nodes 1 - min(m, n) / max(m, n) of the keys move, if placed consistently",
            .source = "Lamping and Veach, A Fast, Minimal Memory, Consistent Hash Algorithm (2014)",
            .fields = fields, .size = sizeof(struct ring_change)},
    .target = TARGET_CACHE, .check = check, .apply = apply,
};
