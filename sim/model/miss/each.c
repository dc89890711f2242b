/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No rule: a stampede. */
#include "model/miss/rows.h"

const struct miss_row miss_each = {
    .row = {.name = "each", .summary = "whoever misses fetches: a stampede on every popular key that expires",
            .formula = "1 + a D fetches for one expiry, with lookups at rate a and fetches of length D"},
};
