/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fill, warm up, time. */
#include "engine/hold.h"

#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/stream.h"
#include "engine/event_set.h"
#include "engine/heap.h"

const char *const hold_law_names[HOLD_LAWS] = {"exponential", "uniform", "bimodal", "constant"};
const char *const hold_queue_names[HOLD_QUEUES] = {
    "event set", "event set, lane", "binary heap", "4-ary heap",
};

enum { TABLE_SIZE = 1 << 16 };
static const int64_t second_ns = 1000000000, millisecond_ns = 1000000;

struct hold {
    const int64_t *table;
    uint64_t drawn, order;
    struct event_set *set;
    struct heap heap;
    uint32_t sequence;
    int lane;
};

static int64_t draw(enum hold_law law, struct stream *stream)
{
    double u = stream_uniform(stream);
    switch (law) {
    case HOLD_EXPONENTIAL:
        return 1 + (int64_t)(stream_exponential(stream, stream_ziggurat()) * (double)second_ns);
    case HOLD_UNIFORM:
        return 1 + (int64_t)(u * 2 * (double)second_ns);
    case HOLD_BIMODAL:
        return u < 0.9 ? millisecond_ns : 10 * second_ns;
    default:
        return second_ns;
    }
}

static int64_t *draw_table(enum hold_law law)
{
    struct stream stream = {20240501};
    int64_t *table = memory_zeroed(TABLE_SIZE, sizeof *table);
    for (size_t i = 0; i < TABLE_SIZE; i++)
        table[i] = draw(law, &stream);
    return table;
}

static inline int64_t next_increment(struct hold *hold)
{
    return hold->table[hold->drawn++ % TABLE_SIZE];
}

static inline void note(struct hold *hold, struct event event)
{
    hold->order = (hold->order ^ event.key ^ (uint64_t)event.handle << 40) * UINT64_C(0x9e3779b97f4a7c15);
}

static void fill(struct hold *hold, uint32_t pending)
{
    struct stream stream = {7};
    for (uint32_t i = 0; i < pending; i++) {
        int64_t time_ns = (int64_t)(stream_uniform(&stream) * (double)next_increment(hold));
        if (hold->set) {
            event_push(hold->set, time_ns, RANK_RESPONSE, i);
            continue;
        }
        uint64_t key = (uint64_t)time_ns << 3 | RANK_RESPONSE;
        heap_push(&hold->heap, (struct event){key, ++hold->sequence, i});
    }
}

static void hold_set(struct hold *hold, uint64_t holds)
{
    struct event event;
    for (uint64_t i = 0; i < holds && event_pop(hold->set, &event); i++) {
        note(hold, event);
        event_push(hold->set, event_time_ns(event) + next_increment(hold), RANK_RESPONSE, event.handle);
    }
}

static void hold_lane(struct hold *hold, uint64_t holds)
{
    struct event event;
    for (uint64_t i = 0; i < holds && event_pop(hold->set, &event); i++) {
        note(hold, event);
        event_push_lane(hold->set, hold->lane, event_time_ns(event), event.handle);
    }
}

static inline struct event again(struct hold *hold, struct event event)
{
    note(hold, event);
    event.key += (uint64_t)next_increment(hold) << 3;
    event.sequence = ++hold->sequence;
    return event;
}

static void hold_heap(struct hold *hold, uint64_t holds)
{
    struct event event;
    for (uint64_t i = 0; i < holds && heap_pop(&hold->heap, &event); i++)
        heap_push(&hold->heap, again(hold, event));
}

static void hold_heap4(struct hold *hold, uint64_t holds)
{
    struct event event;
    for (uint64_t i = 0; i < holds && heap4_pop(&hold->heap, &event); i++)
        heap4_push(&hold->heap, again(hold, event));
}

/* A heap filled as a binary one is emptied once, so that it is ordered and thereby a heap of any arity. */
static void order_heap(struct hold *hold)
{
    struct heap ordered = {0};
    struct event event;
    while (heap_pop(&hold->heap, &event))
        heap4_push(&ordered, event);
    heap_free(&hold->heap);
    hold->heap = ordered;
}

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

struct hold_result hold_run(enum hold_queue queue, enum hold_law law, uint32_t pending, uint64_t holds)
{
    static void (*const run_of[HOLD_QUEUES])(struct hold *hold, uint64_t holds) = {
        hold_set, hold_lane, hold_heap, hold_heap4,
    };
    CHECK(queue != HOLD_EVENT_SET_LANE || law == HOLD_CONSTANT, "a lane needs the constant law");
    int64_t *table = draw_table(law);
    struct hold hold = {.table = table};
    if (queue == HOLD_EVENT_SET || queue == HOLD_EVENT_SET_LANE) {
        hold.set = event_set_new(NULL, NULL, NULL);
        hold.lane = event_lane(hold.set, second_ns, RANK_RESPONSE);
    }
    fill(&hold, pending);
    if (queue == HOLD_4ARY_HEAP)
        order_heap(&hold);
    run_of[queue](&hold, 2 * (uint64_t)pending);
    double start_ns = now_ns();
    run_of[queue](&hold, holds);
    struct hold_result result = {
        .ns_per_hold = (now_ns() - start_ns) / (double)holds,
        .order = hold.order,
        .bytes = hold.set ? event_bytes(hold.set) : hold.heap.capacity * sizeof(struct event),
    };
    event_set_free(hold.set);
    heap_free(&hold.heap);
    free(table);
    return result;
}
