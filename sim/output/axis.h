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

/* From 0 to a little above `most`: "100/s". */
struct axis axis_rate(double most);

/* Logarithmic from a 1, 2 or 5 x 10^n below `least`, with room above for what is written there. Tics at 1,
 * 2, 5 or, over more than three decades, at powers of ten. `show` writes a tic's label. */
struct axis axis_log(double least, double most, char *(*show)(double value, char label[AXIS_LABEL_SIZE]));
/* Leaves out tics until at most so many remain: the ones between powers of ten first. */
void axis_thin(struct axis *axis, int most);

char *axis_show_times(double value, char label[AXIS_LABEL_SIZE]);    /* 0.5x, with the multiplication sign */
char *axis_show_rate(double value, char label[AXIS_LABEL_SIZE]);     /* 2 k/s */
char *axis_show_duration(double value, char label[AXIS_LABEL_SIZE]); /* 100 ms */

#endif
