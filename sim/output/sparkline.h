/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Load over time in one line of Unicode blocks a strategy: a picture that needs no gnuplot and survives a
 * CI log.
 *
 * Eight levels, logarithmic, the same for all strategies; a blank is no load. A character stands for the
 * highest of its bins. Mean or one replication as in the pictures (series.h). */
#ifndef OUTPUT_SPARKLINE_H
#define OUTPUT_SPARKLINE_H

#include <stdbool.h>

#include "output/text.h"
#include "study/result.h"

enum { SPARKLINE_COLUMNS = 60 };

/* One line a strategy that finished a replication, names padded to `name_columns`, under a heading. */
void output_sparklines(const struct result *result, size_t name_columns, struct text *text);

/* The blocks alone. */
void sparkline(const double *values, uint32_t count, double low, double high, struct text *text);

/* Linear from 0 to `high`, a blank only for 0; without Unicode in the characters . : - = + * # @ */
void sparkline_shares(const double *values, uint32_t count, double high, bool unicode, struct text *text);

#endif
