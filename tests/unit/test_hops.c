/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of the hops of a call graph: load, capacity, who gave in first. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "model_case.h"
#include "output/figure.h"
#include "output/saturation.h"
#include "study/metrics.h"
#include "study/run.h"

#define GRAPH(front, back)                                                                                             \
    "duration: 60s\nclients: [{name: a, arrival: {kind: renewal, gap: 100ms}, calls: f}]\nservices:\n"                 \
    "  - {name: f, workers: 10, queue: {capacity: unlimited}, calls: [{name: b, to: b, policy: {" front "}}], "        \
    "program: [{work: 10ms}, {call: b, times: 2}]}\n"                                                                  \
    "  - {name: b, workers: 4, service_time: 100ms, queue: {capacity: unlimited}" back "}\n"

/* f alone does 10 / 10 ms = 1000 a second; b 4 / 100 ms = 40, and each attempt at f needs two of them: 20. */
static void test_nominal_capacity(void **state)
{
    (void)state;
    struct model_case m = model_run(GRAPH("", ""));
    assert_true(m.world->services[0].nominal_per_s == 20);
    assert_true(m.world->services[1].nominal_per_s == 40);
    assert_true(fabs(service_metric(m.world, 0, "peak_load_ratio") - 10 / 20.0) < 1e-9);
    assert_true(fabs(service_metric(m.world, 1, "attempts_per_request") - 2) < 0.01);
    assert_true(isnan(service_metric(m.world, 0, "saturated_s")));
    model_free(&m);
}

/* b stands still from 20 to 40 s: it is away at once. f's ten workers wait for it after 1 s: busy over 21 .. 26 s. */
static void test_order(void **state)
{
    (void)state;
    struct model_case m =
        model_run(GRAPH("", "") "faults: [{kind: outage, mode: pause, service: b, at: 20s, for: 20s}]\n");
    assert_true(service_metric(m.world, 1, "saturated_s") == 20);
    assert_true(service_metric(m.world, 0, "saturated_s") == 21);
    /* For 19 s all ten wait (and a little before and after). */
    assert_true(service_metric(m.world, 0, "held_workers_avg") > 10 * 19 / 60.0);
    model_free(&m);
}

/* A burst of six keeps the worker busy from 0 to 12 s. What happens before the first fault is not looked at; without a
 * fault everything is. */
static void test_from_the_incident_on(void **state)
{
    static const char *const texts[] = {"", "faults: [{kind: speed, service: s, factor: 1, at: 30s, for: 1s}]\n"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        char text[900];
        snprintf(text, sizeof text,
                 "duration: 60s\nclients: [{name: a, count: 6, arrival: {kind: burst}, calls: s}, {name: b, arrival: "
                 "{kind: renewal, gap: 2s}, calls: s}]\nservices: [{name: s, workers: 1, service_time: 1s, queue: "
                 "{capacity: unlimited, discipline: lifo}}]\n%s",
                 texts[i]);
        struct model_case m = model_run(text);
        double begins_s = service_metric(m.world, 0, "saturated_s");
        assert_true(i == 0 ? begins_s == 0 : isnan(begins_s));
        model_free(&m);
    }
}

/* An optional call that fails half of the time: about half of the answers are degraded, at both ends. */
static void test_degraded(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 100s\nbin: 10s\nclients: [{name: a, arrival: {kind: renewal, gap: 100ms}, calls: f}]\nservices:\n"
        "  - {name: f, workers: 10, queue: {capacity: unlimited}, calls: [{name: b, to: b}], program: [{call: b, "
        "optional: true}]}\n"
        "  - {name: b, workers: 4, service_time: 10ms, error_ratio: 50%, queue: {capacity: unlimited}}\n");
    double ratio = caller_metric(m.world, 0, "degraded_ratio");
    assert_true(fabs(ratio - 0.5) < 5 * sqrt(0.25 / 999));
    assert_true(service_metric(m.world, 0, "degraded_ratio") == ratio);
    model_free(&m);
}

static void test_summary(void **state)
{
    (void)state;
    struct scenario *scenario = model_scenario(GRAPH(
        "", "") "faults: [{kind: outage, mode: pause, service: b, at: 20s, for: 20s}]\nstrategies: [{name: x}, {name: "
                "longer, set: {services.f.workers: 1000}}, {name: z, set: {services.b.workers: unlimited, "
                "services.f.workers: unlimited}}]\n");
    struct run_options options = {.jobs = 1, .replications = 2, .seed = -1, .command = ""};
    struct result *result = study_run(scenario, &options);
    struct text text = text_in_memory();
    output_saturation(result, 6, &text);
    assert_string_equal(text.bytes, "saturated, in this order (all workers busy for 5 s, or away):\n"
                                    "  x       b at 20 s, then f at 21 s\n"
                                    "  longer  b at 20 s\n"
                                    "  z       b at 20 s\n"
                                    "\n");
    text_free(&text);
    result_free(result);
    scenario_free(scenario);
}

/* The picture of the inner hop that is hit hardest: of c, which gets 10/s and can do 5, not of b, which gets 20 and can
 * do 40. There is none where clients call every service. */
static void test_picture(void **state)
{
    static const char *const texts[] = {
        "duration: 20s\nclients: [{name: a, arrival: {kind: renewal, gap: 100ms}, calls: f}]\nservices:\n"
        "  - {name: f, workers: 99, queue: {capacity: 9}, calls: [{name: b, to: b}, {name: c, to: c}], program: "
        "[{call: b, "
        "times: 2}, {call: c}]}\n"
        "  - {name: b, workers: 4, service_time: 100ms, queue: {capacity: 9}}\n"
        "  - {name: c, workers: 1, service_time: 200ms, queue: {capacity: 9}}\n",
        "duration: 9s\nclients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: s}]\n"
        "services: [{name: s, workers: 1, service_time: 1ms, queue: {capacity: 1}}]\n"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct scenario *scenario = model_scenario(texts[i]);
        struct run_options options = {.jobs = 1, .replications = 1, .seed = -1, .command = ""};
        struct result *result = study_run(scenario, &options);
        struct text text = text_in_memory();
        assert_true(figure_script(result, &output_hop, FIGURE_SVG, &text) == (i == 0));
        assert_true(i == 1 || strstr(text.bytes, "attempts per second that arrive at c ("));
        text_free(&text);
        result_free(result);
        scenario_free(scenario);
    }
}

/* Replicas that results show are places, but not services of their own: with one service none is named. */
static void test_replicas_are_no_services(void **state)
{
    (void)state;
    struct scenario *scenario =
        model_scenario("duration: 9s\nclients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: s}]\n"
                       "services: [{name: s, pool: {replicas: 2, report: each}, workers: 1, service_time: 1ms, queue: "
                       "{capacity: 1}}]\n");
    struct run_options options = {.jobs = 1, .replications = 1, .seed = -1, .command = ""};
    struct result *result = study_run(scenario, &options);
    struct text text = text_in_memory();
    assert_int_equal(result_service_count(&result->strategies[0]), 1);
    series_name_entrances(&result->strategies[0], "of", &text);
    assert_int_equal(text.length, 0);
    text_free(&text);
    result_free(result);
    scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nominal_capacity),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_from_the_incident_on),
        cmocka_unit_test(test_degraded),
        cmocka_unit_test(test_summary),
        cmocka_unit_test(test_picture),
        cmocka_unit_test(test_replicas_are_no_services),
    };
    return cmocka_run_group_tests_name("hops", tests, NULL, NULL);
}
