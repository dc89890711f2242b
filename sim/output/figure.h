/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a result to a gnuplot script: variables, data blocks, then the templates.
 *
 * A figure's row fills in the curves, the y axis and the words (its `draw`); everything else is the same
 * for all: title, time axis, faults, colours, key. A strategy keeps its colour in all figures: it goes by
 * the place of its name among the sorted names. Up to FIGURE_LINES lines or FIGURE_BANDS bands share one
 * plot, more get a panel each. */
#ifndef OUTPUT_FIGURE_H
#define OUTPUT_FIGURE_H

#include "output/axis.h"
#include "output/rows.h"
#include "output/series.h"

enum { FIGURE_LINES = 4, FIGURE_BANDS = 2 };

struct curve {
    const struct strategy_result *strategy;
    unsigned colour;            /* 0xRRGGBB */
    double *values, *lower;     /* one a drawn bin; lower NULL: a line, else a band from lower to values */
    double order;               /* the key lists the largest first */
    char note[AXIS_LABEL_SIZE]; /* a number that goes with the name */
};

struct figure {
    const struct result *result;
    struct grid grid;
    size_t count;
    struct curve *curves; /* of the strategies with a finished replication */
    double *ground;       /* a thin grey curve for comparison; NULL: none */
    char ground_name[64];
    double level; /* a dashed line across; NaN: none */
    char level_name[64];
    struct axis y;
    const char *note_name; /* "peak" */
    struct text subtitle;  /* what is drawn; figure.c adds replications, bin and seed */
};

enum figure_format { FIGURE_SVG, FIGURE_PNG, FIGURE_TERM };

/* False: nothing to draw, as no replication finished. The script is added to `script`. */
bool figure_script(const struct result *result, const struct output_row *row, enum figure_format format,
                   struct text *script);

#endif
