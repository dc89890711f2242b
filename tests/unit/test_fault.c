/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults: the four modes of an outage, speed, capacity, errors, and what happens when they overlap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "model_case.h"

/* ---- the modes of an outage ---- */

/* Pause 1..6 s, two workers, room for one. a (0 s, 4 s of work) stands still and ends at 9 s. b comes at 2 s, waits
 * although a worker is free, runs 6..10 s. c comes at 3 s: the queue is full. Busy: 4 + 4 s. */
static void test_pause(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 12s\n"
                                    "clients:\n"
                                    "  - {name: a, arrival: {kind: burst}, calls: s}\n"
                                    "  - {name: b, arrival: {kind: burst, at: 2s}, calls: s}\n"
                                    "  - {name: c, arrival: {kind: burst, at: 3s}, calls: s}\n"
                                    "services: [{name: s, workers: 2, service_time: 4s, queue: {capacity: 1}}]\n"
                                    "faults: [{kind: outage, mode: pause, service: s, at: 1s, for: 5s}]\n");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 0 0 0 0 0 0 1 0 0");
    assert_caller_bins(&m, 1, COUNT_GOOD, "0 0 0 0 0 0 0 0 0 0 1 0");
    assert_int_equal(caller_count(&m, 2, COUNT_REJECTED), 1);
    struct service_areas areas = model_areas(&m, 0);
    assert_true(areas.busy == (area_t)(8 * SECOND) && areas.useful == areas.busy);
    assert_true(areas.in_queue == (area_t)(4 * SECOND));
    assert_true(areas.in_system == (area_t)(17 * SECOND));
    model_free(&m);
}

/* In a pause a caller gives up (3 s): with cancel: running the paused attempt is gone and counts 1 s of wasted work. */
static void test_giving_up_in_a_pause(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 12s\n"
                  "clients: [{name: a, arrival: {kind: burst}, calls: s, policy: {timeout: 3s}}]\n"
                  "services: [{name: s, workers: 1, service_time: 4s, queue: {capacity: 1}, cancel: running}]\n"
                  "faults: [{kind: outage, mode: pause, service: s, at: 1s, for: 5s}]\n");
    assert_int_equal(service_count(&m, 0, COUNT_CANCELLED), 1);
    assert_true(model_areas(&m, 0).wasted == (area_t)SECOND && model_areas(&m, 0).busy == (area_t)SECOND);
    model_free(&m);
}

/* Refuse 1..3 s: who runs goes on; who comes gets a fast error that costs the service nothing. */
static void test_refuse(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 6s\n"
                  "clients:\n"
                  "  - {name: a, arrival: {kind: burst}, calls: s}\n"
                  "  - {name: b, count: 5, arrival: {kind: burst, at: 1s}, calls: s}\n"
                  "  - {name: c, arrival: {kind: burst, at: 3s}, calls: s}\n"
                  "services: [{name: s, workers: 1, service_time: 2s, queue: {capacity: 9}, reject_cost: 1s}]\n"
                  "faults: [{kind: outage, mode: refuse, service: s, at: 1s, for: 2s}]\n");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 1 0 0 0");
    assert_caller_bins(&m, 1, COUNT_FAILED, "0 5 0 0 0 0");
    assert_int_equal(service_count(&m, 0, COUNT_REJECTED), 5);
    assert_caller_bins(&m, 2, COUNT_GOOD, "0 0 0 0 0 1");
    assert_true(model_areas(&m, 0).reject == 0);
    model_free(&m);
}

/* Black hole 1..3 s: b is swallowed at 1 s and learns of it at its timeout, 2.5 s; its retry is swallowed, too, and
 * given up at 4 s. a, which runs, is answered. */
static void test_blackhole(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 6s\n"
                  "clients:\n"
                  "  - {name: a, arrival: {kind: burst}, calls: s}\n"
                  "  - {name: b, arrival: {kind: burst, at: 1s}, calls: s, policy: {timeout: 1500ms, attempts: 2}}\n"
                  "services: [{name: s, workers: 1, service_time: 2s, queue: {capacity: 9}}]\n"
                  "faults: [{kind: outage, mode: blackhole, service: s, at: 1s, for: 2s}]\n");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 1 0 0 0");
    assert_caller_bins(&m, 1, COUNT_TIMED_OUT, "0 0 1 0 1 0");
    assert_caller_bins(&m, 1, COUNT_FAILED, "0 0 0 0 1 0");
    assert_int_equal(service_count(&m, 0, COUNT_LOST), 2);
    assert_int_equal(caller_count(&m, 1, COUNT_LOST), 2);
    assert_int_equal(service_count(&m, 0, COUNT_STARTED), 1);
    assert_int_equal(service_count(&m, 0, COUNT_TIMED_OUT), 0);
    model_free(&m);
}

/* Answers are lost 0..2 s: the work of 0..1 s is done for nothing, given up at 1.5 s, done again 1.5..2.5 s. */
static void test_lose_response(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 6s\n"
                  "clients: [{name: a, arrival: {kind: burst}, calls: s, policy: {timeout: 1500ms, attempts: 2}}]\n"
                  "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 9}}]\n"
                  "faults: [{kind: outage, mode: lose_response, service: s, at: 0s, for: 2s}]\n");
    assert_int_equal(service_count(&m, 0, COUNT_SERVED), 2);
    assert_int_equal(service_count(&m, 0, COUNT_ANSWERS_LOST), 1);
    assert_int_equal(service_count(&m, 0, COUNT_DUPLICATES), 1);
    assert_int_equal(caller_count(&m, 0, COUNT_LOST), 1);
    assert_int_equal(caller_count(&m, 0, COUNT_LATE), 0);
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 1 0 0 0");
    assert_true(model_areas(&m, 0).busy == (area_t)(2 * SECOND));
    model_free(&m);
}

/* ---- overlaps ---- */

/* Two pauses, 1..5 and 3..8 s, are one of 7 s: 4 s of work from 0 end at 11 s. Inner ones change nothing. */
static void test_pauses_overlap(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 14s\n"
                                    "clients: [{name: a, arrival: {kind: burst}, calls: s}]\n"
                                    "services: [{name: s, workers: 1, service_time: 4s, queue: {capacity: 1}}]\n"
                                    "faults:\n"
                                    "  - {kind: outage, mode: pause, service: s, at: 1s, for: 4s}\n"
                                    "  - {kind: outage, mode: pause, service: s, at: 3s, for: 5s}\n"
                                    "  - {kind: outage, mode: pause, service: s, at: 4s, for: 2s}\n");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 0 0 0 0 0 0 0 0 1 0 0");
    model_free(&m);
}

/* A refusal inside a pause: who comes meanwhile is refused; the pause goes on. */
static void test_modes_overlap(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 14s\n"
                                    "clients:\n"
                                    "  - {name: a, arrival: {kind: burst}, calls: s}\n"
                                    "  - {name: b, arrival: {kind: burst, at: 2s}, calls: s}\n"
                                    "  - {name: c, arrival: {kind: burst, at: 4s}, calls: s}\n"
                                    "services: [{name: s, workers: 1, service_time: 4s, queue: {capacity: 1}}]\n"
                                    "faults:\n"
                                    "  - {kind: outage, mode: pause, service: s, at: 1s, for: 4s}\n"
                                    "  - {kind: outage, mode: refuse, service: s, at: 2s, for: 1s}\n");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 0 0 0 0 0 1 0 0 0 0 0");
    assert_int_equal(caller_count(&m, 1, COUNT_REJECTED), 1);
    assert_caller_bins(&m, 2, COUNT_GOOD, "0 0 0 0 0 0 0 0 0 0 0 0 1 0");
    model_free(&m);
}

/* Speed 1/2 on 0..20 s and another 1/2 on 2..6 s: 4 s of work; 1 is done by 2 s, 1 by 6 s, 2 more by 10 s. */
static void test_speeds_multiply(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 14s\n"
                                    "clients: [{name: a, arrival: {kind: burst}, calls: s}]\n"
                                    "services: [{name: s, workers: 1, service_time: 4s, queue: {capacity: 1}}]\n"
                                    "faults:\n"
                                    "  - {kind: speed, service: s, factor: 0.5, at: 0s, for: 20s}\n"
                                    "  - {kind: speed, service: s, factor: 0.5, at: 2s, for: 4s}\n");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 0 0 0 0 0 0 0 1 0 0 0");
    assert_true(model_areas(&m, 0).busy == (area_t)(10 * SECOND));
    model_free(&m);
}

/* Speed x4 from 1 to 2 s, 3 s of work: 1 by 1 s, the other 2 take 0.5 s. The next, at 3 s, has normal speed again. */
static void test_faster_and_back(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\nbin: 500ms\n"
                                    "clients:\n"
                                    "  - {name: a, arrival: {kind: burst}, calls: s}\n"
                                    "  - {name: b, arrival: {kind: burst, at: 3s}, calls: s}\n"
                                    "services: [{name: s, workers: 1, service_time: 3s, queue: {capacity: 1}}]\n"
                                    "faults: [{kind: speed, service: s, factor: 4, at: 1s, for: 1s}]\n");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 1 0 0 0 0 0 0 0 0 0 0 0 0");
    assert_caller_bins(&m, 1, COUNT_GOOD, "0 0 0 0 0 0 0 0 0 0 0 0 1 0 0 0");
    model_free(&m);
}

/* A speed change inside a pause: 4 s of work, 1 done by 1 s; paused 1..5 s; half speed from 3 s: 3 s take 6: 11 s. */
static void test_speed_changes_in_a_pause(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 14s\n"
                                    "clients: [{name: a, arrival: {kind: burst}, calls: s}]\n"
                                    "services: [{name: s, workers: 1, service_time: 4s, queue: {capacity: 1}}]\n"
                                    "faults:\n"
                                    "  - {kind: outage, mode: pause, service: s, at: 1s, for: 4s}\n"
                                    "  - {kind: speed, service: s, factor: 0.5, at: 3s}\n");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 0 0 0 0 0 0 0 0 1 0 0");
    model_free(&m);
}

/* ---- capacity ---- */

/* Capacity 0 on 1..6 s: a, which runs, ends at 2 s all the same; b (1.5 s) waits until 6 s. */
static void test_capacity_zero(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 10s\n"
                                    "clients:\n"
                                    "  - {name: a, arrival: {kind: burst}, calls: s}\n"
                                    "  - {name: b, arrival: {kind: burst, at: 1500ms}, calls: s}\n"
                                    "services: [{name: s, workers: 1, service_time: 2s, queue: {capacity: 1}}]\n"
                                    "faults: [{kind: capacity, service: s, factor: 0, at: 1s, for: 5s}]\n");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 1 0 0 0 0 0 0 0");
    assert_caller_bins(&m, 1, COUNT_GOOD, "0 0 0 0 0 0 0 0 1 0");
    model_free(&m);
}

/* Ten workers, halved on 1..5 s and halved again on 2..8 s: 10, 5, 2 (2.5 rounded down), 5 after 5 s, 10 after 8 s.
 * Twenty a second with 0.9 s of work keep all busy: so many are in service at the end of each bin. */
static void test_capacities_multiply(void **state)
{
    (void)state;
    static const double expected[] = {10, 5, 2, 2, 2, 5, 5, 5, 10, 10};
    struct model_case m =
        model_run("duration: 10s\n"
                  "clients: [{name: a, arrival: {kind: renewal, gap: 50ms}, calls: s}]\n"
                  "services: [{name: s, workers: 10, service_time: 900ms, queue: {capacity: unlimited}}]\n"
                  "faults:\n"
                  "  - {kind: capacity, service: s, factor: 0.5, at: 1s, for: 4s}\n"
                  "  - {kind: capacity, service: s, factor: 0.5, at: 2s, for: 6s}\n");
    for (uint32_t bin = 0; bin < 10; bin++) {
        const struct bin_row *row = &m.world->services[0].place.rows[bin];
        assert_true(row->in_service == expected[bin]);
        assert_true(row->capacity > 0.9999 * expected[bin] / 0.9 && row->capacity < 1.0001 * expected[bin] / 0.9);
    }
    model_free(&m);
}

/* Factors beyond any real number of workers do not overflow. */
static void test_capacity_is_bounded(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 10s\n"
                                    "clients: [{name: a, count: 9, arrival: {kind: burst, at: 2s}, calls: s}]\n"
                                    "services: [{name: s, workers: 1, service_time: 2s, queue: {capacity: 0}}]\n"
                                    "faults:\n"
                                    "  - {kind: capacity, service: s, factor: 1e6, at: 1s}\n"
                                    "  - {kind: capacity, service: s, factor: 1e6, at: 1s}\n"
                                    "  - {kind: capacity, service: s, factor: 1e6, at: 1s}\n"
                                    "  - {kind: capacity, service: s, factor: 1e6, at: 1s}\n");
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 9);
    assert_true(m.world->services[0].workers > 0);
    model_free(&m);
}

/* ---- errors ---- */

/* Attempts that start in 2..4 s fail; of overlapping bursts the worst counts; then all is well. One request a second,
 * 0.5 s of work. */
static void test_error_burst(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n"
                                    "clients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: s}]\n"
                                    "services: [{name: s, workers: 1, service_time: 500ms, queue: {capacity: 1}}]\n"
                                    "faults:\n"
                                    "  - {kind: errors, service: s, ratio: 100%, at: 2s, for: 2s}\n"
                                    "  - {kind: errors, service: s, ratio: 0%, at: 1s, for: 4s}\n");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 1 1 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 1 0 0 1 1 1 1");
    model_free(&m);
}

/* A burst weaker than the service's own ratio changes nothing. */
static void test_error_burst_below_the_normal_ratio(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 8s\n"
                  "clients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: s}]\n"
                  "services: [{name: s, workers: 1, service_time: 0s, queue: {capacity: 1}, error_ratio: 100%}]\n"
                  "faults: [{kind: errors, service: s, ratio: 1%, at: 2s, for: 2s}]\n");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 1 1 1 1 1 1 1");
    model_free(&m);
}

/* ---- times ---- */

/* A fault without `for` lasts to the end; one of 0 s begins and ends in its instant; one may outlast the run. */
static void test_lengths(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n"
                                    "clients:\n"
                                    "  - {name: a, arrival: {kind: renewal, gap: 1s}, calls: s}\n"
                                    "  - {name: b, arrival: {kind: renewal, gap: 1s}, calls: t}\n"
                                    "  - {name: c, arrival: {kind: renewal, gap: 1s}, calls: u}\n"
                                    "services:\n"
                                    "  - {name: s, workers: 1, service_time: 0s, queue: {capacity: 1}}\n"
                                    "  - {name: t, workers: 1, service_time: 0s, queue: {capacity: 1}}\n"
                                    "  - {name: u, workers: 1, service_time: 0s, queue: {capacity: 1}}\n"
                                    "faults:\n"
                                    "  - {kind: outage, mode: refuse, service: s, at: 5s}\n"
                                    "  - {kind: outage, mode: refuse, service: t, at: 5s, for: 0s}\n"
                                    "  - {kind: outage, mode: refuse, service: u, at: 5s, for: 13000d}\n");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 1 1 1 1 0 0 0");
    assert_caller_bins(&m, 1, COUNT_GOOD, "0 1 1 1 1 1 1 1");
    assert_caller_bins(&m, 2, COUNT_GOOD, "0 1 1 1 1 0 0 0");
    model_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pause),
        cmocka_unit_test(test_giving_up_in_a_pause),
        cmocka_unit_test(test_refuse),
        cmocka_unit_test(test_blackhole),
        cmocka_unit_test(test_lose_response),
        cmocka_unit_test(test_pauses_overlap),
        cmocka_unit_test(test_modes_overlap),
        cmocka_unit_test(test_speeds_multiply),
        cmocka_unit_test(test_faster_and_back),
        cmocka_unit_test(test_speed_changes_in_a_pause),
        cmocka_unit_test(test_capacity_zero),
        cmocka_unit_test(test_capacities_multiply),
        cmocka_unit_test(test_capacity_is_bounded),
        cmocka_unit_test(test_error_burst),
        cmocka_unit_test(test_error_burst_below_the_normal_ratio),
        cmocka_unit_test(test_lengths),
    };
    return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
