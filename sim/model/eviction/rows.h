/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_EVICTION_ROWS_H
#define MODEL_EVICTION_ROWS_H

#include "model/eviction.h"

extern const struct eviction_row eviction_lru, eviction_fifo, eviction_random;

/* Where a key is there with odds a t, a: its rate of lookups, t: a time that makes the sum the capacity. */
static inline double eviction_draw_odds(struct stream *stream)
{
    double u = stream_uniform_open(stream);
    return u / (1 - u);
}

#endif
