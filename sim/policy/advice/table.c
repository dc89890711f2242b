/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All there is to say with a rejection. */
#include "policy/advice/rows.h"

static const struct row *const rows[] = {&advice_none.row, &advice_fixed.row, &advice_gate.row, &advice_backlog.row,
                                         &advice_sessions.row, NULL};

const struct table advice_table = {"advice", "what a service says with a rejection about when to come back", rows,
                                   "fixed"};
