/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of the scenario that change while it runs: set, scale, their shorthands, and how they combine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "model_case.h"

/* ---- what each parameter does ---- */

/* Ten workers, 0.9 s of work, twenty requests a second: all workers are busy at the end of each bin. */
static void check_workers(const char *faults, const double expected[10])
{
    char text[1024];
    snprintf(text, sizeof text,
             "duration: 10s\nclients: [{name: a, arrival: {kind: renewal, gap: 50ms}, calls: s}]\n"
             "services: [{name: s, workers: 10, service_time: 900ms, queue: {capacity: unlimited}}]\nfaults: [%s]\n",
             faults);
    struct model_case m = model_run(text);
    for (uint32_t bin = 0; bin < 10; bin++)
        if (m.world->services[0].place.rows[bin].in_service != expected[bin])
            fail_msg("bin %u: %g busy", bin, m.world->services[0].place.rows[bin].in_service);
    model_free(&m);
}

#define WORKERS "path: services.s.workers, "

/* Busy at the ends of the seconds; who is at work finishes first, which takes up to 0.9 s. */
static void test_workers(void **state)
{
    (void)state;
    check_workers("{kind: set, " WORKERS "value: 4, at: 2s, for: 3s}", (double[]){10, 10, 4, 4, 4, 10, 10, 10, 10, 10});
    check_workers("{kind: scale, " WORKERS "factor: 0.55, at: 2s, for: 3s}",
                  (double[]){10, 10, 5, 5, 5, 10, 10, 10, 10, 10});
    check_workers("{kind: scale, " WORKERS "factor: 0, at: 2s}", (double[]){10, 10, 0, 0, 0, 0, 0, 0, 0, 0});
}

/* The last to begin sets (4, then 6, then 4 again, then none); factors multiply whatever is set; and the shorthand
 * counts like a scale. The order of the ends does not matter. */
static void test_overlaps(void **state)
{
    (void)state;
    check_workers("{kind: set, " WORKERS "value: 4, at: 1s, for: 6s}, {kind: set, " WORKERS
                  "value: 6, at: 3s, for: 2s}",
                  (double[]){10, 4, 4, 6, 6, 4, 4, 10, 10, 10});
    check_workers("{kind: set, " WORKERS "value: 4, at: 1s, for: 2s}, {kind: set, " WORKERS
                  "value: 6, at: 2s, for: 4s}",
                  (double[]){10, 4, 6, 6, 6, 6, 10, 10, 10, 10});
    check_workers("{kind: set, " WORKERS "value: 3, at: 2s, for: 2s}, {kind: set, " WORKERS
                  "value: 8, at: 2s, for: 4s}",
                  (double[]){10, 10, 8, 8, 8, 8, 10, 10, 10, 10});
    check_workers("{kind: scale, " WORKERS "factor: 0.5, at: 1s, for: 5s}, {kind: set, " WORKERS
                  "value: 4, at: 3s, for: 4s}, {kind: capacity, service: s, factor: 0.5, at: 4s, for: 1s}",
                  (double[]){10, 5, 5, 2, 1, 2, 4, 10, 10, 10});
}

/* One worker, 4 s of work. service_time x 2 from 1 to 5 s: 1 s done, then 2 in 4 s, then the last: 6 s. */
static void test_service_time(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 8s\nclients: [{name: a, arrival: {kind: burst}, calls: s}]\n"
                  "services: [{name: s, workers: 1, service_time: 4s, queue: {capacity: 1}}]\n"
                  "faults: [{kind: scale, path: services.s.service_time, factor: 2, at: 1s, for: 4s}]\n");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 0 0 0 1 0");
    model_free(&m);
}

/* A worker that is never free; three requests a second. Room for 2 until 2 s, then for 5, from 4 s on for 2: those who
 * wait already stay. */
static void test_queue_capacity(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 5s\n"
                  "clients: [{name: a, arrival: {kind: renewal, gap: 300ms}, calls: s}]\n"
                  "services: [{name: s, workers: 1, service_time: 1h, queue: {capacity: 2}}]\n"
                  "faults: [{kind: set, path: services.s.queue.capacity, value: 5, at: 2s, for: 2s}]\n");
    static const double waiting[] = {2, 2, 5, 5, 5};
    for (uint32_t bin = 0; bin < 5; bin++)
        assert_true(m.world->services[0].place.rows[bin].queue_length == waiting[bin]);
    assert_caller_bins(&m, 0, COUNT_REJECTED, "0 3 0 4 3");
    model_free(&m);
}

/* a (4 s of work) runs; b at 1 s is rejected for nothing, c at 2.5 s for 1 s of work, d at 3.5 s for nothing again.
 * e, at 5 s, must pay that second first: it is done at 10 s. */
static void test_reject_cost(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 12s\n"
                  "clients:\n"
                  "  - {name: a, arrival: {kind: burst}, calls: s}\n"
                  "  - {name: b, arrival: {kind: burst, at: 1s}, calls: s}\n"
                  "  - {name: c, arrival: {kind: burst, at: 2500ms}, calls: s}\n"
                  "  - {name: d, arrival: {kind: burst, at: 3500ms}, calls: s}\n"
                  "  - {name: e, arrival: {kind: burst, at: 5s}, calls: s}\n"
                  "services: [{name: s, workers: 1, service_time: 4s, queue: {capacity: 0}}]\n"
                  "faults: [{kind: set, path: services.s.reject_cost, value: 1s, at: 2s, for: 1s}]\n");
    assert_caller_bins(&m, 4, COUNT_GOOD, "0 0 0 0 0 0 0 0 0 0 1 0");
    model_free(&m);
}

/* 100 % set from 2 to 4 s; and a burst of at least 100 % keeps it there when the ratio is set to 0. */
static void test_error_ratio(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\nclients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: s}]\n"
                                    "services: [{name: s, workers: 1, service_time: 0s, queue: {capacity: 1}}]\n"
                                    "faults:\n"
                                    "  - {kind: set, path: services.s.error_ratio, value: 100%, at: 2s, for: 2s}\n"
                                    "  - {kind: set, path: services.s.error_ratio, value: 0%, at: 5s, for: 2s}\n"
                                    "  - {kind: errors, service: s, ratio: 100%, at: 6s, for: 1s}\n");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 1 1 0 0 1 0");
    model_free(&m);
}

/* Attempts are limited to 1 from 2 to 4 s; unlimited is refused (it could stop the clock). */
static void test_attempts(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 6s\nclients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: s, "
                  "policy: {attempts: 3}}]\n"
                  "services: [{name: s, workers: 1, service_time: 0s, queue: {capacity: 1}, "
                  "error_ratio: 100%}]\n"
                  "faults: [{kind: set, path: clients.a.policy.attempts, value: 1, at: 2s, for: 2s}]\n");
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "0 3 1 1 3 3");
    model_free(&m);
}

/* A rate that is set or scaled is a load by another name: the three faults make the same world. */
static void test_arrival_rate_is_load(void **state)
{
    (void)state;
    static const char *const faults[] = {"{kind: load, clients: a, factor: 4, at: 10s, for: 10s}",
                                         "{kind: set, path: clients.a.arrival.rate, value: 20/s, at: 10s, for: 10s}",
                                         "{kind: scale, path: clients.a.arrival.rate, factor: 4, at: 10s, for: 10s}"};
    struct model_case m[3];
    for (int i = 0; i < 3; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 40s\nclients: [{name: a, arrival: {kind: poisson, rate: 5/s}, calls: s}]\n"
                 "services: [{name: s, workers: 1, service_time: 0s, queue: {capacity: 1}}]\nfaults: [%s]\n",
                 faults[i]);
        m[i] = model_run(text);
        assert_memory_equal(m[i].world->edges[0].place.rows, m[0].world->edges[0].place.rows,
                            40 * sizeof(struct bin_row));
    }
    assert_true(caller_count(&m[0], 0, COUNT_REQUESTS) > 250);
    for (int i = 0; i < 3; i++)
        model_free(&m[i]);
}

/* Think 4 s: requests at 4, 8; halved from 9 s: that of 12 s was drawn before; then 14, 16. */
static void test_think(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 18s\nclients: [{name: a, closed: {think: 4s}, calls: s}]\n"
                                    "services: [{name: s, workers: 1, service_time: 0s, queue: {capacity: 1}}]\n"
                                    "faults: [{kind: scale, path: clients.a.closed.think, factor: 0.5, at: 9s}]\n");
    assert_caller_bins(&m, 0, COUNT_REQUESTS, "0 0 0 0 1 0 0 0 1 0 0 0 1 0 1 0 1 0");
    model_free(&m);
}

/* ---- mistakes ---- */

static void test_mistakes(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{kind: set, path: services.s.queue.discipline, value: lifo, at: 1s}",
         "path: 'services.s.queue.discipline' cannot change while a run is under way; these can: services.s.workers, "
         "services.s.service_time, services.s.queue.capacity, services.s.reject_cost, services.s.error_ratio"},
        {"{kind: scale, path: service.s.workers, factor: 2, at: 1s}",
         "path: 'service.s' is no place with numbers that can change while a run is under way; did you mean "
         "'services.s'?"},
        {"{kind: scale, path: clients.web.policy.attempts, factor: 2, at: 1s}",
         "path: 'clients.web' is no place with numbers that can change while a run is under way; did you mean "
         "'clients.a'?"},
        {"{kind: scale, path: clients.a.arrival.rate, factor: 2, at: 1s}",
         "path: 'clients.a.arrival.rate' cannot change while a run is under way; these can: clients.a.closed.think, "
         "clients.a.policy.attempts, clients.a.network.request_loss, clients.a.network.response_loss"},
        {"{kind: set, path: services.s.service_time, value: 3s, at: 1s}",
         "path: 'services.s.service_time' is a law: it can be scaled ({kind: scale, factor: 2}), not set"},
        {"{kind: set, path: services.s.workers, value: 0, at: 1s}",
         "value: 0 is out of range: from 1 to 100M, or unlimited"},
        {"{kind: set, path: services.s.workers, value: 3s, at: 1s}", "value: '3s'"},
        {"{kind: set, path: services.s.error_ratio, value: 120%, at: 1s}", "value: 120% is out of range: from 0 to 1"},
        {"{kind: scale, path: services.t.workers, factor: 2, at: 1s}",
         "path: 'services.t.workers' is unlimited here: it can be set, not scaled"},
        {"{kind: capacity, service: t, factor: 2, at: 1s}",
         "service: 't' has unlimited workers: they can be set ({kind: set}), not scaled"},
        {"{kind: scale, path: services.s.service_time, factor: 0, at: 1s}",
         "factor: must be at least 1e-6 for 'services.s.service_time'"},
        {"{kind: set, path: clients.a.policy.attempts, value: unlimited, at: 1s}",
         "value: unlimited attempts cannot begin in a run: write a number"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "name: x\nduration: 20s\nclients: [{name: a, closed: {think: 1s}, calls: s}]\n"
                 "services:\n  - {name: s, workers: 1, service_time: 0s, queue: {capacity: 9}}\n"
                 "  - {name: t, workers: unlimited, service_time: 0s, queue: {capacity: 9}}\nfaults: [%s]\n",
                 cases[i][0]);
        char *errors = model_errors(text, NULL);
        if (!strstr(errors, cases[i][1]))
            fail_msg("%s: %s", cases[i][0], errors);
        free(errors);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_workers),      cmocka_unit_test(test_overlaps),
        cmocka_unit_test(test_service_time), cmocka_unit_test(test_queue_capacity),
        cmocka_unit_test(test_reject_cost),  cmocka_unit_test(test_error_ratio),
        cmocka_unit_test(test_attempts),     cmocka_unit_test(test_arrival_rate_is_load),
        cmocka_unit_test(test_think),        cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests_name("knob", tests, NULL, NULL);
}
