/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over a moving window: the last `slices` slices of time, the youngest of them still open.
 *
 *     slices begin at whole multiples of slice_ns:  |  oldest  |  ...  |  closed  |  open .. now
 *
 * So the window is between slices - 1 and slices slices long. Several sums share one window (`sums`): sum i is
 * rolling_sums(memory)[i]. The memory is plain int64_t words (rolling_size bytes); all zero is empty at time 0. `now`
 * never goes back. Cost: one comparison, and a step over the slices that have passed. */
#ifndef POLICY_ROLLING_H
#define POLICY_ROLLING_H

#include <stddef.h>
#include <stdint.h>

struct rolling_shape {
    int64_t slice_ns;
    uint32_t slices, sums;
};

enum { ROLLING_END, ROLLING_OPEN, ROLLING_SUMS };    /* the words: end of the open slice, its place, then the sums */

static inline size_t rolling_size(const struct rolling_shape *shape)
{
    return (ROLLING_SUMS + shape->sums * (shape->slices + 1ul)) * sizeof(int64_t);
}

static inline int64_t *rolling_sums(int64_t *memory) { return memory + ROLLING_SUMS; }

/* The sums of one slice; `age` 0 is the open one, shape->slices - 1 the oldest. */
static inline int64_t *rolling_slice(const struct rolling_shape *shape, int64_t *memory, uint32_t age)
{
    uint32_t place = (uint32_t)memory[ROLLING_OPEN] + shape->slices - age;
    return memory + ROLLING_SUMS + shape->sums * (1 + place % shape->slices);
}

void rolling_step(const struct rolling_shape *shape, int64_t *memory, int64_t now_ns);

/* Forgets what is too old. Comes before anything is read or added. */
static inline void rolling_move(const struct rolling_shape *shape, int64_t *memory, int64_t now_ns)
{
    if (now_ns >= memory[ROLLING_END])
        rolling_step(shape, memory, now_ns);
}

static inline void rolling_add(const struct rolling_shape *shape, int64_t *memory, uint32_t sum, int64_t amount)
{
    rolling_sums(memory)[sum] += amount;
    memory[ROLLING_SUMS + shape->sums * (1 + (uint64_t)memory[ROLLING_OPEN]) + sum] += amount;
}

#endif
