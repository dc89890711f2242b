/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queue disciplines and drop rules: who goes next, who makes room, who is turned away, worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/ordered.h"
#include "model_case.h"

/* ---- the order of service ---- */

/* One worker, a second each. `clients` are populations; the queue is `queue`. Returns who was served in which second, a
 * letter (the population's name) a bin from the second on; '-' for none. */
static struct model_case run_queue(const char *clients, const char *queue)
{
    char text[4096];
    int size = snprintf(text, sizeof text,
                        "duration: 20s\nclients:\n%s"
                        "services: [{name: s, workers: 1, service_time: 1s, queue: {%s}}]\n", clients, queue);
    assert_true(size < (int)sizeof text);
    return model_run(text);
}

static void check_order(const char *clients, const char *queue, const char *expected)
{
    struct model_case m = run_queue(clients, queue);
    char order[32] = "";
    for (uint32_t bin = 1; bin <= strlen(expected); bin++) {
        order[bin - 1] = '-';
        for (uint32_t i = 0; i < m.world->edge_count; i++)
            if (m.world->edges[i].place.rows[bin].counts[COUNT_GOOD] > 0)
                order[bin - 1] = m.world->edges[i].place.path[strlen("clients.")];
    }
    assert_string_equal(order, expected);
    model_free(&m);
}

#define AT_ONCE(name, rest) "  - {name: " name ", arrival: {kind: burst}, calls: s" rest "}\n"
#define FIVE AT_ONCE("a", "") AT_ONCE("b", "") AT_ONCE("c", "") AT_ONCE("d", "") AT_ONCE("e", "")

/* Four wait, more than half of the capacity of 4, so the newest goes; when two are left, the oldest. */
static void test_adaptive_lifo(void **state)
{
    (void)state;
    check_order(FIVE, "discipline: adaptive-lifo, threshold: 50%, capacity: 4", "aedbc");
    check_order(FIVE, "discipline: adaptive-lifo, threshold: 0%, capacity: 4", "aedcb");
    check_order(FIVE, "discipline: adaptive-lifo, threshold: 100%, capacity: 4", "abcde");
    check_order(FIVE, "discipline: adaptive-lifo, capacity: 4", "aebcd"); /* 4 > 3.2, 3 is not */
}

static void test_adaptive_lifo_needs_a_capacity(void **state)
{
    (void)state;
    char *errors = model_errors("name: t\nduration: 1s\nclients: [{name: a, arrival: {kind: burst}, calls: s}]\n"
                                "services: [{name: s, workers: 1, service_time: 1s,\n"
                                "  queue: {discipline: adaptive-lifo, capacity: unlimited}}]\n", NULL);
    assert_string_equal(errors, "t.yaml:5:10: error: a queue: adaptive-lifo compares the queue with its capacity, so "
                                "'capacity' must be a number\n");
    free(errors);
}

static void test_priority(void **state)
{
    (void)state;
    check_order(AT_ONCE("a", ", priority: 9") AT_ONCE("b", ", priority: 2") AT_ONCE("c", ", priority: 15")
                AT_ONCE("d", "") AT_ONCE("e", ", priority: 2"),
                "discipline: priority, capacity: unlimited", "adbec");
}

/* a runs, b and c (the least critical) fill the queue. d takes the place of the newer of them; e is not more critical
 * than who waits, so it is rejected, and so is f, which is in d's class. */
static void test_displacement(void **state)
{
    (void)state;
    static const char *const clients =
        AT_ONCE("a", "") AT_ONCE("b", ", priority: 3") AT_ONCE("c", ", priority: 3") AT_ONCE("d", ", priority: 1")
        AT_ONCE("e", ", priority: 3") AT_ONCE("f", ", priority: 4");
    static const char *const queues[] = {"discipline: priority, capacity: 2, displace: true",
                                         "discipline: weighted, weights: [1], capacity: 2, displace: true"};
    for (int i = 0; i < 2; i++) {
        struct model_case m = run_queue(clients, queues[i]);
        static const int64_t rejected[] = {0, 0, 1, 0, 1, 1};
        for (uint32_t client = 0; client < 6; client++) {
            assert_int_equal(caller_count(&m, client, COUNT_REJECTED), rejected[client]);
            assert_int_equal(caller_count(&m, client, COUNT_GOOD), 1 - rejected[client]);
        }
        assert_int_equal(service_count(&m, 0, COUNT_REJECTED), 3);
        assert_int_equal(service_count(&m, 0, COUNT_DROPPED), 1);
        assert_int_equal(service_count(&m, 0, COUNT_WAITED), 3);
        model_free(&m);
    }
    check_order(clients, "discipline: priority, capacity: 2", "abc-");
}

/* Weights 2 and 1: of each three turns two are a's, while both wait. */
static void test_weighted(void **state)
{
    (void)state;
    static const char *const clients = "  - {name: a, count: 7, arrival: {kind: burst}, calls: s}\n"
                                       "  - {name: b, count: 5, arrival: {kind: burst}, calls: s, priority: 1}\n";
    check_order(clients, "discipline: weighted, weights: [2, 1], capacity: unlimited", "aabaabaababb");
}

/* c comes when two turns are over: it may not catch up for the time before. Equal weights: c, then in turn. */
static void test_weighted_saves_no_turns(void **state)
{
    (void)state;
    static const char *const clients =
        "  - {name: a, count: 7, arrival: {kind: burst}, calls: s}\n"
        "  - {name: b, count: 3, arrival: {kind: burst, at: 3500ms}, calls: s, priority: 1}\n";
    check_order(clients, "discipline: weighted, weights: [1], capacity: unlimited", "aaaababab");
}

/* Four of a's wait when two of b's come: they take turns. */
static void test_fair(void **state)
{
    (void)state;
    static const char *const clients = "  - {name: a, count: 5, arrival: {kind: burst}, calls: s}\n"
                                       "  - {name: b, count: 2, arrival: {kind: burst, at: 1ms}, calls: s}\n";
    check_order(clients, "discipline: fair, by: population, capacity: unlimited", "aababaa");
    check_order(clients, "discipline: fair, by: population, capacity: unlimited, per_tenant: 2", "aabab-");
}

/* By client every attempt of these bursts is a tenant of its own, so the order is that of arrival; open-loop arrivals
 * know their client only where somebody asks. */
static void test_fair_by_client(void **state)
{
    (void)state;
    static const char *const clients = "  - {name: a, count: 5, arrival: {kind: burst}, calls: s}\n"
                                       "  - {name: b, count: 2, arrival: {kind: burst, at: 1ms}, calls: s}\n";
    check_order(clients, "discipline: fair, capacity: unlimited", "aaaaabb");
    struct model_case m = run_queue(clients, "discipline: fair, capacity: unlimited");
    assert_true(m.world->populations[0].tells_clients_apart);
    assert_int_equal(m.world->populations[1].first_tenant, 5);
    assert_int_equal(m.world->services[0].waiting.lane_count, 7);
    model_free(&m);
    m = run_queue(clients, "discipline: fair, by: population, capacity: unlimited");
    assert_false(m.world->populations[0].tells_clients_apart);
    assert_int_equal(m.world->services[0].waiting.lane_count, 2);
    model_free(&m);
}

/* One tenant floods its two of eight queues; the others are hurt only if they have the same two: 1 / C(8, 2) of them.
 * 28 x 10 tenants over 20 seeds: 200 in the mean, 5 standard deviations are 70. */
static void test_shuffle_sharded(void **state)
{
    (void)state;
    int64_t hurt = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct model_case m = model_run_seed(
            "duration: 2s\nclients:\n"
            "  - {name: x, arrival: {kind: burst}, calls: s}\n"
            "  - {name: flood, arrival: {kind: poisson, rate: 2000/s}, calls: s}\n"
            "  - {name: many, count: 280, arrival: {kind: burst, at: 1s}, calls: s}\n"
            "services: [{name: s, workers: 1, service_time: 1h, queue: {discipline: shuffle-sharded, queues: 8, hand: "
            "2, per_queue: 100, capacity: unlimited}}]\n", seed);
        assert_int_equal(m.world->services[0].in_queue.value, 200 + 280 - caller_count(&m, 2, COUNT_REJECTED));
        hurt += caller_count(&m, 2, COUNT_REJECTED);
        model_free(&m);
    }
    assert_true(hurt > 130 && hurt < 270);
}

static void test_hand_of_all_queues(void **state)
{
    (void)state;
    check_order(FIVE, "discipline: shuffle-sharded, queues: 3, hand: 3, capacity: 4", "abcde");
    char *errors = model_errors("name: t\nduration: 1s\nclients: [{name: a, arrival: {kind: burst}, calls: s}]\n"
                                "services: [{name: s, workers: 1, service_time: 1s,\n"
                                "  queue: {discipline: shuffle-sharded, queues: 2, hand: 3, capacity: 1}}]\n", NULL);
    assert_non_null(strstr(errors, "hand: a tenant cannot have more queues than there are"));
    free(errors);
}

/* Ends of patience: e 4 s (its deadline), f 5.2 s (sent at 0, arrived at 0.5 s), c 5.5 s, b 9 s, d never. */
static void test_edf(void **state)
{
    (void)state;
    check_order(AT_ONCE("a", "") AT_ONCE("b", ", policy: {timeout: 9s}") AT_ONCE("c", ", policy: {timeout: 5500ms}")
                AT_ONCE("d", "") AT_ONCE("e", ", policy: {timeout: 8s, deadline: 4s}")
                AT_ONCE("f", ", policy: {timeout: 5200ms}, network: {request_latency: 500ms}"),
                "discipline: edf, capacity: unlimited", "aefcbd");
}

/* A cancelled attempt leaves from the middle of what is ordered. */
static void test_edf_cancelled(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 20s\n"
                                    "clients:\n"
                                    "  - {name: a, count: 9, arrival: {kind: burst}, calls: s, policy: {timeout: "
                                    "{law: uniform, low: 1s, high: 12s}}}\n"
                                    "services: [{name: s, workers: 1, service_time: 3s, cancel: queued, queue: "
                                    "{discipline: edf, capacity: unlimited}}]\n");
    assert_int_equal(m.world->services[0].waiting.order.count, 0);
    assert_true(service_count(&m, 0, COUNT_CANCELLED_QUEUED) > 3);
    model_free(&m);
}

/* ---- the heap behind edf and shared speed ---- */

static void test_ordered(void **state)
{
    (void)state;
    enum { MANY = 500 };
    struct attempt *attempts = calloc(MANY, sizeof *attempts);
    struct ordered ordered = {.turns = UINT32_MAX - 100}; /* the turn wraps on the way */
    struct stream stream = {7};
    for (uint32_t i = 0; i < MANY; i++)
        ordered_push(&ordered, attempts, i, floor(stream_uniform(&stream) * 20));
    for (uint32_t i = 0; i < MANY; i += 3)
        ordered_remove(&ordered, attempts, i);
    double last_key = -1;
    uint32_t last = 0, count = 0;
    for (; ordered.count > 0; count++) {
        uint32_t first = ordered_first(&ordered);
        double key = ordered_key(&ordered, &attempts[first]);
        assert_true(first % 3 != 0);
        assert_true(key > last_key || (key == last_key && first > last));
        last_key = key;
        last = first;
        ordered_remove(&ordered, attempts, first);
    }
    assert_int_equal(count, MANY - (MANY + 2) / 3);
    ordered_free(&ordered);
    free(attempts);
}

/* ---- drop rules ---- */

/* Waits 0, 0.5, 1, ... s. Second 0.5 ends the first interval (least wait 0: fine) and begins one that ends at 1.5 s.
 * The first after that, at 2 s, finds that the least wait was 0.5 s > target: overloaded; it is the first of its
 * interval and so is served. At 2.5 s all that is left has waited more than twice the target. */
static void test_codel(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 10s\nbin: 500ms\n"
                                    "clients: [{name: a, count: 20, arrival: {kind: burst}, calls: s}]\n"
                                    "services: [{name: s, workers: 1, service_time: 500ms, queue: {capacity: "
                                    "unlimited, drop: {kind: codel, target: 100ms, interval: 1s}}}]\n");
    assert_int_equal(service_count(&m, 0, COUNT_GOOD), 5);
    assert_int_equal(service_count(&m, 0, COUNT_DROPPED), 15);
    assert_int_equal(caller_count(&m, 0, COUNT_REJECTED), 15);
    assert_caller_bins(&m, 0, COUNT_REJECTED, "0 0 0 0 0 15 0 0 0 0 0 0 0 0 0 0 0 0 0 0");
    model_free(&m);
}

/* Who finds a free worker has waited 0 s, which is the least of an interval as well. */
static void test_codel_hears_of_those_who_do_not_wait(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 10s\n"
                                    "clients:\n"
                                    "  - {name: a, count: 8, arrival: {kind: burst}, calls: s}\n"
                                    "  - {name: b, arrival: {kind: burst, at: 4200ms}, calls: s}\n"
                                    "services: [{name: s, workers: 1, service_time: 500ms, queue: {capacity: "
                                    "unlimited, drop: {kind: codel, target: 100ms, interval: 10s}}}]\n");
    assert_int_equal(service_count(&m, 0, COUNT_DROPPED), 0);
    assert_int_equal(m.world->services[0].dropping.least_wait_ns, 0);
    model_free(&m);
}

/* The second and third join while the queue was empty just now: they may wait 1 s, and the third does 0.8 s. The fourth
 * waits 1.2 s: dropped. b's two join at 1.1 s, when the queue was last empty 1.1 s ago: they may wait 0.1 s; the first
 * does exactly that, the second is dropped at 1.6 s. */
static void test_queue_timeout(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 10s\nbin: 100ms\n"
                                    "clients:\n"
                                    "  - {name: a, count: 4, arrival: {kind: burst}, calls: s}\n"
                                    "  - {name: b, count: 2, arrival: {kind: burst, at: 1100ms}, calls: s}\n"
                                    "services: [{name: s, workers: 1, service_time: 400ms, queue: {capacity: "
                                    "unlimited, drop: {kind: queue-timeout, target: 100ms, interval: 1s}}}]\n");
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 3);
    assert_int_equal(caller_count(&m, 0, COUNT_REJECTED), 1);
    assert_int_equal(m.world->edges[0].place.rows[12].counts[COUNT_REJECTED], 1);
    assert_int_equal(caller_count(&m, 1, COUNT_GOOD), 1);
    assert_int_equal(m.world->edges[1].place.rows[16].counts[COUNT_REJECTED], 1);
    model_free(&m);
}

static struct model_case run_expired(const char *margin, const char *more)
{
    char text[1024];
    snprintf(text, sizeof text,
             "duration: 10s\n"
             "clients: [{name: a, count: 4, arrival: {kind: burst}, calls: s, policy: {timeout: 2s}%s}]\n"
             "services: [{name: s, workers: 1, service_time: 1s, reject_cost: 100ms, queue: {capacity: unlimited, "
             "drop: {kind: expired, margin: %s}}}]\n", more, margin);
    return model_run(text);
}

/* All give up at 2 s. Without a margin the third starts at 2 s sharp, in vain; the fourth's caller is gone at 3 s. With
 * a margin of 1 s the last two are told at 2 s, before they give up. Both cost what a rejection costs. */
static void test_expired(void **state)
{
    (void)state;
    struct model_case m = run_expired("0s", "");
    assert_int_equal(service_count(&m, 0, COUNT_GOOD), 2);
    assert_int_equal(service_count(&m, 0, COUNT_LATE), 1);
    assert_int_equal(service_count(&m, 0, COUNT_DROPPED), 1);
    assert_int_equal(caller_count(&m, 0, COUNT_TIMED_OUT), 2);
    assert_int_equal(caller_count(&m, 0, COUNT_LATE), 2);
    assert_int_equal(m.world->services[0].reject_debt_ns, SECOND / 10);
    model_free(&m);
    m = run_expired("1s", "");
    assert_int_equal(service_count(&m, 0, COUNT_STARTED), 2);
    assert_int_equal(service_count(&m, 0, COUNT_DROPPED), 2);
    assert_int_equal(caller_count(&m, 0, COUNT_REJECTED), 2);
    assert_int_equal(caller_count(&m, 0, COUNT_TIMED_OUT), 0);
    assert_true(m.world->services[0].wasted_ns == 0);
    model_free(&m);
}

/* On the way for 0.5 s: what counts is the time since the send. The one that starts at 0.5 s and the one at 1.5 s have
 * 1.5 s and 0.5 s left; with a margin of 0.6 s only the first is served. A margin beyond all hope serves nobody, those
 * who find a free worker included. */
static void test_expired_counts_from_the_send(void **state)
{
    (void)state;
    struct model_case m = run_expired("600ms", ", network: {request_latency: 500ms}");
    assert_int_equal(service_count(&m, 0, COUNT_STARTED), 1);
    assert_int_equal(service_count(&m, 0, COUNT_DROPPED), 3);
    model_free(&m);
    m = run_expired("3s", "");
    assert_int_equal(service_count(&m, 0, COUNT_STARTED), 0);
    assert_int_equal(service_count(&m, 0, COUNT_DROPPED), 4);
    assert_int_equal(service_count(&m, 0, COUNT_WAITED), 0);
    model_free(&m);
}

/* Without timeout and deadline nothing expires. */
static void test_the_patient_never_expire(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 10s\n"
                                    "clients: [{name: a, count: 4, arrival: {kind: burst}, calls: s}]\n"
                                    "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: unlimited, "
                                    "drop: {kind: expired, margin: 1h}}}]\n");
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 4);
    model_free(&m);
}

/* A read-through cache wants the value although its caller gave up at 0.5 s; a look-aside cache does not. */
static void test_expired_fetches(void **state)
{
    (void)state;
    static const char *const fills[] = {"always", "caller-alive"};
    for (int i = 0; i < 2; i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "duration: 10s\nclients:\n"
                 "  - {name: b, arrival: {kind: burst}, calls: s}\n"
                 "  - {name: a, arrival: {kind: burst}, calls: c, policy: {timeout: 500ms}}\n"
                 "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: unlimited, drop: expired}}]\n"
                 "caches: [{name: c, origin: s, keys: 1, ttl: 1h, fill: %s}]\n", fills[i]);
        struct model_case m = model_run(text);
        assert_int_equal(service_count(&m, 0, COUNT_DROPPED), i);
        assert_int_equal(service_count(&m, 0, COUNT_SERVED), 2 - i);
        model_free(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adaptive_lifo),
        cmocka_unit_test(test_adaptive_lifo_needs_a_capacity),
        cmocka_unit_test(test_priority),
        cmocka_unit_test(test_displacement),
        cmocka_unit_test(test_weighted),
        cmocka_unit_test(test_weighted_saves_no_turns),
        cmocka_unit_test(test_fair),
        cmocka_unit_test(test_fair_by_client),
        cmocka_unit_test(test_shuffle_sharded),
        cmocka_unit_test(test_hand_of_all_queues),
        cmocka_unit_test(test_edf),
        cmocka_unit_test(test_edf_cancelled),
        cmocka_unit_test(test_ordered),
        cmocka_unit_test(test_codel),
        cmocka_unit_test(test_codel_hears_of_those_who_do_not_wait),
        cmocka_unit_test(test_queue_timeout),
        cmocka_unit_test(test_expired),
        cmocka_unit_test(test_expired_counts_from_the_send),
        cmocka_unit_test(test_the_patient_never_expire),
        cmocka_unit_test(test_expired_fetches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
