/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Miss rules that hand out a token: leases and locks. (each and coalesce are in test_cache.c.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "cache_case.h"
#include "model/miss.h"

static void test_every_row_says_what_it_is(void **state)
{
    (void)state;
    for (const struct row *const *row = miss_table.rows; *row; row++) {
        const struct miss_row *miss = (const struct miss_row *)*row;
        assert_non_null((*row)->summary);
        assert_true((*row)->size <= CHOICE_BYTES);
        assert_true(!miss->wait_ns == !miss->granted && !miss->wait_ns == !miss->began);
        assert_true(!miss->wait_ns || miss->may_fetch);
    }
}

/* ---- leases ---- */

#define LEASE(interval, wait) "1h, miss: {rule: lease, interval: " interval ", wait: " wait "}"

/* Five at 1 s, a fetch from 1 to 2 s. Four have no lease: they look at 1.3, 1.6, 1.9 and 2.2 s, and find the value. */
static void test_lease(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 5s\nclients: [{name: a, count: 5, arrival: {kind: burst, at: 1s}, calls: c}]\n" ORIGIN("1s")
            ONE_KEY(LEASE("10s", "300ms")));
    assert_counts(&m, 0, 5, 1, 4);
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 5 0 0");
    assert_int_equal(m.world->events_done[EVENT_CACHE], 16);
    assert_int_equal(m.world->edges[0].place.latency->total.min, SECOND);
    assert_int_equal(m.world->edges[0].place.latency->total.max, SECOND * 12 / 10);
    model_free(&m);
}

/* The origin fails: a fetch every interval, at 1, 6 and 11 s. The others find no lease until then. */
static void test_lease_of_a_failing_origin(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 15s\n" EVERY_SECOND FAILING("100ms") ONE_KEY(LEASE("5s", "1s")));
    assert_service_bins(&m, 0, COUNT_ATTEMPTS, "0 1 0 0 0 0 1 0 0 0 0 1 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 1 0 0 0 0 1 0 0 0 0 1 0 0 0");
    model_free(&m);
}

/* A fetch takes 1.5 s, a lease ends after 1 s. a fetches from 1 s, its lease ends at 2 s; b takes one at 2.2 s; so a's
 * value is refused at 2.5 s, though a has it. d finds nothing at 3 s, waits, and takes the lease at 3.2 s: b's value is
 * refused at 3.7 s. d's is stored at 4.7 s: e hits at 5 s. */
static void test_late_values_are_refused(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 6s\nclients:\n" AT("a", "1s") AT("b", "2200ms") AT("d", "3s")
                                        AT("e", "5s") ORIGIN("1500ms") ONE_KEY(LEASE("1s", "100ms")));
    assert_counts(&m, 1, 3, 3, 1);
    assert_int_equal(cache_count(&m, 0, COUNT_REFUSED), 2);
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 1 0 0 0");
    assert_caller_bins(&m, 1, COUNT_GOOD, "0 0 0 1 0 0");
    assert_caller_bins(&m, 2, COUNT_GOOD, "0 0 0 0 1 0");
    assert_caller_bins(&m, 3, COUNT_GOOD, "0 0 0 0 0 1");
    model_free(&m);
}

/* A flush at 1.5 s takes the lease of a's fetch (1..2 s) away: its value is refused, and b, at 1.7 s, gets a lease at
 * once. */
static void test_a_flush_ends_leases(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\nclients:\n" AT("a", "1s") AT("b", "1700ms") AT("d", "4s") ORIGIN(
        "1s") ONE_KEY(LEASE("10s", "100ms")) "faults: [{kind: flush, cache: c, at: 1500ms}]\n");
    assert_counts(&m, 1, 2, 2, 0);
    assert_int_equal(cache_count(&m, 0, COUNT_REFUSED), 1);
    model_free(&m);
}

/* A stored value ends the lease: with a TTL of 1 s and an interval of 10 s there is a fetch for each expiry. */
static void test_a_value_ends_the_lease(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 6s\n" EVERY_SECOND ORIGIN("100ms")
                                        ONE_KEY("500ms, miss: {rule: lease, interval: 10s, wait: 100ms}"));
    assert_counts(&m, 0, 5, 5, 0);
    model_free(&m);
}

/* b waits for a lease from 1.1 s on and gives up at 1.35 s: it does not look again, and its attempt is cancelled. */
static void test_a_waiter_gives_up(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\nclients:\n" AT(
        "a",
        "1s") "  - {name: b, arrival: {kind: burst, at: 1100ms}, calls: c, policy: {timeout: 250ms}}\n" ORIGIN("1s")
                                        ONE_KEY(LEASE("10s", "100ms")));
    assert_counts(&m, 0, 2, 1, 1);
    assert_int_equal(caller_count(&m, 1, COUNT_TIMED_OUT), 1);
    assert_int_equal(caller_count(&m, 1, COUNT_CANCELLED), 1);
    assert_int_equal(m.world->events_done[EVENT_CACHE], 3); /* at 1.2 s, 1.3 s, and 1.4 s, when it is gone */
    model_free(&m);
}

/* The holder leaves at 1.5 s: a look-aside cache does not store what it fetched, and the lease goes on. */
static void test_the_holder_gives_up(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 8s\nclients:\n"
                  "  - {name: a, arrival: {kind: burst, at: 1s}, calls: c, policy: {timeout: 500ms}}\n" AT("b", "3s")
                      ORIGIN("1s") ONE_KEY("1h, fill: caller-alive, miss: {rule: lease, interval: 4s, wait: 1s}"));
    assert_service_bins(&m, 0, COUNT_ATTEMPTS, "0 1 0 0 0 1 0 0");
    assert_caller_bins(&m, 1, COUNT_GOOD, "0 0 0 0 0 0 1 0");
    model_free(&m);
}

/* ---- locks ---- */

#define LOCK(age, poll, timeout) "1h, miss: {rule: lock, age: " age ", poll: " poll ", timeout: " timeout "}"

/* Slow errors, one after the other: a from 1 to 2 s; b looks at 2.2 s and takes the lock until 3.2 s; d, who has looked
 * right after b, at 3.4 s until 4.4 s. With `coalesce` all would have the first error at 2 s. */
static void test_lock_of_a_failing_origin(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 6s\nclients:\n" AT("a", "1s") AT("b", "1s") AT("d", "1s") FAILING("1s")
                                        ONE_KEY(LOCK("5s", "300ms", "none")));
    assert_counts(&m, 0, 3, 3, 2);
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 1 0 0 0");
    assert_caller_bins(&m, 1, COUNT_FAILED, "0 0 0 1 0 0");
    assert_caller_bins(&m, 2, COUNT_FAILED, "0 0 0 0 1 0");
    model_free(&m);
}

/* b has waited for 1 s at 2 s, and fetches without the lock: its value is not stored at 4 s, a's is, at 3 s. */
static void test_lock_timeout(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 6s\nclients:\n" AT("a", "1s") AT("b", "1s") AT("d", "3500ms")
                                        ORIGIN("2s") ONE_KEY(LOCK("1min", "300ms", "1s")));
    assert_counts(&m, 1, 2, 2, 1);
    assert_int_equal(cache_count(&m, 0, COUNT_REFUSED), 1);
    assert_caller_bins(&m, 1, COUNT_GOOD, "0 0 0 0 1 0");
    model_free(&m);
}

/* a's fetch (1..2 s) is older than the lock may be when b looks at 1.5 s: b takes it, and a's value is refused. */
static void test_lock_age(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\nclients:\n" AT("a", "1s") AT("b", "1100ms") AT("d", "2200ms")
                                        AT("e", "4s") ORIGIN("1s") ONE_KEY(LOCK("500ms", "100ms", "none")));
    /* d takes the lock in its turn at 2.2 s, so that b's value is refused as well, at 2.5 s; d's is stored at 3.2 s. */
    assert_counts(&m, 1, 3, 3, 1);
    assert_int_equal(cache_count(&m, 0, COUNT_REFUSED), 2);
    model_free(&m);
}

/* ---- bad input ---- */

static void test_bad_lease(void **state)
{
    (void)state;
    char *errors = model_errors("name: x\nduration: 5s\n" EVERY_SECOND ORIGIN("1s") ONE_KEY(LEASE("1s", "2s")), NULL);
    assert_string_equal(errors, "t.yaml:5:62: error: lease: wait is longer than the interval between two leases\n");
    free(errors);
    errors = model_errors("name: x\nduration: 5s\n" EVERY_SECOND ORIGIN("1s") ONE_KEY("1h, miss: singleflight"), NULL);
    assert_string_equal(errors, "t.yaml:5:55: error: unknown miss 'singleflight'; there are: each, coalesce, lease, "
                                "lock\n");
    free(errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_says_what_it_is),
        cmocka_unit_test(test_lease),
        cmocka_unit_test(test_lease_of_a_failing_origin),
        cmocka_unit_test(test_late_values_are_refused),
        cmocka_unit_test(test_a_flush_ends_leases),
        cmocka_unit_test(test_a_value_ends_the_lease),
        cmocka_unit_test(test_a_waiter_gives_up),
        cmocka_unit_test(test_the_holder_gives_up),
        cmocka_unit_test(test_lock_of_a_failing_origin),
        cmocka_unit_test(test_lock_timeout),
        cmocka_unit_test(test_lock_age),
        cmocka_unit_test(test_bad_lease),
    };
    return cmocka_run_group_tests_name("cache miss", tests, NULL, NULL);
}
