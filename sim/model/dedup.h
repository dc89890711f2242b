/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a service remembers of requests by their idempotency keys: which are being executed, and the results of those
 * that were.
 *
 *     ABSENT --dedup_begin--> RUNNING --dedup_store--> STORED --older than ttl, or too many--> ABSENT
 *                                \--dedup_forget (it failed, or was cancelled)--> ABSENT
 *
 * A result is kept for `ttl` from when it was stored; of more than `size` results the oldest goes. Those that are
 * running do not count and never go. Everything is O(1), amortised: a hash table with chains, whose entries are linked
 * by age. Keys are hashes already (request ids). */
#ifndef MODEL_DEDUP_H
#define MODEL_DEDUP_H

#include "model/world.h"

enum dedup_state { DEDUP_ABSENT, DEDUP_RUNNING, DEDUP_STORED };

struct dedup *dedup_new(int64_t ttl_ns, int64_t size);    /* INT64_MAX: for ever, unlimited */
void dedup_free(struct dedup *dedup);                     /* NULL: nothing to do */

/* Times never decrease from call to call. */
enum dedup_state dedup_look(struct dedup *dedup, uint64_t key, int64_t now_ns);
void dedup_begin(struct dedup *dedup, uint64_t key);                      /* was ABSENT */
void dedup_store(struct dedup *dedup, uint64_t key, int64_t now_ns);      /* nothing new if it was STORED */
void dedup_forget(struct dedup *dedup, uint64_t key);                     /* nothing happens if it was not RUNNING */
/* The attempts that wait for one that is RUNNING; valid until the next call. NULL: it is not RUNNING. */
struct queue *dedup_twins(struct dedup *dedup, uint64_t key);
int64_t dedup_stored(const struct dedup *dedup);          /* results kept, those that are too old perhaps included */

#endif
