/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cache in front of a service: hits and misses, expiry, fetches that are shared, flushes, how it starts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "model/cache.h"
#include "model_case.h"

#define ORIGIN(time) "services: [{name: s, workers: unlimited, service_time: " time ", queue: {capacity: 0}}]\n"
/* One request a second from 1 s on. */
#define EVERY_SECOND  "clients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: c}]\n"
#define ONE_KEY(more) "caches: [{name: c, origin: s, keys: 1, ttl: " more "}]\n"

static void assert_counts(const struct model_case *m, int64_t hits, int64_t misses, int64_t fetches, int64_t coalesced)
{
    assert_int_equal(cache_count(m, 0, COUNT_SERVED), hits);
    assert_int_equal(cache_count(m, 0, COUNT_MISSES), misses);
    assert_int_equal(cache_count(m, 0, COUNT_FETCHES), fetches);
    assert_int_equal(cache_count(m, 0, COUNT_COALESCED), coalesced);
    assert_int_equal(cache_count(m, 0, COUNT_ATTEMPTS), hits + misses);
}

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
    m = model_run("duration: 5s\n" FIVE ORIGIN("1s") ONE_KEY("1h, coalesce: true"));
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
        "1h, coalesce: true") "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 0},"
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
                      ONE_KEY("1h, coalesce: true, fill: caller-alive"));
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
            "1h, coalesce: true, fill: caller-alive"));
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
            ONE_KEY("1h, coalesce: true") "faults: [{kind: outage, mode: blackhole, service: s, at: 0s, for: 3s}]\n");
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
                     ONE_KEY("1h, coalesce: true") "faults: [{kind: outage, mode: %s, service: s, at: 0s, for: 3s}]\n",
                 ways[i], modes[i]);
        struct model_case m = model_run(text);
        assert_counts(&m, 0, 2, 2, 0);
        assert_caller_bins(&m, 1, COUNT_GOOD, "0 0 0 0 0 1 0 0");
        model_free(&m);
    }
}

/* ---- flush, start, jitter ---- */

/* Full at the start, forgets everything at 3.5 s: hits at 1, 2, 3 s, a miss at 4 s, hits again. No expiry. */
static void test_flush(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n" EVERY_SECOND ORIGIN("0s")
                                        ONE_KEY("1h, start: filled") "faults: [{kind: flush, cache: c, at: 3500ms}]\n");
    assert_counts(&m, 6, 1, 1, 0);
    assert_service_bins(&m, 0, COUNT_ATTEMPTS, "0 0 0 0 1 0 0 0");
    assert_int_equal(cache_count(&m, 0, COUNT_EXPIRIES), 0);
    model_free(&m);
}

/* A flush of 30 % of 10 000 keys: 3000, sd = sqrt(10000 x 0.21) = 45.8, 5 sigma = 230. */
static void test_partial_flush(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 2s\nclients: [{name: a, arrival: {kind: burst, at: 1900ms}, calls: c}]\n" ORIGIN(
            "0s") "caches: [{name: c, origin: s, keys: 10k, ttl: 1h, start: filled}]\n"
                  "faults: [{kind: flush, cache: c, at: 1s, fraction: 30%}]\n");
    int64_t flushed = 0;
    for (int i = 0; i < 10000; i++)
        flushed += m.world->caches[0].keys[i].fresh_until_ns == INT64_MIN;
    assert_in_range(flushed, 3000 - 230, 3000 + 230);
    model_free(&m);
}

/* Fresh until, over 10 000 keys that nobody asks for. */
static void check_start(const char *more, int64_t least_ns, int64_t most_ns, double mean_s, double sigma_s)
{
    char text[512];
    snprintf(text, sizeof text,
             "duration: 2s\nclients: [{name: a, arrival: {kind: burst, at: 3s}, calls: c}]\n" ORIGIN(
                 "0s") "caches: [{name: c, origin: s, keys: 10k, ttl: 100s, %s}]\n",
             more);
    struct model_case m = model_run(text);
    double sum_s = 0;
    for (int i = 0; i < 10000; i++) {
        int64_t fresh_ns = m.world->caches[0].keys[i].fresh_until_ns;
        assert_true(fresh_ns >= least_ns && fresh_ns <= most_ns);
        sum_s += (double)fresh_ns * 1e-9;
    }
    double off_s = sum_s / 10000 - mean_s;
    assert_true(off_s * off_s <= 25 * sigma_s * sigma_s / 10000);
    model_free(&m);
}

/* The deviation of U(0, w) is w / sqrt(12); of a product of U(0, 1) and U(80, 100): E = 45, E^2 of squares
 * (1/3)(8133.3) = 2711.1, so sqrt(2711.1 - 2025) = 26.2. Bounds of the means: 5 sigma. */
static void test_starts_and_jitter(void **state)
{
    (void)state;
    check_start("start: cold", INT64_MIN, INT64_MIN, (double)INT64_MIN * 1e-9, 1);
    check_start("start: filled", 100 * SECOND, 100 * SECOND, 100, 1e-6);
    check_start("start: filled, ttl_jitter: 20%", 80 * SECOND, 100 * SECOND, 90, 20 / 3.4641);
    check_start("start: filled, ttl_jitter: 100%", 0, 100 * SECOND, 50, 100 / 3.4641);
    check_start("start: aged", 0, 100 * SECOND, 50, 100 / 3.4641);
    check_start("start: aged, ttl_jitter: 20%", 0, 100 * SECOND, 45, 26.2);
}

/* Values that are fetched have the jitter, too: TTL 2 s with 50 % jitter is 1..2 s, so with lookups every 0.9 s each
 * second or third one is a miss, and both happen. */
static void test_jitter_of_fetched_values(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 900s\n"
                  "clients: [{name: a, arrival: {kind: renewal, gap: 900ms}, calls: c}]\n" ORIGIN("0s")
                      ONE_KEY("2s, ttl_jitter: 50%"));
    assert_int_equal(cache_count(&m, 0, COUNT_ATTEMPTS), 999);
    /* A gap of two lookups if the TTL is <= 1.8 s (80 %), else three: 999 / 2.2 = 454 misses. The number of misses has
     * sd = sqrt(454 x 0.16 / 2.2^2) = 3.9; 5 sigma = 20. */
    assert_in_range(cache_count(&m, 0, COUNT_MISSES), 454 - 20, 454 + 20);
    model_free(&m);
}

/* Zipf with exponent 1 over two keys: the first has 2/3 of 9000 lookups. With a TTL of 1 ns every lookup is a miss;
 * keys cannot be told apart from outside, so ask for the key of each request. */
static void test_popularity(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 2s\nclients: [{name: a, count: 9k, arrival: {kind: burst}, calls: c}]\n" ORIGIN(
            "10s") "caches: [{name: c, origin: s, keys: 2, zipf: 1, ttl: 1h}]\n");
    int64_t first = 0;
    for (uint32_t i = 0; i < m.world->attempts_used; i++)
        first += m.world->attempts[i].phase == ATTEMPT_RUNNING && m.world->attempts[i].key == 0;
    assert_in_range(first, 6000 - 224, 6000 + 224); /* sd = sqrt(9000 x 2/9) = 44.7 */
    model_free(&m);
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
        cmocka_unit_test(test_flush),
        cmocka_unit_test(test_partial_flush),
        cmocka_unit_test(test_starts_and_jitter),
        cmocka_unit_test(test_jitter_of_fetched_values),
        cmocka_unit_test(test_popularity),
    };
    return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
