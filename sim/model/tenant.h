/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose attempt it is, as far as a service's queue tells callers apart: its priority and its tenant.
 *
 * A priority is a number of the client population, 0 (the most critical) .. PRIORITY_MAX. A tenant is a population, or
 * one of its clients (an open-loop arrival is of one that is picked at random). What comes through a cache belongs to
 * the request it is fetched for; what a service calls, to the request that it serves. */
#ifndef MODEL_TENANT_H
#define MODEL_TENANT_H

#include "model/call.h"

enum tenancy { BY_CLIENT, BY_POPULATION };
extern const char *const tenancy_names[];     /* for a field `by`; ends with NULL */

uint32_t tenant_count(const struct model_config *config, int tenancy);
/* Numbers all clients; where a service tells them apart, open-loop arrivals will know theirs, too. */
void tenant_number_clients(struct world *world);

static inline const struct population *population_of(const struct world *world, const struct attempt *attempt)
{
    return &world->populations[call_first_edge(world, attempt->request)->population];
}

static inline uint32_t priority_of(const struct world *world, const struct attempt *attempt)
{
    return call_first_edge(world, attempt->request)->priority;
}

static inline uint32_t tenant_of(const struct world *world, const struct attempt *attempt, int tenancy)
{
    if (tenancy == BY_POPULATION)
        return call_first_edge(world, attempt->request)->population;
    return population_of(world, attempt)->first_tenant + world->requests[attempt->request].client;
}

#endif
