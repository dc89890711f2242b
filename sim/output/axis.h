/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tics where a person would write them. */
#ifndef OUTPUT_AXIS_H
#define OUTPUT_AXIS_H

#include <stdbool.h>

enum { AXIS_TICS = 40, AXIS_LABEL_SIZE = 40 };

struct tic {
    double at;
    char label[AXIS_LABEL_SIZE];
};

struct axis {
    double low, high;
    bool logarithmic;
    int count;
    struct tic tics[AXIS_TICS];
};

/* "0 60 s 120 s", "0 20 min", "0 2 h": at most so many steps, from 0 to the end. */
struct axis axis_time(double duration_s, int steps);

/* Of rates, from 0 to a little above `most`. */
struct axis axis_rate(double most);

/* What a value axis says; one unit for all its tics. */
enum axis_kind { AXIS_TIMES, AXIS_RATE, AXIS_SECONDS };

/* From a little below `least` to well above `most`, where fault labels are written. */
struct axis axis_linear(double least, double most, enum axis_kind kind);

/* Logarithmic from a 1, 2 or 5 x 10^n below `least` (from `least` itself if `most` is less than 30 times that), with
 * room above for what is written there. Tics at 1, 2, 5 or, over more than three decades, at powers of ten. */
struct axis axis_log(double least, double most, enum axis_kind kind);
/* Leaves out tics until at most so many remain: the ones between powers of ten first. */
void axis_thin(struct axis *axis, int most);

char *axis_show_times(double value, char label[AXIS_LABEL_SIZE]); /* 0.5x, with the multiplication sign */
char *axis_show_rate(double value, char label[AXIS_LABEL_SIZE]);  /* 2 k/s */

#endif
