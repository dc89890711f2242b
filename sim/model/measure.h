/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The books of a world: what its places counted, bin by bin, and the laws these numbers must obey.
 *
 * Handlers only increment counters and levels; a bin's row is the difference to the copy made when the bin began. */
#ifndef MODEL_MEASURE_H
#define MODEL_MEASURE_H

#include "model/world.h"

void measure_place(struct place *place, enum target_kind kind, const char *path, uint32_t bins, bool latency);
void measure_free_place(struct place *place);
void measure_close_bin(struct world *world, int64_t end_ns);
void measure_ended(struct world *world);      /* adds up what is not added up at the end of each bin */
void measure_warmed_up(struct world *world);
/* Aborts with seed, time and event if requests, attempts, work or Little's law do not balance. */
void measure_conservation(const struct world *world);

static inline void latency_add(struct latencies *latency, int64_t ns) { hist_add(&latency->bin, ns); }

#endif
