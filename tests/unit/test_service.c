/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A service: the order of one instant, its queue, its workers, what it does for callers that gave up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model_case.h"

/* ---- the order of events in one instant: fault, completion, response, timeout, arrival ---- */

static void test_ranks(void **state)
{
    (void)state;
    assert_true(RANK_FAULT < RANK_COMPLETION && RANK_COMPLETION < RANK_RESPONSE && RANK_RESPONSE < RANK_TIMEOUT &&
                RANK_TIMEOUT < RANK_ARRIVAL);
}

/* Would complete at 2 s; the pause that begins at 2 s comes first and lasts 3 s, so it completes at 5 s. */
static void test_fault_before_completion(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n"
                                    "clients: [{name: a, arrival: {kind: burst, at: 1s}, calls: s}]\n"
                                    "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 0}}]\n"
                                    "faults: [{kind: outage, mode: pause, service: s, at: 2s, for: 3s}]\n");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 0 0 1 0 0");
    model_free(&m);
}

/* At 3 s an answer (of a, sent back at 2 s) and a completion (of b) are errors that are retried at once. The retries
 * arrive in the order of these two events; c holds one of the two workers, so only the first retry finds one. */
static void test_completion_before_response(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 8s\n"
                  "clients:\n"
                  "  - {name: a, arrival: {kind: burst, at: 1s}, calls: s, network: {response_latency: 1s}, policy: "
                  "{attempts: 2}}\n"
                  "  - {name: b, arrival: {kind: burst, at: 2s}, calls: s, policy: {attempts: 2}}\n"
                  "  - {name: c, arrival: {kind: burst, at: 2500ms}, calls: s}\n"
                  "services: [{name: s, workers: 2, service_time: 1s, queue: {capacity: 0}, error_ratio: 100%}]\n");
    assert_int_equal(caller_count(&m, 0, COUNT_ERRORS), 1);
    assert_int_equal(caller_count(&m, 0, COUNT_REJECTED), 1);
    assert_int_equal(caller_count(&m, 1, COUNT_ERRORS), 2);
    assert_int_equal(caller_count(&m, 1, COUNT_REJECTED), 0);
    model_free(&m);
}

/* A completion, or an answer, at the very instant of the timeout is a success; 1 ns later it is late. */
static void test_completion_and_response_before_timeout(void **state)
{
    (void)state;
    static const char *const text =
        "duration: 8s\n"
        "clients:\n"
        "  - {name: a, arrival: {kind: burst}, calls: s, policy: {timeout: 1s}}\n"
        "  - {name: b, arrival: {kind: burst}, calls: s, policy: {timeout: 999999999ns}}\n"
        "  - {name: c, arrival: {kind: burst}, calls: s, policy: {timeout: 3s}, network: {response_latency: 2s}}\n"
        "  - {name: d, arrival: {kind: burst}, calls: s, policy: {timeout: 2999999999ns},"
        " network: {response_latency: 2s}}\n"
        "services: [{name: s, workers: 9, service_time: 1s, queue: {capacity: 0}}]\n";
    struct model_case m = model_run(text);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(caller_count(&m, i, COUNT_GOOD), i % 2 == 0);
        assert_int_equal(caller_count(&m, i, COUNT_SERVED), i % 2 == 0);
        assert_int_equal(caller_count(&m, i, COUNT_TIMED_OUT), i % 2);
        assert_int_equal(caller_count(&m, i, COUNT_FAILED), i % 2);
        assert_int_equal(caller_count(&m, i, COUNT_LATE), i % 2);
    }
    model_free(&m);
}

/* b waits for a worker from 1 s, gives up at 3 s and leaves the queue of one; c arrives at 3 s and takes its place. */
static void test_timeout_before_arrival(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 20s\n"
                  "clients:\n"
                  "  - {name: c, arrival: {kind: burst, at: 3s}, calls: s}\n"
                  "  - {name: a, arrival: {kind: burst}, calls: s}\n"
                  "  - {name: b, arrival: {kind: burst, at: 1s}, calls: s, policy: {timeout: 2s}}\n"
                  "services: [{name: s, workers: 1, service_time: 10s, queue: {capacity: 1}, cancel: queued}]\n");
    assert_int_equal(caller_count(&m, 0, COUNT_REJECTED), 0);
    assert_int_equal(service_count(&m, 0, COUNT_CANCELLED_QUEUED), 1);
    model_free(&m);
}

/* The worker is free again for who arrives when the attempt before is done; equal arrivals go in the order made. */
static void test_completion_before_arrival_then_insertion(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n"
                                    "clients:\n"
                                    "  - {name: a, arrival: {kind: burst}, calls: s}\n"
                                    "  - {name: b, arrival: {kind: burst, at: 1s}, calls: s}\n"
                                    "  - {name: c, arrival: {kind: burst, at: 1s}, calls: s}\n"
                                    "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 0}}]\n");
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 1);
    assert_int_equal(caller_count(&m, 1, COUNT_GOOD), 1);
    assert_int_equal(caller_count(&m, 2, COUNT_REJECTED), 1);
    model_free(&m);
}

/* ---- queue ---- */

/* Five at once, two workers, room for two that wait: one is rejected. In the queue: 2 x 1 s + 0 = two item-seconds. */
static void test_capacity_counts_waiting_only(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n"
                                    "clients: [{name: a, count: 5, arrival: {kind: burst}, calls: s}]\n"
                                    "services: [{name: s, workers: 2, service_time: 1s, queue: {capacity: 2}}]\n");
    assert_int_equal(service_count(&m, 0, COUNT_REJECTED), 1);
    assert_int_equal(service_count(&m, 0, COUNT_WAITED), 2);
    assert_int_equal(service_count(&m, 0, COUNT_STARTED), 4);
    assert_int_equal(m.world->services[0].queue_peak, 2);
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 2 2 0 0");
    struct service_areas areas = model_areas(&m, 0);
    assert_true(areas.in_queue == (area_t)(2 * SECOND));
    assert_true(areas.in_system == (area_t)(6 * SECOND));
    assert_true(areas.busy == (area_t)(4 * SECOND) && areas.useful == (area_t)(4 * SECOND));
    model_free(&m);
}

static void test_unlimited_workers_and_queue(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 3s\n"
                                    "clients: [{name: a, count: 1k, arrival: {kind: burst}, calls: s},"
                                    " {name: b, count: 1k, arrival: {kind: burst}, calls: t}]\n"
                                    "services: [{name: s, workers: unlimited, service_time: 1s, queue: {capacity: 0}},"
                                    " {name: t, workers: 1, service_time: 1ms, queue: {capacity: unlimited}}]\n");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 1000 0");
    assert_int_equal(m.world->services[1].queue_peak, 999);
    assert_caller_bins(&m, 1, COUNT_GOOD, "999 1 0"); /* the k-th ends at k ms, the last at 1 s */
    model_free(&m);
}

/* a runs 0..1 s; b (0.1 s) and c (0.2 s) wait. */
static void check_discipline(const char *discipline, const char *bins_b, const char *bins_c)
{
    char text[512];
    snprintf(text, sizeof text,
             "duration: 4s\n"
             "clients:\n"
             "  - {name: a, arrival: {kind: burst}, calls: s}\n"
             "  - {name: b, arrival: {kind: burst, at: 100ms}, calls: s}\n"
             "  - {name: c, arrival: {kind: burst, at: 200ms}, calls: s}\n"
             "services: [{name: s, workers: 1, service_time: 1s, queue: {discipline: %s, capacity: 2}}]\n",
             discipline);
    struct model_case m = model_run(text);
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 1 0 0");
    assert_caller_bins(&m, 1, COUNT_GOOD, bins_b);
    assert_caller_bins(&m, 2, COUNT_GOOD, bins_c);
    model_free(&m);
}

static void test_disciplines(void **state)
{
    (void)state;
    check_discipline("fifo", "0 0 1 0", "0 0 0 1");
    check_discipline("lifo", "0 0 0 1", "0 0 1 0");
}

/* ---- callers that gave up ---- */

static struct model_case run_cancel(const char *cancel)
{
    char text[512];
    snprintf(text, sizeof text,
             "duration: 30s\nbin: 10s\n"
             "clients: [{name: a, count: 2, arrival: {kind: burst}, calls: s, policy: {timeout: 2s}}]\n"
             "services: [{name: s, workers: 1, service_time: 10s, queue: {capacity: unlimited}, cancel: %s}]\n",
             cancel);
    return model_run(text);
}

static void check_cancel(const struct model_case *m, int64_t cancelled, int64_t from_queue, int64_t late, int busy_s)
{
    assert_int_equal(caller_count(m, 0, COUNT_TIMED_OUT), 2);
    assert_int_equal(service_count(m, 0, COUNT_TIMED_OUT), 2);
    assert_int_equal(service_count(m, 0, COUNT_CANCELLED), cancelled);
    assert_int_equal(caller_count(m, 0, COUNT_CANCELLED), cancelled);
    assert_int_equal(service_count(m, 0, COUNT_CANCELLED_QUEUED), from_queue);
    assert_int_equal(service_count(m, 0, COUNT_LATE), late);
    assert_int_equal(service_count(m, 0, COUNT_SERVED), late);
    assert_int_equal(caller_count(m, 0, COUNT_LATE), late);
    struct service_areas areas = model_areas(m, 0);
    assert_true(areas.wasted == (area_t)(busy_s * SECOND) && areas.busy == areas.wasted && areas.useful == 0);
}

/* Both give up at 2 s. The first runs 0..10, the second 10..20, dead from its start. Dead items: 2 for 8 s, then 1 for
 * 10 s. */
static void test_cancel_none(void **state)
{
    (void)state;
    struct model_case m = run_cancel("none");
    check_cancel(&m, 0, 0, 2, 20);
    assert_int_equal(service_count(&m, 0, COUNT_STARTED_DEAD), 1);
    assert_true(model_areas(&m, 0).dead == (area_t)(26 * SECOND));
    assert_true(model_areas(&m, 0).dead_busy == (area_t)(18 * SECOND));
    model_free(&m);
}

/* The second leaves the queue at 2 s; the first works on to 10 s, dead for 8 s. */
static void test_cancel_queued(void **state)
{
    (void)state;
    struct model_case m = run_cancel("queued");
    check_cancel(&m, 1, 1, 1, 10);
    assert_int_equal(service_count(&m, 0, COUNT_STARTED_DEAD), 0);
    assert_true(model_areas(&m, 0).dead == (area_t)(8 * SECOND));
    assert_true(model_areas(&m, 0).dead_busy == (area_t)(8 * SECOND));
    model_free(&m);
}

/* At 2 s the first one's timeout frees the worker, the second starts, and its own timeout stops it at once. */
static void test_cancel_running(void **state)
{
    (void)state;
    struct model_case m = run_cancel("running");
    check_cancel(&m, 2, 0, 0, 2);
    assert_int_equal(service_count(&m, 0, COUNT_STARTED), 2);
    assert_true(model_areas(&m, 0).dead == 0 && model_areas(&m, 0).dead_busy == 0);
    model_free(&m);
}

/* Given up at 2 s on its way, it arrives at 3 s: dropped there with any cancel mode but none. */
static void test_cancel_on_the_way(void **state)
{
    (void)state;
    static const char *const modes[] = {"none", "queued", "running"};
    for (int i = 0; i < 3; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 10s\n"
                 "clients: [{name: a, arrival: {kind: burst}, calls: s, policy: {timeout: 2s},"
                 " network: {request_latency: 3s}}]\n"
                 "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 0}, cancel: %s}]\n",
                 modes[i]);
        struct model_case m = model_run(text);
        assert_int_equal(service_count(&m, 0, COUNT_ATTEMPTS), 1);
        assert_int_equal(service_count(&m, 0, COUNT_CANCELLED), i > 0);
        assert_int_equal(service_count(&m, 0, COUNT_STARTED_DEAD), i == 0);
        assert_int_equal(caller_count(&m, 0, COUNT_LATE), i == 0);
        assert_true(model_areas(&m, 0).dead == (area_t)(i == 0 ? SECOND : 0));
        model_free(&m);
    }
}

/* The answer to an attempt that was served while its caller waited is on its way when the caller gives up: useful work
 * for the service, a late answer for the caller. */
static void test_given_up_while_the_answer_travels(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 10s\n"
                  "clients: [{name: a, arrival: {kind: burst}, calls: s, policy: {timeout: 2s},"
                  " network: {response_latency: 3s}}]\n"
                  "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 0}, cancel: running}]\n");
    assert_int_equal(service_count(&m, 0, COUNT_GOOD), 1);
    assert_int_equal(service_count(&m, 0, COUNT_TIMED_OUT), 0);
    assert_true(model_areas(&m, 0).useful == (area_t)SECOND);
    assert_int_equal(caller_count(&m, 0, COUNT_LATE), 1);
    assert_int_equal(caller_count(&m, 0, COUNT_FAILED), 1);
    model_free(&m);
}

/* ---- the price of a rejection ---- */

/* Offered X = 20/s to one worker of mu = 10/s; a rejection costs phi = 0.2 of a service. The worker never rests:
 * g/mu + (X - g) phi/mu = 1, so g = (mu - phi X) / (1 - phi) = 6 / 0.8 = 7.5/s. Over 1000 s that is 7500, give or take
 * the queue (10 attempts, 2 s of work) and the debt of one interval. */
static void test_reject_cost_closed_form(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 1000s\n"
                  "clients: [{name: a, arrival: {kind: renewal, gap: 50ms}, calls: s}]\n"
                  "services: [{name: s, workers: 1, service_time: 100ms, queue: {capacity: 10}, reject_cost: 20ms}]\n");
    int64_t good = service_count(&m, 0, COUNT_GOOD);
    assert_in_range(good, 7480, 7520);
    struct service_areas areas = model_areas(&m, 0);
    assert_true(areas.useful == (area_t)(good * SECOND / 10));
    int64_t paid = (int64_t)(areas.reject / (area_t)(SECOND / 50)), rejected = service_count(&m, 0, COUNT_REJECTED);
    assert_in_range(rejected - paid, 0, 20); /* the debt of the last interval may be unpaid */
    model_free(&m);
}

/* a runs 0..10 s. Three rejections at 1 s owe 3 x 2 s. b comes at 20 s to an idle worker: 6 s of debt, then 10 s. */
static void test_reject_debt_is_paid_by_the_next(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 40s\n"
                  "clients:\n"
                  "  - {name: a, arrival: {kind: burst}, calls: s}\n"
                  "  - {name: x, count: 3, arrival: {kind: burst, at: 1s}, calls: s}\n"
                  "  - {name: b, arrival: {kind: burst, at: 20s}, calls: s}\n"
                  "services: [{name: s, workers: 1, service_time: 10s, queue: {capacity: 0}, reject_cost: 2s}]\n");
    assert_int_equal(m.world->edges[2].place.latency->total.max, 16 * SECOND);
    assert_true(model_areas(&m, 0).reject == (area_t)(6 * SECOND));
    assert_true(model_areas(&m, 0).useful == (area_t)(20 * SECOND));
    assert_int_equal(m.world->services[0].wait->max, 6 * SECOND);
    model_free(&m);
}

/* b starts at 4 s with a debt of 2 s, paid at half speed: until 8 s. It gives up at 5 s and is cancelled: 1.5 s of the
 * debt are left. c starts at 10 s, pays 3 s (at half speed), works 2 x 1 s, and is done at 15 s. */
static void test_unpaid_debt_is_owed_again(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 20s\n"
        "clients:\n"
        "  - {name: a, arrival: {kind: burst}, calls: s}\n"
        "  - {name: x, arrival: {kind: burst, at: 1s}, calls: s}\n"
        "  - {name: b, arrival: {kind: burst, at: 4s}, calls: s, policy: {timeout: 1s}}\n"
        "  - {name: c, arrival: {kind: burst, at: 10s}, calls: s}\n"
        "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 0}, reject_cost: 2s, cancel: running}]\n"
        "faults: [{kind: speed, service: s, factor: 0.5, at: 0s}]\n");
    assert_int_equal(m.world->edges[3].place.latency->total.max, 5 * SECOND);
    assert_true(model_areas(&m, 0).reject == (area_t)(4 * SECOND)); /* b paid 1 s of time, c 3 s */
    model_free(&m);
}

/* A speed change while the debt is paid: debt 2 s from 4 s on; at 5 s the speed becomes 4, the other 1 s of debt takes
 * 0.25 s and the 1 s of work 0.25 s: done at 5.5 s. Worker time: 1.25 s of debt, 0.25 s of work (and 1 s by a). */
static void test_speed_change_while_debt_is_paid(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 20s\n"
                  "clients:\n"
                  "  - {name: a, arrival: {kind: burst}, calls: s}\n"
                  "  - {name: x, arrival: {kind: burst, at: 500ms}, calls: s}\n"
                  "  - {name: b, arrival: {kind: burst, at: 4s}, calls: s}\n"
                  "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 0}, reject_cost: 2s}]\n"
                  "faults: [{kind: speed, service: s, factor: 4, at: 5s}]\n");
    assert_int_equal(m.world->edges[2].place.latency->total.max, 3 * SECOND / 2);
    assert_true(model_areas(&m, 0).reject == (area_t)(5 * SECOND / 4));
    assert_true(model_areas(&m, 0).useful == (area_t)(5 * SECOND / 4));
    model_free(&m);
}

/* ---- errors ---- */

/* error_after: the worker is busy 100 ms, not the full second. */
static void test_error_after(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 4s\nbin: 500ms\n"
        "clients: [{name: a, arrival: {kind: burst, at: 1s}, calls: s}, {name: b, arrival: {kind: burst, at: 1s},"
        " calls: t}]\n"
        "services:\n"
        "  - {name: s, workers: 1, service_time: 1s, queue: {capacity: 0}, error_ratio: 100%, error_after: 100ms}\n"
        "  - {name: t, workers: 1, service_time: 1s, queue: {capacity: 0}, error_ratio: 100%}\n");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 1 0 0 0 0 0");
    assert_caller_bins(&m, 1, COUNT_FAILED, "0 0 0 0 1 0 0 0");
    assert_int_equal(service_count(&m, 0, COUNT_FAILED), 1);
    assert_int_equal(service_count(&m, 0, COUNT_SERVED), 0);
    assert_true(model_areas(&m, 0).wasted == (area_t)(SECOND / 10));
    assert_true(model_areas(&m, 1).wasted == (area_t)SECOND);
    model_free(&m);
}

/* 10 000 attempts, ratio 30 %: 3000 errors, standard deviation sqrt(10000 x 0.3 x 0.7) = 45.8; 5 sigma = 230. */
static void test_error_ratio(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 4s\n"
        "clients: [{name: a, count: 10k, arrival: {kind: burst}, calls: s}]\n"
        "services: [{name: s, workers: unlimited, service_time: 1s, queue: {capacity: 0}, error_ratio: 30%}]\n");
    assert_in_range(caller_count(&m, 0, COUNT_ERRORS), 2770, 3230);
    assert_int_equal(caller_count(&m, 0, COUNT_ERRORS) + caller_count(&m, 0, COUNT_GOOD), 10000);
    model_free(&m);
}

/* ---- what goes wrong ---- */

/* Errors of a class of their own: the caller that retries only that class retries them. */
static void test_error_class(void **state)
{
    (void)state;
    static const char *const classes[] = {"server-error", "gateway"};
    for (int i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 5s\nclients: [{name: a, arrival: {kind: burst}, calls: s, policy: {attempts: 3, "
                 "retry_on: gateway}}]\nservices: [{name: s, workers: 1, service_time: 0s, error_ratio: 1, "
                 "error_class: %s, queue: {capacity: 0}}]\n", classes[i]);
        struct model_case m = model_run(text);
        assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), i == 0 ? 1 : 3);
        model_free(&m);
    }
}

/* 30 % of 10 000 requests are wrong for good: they fail at every attempt, the others at none. A policy that retries
 * them all the same sends each three times. sd = sqrt(10000 x 0.3 x 0.7) = 46, 5 sigma = 230. */
static void test_permanent_errors(void **state)
{
    (void)state;
    static const char *const retry_on[] = {"default", "all"};
    for (int i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 5s\nclients: [{name: a, count: 10k, arrival: {kind: burst}, calls: s, policy: {attempts: "
                 "3, retry_on: %s}}]\nservices: [{name: s, workers: unlimited, service_time: 1s, "
                 "permanent_error_ratio: 0.3, error_after: 1ms, queue: {capacity: 0}}]\n", retry_on[i]);
        struct model_case m = model_run(text);
        int64_t failed = caller_count(&m, 0, COUNT_FAILED);
        assert_in_range(failed, 3000 - 230, 3000 + 230);
        assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 10000 - failed);
        assert_int_equal(caller_count(&m, 0, COUNT_RETRIES), i == 0 ? 0 : 2 * failed);
        model_free(&m);
    }
}

/* Writers of one row in lockstep: each round, one of those left commits, the others conflict: N (N + 1) / 2. */
static void test_optimistic_contention(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 200s\nbin: 10s\nclients: [{name: a, count: 100, arrival: {kind: burst}, calls: s, policy: "
        "{attempts: 500, backoff: 1s, retry_on: conflict}}]\nservices: [{name: s, workers: unlimited, service_time: "
        "10ms, contention: optimistic, queue: {capacity: 0}}]\n");
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 100 * 101 / 2);
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 100);
    assert_int_equal(service_count(&m, 0, COUNT_FAILED), 100 * 99 / 2);
    model_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranks),
        cmocka_unit_test(test_fault_before_completion),
        cmocka_unit_test(test_completion_before_response),
        cmocka_unit_test(test_completion_and_response_before_timeout),
        cmocka_unit_test(test_timeout_before_arrival),
        cmocka_unit_test(test_completion_before_arrival_then_insertion),
        cmocka_unit_test(test_capacity_counts_waiting_only),
        cmocka_unit_test(test_unlimited_workers_and_queue),
        cmocka_unit_test(test_disciplines),
        cmocka_unit_test(test_cancel_none),
        cmocka_unit_test(test_cancel_queued),
        cmocka_unit_test(test_cancel_running),
        cmocka_unit_test(test_cancel_on_the_way),
        cmocka_unit_test(test_given_up_while_the_answer_travels),
        cmocka_unit_test(test_reject_cost_closed_form),
        cmocka_unit_test(test_reject_debt_is_paid_by_the_next),
        cmocka_unit_test(test_unpaid_debt_is_owed_again),
        cmocka_unit_test(test_speed_change_while_debt_is_paid),
        cmocka_unit_test(test_error_after),
        cmocka_unit_test(test_error_ratio),
        cmocka_unit_test(test_error_class),
        cmocka_unit_test(test_permanent_errors),
        cmocka_unit_test(test_optimistic_contention),
    };
    return cmocka_run_group_tests_name("service", tests, NULL, NULL);
}
