/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cache flush: an event that makes a cache forget. */
#include <inttypes.h>
#include <stdio.h>

#include "model/fault/rows.h"
#include "model/store.h"

static const struct field fields[] = {
    {"cache", FIELD_NAME, offsetof(struct flush, cache), .help = "the cache that forgets"},
    {"fraction", FIELD_RATIO, offsetof(struct flush, fraction), .min = 0, .max = 1, .text = "100%",
     .help = "the part of the keys, picked at random (of those below, where they are given)"},
    {"hottest", FIELD_COUNT, offsetof(struct flush, hottest), .min = 1, .max = 1e8, .text = "all", .word = "all",
     .help = "only so many of the most popular keys"},
    {"node", FIELD_COUNT, offsetof(struct flush, node), .min = 0, .max = 1e4, .text = "all", .word = "all",
     .help = "only the keys of this node (from 0): it was replaced by an empty one"},
    {0}};

static void apply(struct world *world, const struct fault *fault, uint32_t target, bool begins)
{
    const struct flush *flush = (const void *)fault->config->choice.parameters;
    if (begins)
        store_flush(world, &world->caches[target], flush, fault_number(world, fault));
}

static const char *check(const struct model_config *config, const struct fault_config *fault, struct target target,
                         char why[FAULT_WHY_SIZE])
{
    const struct cache_config *cache = &((const struct cache_config *)config->caches.items)[target.index];
    const struct flush *flush = (const void *)fault->choice.parameters;
    if (flush->node != INT64_MAX && flush->node >= cache->nodes) {
        snprintf(why, FAULT_WHY_SIZE, "there is no node %" PRId64 " of '%s': they are 0 to %" PRId64, flush->node,
                 cache->name, cache->nodes - 1);
        return "node";
    }
    if (flush->hottest != INT64_MAX && flush->hottest > cache->keys) {
        snprintf(why, FAULT_WHY_SIZE, "'%s' has only %" PRId64 " keys", cache->name, cache->keys);
        return "hottest";
    }
    return NULL;
}

const struct fault_row fault_flush = {
    .row = {.name = "flush", .summary = "a cache forgets all or a part of its keys, or those of a node",
            .fields = fields, .size = sizeof(struct flush)},
    .target = TARGET_CACHE, .instant = true, .check = check, .apply = apply,
};
