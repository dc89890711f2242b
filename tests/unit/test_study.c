/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Studies: metrics of hand-made runs, recovery and stuck, estimates, expectations, and results that do not depend on
 * the number of threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model_case.h"
#include "study/metrics.h"
#include "study/run.h"

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-9 * fmax(1, fabs(expected))))
        fail_msg("%.12g is not %.12g", value, expected);
}

/* ---- metrics ---- */

static void test_metric_tables(void **state)
{
    (void)state;
    for (int kind = PLACE_CALLER; kind <= PLACE_CACHE; kind++) {
        size_t count = metrics_count((enum place_kind)kind);
        assert_true(count > 5 && count <= METRICS_MAX);
        for (size_t i = 0; i < count; i++) {
            const struct metric_info *info = metrics_info((enum place_kind)kind, i);
            const char *name = info->name;
            assert_true(*name && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")]);
            assert_true(info->help && *info->help);
            for (size_t k = 0; k < i; k++)
                assert_string_not_equal(metrics_info((enum place_kind)kind, k)->name, name);
        }
    }
}

/* One request a second, 0.5 s of work, one worker, measured 10..20 s. */
static void test_metrics_of_a_metronome(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 20s\nwarmup: 10s\n"
                                    "clients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: s}]\n"
                                    "services: [{name: s, workers: 1, service_time: 500ms, queue: {capacity: 5}}]\n");
    static const struct {
        const char *name;
        double value;
    } callers[] = {{"requests", 10},         {"attempts", 10}, {"amplification", 1},    {"success_ratio", 1},
                   {"goodput_per_s", 1},     {"late", 0},      {"latency_mean_s", 0.5}, {"latency_max_s", 0.5},
                   {"peak_load_ratio", 0.5}, {"peak_queue", 0}},
      service[] = {{"utilization", 0.5},     {"throughput_per_s", 1},  {"in_system_avg", 0.5},     {"queue_avg", 0},
                   {"wait_mean_s", 0},       {"sojourn_mean_s", 0.5},  {"wait_probability", 0},    {"reject_ratio", 0},
                   {"peak_load_ratio", 0.5}, {"wasted_work_ratio", 0}, {"duplicate_executions", 0}};
    for (size_t i = 0; i < sizeof callers / sizeof *callers; i++)
        assert_near(caller_metric(m.world, NONE, callers[i].name), callers[i].value);
    for (size_t i = 0; i < sizeof service / sizeof *service; i++)
        assert_near(service_metric(m.world, 0, service[i].name), service[i].value);
    assert_true(isnan(caller_metric(m.world, NONE, "recovery_s")) && isnan(caller_metric(m.world, NONE, "stuck")));
    assert_true(isnan(service_metric(m.world, 0, "first_reject_s")));
    model_free(&m);
}

/* Ten at once, one worker, room for four, 1 s each, timeout 2.5 s, attempts 2, wait 10 s: five are rejected at 0; two
 * succeed (1, 2 s); three time out at 2.5 s (one running, two waiting), all served: late 3, wasted 3 of 5 s. */
static void test_metrics_of_a_crowd(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 10s\n"
        "clients: [{name: a, count: 10, arrival: {kind: burst}, calls: s, policy: {timeout: 2500ms, attempts: 2,"
        " backoff: 100s}}]\n"
        "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 4}}]\n");
    /* Served at 1 s and 2 s; the third answer comes 0.5 s late, and the retries wait until after the end. */
    assert_near(caller_metric(m.world, NONE, "success_ratio"), 0.2);
    assert_near(caller_metric(m.world, NONE, "settled_success_ratio"), 1);
    assert_near(caller_metric(m.world, NONE, "open"), 8);
    assert_near(caller_metric(m.world, NONE, "amplification"), 1);
    assert_near(caller_metric(m.world, NONE, "rejected"), 5);
    assert_near(caller_metric(m.world, NONE, "reject_ratio"), 0.5);
    assert_near(caller_metric(m.world, NONE, "late"), 3);
    assert_near(caller_metric(m.world, NONE, "wasted_work_ratio"), 0.6);
    assert_near(caller_metric(m.world, NONE, "peak_load_ratio"), 10);
    assert_near(caller_metric(m.world, NONE, "peak_queue"), 4);
    assert_near(caller_metric(m.world, NONE, "backing_off_avg"), (5 * 10 + 3 * 7.5) / 10);
    assert_near(service_metric(m.world, 0, "wait_probability"), 0.8);
    assert_near(service_metric(m.world, 0, "wait_mean_s"), (0 + 1 + 2 + 3 + 4) / 5.0);
    assert_near(service_metric(m.world, 0, "dead_in_system_avg"), (0.5 + 1.5 + 2.5) / 10);
    assert_near(service_metric(m.world, 0, "first_reject_s"), 0);
    model_free(&m);
}

/* ---- recovery: bins written by hand ---- */

/* A run of 20 s whose demand and goodput per bin are replaced. Two populations; the second asks for nothing. */
static struct model_case blank_run(const char *bin, const char *faults)
{
    char text[700];
    snprintf(
        text, sizeof text,
        "duration: 20s\nbin: %s\n"
        "clients: [{name: a, arrival: {kind: burst, at: 30s}, calls: s}, {name: b, arrival: {kind: burst, at: 30s},"
        " calls: s}]\n"
        "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 1}}]\n"
        "caches: [{name: c, origin: s, keys: 1, ttl: 1s}]\n%s",
        bin, faults);
    return model_run(text);
}

/* Bins from..to-1 of population `edge`: 100 asked for, so many good. */
static void write_bins(struct model_case *m, uint32_t edge, uint32_t from, uint32_t to, uint64_t good)
{
    for (uint32_t bin = from; bin < to; bin++) {
        m->world->edges[edge].place.rows[bin].counts[COUNT_REQUESTS] = 100;
        m->world->edges[edge].place.rows[bin].counts[COUNT_GOOD] = good;
    }
}

#define FAULT_2_TO_5 "faults: [{kind: outage, mode: refuse, service: s, at: 2s, for: 3s}]\n"

/* NAN as `recovery`: stuck. */
static void check_recovery(struct model_case *m, double recovery)
{
    double measured = caller_metric(m->world, NONE, "recovery_s");
    assert_true(isnan(recovery) ? isnan(measured) : fabs(measured - recovery) < 1e-9);
    assert_true(caller_metric(m->world, NONE, "stuck") == (isnan(recovery) ? 1 : 0));
}

static void test_recovery(void **state)
{
    (void)state;
    struct model_case m = blank_run("1s", FAULT_2_TO_5);
    write_bins(&m, 0, 0, 20, 100);
    check_recovery(&m, 0);
    write_bins(&m, 0, 0, 20, 95); /* 95 % is enough */
    check_recovery(&m, 0);
    write_bins(&m, 0, 0, 20, 94);
    check_recovery(&m, NAN);
    write_bins(&m, 0, 0, 20, 100);
    write_bins(&m, 0, 5, 7, 0); /* 7..11 s is the first good window */
    check_recovery(&m, 2);
    write_bins(&m, 0, 9, 10, 74); /* 474 of 500 are not enough, 10..14 s is */
    check_recovery(&m, 5);
    write_bins(&m, 0, 9, 10, 75);
    check_recovery(&m, 2);
    write_bins(&m, 0, 2, 15, 0); /* the last window that fits: 15..19 s */
    check_recovery(&m, 10);
    write_bins(&m, 0, 2, 16, 0);
    check_recovery(&m, NAN);
    model_free(&m);
}

static void test_recovery_counts_from_whole_bins(void **state)
{
    (void)state;
    struct model_case m = blank_run("1s", "faults: [{kind: outage, mode: refuse, service: s, at: 2s, for: 3500ms}]\n");
    write_bins(&m, 0, 0, 20, 100);
    check_recovery(&m, 0.5); /* over at 5.5 s, the first whole bin starts at 6 s */
    model_free(&m);
    m = blank_run("2s", FAULT_2_TO_5);
    write_bins(&m, 0, 0, 10, 100);
    write_bins(&m, 0, 3, 4, 80); /* three bins are 5 s or more: 280 of 300 from 6 s, 300 from 8 s */
    check_recovery(&m, 3);
    model_free(&m);
}

/* The last of several faults counts; an event ends when it happens. */
static void test_recovery_from_the_last_fault(void **state)
{
    (void)state;
    struct model_case m = blank_run("1s", "faults:\n"
                                          "  - {kind: outage, mode: refuse, service: s, at: 2s, for: 6s}\n"
                                          "  - {kind: flush, cache: c, at: 9s}\n"
                                          "  - {kind: speed, service: s, factor: 2, at: 3s, for: 1s}\n");
    write_bins(&m, 0, 0, 20, 100);
    write_bins(&m, 0, 9, 12, 0);
    check_recovery(&m, 3);
    assert_near(caller_metric(m.world, NONE, "lost_goodput"), 300);
    model_free(&m);
}

/* Without a fault, or with one that is not over, there is nothing to recover from. */
static void test_no_recovery_without_an_end(void **state)
{
    (void)state;
    static const char *const faults[] = {"", "faults: [{kind: speed, service: s, factor: 2, at: 3s}]\n",
                                         "faults: [{kind: speed, service: s, factor: 2, at: 3s, for: 17s}]\n"};
    for (int i = 0; i < 3; i++) {
        struct model_case m = blank_run("1s", faults[i]);
        write_bins(&m, 0, 0, 20, 100);
        assert_true(isnan(caller_metric(m.world, NONE, "recovery_s")) && isnan(caller_metric(m.world, NONE, "stuck")));
        model_free(&m);
    }
}

/* A closed loop whose clients all wait for answers that were lost asks for nothing more: stuck. A burst that was
 * answered in full before the end leaves nothing to recover. */
static void test_stuck_without_demand(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 20s\nclients: [{name: a, count: 5, closed: {think: 1s}, calls: s}]\n"
        "services: [{name: s, workers: 1, service_time: 10ms, queue: {capacity: 9}}]\n"
        "faults: [{kind: outage, mode: blackhole, service: s, at: 3s, for: 3s}]\n");
    assert_near(caller_metric(m.world, NONE, "stuck"), 1);
    assert_true(isnan(caller_metric(m.world, NONE, "recovery_s")));
    model_free(&m);
    m = model_run("duration: 20s\nclients: [{name: a, count: 5, arrival: {kind: burst}, calls: s}]\n"
                  "services: [{name: s, workers: 1, service_time: 10ms, queue: {capacity: 9}}]\n"
                  "faults: [{kind: outage, mode: blackhole, service: s, at: 3s, for: 3s}]\n");
    assert_true(isnan(caller_metric(m.world, NONE, "stuck")));
    model_free(&m);
}

/* Each population for itself, and all together. */
static void test_recovery_of_populations(void **state)
{
    (void)state;
    struct model_case m = blank_run("1s", FAULT_2_TO_5);
    write_bins(&m, 0, 0, 20, 100);
    write_bins(&m, 1, 0, 20, 50);
    assert_near(caller_metric(m.world, 0, "recovery_s"), 0);
    assert_near(caller_metric(m.world, 1, "stuck"), 1);
    check_recovery(&m, NAN);
    assert_near(caller_metric(m.world, 0, "lost_goodput"), 0);
    assert_near(caller_metric(m.world, 1, "lost_goodput"), 18 * 50); /* from the fault's begin, 2 s, to the end */
    model_free(&m);
}

/* More good than asked in a bin (a backlog) does not pay for what another bin lost. */
static void test_lost_goodput_is_never_negative(void **state)
{
    (void)state;
    struct model_case m = blank_run("1s", FAULT_2_TO_5);
    write_bins(&m, 0, 0, 20, 100);
    write_bins(&m, 0, 3, 5, 40);
    write_bins(&m, 0, 5, 6, 180);
    write_bins(&m, 0, 0, 2, 0); /* before the fault */
    assert_near(caller_metric(m.world, 0, "lost_goodput"), 2 * 60 - 80); /* what is caught up is not lost */
    write_bins(&m, 0, 5, 6, 500);
    assert_near(caller_metric(m.world, 0, "lost_goodput"), 0);
    model_free(&m);
}

/* ---- estimates ---- */

/* Mean 2, deviation 1; t(0.975; 2) = 4.30265273, so the half width is 4.30265273 / sqrt(3) = 2.48413771. */
static void test_estimate(void **state)
{
    (void)state;
    struct estimate e = result_estimate((double[]){1, NAN, 2, 3}, 4);
    assert_int_equal(e.count, 3);
    assert_near(e.mean, 2);
    assert_near(e.deviation, 1);
    assert_true(fabs(e.high - e.mean - 2.48413771) < 1e-7 && fabs(e.mean - e.low - 2.48413771) < 1e-7);
    e = result_estimate((double[]){NAN, 7}, 2);
    assert_true(e.count == 1 && e.mean == 7 && isnan(e.low) && isnan(e.high));
    e = result_estimate((double[]){NAN, NAN}, 2);
    assert_true(e.count == 0 && isnan(e.mean));
    e = result_estimate((double[]){5, 5, 5}, 3);
    assert_true(e.low == 5 && e.high == 5);
}

/* ---- whole studies ---- */

static struct result *run(const struct scenario *s, uint32_t replications, uint32_t jobs)
{
    struct run_options options = {.replications = replications, .seed = -1, .jobs = jobs, .command = "test"};
    return study_run(s, &options);
}

#define STORM                                                                                                          \
    "duration: 30s\nreplications: 4\n"                                                                                 \
    "clients: [{name: a, count: 100, arrival: {kind: poisson, rate: 90/s}, calls: s, policy: {timeout: 500ms,"         \
    " attempts: 3, backoff: {shape: exponential, base: 100ms, jitter: full}}}]\n"                                      \
    "services: [{name: s, workers: 1, service_time: {law: exponential, mean: 10ms}, queue: {capacity: 100}}]\n"        \
    "faults: [{kind: outage, mode: pause, service: s, at: 5s, for: 3s}]\n"                                             \
    "strategies: [{name: x}, {name: y, set: {services.s.queue.discipline: lifo}}, {name: z, set:"                      \
    " {clients.a.policy.attempts: 1}}]\n"

static void assert_same_metrics(const struct metric_result *a, const struct metric_result *b, size_t count,
                                uint32_t runs)
{
    for (size_t i = 0; i < count; i++)
        assert_memory_equal(a[i].values, b[i].values, runs * sizeof(double));
}

static void assert_same_results(const struct result *a, const struct result *b)
{
    assert_int_equal(a->events, b->events);
    for (size_t s = 0; s < a->strategy_count; s++) {
        const struct strategy_result *x = &a->strategies[s], *y = &b->strategies[s];
        assert_same_metrics(x->metrics, y->metrics, x->metric_count, a->replications);
        for (size_t p = 0; p < x->place_count; p++) {
            assert_same_metrics(x->places[p].metrics, y->places[p].metrics, x->places[p].metric_count, a->replications);
            for (uint32_t r = 0; r < a->replications; r++)
                assert_memory_equal(x->places[p].rows[r], y->places[p].rows[r], a->bins * sizeof(struct bin_row));
        }
    }
}

static void test_jobs_change_nothing(void **state)
{
    (void)state;
    struct scenario *s = model_scenario(STORM);
    struct result *one = run(s, 0, 1), *three = run(s, 0, 3);
    assert_int_equal(one->replications, 4);
    assert_false(one->interrupted);
    assert_int_equal(one->strategies[2].finished, 4);
    assert_same_results(one, three);
    /* The same arrivals for every strategy, others in each replication. */
    const double *x = result_metric(&one->strategies[0], "requests")->values;
    assert_memory_equal(x, result_metric(&one->strategies[2], "requests")->values, 4 * sizeof *x);
    assert_true(x[0] != x[1] || x[1] != x[2]);
    result_free(one);
    result_free(three);
    scenario_free(s);
}

/* Replication r is the same whether there are more of them or fewer. */
static void test_more_replications_keep_the_first(void **state)
{
    (void)state;
    struct scenario *s = model_scenario(STORM);
    struct result *few = run(s, 2, 1), *many = run(s, 3, 2);
    for (size_t i = 0; i < few->strategy_count; i++)
        assert_same_metrics(few->strategies[i].metrics, many->strategies[i].metrics, few->strategies[i].metric_count,
                            2);
    result_free(few);
    result_free(many);
    scenario_free(s);
}

static void test_places(void **state)
{
    (void)state;
    struct scenario *s = model_scenario(STORM);
    struct result *result = run(s, 1, 1);
    const struct strategy_result *x = &result->strategies[0];
    assert_int_equal(x->place_count, 2);
    assert_string_equal(x->places[0].path, "clients.a");
    assert_string_equal(x->places[1].path, "services.s");
    assert_near(x->capacity_per_s, 100);
    assert_non_null(result_metric(x, "services.s.utilization"));
    assert_true(result_metric(x, "clients.a.requests")->values[0] == result_metric(x, "requests")->values[0]);
    assert_null(result_metric(x, "services.t.utilization"));
    assert_null(result_metric(x, "utilization"));
    assert_int_equal(result->fault_count, 1);
    assert_string_equal(result->faults[0].label, "outage s");
    assert_true(result->faults[0].from_s == 5 && result->faults[0].to_s == 8);
    result_free(result);
    scenario_free(s);
}

/* ---- stopping ---- */

static void test_stopped_before_it_begins(void **state)
{
    (void)state;
    struct scenario *s = model_scenario(STORM);
    atomic_bool stop = true;
    struct run_options options = {.seed = -1, .jobs = 2, .stop = &stop};
    struct result *result = study_run(s, &options);
    assert_true(result->interrupted);
    assert_int_equal(result->strategies[0].finished, 0);
    assert_true(isnan(result_metric(&result->strategies[0], "requests")->estimate.mean));
    result_free(result);
    scenario_free(s);
}

static void stop_now(void *owner, const struct run_progress *progress)
{
    assert_true(progress->fraction >= 0 && progress->fraction < 1);
    atomic_store((atomic_bool *)owner, true);
}

/* All runs are under way when the stop comes: none of them is finished, and the result must say so. */
static void test_stopped_in_the_middle(void **state)
{
    (void)state;
    struct scenario *s = model_scenario("duration: 1000d\nbin: 1d\nreplications: 2\n"
                                        "clients: [{name: a, arrival: {kind: renewal, gap: 1ms}, calls: s}]\n"
                                        "services: [{name: s, workers: 1, service_time: 0s, queue: {capacity: 1}}]\n");
    atomic_bool stop = false;
    struct run_options options = {.seed = -1, .jobs = 2, .stop = &stop, .progress = stop_now, .progress_owner = &stop};
    struct result *result = study_run(s, &options);
    assert_int_equal(result->strategies[0].finished, 0);
    assert_true(result->interrupted);
    result_free(result);
    scenario_free(s);
}

/* ---- expectations and the best strategy ---- */

#define SIMPLE                                                                                                         \
    "duration: 10s\nreplications: 2\n"                                                                                 \
    "clients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: s}]\n"                                              \
    "services: [{name: s, workers: 1, service_time: 500ms, queue: {capacity: 1}}]\n"                                   \
    "strategies: [{name: slow, set: {services.s.service_time: 900ms}}, {name: fast}]\n"

static void test_expectations(void **state)
{
    (void)state;
    struct scenario *s = model_scenario(SIMPLE "headline: latency_mean_s\n"
                                               "expect:\n"
                                               "  - {metric: requests, is: '== 9'}\n"
                                               "  - {metric: latency_mean_s, is: '<= 500ms', for: slow}\n"
                                               "  - {metric: services.s.utilization, is: '> 40%', for: fast}\n"
                                               "  - {metric: stuck, is: '!= 1', for: fast}\n");
    struct result *result = run(s, 0, 1);
    static const bool passed[] = {true, true, false, true, false}; /* stuck is undefined: no fault */
    assert_int_equal(result->expectation_count, 5);
    for (int i = 0; i < 5; i++)
        assert_int_equal(result->expectations[i].passed, passed[i]);
    assert_string_equal(result->expectations[1].strategy, "fast");
    assert_near(result->expectations[2].measured, 0.9);
    assert_string_equal(result_best(result)->name, "fast");
    result_free(result);
    scenario_free(s);
}

static void test_comparisons(void **state)
{
    (void)state;
    static const struct {
        const char *is;
        bool passed;
    } cases[] = {{"< 9", false},  {"< 10", true}, {"<= 9", true}, {"<= 8", false},  {"== 9", true}, {"== 8", false},
                 {"!= 9", false}, {"!= 8", true}, {">= 9", true}, {">= 10", false}, {"> 9", false}, {"> 8", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[700];
        snprintf(text, sizeof text, "%sexpect: [{metric: requests, is: '%s', for: fast}]\n", SIMPLE, cases[i].is);
        struct scenario *s = model_scenario(text);
        struct result *result = run(s, 1, 1);
        assert_int_equal(result->expectations[0].passed, cases[i].passed);
        result_free(result);
        scenario_free(s);
    }
}

/* Fewer stuck replications first, then the headline; where that is undefined there is no best. */
static void test_best(void **state)
{
    (void)state;
    static const struct metric_info stuck = {"stuck", UNIT_RATIO, BETTER_LOWER, ""},
                                    recovery = {"recovery_s", UNIT_SECONDS, BETTER_LOWER, ""},
                                    goodput = {"goodput_per_s", UNIT_PER_SECOND, BETTER_HIGHER, ""},
                                    requests = {"requests", UNIT_NUMBER, BETTER_NEITHER, ""};
#define MEAN(value)                                                                                                    \
    {                                                                                                                  \
        value, NAN, NAN, NAN, 1                                                                                        \
    }
    struct metric_result a[] = {
        {&stuck, NULL, MEAN(0.5)}, {&recovery, NULL, MEAN(1)}, {&goodput, NULL, MEAN(9)}, {&requests, NULL, MEAN(1)}};
    struct metric_result b[] = {
        {&stuck, NULL, MEAN(0)}, {&recovery, NULL, MEAN(4)}, {&goodput, NULL, MEAN(5)}, {&requests, NULL, MEAN(1)}};
    struct metric_result c[] = {
        {&stuck, NULL, MEAN(0)}, {&recovery, NULL, MEAN(3)}, {&goodput, NULL, MEAN(4)}, {&requests, NULL, MEAN(1)}};
    struct strategy_result strategies[] = {{.name = "a", .metric_count = 4, .metrics = a},
                                           {.name = "b", .metric_count = 4, .metrics = b},
                                           {.name = "c", .metric_count = 4, .metrics = c}};
    struct result result = {.strategy_count = 3, .strategies = strategies, .headline = "recovery_s"};
    assert_string_equal(result_best(&result)->name, "c");
    result.headline = "goodput_per_s";
    assert_string_equal(result_best(&result)->name, "b");
    result.headline = "requests";
    assert_null(result_best(&result));
    result.headline = "recovery_s";
    a[1].estimate.mean = b[1].estimate.mean = c[1].estimate.mean = NAN;
    assert_null(result_best(&result));
    c[1].estimate.mean = 100;
    assert_string_equal(result_best(&result)->name, "c");
}

static void check_metric_names(const char *more, const char *expected)
{
    char text[1000];
    snprintf(text, sizeof text, SIMPLE "%s", more);
    struct scenario *s = model_scenario(text);
    struct diag *diag = diag_new();
    bool fine = study_check_metrics(s, diag);
    assert_int_equal(fine, !*expected);
    char *errors = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&errors, &size);
    diag_print(diag, out);
    fclose(out);
    assert_string_equal(errors, expected);
    free(errors);
    diag_free(diag);
    scenario_free(s);
}

static void test_metric_names(void **state)
{
    (void)state;
    check_metric_names("headline: clients.a.late\nexpect: [{metric: services.s.queue_avg, is: '< 1'}]\n", "");
    check_metric_names("expect: [{metric: recovery, is: '< 1'}]\n",
                       "t.yaml:7:19: error: unknown metric 'recovery'; did you mean 'recovery_s'?\n");
    check_metric_names("expect: [{metric: utilization, is: '< 1'}]\n",
                       "t.yaml:7:19: error: unknown metric 'utilization'; see `retrystorm list metric`\n");
    check_metric_names(
        "headline: services.t.late_ratio\n",
        "t.yaml:7:11: error: metric: no place 'services.t': write clients.NAME, services.NAME or caches.NAME "
        "before the metric\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_metric_tables),
        cmocka_unit_test(test_metrics_of_a_metronome),
        cmocka_unit_test(test_metrics_of_a_crowd),
        cmocka_unit_test(test_recovery),
        cmocka_unit_test(test_recovery_counts_from_whole_bins),
        cmocka_unit_test(test_recovery_from_the_last_fault),
        cmocka_unit_test(test_no_recovery_without_an_end),
        cmocka_unit_test(test_stuck_without_demand),
        cmocka_unit_test(test_recovery_of_populations),
        cmocka_unit_test(test_lost_goodput_is_never_negative),
        cmocka_unit_test(test_estimate),
        cmocka_unit_test(test_jobs_change_nothing),
        cmocka_unit_test(test_more_replications_keep_the_first),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_stopped_before_it_begins),
        cmocka_unit_test(test_stopped_in_the_middle),
        cmocka_unit_test(test_expectations),
        cmocka_unit_test(test_comparisons),
        cmocka_unit_test(test_best),
        cmocka_unit_test(test_metric_names),
    };
    return cmocka_run_group_tests_name("study", tests, NULL, NULL);
}
