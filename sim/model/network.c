/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/network.h"

#include "model/caller.h"
#include "model/fault/rows.h"

static uint32_t index_of(const struct world *world, const struct edge *edge)
{
    return (uint32_t)(edge - world->edges);
}

static const void *parameters_of(const struct fault *fault)
{
    return fault->config->choice.parameters;
}

/* Whether the fault is on, of this kind, and troubles this edge. */
static bool troubles(const struct fault *fault, const struct fault_row *row, uint32_t edge)
{
    return fault->on && fault->row == row && fault->target.index == edge;
}

static bool goes_that_way(int way, enum direction direction)
{
    return way == WAY_BOTH || (way == WAY_REQUESTS) == (direction == TO_SERVICE);
}

/* ---- loss ---- */

/* Which clients are cut off is drawn once for each time the partition happens. */
static bool cuts_off(const struct world *world, const struct fault *fault, uint32_t client, enum direction direction)
{
    const struct partition_fault *partition = parameters_of(fault);
    if (!goes_that_way(partition->way, direction))
        return false;
    uint64_t key = stream_key(world->seed, world->replication, "partition", partition->edge);
    struct stream stream = stream_at(key, client, fault_number(world, fault));
    return stream_uniform(&stream) < partition->fraction;
}

static bool is_cut_off(const struct world *world, const struct edge *edge, uint32_t client, enum direction direction)
{
    for (uint32_t i = 0; i < world->fault_count; i++)
        if (troubles(&world->faults[i], &fault_partition, index_of(world, edge)) &&
            cuts_off(world, &world->faults[i], client, direction))
            return true;
    return false;
}

static bool is_lost(const struct world *world, const struct edge *edge, const struct attempt *message,
                    enum direction direction)
{
    if (edge->partitions > 0 && is_cut_off(world, edge, world->requests[message->request].client, direction))
        return true;
    struct stream stream = stream_of_id(edge->network_key, message->id, message->number * 4u + direction);
    for (uint32_t i = 0; i < message->timer; i++)
        stream_next(&stream);
    return stream_uniform(&stream) < edge->loss[direction];
}

static void send_again_later(struct world *world, const struct network_config *network, uint32_t attempt,
                             enum direction direction)
{
    struct attempt *message = &world->attempts[attempt];
    uint32_t doublings = message->timer < 40 ? message->timer : 40;
    int64_t most_ns = network->rto_max_ns >> doublings;
    int64_t wait_ns = network->rto_ns < most_ns ? network->rto_ns << doublings : network->rto_max_ns;
    message->timer++;
    event_push(world->events, world->now_ns + wait_ns, direction == TO_SERVICE ? RANK_ARRIVAL : RANK_RESPONSE,
               handle_of(EVENT_RESEND, attempt));
}

static bool loses(struct world *world, const struct edge *edge, uint32_t attempt, enum direction direction)
{
    if (!is_lost(world, edge, &world->attempts[attempt], direction))
        return false;
    if (edge->network->rto_ns < INT64_MAX)
        send_again_later(world, edge->network, attempt, direction);
    else if (direction == TO_SERVICE)
        caller_unreached(world, attempt);
    else
        caller_lost(world, attempt);
    return true;
}

bool network_loses(struct world *world, const struct edge *edge, uint32_t attempt, enum direction direction)
{
    world->attempts[attempt].timer = 0; /* of a message: how often it was sent again */
    return loses(world, edge, attempt, direction);
}

void network_resend(struct world *world, uint32_t attempt)
{
    struct attempt *message = &world->attempts[attempt];
    const struct edge *edge = &world->edges[world->requests[message->request].edge];
    enum direction direction = message->phase == ATTEMPT_ANSWERING ? TO_CALLER : TO_SERVICE;
    if (loses(world, edge, attempt, direction))
        return;
    if (edge->features & EDGE_LATENCY)
        caller_travel(world, edge, attempt, direction);
    else if (direction == TO_SERVICE)
        caller_reach(world, attempt);
    else
        caller_answered(world, attempt);
}

int64_t network_delay_ns(const struct world *world, const struct edge *edge, enum direction direction,
                         struct stream *stream)
{
    int64_t sum_ns = 0;
    for (uint32_t i = 0; i < world->fault_count; i++) {
        const struct delay_fault *fault = parameters_of(&world->faults[i]);
        if (!troubles(&world->faults[i], &fault_latency, index_of(world, edge)) ||
            !goes_that_way(fault->way, direction))
            continue;
        int64_t delay_ns = law_draw_ns(fault->delay, stream, world->zig);
        sum_ns += delay_ns;
    }
    return sum_ns;
}

/* ---- faults come and go ---- */

static void set_feature(struct edge *edge, uint32_t feature, bool on)
{
    edge->features = on ? edge->features | feature : edge->features & ~feature;
}

static uint32_t count_faults(const struct world *world, const struct fault_row *row, uint32_t edge)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < world->fault_count; i++)
        count += troubles(&world->faults[i], row, edge);
    return count;
}

static bool has_latency(const struct network_config *network)
{
    return law_mean_ns(&network->request_latency) > 0 || law_mean_ns(&network->response_latency) > 0;
}

void network_follow_faults(struct world *world, uint32_t index)
{
    struct edge *edge = &world->edges[index];
    bool delayed = count_faults(world, &fault_latency, index) > 0;
    edge->partitions = (uint16_t)count_faults(world, &fault_partition, index);
    set_feature(edge, EDGE_DELAYED, delayed);
    set_feature(edge, EDGE_LATENCY, delayed || has_latency(edge->network));
    set_feature(edge, EDGE_REQUEST_LOSS, edge->partitions || edge->loss[TO_SERVICE] > 0);
    set_feature(edge, EDGE_RESPONSE_LOSS, edge->partitions || edge->loss[TO_CALLER] > 0);
}

void network_set_loss(struct world *world, uint32_t index, enum direction direction, double loss)
{
    for (uint32_t i = 0; i < world->fault_count; i++) {
        const struct loss_fault *fault = parameters_of(&world->faults[i]);
        if (troubles(&world->faults[i], &fault_loss, index))
            loss += fault->ratio[direction] * (1 - loss);
    }
    world->edges[index].loss[direction] = loss;
    network_follow_faults(world, index);
}
