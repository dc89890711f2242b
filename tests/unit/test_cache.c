/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cache in front of a service: hits and misses, expiry, fetches that are shared, lost, cancelled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "cache_case.h"

/* ---- hits, misses, expiry ---- */

/* Fetched 1..1.1 s, fresh until 3.1 s; again at 4 s, until 6.1 s; again at 7 s, until 9.1 s. */
static void test_hit_miss_expiry(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 10s\n" EVERY_SECOND ORIGIN("100ms") ONE_KEY("2s"));
    assert_counts(&m, 6, 3, 3, 0);
    assert_service_bins(&m, 0, COUNT_ATTEMPTS, "0 1 0 0 1 0 0 1 0 0");
    assert_int_equal(cache_count(&m, 0, COUNT_EXPIRIES), 2);
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 9);
    assert_int_equal(m.world->edges[0].place.latency->total.min, 0);
    assert_int_equal(m.world->edges[0].place.latency->total.max, SECOND / 10);
    model_free(&m);
}

/* A value is fresh before its TTL has passed, not at that instant: stored at 1, 3, 5, ... s. */
static void test_expiry_instant(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 10s\n" EVERY_SECOND ORIGIN("0s") ONE_KEY("2s"));
    assert_counts(&m, 4, 5, 5, 0);
    assert_service_bins(&m, 0, COUNT_ATTEMPTS, "0 1 0 1 0 1 0 1 0 1");
    model_free(&m);
}

/* An error is not stored: every lookup is a miss. */
static void test_errors_are_not_stored(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n" EVERY_SECOND ONE_KEY(
        "1h") "services: [{name: s, workers: 1, service_time: 0s, queue: {capacity: 0},"
              " error_ratio: 100%}]\n");
    assert_counts(&m, 0, 4, 4, 0);
    assert_int_equal(caller_count(&m, 0, COUNT_ERRORS), 4);
    assert_int_equal(cache_count(&m, 0, COUNT_EXPIRIES), 0);
    model_free(&m);
}

/* A retry asks for the key that its request asked for: of 1000 keys, the retry at 3 s finds what the first attempt
 * (given up at 2 s) fetched until 2.5 s. */
static void test_retry_asks_for_the_same_key(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n"
                                    "clients: [{name: a, arrival: {kind: burst, at: 1s}, calls: c, policy: {timeout: "
                                    "1s, attempts: 2, backoff: 1s}}]\n"
                                    "caches: [{name: c, origin: s, keys: 1000, zipf: 0, ttl: 1h}]\n" ORIGIN("1500ms"));
    assert_counts(&m, 1, 1, 1, 0);
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 1 0");
    model_free(&m);
}

/* ---- shared fetches ---- */

#define FIVE "clients: [{name: a, count: 5, arrival: {kind: burst, at: 1s}, calls: c}]\n"

/* Five at once for one key: five fetches, or one that all wait for. All are good at 2 s. */
static void test_coalescing(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n" FIVE ORIGIN("1s") ONE_KEY("1h"));
    assert_counts(&m, 0, 5, 5, 0);
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 5 0 0");
    model_free(&m);
    m = model_run("duration: 5s\n" FIVE ORIGIN("1s") ONE_KEY("1h, miss: coalesce"));
    assert_counts(&m, 0, 5, 1, 4);
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 5 0 0");
    assert_int_equal(service_count(&m, 0, COUNT_ATTEMPTS), 1);
    assert_int_equal(service_count(&m, 0, COUNT_DUPLICATES), 0);
    model_free(&m);
}

/* Those who wait share a bad outcome, too: one error, one rejection at the origin, five at the callers. */
static void test_waiters_share_a_bad_outcome(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n" FIVE ONE_KEY(
        "1h, miss: coalesce") "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 0},"
                              " error_ratio: 100%}]\n");
    assert_counts(&m, 0, 5, 1, 4);
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 5 0 0");
    assert_int_equal(caller_count(&m, 0, COUNT_ERRORS), 5);
    assert_int_equal(service_count(&m, 0, COUNT_FAILED), 1);
    model_free(&m);
}

/* ---- who keeps a fetch alive ---- */

/* a's fetch (1..2 s) loses its caller at 1.5 s. b asks at 3 s: stored with `always`, not with `caller-alive`. */
static void check_fill(const char *fill, int64_t hits)
{
    char text[640];
    snprintf(text, sizeof text,
             "duration: 6s\n"
             "clients:\n"
             "  - {name: a, arrival: {kind: burst, at: 1s}, calls: c, policy: {timeout: 500ms}}\n"
             "  - {name: b, arrival: {kind: burst, at: 3s}, calls: c}\n" ORIGIN(
                 "1s") "caches: [{name: c, origin: s, keys: 1, ttl: 1h, fill: %s}]\n",
             fill);
    struct model_case m = model_run(text);
    assert_counts(&m, hits, 2 - hits, 2 - hits, 0);
    assert_int_equal(caller_count(&m, 0, COUNT_LATE), 1);
    assert_int_equal(caller_count(&m, 1, COUNT_GOOD), 1);
    model_free(&m);
}

static void test_fill(void **state)
{
    (void)state;
    check_fill("always", 1);
    check_fill("caller-alive", 0);
}

/* b waits for a's fetch and is still there at 2 s: the value is stored, b is answered. */
static void test_a_waiter_keeps_the_fetch_alive(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 6s\n"
                  "clients:\n"
                  "  - {name: a, arrival: {kind: burst, at: 1s}, calls: c, policy: {timeout: 500ms}}\n"
                  "  - {name: b, arrival: {kind: burst, at: 1200ms}, calls: c}\n"
                  "  - {name: d, arrival: {kind: burst, at: 3s}, calls: c}\n" ORIGIN("1s")
                      ONE_KEY("1h, miss: coalesce, fill: caller-alive"));
    assert_counts(&m, 1, 2, 1, 1);
    assert_caller_bins(&m, 1, COUNT_GOOD, "0 0 1 0 0 0");
    assert_caller_bins(&m, 2, COUNT_GOOD, "0 0 0 1 0 0");
    model_free(&m);
}

/* A read-through fetch is the cache's own: `cancel: running` does not stop it. A look-aside one is the caller's. */
static void test_cancel_and_fill(void **state)
{
    (void)state;
    static const char *const fills[] = {"always", "caller-alive"};
    for (int i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 6s\n"
                 "clients: [{name: a, arrival: {kind: burst, at: 1s}, calls: c, policy: {timeout: 500ms}}]\n"
                 "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 0}, cancel: running}]\n"
                 "caches: [{name: c, origin: s, keys: 1, ttl: 1h, fill: %s}]\n",
                 fills[i]);
        struct model_case m = model_run(text);
        assert_int_equal(service_count(&m, 0, COUNT_CANCELLED), i);
        assert_int_equal(service_count(&m, 0, COUNT_SERVED), 1 - i);
        assert_int_equal(caller_count(&m, 0, COUNT_LATE), 1 - i);
        model_free(&m);
    }
}

/* Given up at 1.5 s on its way to the cache, it arrives at 2 s: a read-through cache fetches all the same, and the
 * value serves b at 4 s. That work is not wasted. */
static void test_fetch_of_a_caller_that_left_on_the_way(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 6s\n"
        "clients:\n"
        "  - {name: a, arrival: {kind: burst, at: 1s}, calls: c, policy: {timeout: 500ms}, network: {request_latency: "
        "1s}}\n"
        "  - {name: b, arrival: {kind: burst, at: 4s}, calls: c}\n"
        "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 0}, cancel: running}]\n" ONE_KEY("1h"));
    assert_counts(&m, 1, 1, 1, 0);
    assert_int_equal(service_count(&m, 0, COUNT_GOOD), 1);
    assert_true(model_areas(&m, 0).useful == (area_t)SECOND && model_areas(&m, 0).dead == 0);
    assert_int_equal(caller_count(&m, 0, COUNT_LATE), 1);
    model_free(&m);
}

/* The look-aside fetch of a is cancelled at 1.5 s; b, who waited for it, shares that outcome: an error at once, and a
 * fetch of its own at its second attempt. */
static void test_waiters_of_a_cancelled_fetch(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 6s\n"
        "clients:\n"
        "  - {name: a, arrival: {kind: burst, at: 1s}, calls: c, policy: {timeout: 500ms}}\n"
        "  - {name: b, arrival: {kind: burst, at: 1200ms}, calls: c, policy: {timeout: 3s, attempts: 2, backoff: 1s}}\n"
        "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 0}, cancel: running}]\n" ONE_KEY(
            "1h, miss: coalesce, fill: caller-alive"));
    assert_counts(&m, 0, 3, 2, 1);
    assert_int_equal(caller_count(&m, 1, COUNT_ERRORS), 1);
    assert_int_equal(caller_count(&m, 1, COUNT_TIMED_OUT), 0);
    assert_caller_bins(&m, 1, COUNT_GOOD, "0 0 0 1 0 0");
    model_free(&m);
}

/* ---- fetches that are lost ---- */

/* Black hole until 3 s. a's fetch of 1 s is lost; b waits for it. a gives up at 2 s, and the fetch with it: b gets an
 * error. At 4 s a new fetch is made. */
static void test_lost_fetch(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 8s\n"
        "clients:\n"
        "  - {name: a, arrival: {kind: burst, at: 1s}, calls: c, policy: {timeout: 1s}}\n"
        "  - {name: b, arrival: {kind: burst, at: 1500ms}, calls: c, policy: {timeout: 1s}}\n"
        "  - {name: d, arrival: {kind: burst, at: 4s}, calls: c, policy: {timeout: 2s}}\n" ORIGIN("1s")
            ONE_KEY("1h, miss: coalesce") "faults: [{kind: outage, mode: blackhole, service: s, at: 0s, for: 3s}]\n");
    assert_counts(&m, 0, 3, 2, 1);
    assert_caller_bins(&m, 0, COUNT_TIMED_OUT, "0 0 1 0 0 0 0 0");
    assert_caller_bins(&m, 1, COUNT_FAILED, "0 0 1 0 0 0 0 0");
    assert_int_equal(caller_count(&m, 1, COUNT_ERRORS), 1);
    assert_caller_bins(&m, 2, COUNT_GOOD, "0 0 0 0 0 1 0 0");
    model_free(&m);
}

/* A read-through fetch goes on when its caller left at 1.5 s; its answer is lost at 2 s. The key must not wait for it:
 * the lookup at 4 s makes a new fetch. The same when the caller left before the fetch fell into a black hole. */
static void test_lost_fetch_of_a_caller_that_left(void **state)
{
    (void)state;
    static const char *const modes[] = {"lose_response", "blackhole"};
    static const char *const ways[] = {"0s", "1s"};
    for (int i = 0; i < 2; i++) {
        char text[768];
        snprintf(text, sizeof text,
                 "duration: 8s\n"
                 "clients:\n"
                 "  - {name: a, arrival: {kind: burst, at: 1s}, calls: c, policy: {timeout: 500ms},"
                 " network: {request_latency: %s}}\n"
                 "  - {name: d, arrival: {kind: burst, at: 4s}, calls: c, policy: {timeout: 2s}}\n" ORIGIN("1s")
                     ONE_KEY("1h, miss: coalesce") "faults: [{kind: outage, mode: %s, service: s, at: 0s, for: 3s}]\n",
                 ways[i], modes[i]);
        struct model_case m = model_run(text);
        assert_counts(&m, 0, 2, 2, 0);
        assert_caller_bins(&m, 1, COUNT_GOOD, "0 0 0 0 0 1 0 0");
        model_free(&m);
    }
}

/* ---- the way back from the origin ---- */

/* 1 s of work and 500 ms of way: a's value is stored at 2.5 s. Until then b joins the fetch, at 2.2 s; d hits. */
static void test_fetch_latency(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\nclients:\n" AT("a", "1s") AT("b", "2200ms") AT("d", "3s")
                                        ORIGIN("1s") ONE_KEY("1h, miss: coalesce, fetch_latency: 500ms"));
    assert_counts(&m, 1, 2, 1, 1);
    assert_int_equal(m.world->edges[0].place.latency->total.max, SECOND * 3 / 2);
    assert_int_equal(m.world->edges[1].place.latency->total.max, SECOND * 3 / 10);
    assert_int_equal(service_count(&m, 0, COUNT_GOOD), 1);
    model_free(&m);
}

/* a leaves at 2.2 s, while the answer is on its way: read-through stores it at 2.5 s, look-aside does not. */
static void test_giving_up_on_the_way_back(void **state)
{
    (void)state;
    static const char *const fills[] = {"always", "caller-alive"};
    for (int i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 6s\nclients:\n"
                 "  - {name: a, arrival: {kind: burst, at: 1s}, calls: c, policy: {timeout: 1200ms}}\n" AT("b", "3s")
                     ORIGIN("1s") "caches: [{name: c, origin: s, keys: 1, ttl: 1h, fetch_latency: 500ms, fill: %s}]\n",
                 fills[i]);
        struct model_case m = model_run(text);
        assert_counts(&m, 1 - i, 1 + i, 1 + i, 0);
        assert_int_equal(caller_count(&m, 0, COUNT_LATE), 1);
        model_free(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hit_miss_expiry),
        cmocka_unit_test(test_expiry_instant),
        cmocka_unit_test(test_errors_are_not_stored),
        cmocka_unit_test(test_retry_asks_for_the_same_key),
        cmocka_unit_test(test_coalescing),
        cmocka_unit_test(test_waiters_share_a_bad_outcome),
        cmocka_unit_test(test_fill),
        cmocka_unit_test(test_a_waiter_keeps_the_fetch_alive),
        cmocka_unit_test(test_cancel_and_fill),
        cmocka_unit_test(test_fetch_of_a_caller_that_left_on_the_way),
        cmocka_unit_test(test_waiters_of_a_cancelled_fetch),
        cmocka_unit_test(test_lost_fetch),
        cmocka_unit_test(test_lost_fetch_of_a_caller_that_left),
        cmocka_unit_test(test_fetch_latency),
        cmocka_unit_test(test_giving_up_on_the_way_back),
    };
    return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
