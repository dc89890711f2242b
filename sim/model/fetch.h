/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fetches: a cache's way to its origin, and what comes back.
 *
 * A fetch is an attempt at the origin: that of the reader who missed, or one of a request of the cache's own
 * (REQUEST_OF_CACHE), to refresh a value in the background. Its value is stored if it still holds its
 * token (miss.h) and
 *   fill: always         in any case: the cache fetches for itself, a reader who gives up does not stop it
 *   fill: caller-alive   if its reader, or one who joined it, still waits; or if it has no reader
 * A failure (an error, a rejection, a refusal; with caller-alive also a reader that gives up) deletes the value
 * (`error_as_miss`) and is remembered (`negative_ttl`).
 * A reader whose fetch failed gets the value that is still there, if it is fresh (it was refreshed ahead) or stale
 * within `stale_if_error`. A fetch that was cancelled or lost says nothing about the origin: who joined it gets an
 * error. */
#ifndef MODEL_FETCH_H
#define MODEL_FETCH_H

#include "model/world.h"

/* Whether the miss rule lets a fetch of the key start now. */
bool fetch_is_allowed(const struct world *world, const struct cache *cache, uint32_t key);
/* The attempt, at its cache, becomes a fetch of its key. */
void fetch_start(struct world *world, uint32_t attempt);
/* The key that this attempt looks up is fetched by the cache for itself. */
void fetch_in_background(struct world *world, uint32_t reader);
/* What the origin says is here. */
void fetch_end(struct world *world, uint32_t attempt, enum outcome outcome);
/* Waits for the fetch of its key that is under way. */
void fetch_join(struct world *world, uint32_t attempt);

/* What a reader gets whose fetch came to that outcome: a failure may be answered by the value that is still there. */
enum outcome fetch_outcome(const struct world *world, struct cache *cache, uint32_t key,
                           enum outcome outcome);
/* A fetch failed: deletes the value, remembers the failure, if the cache does that. */
void fetch_note_failure(const struct world *world, struct cache *cache, uint32_t key, enum outcome outcome);
/* Counts a stale value that is given out. */
void fetch_count_stale(const struct world *world, struct cache *cache, uint32_t key);

#endif
