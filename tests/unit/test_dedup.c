/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Idempotency keys: the store against a naive one, and what a service does with attempts that it knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/stream.h"
#include "model/dedup.h"
#include "model_case.h"

/* ---- the store ---- */

static void test_life(void **state)
{
    (void)state;
    struct dedup *dedup = dedup_new(100, INT64_MAX);
    assert_int_equal(dedup_look(dedup, 7, 0), DEDUP_ABSENT);
    assert_null(dedup_twins(dedup, 7));
    dedup_begin(dedup, 7);
    assert_int_equal(dedup_look(dedup, 7, 1000), DEDUP_RUNNING); /* running ones do not age */
    assert_int_equal(dedup_twins(dedup, 7)->length, 0);
    dedup_store(dedup, 7, 1000);
    assert_null(dedup_twins(dedup, 7));
    assert_int_equal(dedup_look(dedup, 7, 1099), DEDUP_STORED);
    dedup_store(dedup, 7, 1050); /* does not make it younger */
    dedup_forget(dedup, 7);      /* only running ones */
    assert_int_equal(dedup_look(dedup, 7, 1099), DEDUP_STORED);
    assert_int_equal(dedup_look(dedup, 7, 1100), DEDUP_ABSENT);
    dedup_begin(dedup, 7);
    dedup_forget(dedup, 7);
    assert_int_equal(dedup_look(dedup, 7, 1100), DEDUP_ABSENT);
    dedup_free(dedup);
    dedup_free(NULL);
}

static void test_oldest_goes(void **state)
{
    (void)state;
    struct dedup *dedup = dedup_new(INT64_MAX, 2);
    dedup_begin(dedup, 9); /* counts for nothing while it runs */
    dedup_store(dedup, 3, 0);
    dedup_store(dedup, 1, 0);
    dedup_store(dedup, 2, 0);
    assert_int_equal(dedup_stored(dedup), 2);
    assert_int_equal(dedup_look(dedup, 3, INT64_MAX - 1), DEDUP_ABSENT);
    assert_int_equal(dedup_look(dedup, 1, INT64_MAX - 1), DEDUP_STORED);
    assert_int_equal(dedup_look(dedup, 9, INT64_MAX - 1), DEDUP_RUNNING);
    dedup_free(dedup);
}

/* The naive store: the state and age of each of a few keys, in arrays. */
enum { KEYS = 400, TTL = 3000, SIZE = 150 };
struct naive {
    enum dedup_state state[KEYS];
    int64_t stored_ns[KEYS];
    uint64_t order[KEYS], turns;
};

static int naive_oldest(const struct naive *naive, int *stored)
{
    int oldest = -1;
    *stored = 0;
    for (int i = 0; i < KEYS; i++) {
        if (naive->state[i] != DEDUP_STORED)
            continue;
        ++*stored;
        if (oldest < 0 || naive->order[i] < naive->order[oldest])
            oldest = i;
    }
    return oldest;
}

static void naive_store(struct naive *naive, int key, int64_t now_ns)
{
    int stored;
    naive->state[key] = DEDUP_STORED;
    naive->stored_ns[key] = now_ns;
    naive->order[key] = naive->turns++;
    int oldest = naive_oldest(naive, &stored);
    if (stored > SIZE)
        naive->state[oldest] = DEDUP_ABSENT;
}

static void naive_age(struct naive *naive, int64_t now_ns)
{
    for (int i = 0; i < KEYS; i++)
        if (naive->state[i] == DEDUP_STORED && now_ns - naive->stored_ns[i] >= TTL)
            naive->state[i] = DEDUP_ABSENT;
}

static void test_against_a_naive_store(void **state)
{
    (void)state;
    struct naive naive = {.turns = 0};
    struct dedup *dedup = dedup_new(TTL, SIZE);
    struct stream stream = {11};
    int64_t now_ns = 0;
    for (int step = 0; step < 100000; step++) {
        now_ns += (int64_t)(stream_uniform(&stream) * 20);
        int key = (int)(stream_uniform(&stream) * KEYS);
        uint64_t hash = stream_mix((uint64_t)key);
        naive_age(&naive, now_ns);
        enum dedup_state found = dedup_look(dedup, hash, now_ns);
        assert_int_equal(found, naive.state[key]);
        if (found == DEDUP_ABSENT) {
            dedup_begin(dedup, hash);
            naive.state[key] = DEDUP_RUNNING;
        } else if (found == DEDUP_RUNNING && stream_uniform(&stream) < 0.3) {
            dedup_forget(dedup, hash);
            naive.state[key] = DEDUP_ABSENT;
        } else if (found == DEDUP_RUNNING) {
            dedup_store(dedup, hash, now_ns);
            naive_store(&naive, key, now_ns);
        }
    }
    dedup_free(dedup);
}

/* ---- the service ---- */

/* One request at 0 whose first answers are lost until 2 s; it takes a second of work. `client` and `dedup` are rest of
 * their maps. */
static struct model_case run_lost(const char *client, const char *dedup)
{
    char text[1024];
    snprintf(text, sizeof text,
             "duration: 20s\nbin: 500ms\n"
             "clients: [{name: a, arrival: {kind: burst}, calls: s%s}]\n"
             "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 9}%s}]\n"
             "faults: [{kind: outage, mode: lose_response, service: s, at: 0s, for: 2s}]\n", client, dedup);
    return model_run(text);
}

#define RETRIES ", policy: {attempts: 2, timeout: 2500ms}"
#define KEY ", idempotency_key: true"

static double latency_s(const struct model_case *m, uint32_t client)
{
    return (double)m->world->edges[client].place.latency->total.max * 1e-9;
}

/* The transfer is made twice, unless the service knows it by its key. */
static void test_lost_answer(void **state)
{
    (void)state;
    static const struct {
        const char *client, *dedup;
        int64_t duplicates, hits;
        double latency_s, useful_s;
    } cases[] = {
        {RETRIES, "", 1, 0, 3.5, 2},
        {RETRIES, ", dedup: {ttl: 1h, size: 10}", 1, 0, 3.5, 2},               /* no key is sent */
        {RETRIES KEY, "", 1, 0, 3.5, 2},                                       /* nobody reads it */
        {RETRIES KEY, ", dedup: {ttl: 1h, size: 10}", 0, 1, 2.5, 1},
        {RETRIES KEY, ", dedup: {ttl: 1h, size: 10, cost: 100ms}", 0, 1, 2.6, 1.2},
        {RETRIES KEY, ", dedup: {ttl: 1500ms, size: 10}", 1, 0, 3.5, 2},       /* stored at 1 s, forgotten at 2.5 s */
        {RETRIES KEY, ", dedup: {ttl: 1501ms, size: 10}", 0, 1, 2.5, 1},
        {RETRIES KEY, ", dedup: {ttl: forever, size: unlimited}", 0, 1, 2.5, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct model_case m = run_lost(cases[i].client, cases[i].dedup);
        assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 1);
        assert_int_equal(service_count(&m, 0, COUNT_DUPLICATES), cases[i].duplicates);
        assert_int_equal(service_count(&m, 0, COUNT_DEDUP_HITS), cases[i].hits);
        assert_int_equal(service_count(&m, 0, COUNT_SERVED), 2);
        assert_true(latency_s(&m, 0) == cases[i].latency_s);
        assert_true(fabs(area_s(model_areas(&m, 0).useful) - cases[i].useful_s) < 1e-9);
        model_free(&m);
    }
}

/* Two requests and room for one result: at 2.5 s there is the second one's, stored at 2 s, and not the first one's. */
static void test_store_too_small(void **state)
{
    (void)state;
    struct model_case m = run_lost(", count: 2" RETRIES KEY, ", dedup: {ttl: 1h, size: 1}");
    assert_int_equal(service_count(&m, 0, COUNT_DUPLICATES), 1);
    assert_int_equal(service_count(&m, 0, COUNT_DEDUP_HITS), 0);
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 2);
    model_free(&m);
}

/* ---- a repetition while the first runs ---- */

/* Three seconds of work, two of patience: the retry comes at 2 s, when the first runs until 3 s. */
static struct model_case run_impatient(const char *policy, const char *service)
{
    char text[1024];
    snprintf(text, sizeof text,
             "duration: 20s\nbin: 500ms\n"
             "clients: [{name: a, arrival: {kind: burst}, calls: s, idempotency_key: true, "
             "policy: {timeout: 2s, %s}}]\n"
             "services: [{name: s, workers: 2, service_time: 3s, queue: {capacity: 9}, %s}]\n", policy, service);
    return model_run(text);
}

/* It waits, without a worker, and shares the result; the work was not in vain, although its own caller had gone. */
static void test_wait(void **state)
{
    (void)state;
    static const char *const queues[] = {"dedup: {ttl: 1h, size: 10}",
                                         "rate: {kind: amdahl, sigma: 1}, dedup: {ttl: 1h, size: 10}"};
    for (int i = 0; i < 2; i++) {
        struct model_case m = run_impatient("attempts: 2", queues[i]);
        assert_true(latency_s(&m, 0) == 3);
        assert_int_equal(service_count(&m, 0, COUNT_DUPLICATES), 0);
        assert_int_equal(service_count(&m, 0, COUNT_DEDUP_HITS), 1);
        assert_int_equal(service_count(&m, 0, COUNT_LATE), 1);
        assert_int_equal(service_count(&m, 0, COUNT_GOOD), 1);
        struct service_areas areas = model_areas(&m, 0);
        assert_true(area_s(areas.useful) == 3 && area_s(areas.wasted) == 0 && area_s(areas.busy) == 3);
        assert_true(area_s(areas.in_system) == 4);
        model_free(&m);
    }
}

/* The repetition at 2 s is rejected after its look-up; that of 3.5 s finds the result. */
static void test_conflict(void **state)
{
    (void)state;
    struct model_case m = run_impatient("attempts: 3, backoff: {shape: table, delays: [0s, 1400ms]}",
                                        "dedup: {ttl: 1h, size: 10, running: conflict, cost: 100ms}");
    assert_int_equal(caller_count(&m, 0, COUNT_ERRORS), 1); /* failure `conflict` */
    assert_int_equal(service_count(&m, 0, COUNT_CONFLICTS), 1);
    assert_int_equal(service_count(&m, 0, COUNT_REJECTED), 1);
    assert_int_equal(service_count(&m, 0, COUNT_DROPPED), 0);
    assert_int_equal(service_count(&m, 0, COUNT_DUPLICATES), 0);
    assert_true(latency_s(&m, 0) == 3.6);
    struct service_areas areas = model_areas(&m, 0);
    assert_true(area_s(areas.reject) == 0.1 && area_s(areas.wasted) == 3.1 && area_s(areas.useful) == 0.1);
    model_free(&m);
}

/* Both run: two executions. What either stored is found by the third, whose own patience is over at 6 s. */
static void test_execute(void **state)
{
    (void)state;
    struct model_case m = run_impatient("attempts: 3", "dedup: {ttl: 1h, size: 10, running: execute}");
    assert_int_equal(service_count(&m, 0, COUNT_DUPLICATES), 1);
    assert_int_equal(service_count(&m, 0, COUNT_DEDUP_HITS), 1);
    assert_true(latency_s(&m, 0) == 4);
    model_free(&m);
}

/* An error is not stored. Those that wait share it; the one that comes later is executed. */
static void test_errors(void **state)
{
    (void)state;
    struct model_case m = run_impatient("attempts: 3", "error_ratio: 100%, dedup: {ttl: 1h, size: 10}");
    assert_int_equal(service_count(&m, 0, COUNT_FAILED), 3); /* at 3 s two, at 6 s the third, which is late */
    assert_int_equal(service_count(&m, 0, COUNT_STARTED), 3);
    assert_int_equal(service_count(&m, 0, COUNT_DEDUP_HITS), 0);
    assert_int_equal(caller_count(&m, 0, COUNT_ERRORS), 1);
    assert_int_equal(caller_count(&m, 0, COUNT_FAILED), 1);
    assert_int_equal(dedup_stored(m.world->services[0].dedup), 0);
    model_free(&m);
}

/* Its caller gives up on the one that waits, too: it stays until there is a result, or goes at once. */
static void test_impatient_twin(void **state)
{
    (void)state;
    static const char *const cancels[] = {"none", "queued"};
    for (int i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 20s\nclients: [{name: a, arrival: {kind: burst}, calls: s, idempotency_key: true, policy: "
                 "{timeout: 2s, attempts: 2}}]\nservices: [{name: s, workers: 2, service_time: 10s, cancel: %s, "
                 "queue: {capacity: 9}, dedup: {ttl: 1h, size: 10}}]\n", cancels[i]);
        struct model_case m = model_run(text);
        assert_int_equal(service_count(&m, 0, COUNT_CANCELLED), i);
        assert_int_equal(service_count(&m, 0, COUNT_LATE), 2 - i);
        assert_int_equal(caller_count(&m, 0, COUNT_FAILED), 1);
        assert_true(area_s(model_areas(&m, 0).in_system) == (i ? 12 : 18));
        assert_true(area_s(model_areas(&m, 0).wasted) == 10);
        model_free(&m);
    }
}

/* A cancelled execution leaves nothing behind: the retry is executed. */
static void test_cancelled_execution(void **state)
{
    (void)state;
    struct model_case m = run_impatient("attempts: 2", "cancel: running, dedup: {ttl: 1h, size: 10}");
    assert_int_equal(service_count(&m, 0, COUNT_CANCELLED), 2);
    assert_int_equal(service_count(&m, 0, COUNT_STARTED), 2);
    assert_true(area_s(model_areas(&m, 0).wasted) == 4);
    model_free(&m);
}

/* The hedge of 1 s waits for the first, so the first is not cancelled when its caller gives up on it at 2 s. If nobody
 * waits for it (b has no key), it is. */
static void test_awaited_execution(void **state)
{
    (void)state;
    static const char *const keys[] = {"true", "false"};
    for (int i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 20s\nclients: [{name: a, arrival: {kind: burst}, calls: s, idempotency_key: %s, policy: "
                 "{timeout: 2s, hedge: {delay: 1s}}}]\nservices: [{name: s, workers: 2, service_time: 3s, cancel: "
                 "running, queue: {capacity: 9}, dedup: {ttl: 1h, size: 10}}]\n", keys[i]);
        struct model_case m = model_run(text);
        assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 1 - i);
        assert_int_equal(service_count(&m, 0, COUNT_CANCELLED), 2 * i);
        assert_int_equal(service_count(&m, 0, COUNT_LATE), 1 - i);
        assert_true(area_s(model_areas(&m, 0).useful) == (i ? 0 : 3));
        model_free(&m);
    }
}

/* The service dies at 2.5 s: the execution and the one that waits for it are lost, so the third is executed anew. */
static void test_death(void **state)
{
    (void)state;
    static const char *const modes[] = {"refuse", "blackhole"};
    for (int i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 20s\nclients: [{name: a, arrival: {kind: burst}, calls: s, idempotency_key: true, policy: "
                 "{timeout: 2s, attempts: 3, backoff: {shape: table, delays: [0s, 3s]}}}]\n"
                 "services: [{name: s, workers: 2, service_time: 3s, queue: {capacity: 9}, dedup: {ttl: 1h, size: "
                 "10}}]\nfaults: [{kind: kill, mode: %s, service: s, at: 2500ms, for: 1s}]\n", modes[i]);
        struct model_case m = model_run(text);
        assert_int_equal(service_count(&m, 0, i ? COUNT_LOST : COUNT_FAILED), 2);
        assert_int_equal(service_count(&m, 0, COUNT_STARTED), 3);
        assert_int_equal(service_count(&m, 0, COUNT_SERVED), 1);
        assert_int_equal(service_count(&m, 0, COUNT_DEDUP_HITS), 0);
        assert_int_equal(service_count(&m, 0, COUNT_DUPLICATES), 0);
        model_free(&m);
    }
}

/* r's result, stored at 1.5 s, is there when its retry starts to look at 3 s, and gone when it has looked at 3.5 s: q's
 * took the only place at 3.25 s. So it is executed after all, at either kind of speed. */
static void test_gone_while_looking(void **state)
{
    (void)state;
    static const char *const rates[] = {"", ", warm_up: {from: 100%, over: 1s}"};
    for (int i = 0; i < 2; i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "duration: 20s\nclients:\n"
                 "  - {name: r, arrival: {kind: burst}, calls: s, idempotency_key: true, policy: {timeout: 3s, "
                 "attempts: 2}}\n"
                 "  - {name: q, arrival: {kind: burst, at: 1750ms}, calls: s, idempotency_key: true}\n"
                 "services: [{name: s, workers: 2, service_time: 1s, queue: {capacity: 9}%s, dedup: {ttl: 1h, size: 1, "
                 "cost: 500ms}}]\n"
                 "faults: [{kind: outage, mode: lose_response, service: s, at: 1s, for: 1s}]\n", rates[i]);
        struct model_case m = model_run(text);
        assert_true(latency_s(&m, 0) == 4.5);
        assert_int_equal(service_count(&m, 0, COUNT_DUPLICATES), 1);
        assert_int_equal(service_count(&m, 0, COUNT_DEDUP_HITS), 0);
        assert_true(area_s(model_areas(&m, 0).busy) == 4.5);
        model_free(&m);
    }
}

/* Executions a request with lost answers: (1 - q^R) / (1 - q); one with a key, and more again if the result is
 * forgotten before the last retry. 5 standard errors of a mean of 40000. */
static void check_executions(const char *key, const char *ttl, double expected, double variance)
{
    char text[1024];
    snprintf(text, sizeof text,
             "duration: 300s\nbin: 10s\n"
             "clients: [{name: a, count: 40k, arrival: {kind: burst, spread: 200s}, calls: s, idempotency_key: %s, "
             "network: {response_loss: 50%%}, policy: {timeout: 1s, attempts: 4}}]\n"
             "services: [{name: s, workers: unlimited, service_time: 1ms, queue: {capacity: 0}, dedup: {ttl: %s, size: "
             "unlimited}}]\n", key, ttl);
    struct model_case m = model_run(text);
    double executions = (double)(service_count(&m, 0, COUNT_SERVED) - service_count(&m, 0, COUNT_DEDUP_HITS)) / 40000;
    double error = sqrt(variance / 40000);
    if (executions < expected - 5 * error || executions > expected + 5 * error)
        fail_msg("%g executions, not %g", executions, expected);
    model_free(&m);
}

static void test_transfer_formula(void **state)
{
    (void)state;
    /* 1, 2, 3, 4 executions with probabilities 1/2, 1/4, 1/8, 1/8: mean 1.875, mean square 4.625 */
    check_executions("false", "1h", 1.875, 4.625 - 1.875 * 1.875);
    check_executions("true", "1h", 1, 0);
    /* Retries come a second apart; a result of 1.5 s answers the second attempt, then the third is executed, and
     * answers the fourth: 1 or 2, the latter with probability 1/4. */
    check_executions("true", "1500ms", 1.25, 0.1875);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_life),
        cmocka_unit_test(test_oldest_goes),
        cmocka_unit_test(test_against_a_naive_store),
        cmocka_unit_test(test_lost_answer),
        cmocka_unit_test(test_store_too_small),
        cmocka_unit_test(test_wait),
        cmocka_unit_test(test_conflict),
        cmocka_unit_test(test_execute),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_impatient_twin),
        cmocka_unit_test(test_cancelled_execution),
        cmocka_unit_test(test_awaited_execution),
        cmocka_unit_test(test_death),
        cmocka_unit_test(test_gone_while_looking),
        cmocka_unit_test(test_transfer_formula),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
