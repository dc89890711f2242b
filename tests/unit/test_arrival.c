/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arrivals whose rate changes over time, and arrivals from files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model_case.h"

#define FREE_SERVICE "services: [{name: s, workers: unlimited, service_time: 0s, queue: {capacity: 0}}]\n"

static char folder[] = "/tmp/test_arrival."
                       "XX"
                       "XX"
                       "XX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static struct model_case run(const char *times, const char *arrival)
{
    char text[1024];
    snprintf(text, sizeof text, "%s\nclients: [{name: a, calls: s, arrival: {%s}}]\n" FREE_SERVICE, times, arrival);
    return model_run(text);
}

static uint64_t requests(const struct model_case *m, uint32_t from, uint32_t to)
{
    uint64_t sum = 0;
    for (uint32_t bin = from; bin < to; bin++)
        sum += m->world->edges[0].place.rows[bin].counts[COUNT_REQUESTS];
    return sum;
}

/* A Poisson count, within five standard deviations. */
static void assert_about(uint64_t count, double expected)
{
    double most = 5 * sqrt(expected);
    if (fabs((double)count - expected) > most)
        fail_msg("%llu arrivals, %g +- %g expected", (unsigned long long)count, expected, most);
}

/* ---- rates that change ---- */

/* 10/s until 10 s, up to 110/s at 20 s: 100, then 600 in 10 s, then 1100. The first half of the ramp: (10 + 60) / 2 x
 * 5 s = 175. */
static void test_ramp(void **state)
{
    (void)state;
    struct model_case m = run("duration: 30s", "kind: ramp, from: 10/s, to: 110/s, at: 10s, over: 10s");
    assert_about(requests(&m, 0, 10), 100);
    assert_about(requests(&m, 10, 15), 175);
    assert_about(requests(&m, 15, 20), 425);
    assert_about(requests(&m, 20, 30), 1100);
    model_free(&m);
}

static void test_ramp_down_and_step(void **state)
{
    (void)state;
    struct model_case down = run("duration: 30s", "kind: ramp, from: 200/s, to: 0/s, over: 10s");
    assert_about(requests(&down, 0, 10), 1000);
    assert_int_equal(requests(&down, 10, 30), 0);
    struct model_case step = run("duration: 30s", "kind: ramp, from: 0/s, to: 100/s, at: 10s, over: 0s");
    assert_int_equal(requests(&step, 0, 10), 0);
    assert_about(requests(&step, 10, 30), 2000);
    model_free(&down);
    model_free(&step);
}

/* 100/s, tenfold for 1 s at 5, 15, 25 s ...; and once. */
static void test_spikes(void **state)
{
    (void)state;
    struct model_case often = run("duration: 40s", "kind: spike, rate: 100/s, factor: 10, at: 5s, for: 1s, every: 10s");
    for (uint32_t bin = 0; bin < 40; bin++)
        assert_about(requests(&often, bin, bin + 1), bin % 10 == 5 ? 1000 : 100);
    struct model_case once = run("duration: 40s", "kind: spike, rate: 100/s, factor: 10, at: 5s, for: 2s");
    assert_about(requests(&once, 5, 7), 2000);
    assert_about(requests(&once, 7, 40), 3300);
    struct model_case gaps = run("duration: 40s", "kind: spike, rate: 100/s, factor: 0, at: 0s, for: 9s, every: 10s");
    for (uint32_t bin = 0; bin < 40; bin += 10)
        assert_int_equal(requests(&gaps, bin, bin + 9), 0);
    assert_about(requests(&gaps, 0, 40), 400);
    model_free(&often);
    model_free(&once);
    model_free(&gaps);
}

/* 100/s +- 100 % over 40 s, beginning at the peak: the integral of 1 + cos over a quarter is 10 s +- 40 / (2 pi) s. */
static void test_diurnal(void **state)
{
    (void)state;
    struct model_case m =
        run("duration: 400s\nbin: 10s", "kind: diurnal, rate: 100/s, amplitude: 100%, period: 40s, phase: 10s");
    const double sine = 40 / 6.283185307179586, more = 100 * (10 + sine), less = 100 * (10 - sine);
    for (uint32_t bin = 0; bin < 40; bin++)
        assert_about(requests(&m, bin, bin + 1), bin % 4 == 0 || bin % 4 == 3 ? more : less);
    model_free(&m);
}

/* finish_ns inverts progress to the nanosecond, from anywhere and over any distance. */
static void check_inverse(const char *arrival, double most_per_ns)
{
    char text[512];
    snprintf(text, sizeof text, "duration: 1s\nclients: [{name: a, calls: s, arrival: {%s}}]\n" FREE_SERVICE, arrival);
    struct scenario *scenario = model_scenario(text);
    const struct client_config *client = scenario->variants[0].config.model.clients.items;
    const struct arrival_row *row = (const struct arrival_row *)client->arrival->choice.row;
    const void *parameters = client->arrival->choice.parameters;
    struct stream stream = stream_at(stream_key(1, 0, "test", arrival), 0, 0);
    for (int i = 0; i < 2000; i++) {
        int64_t from_ns = (int64_t)(stream_uniform(&stream) * 300e9);
        double work = pow(10, 8 * stream_uniform(&stream) - 4), factor = i % 2 ? 1 : 3;
        int64_t to_ns = row->finish_ns(parameters, from_ns, work, factor);
        assert_true(to_ns >= from_ns && to_ns < INT64_MAX);
        double done = row->progress(parameters, from_ns, to_ns, factor);
        if (fabs(done - work) > factor * most_per_ns + 1e-9 * work)
            fail_msg("%s: %.17g of %.17g is done", arrival, done, work);
    }
    scenario_free(scenario);
}

static void test_finish_inverts_progress(void **state)
{
    (void)state;
    check_inverse("kind: poisson, rate: 100/s", 100e-9);
    check_inverse("kind: piecewise, points: [{at: 3s, rate: 100/s}, {at: 50s, rate: 1/s}, {at: 60s, rate: 9/s}]", 1e-7);
    check_inverse("kind: ramp, from: 1/s, to: 100/s, at: 10s, over: 1min", 1e-7);
    check_inverse("kind: spike, rate: 2/s, factor: 50, at: 5s, for: 7ms, every: 333ms", 1e-7);
    check_inverse("kind: spike, rate: 2/s, factor: 50, at: 5s, for: 100s", 1e-7);
    check_inverse("kind: diurnal, rate: 50/s, amplitude: 100%, period: 17s, phase: 3s", 1e-7);
    check_inverse("kind: diurnal, rate: 50/s, amplitude: 50%, period: 11min", 1e-7);
}

/* ---- files ---- */

static const char *write_trace(const char *content)
{
    static char path[80];
    static int number;
    snprintf(path, sizeof path, "%s/trace%d.csv", folder, number++);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(content, out);
    assert_int_equal(fclose(out), 0);
    return path;
}

static struct model_case run_trace(const char *times, const char *content, const char *keys)
{
    char arrival[512];
    const char *path = write_trace(content);
    snprintf(arrival, sizeof arrival, "kind: trace, file: %s%s", path, keys);
    struct model_case m = run(times, arrival);
    unlink(path);
    return m;
}

struct replay {
    const char *content, *keys, *bins;
};

static void test_trace_of_arrivals(void **state)
{
    (void)state;
    static const struct replay replays[] = {
        {"t_s\n0\n1.5\n1.5\n4\n", "", "1 2 0 0 1 0 0 0 0 0"},
        {"t_ms\n0\n1500\n1500\n4000\n", "", "1 2 0 0 1 0 0 0 0 0"},
        {"t_s\n0\n1.5\n1.5\n4\n", ", offset: 3s", "0 0 0 1 2 0 0 1 0 0"},
        {"t_s\n0\n1.5\n1.5\n4\n", ", time_scale: 2", "1 0 0 2 0 0 0 0 1 0"},
        {"t_s\n0\n1.5\n1.5\n4\n", ", time_scale: 0.5", "3 0 1 0 0 0 0 0 0 0"},
        {"t_s\n0\n1.5\n1.5\n4\n", ", from: 1s", "2 0 0 1 0 0 0 0 0 0"},
        {"t_s\n0\n1.5\n1.5\n4\n", ", from: 1s, offset: 5s, time_scale: 0.5", "0 0 0 0 0 2 1 0 0 0"},
        {"t_s\n0\n1.5\n1.5\n4\n", ", loop: 5s", "1 2 0 0 1 1 2 0 0 1"},
        {"t_s\n0\n1.5\n1.5\n4\n", ", loop: 5s, from: 1s", "2 0 0 1 2 0 0 1 2 0"},
        {"t_s\n0\n1.5\n1.5\n4\n", ", loop: 5s, offset: 1s, time_scale: 0.5", "0 3 0 2 2 1 3 0 2 2"},
        {"t_s\n2\n", ", loop: 3s", "0 0 1 0 0 1 0 0 1 0"},
    };
    for (size_t i = 0; i < sizeof replays / sizeof *replays; i++) {
        struct model_case m = run_trace("duration: 10s", replays[i].content, replays[i].keys);
        assert_caller_bins(&m, 0, COUNT_REQUESTS, replays[i].bins);
        model_free(&m);
    }
}

/* A spike of 2 from 2 to 4 s plays the trace faster: what is due at 3 and 6 s comes at 2.5 and 4 s; 9 at 7 s. */
static void test_load_plays_a_trace_faster(void **state)
{
    (void)state;
    char text[512];
    const char *path = write_trace("t_s\n3\n5.9\n9\n");
    snprintf(text, sizeof text,
             "duration: 10s\nclients: [{name: a, calls: s, arrival: {kind: trace, file: %s}}]\n" FREE_SERVICE
             "faults: [{kind: load, clients: a, factor: 2, at: 2s, for: 2s}]\n",
             path);
    struct model_case m = model_run(text);
    unlink(path);
    assert_caller_bins(&m, 0, COUNT_REQUESTS, "0 0 1 1 0 0 0 1 0 0");
    model_free(&m);
}

/* 0 before the first row, 100/s from 2 s, 1000/s from 5 s, 0 from 6 s; round after round of 8 s. */
static void test_trace_of_rates(void **state)
{
    (void)state;
    static const char content[] = "t_s,rate_per_s\n2,100\n5,1000\n6,0\n";
    struct model_case once = run_trace("duration: 16s", content, "");
    struct model_case loop = run_trace("duration: 16s", content, ", loop: 8s");
    struct model_case slow = run_trace("duration: 16s", content, ", time_scale: 2, from: 3s, offset: 1s");
    for (uint32_t bin = 0; bin < 16; bin++) {
        double rate = bin % 8 < 2 || bin % 8 > 5 ? 0 : bin % 8 < 5 ? 100 : 1000;
        assert_about(requests(&once, bin, bin + 1), bin < 8 ? rate : 0);
        assert_about(requests(&loop, bin, bin + 1), rate);
        assert_about(requests(&slow, bin, bin + 1), bin < 1 || bin > 6 ? 0 : bin < 5 ? 100 : 1000);
    }
    model_free(&once);
    model_free(&loop);
    model_free(&slow);
}

/* The row that is in force at `from` counts, also when each round begins. */
static void test_rate_in_force(void **state)
{
    (void)state;
    struct model_case m = run_trace("duration: 8s", "t_s,rate_per_s\n0,500\n4,0\n", ", from: 3s, loop: 5s");
    for (uint32_t bin = 0; bin < 8; bin++)
        assert_about(requests(&m, bin, bin + 1), bin % 2 ? 0 : 500);
    model_free(&m);
}

struct mistake {
    const char *content, *keys, *error; /* content NULL: no file is needed */
};

static const struct mistake mistakes[] = {
    {"t_s\n1\n0.5\n", "", ":3: '0.5' does not come after the time of the row before: sort the rows"},
    {"t_s\n1\n\n2\n", "", ":3: the line is empty"},
    {"t_s\n-1\n", "", ":2: '-1' is negative: a time is 0 or more"},
    {"t_s\nnoon\n", "", ":2: 'noon' is not a number: write a number such as '1.5'"},
    {"t_s\n1e30\n", "", ":2: '1e30' is too long: at most about 36 years"},
    {"", "", ": the file is empty"},
    {"t_s\n", "", ": there are no values below the header line"},
    {"0.5\n1\n", "", ":1: no header line: the first line must name the columns, such as 'service_s'"},
    {"time\n1\n", "",
     ":1: the header line of a trace is 't_s' (one arrival a row) or 't_s,rate_per_s' (a rate over "
     "time), not 'time'"},
    {"t_s,rate\n1,2\n", "",
     ":1: the header line of a trace is 't_s' (one arrival a row) or 't_s,rate_per_s' (a rate "
     "over time), not 't_s,rate'"},
    {"t_s,rate_per_s\n1,2\n1,3\n", "", ":3: '1' does not come after the time of the row before: sort the rows"},
    {"t_s,rate_per_s\n1\n", "", ":2: no value in column 2"},
    {"t_s,rate_per_s\n1,-3\n", "", ":2: '-3' is out of range: a rate is from 0 to 1e9"},
    {"t_s,rate_per_s\n1,0\n", "", ": every rate is 0"},
    {"t_s\n1\n2\n", ", loop: 2s", "loop: the trace has rows at this time or later"},
    {"t_s\n1\n2\n", ", loop: 3s, from: 3s", "from: must be before the time at which the trace begins anew"},
    {"t_s\n1\n2\n", ", from: 3s", "from: the trace has no rows at this time or later"},
    {"t_s,rate_per_s\n1,5\n2,0\n", ", from: 3s", "from: every rate of the trace from this time on is 0"},
    {"t_s,rate_per_s\n1,5\n2,0\n", ", from: 3s, loop: 4s", "from: every rate of the trace from this time on is 0"},
};

static void test_mistakes_in_traces(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        char text[512], expected[400];
        const char *path = write_trace(mistakes[i].content);
        snprintf(
            text, sizeof text,
            "name: x\nduration: 1s\nclients: [{name: a, calls: s, arrival: {kind: trace, file: %s%s}}]\n" FREE_SERVICE,
            path, mistakes[i].keys);
        snprintf(expected, sizeof expected, "t.yaml:3:47: error: trace: %s%s\n", *mistakes[i].keys ? "" : path,
                 mistakes[i].error);
        char *errors = model_errors(text, NULL);
        unlink(path);
        assert_string_equal(errors, expected);
        free(errors);
    }
}

static void test_mistakes_in_rates(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"kind: ramp, from: 0/s, to: 0/s, over: 1s", "ramp: from, to: both rates are 0"},
        {"kind: spike, rate: 1/s, factor: 2, at: 1s, for: 2s, every: 2s",
         "spike: every: the next spike would begin before the last has ended"},
        {"kind: diurnal, rate: 1/s, amplitude: 101%", "amplitude: 101% is out of range: from 0 to 1"},
        {"kind: trace, file: nowhere.csv", "trace: nowhere.csv: cannot be opened: there is no such file"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "name: x\nduration: 1s\nclients: [{name: a, calls: s, arrival: {%s}}]\n" FREE_SERVICE, cases[i][0]);
        char *errors = model_errors(text, NULL);
        if (!strstr(errors, cases[i][1]))
            fail_msg("%s", errors);
        free(errors);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ramp),
        cmocka_unit_test(test_ramp_down_and_step),
        cmocka_unit_test(test_spikes),
        cmocka_unit_test(test_diurnal),
        cmocka_unit_test(test_finish_inverts_progress),
        cmocka_unit_test(test_trace_of_arrivals),
        cmocka_unit_test(test_load_plays_a_trace_faster),
        cmocka_unit_test(test_trace_of_rates),
        cmocka_unit_test(test_rate_in_force),
        cmocka_unit_test(test_mistakes_in_traces),
        cmocka_unit_test(test_mistakes_in_rates),
    };
    return cmocka_run_group_tests_name("arrival", tests, make_folder, remove_folder);
}
