/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All retry budgets. */
#include "policy/budget/rows.h"

static const struct row *const rows[] = {
    &budget_none.row, &budget_ratio.row, &budget_window.row, &budget_bucket.row, &budget_throttle.row,
    &budget_inflight.row, &budget_per_minute.row, NULL};

const struct table budget_table = {"budget", "how many retries a caller may add to its requests", rows, "ratio"};

const char *const budget_earns_names[] = {"request", "success", "final", NULL};
