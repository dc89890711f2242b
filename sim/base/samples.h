/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measured durations from a CSV file: one column of numbers under a header line.
 *
 *     service_ms
 *     3.1
 *     12.75
 *
 * The unit is what the caller says; `auto` reads it from the end of the column's name (_s _ms _us _ns),
 * seconds where there is none. Values are rounded to whole nanoseconds and sorted. Cells may be quoted; a
 * quoted cell holds no line break. Empty cells, text, negative and absurd numbers are errors with FILE:LINE.
 *
 * A file is read once in a program's life, however many strategies and sweep cells name it: all of a run sees
 * the same values, and a thousand cells do not hold a thousand copies. What is returned is never freed and
 * never changes, so threads may share it. A failed load is not remembered. */
#ifndef BASE_SAMPLES_H
#define BASE_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

enum samples_unit { SAMPLES_AUTO, SAMPLES_S, SAMPLES_MS, SAMPLES_US, SAMPLES_NS };

struct samples {
    const char *error;  /* one line; NULL: loaded */
    int64_t *values_ns; /* sorted */
    size_t count;
    double mean_ns, cv2;
};

/* `column` "first" is the first column, if none is called so. Never NULL. */
const struct samples *samples_load(const char *file, const char *column, enum samples_unit unit);

#endif
