/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random: any replica, whatever it has to do. */
#include "model/chooser/rows.h"

static uint32_t choose(const void *parameters, struct pool *pool, const struct chooser_in *in)
{
    (void)parameters;
    return choose_by_weight(pool, in);
}

const struct chooser_row chooser_random = {
    .row = {.name = "random", .summary = "any replica", .formula = "each of n gets 1/n of the attempts"},
    .choose = choose,
};
