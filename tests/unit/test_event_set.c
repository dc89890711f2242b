/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event set against a plain binary heap on (time, rank, sequence): the same events in the same order,
 * on random programs of pushes, lane pushes, pops and cancels with fixed seeds, and on the shapes that
 * break event sets. What needs no heap to be judged is in test_event_set_edges.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/stream.h"
#include "engine/event_set.h"
#include "engine/heap.h"

enum { HANDLES = 1 << 18 };
enum state { UNUSED, PENDING, IN_LANE, CANCELLED, CANCELLED_IN_LANE, GONE };

struct bench {
    struct event_set *set;
    struct heap heap;
    struct stream stream;
    uint8_t *state;                 /* of each handle */
    uint32_t handles;
    int64_t now_ns;
    uint32_t last_sequence;
    int lanes[EVENT_LANES];
    int64_t lane_delay_ns[EVENT_LANES];
    enum rank lane_rank[EVENT_LANES];
    int lane_count;
    size_t prefetched;
};

static bool still_wanted(const void *owner, struct event event)
{
    const struct bench *bench = owner;
    assert_true(bench->state[event.handle] == IN_LANE || bench->state[event.handle] == CANCELLED_IN_LANE);
    return bench->state[event.handle] == IN_LANE;
}

/* Only events that are still in the set may be asked for. */
static void note_prefetch(const void *owner, struct event event)
{
    struct bench *bench = (struct bench *)(uintptr_t)owner;
    assert_in_range(bench->state[event.handle], PENDING, CANCELLED_IN_LANE);
    bench->prefetched++;
}

static struct bench *bench_new(uint64_t seed)
{
    struct bench *bench = memory_zeroed(1, sizeof *bench);
    bench->state = memory_zeroed(HANDLES, 1);
    bench->stream = stream_at(seed, 0, 0);
    bench->set = event_set_new(still_wanted, note_prefetch, bench);
    return bench;
}

static void bench_free(struct bench *bench)
{
    event_set_free(bench->set);
    heap_free(&bench->heap);
    free(bench->state);
    free(bench);
}

static uint64_t below(struct bench *bench, uint64_t limit)
{
    return stream_next(&bench->stream) % limit;
}

static int64_t clamped(int64_t time_ns)
{
    return time_ns < EVENT_TIME_MAX ? time_ns : EVENT_TIME_MAX;
}

static void note_push(struct bench *bench, int64_t time_ns, enum rank rank, uint32_t sequence)
{
    assert_int_not_equal(sequence, 0);
    assert_int_not_equal(sequence, bench->last_sequence);
    bench->last_sequence = sequence;
    uint64_t key = (uint64_t)clamped(time_ns) * 8 + (uint64_t)rank;
    heap_push(&bench->heap, (struct event){key, sequence, bench->handles++});
}

static void push(struct bench *bench, int64_t delay_ns, enum rank rank)
{
    if (bench->handles == HANDLES)
        return;
    bench->state[bench->handles] = PENDING;
    int64_t time_ns = bench->now_ns + delay_ns;
    note_push(bench, time_ns, rank, event_push(bench->set, time_ns, rank, bench->handles));
}

static void push_lane(struct bench *bench, int which)
{
    if (bench->handles == HANDLES)
        return;
    bench->state[bench->handles] = IN_LANE;
    uint32_t sequence = event_push_lane(bench->set, bench->lanes[which], bench->now_ns, bench->handles);
    note_push(bench, bench->now_ns + bench->lane_delay_ns[which], bench->lane_rank[which], sequence);
}

static void add_lane(struct bench *bench, int64_t delay_ns, enum rank rank)
{
    int lane = event_lane(bench->set, delay_ns, rank);
    assert_int_equal(event_lane(bench->set, delay_ns, rank), lane);
    for (int i = 0; i < bench->lane_count; i++)
        if (bench->lanes[i] == lane)
            return;
    bench->lanes[bench->lane_count] = lane;
    bench->lane_delay_ns[bench->lane_count] = delay_ns;
    bench->lane_rank[bench->lane_count++] = rank;
}

static void cancel(struct bench *bench, uint32_t handle)
{
    if (bench->state[handle] == PENDING)
        bench->state[handle] = CANCELLED;
    else if (bench->state[handle] == IN_LANE)
        bench->state[handle] = CANCELLED_IN_LANE;
}

static bool pop_reference(struct bench *bench, struct event *event)
{
    while (heap_pop(&bench->heap, event)) {
        enum state state = bench->state[event->handle];
        if (state == PENDING || state == IN_LANE)
            return true;
    }
    return false;
}

/* Outside a lane a cancelled event is popped, and its owner knows. */
static bool pop_set(struct bench *bench, struct event *event)
{
    while (event_pop(bench->set, event)) {
        enum state state = bench->state[event->handle];
        assert_int_not_equal(state, CANCELLED_IN_LANE);
        assert_int_not_equal(state, GONE);
        assert_true(event_time_ns(*event) >= bench->now_ns);
        bench->now_ns = event_time_ns(*event);
        if (state != CANCELLED)
            return true;
    }
    return false;
}

static bool pop(struct bench *bench)
{
    struct event expected, event;
    bool any = pop_reference(bench, &expected);
    assert_int_equal(pop_set(bench, &event), any);
    if (!any)
        return false;
    assert_int_equal(event.key, expected.key);
    assert_int_equal(event.sequence, expected.sequence);
    assert_int_equal(event.handle, expected.handle);
    bench->state[event.handle] = GONE;
    return true;
}

static void drain(struct bench *bench)
{
    while (pop(bench))
        continue;
    assert_int_equal(event_pending(bench->set), 0);
}

/* From 1 ns to hours, every magnitude alike. */
static int64_t any_delay_ns(struct bench *bench)
{
    uint64_t bits = below(bench, 44);
    return (int64_t)below(bench, UINT64_C(1) << bits) + 1;
}

static int64_t delay_of(struct bench *bench, uint64_t kind)
{
    switch (kind) {
    case 0: return any_delay_ns(bench);
    case 1: return (int64_t)below(bench, 4);
    case 2: return (int64_t)below(bench, 5) * 1000000;
    case 3: return (int64_t)below(bench, 2000000000);
    case 4: return below(bench, 50) ? (int64_t)below(bench, 3000) : EVENT_TIME_MAX - (int64_t)below(bench, 3);
    case 5: return below(bench, 10) ? 1000000 : 10000000000;
    default:
        if (!bench->lane_count)
            return 1024;
        return bench->lane_delay_ns[below(bench, (uint64_t)bench->lane_count)];
    }
}

static enum rank any_rank(struct bench *bench)
{
    return (enum rank)below(bench, RANK_COUNT);
}

static void burst(struct bench *bench, uint64_t kind)
{
    int64_t delay_ns = delay_of(bench, kind);
    uint64_t count = 1 + below(bench, below(bench, 8) ? 40 : 3000);
    bool one_rank = below(bench, 2);
    enum rank rank = any_rank(bench);
    for (uint64_t i = 0; i < count; i++)
        push(bench, delay_ns, one_rank ? rank : any_rank(bench));
}

/* What is next is at the end of time: a program that goes there has no time left to differ in. */
static bool at_the_end(const struct bench *bench)
{
    return !bench->heap.count || bench->heap.events[0].key >> 3 > EVENT_TIME_MAX - (INT64_C(1) << 50);
}

static void step(struct bench *bench, uint64_t kind, uint64_t pushes_of_16)
{
    uint64_t dice = below(bench, 64);
    uint32_t recent = bench->handles < 3000 ? bench->handles : 3000;
    if (dice == 0 && below(bench, 8) == 0)
        burst(bench, kind);
    else if (dice < 8 && recent)
        cancel(bench, bench->handles - 1 - (uint32_t)below(bench, recent));
    else if (below(bench, 16) >= pushes_of_16 && (dice < 9 || !at_the_end(bench)))
        pop(bench);
    else if (bench->lane_count && below(bench, 2))
        push_lane(bench, (int)below(bench, (uint64_t)bench->lane_count));
    else
        push(bench, delay_of(bench, kind), any_rank(bench));
}

static void random_program(uint64_t seed, int steps)
{
    struct bench *bench = bench_new(seed);
    if (seed % 3 == 0)
        event_set_start_sequence(bench->set, UINT32_MAX - (uint32_t)below(bench, 2000));
    uint64_t lanes = below(bench, EVENT_LANES + 1);
    for (uint64_t i = 0; i < lanes; i++) {
        int64_t delay_ns = delay_of(bench, below(bench, 4));
        add_lane(bench, delay_ns, any_rank(bench));
    }
    uint64_t kind = 0, pushes = 8;
    for (int i = 0; i < steps; i++) {
        if (below(bench, 500) == 0) {
            kind = below(bench, 7);
            pushes = 5 + below(bench, 8);
        }
        if (below(bench, 20000) == 0)
            while (!at_the_end(bench))
                pop(bench);
        step(bench, kind, pushes);
    }
    drain(bench);
    bench_free(bench);
}

static void test_random_programs(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 600; seed++)
        random_program(seed, 3000);
    for (uint64_t seed = 1001; seed <= 1040; seed++)
        random_program(seed, 100000);
}

/* One delay law throughout, `pending` events all the time. */
static void steady_program(uint64_t seed, uint64_t kind, uint32_t pending, int lanes)
{
    struct bench *bench = bench_new(seed);
    for (int i = 0; i < lanes; i++)
        add_lane(bench, INT64_C(1000000) << (5 * i), (enum rank)i);
    for (uint32_t i = 0; i < pending; i++)
        push(bench, delay_of(bench, kind), any_rank(bench));
    for (int i = 0; i < 40000; i++) {
        assert_true(pop(bench));
        if (lanes && below(bench, 2))
            push_lane(bench, (int)below(bench, (uint64_t)lanes));
        else
            push(bench, delay_of(bench, kind), any_rank(bench));
    }
    drain(bench);
    bench_free(bench);
}

static void test_steady_programs(void **state)
{
    (void)state;
    static const uint32_t pending[] = {1, 2, 5, 30, 127, 129, 300, 2000, 50000};
    for (uint64_t kind = 0; kind < 7; kind++)
        for (size_t i = 0; i < sizeof pending / sizeof *pending; i++)
            steady_program(kind * 100 + i, kind, pending[i], (int)(i % (EVENT_LANES + 1)));
}

/* Many events at one time; each, when handled, pushes more at that time or a few ns later, in ranks before
 * and after. */
static void test_crowded_instant(void **state)
{
    (void)state;
    struct bench *bench = bench_new(5);
    add_lane(bench, 0, RANK_TIMEOUT);
    add_lane(bench, 2, RANK_RESPONSE);
    push(bench, 999, RANK_FAULT);
    for (int i = 0; i < 60000; i++)
        push(bench, 1000, (enum rank)(i % RANK_COUNT));
    for (int i = 0; i < 100000; i++) {
        assert_true(pop(bench));
        push(bench, (int64_t)below(bench, 20) / 18, any_rank(bench));
        if (below(bench, 4) == 0)
            push_lane(bench, (int)below(bench, 2));
    }
    drain(bench);
    bench_free(bench);
}

/* Each push before all that are pending: the front of the bottom is the worst place. */
static void test_descending(void **state)
{
    (void)state;
    struct bench *bench = bench_new(9);
    for (int64_t time_ns = 200000; time_ns > 0; time_ns -= 2)
        push(bench, time_ns * 1000, RANK_ARRIVAL);
    push(bench, 0, RANK_ARRIVAL);
    for (int i = 0; i < 1000; i++) {
        assert_true(pop(bench));
        for (int64_t time_ns = 100; time_ns > 0; time_ns--)
            push(bench, time_ns, any_rank(bench));
    }
    drain(bench);
    bench_free(bench);
}

/* A lane's head far before the wheel's next slot: its handler pushes much into the gap. */
static void test_idle_gap(void **state)
{
    (void)state;
    struct bench *bench = bench_new(11);
    add_lane(bench, 1000, RANK_TIMEOUT);
    for (int round = 0; round < 20; round++) {
        for (int64_t i = 0; i < 2000; i++)
            push(bench, (INT64_C(1) << 50) + i % 77, any_rank(bench));
        push_lane(bench, 0);
        assert_true(pop(bench));
        for (int i = 0; i < 1000; i++)
            push(bench, (int64_t)below(bench, 5000000), any_rank(bench));
        drain(bench);
    }
    bench_free(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_programs), cmocka_unit_test(test_steady_programs),
        cmocka_unit_test(test_crowded_instant), cmocka_unit_test(test_descending),
        cmocka_unit_test(test_idle_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
