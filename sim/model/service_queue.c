/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue: who may wait and where, who makes room, who is turned away. */
#include "model/drop.h"
#include "model/program.h"
#include "model/service_parts.h"

void waiting_drop(struct world *world, struct service *service, uint32_t index)
{
    service->place.counts[COUNT_DROPPED]++;
    service->wasted_ns += (area_t)program_work_ns(world, service, index);
    work_leave_system(world, service, &world->attempts[index]);
    service_turn_away(world, service, index);
}

/* Drops a less important attempt for one that would wait in `lane`; false if there is none. */
static bool make_room(struct world *world, struct service *service, uint32_t lane)
{
    uint32_t victims = service->discipline->victim_lane ? service->discipline->victim_lane(service, lane) : NONE;
    if (victims == NONE)
        return false;
    uint32_t victim = service->waiting.lanes[victims].tail;
    waiting_leave(world, service, victim);
    waiting_drop(world, service, victim);
    return true;
}

/* The lane in which the attempt may wait, or NONE. */
static uint32_t find_lane(struct world *world, struct service *service, uint32_t index)
{
    const struct waiting *waiting = &service->waiting;
    const struct discipline_row *discipline = service->discipline;
    uint32_t lane = discipline->lane_of ? discipline->lane_of(world, service, &world->attempts[index]) : 0;
    if (waiting->lanes[lane].length >= waiting->lane_capacity)
        return NONE;
    return service->in_queue.value < waiting->capacity || make_room(world, service, lane) ? lane : NONE;
}

static inline void append(struct world *world, struct service *service, uint32_t index, uint32_t lane)
{
    struct attempt *attempt = &world->attempts[index];
    attempt->phase = ATTEMPT_QUEUED;
    attempt->timer = lane;
    queue_append(world->attempts, &service->waiting.lanes[lane], index);
    level_add(&service->in_queue, world->now_ns, 1);
    if (service->in_queue.value > service->queue_peak)
        service->queue_peak = service->in_queue.value;
}

static void tell_of_arrival(struct world *world, struct service *service, uint32_t index)
{
    if (service->discipline->joined)
        service->discipline->joined(world, service, index);
    if (service->drop && service->drop->joined)
        service->drop->joined(world, service, &world->attempts[index]);
    work_settle(world, service);
}

bool waiting_join(struct world *world, struct service *service, uint32_t index)
{
    bool simple = service->waiting.simple;
    uint32_t lane = simple ? 0 : find_lane(world, service, index);
    if (simple ? service->in_queue.value >= service->waiting.capacity : lane == NONE)
        return false;
    work_enter_system(world, service, &world->attempts[index]);
    service->place.counts[COUNT_WAITED]++;
    append(world, service, index, lane);
    if (!simple)
        tell_of_arrival(world, service, index);
    return true;
}

void waiting_again(struct world *world, struct service *service, uint32_t index)
{
    const struct discipline_row *discipline = service->discipline;
    uint32_t lane = discipline->lane_of ? discipline->lane_of(world, service, &world->attempts[index]) : 0;
    append(world, service, index, lane);
    if (discipline->joined)
        discipline->joined(world, service, index);
    work_settle(world, service);
}
