/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cache in front of a service: keys of Zipf popularity, each looked up, found or fetched.
 *
 * A lookup's key belongs to its request (a retry asks for the same key):
 *
 *   fresh value ------------------> hit; now and then it is refreshed ahead of its expiry (refresh.h)
 *   stale, within
 *     stale_while_revalidate -----> hit, and a fetch in the background
 *   its last fetch failed, within
 *     negative_ttl ---------------> the error again, or a value stale within stale_if_error
 *   else: a miss. May it fetch (miss.h)?
 *     yes ------------------------> the attempt goes on to the origin, as a fetch (fetch.h)
 *     no -------------------------> joins the fetch under way, or looks again later
 *
 * A hit is a lookup that found a value it may use; each lookup counts once, as a hit, a remembered error or a miss,
 * however often it looks again. Answers out of the cache take `hit_latency`; those of the origin take `fetch_latency`
 * to get to the cache. */
#ifndef MODEL_CACHE_H
#define MODEL_CACHE_H

#include "model/world.h"

void cache_lookup(struct world *world, uint32_t cache, uint32_t attempt);
/* An attempt's time is over: its answer out of the cache is due, it looks again, what it fetched is here, or it is a
 * lost fetch that is given up. */
void cache_event(struct world *world, uint32_t attempt);
/* The caller of an attempt that is here, or whose fetch is under way, gave up. */
void cache_abandoned(struct world *world, uint32_t attempt);
/* Whether a fetch is worth its work even though its caller gave up: a read-through cache fetches for itself. */
bool cache_wants(const struct world *world, const struct attempt *attempt);

/* The origin is done with a fetch: with a value (OUTCOME_GOOD) or a failure. Answers the reader and all that joined. */
void cache_fetched(struct world *world, uint32_t attempt, enum outcome outcome);
/* The origin let go of a fetch that nobody wants any more. */
void cache_dropped(struct world *world, uint32_t attempt);
/* The fetch, or its answer, was lost on the way. */
void cache_lost(struct world *world, uint32_t attempt);

void cache_build(struct world *world, uint32_t cache);
void cache_free(struct cache *cache);
void cache_warmed_up(const struct world *world, struct cache *cache);

#endif
