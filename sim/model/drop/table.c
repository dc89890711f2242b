/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/drop/rows.h"

static const struct row *const rows[] = {
    &drop_none.row,
    &drop_expired.row,
    &drop_codel.row,
    &drop_queue_timeout.row,
    NULL,
};

const struct table drop_table = {"drop", "which waiting attempts are turned away when their turn comes", rows, NULL};
