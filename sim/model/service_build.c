/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a service from its configuration, and taking it apart. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/brownout.h"
#include "model/dedup.h"
#include "model/drop.h"
#include "model/measure.h"
#include "model/ordered.h"
#include "model/pool.h"
#include "model/program.h"
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

/* `path` names its draws: the same for all replicas, so that a request meets the same demands wherever it goes. */
static void build(struct world *world, struct service *service, const struct service_config *config, const char *path)
{
    service->config = config;
    service->pool_service = NONE;
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
    if (config->brownout)
        service->brownout = brownout_new(world, config->brownout, path);
    service->special = service->drop || service->shared || service->dedup || config->program.count > 0;
    if (config->warm_up && config->warm_up->cold_start)
        service->warm_up = (struct warm_up){config->warm_up->from, 0, config->warm_up->over_ns};
    work_settle(world, service);
    service->reject_cost_ns = config->reject_cost_ns;
}

void service_build(struct world *world, uint32_t index)
{
    const struct service_config *config = &((const struct service_config *)world->config->services.items)[index];
    struct service *service = &world->services[index];
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "services.%s", config->name);
    measure_place(&service->place, TARGET_SERVICE, path, world->bins, true);
    service->wait = memory_zeroed(1, sizeof *service->wait);
    hist_init(service->wait);
    build(world, service, config, path);
    service->nominal_per_s = config_nominal_per_s(world->config, index);
    if (!config->pool)
        return;
    service->away = service->outages[OUTAGE_REFUSE] = 1; /* what finds no replica */
    service->own_clock = false;
}

/* A replica that results do not show has counters, but no rows, and it adds its times to the pool's. */
static void build_place_of_replica(const struct world *world, struct service *service, struct service *sum,
                                   uint32_t replica)
{
    char path[PATH_SIZE];
    config_replica_path(sum->config, replica, path);
    if (config_replicas_shown(sum->config)) {
        measure_place(&service->place, TARGET_SERVICE, path, world->bins, true);
        service->wait = memory_zeroed(1, sizeof *service->wait);
        hist_init(service->wait);
        return;
    }
    memcpy(service->place.path, path, sizeof path);
    service->place.kind = TARGET_SERVICE;
    service->place.latency = sum->place.latency;
    service->wait = sum->wait;
}

void service_build_replica(struct world *world, uint32_t index, uint32_t pool)
{
    struct service *service = &world->services[index], *sum = &world->services[pool];
    build_place_of_replica(world, service, sum, index - sum->pool->first);
    build(world, service, sum->config, sum->place.path);
    service->pool_service = pool;
    service->nominal_per_s = config_capacity_per_s(sum->config, sum->config->workers, 1);
}

static void free_place(struct service *service)
{
    if (pool_is_replica(service) && !config_replicas_shown(service->config))
        return;
    measure_free_place(&service->place);
    free(service->wait);
}

void service_free(struct service *service)
{
    free_place(service);
    pool_free(service->pool);
    program_free(service->program);
    service_gates_free(service);
    free(service->brownout);
    free(service->waiting.lanes);
    free(service->waiting.state);
    ordered_free(&service->waiting.order);
    shared_free(service->shared);
    dedup_free(service->dedup);
}
