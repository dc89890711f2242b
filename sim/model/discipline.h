/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queue disciplines: which waiting attempt a free worker takes. A row picks from a queue that is not empty. */
#ifndef MODEL_DISCIPLINE_H
#define MODEL_DISCIPLINE_H

#include "base/table.h"
#include "model/world.h"

struct discipline_row {
    struct row row;
    uint32_t (*pick)(const struct attempt *attempts, const struct queue *queue, const void *parameters);
};

extern const struct table discipline_table;

#endif
