/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/rolling.h"

static void forget(const struct rolling_shape *shape, int64_t *memory, int64_t *slice)
{
    for (uint32_t i = 0; i < shape->sums; i++) {
        rolling_sums(memory)[i] -= slice[i];
        slice[i] = 0;
    }
}

void rolling_step(const struct rolling_shape *shape, int64_t *memory, int64_t now_ns)
{
    int64_t steps = (now_ns - memory[ROLLING_END]) / shape->slice_ns + 1;
    memory[ROLLING_END] += steps * shape->slice_ns;
    if (steps > shape->slices)
        steps = shape->slices;
    for (int64_t i = 0; i < steps; i++) {
        memory[ROLLING_OPEN] = (memory[ROLLING_OPEN] + 1) % shape->slices;
        forget(shape, memory, rolling_slice(shape, memory, 0));
    }
}
