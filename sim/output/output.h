/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outputs of a run: data files, figures, and reading them back.
 *
 *   load.csv  summary.csv  summary.json                 always
 *   load.svg load.png  goodput.svg ...  latency.svg ...
 *   hop.svg hop.png, where services call services       unless asked not to, or without gnuplot
 *
 * The rows are in table.c. Files appear whole or not at all. The data files come first, so a figure that
 * fails costs nothing but the figure. All functions give one line in `why` for what is not fine. */
#ifndef OUTPUT_OUTPUT_H
#define OUTPUT_OUTPUT_H

#include <stdbool.h>

#include "output/atomic_file.h"
#include "study/result.h"

struct output_options {
    bool svg, png; /* the figures' formats; neither: no figures */
};

enum output_status {
    OUTPUT_FINE,
    OUTPUT_FAILED,    /* a file could not be written: exit status 3 */
    OUTPUT_NO_GNUPLOT /* the data are there, the figures are not; `why` says what to do */
};

/* Makes the directory if it is not there, then writes everything. */
enum output_status output_write_all(const struct result *result, const char *directory,
                                    const struct output_options *options, char why[OUTPUT_WHY_SIZE]);

/* The figures only: for `plot`. */
enum output_status output_write_figures(const struct result *result, const char *directory,
                                        const struct output_options *options, char why[OUTPUT_WHY_SIZE]);

/* What gnuplot makes of a script, as a file. */
enum output_status output_write_picture(const struct text *script, const char *directory, const char *name,
                                        char why[OUTPUT_WHY_SIZE]);

/* Load over time as characters, through gnuplot: added to `drawn`. */
enum output_status output_plot_term(const struct result *result, struct text *drawn,
                                    char why[OUTPUT_WHY_SIZE]);

#endif
