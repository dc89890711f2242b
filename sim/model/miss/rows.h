/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_MISS_ROWS_H
#define MODEL_MISS_ROWS_H

#include "model/miss.h"

extern const struct miss_row miss_each, miss_coalesce, miss_lease, miss_lock;

#endif
