/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/session.h"

#include "model/caller.h"
#include "model/fault/rows.h"
#include "model/source.h"

static struct session *session_of(struct world *world, const struct population *population, uint32_t client)
{
    return &world->sessions[population->first_session + client];
}

/* Draws of a client's session, by purpose. Its number changes with each connect. */
enum session_draw { DRAW_SPLAY, DRAW_GIVE_UP, DRAW_LENGTH, SESSION_DRAWS };

static struct stream draw_of(const struct population *population, uint32_t client, const struct session *session,
                             enum session_draw draw)
{
    return stream_at(population->session_key, client, (uint64_t)session->connects * SESSION_DRAWS + draw);
}

/* The client has something to do after a while. */
static void set_timer(struct world *world, const struct population *population, uint32_t client, int64_t wait_ns)
{
    uint32_t handle = handle_of(EVENT_SESSION, population->first_session + client);
    session_of(world, population, client)->timer =
        event_push(world->events, world->now_ns + wait_ns, RANK_ARRIVAL, handle);
}

/* ---- how many are connected, and how soon ---- */

static void note_losses(struct world *world, struct population *population)
{
    struct comeback *comeback = &population->comeback;
    comeback->since_ns = world->now_ns;
    comeback->missing = population->clients - population->connected.value;
    for (int i = 0; i < BACK_KINDS; i++)
        comeback->back_ns[i] = -1;
}

static void note_connected(const struct world *world, struct population *population)
{
    static const int64_t percent[BACK_KINDS] = {50, 99, 100};
    struct comeback *comeback = &population->comeback;
    int64_t out = population->clients - population->connected.value;
    for (int i = 0; i < BACK_KINDS && comeback->missing > 0; i++)
        if (comeback->back_ns[i] < 0 && out * 100 <= comeback->missing * (100 - percent[i]))
            comeback->back_ns[i] = world->now_ns;
}

/* ---- from one state to the next ---- */

/* A closed-loop client without anything under way begins. */
static void begin_asking(struct world *world, uint32_t index, uint32_t client)
{
    const struct population *population = &world->populations[index];
    struct session *session = session_of(world, population, client);
    if (population->config->closed && !session->asking)
        session->think_timer = source_begin(world, index, client);
}

static void open_session(struct world *world, uint32_t index, uint32_t client)
{
    struct population *population = &world->populations[index];
    const struct connect_config *connect = population->config->connect;
    struct session *session = session_of(world, population, client);
    session->state = SESSION_CONNECTED;
    level_add(&population->connected, world->now_ns, 1);
    note_connected(world, population);
    if (connect && connect->session) {
        struct stream stream = draw_of(population, client, session, DRAW_LENGTH);
        set_timer(world, population, client, law_draw_ns(connect->session, &stream, world->zig));
    }
    begin_asking(world, index, client);
}

static void wait_to_connect(struct world *world, const struct population *population, uint32_t client)
{
    struct session *session = session_of(world, population, client);
    struct stream stream = draw_of(population, client, session, DRAW_SPLAY);
    session->state = SESSION_WAITING;
    double splay_ns = (double)population->config->connect->splay_ns * stream_uniform(&stream);
    set_timer(world, population, client, law_round_ns(splay_ns));
}

static void close_session(struct world *world, struct population *population, uint32_t client)
{
    session_of(world, population, client)->think_timer = 0;
    level_add(&population->connected, world->now_ns, -1);
    wait_to_connect(world, population, client);
}

static void connect(struct world *world, const struct population *population, uint32_t client)
{
    struct session *session = session_of(world, population, client);
    session->state = SESSION_CONNECTING;
    uint32_t number = session->connects++;
    caller_open(world, population->connect_edge, (uint64_t)client << 32 | number, client);
}

/* ---- events ---- */

static uint32_t population_of(const struct world *world, uint32_t session)
{
    uint32_t index = world->population_count;
    while (index > 0) {
        const struct population *population = &world->populations[--index];
        if (population->keeps_sessions && session >= population->first_session)
            break;
    }
    return index;
}

void session_event(struct world *world, uint32_t index, uint32_t sequence)
{
    struct session *session = &world->sessions[index];
    struct population *population = &world->populations[population_of(world, index)];
    if (session->timer != sequence)
        return;
    session->timer = 0;
    if (session->state == SESSION_CONNECTED)
        close_session(world, population, index - population->first_session);
    else
        connect(world, population, index - population->first_session);
}

void session_connect_over(struct world *world, uint32_t edge, uint32_t client, bool good)
{
    uint32_t index = world->edges[edge].population;
    const struct population *population = &world->populations[index];
    struct session *session = session_of(world, population, client);
    if (good) {
        open_session(world, index, client);
        return;
    }
    struct stream stream = draw_of(population, client, session, DRAW_GIVE_UP);
    session->state = SESSION_WAITING;
    set_timer(world, population, client, law_draw_ns(&population->config->connect->give_up_wait, &stream, world->zig));
}

void session_request_over(struct world *world, uint32_t index, uint32_t client, uint32_t number)
{
    const struct population *population = &world->populations[index];
    struct session *session = session_of(world, population, client);
    session->asking = false;
    if (population->config->closed && session->state == SESSION_CONNECTED)
        session->think_timer = source_think(world, index, client, number + 1);
}

bool session_asks(struct world *world, const struct population *population, uint32_t client, uint32_t sequence)
{
    struct session *session = session_of(world, population, client);
    if (session->think_timer != sequence)
        return false;
    session->think_timer = 0;
    session->asking = true;
    return true;
}

/* ---- faults ---- */

/* The clients that a fault hits. */
struct picked {
    uint64_t key;
    uint32_t number;
    double fraction;
};

static struct picked pick(const struct world *world, uint32_t index, double fraction, uint32_t number)
{
    const char *path = world->edges[index].place.path;
    return (struct picked){stream_key(world->seed, world->replication, "session fault", path), number, fraction};
}

static bool is_picked(const struct picked *picked, uint32_t client)
{
    struct stream stream = stream_at(picked->key, client, picked->number);
    return stream_uniform(&stream) < picked->fraction;
}

void session_disconnect(struct world *world, uint32_t index, double fraction, uint32_t number)
{
    struct population *population = &world->populations[index];
    struct picked picked = pick(world, index, fraction, number);
    for (uint32_t client = 0; client < population->clients; client++)
        if (session_is_open(world, population, client) && is_picked(&picked, client))
            close_session(world, population, client);
    note_losses(world, population);
}

static void abort_requests(struct world *world, uint32_t index, const struct picked *picked)
{
    for (uint32_t i = 0; i < world->requests_used; i++) {
        const struct request *request = &world->requests[i];
        const struct edge *edge = &world->edges[request->edge];
        if (request_is_pending(request) && !(edge->features & EDGE_CHECK) && edge->population == index &&
            is_picked(picked, request->client))
            caller_abort(world, i);
    }
}

static void restart(struct world *world, uint32_t index, uint32_t client)
{
    struct population *population = &world->populations[index];
    struct session *session = session_of(world, population, client);
    session->timer = session->think_timer = 0;
    if (!population->config->connect)
        begin_asking(world, index, client);
    else if (session->state == SESSION_CONNECTED)
        close_session(world, population, client);
    else
        wait_to_connect(world, population, client);
}

void session_restart(struct world *world, uint32_t index, double fraction, uint32_t number)
{
    struct population *population = &world->populations[index];
    struct picked picked = pick(world, index, fraction, number);
    abort_requests(world, index, &picked);
    for (uint32_t client = 0; client < population->clients; client++)
        if (is_picked(&picked, client))
            restart(world, index, client);
    note_losses(world, population);
}

/* ---- the beginning ---- */

static bool may_restart(const struct world *world, uint32_t index)
{
    for (uint32_t i = 0; i < world->fault_count; i++)
        if (world->faults[i].row == &fault_clients_restart && world->faults[i].target.index == index)
            return true;
    return false;
}

void session_build(struct world *world)
{
    uint32_t sessions = 0;
    for (uint32_t i = 0; i < world->population_count; i++) {
        struct population *population = &world->populations[i];
        population->connect_edge = NONE;
        population->comeback.since_ns = -1;
        population->keeps_sessions = population->config->connect || may_restart(world, i);
        if (!population->keeps_sessions)
            continue;
        population->first_session = sessions;
        population->session_key = stream_key(world->seed, world->replication, "session", world->edges[i].place.path);
        population->tells_clients_apart = true;
        world->edges[i].features |= EDGE_SESSIONS | EDGE_REPORTS;
        sessions += population->clients;
    }
    for (uint32_t i = world->population_count; i < world->first_call; i++) {
        world->populations[world->edges[i].population].connect_edge = i;
        world->edges[i].features |= EDGE_SESSIONS | EDGE_REPORTS;
    }
    world->sessions = memory_zeroed(sessions, sizeof *world->sessions);
}

void session_start(struct world *world, uint32_t index)
{
    struct population *population = &world->populations[index];
    const struct connect_config *connect = population->config->connect;
    bool connected = !connect || connect->start == START_CONNECTED;
    for (uint32_t client = 0; client < population->clients; client++)
        if (connected)
            open_session(world, index, client);
        else
            wait_to_connect(world, population, client);
    if (!connected)
        note_losses(world, population);
}
