/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where requests come from: open-loop populations that send whatever happens, closed-loop clients that wait for an
 * outcome and think. Arrivals and think times are drawn per number, so every strategy sees the same. Clients with
 * sessions (session.h) do so only while they have one: an arrival of a client without is no request. */
#ifndef MODEL_SOURCE_H
#define MODEL_SOURCE_H

#include "model/world.h"

void source_start(struct world *world, uint32_t population);
void source_arrival(struct world *world, uint32_t population, uint32_t sequence);
void source_thought(struct world *world, uint32_t client, uint32_t sequence);   /* index into world.requests_of */
/* `number`: of the request that has its outcome (closed loop). It comes from the request, which is at hand; the
 * client's own record would have to be fetched from far away. */
void source_finished(struct world *world, uint32_t edge, uint32_t client, uint32_t number, bool good);
/* Multiplies the arrival rate (open loop), or divides the think times drawn from now on (closed loop). */
void source_set_factor(struct world *world, uint32_t population, double factor);

/* A closed-loop client that made `number` requests thinks before the next one; the sequence of its EVENT_THOUGHT. */
uint32_t source_think(struct world *world, uint32_t population, uint32_t client, uint32_t number);
/* What such a client does first. */
uint32_t source_begin(struct world *world, uint32_t population, uint32_t client);

#endif
