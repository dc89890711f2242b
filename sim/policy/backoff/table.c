/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All shapes of backoff. */
#include "policy/backoff/rows.h"

static const struct row *const rows[] = {&shape_none.row,        &shape_fixed.row,
                                         &shape_linear.row,      &shape_incremental.row,
                                         &shape_exponential.row, &shape_exponential_less_one.row,
                                         &shape_fibonacci.row,   &shape_slots.row,
                                         &shape_delays.row,      &shape_script.row,
                                         NULL};

const struct table shape_table = {"backoff", "how the wait before a retry grows with the number of the retry", rows,
                                  "fixed"};
