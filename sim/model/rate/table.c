/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/rate/rows.h"

static const struct row *const rows[] = {
    &rate_constant.row,
    &rate_amdahl.row,
    &rate_usl.row,
    &rate_memory.row,
    NULL,
};

const struct table rate_table = {"rate", "how fast each attempt in service goes when there are many", rows, NULL};
