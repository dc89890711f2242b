/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where requests come from: open loop, closed loop, load spikes, and what stays the same whatever else changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "model_case.h"

#define FREE_SERVICE(time) "services: [{name: s, workers: unlimited, service_time: " time ", queue: {capacity: 0}}]\n"

static const uint64_t *requests_of_bin(const struct model_case *m, uint32_t client, uint32_t bin)
{
    return &m->world->edges[client].place.rows[bin].counts[COUNT_REQUESTS];
}

static uint64_t requests_between(const struct model_case *m, uint32_t from, uint32_t to)
{
    uint64_t sum = 0;
    for (uint32_t bin = from; bin < to; bin++)
        sum += *requests_of_bin(m, 0, bin);
    return sum;
}

/* ---- open loop ---- */

/* A metronome of 2 s starts with a gap. The arrival at 8 s, the end, does not count. */
static void test_renewal_metronome(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 8s\n"
                  "clients: [{name: a, arrival: {kind: renewal, gap: 2s}, calls: s}]\n" FREE_SERVICE("0s"));
    assert_caller_bins(&m, 0, COUNT_REQUESTS, "0 0 1 0 1 0 1 0");
    model_free(&m);
}

static void test_burst(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 5s\n"
                  "clients: [{name: a, count: 7, arrival: {kind: burst, at: 3s}, calls: s}]\n" FREE_SERVICE("0s"));
    assert_caller_bins(&m, 0, COUNT_REQUESTS, "0 0 0 7 0");
    model_free(&m);
}

/* 10 000 moments, uniform over four bins: 2500 each, sd = sqrt(10000 x 3/16) = 43.3, 5 sigma = 217; none outside. */
static void test_burst_spread(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 8s\n"
        "clients: [{name: a, count: 10k, arrival: {kind: burst, at: 2s, spread: 4s}, calls: s}]\n" FREE_SERVICE("0s"));
    assert_int_equal(requests_between(&m, 2, 6), 10000);
    for (uint32_t bin = 2; bin < 6; bin++)
        assert_in_range(*requests_of_bin(&m, 0, bin), 2500 - 217, 2500 + 217);
    model_free(&m);
}

/* 10 000 s at 5/s: 50 000, sd = sqrt(50000) = 224, 5 sigma = 1118. */
static void test_poisson_rate(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 10000s\nbin: 1000s\n"
                  "clients: [{name: a, arrival: {kind: poisson, rate: 5/s}, calls: s}]\n" FREE_SERVICE("0s"));
    assert_in_range(caller_count(&m, 0, COUNT_REQUESTS), 50000 - 1118, 50000 + 1118);
    model_free(&m);
}

/* 100/s for 10 s, down to 0 at 20 s, 0 until 30 s, up to 200/s at 40 s and constant from there.
 * Expected: 1000, 500, 0, 1000, 2000; 5 sigma = 5 sqrt(n). */
static void test_piecewise_rate(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 50s\nbin: 10s\n"
                                    "clients: [{name: a, calls: s, arrival: {kind: piecewise, points: [{at: 10s, rate: "
                                    "100/s}, {at: 20s, rate: 0/s},"
                                    " {at: 30s, rate: 0/s}, {at: 40s, rate: 200/s}]}}]\n" FREE_SERVICE("0s"));
    assert_in_range(*requests_of_bin(&m, 0, 0), 1000 - 158, 1000 + 158);
    assert_in_range(*requests_of_bin(&m, 0, 1), 500 - 112, 500 + 112);
    assert_int_equal(*requests_of_bin(&m, 0, 2), 0);
    assert_in_range(*requests_of_bin(&m, 0, 3), 1000 - 158, 1000 + 158);
    assert_in_range(*requests_of_bin(&m, 0, 4), 2000 - 224, 2000 + 224);
    model_free(&m);
}

/* ---- closed loop ---- */

/* Think 3 s, serve 1 s. Thinking first: requests at 3, 7, 11; at once: 0, 4, 8. */
static void test_closed_starts(void **state)
{
    (void)state;
    static const char *const starts[] = {"thinking", "at-once"};
    static const char *const bins[] = {"0 0 0 2 0 0 0 2 0 0 0 2", "2 0 0 0 2 0 0 0 2 0 0 0"};
    for (int i = 0; i < 2; i++) {
        char text[512];
        snprintf(
            text, sizeof text,
            "duration: 12s\nclients: [{name: a, count: 2, closed: {think: 3s, start: %s}, calls: s}]\n" FREE_SERVICE(
                "1s"),
            starts[i]);
        struct model_case m = model_run(text);
        assert_caller_bins(&m, 0, COUNT_REQUESTS, bins[i]);
        model_free(&m);
    }
}

/* A client thinks from its outcome: a failure at 2 s (timeout), not the late answer at 5 s; next request at 3 s. */
static void test_closed_thinks_from_the_outcome(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n"
                                    "clients: [{name: a, closed: {think: 1s, start: at-once}, calls: s,"
                                    " policy: {timeout: 2s}}]\n" FREE_SERVICE("5s"));
    assert_caller_bins(&m, 0, COUNT_REQUESTS, "1 0 0 1 0 0 1 0");
    assert_caller_bins(&m, 0, COUNT_LATE, "0 0 0 0 0 1 0 0");
    model_free(&m);
}

/* 100 clients never have more than 100 requests under way, and two closed populations keep theirs apart. */
static void test_two_closed_populations(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 20s\n"
                                    "clients:\n"
                                    "  - {name: a, count: 100, closed: {think: 1s}, calls: s}\n"
                                    "  - {name: o, arrival: {kind: renewal, gap: 1s}, calls: s}\n"
                                    "  - {name: b, count: 10, closed: {think: 4s}, calls: s}\n" FREE_SERVICE("0s"));
    assert_int_equal(caller_count(&m, 0, COUNT_REQUESTS), 1900);
    assert_int_equal(caller_count(&m, 1, COUNT_REQUESTS), 19);
    assert_int_equal(caller_count(&m, 2, COUNT_REQUESTS), 40);
    for (uint32_t i = 0; i < 110; i++)
        assert_int_equal(m.world->requests_of[i], i < 100 ? 19 : 4);
    model_free(&m);
}

/* ---- load spikes ---- */

/* Gap 10 s, twice as fast from 4 to 8 s. 4 s of the first gap are done at 4, the other 6 take 3 s: 7 s. Of the second,
 * 2 are done at 8 s, the other 8 take 8 s: 16 s; then normal: 26 s. */
static void test_spike_in_a_renewal_gap(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 30s\n"
                                    "clients: [{name: a, arrival: {kind: renewal, gap: 10s}, calls: s}]\n" FREE_SERVICE(
                                        "0s") "faults: [{kind: load, clients: a, factor: 2, at: 4s, for: 4s}]\n");
    for (uint32_t bin = 0; bin < 30; bin++)
        assert_int_equal(*requests_of_bin(&m, 0, bin), bin == 7 || bin == 16 || bin == 26);
    model_free(&m);
}

/* Two spikes of 2 and 5 overlap: x2 on 10..20, x10 on 20..30, x5 on 30..40. A gap of 40 s: 10 s done at 10, 30 at 20,
 * and the last 10 take 1 s: 21 s. The next 40: 9 s x 10 = 90 -> at 25 s and 29 s, 10 done at 30, 30 / 5: 36 s; then 20
 * done at 40, 20 more: 60 s. */
static void test_spikes_multiply(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 70s\n"
                                    "clients: [{name: a, arrival: {kind: renewal, gap: 40s}, calls: s}]\n" FREE_SERVICE(
                                        "0s") "faults:\n"
                                              "  - {kind: load, clients: a, factor: 2, at: 10s, for: 20s}\n"
                                              "  - {kind: load, clients: a, factor: 5, at: 20s, for: 20s}\n");
    for (uint32_t bin = 0; bin < 70; bin++)
        assert_int_equal(*requests_of_bin(&m, 0, bin), bin == 21 || bin == 25 || bin == 29 || bin == 36 || bin == 60);
    model_free(&m);
}

/* Time runs four times as fast for the arrivals of 10..20 s: each bin of the spike holds four of the run without it,
 * and the bins after it are those from 50 s on. Exact: the draws are the same. */
static void check_spike_shifts_time(const char *arrival)
{
    char plain_text[512], spike_text[640];
    snprintf(plain_text, sizeof plain_text,
             "duration: 100s\nclients: [{name: a, calls: s, arrival: %s}]\n" FREE_SERVICE("0s"), arrival);
    snprintf(spike_text, sizeof spike_text, "%sfaults: [{kind: load, clients: a, factor: 4, at: 10s, for: 10s}]\n",
             plain_text);
    struct model_case plain = model_run(plain_text), spike = model_run(spike_text);
    for (uint32_t bin = 0; bin < 10; bin++)
        assert_int_equal(*requests_of_bin(&spike, 0, bin), *requests_of_bin(&plain, 0, bin));
    for (uint32_t bin = 0; bin < 10; bin++)
        assert_int_equal(*requests_of_bin(&spike, 0, 10 + bin), requests_between(&plain, 10 + 4 * bin, 14 + 4 * bin));
    for (uint32_t bin = 20; bin < 70; bin++)
        assert_int_equal(*requests_of_bin(&spike, 0, bin), *requests_of_bin(&plain, 0, bin + 30));
    assert_true(caller_count(&plain, 0, COUNT_REQUESTS) > 50);
    model_free(&plain);
    model_free(&spike);
}

static void test_spike_in_random_gaps(void **state)
{
    (void)state;
    check_spike_shifts_time("{kind: poisson, rate: 1/s}");
    check_spike_shifts_time("{kind: poisson, rate: 100/s}");
    check_spike_shifts_time("{kind: piecewise, points: [{at: 0s, rate: 10/s}]}");
    check_spike_shifts_time("{kind: renewal, gap: {law: uniform, low: 0s, high: 1s}}");
}

/* A ramp of 0..40/s over 40 s, doubled on 10..20 s, is the polyline with steps at 10 and 20 s. */
static void test_spike_on_a_ramp(void **state)
{
    (void)state;
    struct model_case spike = model_run(
        "duration: 60s\nclients: [{name: a, calls: s, arrival: {kind: piecewise, points: [{at: 0s, rate: 0/s},"
        " {at: 40s, rate: 40/s}]}}]\n" FREE_SERVICE(
            "0s") "faults: [{kind: load, clients: a, factor: 2, at: 10s, for: 10s}]\n");
    struct model_case steps = model_run(
        "duration: 60s\nclients: [{name: a, calls: s, arrival: {kind: piecewise, points: [{at: 0s, rate: 0/s},"
        " {at: 10s, rate: 10/s}, {at: 10000000001ns, rate: 20/s}, {at: 20s, rate: 40/s},"
        " {at: 20000000001ns, rate: 20/s}, {at: 40s, rate: 40/s}]}}]\n" FREE_SERVICE("0s"));
    for (uint32_t bin = 0; bin < 60; bin++)
        assert_int_equal(*requests_of_bin(&spike, 0, bin), *requests_of_bin(&steps, 0, bin));
    assert_true(caller_count(&spike, 0, COUNT_REQUESTS) > 1000);
    model_free(&spike);
    model_free(&steps);
}

/* Think times drawn while the spike is on are divided by 4: at 4, 8, 12 (drawn at 8, before the spike), then every
 * second to 20 (drawn at 19; at 20 the spike is over), 24, 28. */
static void test_spike_in_a_closed_loop(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 30s\n"
                                    "clients: [{name: a, closed: {think: 4s}, calls: s}]\n" FREE_SERVICE(
                                        "0s") "faults: [{kind: load, clients: a, factor: 4, at: 10s, for: 10s}]\n");
    for (uint32_t bin = 0; bin < 30; bin++)
        assert_int_equal(*requests_of_bin(&m, 0, bin),
                         (bin >= 12 && bin <= 20) || bin == 4 || bin == 8 || bin == 24 || bin == 28);
    model_free(&m);
}

/* ---- what stays the same ---- */

static void assert_same_counts(const struct hist *a, const struct hist *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->max, b->max);
    assert_int_equal(a->min, b->min);
    assert_memory_equal(a->buckets, b->buckets, sizeof a->buckets);
}

/* Strategies meet the same arrivals, and an attempt (request and number) needs the same work in each, although it comes
 * at another time: with unlimited workers the sojourn times are the demands. */
static void test_common_random_numbers(void **state)
{
    (void)state;
    static const char *const backoffs[] = {"none", "3s"};
    struct model_case m[2];
    for (int i = 0; i < 2; i++) {
        char text[640];
        snprintf(text, sizeof text,
                 "duration: 100s\n"
                 "clients: [{name: a, count: 1k, arrival: {kind: burst, spread: 10s}, calls: s,"
                 " policy: {attempts: 3, backoff: %s}}]\n"
                 "services: [{name: s, workers: unlimited, service_time: {law: exponential, mean: 1s},"
                 " queue: {capacity: 0}, error_ratio: 40%%}]\n",
                 backoffs[i]);
        m[i] = model_run(text);
    }
    for (uint32_t bin = 0; bin < 100; bin++)
        assert_int_equal(*requests_of_bin(&m[0], 0, bin), *requests_of_bin(&m[1], 0, bin));
    assert_int_equal(caller_count(&m[0], 0, COUNT_ATTEMPTS), caller_count(&m[1], 0, COUNT_ATTEMPTS));
    assert_int_equal(caller_count(&m[0], 0, COUNT_ERRORS), caller_count(&m[1], 0, COUNT_ERRORS));
    assert_same_counts(&m[0].world->services[0].place.latency->total, &m[1].world->services[0].place.latency->total);
    assert_true(m[0].world->edges[0].place.latency->total.sum < m[1].world->edges[0].place.latency->total.sum);
    model_free(&m[0]);
    model_free(&m[1]);
}

/* A population in front of another changes nothing for it, where the service is unlimited. */
static void test_second_population_changes_nothing(void **state)
{
    (void)state;
    static const char *const a = "  - {name: a, arrival: {kind: poisson, rate: 10/s}, calls: s, policy: {timeout: 1s,"
                                 " attempts: 2, backoff: {shape: fixed, base: 1s, jitter: full}}}\n";
    static const char *const b = "  - {name: b, arrival: {kind: poisson, rate: 10/s}, calls: s}\n"
                                 "  - {name: c, count: 5, closed: {think: exponential, mean: 1s}, calls: s}\n";
    struct model_case m[2];
    for (int i = 0; i < 2; i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "duration: 100s\nclients:\n%s%sservices: [{name: s, workers: unlimited, service_time: {law: "
                 "exponential, mean: 1s}, queue: {capacity: 0}}]\n",
                 i ? b : "", a);
        m[i] = model_run(text);
    }
    const struct place *alone = &m[0].world->edges[0].place, *second = &m[1].world->edges[2].place;
    assert_string_equal(second->path, "clients.a");
    assert_memory_equal(alone->counts, second->counts, sizeof alone->counts);
    for (uint32_t bin = 0; bin < 100; bin++)
        assert_memory_equal(alone->rows[bin].counts, second->rows[bin].counts, sizeof alone->rows[bin].counts);
    assert_same_counts(&alone->latency->total, &second->latency->total);
    model_free(&m[0]);
    model_free(&m[1]);
}

/* Another seed, and another replication, is another experiment. */
static void test_seed_matters(void **state)
{
    (void)state;
    static const char *const text =
        "duration: 100s\nclients: [{name: a, arrival: {kind: poisson, rate: 10/s}, calls: s}]\n" FREE_SERVICE("0s");
    struct model_case m[3] = {model_run_seed(text, 1), model_run_seed(text, 1), model_run_seed(text, 2)};
    bool same = true;
    for (uint32_t bin = 0; bin < 100; bin++) {
        assert_int_equal(*requests_of_bin(&m[0], 0, bin), *requests_of_bin(&m[1], 0, bin));
        same &= *requests_of_bin(&m[0], 0, bin) == *requests_of_bin(&m[2], 0, bin);
    }
    assert_false(same);
    for (int i = 0; i < 3; i++)
        model_free(&m[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_renewal_metronome),
        cmocka_unit_test(test_burst),
        cmocka_unit_test(test_burst_spread),
        cmocka_unit_test(test_poisson_rate),
        cmocka_unit_test(test_piecewise_rate),
        cmocka_unit_test(test_closed_starts),
        cmocka_unit_test(test_closed_thinks_from_the_outcome),
        cmocka_unit_test(test_two_closed_populations),
        cmocka_unit_test(test_spike_in_a_renewal_gap),
        cmocka_unit_test(test_spikes_multiply),
        cmocka_unit_test(test_spike_in_random_gaps),
        cmocka_unit_test(test_spike_on_a_ramp),
        cmocka_unit_test(test_spike_in_a_closed_loop),
        cmocka_unit_test(test_common_random_numbers),
        cmocka_unit_test(test_second_population_changes_nothing),
        cmocka_unit_test(test_seed_matters),
    };
    return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
