/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The weighted discipline: classes share the workers in proportion to their weights. */
#include "model/discipline/classes.h"
#include "model/discipline/rows.h"

struct weight {
    int64_t share;
};

struct weighted {
    struct list weights;
    bool displace;
};

/* Stride scheduling: each class has a pass; the least pass among those that wait is served and moves on by 1 / weight.
 * A class that did not wait cannot have saved up turns: it comes in at the pass of who was served last. */
struct strides {
    double pass[PRIORITY_MAX + 1], now;
};

static double weight_of(const struct weighted *p, uint32_t lane)
{
    const struct weight *weights = p->weights.items;
    return (double)weights[lane < p->weights.count ? lane : p->weights.count - 1].share;
}

static void init(const struct world *world, struct service *service)
{
    (void)world;
    service->waiting.state = memory_zeroed(1, sizeof(struct strides));
}

static void joined(struct world *world, struct service *service, uint32_t index)
{
    struct strides *strides = service->waiting.state;
    uint32_t lane = world->attempts[index].timer;
    if (service->waiting.lanes[lane].length == 1 && strides->pass[lane] < strides->now)
        strides->pass[lane] = strides->now;
}

static uint32_t pick(struct world *world, struct service *service)
{
    struct strides *strides = service->waiting.state;
    const struct queue *lanes = service->waiting.lanes;
    uint32_t best = NONE;
    (void)world;
    for (uint32_t i = 0; i <= PRIORITY_MAX; i++)
        if (lanes[i].length > 0 && (best == NONE || strides->pass[i] < strides->pass[best]))
            best = i;
    strides->now = strides->pass[best];
    strides->pass[best] += 1 / weight_of(discipline_parameters(service), best);
    return lanes[best].head;
}

static uint32_t victim_lane(const struct service *service, uint32_t lane)
{
    const struct weighted *p = discipline_parameters(service);
    return p->displace ? classes_below(&service->waiting, lane) : NONE;
}

static const char *prepare(void *parameters)
{
    const struct weighted *p = parameters;
    return p->weights.count > 0 ? NULL : "weights: at least one is needed, such as [8, 2, 1]";
}

static const struct field weight_fields[] = {
    {"share", FIELD_COUNT, offsetof(struct weight, share), .min = 1, .max = 1e6, .help = "turns in a round"},
    {0}};
static const struct record weight_record = {"a weight", sizeof(struct weight), weight_fields, NULL, NULL};

static const struct field fields[] = {
    {"weights", FIELD_LIST, offsetof(struct weighted, weights), .record = &weight_record,
     .help = "turns of priority 0, 1, ... while all wait; the last one stands for all further ones"},
    {"displace", FIELD_BOOL, offsetof(struct weighted, displace), .text = "false",
     .help = "a more critical attempt that finds the queue full takes the place of the newest of the least critical "
             "class; false: it is rejected like any other"},
    {0}};

const struct discipline_row discipline_weighted = {
    .row = {.name = "weighted",
            .summary = "classes share the workers by weight: no class starves, oldest first within a class",
            .formula = "while all wait, class i gets weight(i) / sum of weights of the turns",
            .source = "Waldspurger and Weihl, Stride Scheduling (MIT 1995)",
            .fields = fields, .size = sizeof(struct weighted), .prepare = prepare},
    .lane_count = classes_count,
    .init = init,
    .lane_of = classes_lane_of,
    .victim_lane = victim_lane,
    .joined = joined,
    .pick = pick,
};
