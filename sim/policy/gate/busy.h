/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How busy the workers of a service have been: an exponential average over time, for gates that look at it. Told of
 * every attempt that comes or goes, that is of every moment in which the level may change. */
#ifndef POLICY_GATE_BUSY_H
#define POLICY_GATE_BUSY_H

#include <math.h>

#include "policy/gate/rows.h"

/* The average until now. `average_ns`: time after which a level counts by 1/e. */
static inline double gate_busy_now(struct gate_busy *busy, const struct gate_signals *signals, int64_t now_ns,
                                   int64_t average_ns)
{
    double weight = exp(-(double)(now_ns - busy->since_ns) / (double)average_ns);
    busy->average = busy->now + (busy->average - busy->now) * weight;
    busy->since_ns = now_ns;
    busy->now = (double)signals->in_service / (double)signals->workers;
    return busy->average;
}

#endif
