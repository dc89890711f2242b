/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One speed for all in service: processor sharing, rate curves, warm-up; by hand, and against exact formulas. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/rate.h"
#include "model/warm_up.h"
#include "model_case.h"

/* Populations a, b, ... of one attempt each, that send at the times given; `service` says the rest of service s,
 * `faults` may be empty. */
static struct model_case run_at(const char *const *times, const char *service, const char *faults)
{
    char text[4096];
    int used = snprintf(text, sizeof text, "duration: 20s\nbin: 100ms\nclients:\n");
    for (int i = 0; times[i]; i++)
        used += snprintf(text + used, sizeof text - (size_t)used,
                         "  - {name: p%d, arrival: {kind: burst, at: %s}, calls: s}\n", i, times[i]);
    used += snprintf(text + used, sizeof text - (size_t)used, "services: [{name: s, %s}]\n%s", service, faults);
    assert_true(used < (int)sizeof text);
    return model_run(text);
}

/* When population i was answered, from the latency that it saw. */
static double answered_s(const struct model_case *m, uint32_t client, double sent_s)
{
    assert_int_equal(caller_count(m, client, COUNT_GOOD), 1);
    return sent_s + (double)m->world->edges[client].place.latency->total.max * 1e-9;
}

#define AT(...) ((const char *const[]){__VA_ARGS__, NULL})
#define assert_time(value, expected) assert_true(fabs((value) - (expected)) < 2.5e-9)

/* ---- processor sharing ---- */

/* Alone until 1 s, then two share: a's second half takes 2 s. b has got half by then, and is alone again. */
static void test_two_share(void **state)
{
    (void)state;
    struct model_case m =
        run_at(AT("0s", "1s"), "workers: 1, service_time: 2s, queue: {discipline: ps, capacity: 5}", "");
    assert_time(answered_s(&m, 0, 0), 3);
    assert_time(answered_s(&m, 1, 1), 4);
    assert_true(area_s(model_areas(&m, 0).busy) == 4 && area_s(model_areas(&m, 0).useful) == 4);
    assert_true(area_s(model_areas(&m, 0).in_system) == 6 && area_s(model_areas(&m, 0).in_queue) == 0);
    model_free(&m);
}

/* Three on two workers, each at two thirds of the speed: done at 1.5 s. Both workers are busy all that time. */
static void test_three_on_two(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 3s\n"
                                    "clients: [{name: a, count: 3, arrival: {kind: burst}, calls: s}]\n"
                                    "services: [{name: s, workers: 2, service_time: 1s, "
                                    "queue: {discipline: ps, capacity: 5}}]\n");
    const struct bin_row *rows = m.world->services[0].place.rows;
    assert_true(fabs(rows[0].busy_ratio - 1) < 1e-8 && fabs(rows[1].busy_ratio - 0.5) < 1e-8);
    assert_true(rows[2].busy_ratio == 0);
    assert_true(rows[0].in_service == 3 && rows[0].queue_length == 0);
    assert_time((double)m.world->edges[0].place.latency->total.max * 1e-9, 1.5);
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 3 0");
    model_free(&m);
}

/* As many as workers + capacity. */
static void test_admission(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\n"
                                    "clients: [{name: a, count: 9, arrival: {kind: burst}, calls: s}]\n"
                                    "services: [{name: s, workers: 2, service_time: 1s, "
                                    "queue: {discipline: ps, capacity: 3}}]\n");
    assert_int_equal(service_count(&m, 0, COUNT_REJECTED), 4);
    assert_int_equal(service_count(&m, 0, COUNT_STARTED), 5);
    assert_int_equal(service_count(&m, 0, COUNT_WAITED), 0);
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 5 0 0 0 0 0 0");
    model_free(&m);
}

/* a has half of its second when the pause begins, and shares the rest with b, who came in the pause. */
static void test_pause(void **state)
{
    (void)state;
    struct model_case m = run_at(AT("0s", "1s"), "workers: 1, service_time: 1s, queue: {discipline: ps, capacity: 5}",
                                 "faults: [{kind: outage, mode: pause, service: s, at: 500ms, for: 2s}]\n");
    assert_time(answered_s(&m, 0, 0), 3.5);
    assert_time(answered_s(&m, 1, 1), 4);
    assert_true(area_s(model_areas(&m, 0).busy) == 2);
    model_free(&m);
}

/* At half the speed from 1 s to 3 s a gets 1 s + 1 s, then all the rest. Worker time is what the worker spends. */
static void test_speed(void **state)
{
    (void)state;
    struct model_case m = run_at(AT("0s"), "workers: 1, service_time: 3s, queue: {discipline: ps, capacity: 5}",
                                 "faults: [{kind: speed, service: s, factor: 0.5, at: 1s, for: 2s}]\n");
    assert_time(answered_s(&m, 0, 0), 4);
    assert_true(area_s(model_areas(&m, 0).useful) == 4);
    model_free(&m);
}

/* Two on two workers; one worker is left from 1 s to 3 s, none from 3 s to 4 s: 1 + 2/2 + 0, then the last second. */
static void test_workers(void **state)
{
    (void)state;
    struct model_case m = run_at(AT("0s", "0s"), "workers: 2, service_time: 3s, queue: {discipline: ps, capacity: 5}",
                                 "faults:\n  - {kind: capacity, service: s, factor: 0.5, at: 1s, for: 2s}\n"
                                 "  - {kind: capacity, service: s, factor: 0, at: 3s, for: 1s}\n");
    assert_time(answered_s(&m, 0, 0), 5);
    assert_time(answered_s(&m, 1, 0), 5);
    assert_true(area_s(model_areas(&m, 0).busy) == 6);
    model_free(&m);
}

/* b gives up at 1 s and is taken out: it had half a second of the worker's time. a needs 1.5 s more. */
static void test_cancel(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 9s\n"
                  "clients:\n  - {name: a, arrival: {kind: burst}, calls: s}\n"
                  "  - {name: b, arrival: {kind: burst}, calls: s, policy: {timeout: 1s}}\n"
                  "services: [{name: s, workers: 1, service_time: 2s, queue: {discipline: ps, capacity: 5}, "
                  "cancel: running}]\n");
    assert_time(answered_s(&m, 0, 0), 2.5);
    assert_true(area_s(model_areas(&m, 0).wasted) == 0.5 && area_s(model_areas(&m, 0).useful) == 2);
    assert_int_equal(service_count(&m, 0, COUNT_CANCELLED), 1);
    model_free(&m);
}

/* b is rejected, which costs 0.5 s: c works that off before its own second. */
static void test_rejections_are_paid(void **state)
{
    (void)state;
    struct model_case m = run_at(AT("0s", "500ms", "2s"), "workers: 1, service_time: 1s, reject_cost: 500ms, "
                                                          "queue: {discipline: ps, capacity: 0}", "");
    assert_int_equal(caller_count(&m, 1, COUNT_REJECTED), 1);
    assert_time(answered_s(&m, 2, 2), 3.5);
    assert_true(area_s(model_areas(&m, 0).reject) == 0.5 && area_s(model_areas(&m, 0).useful) == 2);
    assert_int_equal(m.world->services[0].wait->max, SECOND / 2);
    model_free(&m);
}

/* c gives up at 2.25 s, when it has worked off half of the rejection: the other half is owed again, and d pays. */
static void test_cancelled_while_paying(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 9s\n"
                  "clients:\n  - {name: a, arrival: {kind: burst}, calls: s}\n"
                  "  - {name: b, arrival: {kind: burst, at: 500ms}, calls: s}\n"
                  "  - {name: c, arrival: {kind: burst, at: 2s}, calls: s, policy: {timeout: 250ms}}\n"
                  "  - {name: d, arrival: {kind: burst, at: 4s}, calls: s}\n"
                  "services: [{name: s, workers: 1, service_time: 1s, reject_cost: 500ms, cancel: running, "
                  "queue: {discipline: ps, capacity: 0}}]\n");
    assert_time(answered_s(&m, 3, 4), 5.25);
    assert_true(area_s(model_areas(&m, 0).reject) == 0.5 && area_s(model_areas(&m, 0).wasted) == 0);
    model_free(&m);
}

/* A stampede on 20 workers: lambda a second, each with S of work, all sharing. The first is done when
 * 20 gaps + sum over n > 20 of (20 / n) gaps = S; for many, that is (c / lambda) exp((S - c / lambda) lambda / c). */
static void check_stampede(int gap_us, double work_s, double fluid_s)
{
    char text[512];
    double gap_s = gap_us * 1e-6, done_s = 0, work = 0;
    for (int n = 1; work < work_s; n++) {
        double step = gap_s * (n <= 20 ? 1 : 20.0 / n);
        done_s += gap_s * fmin(1, (work_s - work) / step);
        work += step;
    }
    assert_true(fabs(done_s / fluid_s - 1) < 0.04);
    snprintf(text, sizeof text, "duration: 3s\nbin: 1ms\n"
             "clients: [{name: a, arrival: {kind: renewal, gap: %dus}, calls: s}]\n"
             "services: [{name: s, workers: 20, service_time: 200ms, queue: {discipline: ps, capacity: unlimited}}]\n",
             gap_us);
    struct model_case m = model_run(text);
    uint32_t bin = 0;
    while (m.world->edges[0].place.rows[bin].counts[COUNT_GOOD] == 0)
        bin++;
    double first_s = done_s + gap_s; /* the first comes after a gap */
    assert_int_equal(bin, (int)(first_s * 1000));
    model_free(&m);
}

static void test_stampede(void **state)
{
    (void)state;
    check_stampede(2000, 0.2, 0.04 * exp(4));
    check_stampede(5000, 0.2, 0.1 * exp(1));
}

/* A crowd of 10^4 that slows itself down: the planned completion is put off, not planned anew at each arrival. */
static void test_few_events(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 1h\nbin: 1h\n"
                                    "clients: [{name: a, count: 10k, arrival: {kind: burst, spread: 1s}, calls: s}]\n"
                                    "services: [{name: s, workers: 1, service_time: 100ms, "
                                    "queue: {discipline: ps, capacity: unlimited}}]\n");
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 10000);
    assert_in_range(m.world->events_done[EVENT_SHARED_DONE], 10000, 10100);
    model_free(&m);
}

static void test_no_drop_rule(void **state)
{
    (void)state;
    char *errors = model_errors("name: t\nduration: 1s\nclients: [{name: a, arrival: {kind: burst}, calls: s}]\n"
                                "services: [{name: s, workers: 1, service_time: 1s,\n"
                                "  queue: {discipline: ps, capacity: 1, drop: codel}}]\n", NULL);
    assert_string_equal(errors, "t.yaml:5:10: error: a queue: in ps nobody waits, so a drop rule has nothing to do: "
                                "leave 'drop' out\n");
    free(errors);
}

/* ---- rate curves ---- */

/* Two in service at half the speed each (usl: 1 / (1 + 0.5 x 2); amdahl: 1 / (1 + 1)): done at 2 s. */
static void test_curves(void **state)
{
    (void)state;
    static const char *const curves[] = {"kind: usl, sigma: 0, kappa: 0.5", "kind: usl, sigma: 1, kappa: 0",
                                         "kind: amdahl, sigma: 1", "kind: memory, safe: 1, width: 1"};
    for (int i = 0; i < 4; i++) {
        char service[256];
        snprintf(service, sizeof service, "workers: unlimited, service_time: 1s, rate: {%s}, queue: {capacity: 0}",
                 curves[i]);
        struct model_case m = run_at(AT("0s", "0s"), service, "");
        assert_time(answered_s(&m, 0, 0), 2);
        assert_time(answered_s(&m, 1, 0), 2);
        assert_true(area_s(model_areas(&m, 0).busy) == 4); /* the worker is taken as long as the work takes */
        model_free(&m);
    }
}

/* Who waits takes memory, too: with one in service and one waiting all goes at half the speed. */
static void test_memory_counts_who_waits(void **state)
{
    (void)state;
    struct model_case m = run_at(AT("0s", "0s"), "workers: 1, service_time: 1s, rate: {kind: memory, safe: 1, width: "
                                                 "1}, queue: {capacity: 5}", "");
    assert_time(answered_s(&m, 0, 0), 2);
    assert_time(answered_s(&m, 1, 0), 3);
    model_free(&m);
    m = run_at(AT("0s", "0s"), "workers: 1, service_time: 1s, rate: {kind: usl, sigma: 1, kappa: 1}, queue: "
                               "{capacity: 5}", "");
    assert_time(answered_s(&m, 1, 0), 2);
    model_free(&m);
}

static struct scenario *parse_rate(const char *rate, const char *workers)
{
    char text[512];
    snprintf(text, sizeof text, "duration: 1s\nclients: [{name: a, arrival: {kind: burst}, calls: s}]\n"
             "services: [{name: s, workers: %s, service_time: 10ms, rate: {%s}, queue: {capacity: 0}}]\n",
             workers, rate);
    return model_scenario(text);
}

static double capacity_of(const char *rate, const char *workers)
{
    struct scenario *scenario = parse_rate(rate, workers);
    const struct service_config *service = scenario->variants[0].config.model.services.items;
    double capacity = config_capacity_per_s(service, service->workers, 1);
    scenario_free(scenario);
    return capacity;
}

/* gamma = 100, sigma = 0.02, kappa = 0.0005: n* = 44.3, X* = 1568. */
static void test_capacity(void **state)
{
    (void)state;
    static const char *const usl = "kind: usl, sigma: 0.02, kappa: 0.0005";
    assert_true(capacity_of("kind: constant", "7") == 700 && isinf(capacity_of("kind: constant", "unlimited")));
    assert_true(fabs(capacity_of(usl, "unlimited") - 4400 / (1 + 0.02 * 43 + 0.0005 * 44 * 43)) < 1e-9);
    assert_true(fabs(capacity_of(usl, "unlimited") - 1568) < 0.5);
    assert_true(capacity_of(usl, "500") == capacity_of(usl, "44"));
    assert_true(fabs(capacity_of(usl, "10") - 1000 / (1 + 0.02 * 9 + 0.0005 * 90)) < 1e-9);
    assert_true(fabs(capacity_of("kind: amdahl, sigma: 0.02", "unlimited") - 5000) < 1e-6);
    assert_true(isinf(capacity_of("kind: usl, sigma: 0, kappa: 0", "unlimited")));
    /* sqrt(30^2 + 40^2) = 50 attempts: speed 1 / (1 + 1/4) */
    assert_true(fabs(capacity_of("kind: memory, safe: 30, width: 40", "unlimited") - 4000) < 1e-9);
    assert_true(fabs(capacity_of("kind: memory, safe: 30, width: 40", "20") - 2000) < 1e-9);
}

/* The two concurrencies at which a load of 0.8 X* is just served solve a quadratic. */
static void test_usl_fixed_points(void **state)
{
    (void)state;
    double sigma = 0.02, kappa = 5e-4, gamma = 100, lambda = 0.8 * 1568.2;
    double a = lambda * kappa, b = lambda * (sigma - kappa) - gamma, c = lambda * (1 - sigma);
    double root = sqrt(b * b - 4 * a * c), low = (-b - root) / (2 * a), high = (-b + root) / (2 * a);
    struct scenario *scenario = parse_rate("kind: usl, sigma: 0.02, kappa: 0.0005", "1");
    const struct rate_config *rate = &((const struct service_config *)
                                           scenario->variants[0].config.model.services.items)->rate;
    const struct rate_row *row = (const struct rate_row *)rate->choice.row;
    assert_true(fabs(low - 19.4) < 0.05 && fabs(high - 101) < 0.5);
    assert_true(fabs(gamma * low * row->speed(rate->choice.parameters, low) - lambda) < 1e-9 * lambda);
    assert_true(fabs(gamma * high * row->speed(rate->choice.parameters, high) - lambda) < 1e-9 * lambda);
    scenario_free(scenario);
}

/* ---- exact: with exponential work the number here is a birth and death process, whatever the curve ---- */

typedef double rate_of(double n);     /* attempts a second that are done when n are here; service time 10 ms */

static double usl_20(double n) { n = fmin(n, 20); return 100 * n / (1 + 0.02 * (n - 1) + 0.005 * n * (n - 1)); }
static double memory_5(double n) { double over = fmax(n - 10, 0) / 50; return 100 * fmin(n, 5) / (1 + over * over); }
static double amdahl_9(double n) { n = fmin(n, 9); return 100 * n / (1 + 0.3 * (n - 1)); }
static double ps_3(double n) { return 100 * fmin(n, 3); }
static double ps_3_amdahl(double n) { return 100 * fmin(n, 3) / (1 + 0.02 * (n - 1)); }

/* Mean number here with at most `room`. */
static double birth_and_death(rate_of *rate, double lambda, int room)
{
    double p = 1, sum = 1, mean = 0;
    for (int n = 1; n <= room; n++) {
        p *= lambda / rate(n);
        sum += p;
        mean += n * p;
    }
    return mean / sum;
}

/* 30 independent runs; 5 standard errors. */
static void check_mean(const char *service, rate_of *rate, double lambda, int room)
{
    enum { RUNS = 30 };
    char text[1024];
    double sum = 0, squares = 0, exact = birth_and_death(rate, lambda, room);
    snprintf(text, sizeof text, "duration: 130s\nbin: 10s\nwarmup: 10s\n"
             "clients: [{name: a, arrival: {kind: poisson, rate: %g/s}, calls: s}]\n"
             "services: [{name: s, service_time: {law: exponential, mean: 10ms}, %s}]\n", lambda, service);
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct model_case m = model_run_seed(text, seed);
        struct service_areas now = model_areas(&m, 0), before = m.world->services[0].at_warmup;
        double mean = area_s(now.in_system - before.in_system) / 120;
        sum += mean;
        squares += mean * mean;
        model_free(&m);
    }
    double mean = sum / RUNS, error = sqrt((squares / RUNS - mean * mean) / (RUNS - 1));
    if (fabs(mean - exact) > 5 * error)
        fail_msg("%s: %g, exact %g, standard error %g", service, mean, exact, error);
}

static void test_birth_and_death(void **state)
{
    (void)state;
    check_mean("workers: 20, rate: {kind: usl, sigma: 0.02, kappa: 0.005}, queue: {capacity: 60}", usl_20, 450, 80);
    check_mean("workers: 5, rate: {kind: memory, safe: 10, width: 50}, queue: {capacity: 30}", memory_5, 400, 35);
    check_mean("workers: 9, rate: {kind: amdahl, sigma: 0.3}, queue: {capacity: 50}", amdahl_9, 220, 59);
    check_mean("workers: 3, queue: {discipline: ps, capacity: 50}", ps_3, 240, 53);
    check_mean("workers: 3, rate: {kind: amdahl, sigma: 0.02}, queue: {discipline: ps, capacity: 30}", ps_3_amdahl,
               200, 33);
}

/* ---- warm-up ---- */

/* From 0 in 2 s: the work done by t is t^2/4, a second of it by 2 s. From a half: t/2 + t^2/8, by sqrt(12) - 2. */
static void test_cold_start(void **state)
{
    (void)state;
    struct model_case m = run_at(AT("0s", "3s"), "workers: 1, service_time: 1s, warm_up: {from: 0%, over: 2s, "
                                                 "cold_start: true}, queue: {capacity: 5}", "");
    assert_time(answered_s(&m, 0, 0), 2);
    assert_time(answered_s(&m, 1, 3), 4);
    model_free(&m);
    m = run_at(AT("0s"), "workers: 1, service_time: 1s, warm_up: {from: 50%, over: 2s, cold_start: true}, "
                         "queue: {capacity: 5}", "");
    assert_time(answered_s(&m, 0, 0), sqrt(12) - 2);
    assert_true(m.world->services[0].place.rows[9].capacity == 0.1 * 0.75); /* at 1 s, for a bin of 0.1 s */
    model_free(&m);
}

/* An outage that takes the service away ends in a cold start; lost answers do not. Without `cold_start` the first
 * request is served at full speed. */
static void test_cold_after_an_outage(void **state)
{
    (void)state;
    static const char *const modes[] = {"refuse", "blackhole", "pause", "lose_response"};
    for (int i = 0; i < 4; i++) {
        char fault[256];
        snprintf(fault, sizeof fault, "faults: [{kind: outage, mode: %s, service: s, at: 2s, for: 1s}]\n", modes[i]);
        struct model_case m = run_at(AT("0s", "3s"), "workers: 1, service_time: 1s, warm_up: {from: 50%, over: 2s}, "
                                                     "queue: {capacity: 5}", fault);
        assert_time(answered_s(&m, 0, 0), 1);
        assert_time(answered_s(&m, 1, 3), i < 3 ? 1 + sqrt(12) : 4);
        model_free(&m);
    }
}

/* Work begun before the outage goes on in it (refuse turns away newcomers only), and at the cold speed after it. */
static void test_a_restart_slows_what_runs(void **state)
{
    (void)state;
    struct model_case m = run_at(AT("0s"), "workers: 1, service_time: 4s, warm_up: {from: 50%, over: 2s}, "
                                           "queue: {capacity: 5}",
                                 "faults: [{kind: outage, mode: refuse, service: s, at: 2s, for: 1s}]\n");
    assert_time(answered_s(&m, 0, 0), 1 + sqrt(12));
    model_free(&m);
}

/* Worth and time are inverse to each other, in and beyond the cold part. */
static void test_warm_up_inverse(void **state)
{
    (void)state;
    static const struct warm_up cases[] = {{0, 1000, 5001000}, {0.3, 0, 60000000}, {1, 0, 7}, {0, 0, 0}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
        for (int64_t a = cases[c].begin_ns; a < 70000000; a += 999983)
            for (int64_t length = 1; length < 200000000; length = length * 7 + 1) {
                double worth = warm_up_worth_ns(&cases[c], a, a + length);
                double error_ns = warm_up_time_ns(&cases[c], a, worth) - (double)length;
                assert_true(fabs(error_ns) <= 1e-9 * (double)length + 1e-6);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_share),
        cmocka_unit_test(test_three_on_two),
        cmocka_unit_test(test_admission),
        cmocka_unit_test(test_pause),
        cmocka_unit_test(test_speed),
        cmocka_unit_test(test_workers),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_rejections_are_paid),
        cmocka_unit_test(test_cancelled_while_paying),
        cmocka_unit_test(test_stampede),
        cmocka_unit_test(test_few_events),
        cmocka_unit_test(test_no_drop_rule),
        cmocka_unit_test(test_curves),
        cmocka_unit_test(test_memory_counts_who_waits),
        cmocka_unit_test(test_capacity),
        cmocka_unit_test(test_usl_fixed_points),
        cmocka_unit_test(test_birth_and_death),
        cmocka_unit_test(test_cold_start),
        cmocka_unit_test(test_cold_after_an_outage),
        cmocka_unit_test(test_a_restart_slows_what_runs),
        cmocka_unit_test(test_warm_up_inverse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
