/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shuffle-sharded discipline: few lanes for many tenants, and yet hardly two tenants share all of theirs. */
#include "model/discipline/rows.h"
#include "model/ring.h"
#include "model/tenant.h"

enum { HAND_MAX = 64 };

struct shuffle {
    int by;                       /* enum tenancy */
    int64_t queues, hand, per_queue;
};

/* The state: this, then a ring of the lanes. */
struct shards {
    uint64_t key;                 /* deals each tenant its hand */
};

static struct ring *ring_of(struct shards *shards) { return (struct ring *)(void *)(shards + 1); }

static uint32_t lane_count(const void *parameters, const struct model_config *config)
{
    const struct shuffle *p = parameters;
    (void)config;
    return (uint32_t)p->queues;
}

static bool tells_clients_apart(const void *parameters)
{
    return ((const struct shuffle *)parameters)->by == BY_CLIENT;
}

static void init(const struct world *world, struct service *service)
{
    const struct shuffle *p = discipline_parameters(service);
    struct waiting *waiting = &service->waiting;
    struct shards *shards = memory_zeroed(1, sizeof *shards + ring_bytes(waiting->lane_count));
    waiting->lane_capacity = p->per_queue;
    waiting->state = shards;
    shards->key = stream_key(world->seed, world->replication, "shuffle", service->place.path);
    ring_init(ring_of(shards), waiting->lane_count);
}

static bool is_dealt(const uint32_t *hand, uint32_t dealt, uint32_t card)
{
    for (uint32_t i = 0; i < dealt; i++)
        if (hand[i] == card)
            return true;
    return false;
}

/* A hand of distinct lanes, every set alike likely (Floyd's sampling); the same for a tenant each time. */
static void deal(const struct shuffle *p, uint64_t key, uint32_t tenant, uint32_t *hand)
{
    struct stream stream = stream_at(key, tenant, 0);
    uint32_t first = (uint32_t)(p->queues - p->hand);
    for (uint32_t dealt = 0; dealt < p->hand; dealt++) {
        uint32_t last = first + dealt;
        uint32_t card = (uint32_t)(((stream_next(&stream) >> 32) * (last + 1)) >> 32);
        hand[dealt] = is_dealt(hand, dealt, card) ? last : card;
    }
}

/* The shortest lane of the tenant's hand. */
static uint32_t lane_of(const struct world *world, const struct service *service, const struct attempt *attempt)
{
    const struct shuffle *p = discipline_parameters(service);
    const struct shards *shards = service->waiting.state;
    const struct queue *lanes = service->waiting.lanes;
    uint32_t hand[HAND_MAX] = {0};
    deal(p, shards->key, tenant_of(world, attempt, p->by), hand);
    uint32_t best = hand[0];
    for (uint32_t i = 1; i < p->hand; i++)
        if (lanes[hand[i]].length < lanes[best].length)
            best = hand[i];
    return best;
}

static void joined(struct world *world, struct service *service, uint32_t index)
{
    ring_enter(ring_of(service->waiting.state), world->attempts[index].timer);
}

static uint32_t pick(struct world *world, struct service *service)
{
    const struct queue *lanes = service->waiting.lanes;
    (void)world;
    return lanes[ring_turn(ring_of(service->waiting.state), lanes)].head;
}

static const char *prepare(void *parameters)
{
    const struct shuffle *p = parameters;
    return p->hand <= p->queues ? NULL : "hand: a tenant cannot have more queues than there are";
}

static const struct field fields[] = {
    {"queues", FIELD_COUNT, offsetof(struct shuffle, queues), .min = 1, .max = 65536, .text = "64",
     .help = "queues in all"},
    {"hand", FIELD_COUNT, offsetof(struct shuffle, hand), .min = 1, .max = HAND_MAX, .text = "8",
     .help = "queues of one tenant, picked at random; an attempt joins the shortest of them"},
    {"per_queue", FIELD_COUNT, offsetof(struct shuffle, per_queue), .min = 1, .max = 1e9, .text = "unlimited",
     .word = "unlimited", .help = "attempts that wait in one queue at most: what keeps a greedy tenant in its queues"},
    {"by", FIELD_ENUM, offsetof(struct shuffle, by), .names = tenancy_names, .text = "client",
     .help = "who is a tenant: each single client, or each population"},
    {0}};

const struct discipline_row discipline_shuffle_sharded = {
    .row = {.name = "shuffle-sharded",
            .summary = "each tenant has a few of the queues, which take turns: a flood fills only its own",
            .formula = "two tenants share all their queues with probability 1 / C(queues, hand)",
            .source = "Kubernetes API Priority and Fairness: 64 queues, hands of 8, 50 in a queue",
            .fields = fields, .size = sizeof(struct shuffle), .prepare = prepare},
    .lane_count = lane_count,
    .tells_clients_apart = tells_clients_apart,
    .init = init,
    .lane_of = lane_of,
    .joined = joined,
    .pick = pick,
};
