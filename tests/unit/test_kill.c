/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services that die, and services whose workers are restarted one after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "model_case.h"

/* a runs from 0 s, b waits, c comes while the service is away, d when it is back. */
#define FOUR                                                                                                           \
    "clients:\n"                                                                                                       \
    "  - {name: a, arrival: {kind: burst}, calls: s, policy: {timeout: 10s}}\n"                                        \
    "  - {name: b, arrival: {kind: burst, at: 1s}, calls: s, policy: {timeout: 10s}}\n"                                \
    "  - {name: c, arrival: {kind: burst, at: 3s}, calls: s, policy: {timeout: 10s}}\n"                                \
    "  - {name: d, arrival: {kind: burst, at: 5s}, calls: s, policy: {timeout: 10s}}\n"
#define ONE_WORKER "services: [{name: s, workers: 1, service_time: 4s, queue: {capacity: 9}"

/* Killed at 2 s, back at 4 s. a and b are reset at 2 s, after 2 s of work for nothing; c is refused; d is served. */
static void test_process_dies(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 16s\n" FOUR ONE_WORKER "}]\n"
                                    "faults: [{kind: kill, service: s, at: 2s, for: 2s}]\n");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0");
    assert_caller_bins(&m, 1, COUNT_FAILED, "0 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0");
    assert_caller_bins(&m, 2, COUNT_FAILED, "0 0 0 1 0 0 0 0 0 0 0 0 0 0 0 0");
    assert_caller_bins(&m, 3, COUNT_GOOD, "0 0 0 0 0 0 0 0 0 1 0 0 0 0 0 0");
    assert_int_equal(caller_count(&m, 0, COUNT_ERRORS), 1);
    assert_int_equal(service_count(&m, 0, COUNT_FAILED), 2);
    assert_int_equal(service_count(&m, 0, COUNT_REJECTED), 1);
    assert_true(model_areas(&m, 0).wasted == (area_t)(2 * SECOND));
    model_free(&m);
}

/* The machine dies: a, b and c hear nothing and give up after 10 s. */
static void test_machine_dies(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 16s\n" FOUR ONE_WORKER "}]\n"
                                    "faults: [{kind: kill, mode: blackhole, service: s, at: 2s, for: 2s}]\n");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 0 0 0 0 0 0 0 0 1 0 0 0 0 0");
    assert_caller_bins(&m, 1, COUNT_FAILED, "0 0 0 0 0 0 0 0 0 0 0 1 0 0 0 0");
    assert_caller_bins(&m, 2, COUNT_FAILED, "0 0 0 0 0 0 0 0 0 0 0 0 0 1 0 0");
    assert_caller_bins(&m, 3, COUNT_GOOD, "0 0 0 0 0 0 0 0 0 1 0 0 0 0 0 0");
    assert_int_equal(caller_count(&m, 0, COUNT_LOST), 1);
    assert_int_equal(service_count(&m, 0, COUNT_LOST), 3);
    model_free(&m);
}

/* Cold from 4 s on: half speed, rising to full at 8 s. d begins at 5 s, where the speed is
 * 5/8: (5/8 + 1) / 2 x 3 s = 2.4375 s by 8 s; the rest of 4 s takes until 9.5625 s. */
static void test_cold_start(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 16s\n" FOUR ONE_WORKER ", warm_up: {from: 50%, over: 4s}}]\n"
                                    "faults: [{kind: kill, service: s, at: 2s, for: 2s}]\n");
    assert_true(fabs((double)m.world->edges[3].place.latency->total.max * 1e-9 - 4.5625) < 1e-6);
    model_free(&m);
}

/* a and b share the worker from 1 s on. At 2 s both are lost, and with them the 2 s that the worker has worked. */
static void test_shared_workers(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 16s\n" FOUR "services: [{name: s, workers: 1, service_time: 4s, "
                                    "queue: {discipline: ps, capacity: 9}}]\n"
                                    "faults: [{kind: kill, service: s, at: 2s, for: 2s}]\n");
    assert_true(model_areas(&m, 0).wasted == (area_t)(2 * SECOND));
    assert_caller_bins(&m, 3, COUNT_GOOD, "0 0 0 0 0 0 0 0 0 1 0 0 0 0 0 0");
    model_free(&m);
}

/* Retries of those who were reset do not get in before the service is back. */
static void test_immediate_retries(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 8s\n"
                  "clients: [{name: a, count: 50, arrival: {kind: burst}, calls: s, policy: {attempts: 3}}]\n"
                  "services: [{name: s, workers: 5, service_time: 4s, queue: {capacity: 100}}]\n"
                  "faults: [{kind: kill, service: s, at: 2s, for: 1s}]\n");
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "50 0 100 0 0 0 0 0");
    assert_int_equal(caller_count(&m, 0, COUNT_FAILED), 50);
    assert_int_equal(caller_count(&m, 0, COUNT_ERRORS), 50);
    assert_int_equal(caller_count(&m, 0, COUNT_REJECTED), 100);
    model_free(&m);
}

/* A fetch that is reset is no value; those who wait for it hear of it as well. */
static void test_cache_in_front(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\nclients:\n"
                                    "  - {name: a, count: 4, arrival: {kind: burst}, calls: c}\n"
                                    "  - {name: b, arrival: {kind: burst, at: 5s}, calls: c}\n" ONE_WORKER "}]\n"
                                    "caches: [{name: c, origin: s, keys: 1, ttl: 1h, miss: coalesce}]\n"
                                    "faults: [{kind: kill, service: s, at: 2s, for: 0s}]\n");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 4 0 0 0 0 0");
    assert_int_equal(cache_count(&m, 0, COUNT_FETCHES), 2);
    model_free(&m);
}

/* ---- rolling restarts ---- */

static struct model_case roll(const char *warm_up, const char *drain)
{
    char text[1024];
    snprintf(text, sizeof text,
             "duration: 24s\nclients: [{name: a, arrival: {kind: renewal, gap: 10ms}, calls: s}]\n"
             "services: [{name: s, workers: 100, service_time: 990ms, queue: {capacity: 1000}%s}]\n"
             "faults: [{kind: deploy, service: s, fraction: 20%%, at: 2s, every: 4s, for: 2s%s}]\n",
             warm_up, drain);
    return model_run(text);
}

/* 2..4, 6..8, ... 18..20 s with 80 workers, otherwise with 100: five parts of a fifth. Nothing is lost. */
static void test_deploy(void **state)
{
    (void)state;
    struct model_case m = roll("", "");
    for (uint32_t bin = 0; bin < 24; bin++) {
        double workers = bin < 20 && bin % 4 >= 2 ? 80 : 100;
        assert_true(fabs(m.world->services[0].place.rows[bin].capacity * 0.99 - workers) < 1e-6);
    }
    assert_int_equal(caller_count(&m, 0, COUNT_FAILED), 0);
    model_free(&m);
}

/* Without draining a fifth of the 100 attempts in service is lost each time: 5 x 100 x 0.2, +- 5 x sqrt(80). */
static void test_deploy_without_draining(void **state)
{
    (void)state;
    struct model_case m = roll("", ", drain: false");
    int64_t lost = caller_count(&m, 0, COUNT_ERRORS);
    assert_in_range(lost, 100 - 45, 100 + 45);
    assert_int_equal(service_count(&m, 0, COUNT_FAILED), lost);
    model_free(&m);
}

/* A fifth that begins at 40 % and needs 2 s: 88 % at 4 s, 94 % at 5 s, 100 % at 6 s, where the next fifth goes. */
static void test_deploy_is_cold(void **state)
{
    (void)state;
    struct model_case m = roll(", warm_up: {from: 40%, over: 2s}", "");
    const struct bin_row *rows = m.world->services[0].place.rows;
    assert_true(fabs(rows[4].capacity * 0.99 - 94) < 1e-6); /* the row shows what is there when the bin ends */
    assert_true(fabs(rows[5].capacity * 0.99 - 100) < 1e-6);
    assert_true(fabs(rows[6].capacity * 0.99 - 80) < 1e-6);
    model_free(&m);
}

/* Warming up takes longer than the next step is away: each adds what its fifth lacks, 12 %, to what was lacking. */
static void test_cold_parts_pile_up(void **state)
{
    (void)state;
    struct model_case m = roll(", warm_up: {from: 40%, over: 40s}", "");
    double speed = 1;
    for (uint32_t bin = 4; bin <= 20; bin += 4) {
        speed = speed + (1 - speed) * (bin > 4 ? 4.0 / 40 : 0) - 0.12;
        double capacity = m.world->services[0].place.rows[bin].capacity * 0.99, later = speed + (1 - speed) / 40;
        assert_true(fabs(capacity - 100 * later) < 1e-6);
    }
    model_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_process_dies),
        cmocka_unit_test(test_machine_dies),
        cmocka_unit_test(test_cold_start),
        cmocka_unit_test(test_shared_workers),
        cmocka_unit_test(test_immediate_retries),
        cmocka_unit_test(test_cache_in_front),
        cmocka_unit_test(test_deploy),
        cmocka_unit_test(test_deploy_without_draining),
        cmocka_unit_test(test_deploy_is_cold),
        cmocka_unit_test(test_cold_parts_pile_up),
    };
    return cmocka_run_group_tests_name("kill", tests, NULL, NULL);
}
