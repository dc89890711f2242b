/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single flight: one fetch of a key at a time, the others join it. The entry is gone when the fetch has ended, so
 * after an error the next miss fetches again. */
#include "model/miss/rows.h"

static bool may_fetch(const struct cache *cache, uint32_t key, int64_t now_ns)
{
    (void)now_ns;
    return cache->fetches[key].under_way == 0;
}

const struct miss_row miss_coalesce = {
    .row = {.name = "coalesce", .summary = "one fetch of a key at a time; other misses wait for it and share its "
                                           "outcome, good or bad",
            .formula = "a / (1 + a (T + D)) fetches per second, with lookups at rate a, TTL T and fetches of length D",
            .source = "golang.org/x/sync/singleflight; Varnish and CDNs call it request coalescing"},
    .may_fetch = may_fetch,
};
