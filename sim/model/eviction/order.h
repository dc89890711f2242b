/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stored keys of a cache in the order of their last mention, oldest first: a log in a ring.
 *
 * A mention is appended, the key keeps the place of its last one, and an entry that is not its key's last is dead.
 * Whoever looks for the oldest passes over the dead; when the ring is full, they are squeezed out. With room for four
 * times as many entries as there are values, that is amortised O(1). A linked list would do the same in more time: of a
 * million keys, each mention would fetch two neighbours from far away, where the log is written and read in a row. */
#ifndef MODEL_EVICTION_ORDER_H
#define MODEL_EVICTION_ORDER_H

#include "model/world.h"

void order_mention(struct cache *cache, uint32_t key);    /* makes it the newest */
void order_remove(struct cache *cache, uint32_t key);
uint32_t order_oldest(struct cache *cache, struct stream *stream);

#endif
