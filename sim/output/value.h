/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of strategies as the table shows them, wherever they are said: table, sentence, pictures.
 *
 * The headline and the recovery are rounded by their interval, all else to three digits; the strategies of
 * a result share one unit for a metric unless a value would vanish in it. Numbers are rounded as
 * summary.json rounds them first, so that a picture drawn from the files says the same. */
#ifndef OUTPUT_VALUE_H
#define OUTPUT_VALUE_H

#include "output/unit.h"

/* Of the mean; "-" where the strategy does not have the metric. */
struct unit_cell value_cell(const struct result *result, const struct strategy_result *strategy,
                            const char *name);

/* In one piece, without the interval; "" where it is undefined. Returns `shown`. */
char *value_show(const struct result *result, const struct strategy_result *strategy, const char *name,
                 char shown[UNIT_SHOWN_SIZE]);

#endif
