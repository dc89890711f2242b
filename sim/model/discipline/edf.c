/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The edf discipline: earliest deadline first. */
#include "model/caller.h"
#include "model/discipline/rows.h"
#include "model/ordered.h"

static void joined(struct world *world, struct service *service, uint32_t index)
{
    int64_t gives_up_ns = caller_gives_up_ns(world, &world->attempts[index]);
    ordered_push(&service->waiting.order, world->attempts, index, (double)gives_up_ns);
}

static void leaves(struct world *world, struct service *service, uint32_t index)
{
    ordered_remove(&service->waiting.order, world->attempts, index);
}

static uint32_t pick(struct world *world, struct service *service)
{
    (void)world;
    return ordered_first(&service->waiting.order);
}

const struct discipline_row discipline_edf = {
    .row = {.name = "edf",
            .summary = "whose caller gives up first goes first; in an overload, without a drop rule, no better than "
                       "fifo",
            .formula = "by the end of the attempt's timeout or of the request's deadline; those without one last",
            .source = "Liu and Layland, Scheduling Algorithms for Multiprogramming (JACM 1973)"},
    .joined = joined,
    .leaves = leaves,
    .pick = pick,
};
