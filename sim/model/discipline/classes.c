/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/discipline/classes.h"

#include "model/tenant.h"

uint32_t classes_count(const void *parameters, const struct model_config *config)
{
    (void)parameters, (void)config;
    return PRIORITY_MAX + 1;
}

uint32_t classes_lane_of(const struct world *world, const struct service *service, const struct attempt *attempt)
{
    (void)service;
    return priority_of(world, attempt);
}

uint32_t classes_below(const struct waiting *waiting, uint32_t lane)
{
    for (uint32_t i = PRIORITY_MAX; i > lane; i--)
        if (waiting->lanes[i].length > 0)
            return i;
    return NONE;
}
