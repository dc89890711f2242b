/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First in, first out: neither a read nor an overwrite moves a value. */
#include "model/eviction/order.h"
#include "model/eviction/rows.h"

const struct eviction_row eviction_fifo = {
    .row = {.name = "fifo", .summary = "the value whose key has been there for the longest time, however popular",
            .formula = "hit ratio of key i: a_i t / (1 + a_i t), where sum over i of that = capacity",
            .source = "Gelenbe (1973): exactly that of random; the formula after Fricker, Robert and Roberts (2012)"},
    .add = order_mention, .remove = order_remove, .victim = order_oldest,
    .draw_age = eviction_draw_odds,
};
