/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The adaptive-lifo discipline: fair while the queue is short, newest first when it is nearly full. */
#include "model/discipline/rows.h"

struct adaptive_lifo {
    double threshold;
};

static uint32_t pick(struct world *world, struct service *service)
{
    const struct adaptive_lifo *p = discipline_parameters(service);
    const struct waiting *waiting = &service->waiting;
    bool crowded = (double)service->in_queue.value > p->threshold * (double)waiting->capacity;
    (void)world;
    return crowded ? waiting->lanes[0].tail : waiting->lanes[0].head;
}

static const struct field fields[] = {
    {"threshold", FIELD_RATIO, offsetof(struct adaptive_lifo, threshold), .min = 0, .max = 1, .text = "80%",
     .help = "the newest goes first while more than this part of the capacity is used; 0%: whenever one waits"},
    {0}};

const struct discipline_row discipline_adaptive_lifo = {
    .row = {.name = "adaptive-lifo",
            .summary = "oldest first while the queue is short, newest first when it is nearly full",
            .formula = "newest first while waiting > threshold x capacity",
            .source = "HBase AdaptiveLifoCoDelCallQueue (threshold 80 %); Maurer, Fail at Scale (ACM Queue 2015)",
            .fields = fields, .size = sizeof(struct adaptive_lifo)},
    .needs_capacity = true,
    .pick = pick,
};
