/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Least recently used. */
#include "model/eviction/order.h"
#include "model/eviction/rows.h"

/* Time since the last lookup. */
static double draw_age(struct stream *stream) { return stream_exponential(stream, stream_ziggurat()); }

const struct eviction_row eviction_lru = {
    .row = {.name = "lru", .summary = "the value that was not used for the longest time",
            .formula = "hit ratio of key i: 1 - exp(-a_i t), where sum over i of 1 - exp(-a_i t) = capacity",
            .source = "Che, Tung and Wang, Hierarchical Web Caching Systems (2002), for the formula"},
    .add = order_mention, .remove = order_remove, .touch = order_mention, .victim = order_oldest,
    .draw_age = draw_age,
};
