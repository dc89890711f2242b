/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/discipline/rows.h"

static const struct row *const rows[] = {
    &discipline_fifo.row,
    &discipline_lifo.row,
    &discipline_adaptive_lifo.row,
    &discipline_edf.row,
    &discipline_priority.row,
    &discipline_weighted.row,
    &discipline_fair.row,
    &discipline_shuffle_sharded.row,
    &discipline_ps.row,
    NULL,
};

const struct table discipline_table = {"discipline", "which waiting attempt a free worker takes", rows, NULL};
