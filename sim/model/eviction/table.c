/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/eviction/rows.h"

static const struct row *const rows[] = {
    &eviction_lru.row,
    &eviction_fifo.row,
    &eviction_random.row,
    NULL,
};

const struct table eviction_table = {"eviction", "which value a full cache gives up", rows, NULL};
