/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_DISCIPLINE_ROWS_H
#define MODEL_DISCIPLINE_ROWS_H

#include "model/discipline.h"

extern const struct discipline_row discipline_fifo, discipline_lifo, discipline_adaptive_lifo, discipline_edf,
    discipline_priority, discipline_weighted, discipline_fair, discipline_shuffle_sharded,
    discipline_ps;

#endif
