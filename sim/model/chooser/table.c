/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/chooser/rows.h"

static const struct row *const rows[] = {
    &chooser_random.row,
    &chooser_round_robin.row,
    &chooser_least.row,
    &chooser_p2c.row,
    &chooser_hash.row,
    NULL,
};

const struct table chooser_table = {"chooser", "which replica of a pool gets an attempt", rows, NULL};
