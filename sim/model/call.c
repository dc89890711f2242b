/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/call.h"

#include "model/caller.h"
#include "model/program.h"

static const uint64_t scatter = UINT64_C(0x9e3779b97f4a7c15);

static const struct call_config *config_of(const struct world *world, uint32_t edge)
{
    return world->edges[edge].call;
}

static uint64_t operation_of(const struct world *world, uint32_t edge, const struct attempt *attempt, uint64_t which,
                             uint64_t id)
{
    if (!config_of(world, edge)->same_operation_id)
        return id;
    return stream_mix(world->edges[edge].id_key ^ (call_operation(world, attempt->request) + which * scatter));
}

static int64_t deadline_of(const struct world *world, uint32_t edge, const struct attempt *attempt)
{
    if (!(world->edges[edge].features & EDGE_DEADLINE_PASSED_ON))
        return INT64_MAX;
    int64_t ends_ns = caller_gives_up_ns(world, attempt);
    return ends_ns == INT64_MAX ? INT64_MAX : ends_ns - config_of(world, edge)->deadline_margin_ns;
}

static void link_call(struct world *world, uint32_t attempt, uint32_t index)
{
    struct visit *visit = &world->visits[attempt];
    world->lineage[index].previous = NONE;
    world->lineage[index].next = visit->calls;
    if (visit->calls != NONE)
        world->lineage[visit->calls].previous = index;
    visit->calls = index;
}

static void unlink_call(struct world *world, uint32_t attempt, uint32_t index)
{
    const struct lineage *lineage = &world->lineage[index];
    if (lineage->previous == NONE)
        world->visits[attempt].calls = lineage->next;
    else
        world->lineage[lineage->previous].next = lineage->next;
    if (lineage->next != NONE)
        world->lineage[lineage->next].previous = lineage->previous;
}

void call_open(struct world *world, uint32_t edge, uint32_t attempt_index, uint32_t step, uint32_t place)
{
    const struct attempt *attempt = &world->attempts[attempt_index];
    uint64_t which = (uint64_t)step << 16 | place;
    uint64_t name = stream_mix(attempt->id + attempt->number * scatter) + which;
    uint32_t index = caller_new_request(world, edge, name, world->requests[attempt->request].client);
    world->requests[index].number = attempt_index;
    world->lineage[index] =
        (struct lineage){.operation = operation_of(world, edge, attempt, which, world->requests[index].id),
                         .deadline_ns = deadline_of(world, edge, attempt),
                         .edge = (uint16_t)(call_first_edge(world, attempt->request) - world->edges)};
    link_call(world, attempt_index, index);
    caller_begin(world, index);
}

void call_over(struct world *world, uint32_t index, enum outcome outcome)
{
    const struct request *request = &world->requests[index];
    uint32_t attempt = request->number;
    unlink_call(world, attempt, index);
    program_call_over(world, attempt, outcome == OUTCOME_GOOD, request->flags & REQUEST_DEGRADED);
}

void call_off_all(struct world *world, uint32_t attempt)
{
    while (world->visits[attempt].calls != NONE) {
        uint32_t index = world->visits[attempt].calls;
        unlink_call(world, attempt, index);
        caller_call_off(world, index);
    }
}
