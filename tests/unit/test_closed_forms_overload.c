/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Closed forms of overload: how long a queue may be, what rejections may cost, how slowly a throttle opens again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "model_case.h"

enum { TEXT_SIZE = 1500 };

static int64_t since_warmup(const struct place *place, enum count count)
{
    return (int64_t)(place->counts[count] - place->at_warmup[count]);
}

/* ---- the cliff of a queue ---- */

/* More than a worker can do, with room for `room`. Who gets in finds room - 1 before him and the rest of a service, r
 * in (0, S]: he is answered after r + room S. So all are in time if (room + 1) S <= T, that is room <= mu (T - S), and
 * none with one place more. */
static void check_cliff(int service_ms, int timeout_ms)
{
    int cliff = (timeout_ms - service_ms) / service_ms;
    for (int room = cliff - 1; room <= cliff + 2; room++) {
        char text[TEXT_SIZE];
        snprintf(text, sizeof text,
                 "duration: 120s\nwarmup: 60s\nclients: [{name: a, arrival: {kind: renewal, gap: %dus}, calls: s, "
                 "policy: {timeout: %dms}}]\n"
                 "services: [{name: s, workers: 1, service_time: %dms, queue: {capacity: %d}}]\n",
                 service_ms * 770, timeout_ms, service_ms, room);
        struct model_case m = model_run(text);
        const struct place *caller = &m.world->edges[0].place;
        int64_t good = since_warmup(caller, COUNT_GOOD), most = 60000 / service_ms;
        assert_true(since_warmup(caller, COUNT_REJECTED) > most / 4);
        if (room <= cliff)
            assert_true(good >= most - 1 && good <= most + 1 && since_warmup(caller, COUNT_LATE) == 0);
        else
            assert_true(good == 0 && since_warmup(caller, COUNT_LATE) >= most - 1);
        model_free(&m);
    }
}

static void test_cliff(void **state)
{
    (void)state;
    check_cliff(10, 500);
    check_cliff(10, 100);
    check_cliff(25, 1000);
}

/* ---- the price of a no ---- */

/* N clients at once, who come again after each `base` until they are served. Of the n who are left n / base - s are
 * rejected a second, each for c of the worker's time, and s are served in what is left of it, S each: s = (1 - n c /
 * base) / (S - c), as long as they are so many that somebody is there for each free place. With x = N c / base half of
 * them are served after (S - c) (base / c) ln((1 - x / 2) / (1 - x)). Who comes was rejected one base before, when more
 * were left: at most one base is added. From x = 1 on a herd keeps the worker busy with nothing but its rejections. */
enum { HERD = 4000 };

static struct model_case run_herd(double x)
{
    char text[TEXT_SIZE];
    snprintf(text, sizeof text,
             "duration: 60s\nbin: 100ms\n"
             "clients: [{name: a, count: %d, arrival: {kind: burst, spread: 1s}, calls: s, policy: {attempts: "
             "unlimited, backoff: {shape: fixed, base: 1s}}}]\n"
             "services: [{name: s, workers: 1, service_time: 4ms, queue: {capacity: 3}, reject_cost: %.0fns}]\n",
             HERD, x / HERD * 1e9);
    return model_run(text);
}

static double half_served_s(const struct model_case *m)
{
    uint64_t served = 0;
    uint32_t bin = 0;
    while (bin < m->world->bins && served < HERD / 2)
        served += m->world->edges[0].place.rows[bin++].counts[COUNT_GOOD];
    return served < HERD / 2 ? INFINITY : bin * 0.1;
}

static void test_price_of_a_no(void **state)
{
    (void)state;
    static const double shares[] = {0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        double x = shares[i], cost_s = x / HERD, bin_s = 0.1;
        struct model_case m = run_herd(x);
        double half_s = half_served_s(&m), least_s = (0.004 - cost_s) / cost_s * log((1 - x / 2) / (1 - x));
        if (half_s < least_s - bin_s || half_s > least_s + 1 + bin_s)
            fail_msg("%g of the time is rejections: half are served after %g s, not %g s", x, half_s, least_s);
        model_free(&m);
    }
    for (double x = 1.05; x < 3; x *= 1.3) {
        struct model_case m = run_herd(x);
        assert_true(caller_count(&m, 0, COUNT_GOOD) < HERD / 20);
        model_free(&m);
    }
}

/* ---- a throttle that opens again ---- */

/* Adaptive throttling after an outage as long as its window W: none of R = rate W requests in it was accepted, so one
 * in R is sent. Each accepted one lets k more through in a window: a(t) = (k A(t) + 1) / W, with A those of the last W,
 * so they grow like e^(s t) with s W = k (1 - e^(-s W)): 1.594 for k = 2. Until A = R / k that takes ln(R) / s, and a
 * beginning and an end that are the same whatever the rate: what is tested is the difference between two rates, as the
 * mean of 120 pairs, within 5 standard errors. */
enum { RUNS = 120, WINDOW_S = 6 };

static double reopened_s(int rate, uint64_t seed)
{
    char text[TEXT_SIZE];
    snprintf(text, sizeof text,
             "duration: 150s\nclients: [{name: a, arrival: {kind: poisson, rate: %d/s}, calls: s, policy: "
             "{gates: {kind: adaptive-throttle, k: 2, window: %ds, slices: 120, scope: population}}}]\n"
             "services: [{name: s, workers: unlimited, service_time: 0s, queue: {capacity: 0}}]\n"
             "faults: [{kind: outage, mode: refuse, service: s, at: 0s, for: 10s}]\n", rate, WINDOW_S);
    struct model_case m = model_run_seed(text, seed);
    const struct bin_row *rows = m.world->edges[0].place.rows;
    uint32_t bin = 10;
    while (bin < m.world->bins && (double)rows[bin].counts[COUNT_GOOD] < 0.8 * rate)
        bin++;
    assert_true(bin < m.world->bins);
    model_free(&m);
    return bin - 10.0;
}

static void test_throttle_opens_slowly(void **state)
{
    (void)state;
    double sum = 0, squares = 0, growth = 2;
    for (int i = 0; i < 100; i++)
        growth = 2 * (1 - exp(-growth));
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        double slow_s = reopened_s(1280, seed), fast_s = reopened_s(80, seed);
        sum += (slow_s - fast_s) / RUNS;
        squares += (slow_s - fast_s) * (slow_s - fast_s) / RUNS;
    }
    double error = sqrt((squares - sum * sum) / (RUNS - 1)), expected = log(16) / growth * WINDOW_S;
    assert_true(fabs(sum - expected) < 5 * error && error < 0.15 * expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cliff),
        cmocka_unit_test(test_price_of_a_no),
        cmocka_unit_test(test_throttle_opens_slowly),
    };
    return cmocka_run_group_tests_name("closed_forms_overload", tests, NULL, NULL);
}
