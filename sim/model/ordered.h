/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attempts ordered by a number, the least first; among equals the one that was pushed first.
 *
 * A binary heap of 16-byte entries that knows where each attempt is (attempt.done_ns holds its place), so that any of
 * them leaves in O(log n). A zeroed one is empty. Keys are numbers, never NaN. */
#ifndef MODEL_ORDERED_H
#define MODEL_ORDERED_H

#include "model/world.h"

void ordered_push(struct ordered *ordered, struct attempt *attempts, uint32_t attempt, double key);
void ordered_remove(struct ordered *ordered, struct attempt *attempts, uint32_t attempt);
void ordered_free(struct ordered *ordered);

static inline uint32_t ordered_first(const struct ordered *ordered) { return ordered->entries[0].attempt; }

static inline double ordered_key(const struct ordered *ordered, const struct attempt *attempt)
{
    return ordered->entries[attempt->done_ns].key;
}

#endif
