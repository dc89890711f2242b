/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a service from its configuration, and taking it apart. */
#include <stdio.h>
#include <stdlib.h>

#include "model/discipline.h"
#include "model/measure.h"
#include "model/service.h"

void service_build(struct world *world, uint32_t index)
{
    const struct service_config *config = &((const struct service_config *)world->config->services.items)[index];
    struct service *service = &world->services[index];
    char path[96];
    snprintf(path, sizeof path, "services.%s", config->name);
    measure_place(&service->place, TARGET_SERVICE, path, world->bins, true);
    service->config = config;
    service->discipline = (const struct discipline_row *)config->queue.discipline.row;
    service->demand_key = stream_key(world->seed, world->replication, "demand", path);
    service->error_key = stream_key(world->seed, world->replication, "error", path);
    service->workers = config->workers;
    service->speed = 1;
    service->error_ratio = config->error_ratio;
    service->paused_since_ns = -1;
    service->first_reject_ns = -1;
    service->waiting = (struct queue){NONE, NONE, 0};
    service->wait = memory_zeroed(1, sizeof *service->wait);
    hist_init(service->wait);
    service->nominal_per_s = service_capacity_per_s(service);
}

void service_free(struct service *service)
{
    measure_free_place(&service->place);
    free(service->wait);
}
