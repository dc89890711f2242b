/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/source.h"

#include "model/arrival.h"
#include "model/caller.h"
#include "model/session.h"

/* ---- open loop ---- */

static void schedule_arrival(struct world *world, uint32_t index)
{
    struct population *population = &world->populations[index];
    int64_t when_ns = population->arrival->finish_ns(population->config->arrival->choice.parameters,
                                                     population->work_since_ns, population->work, population->factor);
    if (population->factor > 1 && when_ns == world->now_ns)
        when_ns++; /* a spike so high that gaps round to nothing must not stop the clock */
    population->timer = when_ns >= world->config->duration_ns
                            ? 0
                            : event_push(world->events, when_ns, RANK_ARRIVAL, handle_of(EVENT_NEXT_ARRIVAL, index));
}

static void draw_gap(struct world *world, struct population *population)
{
    population->work = population->arrival->draw_work(population->config->arrival->choice.parameters,
                                                      &population->state, &population->arrivals, world->zig);
    population->work_since_ns = world->now_ns;
}

static uint32_t client_of(const struct population *population, uint64_t number)
{
    if (!population->tells_clients_apart)
        return 0;
    if (population->arrival->each_once)
        return (uint32_t)number;
    struct stream stream = stream_at(population->client_key, number, 0);
    return (uint32_t)(((stream_next(&stream) >> 32) * population->clients) >> 32);
}

void source_arrival(struct world *world, uint32_t index, uint32_t sequence)
{
    struct population *population = &world->populations[index];
    if (population->timer != sequence)
        return;
    uint64_t number = population->state.drawn++;
    population->state.last_ns = world->now_ns;
    draw_gap(world, population);
    schedule_arrival(world, index);
    uint32_t client = client_of(population, number);
    if (!population->keeps_sessions || session_is_open(world, population, client))
        caller_open(world, index, number, client);
}

static void set_open_factor(struct world *world, uint32_t index, double factor)
{
    struct population *population = &world->populations[index];
    const void *parameters = population->config->arrival->choice.parameters;
    double done = population->arrival->progress(parameters, population->work_since_ns, world->now_ns,
                                                population->factor);
    population->work = population->work > done ? population->work - done : 0;
    population->work_since_ns = world->now_ns;
    population->factor = factor;
    schedule_arrival(world, index);
}

/* ---- closed loop ---- */

uint32_t source_think(struct world *world, uint32_t index, uint32_t client, uint32_t number)
{
    const struct population *population = &world->populations[index];
    struct stream stream = stream_at(population->think_key, client, number);
    int64_t think_ns = law_draw_ns(&population->config->closed->think, &stream, world->zig);
    if (population->factor != 1)
        think_ns = law_round_ns((double)think_ns / population->factor);
    return event_push(world->events, world->now_ns + think_ns, RANK_ARRIVAL,
                      handle_of(EVENT_THOUGHT, population->first_client + client));
}

uint32_t source_begin(struct world *world, uint32_t index, uint32_t client)
{
    const struct population *population = &world->populations[index];
    uint32_t handle = handle_of(EVENT_THOUGHT, population->first_client + client);
    if (population->config->closed->start == START_AT_ONCE)
        return event_push(world->events, world->now_ns, RANK_ARRIVAL, handle);
    return source_think(world, index, client, world->requests_of[population->first_client + client]);
}

static uint32_t population_of(const struct world *world, uint32_t client)
{
    uint32_t index = world->population_count;
    while (index > 0) {
        const struct population *population = &world->populations[--index];
        if (population->config->closed && client >= population->first_client)
            break;
    }
    return index;
}

void source_thought(struct world *world, uint32_t client, uint32_t sequence)
{
    uint32_t index = population_of(world, client);
    const struct population *population = &world->populations[index];
    uint32_t own = client - population->first_client;
    if (population->keeps_sessions && !session_asks(world, population, own, sequence))
        return;
    uint32_t number = world->requests_of[client]++;
    caller_open(world, index, (uint64_t)own << 32 | number, own);
}

void source_finished(struct world *world, uint32_t edge, uint32_t client, uint32_t number, bool good)
{
    if (edge >= world->population_count)
        session_connect_over(world, edge, client, good);
    else if (world->populations[edge].keeps_sessions)
        session_request_over(world, edge, client, number);
    else if (world->populations[edge].config->closed)
        source_think(world, edge, client, number + 1);
}

/* ---- both ---- */

void source_start(struct world *world, uint32_t index)
{
    struct population *population = &world->populations[index];
    if (population->keeps_sessions)
        session_start(world, index);
    else if (population->config->closed)
        for (uint32_t client = 0; client < population->clients; client++)
            source_begin(world, index, client);
    if (population->arrival) {
        draw_gap(world, population);
        schedule_arrival(world, index);
    }
}

void source_set_factor(struct world *world, uint32_t index, double factor)
{
    if (world->populations[index].config->closed)
        world->populations[index].factor = factor;
    else
        set_open_factor(world, index, factor);
}
