/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a fault happens: once, or again and again.
 *
 *     at: 30s, for: 10s                        once: [30 s, 40 s)
 *     at: 30s, lasting: LAW                    once, for a random time
 *     every: LAW, lasting: LAW                 random failures and repairs; the first begins after one draw of `every`
 *     at: 30s, every: 10s, for: 200ms          30, 40, 50 s ..., until `until` or the end of the run
 *
 * `every` is the time from one beginning to the next; one that is drawn before the last has ended begins right at its
 * end. Draws come from a stream named after the fault ("outage api", the second of its kind "outage api 2"), so all
 * strategies meet the same faults. The plan is a pure function of the configuration, seed and replication: the figures
 * of the first replication show what it met. */
#ifndef MODEL_FAULT_PLAN_H
#define MODEL_FAULT_PLAN_H

#include "base/stream.h"
#include "model/config.h"

/* One occurrence. INT64_MAX: never. An event (a flush) ends when it begins. */
struct fault_times {
    int64_t begins_ns, ends_ns;
    uint32_t number;              /* how many came before it */
    struct stream stream;
};

struct fault_times fault_plan_first(const struct model_config *config, size_t fault, uint64_t seed,
                                    uint32_t replication);
/* What comes after an occurrence. */
struct fault_times fault_plan_next(const struct fault_config *fault, struct fault_times last);

/* It goes on as long as the run: background, not the incident that a run is about. */
bool fault_plan_is_endless(const struct model_config *config, const struct fault_config *fault);

/* "outage api": what happens to whom. */
void fault_plan_label(const struct fault_config *fault, char *text, size_t size);

#endif
