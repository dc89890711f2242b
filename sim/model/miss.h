/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Miss rules: how many fetches of a key are under way at a time, and what the other misses do meanwhile.
 *
 * All that makes a fetch asks the same rule: a miss, a refresh ahead of the expiry, a refresh of a stale value in the
 * background. So `miss: coalesce` with `refresh: early` is one early fetch at a time, `miss: each` with
 * `stale_while_revalidate` is one background fetch for each stale answer.
 *
 * A row says whether a fetch may start, and hears of each that does and ends. A miss that may not fetch either joins
 * the fetch under way and shares its outcome (wait_ns is NULL), or looks again after a while (it polls). A fetch may
 * hold a token; if it does not when it ends, its value is not stored. All functions are O(1). */
#ifndef MODEL_MISS_H
#define MODEL_MISS_H

#include "base/table.h"
#include "model/world.h"

struct miss_row {
    struct row row;
    bool remembers;               /* uses struct cache_memory */
    /* NULL: a fetch may always start. */
    bool (*may_fetch)(const struct cache *cache, uint32_t key, int64_t now_ns);
    /* NULL: joins. Else the time until the next look, of a miss that has waited so long; 0: fetch without a token. */
    int64_t (*wait_ns)(const void *parameters, int64_t waited_ns);
    /* A fetch that may_fetch allowed starts. NULL: nothing to note. */
    void (*began)(struct cache *cache, uint32_t key, uint32_t attempt, int64_t now_ns);
    /* Whether the fetch still holds its token. NULL: there are none. */
    bool (*granted)(const struct cache *cache, uint32_t key, uint32_t attempt);
    /* The holder's fetch ended; `stored`: with a value that is in the cache now. NULL: nothing to note. */
    void (*ended)(struct cache *cache, uint32_t key, bool stored);
};

extern const struct table miss_table;
extern const struct record miss_record;   /* coalesce, or {rule: lease, interval: 10s, wait: 10ms} */

#endif
