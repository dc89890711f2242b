/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Processor sharing: every admitted attempt is in service at once; with more of them than workers all go slower. */
#include "model/discipline/rows.h"

/* Who gave its place back while it waited for calls and finds none free any more. */
static uint32_t pick(struct world *world, struct service *service)
{
    (void)world;
    return service->waiting.lanes[0].head;
}

const struct discipline_row discipline_ps = {
    .row = {.name = "ps",
            .summary = "processor sharing: up to workers + capacity attempts are in service and share the workers",
            .formula = "each at speed min(1, workers / n); M/G/1: mean sojourn S / (1 - rho) for any law of S",
            .source = "Kleinrock, Time-shared Systems (JACM 1967)"},
    .shares = true,
    .pick = pick,
};
