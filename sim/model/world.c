/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The run: pools, the event loop, the marks of time. Building is in build.c. */
#include "model/world.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/check.h"
#include "model/cache.h"
#include "model/caller.h"
#include "model/fault.h"
#include "model/hedging.h"
#include "model/measure.h"
#include "model/network.h"
#include "model/pool.h"
#include "model/program.h"
#include "model/service.h"
#include "model/session.h"
#include "model/source.h"
#include "policy/script.h"

/* ---- pools ---- */

/* Doubling at first, then by a half, then by little: what is not used of ten million records is memory, too, and
 * growing arrays of that size moves page tables, not bytes. */
static uint32_t more_room(uint32_t room)
{
    CHECK(room < HANDLE_MAX, "more than 268 million requests or attempts at a time");
    uint32_t wider = room < 1024 ? 1024 : room < 1 << 16 ? room * 2 : room + room / (room < 1 << 17 ? 2 : 32);
    return wider < HANDLE_MAX ? wider : HANDLE_MAX;
}

uint32_t world_open_request(struct world *world)
{
    uint32_t index = world->free_request;
    if (index != NONE) {
        world->free_request = world->requests[index].attempt;
        return index;
    }
    if (world->requests_used == world->requests_room) {
        world->requests_room = more_room(world->requests_room);
        world->requests = memory_resize(world->requests, world->requests_room, sizeof *world->requests);
        if (world->more_bytes)
            world->more = memory_resize(world->more, world->requests_room, world->more_bytes);
        if (world->has_calls)
            world->lineage = memory_resize(world->lineage, world->requests_room, sizeof *world->lineage);
    }
    return world->requests_used++;
}

uint32_t world_open_attempt(struct world *world)
{
    uint32_t index = world->free_attempt;
    if (index != NONE) {
        world->free_attempt = world->attempts[index].next;
        return index;
    }
    if (world->attempts_used == world->attempts_room) {
        world->attempts_room = more_room(world->attempts_room);
        world->attempts = memory_resize(world->attempts, world->attempts_room, sizeof *world->attempts);
        if (world->has_programs)
            world->visits = memory_resize(world->visits, world->attempts_room, sizeof *world->visits);
    }
    return world->attempts_used++;
}

/* ---- events ---- */

static void handle(struct world *world, struct event event)
{
    uint32_t index = handle_index(event.handle);
    enum event_kind kind = handle_kind(event.handle);
    world->events_done[kind]++;
    switch (kind) {
    case EVENT_FAULT: fault_event(world, index); break;
    case EVENT_DONE: service_done(world, index, event.sequence); break;
    case EVENT_SHARED_DONE: service_shared_done(world, index, event.sequence); break;
    case EVENT_ANSWER: caller_answered(world, index); break;
    case EVENT_TIMEOUT: caller_timeout(world, index, event.sequence); break;
    case EVENT_DEADLINE: caller_deadline(world, index, event.sequence); break;
    case EVENT_NEXT_ARRIVAL: source_arrival(world, index, event.sequence); break;
    case EVENT_THOUGHT: source_thought(world, index, event.sequence); break;
    case EVENT_SEND: caller_wake(world, index, event.sequence); break;
    case EVENT_REACH: caller_reach(world, index); break;
    case EVENT_LET_IN: service_let_in(world, index); break;
    case EVENT_HEDGE: hedging_due(world, index, event.sequence); break;
    case EVENT_RESEND: network_resend(world, index); break;
    case EVENT_SESSION: session_event(world, index, event.sequence); break;
    case EVENT_CACHE: cache_event(world, index); break;
    case EVENT_POOL: pool_event(world, index, event.sequence); break;
    default: CHECK(false, "an event of no known kind");
    }
}

/* ---- marks: ends of bins, the end of the warm-up, the end ---- */

static int64_t earlier(int64_t a, int64_t b) { return a < b ? a : b; }

/* Marks are the ends of bins; the warm-up and the run end with a bin, too. */
static void pass_mark(struct world *world, int64_t mark_ns)
{
    const struct model_config *config = world->config;
    world->now_ns = mark_ns;
    measure_close_bin(world, mark_ns);
    if (!world->warm && mark_ns >= config->warmup_ns) {
        world->warm = true;
        measure_warmed_up(world);
    }
    world->over = mark_ns == config->duration_ns;
    world->bin_end_ns = earlier(mark_ns + config->bin_ns, config->duration_ns);
    fault_find_calm(world);
}

const char *world_error(const struct world *world)
{
    return world->scripts ? scripts_error(world->scripts) : NULL;
}

/* Passes all marks up to `time_ns`; false when the run is over or asked to stop. */
static bool pass_marks(struct world *world, int64_t time_ns, const struct run_control *control)
{
    while (!world->over && world->bin_end_ns <= time_ns)
        pass_mark(world, world->bin_end_ns);
    if (control->done_ns)
        atomic_store_explicit(control->done_ns, world->now_ns, memory_order_relaxed);
    if (world_error(world) || (control->stop && atomic_load_explicit(control->stop, memory_order_relaxed)))
        return false;
    return !world->over;
}

static void describe(const void *subject, char *text, unsigned size)
{
    const struct world *world = subject;
    snprintf(text, size, "seed %" PRIu64 ", replication %" PRIu32 ", t = %.9f s, event kind %d of record %" PRIu32,
             world->seed, world->replication, (double)world->now_ns * 1e-9, (int)handle_kind(world->current.handle),
             handle_index(world->current.handle));
}

enum { LOOK_UP_EVERY = 1 << 16 };     /* events between two looks at the stop flag in a long bin */

bool world_run(struct world *world, const struct run_control *control)
{
    struct event event;
    uint32_t until_look = LOOK_UP_EVERY;
    check_context(describe, world);
    if (world->config->warmup_ns == 0)
        world->warm = true;
    while ((event = event_next(world->events)).key != EVENT_NONE) {
        int64_t time_ns = event_time_ns(event);
        if (__builtin_expect(time_ns >= world->bin_end_ns || --until_look == 0, 0)) {
            until_look = LOOK_UP_EVERY;
            if (!pass_marks(world, time_ns, control))
                break;
        }
        world->now_ns = time_ns;
        world->current = event;
        handle(world, event);
        if (__builtin_expect(world->ready.length > 0, 0))
            program_go_on(world);
    }
    bool stopped = control->stop && atomic_load_explicit(control->stop, memory_order_relaxed);
    if (!world->over && !stopped && !world_error(world))
        pass_marks(world, INT64_MAX, control);
    measure_ended(world);
    measure_conservation(world);
    check_context(NULL, NULL);
    return world->over;
}
