/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the numbers of a CSV file, row by row.
 *
 *     t_s,rate_per_s
 *     0,100
 *     60,250
 *
 * The first line names the columns. Cells may be quoted; a quoted cell holds no line break. Blank lines are forgiven
 * at the end of a file only: elsewhere a value may be missing. Empty cells and text are errors with FILE:LINE.
 *
 *     struct csv csv;
 *     if (csv_open(&csv, file))
 *         while (csv_next_row(&csv))
 *             if (!csv_number(&csv, 0, &value)) ...
 *     csv_close(&csv);
 *
 * The first error stays in `error` (one line, never freed), and from then on there are no rows. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { CSV_COLUMNS_MAX = 1000 };

struct csv {
    const char *error;
    FILE *stream;
    const char *file;
    char *line;                   /* of which the cells are pieces */
    size_t line_room;
    int line_number, blank_line;  /* blank: the first of the blank lines just passed; 0: none */
    size_t count;                 /* cells of this line; after csv_open: the columns' names */
    const char **cells;
};

/* Opens the file and reads its header line. */
bool csv_open(struct csv *csv, const char *file);
bool csv_next_row(struct csv *csv);
/* The row's number in a column (from 0). */
bool csv_number(struct csv *csv, size_t column, double *value);
/* Sets the error, at the present line; returns false. */
bool csv_fail(struct csv *csv, const char *format, ...) __attribute__((format(printf, 2, 3)));
void csv_close(struct csv *csv);

/* The number as a time in `unit_ns`, rounded to whole nanoseconds; `what` ("a duration") is for the message. */
bool csv_time(struct csv *csv, size_t column, double unit_ns, const char *what, int64_t *ns);
/* The unit that a column's name ends in (_s _ms _us _ns), in nanoseconds; 0: in none. */
double csv_unit_ns(const char *name);

#endif
