/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of metrics for people: "41.2 s", "93 %", "5.2x", "280/s", with the precision that the interval
 * allows.
 *
 * An estimate with an interval is shown as "41.2 +- 0.8 s": half the interval to one significant digit
 * (two if the first is a 1), the mean to the same place. Without an interval: three significant digits.
 * Undefined: "-". A cell is in parts so that a column can be aligned at its decimal points. */
#ifndef OUTPUT_UNIT_H
#define OUTPUT_UNIT_H

#include "study/result.h"

enum { UNIT_PART_SIZE = 32, UNIT_SHOWN_SIZE = 3 * UNIT_PART_SIZE };

struct unit_cell {
    char whole[UNIT_PART_SIZE], fraction[UNIT_PART_SIZE]; /* "41", ".2" */
    char half[UNIT_PART_SIZE];                            /* "0.8", "" without an interval */
    char suffix[8];                                       /* " s", " %", "x", "/s" */
};

/* A word for machines: number, s, 1/s, ratio, times. */
const char *unit_name(enum unit unit);

/* In the unit that suits `like`: the cells of a column should share one. */
struct unit_cell unit_cell_like(enum unit unit, double value, double half, double like);

/* Half the width of the interval; NaN where there is none. A ratio's ends where a ratio ends: 97 +- 3 %, not
 * 97 +- 5 %. */
double unit_half(enum unit unit, const struct estimate *estimate);

/* In one piece, without an interval; returns `shown`. */
char *unit_show(enum unit unit, double value, char shown[UNIT_SHOWN_SIZE]);

#endif
