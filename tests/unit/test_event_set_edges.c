/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The edges of the event set: a million events at one time, the end of time, the sequence running over,
 * dead lanes, memory. The order on random programs is in test_event_set.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/stream.h"
#include "engine/event_set.h"
#include "engine/hold.h"

/* Where anything quadratic would not end. */
static void test_million_at_once(void **state)
{
    (void)state;
    enum { COUNT = 1000000 };
    struct event_set *set = event_set_new(NULL, NULL, NULL);
    for (uint32_t i = 0; i < COUNT; i++)
        event_push(set, 123456789012345, RANK_ARRIVAL, i);
    struct event event;
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_true(event_pop(set, &event));
        assert_int_equal(event.handle, i);
        event_push(set, event_time_ns(event), RANK_COMPLETION, COUNT + i);
        event_push(set, event_time_ns(event) + 3, RANK_FAULT, i);
        assert_true(event_pop(set, &event));
        assert_int_equal(event.handle, COUNT + i);
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_true(event_pop(set, &event));
        assert_int_equal(event.handle, i);
    }
    assert_false(event_pop(set, &event));
    event_set_free(set);
}

static void test_far_future(void **state)
{
    (void)state;
    struct event_set *set = event_set_new(NULL, NULL, NULL);
    int lane = event_lane(set, INT64_MAX, RANK_TIMEOUT);
    event_push(set, INT64_MAX, RANK_ARRIVAL, 1);
    event_push_lane(set, lane, 0, 2);
    event_push(set, EVENT_TIME_MAX, RANK_TIMEOUT, 3);
    for (uint32_t i = 0; i < 500; i++)
        event_push(set, INT64_MAX - i, RANK_ARRIVAL, 4 + i);
    static const uint32_t first[] = {2, 3, 1, 4, 5};
    struct event event;
    for (size_t i = 0; i < 5; i++) {
        assert_true(event_pop(set, &event));
        assert_int_equal(event_time_ns(event), EVENT_TIME_MAX);
        assert_int_equal(event.handle, first[i]);
    }
    event_set_free(set);
}

static bool never(const void *owner, struct event event)
{
    (void)owner;
    (void)event;
    return false;
}

static void test_dead_lane_is_no_event(void **state)
{
    (void)state;
    struct event_set *set = event_set_new(never, NULL, NULL);
    int lane = event_lane(set, 5, RANK_TIMEOUT);
    struct event event;
    for (uint32_t i = 0; i < 20000; i++)
        event_push_lane(set, lane, 0, i);
    assert_int_equal(event_pending(set), 20000);
    assert_false(event_pop(set, &event));
    assert_int_equal(event_pending(set), 0);
    event_push(set, 0, RANK_ARRIVAL, 7);
    assert_true(event_pop(set, &event));
    assert_int_equal(event.handle, 7);
    event_set_free(set);
}

static void test_lanes_are_few(void **state)
{
    (void)state;
    struct event_set *set = event_set_new(NULL, NULL, NULL);
    for (int i = 0; i < EVENT_LANES; i++)
        assert_int_equal(event_lane(set, i, RANK_TIMEOUT), i);
    assert_int_equal(event_lane(set, 0, RANK_RESPONSE), -1);
    assert_int_equal(event_lane(set, 2, RANK_TIMEOUT), 2);
    event_set_free(set);
}

/* Lane and wheel at one key, the sequence running over: insertion order holds, and 0 is left out. */
static void test_sequence_wraps(void **state)
{
    (void)state;
    struct event_set *set = event_set_new(NULL, NULL, NULL);
    event_set_start_sequence(set, UINT32_MAX - 100);
    int lane = event_lane(set, 50, RANK_TIMEOUT);
    for (uint32_t i = 0; i < 400; i++) {
        uint32_t sequence = i % 3 ? event_push(set, 50, RANK_TIMEOUT, i) : event_push_lane(set, lane, 0, i);
        assert_int_equal(sequence, i < 100 ? UINT32_MAX - 99 + i : i - 99);
    }
    struct event event;
    for (uint32_t i = 0; i < 400; i++) {
        assert_true(event_pop(set, &event));
        assert_int_equal(event.handle, i);
    }
    event_set_free(set);
}

/* What was given back is used again: a steady hold holds its memory. */
static void test_memory_is_reused(void **state)
{
    (void)state;
    struct event_set *set = event_set_new(NULL, NULL, NULL);
    struct stream stream = stream_at(3, 0, 0);
    int lane = event_lane(set, 1000000, RANK_TIMEOUT);
    size_t before = 0;
    for (uint32_t i = 0; i < 20000; i++)
        event_push(set, (int64_t)(stream_next(&stream) % 1000000), RANK_ARRIVAL, i);
    for (int i = 0; i < 1000000; i++) {
        struct event event;
        assert_true(event_pop(set, &event));
        int64_t now_ns = event_time_ns(event);
        if (event.handle % 2)
            event_push_lane(set, lane, now_ns, event.handle);
        else
            event_push(set, now_ns + (int64_t)(stream_next(&stream) % 2000000), RANK_ARRIVAL, event.handle);
        if (i == 200000)
            before = event_bytes(set);
    }
    assert_int_equal(event_bytes(set), before);
    assert_int_equal(event_pending(set), 20000);
    event_set_free(set);
}

static void test_holds_agree(void **state)
{
    (void)state;
    for (enum hold_law law = 0; law < HOLD_LAWS; law++) {
        struct hold_result expected = hold_run(HOLD_BINARY_HEAP, law, 5000, 50000);
        for (enum hold_queue queue = 0; queue < HOLD_QUEUES; queue++)
            if (queue != HOLD_EVENT_SET_LANE || law == HOLD_CONSTANT)
                assert_int_equal(hold_run(queue, law, 5000, 50000).order, expected.order);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_million_at_once),       cmocka_unit_test(test_far_future),
        cmocka_unit_test(test_dead_lane_is_no_event), cmocka_unit_test(test_lanes_are_few),
        cmocka_unit_test(test_sequence_wraps),        cmocka_unit_test(test_memory_is_reused),
        cmocka_unit_test(test_holds_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
