/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/discipline/rows.h"

static const struct row *const rows[] = {
    &discipline_fifo.row,
    &discipline_lifo.row,
    NULL,
};

const struct table discipline_table = {"discipline", "which waiting attempt a free worker takes", rows, NULL};
