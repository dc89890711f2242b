/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One sentence that answers the scenario's question, from the headline metric.
 *
 *   bounded-queue recovers 1.01 s after the fault; immediate never does (20/20 stuck).
 *   full-130 peaks at 1.09x of capacity; full-77 at 1.83x; exponential at 1000x.
 *   ant takes 2.00 s; bee cannot be told apart from it (the 95 % interval of the difference holds 0).
 *
 * It names the best, the runner-up and the worst, and who is stuck. Numbers are those of the table.
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
