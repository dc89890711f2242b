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

/* What counts as lasting, in bins: 5 s, by recovery and by saturation. */
enum { LASTING_S = 5 };

static inline uint32_t lasting_bins(const struct world *world)
{
    int64_t bin_ns = world->config->bin_ns;
    return (uint32_t)((LASTING_S * INT64_C(1000000000) + bin_ns - 1) / bin_ns);
}

/* Time average of a level over the measured time, from its integral at the end and at the warm-up. */
static inline double average(const struct world *world, area_t now, area_t before)
{
    return (double)(now - before) * 1e-9 / seconds(world);
}

static inline double average_level(const struct world *world, const struct level *level, area_t at_warmup)
{
    return average(world, level_area(level, world->now_ns), at_warmup);
}

#endif
