/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the summary: in which order the services of a call graph gave in, a line for each strategy. */
#ifndef OUTPUT_SATURATION_H
#define OUTPUT_SATURATION_H

#include "output/text.h"
#include "study/result.h"

/* Nothing where there is only one service, or none of them ever was saturated. */
void output_saturation(const struct result *result, size_t name_columns, struct text *text);

#endif
