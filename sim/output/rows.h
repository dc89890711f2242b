/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that a run leaves behind: one row an output, listed in table.c.
 *
 * A data file has `write`. A figure has `draw`, which fills in what its template (plots/NAME.gp) needs; it
 * is drawn once for each picture format, as NAME.svg and NAME.png. */
#ifndef OUTPUT_ROWS_H
#define OUTPUT_ROWS_H

#include <stdbool.h>

#include "output/text.h"
#include "study/result.h"

struct figure;

struct output_row {
    const char *name; /* "load.csv"; of a figure without the extension */
    const char *summary;
    void (*write)(const struct result *result, struct text *text);
    void (*draw)(struct figure *figure);
    bool (*applies)(const struct result *result);    /* a figure: there is something to draw; NULL: always */
    bool medians;             /* over the replications, not means */
    const char *const *plot; /* the template's lines, ends with NULL */
};

extern const struct output_row *const output_rows[]; /* ends with NULL; data files first */

extern const struct output_row output_load_csv, output_summary_csv, output_summary_json;
extern const struct output_row output_load, output_goodput, output_latency, output_hop;

#endif
