/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run says on the terminal: title, table, notes, load over time, expectations, verdict.
 *
 * A column stands for a metric that some strategy has; the headline comes first. Numbers are aligned at
 * their points, each with its unit; the headline and the recovery show half of their 95 % interval. The
 * best strategy by the headline is marked. Without `unicode` the output is ASCII (names and questions
 * apart) and has no sparklines. */
#ifndef OUTPUT_SUMMARY_H
#define OUTPUT_SUMMARY_H

#include "output/text.h"
#include "study/result.h"

struct summary_options {
    bool colour, unicode;
};

void output_summary(const struct result *result, const struct summary_options *options, struct text *text);

#endif
