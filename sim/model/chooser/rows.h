/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_CHOOSER_ROWS_H
#define MODEL_CHOOSER_ROWS_H

#include "model/chooser.h"
#include "model/pool.h"

extern const struct chooser_row chooser_random, chooser_round_robin, chooser_least, chooser_p2c, chooser_hash;

/* One of the available replicas, with a probability in proportion to its weight. */
static inline uint32_t choose_by_weight(const struct pool *pool, const struct chooser_in *in)
{
    for (;;) {
        double place = stream_uniform(in->stream) * pool->available_count;
        uint32_t replica = pool->available[(uint32_t)place];
        if (!pool->config->slow_start)
            return replica;
        double luck = stream_uniform(in->stream);
        if (luck < pool_weight(pool, replica, in->now_ns))
            return replica;
    }
}

/* What it would have outstanding with this attempt, per share: the less the better. */
static inline double load_of(const struct pool *pool, uint32_t replica, int64_t now_ns)
{
    return (pool->replicas[replica].outstanding + 1) / pool_weight(pool, replica, now_ns);
}

#endif
