/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All circuit breakers. */
#include "policy/breaker/rows.h"

#define WINDOWS                                                                                                        \
    &breaker_consecutive.row, &breaker_cumulative.row, &breaker_count_window.row, &breaker_tumbling.row,               \
        &breaker_rolling.row, &breaker_ema.row

static const struct row *const rows[] = {&breaker_none.row, WINDOWS, &breaker_any.row, NULL};
static const struct row *const parts[] = {WINDOWS, NULL};

const struct table breaker_table = {"breaker", "stops sending when too much fails", rows, "consecutive"};
const struct table breaker_part_table = {"breaker", "what a breaker of kind any is made of", parts, "consecutive"};
