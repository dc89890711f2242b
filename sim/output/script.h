/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A figure as a gnuplot script: variables, data, then the templates of plots/, which say what each means. */
#ifndef OUTPUT_SCRIPT_H
#define OUTPUT_SCRIPT_H

#include "output/figure.h"
#include "output/layout.h"

void script_add(const struct figure *figure, const struct layout *layout, const struct output_row *row,
                enum figure_format format, struct text *script);

#endif
