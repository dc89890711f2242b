/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cache in front of a service: keys with Zipf popularity, a TTL, misses that are fetched from the origin.
 *
 * A lookup's key belongs to its request (a retry asks for the same key). A hit answers at once. A miss goes on to the
 * origin as the same attempt, marked as a fetch; with `coalesce` only the first miss of a key does, the others wait
 * and share its outcome, good or bad. A good fetch stores the value if `fill: always`, or if the caller of the fetch or
 * of one that waits for it is still there (`caller-alive`). */
#ifndef MODEL_CACHE_H
#define MODEL_CACHE_H

#include "model/world.h"

void cache_lookup(struct world *world, uint32_t cache, uint32_t attempt);
/* The origin is done with a fetch: with a value (OUTCOME_GOOD) or without. Answers the caller and all that wait. */
void cache_fetched(struct world *world, uint32_t attempt, enum outcome outcome);
/* Whether a fetch is worth its work even though its caller gave up: a read-through cache fetches for itself. */
bool cache_wants(const struct world *world, const struct attempt *attempt);
/* The caller of an attempt that waits here, or whose fetch is under way, gave up. */
void cache_abandoned(struct world *world, uint32_t attempt);
/* Forgets a part of the keys, picked at random; `number` tells flushes of one run apart. */
void cache_flush(struct world *world, uint32_t cache, double fraction, uint32_t number);

void cache_build(struct world *world, uint32_t cache);
void cache_free(struct cache *cache);

#endif
