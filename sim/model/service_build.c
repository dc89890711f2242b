/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a service from its configuration, and taking it apart. */
#include <stdio.h>
#include <stdlib.h>

#include "model/dedup.h"
#include "model/drop.h"
#include "model/measure.h"
#include "model/program.h"
#include "model/ordered.h"
#include "model/service_gates.h"
#include "model/service_parts.h"

static void build_queue(struct world *world, struct service *service)
{
    const struct queue_config *config = &service->config->queue;
    const struct discipline_row *row = (const struct discipline_row *)config->discipline.row;
    const struct drop_row *drop = (const struct drop_row *)config->drop.choice.row;
    struct waiting *waiting = &service->waiting;
    service->discipline = row;
    service->drop = drop->drops ? drop : NULL;
    service->queue_capacity = config->capacity;
    waiting->capacity = row->shares ? 0 : config->capacity;
    waiting->lane_capacity = INT64_MAX;
    waiting->lane_count = row->lane_count ? row->lane_count(config->discipline.parameters, world->config) : 1;
    waiting->lanes = memory_zeroed(waiting->lane_count, sizeof *waiting->lanes);
    for (uint32_t i = 0; i < waiting->lane_count; i++)
        waiting->lanes[i] = (struct queue){NONE, NONE, 0};
    waiting->simple = !row->lane_of && !row->joined && !(service->drop && drop->joined) &&
                      !shared_is_needed(service->config);
    if (row->init)
        row->init(world, service);
}

void service_build(struct world *world, uint32_t index)
{
    const struct service_config *config = &((const struct service_config *)world->config->services.items)[index];
    struct service *service = &world->services[index];
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "services.%s", config->name);
    measure_place(&service->place, TARGET_SERVICE, path, world->bins, true);
    service->config = config;
    service->demand_key = stream_key(world->seed, world->replication, "demand", path);
    service->error_key = stream_key(world->seed, world->replication, "error", path);
    service->advice_key = stream_key(world->seed, world->replication, "advice", path);
    service->workers = config->workers;
    service->speed = 1;
    service->error_ratio = config->error_ratio;
    service->committed_clock_ns = -1;
    service->paused_since_ns = -1;
    service->first_reject_ns = -1;
    service->drained_ns = -1;
    build_queue(world, service);
    service_gates_build(world, service);
    service->own_clock = service->discipline->shares;
    work_set_slots(service);
    if (shared_is_needed(config))
        service->shared = shared_new();
    if (config->dedup)
        service->dedup = dedup_new(config->dedup->ttl_ns, config->dedup->size);
    service->special = service->drop || service->shared || service->dedup || config->program.count > 0;
    if (config->warm_up && config->warm_up->cold_start)
        service->warm_up = (struct warm_up){config->warm_up->from, 0, config->warm_up->over_ns};
    work_settle(world, service);
    service->wait = memory_zeroed(1, sizeof *service->wait);
    hist_init(service->wait);
    service->reject_cost_ns = config->reject_cost_ns;
    service->nominal_per_s = config_capacity_per_s(config, config->workers, 1);
}

void service_free(struct service *service)
{
    measure_free_place(&service->place);
    free(service->wait);
    program_free(service->program);
    service_gates_free(service);
    free(service->waiting.lanes);
    free(service->waiting.state);
    ordered_free(&service->waiting.order);
    shared_free(service->shared);
    dedup_free(service->dedup);
}
