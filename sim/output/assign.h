/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How gnuplot scripts begin: a terminal and variables, which the templates of plots/ read. */
#ifndef OUTPUT_ASSIGN_H
#define OUTPUT_ASSIGN_H

#include "output/axis.h"
#include "output/text.h"

enum figure_format { FIGURE_SVG, FIGURE_PNG, FIGURE_TERM };

void assign_terminal(struct text *script, enum figure_format format, int width, int height); /* sets `bold`, too */
void assign_number(struct text *script, const char *name, double value);
void assign_string(struct text *script, const char *name, const char *value);
void assign_array(struct text *script, const char *name, size_t count);
void assign_item_number(struct text *script, const char *name, size_t index, double value); /* index from 0 */
void assign_item_string(struct text *script, const char *name, size_t index, const char *value);
void assign_tics(struct text *script, const char *axis, const struct axis *tics); /* x_at, x_label, x_tics */

/* The lines of a template, see output/plots.h. */
void assign_template(struct text *script, const char *const *lines);

#endif
