/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosers: which of the replicas that are available gets an attempt.
 *
 * A chooser looks at pool.available[0 .. available_count - 1], which are numbers of replicas, never none. Where the
 * pool has a slow start, each has a weight below 1 for a while (pool_weight); otherwise all weigh 1. */
#ifndef MODEL_CHOOSER_H
#define MODEL_CHOOSER_H

#include <stdbool.h>

#include "base/stream.h"
#include "base/table.h"

struct pool;

struct chooser_in {
    struct stream *stream;        /* of this attempt */
    uint64_t key;                 /* hash of its caller, or of the cache key that it fetches */
    int64_t now_ns;
};

struct chooser_row {
    struct row row;
    bool tells_clients_apart;     /* must know which client an attempt is of */
    uint32_t (*choose)(const void *parameters, struct pool *pool, const struct chooser_in *in);
};

extern const struct table chooser_table;

#endif
