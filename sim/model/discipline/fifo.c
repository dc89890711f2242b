/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fifo discipline: oldest first: fair, and the worst order in an overload with timeouts. */
#include "model/discipline/rows.h"

static uint32_t pick(struct world *world, struct service *service)
{
    (void)world;
    return service->waiting.lanes[0].head;
}

const struct discipline_row discipline_fifo = {
    .row = {.name = "fifo",
            .summary = "oldest first: fair, and the worst order in an overload with timeouts",
            .formula = "M/M/1 FIFO: mean wait rho/(mu - lambda)",
            .source = "Kleinrock, Queueing Systems I (1975)"},
    .pick = pick,
};
