/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One sentence that answers the scenario's question, from the headline metric.
 *
 *   bounded-queue recovers 1.01 s after the fault; immediate never does (20/20 stuck).
 *   spread-40s peaks at 1.1x of capacity; fixed at 36x.
 *   ant takes 2.00 s; bee cannot be told apart from it (the 95 % interval of the difference holds 0).
 *
 * Two strategies are told apart by the differences within each replication, as replication r of both has
 * the same arrivals and demands: if the 95 % interval of the mean difference holds 0, they are not. That
 * can be so although their own intervals do not touch, and the other way round. */
#ifndef OUTPUT_VERDICT_H
#define OUTPUT_VERDICT_H

#include "output/text.h"
#include "study/result.h"

/* Adds the sentence, without an end of line. */
void output_verdict(const struct result *result, struct text *text);

#endif
