/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers that a finished world is asked for. A metric is one row of one of three tables: of callers (a strategy's
 * own metrics are those of all its callers together), of services, of caches.
 *
 * All count from the end of the warm-up. `stuck`, `recovery_s`, `lost_goodput` and a service's `drained_s` look at the
 * incident: from the first beginning to the last end of all faults that are not background (fault_incident; random ones
 * as they happened in this replication). What recurs as long as the run is background, such as a garbage collection
 * every 10 s; where there is nothing else, it is the incident, which then ends when the last occurrence has ended.
 *
 * Recovered means a window of 5 s after the incident in which requests were asked for and at least 95 % as many
 * succeeded. Where nobody asks any more and nobody waits (a herd that came once and was served), where a fault lasts
 * to the end, and where less than 5 s are left, `stuck` and `recovery_s` are undefined. A closed loop of which all wait
 * for their outcome is stuck, although nobody asks. */
#ifndef STUDY_METRICS_H
#define STUDY_METRICS_H

#include "model/world.h"
#include "study/result.h"

enum { METRICS_MAX = 64 };        /* of a kind of place; the tables check it */

size_t metrics_count(enum place_kind kind);
const struct metric_info *metrics_info(enum place_kind kind, size_t index);

/* Fills values[0 .. metrics_count) for all callers (`edge` = NONE) or one, for a service, for a cache. */
void metrics_of_callers(const struct world *world, uint32_t edge, double *values);
void metrics_of_service(const struct world *world, uint32_t service, double *values);
void metrics_of_cache(const struct world *world, uint32_t cache, double *values);

/* Single metrics of a service that its callers show as theirs. */
typedef double metric_of_service(const struct world *world, const struct service *service);
metric_of_service metrics_wasted_work, metrics_peak_load, metrics_peak_queue;

#endif
