/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When faults happen: once, again and again, at random; and what metrics and figures make of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/fault.h"
#include "model_case.h"
#include "study/metrics.h"
#include "study/run.h"

/* One request a second, answered at once: the bins without a success are the seconds that the outage covers. */
#define PULSE                                                                                                          \
    "clients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: s}]\n"                                              \
    "services: [{name: s, workers: 1, service_time: 0s, queue: {capacity: unlimited}}]\n"
#define REFUSE "{kind: outage, mode: refuse, service: s, "

static void check_failures(const char *fault, const char *bins)
{
    char text[1024];
    snprintf(text, sizeof text, "duration: 20s\n" PULSE "faults: [%s]\n", fault);
    struct model_case m = model_run(text);
    assert_caller_bins(&m, 0, COUNT_FAILED, bins);
    model_free(&m);
}

static void test_recurrence(void **state)
{
    (void)state;
    check_failures(REFUSE "at: 3s, every: 5s, for: 2s}", "0 0 0 1 1 0 0 0 1 1 0 0 0 1 1 0 0 0 1 1");
    check_failures(REFUSE "every: 5s, for: 2s}", "0 0 0 0 0 1 1 0 0 0 1 1 0 0 0 1 1 0 0 0");
    check_failures(REFUSE "at: 3s, every: 5s, lasting: 1s}", "0 0 0 1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1 0");
    check_failures(REFUSE "at: 3s, every: 5s, for: 2s, until: 8s}", "0 0 0 1 1 0 0 0 1 1 0 0 0 0 0 0 0 0 0 0");
    check_failures(REFUSE "at: 3s, every: 5s, for: 2s, until: 7999ms}", "0 0 0 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0");
    check_failures(REFUSE "at: 3s, lasting: 4s}", "0 0 0 1 1 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0");
}

/* One that would begin before the last has ended begins at its end: 2..5, 5..8, ...: no second between. */
static void test_recurrence_faster_than_it_lasts(void **state)
{
    (void)state;
    check_failures(REFUSE "at: 2s, every: 1s, for: 3s, until: 9s}", "0 0 1 1 1 1 1 1 1 1 1 0 0 0 0 0 0 0 0 0");
}

/* A stall of 0.5 s every 2 s: 3 s of work from 0 take 1 + 0.5 + ... : paused 2..2.5 only before 3.5 s. */
static void test_stall(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 6s\nbin: 500ms\n"
                                    "clients: [{name: a, arrival: {kind: burst}, calls: s}]\n"
                                    "services: [{name: s, workers: 1, service_time: 3s, queue: {capacity: 1}}]\n"
                                    "faults: [{kind: stall, service: s, every: 2s, for: 500ms}]\n");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 0 0 0 0 1 0 0 0 0");
    model_free(&m);
}

/* ---- at random ---- */

static struct fault_times plan_of(const struct scenario *scenario, size_t fault, uint64_t seed, uint32_t replication)
{
    return fault_plan_first(&scenario->variants[0].config.model, fault, seed, replication);
}

static const struct fault_config *fault_of(const struct scenario *scenario, size_t index)
{
    return &((const struct fault_config *)scenario->variants[0].config.model.faults.items)[index];
}

#define RANDOM_OUTAGE                                                                                                  \
    "{kind: outage, mode: pause, service: s, every: {law: exponential, mean: 100s}, "                                  \
    "lasting: {law: exponential, mean: 10s}}"

/* 20 000 failures: gaps of mean E max(every, lasting) = 100 + 10 - 1/(1/100 + 1/10) = 100.909 s, which is a little more
 * than `every`; lengths of mean 10 s. Five standard errors: 5 x 100 / sqrt(20000) = 3.5 s and 0.35 s. */
static void test_random_times(void **state)
{
    (void)state;
    struct scenario *scenario = model_scenario("duration: 1s\n" PULSE "faults: [" RANDOM_OUTAGE "]\n");
    struct fault_times times = plan_of(scenario, 0, 1, 1);
    double lengths = 0;
    int64_t first_ns = times.begins_ns, end_ns = -1;
    enum { FAILURES = 20000 };
    for (int i = 0; i < FAILURES; i++) {
        assert_true(times.begins_ns >= end_ns && times.ends_ns >= times.begins_ns);
        assert_int_equal(times.number, i);
        end_ns = times.ends_ns;
        lengths += (double)(times.ends_ns - times.begins_ns) * 1e-9;
        times = fault_plan_next(fault_of(scenario, 0), times);
    }
    assert_true(fabs(lengths / FAILURES - 10) < 0.35);
    assert_true(fabs((double)(times.begins_ns - first_ns) * 1e-9 / FAILURES - 100.909) < 3.5);
    scenario_free(scenario);
}

/* Named by kind and target: another kind in front changes nothing, another seed, replication or namesake does. */
static void test_random_times_have_names(void **state)
{
    (void)state;
    struct scenario *alone = model_scenario("duration: 1s\n" PULSE "faults: [" RANDOM_OUTAGE "]\n");
    struct scenario *more =
        model_scenario("duration: 1s\n" PULSE "faults: [{kind: speed, service: s, factor: 2, every: "
                       "9s, for: 1s}, " RANDOM_OUTAGE ", " RANDOM_OUTAGE "]\n");
    int64_t first_ns = plan_of(alone, 0, 1, 1).begins_ns;
    assert_int_equal(plan_of(more, 1, 1, 1).begins_ns, first_ns);
    assert_int_not_equal(plan_of(more, 2, 1, 1).begins_ns, first_ns);
    assert_int_not_equal(plan_of(alone, 0, 2, 1).begins_ns, first_ns);
    assert_int_not_equal(plan_of(alone, 0, 1, 2).begins_ns, first_ns);
    scenario_free(alone);
    scenario_free(more);
}

/* The world meets the very times of the plan. */
static void test_world_follows_the_plan(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 2000s\n" PULSE "faults: [{kind: outage, mode: refuse, service: s, every: "
                  "{law: exponential, mean: 60s}, lasting: {law: uniform, low: 0s, high: 30s}}]\n");
    struct fault_times times = plan_of(m.scenario, 0, 1, 1);
    for (uint32_t bin = 1; bin < 2000; bin++) {
        while (times.ends_ns <= bin * SECOND)
            times = fault_plan_next(fault_of(m.scenario, 0), times);
        bool off = times.begins_ns <= bin * SECOND;
        assert_int_equal(m.world->edges[0].place.rows[bin].counts[COUNT_FAILED], off);
    }
    assert_true(caller_count(&m, 0, COUNT_FAILED) > 100);
    model_free(&m);
}

/* ---- the incident ---- */

static void check_incident(const char *faults, int64_t begins_ms, int64_t ends_ms)
{
    char text[1024];
    int64_t begins_ns, ends_ns;
    snprintf(text, sizeof text, "duration: 100s\n" PULSE "faults: [%s]\n", faults);
    struct model_case m = model_run(text);
    assert_true(fault_incident(m.world, &begins_ns, &ends_ns));
    assert_int_equal(begins_ns, begins_ms * 1000000);
    assert_int_equal(ends_ns, ends_ms < 0 ? INT64_MAX : ends_ms * 1000000);
    model_free(&m);
}

/* From the first beginning to the last end; what recurs without end counts only where there is nothing else. */
static void test_incident(void **state)
{
    (void)state;
    check_incident(REFUSE "at: 30s, for: 10s}", 30000, 40000);
    check_incident(REFUSE "at: 30s, for: 10s}, {kind: speed, service: s, factor: 2, at: 20s, for: 5s}", 20000, 40000);
    check_incident(REFUSE "at: 30s}", 30000, -1);
    check_incident(REFUSE "at: 7s, every: 20s, for: 1s}", 7000, 88000);
    check_incident(REFUSE "at: 7s, every: 20s, for: 1s, until: 30s}", 7000, 28000);
    check_incident("{kind: stall, service: s, every: 3s, for: 1s}, " REFUSE "at: 30s, for: 10s}", 30000, 40000);
    check_incident(REFUSE "at: 7s, every: 20s, for: 1s, until: 30s}, {kind: stall, service: s, every: 3s, for: 1s}",
                   7000, 28000);
}

/* A stall every 4 s would leave no 5 s for a recovery; the outage of 30..40 s is what recovery counts from. */
static void test_recovery_from_the_incident(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 100s\n" PULSE "faults:\n"
                                    "  - {kind: stall, service: s, every: 4s, for: 100ms}\n"
                                    "  - {kind: outage, mode: refuse, service: s, at: 30s, for: 10s}\n");
    double values[METRICS_MAX];
    metrics_of_callers(m.world, NONE, values);
    for (size_t i = 0; i < metrics_count(PLACE_CALLER); i++)
        if (strcmp(metrics_info(PLACE_CALLER, i)->name, "recovery_s") == 0)
            assert_true(values[i] == 0);
    model_free(&m);
}

/* ---- bands of figures ---- */

static struct result *study(const char *faults)
{
    char text[1024];
    snprintf(text, sizeof text, "duration: 100s\nreplications: 1\n" PULSE "faults: [%s]\n", faults);
    struct scenario *scenario = model_scenario(text);
    struct result *result = study_run(scenario, &(struct run_options){.seed = -1, .jobs = 1});
    scenario_free(scenario);
    return result;
}

static void assert_band(const struct result *result, size_t index, const char *label, double from_s, double to_s)
{
    assert_true(index < result->fault_count);
    assert_string_equal(result->faults[index].label, label);
    assert_true(fabs(result->faults[index].from_s - from_s) < 1e-9 && fabs(result->faults[index].to_s - to_s) < 1e-9);
}

static void test_bands(void **state)
{
    (void)state;
    struct result *few = study(REFUSE "at: 30s, every: 30s, for: 10s}, {kind: scale, path: services.s.service_time, "
                                      "factor: 2, at: 90s}");
    assert_int_equal(few->fault_count, 4);
    assert_band(few, 0, "outage s", 30, 40);
    assert_band(few, 2, "outage s", 90, 100);
    assert_band(few, 3, "scale services.s.service_time", 90, 100);
    struct result *many = study("{kind: stall, service: s, every: 2s, for: 500ms}");
    assert_int_equal(many->fault_count, 1);
    assert_band(many, 0, "stall s, 49 times", 2, 98.5);
    result_free(few);
    result_free(many);
}

/* ---- mistakes ---- */

static void test_mistakes(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {REFUSE "for: 1s}", "5:10: error: missing key 'at' in a fault (when it begins)"},
        {REFUSE "at: -1s}", "5:55: error: at: '-1s' is negative: a duration is 0 or more"},
        {REFUSE "at: 1s, for: -2s}", "5:64: error: for: '-2s' is negative: a duration is 0 or more"},
        {REFUSE "at: 1s, for: 1s, lasting: 2s}",
         "5:77: error: 'for' (a fixed length) and 'lasting' (a law) exclude each other"},
        {REFUSE "at: 1s, every: 1s}", "5:66: error: every: say how long it lasts each time ('for' or 'lasting')"},
        {REFUSE "at: 1s, every: 0s, for: 1s}", "5:66: error: every: a time of 0 would stop the clock"},
        {REFUSE "at: 1s, until: 2s}", "5:66: error: until: only a fault that comes again ('every') needs it"},
        {REFUSE "at: 3s, every: 1s, for: 1s, until: 2s}", "5:86: error: until: it would end before it begins"},
        {"{kind: stall, service: s, at: 1s, for: 1s}",
         "5:17: error: stall: missing key 'every' (law of the time from one beginning to the next)"},
        {"{kind: clients-restart, clients: a, at: 1s}",
         "5:43: error: clients: 'a' has nothing to start anew: neither 'connect' nor 'closed'"},
        {"{kind: disconnect, clients: a, at: 1s}",
         "5:38: error: clients: 'a' has no sessions: give it a 'connect' step"},
        {"{kind: flush, cache: s, at: 1s, lasting: 1s}", "error: lasting: a flush is an event, it has no length"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[1024];
        snprintf(text, sizeof text, "name: x\nduration: 20s\n" PULSE "faults: [%s]\n", cases[i][0]);
        char *errors = model_errors(text, NULL);
        if (!strstr(errors, cases[i][1]))
            fail_msg("%s: %s", cases[i][0], errors);
        free(errors);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recurrence),
        cmocka_unit_test(test_recurrence_faster_than_it_lasts),
        cmocka_unit_test(test_stall),
        cmocka_unit_test(test_random_times),
        cmocka_unit_test(test_random_times_have_names),
        cmocka_unit_test(test_world_follows_the_plan),
        cmocka_unit_test(test_incident),
        cmocka_unit_test(test_recovery_from_the_incident),
        cmocka_unit_test(test_bands),
        cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests_name("fault plan", tests, NULL, NULL);
}
