/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fair discipline: a lane for each tenant, served in turn. */
#include "model/discipline/rows.h"
#include "model/ring.h"
#include "model/tenant.h"

struct fair {
    int by;                       /* enum tenancy */
    int64_t per_tenant;
};

static uint32_t lane_count(const void *parameters, const struct model_config *config)
{
    const struct fair *p = parameters;
    return tenant_count(config, p->by);
}

static bool tells_clients_apart(const void *parameters)
{
    return ((const struct fair *)parameters)->by == BY_CLIENT;
}

static void init(const struct world *world, struct service *service)
{
    const struct fair *p = discipline_parameters(service);
    struct waiting *waiting = &service->waiting;
    (void)world;
    waiting->lane_capacity = p->per_tenant;
    waiting->state = memory_zeroed(1, ring_bytes(waiting->lane_count));
    ring_init(waiting->state, waiting->lane_count);
}

static uint32_t lane_of(const struct world *world, const struct service *service, const struct attempt *attempt)
{
    const struct fair *p = discipline_parameters(service);
    return tenant_of(world, attempt, p->by);
}

static void joined(struct world *world, struct service *service, uint32_t index)
{
    ring_enter(service->waiting.state, world->attempts[index].timer);
}

static uint32_t pick(struct world *world, struct service *service)
{
    const struct waiting *waiting = &service->waiting;
    (void)world;
    return waiting->lanes[ring_turn(waiting->state, waiting->lanes)].head;
}

static const struct field fields[] = {
    {"by", FIELD_ENUM, offsetof(struct fair, by), .names = tenancy_names, .text = "client",
     .help = "whose lanes: of each single client, or of each population"},
    {"per_tenant", FIELD_COUNT, offsetof(struct fair, per_tenant), .min = 1, .max = 1e9, .text = "unlimited",
     .word = "unlimited", .help = "waiting attempts of one tenant at most; without it one tenant can fill the queue"},
    {0}};

const struct discipline_row discipline_fair = {
    .row = {.name = "fair",
            .summary = "tenants take turns: who sends more waits longer, the others do not",
            .formula = "round robin over the tenants that wait, an attempt a turn, oldest first",
            .source = "Nagle, On Packet Switches with Infinite Storage (RFC 970)",
            .fields = fields, .size = sizeof(struct fair)},
    .lane_count = lane_count,
    .tells_clients_apart = tells_clients_apart,
    .init = init,
    .lane_of = lane_of,
    .joined = joined,
    .pick = pick,
};
