/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a result to a gnuplot script: variables, data blocks, then the templates.
 *
 * A figure's row fills in the curves, the y axis and the words (its `draw`); everything else is the same
 * for all: title, time axis, warm-up, faults, colours, key. A strategy keeps its colour in all figures: it
 * goes by the place of its name among the sorted names. Up to FIGURE_LINES lines or FIGURE_BANDS bands
 * share one plot, more get a panel each; so do curves with different grounds, and FIGURE_CROWD lines that
 * run side by side. */
#ifndef OUTPUT_FIGURE_H
#define OUTPUT_FIGURE_H

#include "output/assign.h"
#include "output/axis.h"
#include "output/rows.h"
#include "output/series.h"

enum { FIGURE_LINES = 4, FIGURE_BANDS = 2, FIGURE_CROWD = 3 };

struct curve {
    const struct strategy_result *strategy;
    unsigned colour;            /* 0xRRGGBB */
    double *values, *lower;     /* one a drawn bin; lower NULL: a line, else a band from lower to values */
    double *ground;             /* a thin grey curve for comparison; NULL: none */
    int dash;                   /* 1: solid; more: dashed, as it would hide that many, less one */
    double order;               /* the key lists the largest first */
    char note[AXIS_LABEL_SIZE]; /* a number that goes with the name; "": none */
};

struct figure {
    const struct result *result;
    struct grid grid;
    size_t count;
    struct curve *curves; /* of the strategies with a finished replication */
    bool panels;          /* one a curve; else all in one plot, with the first curve's ground */
    const char *ground_name;
    double level; /* a dashed line across; NaN: none */
    char level_name[64];
    struct axis y;
    const char *note_name;  /* "peak" */
    struct text subtitle;   /* what is drawn; figure.c adds the rest */
};

/* The curve's number: a metric as the table shows it, with a multiplication sign for its x; "" if undefined. */
void figure_note(const struct figure *figure, struct curve *curve, const char *metric);

/* The same of a place, by its path; of all clients where the place does not have that metric. */
void figure_note_at(const struct figure *figure, struct curve *curve, const char *path, const char *metric);

/* The capacity of all curves; NaN where they differ or there is none. */
double figure_capacity_per_s(const struct figure *figure);

/* False: nothing to draw, as no replication finished. The script is added to `script`. */
bool figure_script(const struct result *result, const struct output_row *row, enum figure_format format,
                   struct text *script);

#endif
