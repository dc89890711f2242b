/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brownout: a service with too much to do leaves out what it can do without.
 *
 *         an attempt starts that waited `enter` or longer
 *   full ------------------------------------------------> brown: `part` of the attempts that start skip their optional
 *        <------------------------------------------------        steps, do the fallback work, and answer degraded
 *         one that waited `leave` or less
 *
 * If a degraded answer costs the part r of a full one and the part d of them is degraded, capacity is
 * mu / (1 - d (1 - r)). Two thresholds, because with one it would flap. Where nobody waits (ps) it never begins. */
#ifndef MODEL_BROWNOUT_H
#define MODEL_BROWNOUT_H

#include "model/world.h"

struct brownout {
    const struct brownout_config *config;
    uint64_t key;
    struct level on;              /* 0 or 1, over time */
    area_t on_at_warmup;
};

/* An attempt starts for the first time. Whether it leaves out its optional steps. */
bool brownout_begins(const struct world *world, struct brownout *brownout, const struct attempt *attempt);

struct brownout *brownout_new(const struct world *world, const struct brownout_config *config, const char *path);

#endif
