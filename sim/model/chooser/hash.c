/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hash: a client's attempts (a cache's fetches of one key) always go to the same replica, as long as it is available;
 * then each of its keys moves to another one, and no other key moves (rendezvous hashing). Cost: a look at every
 * replica. */
#include "model/chooser/rows.h"

static uint32_t choose(const void *parameters, struct pool *pool, const struct chooser_in *in)
{
    uint64_t highest = 0;
    uint32_t chosen = pool->available[0];
    (void)parameters;
    for (uint32_t i = 0; i < pool->available_count; i++) {
        uint32_t replica = pool->available[i];
        uint64_t score = stream_mix(in->key ^ stream_mix(replica + UINT64_C(0x9e3779b97f4a7c15)));
        if (score >= highest) {
            highest = score;
            chosen = replica;
        }
    }
    return chosen;
}

const struct chooser_row chooser_hash = {
    .row = {.name = "hash", .summary = "always the same replica for a client, or for the key that a cache fetches",
            .formula = "the replica with the highest hash(key, replica); weights do not matter",
            .source = "Thaler and Ravishankar, rendezvous hashing (1998)"},
    .tells_clients_apart = true, .choose = choose,
};
