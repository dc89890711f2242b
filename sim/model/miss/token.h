/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The token of a key: at most one fetch holds it, for a time.
 *
 * The holder is known by its attempt's index, which no other attempt can have while the fetch is under way. A flush
 * or a deletion takes the token away (store_invalidate), and a new one may be given out when its time is over: the
 * old fetch then ends without it, and its value is refused. */
#ifndef MODEL_MISS_TOKEN_H
#define MODEL_MISS_TOKEN_H

#include "model/world.h"

bool token_is_free(const struct cache *cache, uint32_t key, int64_t now_ns);
void token_take(struct cache *cache, uint32_t key, uint32_t attempt, int64_t until_ns);
bool token_is_held_by(const struct cache *cache, uint32_t key, uint32_t attempt);
/* The holder is done; `at_once`: the token may be taken again, else when its time is over. */
void token_leave(struct cache *cache, uint32_t key, bool at_once);

#endif
