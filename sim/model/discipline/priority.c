/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The priority discipline: the most critical class goes first, whoever else waits. */
#include "model/discipline/classes.h"
#include "model/discipline/rows.h"

struct priority {
    bool displace;
};

static uint32_t pick(struct world *world, struct service *service)
{
    const struct queue *lane = service->waiting.lanes;
    (void)world;
    while (lane->length == 0)
        lane++;
    return lane->head;
}

static uint32_t victim_lane(const struct service *service, uint32_t lane)
{
    const struct priority *p = discipline_parameters(service);
    return p->displace ? classes_below(&service->waiting, lane) : NONE;
}

static const struct field fields[] = {
    {"displace", FIELD_BOOL, offsetof(struct priority, displace), .text = "false",
     .help = "a more critical attempt that finds the queue full takes the place of the newest of the least critical "
             "class; false: it is rejected like any other"},
    {0}};

const struct discipline_row discipline_priority = {
    .row = {.name = "priority",
            .summary = "the most critical class first, oldest first within a class; nobody is interrupted",
            .formula = "M/M/1: wait of class i = W0 / ((1 - s(i-1)) (1 - s(i))), s(i) the load of classes 0..i",
            .source = "Cobham, Priority Assignment in Waiting Line Problems (1954)",
            .fields = fields, .size = sizeof(struct priority)},
    .lane_count = classes_count,
    .lane_of = classes_lane_of,
    .victim_lane = victim_lane,
    .pick = pick,
};
