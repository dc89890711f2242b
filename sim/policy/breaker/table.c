/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All circuit breakers. */
#include "policy/breaker/rows.h"

static const struct row *const rows[] = {&breaker_none.row, &breaker_consecutive.row,
                                         &breaker_count_window.row, NULL};

const struct table breaker_table = {"breaker", "stops sending when too much fails", rows, "consecutive"};
