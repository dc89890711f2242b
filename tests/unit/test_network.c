/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way between callers and services: loss, retransmission, and the faults that trouble an edge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model_case.h"

#define FREE_SERVICE "services: [{name: s, workers: unlimited, service_time: 0s, queue: {capacity: 0}}]\n"
#define METRONOME    "arrival: {kind: renewal, gap: 1s}, calls: s"

/* ---- latency ---- */

/* 2 s there from 2 to 5 s: what is sent in that time arrives 2 s later, what is on its way is not delayed. */
static void test_latency(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\nclients: [{name: a, " METRONOME "}]\n" FREE_SERVICE
                                    "faults: [{kind: latency, edge: clients.a, delay: 2s, at: 1500ms, for: 3s}]\n");
    assert_service_bins(&m, 0, COUNT_ATTEMPTS, "0 1 0 0 1 2 2 1 1");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 1 0 0 1 2 2 1 1");
    model_free(&m);
}

/* Delays add up, to each other and to the latency there is; responses 1 s, both 0.5 s twice: 2 s + 0.3 s. */
static void test_latencies_add_up(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 9s\nbin: 100ms\nclients: [{name: a, arrival: {kind: burst, at: 1s}, "
                  "calls: s, network: {request_latency: 100ms, response_latency: 200ms}}]\n" FREE_SERVICE "faults:\n"
                  "  - {kind: latency, edge: clients.a, delay: 1s, way: responses, at: 0s}\n"
                  "  - {kind: latency, edge: clients.a, delay: 500ms, way: both, at: 0s}\n");
    assert_int_equal(m.world->services[0].place.rows[16].counts[COUNT_ATTEMPTS], 1);
    assert_int_equal(m.world->edges[0].place.rows[33].counts[COUNT_GOOD], 1);
    model_free(&m);
}

/* Exponential delays of mean 1 s: the latencies of 10 000 requests; five standard errors 5 x 1 / 100. */
static void test_random_latency(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 100s\nclients: [{name: a, count: 10k, arrival: {kind: burst}, calls: s}]\n" FREE_SERVICE
                  "faults: [{kind: latency, edge: clients.a, "
                  "delay: {law: exponential, mean: 1s}, at: 0s}]\n");
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 10000);
    assert_true(fabs(hist_mean(&m.world->edges[0].place.latency->total) * 1e-9 - 1) < 0.05);
    model_free(&m);
}

/* ---- loss ---- */

/* All requests, then all answers are lost: the former reach nobody, the latter were served. The timeout tells. */
static void test_loss(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\nclients: [{name: a, " METRONOME
                                    ", policy: {timeout: 500ms}}]\n" FREE_SERVICE "faults:\n"
                                    "  - {kind: loss, edge: clients.a, requests: 100%, at: 2s, for: 2s}\n"
                                    "  - {kind: loss, edge: clients.a, responses: 100%, at: 5s, for: 2s}\n");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 1 0 0 1 0 0 1 1");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 1 1 0 1 1 0 0");
    assert_service_bins(&m, 0, COUNT_SERVED, "0 1 0 0 1 1 1 1 1");
    assert_int_equal(caller_count(&m, 0, COUNT_LOST), 4);
    model_free(&m);
}

/* 20 % of the scenario and 50 % of a fault: 1 - 0.8 x 0.5 = 60 % of 10 000, +- 5 x sqrt(10000 x 0.6 x 0.4) = 245. When
 * the fault is over, 20 % again. */
static void test_losses_are_independent(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 2s\nclients:\n"
        "  - {name: a, count: 10k, arrival: {kind: burst}, calls: s, network: {request_loss: 20%}}\n" FREE_SERVICE
        "faults: [{kind: loss, edge: clients.a, requests: 50%, at: 0s, for: 1s}]\n");
    assert_in_range(caller_count(&m, 0, COUNT_LOST), 6000 - 245, 6000 + 245);
    assert_true(m.world->edges[0].loss[TO_SERVICE] == 0.2);
    model_free(&m);
}

/* ---- retransmission ---- */

/* All is lost until 4 s. Sent at 0 and again after 0.5, 1, 2 s: at 0.5, 1.5 and 3.5 s in vain; 4 s more: 7.5 s. With
 * rto_max 1 s: 0.5, 1.5, 2.5, 3.5, 4.5 s. The caller that gave up at 1 s is not asked: its attempt arrives all the
 * same. */
static void check_retransmission(const char *network, const char *arrivals)
{
    char text[512];
    snprintf(text, sizeof text,
             "duration: 9s\nclients: [{name: a, arrival: {kind: burst}, calls: s, policy: {timeout: 1s}, network: "
             "{%s}}]\n" FREE_SERVICE "faults: [{kind: loss, edge: clients.a, requests: 100%%, at: 0s, for: 4s}]\n",
             network);
    struct model_case m = model_run(text);
    assert_service_bins(&m, 0, COUNT_ATTEMPTS, arrivals);
    assert_int_equal(caller_count(&m, 0, COUNT_LOST), 0);
    assert_int_equal(caller_count(&m, 0, COUNT_LATE), 1);
    model_free(&m);
}

static void test_retransmission(void **state)
{
    (void)state;
    check_retransmission("rto: 500ms", "0 0 0 0 0 0 0 1 0");
    check_retransmission("rto: 500ms, rto_max: 1s", "0 0 0 0 1 0 0 0 0");
    check_retransmission("rto: 500ms, rto_max: 1s, request_latency: 2s", "0 0 0 0 0 0 1 0 0");
}

/* An answer is sent again, too: served once, at 0 s, known at 3 s + 1 s + ... = 1, 3 in vain, 7 s. */
static void test_answers_are_retransmitted(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\nclients: [{name: a, arrival: {kind: burst}, calls: s, "
                                    "network: {rto: 1s}}]\n" FREE_SERVICE
                                    "faults: [{kind: loss, edge: clients.a, responses: 100%, at: 0s, for: 4s}]\n");
    assert_service_bins(&m, 0, COUNT_SERVED, "1 0 0 0 0 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 0 0 0 0 1 0");
    model_free(&m);
}

/* 30 % of requests are lost, each time anew: 10 000 x 0.7 arrive at once, x 0.21 after 1 s, x 0.063 after 3 s; five
 * standard deviations of the binomials: 230, 204, 121. */
static void test_each_transmission_is_a_draw(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\nclients: [{name: a, count: 10k, arrival: {kind: burst}, calls: s, "
                                    "network: {request_loss: 30%, rto: 1s}}]\n" FREE_SERVICE);
    const struct bin_row *rows = m.world->services[0].place.rows;
    assert_in_range(rows[0].counts[COUNT_ATTEMPTS], 7000 - 230, 7000 + 230);
    assert_in_range(rows[1].counts[COUNT_ATTEMPTS], 2100 - 204, 2100 + 204);
    assert_in_range(rows[3].counts[COUNT_ATTEMPTS], 630 - 121, 630 + 121);
    assert_int_equal(rows[2].counts[COUNT_ATTEMPTS], 0);
    model_free(&m);
}

/* ---- partitions ---- */

/* Both ways, requests only, answers only. */
static void check_partition(const char *way, int64_t arrived)
{
    char text[512];
    snprintf(text, sizeof text,
             "duration: 9s\nclients: [{name: a, " METRONOME ", policy: {timeout: 500ms}}]\n" FREE_SERVICE
             "faults: [{kind: partition, edge: clients.a, way: %s, at: 3s, for: 3s}]\n",
             way);
    struct model_case m = model_run(text);
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 1 1 0 0 0 1 1 1");
    assert_int_equal(service_count(&m, 0, COUNT_ATTEMPTS), arrived);
    model_free(&m);
}

static void test_partition(void **state)
{
    (void)state;
    check_partition("both", 5);
    check_partition("requests", 5);
    check_partition("responses", 8);
}

/* 30 % of 1000 closed-loop clients, +- 5 x sqrt(1000 x 0.3 x 0.7) = 72: always the same ones, all of whose requests
 * fail while none of the others' do. The next time others are cut off. */
static void test_partial_partition(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 20s\nclients: [{name: a, count: 1000, closed: {think: 1s}, calls: s, "
                  "policy: {timeout: 1ns}, network: {response_latency: 0s}}]\n" FREE_SERVICE
                  "faults: [{kind: partition, edge: clients.a, fraction: 30%, at: 500ms, every: 10s, for: 8s}]\n");
    const struct bin_row *rows = m.world->edges[0].place.rows;
    uint64_t first = rows[1].counts[COUNT_FAILED], second = rows[11].counts[COUNT_FAILED];
    assert_in_range(first, 300 - 72, 300 + 72);
    for (uint32_t bin = 1; bin <= 8; bin++) {
        assert_int_equal(rows[bin].counts[COUNT_FAILED], first);
        assert_int_equal(rows[bin].counts[COUNT_GOOD], 1000 - first);
        assert_int_equal(rows[bin + 10].counts[COUNT_FAILED], second);
    }
    assert_int_equal(rows[9].counts[COUNT_FAILED], 0);
    assert_int_not_equal(first, second);
    model_free(&m);
}

/* An open-loop population's requests know their clients as soon as a partition picks some. */
static void test_partial_partition_of_an_open_loop(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 2s\nclients: [{name: a, count: 100, arrival: {kind: poisson, rate: 5k/s}, "
                  "calls: s, policy: {timeout: 1ms}}]\n" FREE_SERVICE
                  "faults: [{kind: partition, edge: clients.a, fraction: 50%, at: 0s}]\n");
    double failed = (double)caller_count(&m, 0, COUNT_FAILED) / (double)caller_count(&m, 0, COUNT_REQUESTS);
    assert_true(failed > 0.2 && failed < 0.8); /* of 100 clients, 50 +- 5 x 5, plus what chance asks of them */
    model_free(&m);
}

/* ---- mistakes ---- */

static void test_mistakes(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{kind: partition, edge: clients.b, at: 1s}", "edge: no edge named 'clients.b'; did you mean 'clients.a'?"},
        {"{kind: loss, edge: clients.a, at: 1s}", "loss: requests, responses: both are 0"},
        {"{kind: latency, edge: clients.a, at: 1s}", "latency: missing key 'delay' (law of what is added to the way)"},
        {"{kind: partition, edge: services.s, at: 1s}", "edge: no edge named 'services.s'; there are: clients.a"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "name: x\nduration: 9s\nclients: [{name: a, " METRONOME "}]\n" FREE_SERVICE "faults: [%s]\n",
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
        cmocka_unit_test(test_latency),
        cmocka_unit_test(test_latencies_add_up),
        cmocka_unit_test(test_random_latency),
        cmocka_unit_test(test_loss),
        cmocka_unit_test(test_losses_are_independent),
        cmocka_unit_test(test_retransmission),
        cmocka_unit_test(test_answers_are_retransmitted),
        cmocka_unit_test(test_each_transmission_is_a_draw),
        cmocka_unit_test(test_partition),
        cmocka_unit_test(test_partial_partition),
        cmocka_unit_test(test_partial_partition_of_an_open_loop),
        cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
