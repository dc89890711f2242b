/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No drop rule: whoever waits is served. */
#include "model/drop/rows.h"

const struct drop_row drop_none = {
    .row = {.name = "none", .summary = "every attempt whose turn comes is served, however late"},
};
