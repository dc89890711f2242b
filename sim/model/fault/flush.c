/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cache flush: an event that makes a cache forget. */
#include "model/cache.h"
#include "model/fault/rows.h"

struct flush {
    const char *cache;
    double fraction;
};

static const struct field fields[] = {
    {"cache", FIELD_NAME, offsetof(struct flush, cache), .help = "the cache that forgets"},
    {"fraction", FIELD_RATIO, offsetof(struct flush, fraction), .min = 0, .max = 1, .text = "100%",
     .help = "the part of the keys, picked at random"},
    {0}};

static void apply(struct world *world, const struct fault *fault, bool begins)
{
    const struct flush *flush = (const void *)fault->config->choice.parameters;
    if (begins)
        cache_flush(world, fault->target.index, flush->fraction, fault_number(world, fault));
}

const struct fault_row fault_flush = {
    .row = {.name = "flush", .summary = "a cache forgets all or a part of its keys", .fields = fields,
            .size = sizeof(struct flush)},
    .target = TARGET_CACHE, .instant = true, .apply = apply,
};
