/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brownouts: when they begin and end, what they leave out, how much a service can do then. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/brownout.h"
#include "model_case.h"

#define EVERY(gap) "clients: [{name: a, arrival: {kind: renewal, gap: " gap "}, calls: s}]\n"

/* Five times what it can do in full. Full work 100 ms, degraded 30 ms (r = 0.3): mu / (1 - d (1 - r)) of 10/s. */
static void test_capacity(void **state)
{
    static const struct {
        const char *brownout;
        double per_s;
    } cases[] = {{"{enter: 200ms}", 10 / 0.3}, {"{enter: 200ms, part: 50%}", 10 / 0.65}, {"{enter: 1000s}", 10}};
    (void)state;
    for (int i = 0; i < 3; i++) {
        char text[700];
        snprintf(text, sizeof text,
                 "duration: 200s\nbin: 10s\n" EVERY("20ms")
                 "services: [{name: s, workers: 1, queue: {capacity: unlimited}, brownout: %s, program: [{work: 70ms, "
                 "optional: true}, {work: 30ms}]}]\n",
                 cases[i].brownout);
        struct model_case m = model_run(text);
        double served = (double)service_count(&m, 0, COUNT_SERVED), expected = cases[i].per_s * 200;
        /* It begins after at most 0.3 s; with `part` each attempt tosses a coin: 70 ms or not. */
        double sd = i == 1 ? sqrt(expected) * 0.5 * 0.07 * cases[i].per_s : 0;
        assert_true(fabs(served - expected) < 5 * sd + 10);
        model_free(&m);
    }
}

/* Arrivals at 1 s, six at once, 100 ms each in full, 10 ms degraded. Waits: 0, 100, 200 ms: the third begins the
 * brownout, so it and the later ones take 10 ms: 210, 220, 230 ms. At 3 s one more starts at once: full again. */
static void test_hysteresis(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 4s\n"
        "clients:\n  - {name: a, count: 6, arrival: {kind: burst, at: 1s}, calls: s}\n"
        "  - {name: b, arrival: {kind: burst, at: 3s}, calls: s}\n"
        "services: [{name: s, workers: 1, queue: {capacity: unlimited}, brownout: {enter: 150ms, leave: 20ms}, "
        "program: [{work: 10ms}, {work: 90ms, optional: true}]}]\n");
    assert_true(area_s(m.world->services[0].useful_ns * 100) == 34); /* 3 x 100 ms + 4 x 10 ms */
    assert_int_equal(service_count(&m, 0, COUNT_DEGRADED), 4);
    assert_int_equal(caller_count(&m, 0, COUNT_DEGRADED), 4);
    assert_true(area_s(level_area(&m.world->services[0].brownout->on, 4 * SECOND) * 10) == 18); /* 1.2 .. 3 s */
    model_free(&m);
}

/* Optional calls are not made, and the fallback work takes their place. */
static void test_calls(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 4s\n"
        "clients: [{name: a, count: 6, arrival: {kind: burst, at: 1s}, calls: s}]\n"
        "services:\n"
        "  - {name: s, workers: 1, queue: {capacity: unlimited}, brownout: {enter: 150ms}, calls: [{name: db, to: "
        "db}], program: [{call: db, optional: true, fallback: 20ms}, {work: 10ms}]}\n"
        "  - {name: db, workers: 1, service_time: 90ms, queue: {capacity: unlimited}}\n");
    assert_int_equal(service_count(&m, 1, COUNT_ATTEMPTS), 2);
    assert_int_equal(service_count(&m, 0, COUNT_DEGRADED), 4);
    assert_true(area_s(m.world->services[0].useful_ns * 100) == 14); /* 6 x 10 ms + 4 x 20 ms */
    model_free(&m);
}

static void test_errors(void **state)
{
    static const struct {
        const char *service, *error;
    } cases[] = {
        {"brownout: {enter: 1s}, program: [{work: 1s}]",
         "brownout: there is nothing to leave out; mark steps of the program with 'optional: true'"},
        {"program: [{work: 1s, optional: true}]",
         "program: optional work is left out in a brownout only, since work cannot fail; add 'brownout'"},
        {"brownout: {enter: 1s, leave: 2s}, program: [{work: 1s, optional: true}]",
         "brownout: 'leave' is longer than 'enter'"},
        {"brownout: {leave: 2s}, program: [{work: 1s, optional: true}]", "missing key 'enter' in a brownout"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[700];
        snprintf(text, sizeof text,
                 "name: t\nduration: 4s\n" EVERY("1s") "services: [{name: s, workers: 1, queue: {capacity: 1}, %s}]\n",
                 cases[i].service);
        char *errors = model_errors(text, NULL);
        if (!strstr(errors, cases[i].error))
            fprintf(stderr, "got: %s\n", errors);
        assert_non_null(strstr(errors, cases[i].error));
        free(errors);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_capacity),
        cmocka_unit_test(test_hysteresis),
        cmocka_unit_test(test_calls),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests_name("brownout", tests, NULL, NULL);
}
