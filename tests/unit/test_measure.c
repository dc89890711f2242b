/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The books: bins that sum to totals, the warm-up, and the laws that every run obeys, on hundreds of random models.
 *
 * world_run checks the conservation laws at its end and aborts when one is broken; the random model at fault is printed
 * then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model_case.h"
#include "random_model.h"

/* ---- bins ---- */

static void check_place(const struct world *world, const struct place *place)
{
    for (int count = 0; count < COUNT_BIN_COLUMNS; count++) {
        uint64_t sum = 0;
        for (uint32_t bin = 0; bin < world->bins; bin++)
            sum += place->rows[bin].counts[count];
        assert_int_equal(sum, place->counts[count]);
    }
}

static void check_bins(const struct world *world)
{
    assert_int_equal(world->bin, world->bins);
    for (uint32_t i = 0; i < world->edge_count; i++)
        check_place(world, &world->edges[i].place);
    for (uint32_t i = 0; i < world->own_services; i++)
        check_place(world, &world->services[i].place);
    for (uint32_t i = 0; i < world->cache_count; i++)
        check_place(world, &world->caches[i].place);
}

/* What happens at the edge of a bin is the next bin's; the last bin may be shorter. Work of 1.5 s from 1 s on: the bins
 * of 1 s hold 0, 1, 0.5 of it. */
static void test_edges_of_bins(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 3500ms\n"
                                    "clients: [{name: a, arrival: {kind: burst, at: 1s}, calls: s}]\n"
                                    "services: [{name: s, workers: 2, service_time: 1500ms, queue: {capacity: 0}}]\n");
    assert_int_equal(m.world->bins, 4);
    assert_caller_bins(&m, 0, COUNT_REQUESTS, "0 1 0 0");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 1 0");
    const struct bin_row *rows = m.world->services[0].place.rows;
    assert_true(rows[0].busy_ratio == 0 && rows[1].busy_ratio == 0.5 && rows[2].busy_ratio == 0.25);
    assert_true(rows[0].in_service == 0 && rows[1].in_service == 1 && rows[2].in_service == 0);
    /* Two workers of 1/1.5 a second: 4/3 attempts in a whole bin, 2/3 in the half one. */
    assert_true(fabs(rows[2].capacity - 4.0 / 3) < 1e-12 && fabs(rows[3].capacity - 2.0 / 3) < 1e-12);
    assert_true(isnan(m.world->edges[0].place.rows[1].latency_p50_s));
    assert_true(m.world->edges[0].place.rows[2].latency_p50_s == 1.5);
    assert_true(isnan(m.world->edges[0].place.rows[2].capacity) && isnan(m.world->edges[0].place.rows[2].queue_length));
    check_bins(m.world);
    model_free(&m);
}

/* A bin longer than the run is one bin; an undefined capacity (unlimited workers) is no number. */
static void test_one_bin(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 3s\nbin: 1h\n"
                  "clients: [{name: a, count: 3, arrival: {kind: burst, at: 1s}, calls: s}]\n"
                  "services: [{name: s, workers: unlimited, service_time: 1s, queue: {capacity: 0}}]\n");
    assert_caller_bins(&m, 0, COUNT_GOOD, "3");
    assert_true(isnan(m.world->services[0].place.rows[0].capacity));
    assert_true(isnan(m.world->services[0].place.rows[0].busy_ratio));
    model_free(&m);
}

/* In an outage the capacity of a bin is 0. */
static void test_capacity_in_an_outage(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 4s\n"
                                    "clients: [{name: a, count: 3, arrival: {kind: burst, at: 1s}, calls: s}]\n"
                                    "services: [{name: s, workers: 1, service_time: 500ms, queue: {capacity: 0}}]\n"
                                    "faults: [{kind: outage, mode: refuse, service: s, at: 1500ms, for: 1s}]\n");
    const struct bin_row *rows = m.world->services[0].place.rows;
    assert_true(rows[0].capacity == 2 && rows[1].capacity == 0 && rows[2].capacity == 2);
    model_free(&m);
}

/* ---- warm-up ---- */

/* One request a second, 0.5 s of work each; measured from 10 s: the arrival at 10 s counts, that of 9 s does not. */
static void test_warmup(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 20s\nwarmup: 10s\n"
                                    "clients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: s}]\n"
                                    "services: [{name: s, workers: 1, service_time: 500ms, queue: {capacity: 5}}]\n"
                                    "faults: [{kind: capacity, service: s, factor: 0, at: 3s, for: 3s}]\n");
    const struct place *place = &m.world->edges[0].place;
    assert_int_equal(place->counts[COUNT_REQUESTS] - place->at_warmup[COUNT_REQUESTS], 10);
    assert_int_equal(place->latency->total.count, 10);
    assert_int_equal(place->latency->total.max, SECOND / 2); /* those who waited in the fault are forgotten */
    assert_int_equal(m.world->services[0].wait->count, 10);
    assert_int_equal(m.world->services[0].queue_peak, 0);
    struct service_areas now = model_areas(&m, 0), before = m.world->services[0].at_warmup;
    assert_true(now.busy - before.busy == (area_t)(5 * SECOND));
    assert_true(before.at_ns == 10 * SECOND);
    check_bins(m.world); /* rows hold the warm-up, too */
    model_free(&m);
}

/* ---- stopping early ---- */

static void test_stopped(void **state)
{
    (void)state;
    struct scenario *scenario =
        model_scenario("duration: 1000s\n"
                       "clients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: s}]\n"
                       "services: [{name: s, workers: 1, service_time: 500ms, queue: {capacity: 5}}]\n");
    atomic_bool stop = true;
    atomic_int_least64_t done = 0;
    struct world *world = world_new(&scenario->variants[0].config.model, 1, 1);
    assert_false(world_run(world, &(struct run_control){.stop = &stop, .done_ns = &done}));
    assert_true(world->bin < 10);
    world_free(world);
    stop = false;
    world = world_new(&scenario->variants[0].config.model, 1, 1);
    assert_true(world_run(world, &(struct run_control){.stop = &stop, .done_ns = &done}));
    assert_true(done == 1000 * SECOND);
    world_free(world);
    scenario_free(scenario);
}

/* ---- random models ---- */

static char model_text[RANDOM_MODEL_SIZE];

/* The last words of a run that broke a law: the model. */
static void print_model(int signal_number)
{
    ssize_t written = write(STDERR_FILENO, model_text, strlen(model_text));
    signal(signal_number, SIG_DFL);
    _exit(written > 0 ? 134 : 135);
}

static void assert_same_place(const struct world *world, const struct place *a, const struct place *b)
{
    assert_memory_equal(a->counts, b->counts, sizeof a->counts);
    assert_memory_equal(a->rows, b->rows, world->bins * sizeof *a->rows);
}

static void assert_same_worlds(const struct world *a, const struct world *b)
{
    for (uint32_t i = 0; i < a->edge_count; i++)
        assert_same_place(a, &a->edges[i].place, &b->edges[i].place);
    for (uint32_t i = 0; i < a->own_services; i++)
        assert_same_place(a, &a->services[i].place, &b->services[i].place);
    for (uint32_t i = 0; i < a->cache_count; i++)
        assert_same_place(a, &a->caches[i].place, &b->caches[i].place);
    assert_memory_equal(a->events_done, b->events_done, sizeof a->events_done);
}

static uint64_t under_way(const struct world *world, uint32_t edge)
{
    uint64_t pending = 0;
    for (uint32_t i = 0; i < world->requests_used; i++) {
        const struct request *request = &world->requests[i];
        pending += request_is_pending(request) && request->edge == edge;
    }
    return pending;
}

static void check_requests(const struct world *world)
{
    for (uint32_t i = 0; i < world->edge_count; i++) {
        const uint64_t *counts = world->edges[i].place.counts;
        uint64_t over = counts[COUNT_GOOD] + counts[COUNT_FAILED] + counts[COUNT_CALLED_OFF];
        assert_int_equal(counts[COUNT_REQUESTS], over + under_way(world, i));
        assert_int_equal(counts[COUNT_FIRST_ATTEMPTS] + counts[COUNT_RETRIES], counts[COUNT_ATTEMPTS]);
        assert_true(counts[COUNT_FIRST_ATTEMPTS] <= counts[COUNT_REQUESTS]);
        assert_true(counts[COUNT_SERVED] == counts[COUNT_GOOD]);
    }
}

/* Runs one random model twice. */
static uint64_t check_model(uint64_t number)
{
    random_model(number, model_text);
    struct model_case a = model_run_seed(model_text, number), b = model_run_seed(model_text, number);
    check_bins(a.world);
    check_requests(a.world);
    assert_same_worlds(a.world, b.world);
    uint64_t attempts = 0;
    for (uint32_t i = 0; i < a.world->edge_count; i++)
        attempts += a.world->edges[i].place.counts[COUNT_ATTEMPTS];
    model_free(&a);
    model_free(&b);
    return attempts;
}

/* RETRYSTORM_TEST_LONG runs thirty times as many. */
static void test_random_models(void **state)
{
    (void)state;
    uint64_t attempts = 0, models = getenv("RETRYSTORM_TEST_LONG") ? 9000 : 300;
    signal(SIGABRT, print_model);
    for (uint64_t number = 1; number <= models; number++)
        attempts += check_model(number);
    signal(SIGABRT, SIG_DFL);
    assert_true(attempts > 100 * models); /* or the models would test nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges_of_bins),
        cmocka_unit_test(test_one_bin),
        cmocka_unit_test(test_capacity_in_an_outage),
        cmocka_unit_test(test_warmup),
        cmocka_unit_test(test_stopped),
        cmocka_unit_test(test_random_models),
    };
    return cmocka_run_group_tests_name("measure", tests, NULL, NULL);
}
