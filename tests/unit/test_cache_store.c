/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a cache stores: how it starts, TTLs, flushes, and how long an answer out of it takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "cache_case.h"

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
    assert_in_range(10000 - m.world->caches[0].stored, 3000 - 230, 3000 + 230);
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

/* ---- TTLs ---- */

/* Each hit starts the TTL of 1.5 s anew, so one lookup a second never misses again; without, every other does. */
static void test_sliding(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 20s\n" EVERY_SECOND ORIGIN("0s") ONE_KEY("1500ms, sliding: true"));
    assert_counts(&m, 18, 1, 1, 0);
    model_free(&m);
    m = model_run("duration: 20s\n" EVERY_SECOND ORIGIN("0s") ONE_KEY("1500ms"));
    assert_counts(&m, 9, 10, 10, 0);
    model_free(&m);
}

/* A stale value that is read does not become fresh: it is stored until 1.5 s, read at 2 s, and misses at 3 s. */
static void test_sliding_does_not_revive(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 4s\nclients:\n" AT("a", "2s") AT("b", "3s") FAILING("100ms")
                                        ONE_KEY("1500ms, start: filled, sliding: true, stale_while_revalidate: 1s"));
    assert_counts(&m, 1, 1, 2, 0);
    model_free(&m);
}

/* TTL 10 s, ending at multiples of 4 s: stored at 1 s until 8 s (not 11 s), at 8 s until 16 s, at 16 s until 24 s. */
static void test_aligned(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 20s\n" EVERY_SECOND ORIGIN("0s") ONE_KEY("10s, ttl_align: 4s"));
    assert_counts(&m, 16, 3, 3, 0);
    assert_service_bins(&m, 0, COUNT_ATTEMPTS, "0 1 0 0 0 0 0 0 1 0 0 0 0 0 0 0 1 0 0 0");
    model_free(&m);
}

/* Jitter comes after the alignment, which it cures: filled at 0 s, 10 s in steps of 4 s is 8 s, shortened to 4..8 s. */
static void test_aligned_and_jittered(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 1s\nclients:\n" AT("a", "2s")
                      ORIGIN("0s") "caches: [{name: c, origin: s, keys: 10k, ttl: 10s, ttl_align: 4s, ttl_jitter: 50%, "
                                   "start: filled}]\n");
    double sum_s = 0;
    for (int i = 0; i < 10000; i++) {
        int64_t until_ns = m.world->caches[0].keys[i].fresh_until_ns;
        assert_true(until_ns >= 4 * SECOND && until_ns <= 8 * SECOND);
        sum_s += (double)until_ns * 1e-9;
    }
    assert_true(fabs(sum_s / 10000 - 6) <= 5 * 4 / sqrt(12) / 100);
    model_free(&m);
}

static void test_ttl_none(void **state)
{
    (void)state;
    static const char *const starts[] = {"filled", "aged"};
    for (int i = 0; i < 2; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 "duration: 100s\n" EVERY_SECOND ORIGIN(
                     "0s") "caches: [{name: c, origin: s, keys: 1, ttl: none, start: %s}]\n",
                 starts[i]);
        struct model_case m = model_run(text);
        assert_counts(&m, 99, 0, 0, 0);
        assert_true(m.world->caches[0].fresh_ns == (area_t)(100 * SECOND));
        model_free(&m);
    }
}

/* The integral of fresh keys: 2 s after each fetch at 1, 4, 7 s; of the one at 7.1 s 0.9 s by the end. A flush at 4.6 s
 * cuts off 1.5 s of the second. After a warm-up of 2 s the first 0.9 s do not count. */
static void test_fresh_time(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\nwarmup: 2s\n" EVERY_SECOND ORIGIN("100ms") ONE_KEY("2s"));
    const struct cache *cache = &m.world->caches[0];
    assert_true(cache->fresh_ns == (area_t)(49 * SECOND / 10));
    assert_true(cache->fresh_at_warmup == (area_t)(9 * SECOND / 10));
    model_free(&m);
    m = model_run("duration: 5s\n" EVERY_SECOND ORIGIN("100ms")
                      ONE_KEY("2s") "faults: [{kind: flush, cache: c, at: 4600ms}]\n");
    assert_true(m.world->caches[0].fresh_ns == (area_t)(25 * SECOND / 10));
    model_free(&m);
}

/* ---- latency of a hit ---- */

/* Each answer out of the cache takes 300 ms: hits, stale ones, remembered errors. The fetch takes its own 100 ms. */
static void test_hit_latency(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 10s\nwarmup: 2s\n" EVERY_SECOND ORIGIN("100ms")
                                        ONE_KEY("3500ms, hit_latency: 300ms, stale_while_revalidate: 1h"));
    assert_counts(&m, 8, 1, 3, 0);
    assert_int_equal(m.world->edges[0].place.latency->total.min, SECOND * 3 / 10);
    assert_int_equal(m.world->edges[0].place.latency->total.max, SECOND * 3 / 10);
    assert_int_equal(m.world->events_done[EVENT_CACHE], 8);
    model_free(&m);
    m = model_run("duration: 10s\n" EVERY_SECOND FAILING("100ms") ONE_KEY("1h, hit_latency: 300ms, negative_ttl: 1h"));
    assert_int_equal(m.world->edges[0].failed_latency->max, SECOND * 3 / 10);
    assert_int_equal(m.world->edges[0].failed_latency->min, SECOND / 10);
    assert_int_equal(caller_count(&m, 0, COUNT_ERRORS), 9);
    model_free(&m);
}

/* A timeout of 200 ms is too short for it: late answers, each after its caller gave up. */
static void test_a_hit_that_is_late(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 5s\nclients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: c, policy: {timeout: "
                  "200ms}}]\n" ORIGIN("100ms") ONE_KEY("1h, start: filled, hit_latency: 300ms"));
    assert_int_equal(caller_count(&m, 0, COUNT_TIMED_OUT), 4);
    assert_int_equal(caller_count(&m, 0, COUNT_LATE), 4);
    assert_int_equal(cache_count(&m, 0, COUNT_SERVED), 4);
    model_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flush),
        cmocka_unit_test(test_partial_flush),
        cmocka_unit_test(test_starts_and_jitter),
        cmocka_unit_test(test_jitter_of_fetched_values),
        cmocka_unit_test(test_popularity),
        cmocka_unit_test(test_sliding),
        cmocka_unit_test(test_sliding_does_not_revive),
        cmocka_unit_test(test_aligned),
        cmocka_unit_test(test_aligned_and_jittered),
        cmocka_unit_test(test_ttl_none),
        cmocka_unit_test(test_fresh_time),
        cmocka_unit_test(test_hit_latency),
        cmocka_unit_test(test_a_hit_that_is_late),
    };
    return cmocka_run_group_tests_name("cache store", tests, NULL, NULL);
}
