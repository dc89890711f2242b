/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scripts as a policy's backoff: the same waits as the built-in they restate, state by request, errors in a run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model_case.h"

#define REFUSING                                                                                   \
    "services: [{name: s, workers: unlimited, service_time: 1s, queue: {capacity: 0}}]\n"          \
    "faults: [{kind: outage, mode: refuse, service: s, at: 0s}]\n"

/* 1000 clients, 6 attempts each, every one refused: the shipped script draws what the built-in draws, so that every
 * bin of every counter is the same. Two populations of one name would not be; hence two runs. */
static void test_same_as_the_builtin(void **state)
{
    (void)state;
    static const char *const backoffs[] = {"{shape: exponential, base: 100ms, cap: 10s, jitter: full}",
                                           "{script: scenarios/full-jitter.lua}"};
    struct model_case m[2];
    for (int i = 0; i < 2; i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "duration: 20s\nbin: 10ms\nclients: [{name: a, count: 1000, arrival: {kind: burst}, calls: s, policy: "
                 "{attempts: 6, backoff: %s}}]\n" REFUSING, backoffs[i]);
        m[i] = model_run(text);
    }
    assert_int_equal(caller_count(&m[0], 0, COUNT_ATTEMPTS), 6000);
    for (uint32_t bin = 0; bin < m[0].world->bins; bin++)
        assert_memory_equal(m[0].world->edges[0].place.rows[bin].counts, m[1].world->edges[0].place.rows[bin].counts,
                            sizeof m[0].world->edges[0].place.rows[bin].counts);
    model_free(&m[0]);
    model_free(&m[1]);
}

/* Overloaded three times: waits of 1/2..1, 1..2, 2..4 s, then nil: four attempts, although ten are allowed. Refused:
 * within 0.2 s, ten attempts. */
static void test_state_and_outcome(void **state)
{
    (void)state;
    static const char policy[] = "policy: {attempts: 10, backoff: {script: scenarios/slow-start-on-overload.lua}}";
    char text[1024];
    snprintf(text, sizeof text,
             "duration: 10s\nbin: 500ms\nclients: [{name: a, count: 100, arrival: {kind: burst}, calls: s, %s}]\n"
             "services: [{name: s, workers: 1, service_time: 100s, queue: {capacity: 0}}]\n", policy);
    struct model_case m = model_run(text);
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 1 + 99 * 4);
    assert_int_equal(m.world->edges[0].place.rows[0].counts[COUNT_RETRIES], 0);
    assert_int_equal(m.world->edges[0].place.rows[1].counts[COUNT_RETRIES], 99);
    model_free(&m);
    snprintf(text, sizeof text, "duration: 10s\nbin: 2s\nclients: [{name: a, count: 100, arrival: {kind: burst}, "
             "calls: s, %s}]\n" REFUSING, policy);
    m = model_run(text);
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "1000 0 0 0 0");
    model_free(&m);
}

/* The cap and the limits of the backoff hold for scripts, too. */
static void test_cap_holds(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\nclients: [{name: a, arrival: {kind: burst}, calls: s, policy: "
                                    "{attempts: 4, backoff: {script: scenarios/full-jitter.lua, "
                                    "min_wait: 1s, max_wait: 1s}}}]\n"
                                    REFUSING);
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "1 1 1 1 0");
    model_free(&m);
}

/* An error that only the 20th retry meets stops the world, and the world says what it was. */
static void test_error_stops_the_world(void **state)
{
    (void)state;
    char path[] = "/tmp/test_script_model." "XX" "XX" "XX", text[1024];
    int descriptor = mkstemp(path);
    FILE *file = fdopen(descriptor, "w");
    fputs("function delay(n)\n  if n == 20 then return nothing.x end\n  return 0.01\nend\n", file);
    fclose(file);
    snprintf(text, sizeof text,
             "duration: 100s\nclients: [{name: a, arrival: {kind: burst}, calls: s, policy: {attempts: unlimited, "
             "backoff: {script: %s}}}]\n" REFUSING, path);
    struct model_case m = {.scenario = model_scenario(text)};
    unlink(path);
    m.world = world_new(&m.scenario->variants[0].config.model, 1, 1);
    assert_false(world_run(m.world, &(struct run_control){0}));
    assert_non_null(strstr(world_error(m.world), ":2: attempt to index a nil value (global 'nothing')"));
    model_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_as_the_builtin),
        cmocka_unit_test(test_state_and_outcome),
        cmocka_unit_test(test_cap_holds),
        cmocka_unit_test(test_error_stops_the_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
