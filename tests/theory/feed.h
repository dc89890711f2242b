/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the simulator has no metric for: the first retry budget of a scenario, taken out of it and fed by hand.
 *
 * Requests come one after the other, an attempt fails with the service's error ratio, retries do not wait: the stream
 * of events that a balance of tokens hears in the model (budget.h), without the model. So the parameters are those that
 * the scenario's text gave, and the metric is what it holds when a request begins, on average over the requests. */
#ifndef THEORY_FEED_H
#define THEORY_FEED_H

#include "scenario/scenario.h"
#include "study/result.h"

struct feed {
    uint64_t seed;
    uint32_t replications;
    double warmup, requests; /* of each replication; the former are not counted */
};

/* A result with the one metric `fed_tokens`. */
struct result *feed_budget(const struct scenario *scenario, const struct feed *feed);

#endif
