/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Caches against closed forms: hit ratios of full caches, expiry of many keys, the herd of XFetch. (TTL caches with one
 * and with many keys are rows of tests/theory/oracles.csv.)
 *
 * Estimates are means over independent seeds; bounds are 5 of their standard errors, with the deviation of the seeds.
 * RETRYSTORM_TEST_LONG runs ten times as many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cache_case.h"
#include "model/store.h"

enum { SEEDS = 20, KEYS_MAX = 10000 };

static uint64_t seeds(void)
{
    return getenv("RETRYSTORM_TEST_LONG") ? 10 * SEEDS : SEEDS;
}

struct estimate {
    double mean, error;
};

/* Of one number a seed. */
static struct estimate estimate(const char *text, double (*of)(const struct model_case *m))
{
    double sum = 0, squares = 0, count = (double)seeds();
    for (uint64_t seed = 1; seed <= seeds(); seed++) {
        struct model_case m = model_run_seed(text, seed);
        double value = of(&m);
        sum += value;
        squares += value * value;
        model_free(&m);
    }
    double mean = sum / count;
    return (struct estimate){mean, sqrt(fmax(0, squares / count - mean * mean) / (count - 1))};
}

static void assert_near(struct estimate estimate, double exact, double bias)
{
    if (fabs(estimate.mean - exact) > 5 * estimate.error + bias)
        fail_msg("%.6f +- %.6f is not %.6f", estimate.mean, estimate.error, exact);
}

static double counted(const struct model_case *m, enum count count)
{
    const struct place *place = &m->world->caches[0].place;
    return (double)(place->counts[count] - place->at_warmup[count]);
}

static double hit_ratio(const struct model_case *m)
{
    return counted(m, COUNT_SERVED) / counted(m, COUNT_ATTEMPTS);
}

/* ---- full caches: independent lookups, no TTL, fetches of no length ---- */

static double popularity[KEYS_MAX];

static void set_popularity(int keys, double zipf)
{
    double sum = 0;
    for (int i = 0; i < keys; i++)
        sum += pow(i + 1, -zipf);
    for (int i = 0; i < keys; i++)
        popularity[i] = pow(i + 1, -zipf) / sum;
}

static struct estimate measured(const char *eviction, int keys, double zipf, int capacity, int lookups)
{
    char text[512];
    snprintf(text, sizeof text,
             "duration: %ds\nwarmup: %ds\nbin: %ds\n"
             "clients: [{name: a, arrival: {kind: poisson, rate: 1000/s}, calls: c}]\n" ORIGIN(
                 "0s") "caches: [{name: c, origin: s, ttl: none, start: filled, keys: %d, zipf: %g, capacity: %d, "
                       "eviction: %s}]\n",
             3 * lookups / 2000, lookups / 2000, lookups / 2000, keys, zipf, capacity, eviction);
    return estimate(text, hit_ratio);
}

/* Two of four keys. LRU: the last two different ones, {i, then j} with probability p_i p_j / (1 - p_i). FIFO and
 * random: {i, j} in proportion to p_i p_j (Gelenbe 1973). */
static double exact_of_two(bool lru)
{
    double hits = 0, all = 0;
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) {
            double weight = i == j ? 0 : popularity[i] * popularity[j] / (lru ? 1 - popularity[i] : 1);
            hits += weight * (popularity[i] + popularity[j]);
            all += weight;
        }
    return hits / all;
}

static void test_two_of_four(void **state)
{
    (void)state;
    set_popularity(4, 1);
    assert_near(measured("lru", 4, 1, 2, 10000), exact_of_two(true), 0);
    assert_near(measured("fifo", 4, 1, 2, 10000), exact_of_two(false), 0);
    assert_near(measured("random", 4, 1, 2, 10000), exact_of_two(false), 0);
}

/* Keys all alike: whatever is in the cache, a lookup hits with probability C / M. */
static void test_all_alike(void **state)
{
    (void)state;
    static const char *const rows[] = {"lru", "fifo", "random"};
    for (int i = 0; i < 3; i++)
        assert_near(measured(rows[i], 1000, 0, 300, 10000), 0.3, 0);
}

/* Of a key that is asked for x times in the characteristic time: the probability that it is there. */
static double che_lru(double x)
{
    return -expm1(-x);
}

static double che_fifo(double x)
{
    return x / (1 + x);
}

/* The time, in lookups, in which as many keys come to be there as fit. */
static double characteristic(int keys, double capacity, double (*there)(double))
{
    double low = 0, high = 1e9;
    for (int step = 0; step < 200; step++) {
        double sum = 0, middle = (low + high) / 2;
        for (int i = 0; i < keys; i++)
            sum += there(popularity[i] * middle);
        *(sum < capacity ? &low : &high) = middle;
    }
    return low;
}

static double che_hit_ratio(int keys, double capacity, double (*there)(double))
{
    double sum = 0, t = characteristic(keys, capacity, there);
    for (int i = 0; i < keys; i++)
        sum += popularity[i] * there(popularity[i] * t);
    return sum;
}

/* The approximation takes the characteristic time for a constant, the same for all keys; in truth the key itself makes
 * a difference of up to one place in the cache to it. So its error is at most about what one place more is worth. (Of
 * that a third was seen at most, over 200 seeds of 400 000 lookups.) */
static void check_che(const char *eviction, double (*there)(double), double zipf)
{
    enum { KEYS = 10000, CAPACITY = 1000 };
    set_popularity(KEYS, zipf);
    double exact = che_hit_ratio(KEYS, CAPACITY, there);
    double place = che_hit_ratio(KEYS, CAPACITY + 1, there) - exact;
    assert_near(measured(eviction, KEYS, zipf, CAPACITY, 30000), exact, place);
}

static void test_che(void **state)
{
    (void)state;
    check_che("lru", che_lru, 0.8);
    check_che("lru", che_lru, 1.2);
    check_che("fifo", che_fifo, 0.8);
    check_che("random", che_fifo, 0.8);
}

/* ---- a cache in use from the first instant on (start: aged) ---- */

/* LRU, two of four keys: each pair as often as it must be. */
static void test_start_of_a_small_lru(void **state)
{
    (void)state;
    enum { SETS = 1 << 4, WORLDS = 4000 };
    double seen[SETS] = {0};
    struct scenario *scenario = model_scenario("duration: 1s\nclients:\n" AT("a", "1h") ORIGIN(
        "0s") "caches: [{name: c, origin: s, ttl: none, start: aged, keys: 4, zipf: 1, capacity: 2}]\n");
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        struct world *world = world_new(&scenario->variants[0].config.model, seed, 1);
        int set = 0;
        for (uint32_t key = 0; key < 4; key++)
            set |= store_has(&world->caches[0], key) << key;
        seen[set]++;
        world_free(world);
    }
    scenario_free(scenario);
    set_popularity(4, 1);
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < i; j++) {
            double both = popularity[i] * popularity[j];
            double p = both / (1 - popularity[i]) + both / (1 - popularity[j]);
            assert_true(fabs(seen[1 << i | 1 << j] - WORLDS * p) <= 5 * sqrt(WORLDS * p * (1 - p)));
        }
}

/* What a first lookup would find. */
static double first_hit_ratio(const struct model_case *m)
{
    double sum = 0;
    for (uint32_t key = 0; key < m->world->caches[0].config->keys; key++)
        sum += store_has(&m->world->caches[0], key) ? popularity[key] : 0;
    return sum;
}

static void test_start_by_che(void **state)
{
    (void)state;
    enum { KEYS = 2000, CAPACITY = 200 };
    static const char *const rows[] = {"lru", "fifo", "random"};
    set_popularity(KEYS, 0.8);
    for (int i = 0; i < 3; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 1s\nclients:\n" AT("a", "1h") ORIGIN(
                     "0s") "caches: [{name: c, origin: s, ttl: none, start: aged, keys: %d, zipf: 0.8, capacity: %d, "
                           "eviction: %s}]\n",
                 KEYS, CAPACITY, rows[i]);
        double (*there)(double) = i == 0 ? che_lru : che_fifo, exact = che_hit_ratio(KEYS, CAPACITY, there);
        assert_near(estimate(text, first_hit_ratio), exact, che_hit_ratio(KEYS, CAPACITY + 1, there) - exact);
    }
}

/* ---- expiry ---- */

/* Filled at 0 s with TTLs from 32 to 40 s (40 s and 20 % of jitter), asked for 4 times a second each: between 34.5 and
 * 39.5 s the fetches come at N / (j TTL) a second. (Keys that expired before and are asked for within that time make
 * up for those that expire in it and are asked for later, but for e^(-4 x 2.5).) */
static void test_mass_expiry(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 40s\nbin: 500ms\n"
                  "clients: [{name: a, arrival: {kind: piecewise, points: [{at: 31s, rate: 0/s}, {at: 31001ms, rate: "
                  "8000/s}]}, calls: c}]\n" ORIGIN("0s") "caches: [{name: c, origin: s, keys: 2000, zipf: 0, ttl: 40s, "
                                                         "ttl_jitter: 20%, start: filled}]\n");
    double fetches = 0, p = 5.0 / 8;
    for (uint32_t bin = 69; bin < 79; bin++)
        fetches += (double)m.world->services[0].place.rows[bin].counts[COUNT_ATTEMPTS];
    assert_true(fabs(fetches - 2000 * p) <= 5 * sqrt(2000 * p * (1 - p)));
    model_free(&m);
}

/* ---- XFetch ---- */

static double herd(const struct model_case *m)
{
    return counted(m, COUNT_FETCHES) / counted(m, COUNT_REFILLS);
}

static double lead_s(const struct model_case *m)
{
    return hist_mean(m->world->caches[0].lead) * 1e-9;
}

/* Readers at rate a = 1000/s, fetches of D = 50 ms. The first early fetch begins X before the expiry, where
 * W = a b e^(-X/b), b = beta D, is exponential with mean 1; the others that see the old value are Poisson with mean
 * W (e^(1/beta) - 1). So e^(1/beta) fetches, and X is b (ln(a b) + 0.5772) on average. This leaves out herds that go on
 * beyond the expiry, of probability e^(-a b e^(-1/beta)): 5e-5 at beta 0.75, and less above. */
static void check_xfetch(double beta)
{
    char text[512];
    double b_s = beta * 0.05, rate = 1000;
    snprintf(text, sizeof text,
             "duration: 32s\nwarmup: 2s\nbin: 2s\n"
             "clients: [{name: a, arrival: {kind: poisson, rate: 1000/s}, calls: c}]\n" ORIGIN(
                 "50ms") "caches: [{name: c, origin: s, keys: 1, ttl: 2s, start: filled, refresh: {when: early, beta: "
                         "%g}}]\n",
             beta);
    assert_near(estimate(text, herd), exp(1 / beta), 0);
    assert_near(estimate(text, lead_s), b_s * (log(rate * b_s) + 0.57721566), 0);
}

static void test_xfetch(void **state)
{
    (void)state;
    check_xfetch(0.75);
    check_xfetch(1);
    check_xfetch(2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_of_four),
        cmocka_unit_test(test_all_alike),
        cmocka_unit_test(test_che),
        cmocka_unit_test(test_start_of_a_small_lru),
        cmocka_unit_test(test_start_by_che),
        cmocka_unit_test(test_mass_expiry),
        cmocka_unit_test(test_xfetch),
    };
    return cmocka_run_group_tests_name("cache laws", tests, NULL, NULL);
}
