/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the metrics of several kinds of places are made of; all of the time after the warm-up. */
#ifndef STUDY_METRICS_COMMON_H
#define STUDY_METRICS_COMMON_H

#include <math.h>

#include "model/world.h"

static inline double seconds(const struct world *world)
{
    return (double)(world->now_ns - world->config->warmup_ns) * 1e-9;
}

static inline double counted(const struct place *place, enum count count)
{
    return (double)(place->counts[count] - place->at_warmup[count]);
}

static inline double ratio(double part, double whole) { return whole > 0 ? part / whole : NAN; }

/* Time average of a level over the measured time, from its integral at the end and at the warm-up. */
static inline double average(const struct world *world, area_t now, area_t before)
{
    return (double)(now - before) * 1e-9 / seconds(world);
}

#endif
