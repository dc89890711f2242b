/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values beyond their time: refreshed ahead, given out stale, remembered failures, errors that delete. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cache_case.h"
#include "model/refresh.h"

/* ---- refresh ahead: threshold ---- */

/* Stored at 1.1 s, fresh until 4.1 s. At 3 s 1.1 s are left: refetched until 3.1 s, fresh until 6.1 s; again at 5, 7,
 * 9 s. In the foreground that lookup waits for it, in the background it does not. */
static void check_threshold(const char *background, int64_t own_fetches, int64_t latency_after_first_ns)
{
    char text[512];
    snprintf(text, sizeof text,
             "duration: 10s\nwarmup: 2s\n" EVERY_SECOND ORIGIN(
                 "100ms") "caches: [{name: c, origin: s, keys: 1, ttl: 3s, "
                          "refresh: {when: threshold, before: 1500ms, background: %s}}]\n",
             background);
    struct model_case m = model_run(text);
    assert_counts(&m, 8, 1, 5, 0);
    assert_int_equal(cache_count(&m, 0, COUNT_EARLY), 4);
    assert_int_equal(cache_count(&m, 0, COUNT_BACKGROUND), own_fetches);
    assert_int_equal(cache_count(&m, 0, COUNT_EXPIRIES), 0);
    assert_service_bins(&m, 0, COUNT_ATTEMPTS, "0 1 0 1 0 1 0 1 0 1");
    assert_int_equal(service_count(&m, 0, COUNT_GOOD), 5);
    assert_int_equal(service_count(&m, 0, COUNT_DUPLICATES), 0);
    assert_int_equal(m.world->edges[0].place.latency->total.max, latency_after_first_ns);
    assert_int_equal(m.world->caches[0].lead->max, SECOND * 11 / 10);
    assert_int_equal(m.world->caches[0].lead->count, 4);
    model_free(&m);
}

static void test_threshold(void **state)
{
    (void)state;
    check_threshold("false", 0, SECOND / 10);
    check_threshold("true", 4, 0);
}

#define FIVE_AT(time) "clients: [{name: a, count: 5, arrival: {kind: burst, at: " time "}, calls: c}]\n"

/* One winner among five at 9 s, one second before the expiry, whatever the miss rule. */
static void test_threshold_has_one_winner(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 20s\n" FIVE_AT("9s") ORIGIN("1s")
                                        ONE_KEY("10s, start: filled, refresh: {when: threshold, before: 2s}"));
    assert_counts(&m, 5, 0, 1, 0);
    assert_int_equal(m.world->caches[0].herd_most, 1);
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 0 0 0 0 0 0 4 1 0 0 0 0 0 0 0 0 0");
    model_free(&m);
}

/* A refresh that fails: the reader gets the value that is there, the next one tries again. It expires at 10 s. */
static void test_a_failed_refresh_keeps_the_value(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 12s\n" EVERY_SECOND FAILING("100ms")
                                        ONE_KEY("10s, start: filled, refresh: {when: threshold, before: 2500ms}"));
    assert_counts(&m, 9, 2, 4, 0);
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 9);
    assert_int_equal(cache_count(&m, 0, COUNT_STALE), 0);
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 0 0 0 0 0 0 0 0 1 1");
    model_free(&m);
}

/* ---- refresh ahead: early (XFetch) ---- */

/* Ten thousand readers a fetch's time before the expiry: each refetches with probability e^(-1/beta). */
static void check_early(double beta)
{
    enum { READERS = 10000 };
    char text[512];
    snprintf(text, sizeof text,
             "duration: 20s\nclients: [{name: a, count: %d, arrival: {kind: burst, at: 9s}, calls: c}]\n" ORIGIN(
                 "1s") "caches: [{name: c, origin: s, keys: 1, ttl: 10s, start: filled, refresh: {when: early, beta: "
                       "%g}}]\n",
             READERS, beta);
    struct model_case m = model_run(text);
    double p = exp(-1 / beta), off = (double)cache_count(&m, 0, COUNT_EARLY) - READERS * p;
    assert_true(off * off <= 25 * READERS * p * (1 - p));
    assert_int_equal(cache_count(&m, 0, COUNT_SERVED), READERS);
    model_free(&m);
}

static void test_early(void **state)
{
    (void)state;
    check_early(0.5);
    check_early(1);
    check_early(2);
}

/* The rule is the miss rule's, too: coalesced, the ten thousand begin one fetch. */
static void test_early_and_coalesced(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 20s\nclients: [{name: a, count: 10k, arrival: {kind: burst, at: 9s}, calls: c}]\n" ORIGIN("1s")
            ONE_KEY("10s, start: filled, refresh: early, miss: coalesce"));
    assert_counts(&m, 10000, 0, 1, 0);
    assert_int_equal(cache_count(&m, 0, COUNT_EARLY_REFILLS), 1);
    model_free(&m);
}

/* What the last fetch took: at first the origin's mean service time; a slow origin's fetch of 1 s at 2 s. */
static void test_early_measures_the_fetch(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\nclients:\n" AT("a", "2s") ORIGIN("500ms") ONE_KEY(
        "1h, refresh: early") "faults: [{kind: speed, service: s, factor: 0.5, at: 1s}]\n");
    assert_int_equal(m.world->caches[0].memory[0].fetch_ns, SECOND);
    model_free(&m);
    m = model_run("duration: 5s\nclients:\n" AT("a", "6s") ORIGIN("500ms") ONE_KEY("1h, refresh: early"));
    assert_int_equal(m.world->caches[0].memory[0].fetch_ns, SECOND / 2);
    model_free(&m);
}

/* ---- stale while revalidate ---- */

/* Stored at 1.5 s, fresh until 3.5 s. At 4 s a stale value and a fetch until 4.5 s, fresh until 6.5 s; the same at 7
 * and at 10 s. Nobody waits but the first. */
static void test_stale_while_revalidate(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 12s\nwarmup: 2s\n" EVERY_SECOND ORIGIN("500ms") ONE_KEY("2s, stale_while_revalidate: 2s"));
    assert_counts(&m, 10, 1, 4, 0);
    assert_int_equal(cache_count(&m, 0, COUNT_STALE), 3);
    assert_int_equal(cache_count(&m, 0, COUNT_BACKGROUND), 3);
    assert_int_equal(cache_count(&m, 0, COUNT_EXPIRIES), 3);
    assert_true(m.world->caches[0].stale_ns == (area_t)(3 * SECOND / 2));
    assert_int_equal(m.world->caches[0].stalest_ns, SECOND / 2);
    assert_int_equal(m.world->edges[0].place.latency->total.max, 0);
    model_free(&m);
}

/* Stale at 3.999 s, gone at 4 s (the hard TTL): a miss. */
static void test_the_hard_ttl(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\nclients:\n" AT("a", "3999ms") ORIGIN("1s")
                                        ONE_KEY("2s, start: filled, stale_while_revalidate: 2s"));
    assert_counts(&m, 1, 0, 1, 0);
    model_free(&m);
    m = model_run("duration: 8s\nclients:\n" AT("a", "4s") ORIGIN("1s")
                      ONE_KEY("2s, start: filled, stale_while_revalidate: 2s"));
    assert_counts(&m, 0, 1, 1, 0);
    model_free(&m);
}

/* Five stale answers at 3 s: a fetch each, or one. */
static void test_revalidation_asks_the_miss_rule(void **state)
{
    (void)state;
    static const char *const rules[] = {"each", "coalesce", "lease", "lock"};
    for (int i = 0; i < 4; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 8s\n" FIVE_AT("3s") ORIGIN("1s") "caches: [{name: c, origin: s, keys: 1, ttl: 2s, start: "
                                                             "filled, stale_while_revalidate: 2s, miss: %s}]\n",
                 rules[i]);
        struct model_case m = model_run(text);
        assert_counts(&m, 5, 0, i == 0 ? 5 : 1, 0);
        assert_int_equal(cache_count(&m, 0, COUNT_STALE), 5);
        assert_int_equal(m.world->caches[0].keys[0].fresh_until_ns, 6 * SECOND);
        model_free(&m);
    }
}

/* A background fetch has nobody to give it up: one that falls into a black hole at 3 s is given up after fetch_timeout,
 * at 4.5 s. Until then it is the only one; the next is begun at 5 s, when the hole is gone. */
static void test_a_lost_background_fetch(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n" EVERY_SECOND ORIGIN("100ms") ONE_KEY(
        "2500ms, start: filled, miss: coalesce, stale_while_revalidate: 1h, fetch_timeout: "
        "1500ms") "faults: [{kind: outage, mode: blackhole, service: s, at: 2s, for: 2s}]\n");
    assert_counts(&m, 7, 0, 2, 0);
    assert_int_equal(cache_count(&m, 0, COUNT_FETCHES_ENDED), 2);
    assert_service_bins(&m, 0, COUNT_ATTEMPTS, "0 0 0 1 0 1 0 0");
    assert_int_equal(cache_count(&m, 0, COUNT_STALE), 3); /* at 3, 4 and 5 s */
    model_free(&m);
}

/* ---- stale if error ---- */

#define ERRORS_FROM(time) "faults: [{kind: errors, service: s, ratio: 100%, at: " time "}]\n"

/* Stored at 1.1 s, fresh until 2.1 s, usable until 5.1 s. All fetches from 3 s on fail: the answers at 3.1, 4.1 s are
 * stale, that at 5.1 s is an error: 3 s have passed. */
static void test_stale_if_error(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 7s\n" EVERY_SECOND ORIGIN("100ms") ONE_KEY("1s, stale_if_error: 3s")
                                        ERRORS_FROM("2500ms"));
    assert_counts(&m, 1, 5, 5, 0);
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 1 1 1 1 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 0 0 0 1 1");
    assert_int_equal(cache_count(&m, 0, COUNT_STALE), 2);
    assert_int_equal(m.world->caches[0].stalest_ns, 2 * SECOND);
    model_free(&m);
}

/* Those who joined the failed fetch get the stale value, too; so does who meets a rejection. */
static void test_all_get_the_stale_value(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n" FIVE_AT("3s") FAILING("1s")
                                        ONE_KEY("2s, start: filled, miss: coalesce, stale_if_error: 1h"));
    assert_counts(&m, 0, 5, 1, 4);
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 5);
    assert_int_equal(cache_count(&m, 0, COUNT_STALE), 5);
    model_free(&m);
    m = model_run("duration: 8s\n" FIVE_AT("3s") ORIGIN("1s") ONE_KEY(
        "2s, start: filled, stale_if_error: 1h") "faults: [{kind: outage, mode: refuse, service: s, at: 1s}]\n");
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 5);
    model_free(&m);
}

/* ---- remembered failures ---- */

/* An error at 1.1 s counts until 3.6 s: 2 and 3 s are answered by it. Again at 4.1 s and at 7.1 s. */
static void test_negative_ttl(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 10s\n" EVERY_SECOND FAILING("100ms") ONE_KEY("1h, negative_ttl: 2500ms"));
    assert_counts(&m, 0, 3, 3, 0);
    assert_int_equal(cache_count(&m, 0, COUNT_NEGATIVE_HITS), 6);
    assert_int_equal(caller_count(&m, 0, COUNT_FAILED), 9);
    assert_int_equal(caller_count(&m, 0, COUNT_ERRORS), 9);
    model_free(&m);
}

/* What is remembered is the kind of failure: a rejection stays one. */
static void test_a_remembered_rejection(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 10s\nclients:\n" AT("a", "1s") AT("b", "2s") ORIGIN("100ms") ONE_KEY(
        "1h, negative_ttl: 5s") "faults: [{kind: outage, mode: refuse, service: s, at: 0s}]\n");
    assert_int_equal(service_count(&m, 0, COUNT_ATTEMPTS), 1);
    assert_int_equal(cache_count(&m, 0, COUNT_NEGATIVE_HITS), 1);
    assert_int_equal(caller_count(&m, 1, COUNT_REJECTED), 1);
    model_free(&m);
}

/* A look-aside reader that gives up at 1.5 s takes that for a failure: b, at 2 s, gets an error out of the cache. The
 * fetch of a read-through cache goes on, and brings a value at 3 s. */
static void test_giving_up_is_a_failure(void **state)
{
    (void)state;
    static const char *const fills[] = {"caller-alive", "always"};
    for (int i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 6s\nclients:\n"
                 "  - {name: a, arrival: {kind: burst, at: 1s}, calls: c, policy: {timeout: 500ms}}\n" AT("b", "2s")
                     AT("d", "4s") ORIGIN("2s") "caches: [{name: c, origin: s, keys: 1, ttl: 1h, negative_ttl: 1s, "
                                                "fill: %s}]\n",
                 fills[i]);
        struct model_case m = model_run(text);
        assert_int_equal(cache_count(&m, 0, COUNT_NEGATIVE_HITS), 1 - i);
        assert_int_equal(caller_count(&m, 1, COUNT_ERRORS), 1 - i);
        assert_int_equal(caller_count(&m, 1, COUNT_GOOD), i);
        assert_int_equal(cache_count(&m, 0, COUNT_SERVED), i);
        model_free(&m);
    }
}

/* A value ends it: b's fetch (1.5..2.5 s) is good, a's (1..2 s, in the burst of errors) failed. d at 3 s hits. A flush
 * ends it as well. */
static void test_a_value_ends_the_failure(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 5s\nclients:\n" AT("a", "1s") AT("b", "1500ms") AT("d", "3s") ORIGIN("1s")
            ONE_KEY("1h, negative_ttl: 1h") "faults: [{kind: errors, service: s, ratio: 100%, at: 0s, for: 1200ms}]\n");
    assert_counts(&m, 1, 2, 2, 0);
    model_free(&m);
    m = model_run("duration: 5s\nclients:\n" AT("a", "1s") AT("b", "2500ms") AT("d", "3500ms") FAILING("1s")
                      ONE_KEY("1h, negative_ttl: 1h") "faults: [{kind: flush, cache: c, at: 3s}]\n");
    assert_counts(&m, 0, 2, 2, 0);
    assert_int_equal(cache_count(&m, 0, COUNT_NEGATIVE_HITS), 1);
    model_free(&m);
}

/* With a stale value that may be used, who comes within negative_ttl gets that, at once. */
static void test_stale_within_negative_ttl(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\nwarmup: 4s\n" EVERY_SECOND FAILING("100ms")
                                        ONE_KEY("2500ms, start: filled, stale_if_error: 1h, negative_ttl: 1h"));
    assert_counts(&m, 6, 1, 1, 0);
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 7);
    assert_int_equal(cache_count(&m, 0, COUNT_STALE), 5);
    assert_int_equal(m.world->edges[0].place.latency->total.max, 0);
    model_free(&m);
}

/* Those who wait for a lease meet the failure when they look again. */
static void test_failure_and_lease(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n" FIVE_AT("1s") FAILING("1s") ONE_KEY(
        "1h, negative_ttl: 1h, miss: {rule: lease, interval: 10s, wait: 300ms}"));
    assert_counts(&m, 0, 5, 1, 4);
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 5 0 0");
    model_free(&m);
}

/* ---- errors that delete ---- */

/* a's fetch (1..2 s) brings a value; b's (1.5..2.5 s) is in a burst of errors, and deletes it. d looks at 3 s. */
static void check_error_as_miss(const char *more, int64_t hits)
{
    char text[768];
    snprintf(text, sizeof text,
             "duration: 5s\nclients:\n" AT("a", "1s") AT("b", "1500ms") AT("d", "3s")
                 ORIGIN("1s") "caches: [{name: c, origin: s, keys: 1, ttl: 1h%s}]\n"
                              "faults: [{kind: errors, service: s, ratio: 100%%, at: 1200ms, for: 600ms}]\n",
             more);
    struct model_case m = model_run(text);
    assert_counts(&m, hits, 3 - hits, 3 - hits, 0);
    model_free(&m);
}

static void test_error_as_miss(void **state)
{
    (void)state;
    check_error_as_miss("", 1);
    check_error_as_miss(", error_as_miss: true", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threshold),
        cmocka_unit_test(test_threshold_has_one_winner),
        cmocka_unit_test(test_a_failed_refresh_keeps_the_value),
        cmocka_unit_test(test_early),
        cmocka_unit_test(test_early_and_coalesced),
        cmocka_unit_test(test_early_measures_the_fetch),
        cmocka_unit_test(test_stale_while_revalidate),
        cmocka_unit_test(test_the_hard_ttl),
        cmocka_unit_test(test_revalidation_asks_the_miss_rule),
        cmocka_unit_test(test_a_lost_background_fetch),
        cmocka_unit_test(test_stale_if_error),
        cmocka_unit_test(test_all_get_the_stale_value),
        cmocka_unit_test(test_negative_ttl),
        cmocka_unit_test(test_a_remembered_rejection),
        cmocka_unit_test(test_giving_up_is_a_failure),
        cmocka_unit_test(test_a_value_ends_the_failure),
        cmocka_unit_test(test_stale_within_negative_ttl),
        cmocka_unit_test(test_failure_and_lease),
        cmocka_unit_test(test_error_as_miss),
    };
    return cmocka_run_group_tests_name("cache refresh", tests, NULL, NULL);
}
