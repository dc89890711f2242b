/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "model/brownout.h"
#include "model/cache.h"
#include "model/pool.h"
#include "model/program.h"
#include "model/service.h"
#include "model/store.h"

void measure_place(struct place *place, enum target_kind kind, const char *path, uint32_t bins, bool latency)
{
    snprintf(place->path, sizeof place->path, "%s", path);
    place->kind = kind;
    place->rows = memory_zeroed(bins, sizeof *place->rows);
    if (!latency)
        return;
    place->latency = memory_zeroed(1, sizeof *place->latency);
    hist_init(&place->latency->bin);
    hist_init(&place->latency->total);
}

void measure_free_place(struct place *place)
{
    free(place->rows);
    free(place->latency);
}

/* ---- bins ---- */

static void close_place(struct place *place, uint32_t bin)
{
    struct bin_row *row = &place->rows[bin];
    for (int i = 0; i < COUNT_BIN_COLUMNS; i++)
        row->counts[i] = place->counts[i] - place->at_bin[i];
    memcpy(place->at_bin, place->counts, sizeof place->counts);
    row->queue_length = row->in_service = row->busy_ratio = row->capacity = NAN;
    row->latency_p50_s = row->latency_p99_s = NAN;
    if (!place->latency)
        return;
    static const double q[2] = {0.5, 0.99};
    double quantiles_ns[2];
    hist_drain(&place->latency->bin, &place->latency->total, q, quantiles_ns, 2);
    row->latency_p50_s = quantiles_ns[0] * 1e-9;
    row->latency_p99_s = quantiles_ns[1] * 1e-9;
}

/* A replica that takes no attempts has none. */
static double capacity_per_s(const struct world *world, const struct service *service, int64_t at_ns)
{
    if (service->pool)
        return pool_capacity_per_s(world, service->pool);
    return pool_is_replica(service) && !pool_has(world, service) ? 0 : service_capacity_per_s(service, at_ns);
}

static void close_service(const struct world *world, struct service *service, int64_t end_ns, int64_t length_ns)
{
    struct bin_row *row = &service->place.rows[world->bin];
    area_t busy = level_area(&service->busy, service_clock_ns(service, end_ns));
    double workers = service->config->workers == INT64_MAX ? NAN : (double)service->config->workers;
    if (service->pool)
        workers *= service->pool->up;
    row->queue_length = (double)service->in_queue.value;
    row->in_service = (double)service->busy.value;
    row->busy_ratio = (double)(busy - service->busy_at_bin) / ((double)length_ns * workers);
    row->capacity = capacity_per_s(world, service, end_ns) * (double)length_ns * 1e-9;
    if (isinf(row->capacity))
        row->capacity = NAN;
    service->busy_at_bin = busy;
}

/* A connect step's row shows its sessions: those that are open, the clients without, the part of the time. */
static void close_sessions(const struct world *world, struct population *population, int64_t end_ns, int64_t length_ns)
{
    struct bin_row *row = &world->edges[population->connect_edge].place.rows[world->bin];
    area_t area = level_area(&population->connected, end_ns);
    row->in_service = (double)population->connected.value;
    row->queue_length = (double)population->clients - row->in_service;
    row->busy_ratio = (double)(area - population->connected_at_bin) / ((double)length_ns * population->clients);
    population->connected_at_bin = area;
}

static void add_up_pools(struct world *world)
{
    for (uint32_t i = 0; i < world->own_services; i++)
        if (world->services[i].pool) {
            pool_add_up(world, &world->services[i]);
            pool_add_up_latencies(world, &world->services[i]);
        }
}

void measure_ended(struct world *world)
{
    for (uint32_t i = 0; i < world->own_services; i++)
        if (world->services[i].pool) {
            pool_add_up(world, &world->services[i]);
            pool_add_up_waits(world, &world->services[i]);
        }
}

void measure_close_bin(struct world *world, int64_t end_ns)
{
    int64_t length_ns = end_ns - (int64_t)world->bin * world->config->bin_ns;
    for (uint32_t i = 0; i < world->edge_count; i++)
        close_place(&world->edges[i].place, world->bin);
    for (uint32_t i = 0; i < world->population_count; i++)
        if (world->populations[i].connect_edge != NONE)
            close_sessions(world, &world->populations[i], end_ns, length_ns);
    for (uint32_t i = 0; i < world->cache_count; i++)
        close_place(&world->caches[i].place, world->bin);
    add_up_pools(world);
    for (uint32_t i = 0; i < world->service_count; i++) {
        if (!world->services[i].place.rows)
            continue;
        close_place(&world->services[i].place, world->bin);
        close_service(world, &world->services[i], end_ns, length_ns);
    }
    world->bin++;
}

/* ---- the end of the warm-up: what is reported counts from here ---- */

static void warm_place(struct place *place)
{
    memcpy(place->at_warmup, place->counts, sizeof place->counts);
    if (place->latency)
        hist_clear(&place->latency->total);
}

void measure_warmed_up(struct world *world)
{
    for (uint32_t i = 0; i < world->edge_count; i++) {
        struct edge *edge = &world->edges[i];
        warm_place(&edge->place);
        hist_clear(edge->failed_latency);
        edge->backing_off_at_warmup = level_area(&edge->backing_off, world->now_ns);
    }
    for (uint32_t i = 0; i < world->population_count; i++)
        world->populations[i].connected_at_warmup = level_area(&world->populations[i].connected, world->now_ns);
    for (uint32_t i = 0; i < world->cache_count; i++) {
        warm_place(&world->caches[i].place);
        cache_warmed_up(world, &world->caches[i]);
    }
    for (uint32_t i = 0; i < world->service_count; i++) {
        struct service *service = &world->services[i];
        warm_place(&service->place);
        hist_clear(service->wait);
        service->queue_peak = service->pool ? 0 : service->in_queue.value;
        if (service->pool)
            pool_warmed_up(world, service->pool);
        if (service->brownout)
            service->brownout->on_at_warmup = level_area(&service->brownout->on, world->now_ns);
        service->first_reject_ns = -1;
        service->at_warmup = service_areas_now(service, world->now_ns);
    }
}

/* ---- conservation ---- */

/* What is still under way at the end, per edge or service. */
struct under_way {
    uint64_t pending, backing_off;         /* requests of an edge */
    uint64_t in_flight;                    /* attempts of an edge, given-up ones included */
    uint64_t held;                         /* attempts in front of a service */
    uint64_t waiting, running, calling;    /* attempts there, */
    uint64_t twins;                        /* waiting for another's result */
    uint64_t held_workers, dead;           /* of these */
    area_t ages, work;                     /* of these: time since arrival, worker time so far */
};

static void look_at_requests(const struct world *world, struct under_way *edges)
{
    for (uint32_t i = 0; i < world->requests_used; i++) {
        const struct request *request = &world->requests[i];
        if (!request_is_pending(request))
            continue;
        edges[request->edge].pending++;
        edges[request->edge].backing_off += request->phase == REQUEST_BACKING_OFF;
    }
}

static bool is_here(enum attempt_phase phase)
{
    return phase == ATTEMPT_QUEUED || phase == ATTEMPT_RUNNING || phase == ATTEMPT_CALLING ||
           phase == ATTEMPT_WAITING_FOR_TWIN;
}

static void look_at_attempt(const struct world *world, uint32_t index, struct under_way *u, int64_t end_ns)
{
    const struct attempt *attempt = &world->attempts[index];
    const struct service *service = &world->services[attempt->service];
    u->waiting += attempt->phase == ATTEMPT_QUEUED;
    u->running += attempt->phase == ATTEMPT_RUNNING;
    u->calling += attempt->phase == ATTEMPT_CALLING;
    u->twins += attempt->phase == ATTEMPT_WAITING_FOR_TWIN;
    u->held_workers += attempt->phase == ATTEMPT_CALLING && program_has_worker(service, attempt);
    u->dead += (attempt->flags & ATTEMPT_DEAD) != 0;
    u->ages += (area_t)(uint64_t)(end_ns - attempt->arrived_ns);
    u->work += (area_t)program_work_ns(world, service, index);
    if (attempt->phase == ATTEMPT_RUNNING)
        u->work += (area_t)(service_clock_ns(service, end_ns) - attempt->started_clock_ns);
}

static void look_at_attempts(const struct world *world, struct under_way *edges, struct under_way *services,
                             int64_t end_ns)
{
    for (uint32_t i = 0; i < world->attempts_used; i++) {
        const struct attempt *attempt = &world->attempts[i];
        enum attempt_phase phase = (enum attempt_phase)attempt->phase;
        if (phase != ATTEMPT_FREE && world->requests[attempt->request].phase != REQUEST_OF_CACHE)
            edges[world->requests[attempt->request].edge].in_flight++;
        services[attempt->service].held += phase == ATTEMPT_HELD;
        if (is_here(phase))
            look_at_attempt(world, i, &services[attempt->service], end_ns);
    }
}

static void check_edge(const struct edge *edge, const struct under_way *u)
{
    const uint64_t *n = edge->place.counts;
    CHECK(n[COUNT_REQUESTS] == n[COUNT_GOOD] + n[COUNT_FAILED] + n[COUNT_CALLED_OFF] + u->pending,
          "requests are not good + failed + called off + pending");
    CHECK(n[COUNT_ATTEMPTS] == n[COUNT_FIRST_ATTEMPTS] + n[COUNT_RETRIES], "attempts are not first ones + retries");
    CHECK(n[COUNT_ATTEMPTS] == n[COUNT_SERVED] + n[COUNT_LATE] + n[COUNT_REJECTED] + n[COUNT_ERRORS] +
                                   n[COUNT_LOST] + n[COUNT_CANCELLED] + u->in_flight,
          "attempts are not answered + late + rejected + errors + lost + cancelled + in flight");
    CHECK((uint64_t)edge->backing_off.value == u->backing_off, "the number of requests in backoff is off");
}

static int64_t lanes_length(const struct service *service)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < service->waiting.lane_count; i++)
        sum += service->waiting.lanes[i].length;
    return sum;
}

/* A pool's own service has what its replicas have. */
static void add_up(struct under_way *sum, const struct under_way *u)
{
    sum->held += u->held;
    sum->waiting += u->waiting;
    sum->running += u->running;
    sum->calling += u->calling;
    sum->twins += u->twins;
    sum->held_workers += u->held_workers;
    sum->dead += u->dead;
    sum->ages += u->ages;
    sum->work += u->work;
}

static void check_service(const struct service *service, const struct under_way *u, int64_t end_ns)
{
    const uint64_t *n = service->place.counts;
    struct service_areas areas = service_areas_now(service, end_ns);
    CHECK(n[COUNT_ATTEMPTS] == n[COUNT_SERVED] + n[COUNT_FAILED] + n[COUNT_REJECTED] + n[COUNT_CANCELLED] +
                                   n[COUNT_LOST] + u->waiting + u->running + u->calling + u->twins + u->held,
          "attempts are not served + failed + rejected + cancelled + lost + under way");
    CHECK((uint64_t)service->in_queue.value == u->waiting &&
              (service->pool || lanes_length(service) == service->in_queue.value),
          "the queue's length is off");
    CHECK((uint64_t)service->busy.value == u->running + u->held_workers, "the number of busy workers is off");
    CHECK((uint64_t)service->held.value == u->held_workers, "the number of held workers is off");
    CHECK((uint64_t)service->dead.value == u->dead, "the number of abandoned attempts is off");
    CHECK(areas.in_system == service->sojourn_sum_ns + u->ages, "Little's law does not hold");
    CHECK(areas.busy == areas.useful + areas.wasted + u->work + areas.reject + areas.held,
          "busy time is not useful + wasted + rejection work + held");
}

/* Attempts on their way to replicas, or there, whose callers wait for them: what each edge sent, what caches fetch. */
static void look_at_outstanding(const struct world *world, uint32_t *outstanding)
{
    for (uint32_t i = 0; i < world->requests_used; i++) {
        const struct request *request = &world->requests[i];
        if (request->phase != REQUEST_IN_FLIGHT || !(world->edges[request->edge].features & EDGE_POOL))
            continue;
        const struct request_more *more = world_more(world, i);
        if (!(request->flags & REQUEST_HEDGED))
            outstanding[more->endpoint]++;
        for (uint32_t k = 0; request->flags & REQUEST_HEDGED && k < more->flight_count; k++)
            outstanding[more->flights[k].endpoint]++;
    }
    for (uint32_t i = 0; i < world->attempts_used; i++) {
        const struct attempt *attempt = &world->attempts[i];
        enum attempt_phase phase = (enum attempt_phase)attempt->phase;
        if (attempt->cache != NONE && (is_here(phase) || phase == ATTEMPT_HELD))
            outstanding[attempt->service]++;
    }
}

static void check_pools(const struct world *world)
{
    uint32_t *outstanding = memory_zeroed(world->service_count, sizeof *outstanding);
    look_at_outstanding(world, outstanding);
    for (uint32_t i = 0; i < world->own_services; i++) {
        const struct pool *pool = world->services[i].pool;
        for (uint32_t k = 0; pool && k < pool->room; k++)
            CHECK(pool->replicas[k].outstanding == outstanding[pool->first + k],
                  "a replica's outstanding attempts are off");
    }
    free(outstanding);
}

/* Every client waits, connects or is connected, and who connects has a request for it. */
static void check_sessions(const struct world *world, const struct population *population,
                           const struct under_way *edges)
{
    uint64_t states[SESSION_CONNECTED + 1] = {0};
    for (uint32_t i = 0; i < population->clients; i++)
        states[world->sessions[population->first_session + i].state]++;
    CHECK((uint64_t)population->connected.value == states[SESSION_CONNECTED], "the number of sessions is off");
    CHECK(population->connect_edge == NONE || edges[population->connect_edge].pending == states[SESSION_CONNECTING],
          "not every client that connects has one request for it");
}

/* Fetches under way, and values, as the keys have it. */
static void check_cache(const struct cache *cache)
{
    const uint64_t *n = cache->place.counts;
    uint64_t fetches = 0, values = 0;
    for (uint32_t key = 0; key < cache->config->keys; key++) {
        fetches += cache->fetches[key].under_way;
        values += store_has(cache, key);
    }
    CHECK(n[COUNT_ATTEMPTS] == n[COUNT_SERVED] + n[COUNT_NEGATIVE_HITS] + n[COUNT_MISSES],
          "lookups are not hits + remembered errors + misses");
    CHECK(n[COUNT_FETCHES] == n[COUNT_FETCHES_ENDED] + fetches, "fetches are not ended + under way");
    CHECK(cache->stored == values && (!cache->eviction || values <= cache->capacity),
          "the number of stored values is off");
}

void measure_conservation(const struct world *world)
{
    struct under_way *edges = memory_zeroed(world->edge_count, sizeof *edges);
    struct under_way *services = memory_zeroed(world->service_count, sizeof *services);
    look_at_requests(world, edges);
    look_at_attempts(world, edges, services, world->now_ns);
    for (uint32_t i = 0; i < world->edge_count; i++)
        check_edge(&world->edges[i], &edges[i]);
    for (uint32_t i = 0; i < world->population_count; i++)
        if (world->populations[i].keeps_sessions)
            check_sessions(world, &world->populations[i], edges);
    for (uint32_t i = world->own_services; i < world->service_count; i++)
        add_up(&services[world->services[i].pool_service], &services[i]);
    for (uint32_t i = 0; i < world->service_count; i++)
        check_service(&world->services[i], &services[i], world->now_ns);
    for (uint32_t i = 0; i < world->cache_count; i++)
        check_cache(&world->caches[i]);
    if (world->service_count > world->own_services)
        check_pools(world);
    free(edges);
    free(services);
}
