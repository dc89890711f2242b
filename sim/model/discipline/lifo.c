/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lifo discipline: newest first: in an overload the newest still have a caller. */
#include "model/discipline/rows.h"

static uint32_t pick(struct world *world, struct service *service)
{
    (void)world;
    return service->waiting.lanes[0].tail;
}

const struct discipline_row discipline_lifo = {
    .row = {.name = "lifo",
            .summary = "newest first: in an overload the newest still have a caller",
            .formula = "non-preemptive; same mean wait as FIFO, larger variance",
            .source = "Kleinrock, Queueing Systems I (1975)"},
    .pick = pick,
};
