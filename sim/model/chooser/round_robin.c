/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Round robin: one after the other. In a slow start a replica lets its turn pass with the rest of its weight. */
#include "model/chooser/rows.h"

static uint32_t choose(const void *parameters, struct pool *pool, const struct chooser_in *in)
{
    (void)parameters;
    for (;;) {
        uint32_t replica = pool->available[pool->turn++ % pool->available_count];
        if (!pool->config->slow_start || stream_uniform(in->stream) < pool_weight(pool, replica, in->now_ns))
            return replica;
    }
}

const struct chooser_row chooser_round_robin = {
    .row = {.name = "round-robin", .summary = "one replica after the other",
            .formula = "each of n gets every n-th attempt"},
    .choose = choose,
};
