/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/tenant.h"

#include "model/discipline.h"
#include "model/pool.h"
#include "model/service_gates.h"

const char *const tenancy_names[] = {"client", "population", NULL};

uint32_t tenant_count(const struct model_config *config, int tenancy)
{
    const struct client_config *clients = config->clients.items;
    uint32_t count = 0;
    for (size_t i = 0; i < config->clients.count; i++)
        count += tenancy == BY_POPULATION ? 1 : (uint32_t)clients[i].count;
    return count;
}

static bool tells_clients_apart(const struct world *world)
{
    for (uint32_t i = 0; i < world->service_count; i++) {
        const struct service *service = &world->services[i];
        if (service->discipline->tells_clients_apart &&
            service->discipline->tells_clients_apart(discipline_parameters(service)))
            return true;
        if (service_gates_tell_clients_apart(service) || (service->pool && service->pool->chooser->tells_clients_apart))
            return true;
    }
    return false;
}

void tenant_number_clients(struct world *world)
{
    uint32_t clients = 0;
    bool apart = tells_clients_apart(world);
    for (uint32_t i = 0; i < world->population_count; i++) {
        struct population *population = &world->populations[i];
        population->first_tenant = clients;
        population->tells_clients_apart |= apart;
        clients += population->clients;
    }
}
