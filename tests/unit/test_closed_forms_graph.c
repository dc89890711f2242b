/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Closed forms of services that call others: what retries at every hop multiply to, what slow calls do to a pool of
 * threads, what chance leaves of a request that needs several calls.
 *
 * Seeds are fixed. Counts are compared within 5 of their standard deviations (a false alarm in 2 million), means over
 * 20 runs within 5 standard errors of Student's law (one in 12000). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model_case.h"

enum { TEXT_SIZE = 4000, REQUESTS = 20000, HOPS_MAX = 3 };

static double at_service(const struct model_case *m, uint32_t service, enum count count)
{
    const struct place *place = &m->world->services[service].place;
    return (double)(place->counts[count] - place->at_warmup[count]);
}

static double at_caller(const struct model_case *m, uint32_t edge, enum count count)
{
    const struct place *place = &m->world->edges[edge].place;
    return (double)(place->counts[count] - place->at_warmup[count]);
}

static void assert_within(const char *what, double found, double expected, double deviations)
{
    if (!(fabs(found - expected) <= 5 * deviations + 1e-9 * fabs(expected)))
        fail_msg("%s: %.8g, expected %.8g +- %.2g", what, found, expected, 5 * deviations);
}

/* ---- retries ---- */

/* Attempts of a request that are independent, fail with probability q, and are `most` at most: (1 - q^most) / (1 - q)
 * on average. P(at least k) = q^(k-1), so the mean square is the sum of (2 k - 1) q^(k-1). */
static double mean_attempts(double q, double most)
{
    return q < 1 ? (1 - pow(q, most)) / (1 - q) : most;
}

static double variance_of_attempts(double q, double most)
{
    double squares = 0;
    for (double k = 1; k <= most; k++)
        squares += (2 * k - 1) * pow(q, k - 1);
    return squares - mean_attempts(q, most) * mean_attempts(q, most);
}

/* One hop whose attempts fail with probability q. */
static void check_one_hop(const char *what, const char *policy, const char *more, const char *service, double q)
{
    char text[TEXT_SIZE];
    for (int attempts = 1; attempts <= 5; attempts++) {
        snprintf(text, sizeof text,
                 "duration: %d500ms\nclients: [{name: a, arrival: {kind: ramp, from: 1000/s, to: 0/s, at: %ds, over: "
                 "0s}, calls: s, policy: {attempts: %d%s}%s}]\n"
                 "services: [{name: s, workers: unlimited, queue: {capacity: unlimited}, %s}]\n",
                 REQUESTS / 1000 + 40, REQUESTS / 1000, attempts, policy, more, service);
        struct model_case m = model_run(text);
        double requests = at_caller(&m, 0, COUNT_REQUESTS), good = 1 - pow(q, attempts);
        assert_within(what, at_caller(&m, 0, COUNT_ATTEMPTS), requests * mean_attempts(q, attempts),
                      sqrt(requests * fmax(0, variance_of_attempts(q, attempts))));
        assert_within(what, at_caller(&m, 0, COUNT_GOOD), requests * good, sqrt(requests * good * (1 - good)));
        assert_true(at_caller(&m, 0, COUNT_GOOD) + at_caller(&m, 0, COUNT_FAILED) == requests);
        model_free(&m);
    }
}

/* However attempts fail, R of them: a request is good with probability 1 - q^R. A service that takes 100 ms on average
 * is late for 50 ms with e^-1/2; of two ways that lose a tenth each a fifth less a hundredth gets lost. */
static void test_one_hop(void **state)
{
    (void)state;
    check_one_hop("errors", "", "", "service_time: 1ms, error_ratio: 60%", 0.6);
    check_one_hop("waits", ", backoff: {shape: exponential, base: 10ms, jitter: full}", "",
                  "service_time: 1ms, error_ratio: 60%", 0.6);
    check_one_hop("timeouts", ", timeout: 50ms", "", "service_time: {law: exponential, mean: 100ms}", exp(-0.5));
    check_one_hop("losses", ", timeout: 1s", ", network: {request_loss: 10%, response_loss: 10%}", "service_time: 1ms",
                  0.19);
}

/* web -> s1 -> s2 -> .. -> the last one, `hops` calls in all, each with the same policy; the last one fails. */
static void write_chain(char text[TEXT_SIZE], int hops, const char *policy, double p)
{
    int used = snprintf(text, TEXT_SIZE,
                        "duration: %d500us\nbin: %d500us\n"
                        "clients: [{name: web, arrival: {kind: renewal, gap: 1ms}, calls: s1, policy: {%s}}]\n"
                        "services:\n", REQUESTS, REQUESTS, policy);
    for (int i = 1; i < hops; i++)
        used += snprintf(text + used, (size_t)(TEXT_SIZE - used),
                         "  - {name: s%d, workers: unlimited, queue: {capacity: 0}, calls: [{name: s%d, policy: "
                         "{%s}}], program: [{call: s%d}]}\n", i, i + 1, policy, i + 1);
    snprintf(text + used, (size_t)(TEXT_SIZE - used),
             "  - {name: s%d, workers: unlimited, queue: {capacity: 0}, service_time: 0s, error_ratio: %.17g}\n", hops,
             p);
}

/* The edges in their order are the hops. An attempt of hop j fails if all r^(hops - j) below it do; there are at most
 * r^j of them, and they end with the first that is good. The last hop: (1 - p^(r^D)) / (1 - p). */
static void check_depth(int hops, int r, double p)
{
    char text[TEXT_SIZE], policy[64];
    snprintf(policy, sizeof policy, "attempts: %d", r);
    write_chain(text, hops, policy, p);
    struct model_case m = model_run(text);
    double good = 1 - pow(p, pow(r, hops));
    assert_true(at_caller(&m, 0, COUNT_REQUESTS) == REQUESTS);
    for (int j = 1; j <= hops; j++) {
        double q = pow(p, pow(r, hops - j)), most = pow(r, j);
        assert_within("attempts of a hop", at_caller(&m, (uint32_t)j - 1, COUNT_ATTEMPTS),
                      REQUESTS * mean_attempts(q, most), sqrt(REQUESTS * fmax(0, variance_of_attempts(q, most))));
    }
    assert_within("good requests", at_caller(&m, 0, COUNT_GOOD), REQUESTS * good, sqrt(REQUESTS * good * (1 - good)));
    model_free(&m);
}

static void test_depth(void **state)
{
    (void)state;
    static const double ps[] = {0, 0.1, 0.5, 0.9, 0.99, 1};
    for (size_t i = 0; i < sizeof ps / sizeof *ps; i++) {
        check_depth(1, 3, ps[i]);
        check_depth(2, 3, ps[i]);
        check_depth(3, 2, ps[i]);
    }
    check_depth(HOPS_MAX, 4, 0.1);   /* 64 attempts a request, if all fail */
    check_depth(HOPS_MAX, 4, 0.9);
}

/* The remedy: if all fails, a budget of a tenth at each hop lets out floor(a / 10) retries after a calls. */
static void test_budget_at_each_hop(void **state)
{
    (void)state;
    char text[TEXT_SIZE];
    write_chain(text, HOPS_MAX, "attempts: 4, budget: {kind: ratio, ratio: 10%, reserve: 0, scope: population}", 1);
    struct model_case m = model_run(text);
    double attempts = REQUESTS;
    for (uint32_t hop = 0; hop < HOPS_MAX; hop++) {
        attempts += floor(attempts / 10);
        assert_true(at_caller(&m, hop, COUNT_ATTEMPTS) == attempts);
    }
    assert_true(attempts / REQUESTS == 1.331);
    model_free(&m);
}

/* ---- threads ---- */

enum { RUNS = 20 };

struct estimate20 {
    double sum, squares;
};

static void add(struct estimate20 *estimate, double value)
{
    estimate->sum += value;
    estimate->squares += value * value;
}

static void assert_mean(const char *what, const struct estimate20 *estimate, double expected, double least_precision)
{
    double mean = estimate->sum / RUNS;
    double error = sqrt(fmax(0, estimate->squares / RUNS - mean * mean) / (RUNS - 1));
    assert_within(what, mean, expected, error);
    if (error > least_precision * expected)
        fail_msg("%s: %.8g +- %.2g says little", what, mean, error);
}

static double erlang_b(double load, int workers)
{
    double b = 1;
    for (int k = 1; k <= workers; k++)
        b = load * b / (k + load * b);
    return b;
}

/* A front of `threads` without a queue. All requests take 20 ms of their own; a share of them calls something that does
 * not answer, and holds its thread until the call times out. */
struct pool {
    int threads;
    double rate, share, hold_s;
    const char *law;              /* of the timeout */
    const char *gate;             /* of the slow call; "": none */
};

enum { FINE, SLOW, OWN_MS = 20, POOL_REQUESTS = 40000 };

static struct model_case run_pool(const struct pool *pool, uint64_t seed)
{
    char text[TEXT_SIZE];
    snprintf(text, sizeof text,
             "duration: %.0fs\nwarmup: 20s\nclients:\n"
             "  - {name: fine, arrival: {kind: poisson, rate: %.17g/s}, calls: front}\n"
             "  - {name: slow, arrival: {kind: poisson, rate: %.17g/s}, calls: front}\n"
             "services:\n"
             "  - {name: front, workers: %d, queue: {capacity: 0}, calls: [{name: x, policy: {timeout: {law: %s, "
             "mean: %.0fns}%s}}], program: [{work: %dms}, {call: x, for: slow}]}\n"
             "  - {name: x, workers: unlimited, service_time: 1h, queue: {capacity: 0}, cancel: running}\n",
             20 + POOL_REQUESTS / pool->rate, pool->rate * (1 - pool->share), pool->rate * pool->share, pool->threads,
             pool->law, pool->hold_s * 1e9, pool->gate, OWN_MS);
    return model_run_seed(text, seed);
}

/* Whoever finds no thread is rejected: M/G/c/c, whatever the law of the holding time. The load is the rate times the
 * mean time that a thread is held; far above c the admitted share is c / load. */
static void check_pool(const struct pool *pool)
{
    struct estimate20 admitted = {0};
    double load = pool->rate * (OWN_MS * 1e-3 + pool->share * pool->hold_s);
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct model_case m = run_pool(pool, seed);
        add(&admitted, 1 - at_service(&m, 0, COUNT_REJECTED) / at_service(&m, 0, COUNT_ATTEMPTS));
        assert_true(at_caller(&m, FINE, COUNT_ERRORS) == 0);
        model_free(&m);
    }
    double expected = 1 - erlang_b(load, pool->threads);
    assert_mean("admitted", &admitted, expected, 0.02);
    assert_true(expected < fmin(1, pool->threads / load) + 1e-12);
}

/* Half of 1000/s call what takes 2 s, with 200 threads. Timeout 0.1 s: nobody is turned away; 1 s: also of those who do
 * not call it only c / (rate (T / 2 + 20 ms)) = 38 % get in; where the timeout is never reached, 20 %. */
static void test_slow_dependency(void **state)
{
    (void)state;
    static const struct pool pools[] = {
        {200, 1000, 0.5, 0.1, "fixed", ""},
        {200, 1000, 0.5, 0.36, "fixed", ""},
        {200, 1000, 0.5, 1, "fixed", ""},
        {200, 1000, 0.5, 2, "exponential", ""},
    };
    for (size_t i = 0; i < sizeof pools / sizeof *pools; i++)
        check_pool(&pools[i]);
    assert_true(fabs(1 - erlang_b(520, 200) - 200 / (1000 * (0.5 + 0.02))) < 0.003);
}

/* 2 % of the requests are enough, if they hang long: threads run short where the load is their number, that is from the
 * critical hold (c / rate - 20 ms) / share on. */
static void test_critical_hold(void **state)
{
    (void)state;
    const double share = 0.02, rate = 200, critical_s = (20 / rate - OWN_MS * 1e-3) / share;
    static const double below_and_above[] = {0.5, 1, 2, 4};
    assert_true(fabs(critical_s - 4) < 1e-12);
    for (int i = 0; i < 4; i++)
        check_pool(&(struct pool){20, rate, share, below_and_above[i] * critical_s, "exponential", ""});
    assert_true(erlang_b(rate * (OWN_MS * 1e-3 + share * critical_s / 2), 20) < 0.02);
}

/* A bulkhead in front of the slow call: the threads that it takes are no more than its places, so the others are never
 * short of one, and the calls are a loss system of their own. */
static void test_bulkhead(void **state)
{
    (void)state;
    struct pool pool = {200, 1000, 0.5, 1, "exponential", ", gates: {kind: bulkhead, max: 50, scope: population}"};
    struct estimate20 let_in = {0};
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct model_case m = run_pool(&pool, seed);
        double calls = at_caller(&m, 2, COUNT_REQUESTS);
        assert_true(at_service(&m, 0, COUNT_REJECTED) == 0);
        assert_true(at_caller(&m, FINE, COUNT_FAILED) == 0);
        add(&let_in, 1 - at_caller(&m, 2, COUNT_LOCAL_REJECTIONS) / calls);
        model_free(&m);
    }
    assert_mean("let in by the bulkhead", &let_in, 1 - erlang_b(500, 50), 0.02);
}

/* ---- a request that needs several calls ---- */

/* The p with p + p^2 + .. + p^k = sum. */
static double admission(int k, double sum)
{
    double low = 0, high = 1;
    for (int step = 0; step < 60; step++) {
        double p = (low + high) / 2, powers = 0;
        for (int i = 1; i <= k; i++)
            powers += pow(p, i);
        *(powers < sum ? &low : &high) = p;
    }
    return low;
}

enum { CALLEE_RATE = 1000, OVERLOAD = 2, SECONDS = 60 };

/* k calls one after the other to a service of mu = 1000/s that gets twice as many of them as it can take, lambda k =
 * 2 mu. It stands behind a bucket of tokens: of what comes in Poisson's way this takes at random what it has room for.
 * `front`: where the shedding is. */
static struct model_case run_calls(int k, const char *front, const char *callee)
{
    char text[TEXT_SIZE];
    snprintf(text, sizeof text,
             "duration: %ds\nwarmup: 10s\n"
             "clients: [{name: web, arrival: {kind: poisson, rate: %.17g/s}, calls: front}]\n"
             "services:\n"
             "  - {name: front, workers: unlimited, queue: {capacity: 0}, calls: [m], program: [{call: m, times: "
             "%d}]%s}\n"
             "  - {name: m, workers: unlimited, service_time: {law: exponential, mean: 100ms}, queue: {capacity: "
             "0}%s}\n",
             SECONDS + 10, (double)OVERLOAD * CALLEE_RATE / k, k, front, callee);
    return model_run(text);
}

/* The admitted are lambda (p + .. + p^k) = mu, the good ones lambda p^k. The bucket is hardly ever full (30 tokens, at
 * least 1.3 times as many calls as tokens), so no token is lost: what varies is how many it holds at the two ends. What
 * is admitted at one time is missing at another, so the counts deviate less than those of independent ones would. */
static void check_random_shedding(int k, double published)
{
    double p = admission(k, (double)k / OVERLOAD), good = pow(p, k);
    struct model_case m = run_calls(k, "", ", gates: {kind: token-bucket, rate: 1000/s, burst: 30}");
    double requests = at_caller(&m, 0, COUNT_REQUESTS), calls = at_service(&m, 1, COUNT_ATTEMPTS);
    double admitted = calls - at_service(&m, 1, COUNT_REJECTED);
    assert_within("admitted", admitted, CALLEE_RATE * SECONDS, 6);
    assert_within("success", at_caller(&m, 0, COUNT_GOOD) / requests, good, sqrt(good * (1 - good) / requests));
    assert_within("calls", calls / requests, mean_attempts(p, k), sqrt(variance_of_attempts(p, k) / requests));
    assert_true(fabs(good - published) < 0.005);
    model_free(&m);
}

static void test_random_shedding(void **state)
{
    (void)state;
    check_random_shedding(1, 0.50);
    check_random_shedding(2, 0.38);
    check_random_shedding(3, 0.33);
    check_random_shedding(4, 0.30);
}

/* Shed whole requests instead of calls, and half of them are served whatever k is. */
static void test_consistent_shedding(void **state)
{
    (void)state;
    for (int k = 1; k <= 4; k++) {
        char gate[120];
        snprintf(gate, sizeof gate, ", gates: {kind: token-bucket, rate: %.17g/s, burst: 30}", (double)CALLEE_RATE / k);
        struct model_case m = run_calls(k, gate, "");
        assert_within("good", at_caller(&m, 0, COUNT_GOOD), (double)CALLEE_RATE * SECONDS / k, 6);
        assert_within("calls", at_service(&m, 1, COUNT_ATTEMPTS), CALLEE_RATE * SECONDS, 6);
        model_free(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_hop),         cmocka_unit_test(test_depth),
        cmocka_unit_test(test_budget_at_each_hop), cmocka_unit_test(test_slow_dependency),
        cmocka_unit_test(test_critical_hold),   cmocka_unit_test(test_bulkhead),
        cmocka_unit_test(test_random_shedding), cmocka_unit_test(test_consistent_shedding),
    };
    return cmocka_run_group_tests_name("closed_forms_graph", tests, NULL, NULL);
}
