/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Least outstanding: the replica with the fewest attempts under way, any of those that are equal. One that fails fast
 * never has many: it draws the load. Cost: a look at every replica. */
#include "model/chooser/rows.h"

static uint32_t choose(const void *parameters, struct pool *pool, const struct chooser_in *in)
{
    double least = 1e300;
    uint32_t equals = 0, chosen = 0;
    (void)parameters;
    for (uint32_t i = 0; i < pool->available_count; i++) {
        double load = load_of(pool, pool->available[i], in->now_ns);
        equals = load < least ? 1 : equals + (load == least);
        least = load < least ? load : least;
    }
    double place = stream_uniform(in->stream) * equals;
    uint32_t left = (uint32_t)place;
    for (uint32_t i = 0; i < pool->available_count; i++)
        if (load_of(pool, pool->available[i], in->now_ns) == least && left-- == 0) {
            chosen = pool->available[i];
            break;
        }
    return chosen;
}

const struct chooser_row chooser_least = {
    .row = {.name = "least", .summary = "the replica with the fewest attempts outstanding",
            .formula = "least (outstanding + 1) / weight; among equals any",
            .source = "nginx least_conn, HAProxy leastconn, Envoy LEAST_REQUEST with a full scan"},
    .choose = choose,
};
