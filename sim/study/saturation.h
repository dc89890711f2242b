/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which hop of a call graph gave in first.
 *
 * A service is saturated when over 5 s all its workers are busy (99 % of their time, waits for calls included), or when
 * it is away although attempts arrive or wait. Looked for from the beginning of the incident (fault_incident) on; where
 * there is none, from the end of the warm-up. */
#ifndef STUDY_SATURATION_H
#define STUDY_SATURATION_H

#include "model/world.h"

/* The time of the run at which its first such 5 s begin, a whole number of bins; NaN: never. */
double saturation_begins_s(const struct world *world, const struct service *service);

#endif
