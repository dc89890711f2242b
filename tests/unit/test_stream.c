/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams: pinned draws, independence between everything that names a stream, the exponential law, and GSL's
 * view.
 *
 * Statistical bounds are 5 standard deviations from the exact moments (one false alarm in 1.7 million, and
 * the seeds are fixed, so a test that passes goes on passing). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/stream.h"

static void test_pinned_draws(void **state)
{
    (void)state;
    uint64_t key = stream_key(1, 0, "demand", "services.api");
    assert_int_equal(key, UINT64_C(0x1b7c6bd8a0378650));
    struct stream stream = stream_at(key, 7, 2);
    assert_int_equal(stream_next(&stream), UINT64_C(0x60a4b8ea886dc8c3));
    assert_int_equal(stream_next(&stream), UINT64_C(0x82e1f3a1a7542675));
    assert_int_equal(stream_next(&stream), UINT64_C(0x9657c03db7218b45));
    assert_true(stream_uniform(&stream) == 0x1.5bc420571078bp-1);
    assert_true(stream_exponential(&stream, stream_ziggurat()) == 0x1.1fa7bafe9fbf6p-1);
    assert_int_equal(stream_at(0, 0, 0).state, 0);
}

/* SplitMix64 from state 0: the reference's first output. */
static void test_is_splitmix64(void **state)
{
    (void)state;
    struct stream stream = {0};
    assert_int_equal(stream_next(&stream), UINT64_C(0xe220a8397b1dcdaf));
}

static void test_keys_differ_in_every_part(void **state)
{
    (void)state;
    const uint64_t keys[] = {
        stream_key(1, 0, "a", "b"),
        stream_key(2, 0, "a", "b"),
        stream_key(1, 1, "a", "b"),
        stream_key(0, 1, "a", "b"),
        stream_key(1, 0, "b", "a"),
        stream_key(1, 0, "ab", ""),
        stream_key(1, 0, "", "ab"),
        stream_key(1, 0, "a", "bb"),
        stream_key(0, 0, "", ""),
        stream_key(1, 0, "aa", "b"),
        stream_key(UINT64_C(1) << 32, 0, "a", "b"),
    };
    enum { KEYS = sizeof keys / sizeof *keys };
    for (int i = 0; i < KEYS; i++)
        for (int j = 0; j < i; j++)
            assert_true(keys[i] != keys[j]);
    assert_true(keys[0] == stream_key(1, 0, "a", "b"));
}

/* The i-th value of a family of values that must look like coin flips in each of the 64 bits. */
typedef uint64_t family(uint64_t i);

static uint64_t first_draw(uint64_t key, uint64_t a, uint64_t b)
{
    struct stream stream = stream_at(key, a, b);
    return stream_next(&stream);
}

static uint64_t one_stream(uint64_t i)
{
    struct stream stream = {i * UINT64_C(0x9e3779b97f4a7c15)};
    return stream_next(&stream);
}

static uint64_t by_item(uint64_t i)
{
    return first_draw(stream_key(1, 0, "x", "y"), i, 0);
}

static uint64_t by_attempt(uint64_t i)
{
    return first_draw(stream_key(1, 0, "x", "y"), 3, i);
}

static uint64_t by_grid(uint64_t i)
{
    return first_draw(stream_key(1, 0, "x", "y"), i / 8, i % 8);
}

static uint64_t by_seed(uint64_t i)
{
    return first_draw(stream_key(i, 0, "x", "y"), 0, 0);
}

static uint64_t by_replication(uint64_t i)
{
    return first_draw(stream_key(1, (uint32_t)i, "x", "y"), 0, 0);
}

static uint64_t by_entity(uint64_t i)
{
    char name[32];
    snprintf(name, sizeof name, "c%llu", (unsigned long long)i);
    return first_draw(stream_key(1, 0, "x", name), 0, 0);
}

static uint64_t second_draw_of_item(uint64_t i)
{
    struct stream stream = stream_at(stream_key(1, 0, "x", "y"), i, 0);
    stream_next(&stream);
    return stream_next(&stream);
}

static family *const families[] = {one_stream, by_item,        by_attempt, by_grid,
                                   by_seed,    by_replication, by_entity,  second_draw_of_item};
enum { FAMILIES = sizeof families / sizeof *families, FLIPS = 20000 };

/* Sum over the bits of (ones - n/2)^2 / (n/4): chi-square with 64 degrees of freedom, standard deviation
 * sqrt(128). */
static double chi_square_of_bits(family *value, uint64_t lag)
{
    int ones[64] = {0};
    for (uint64_t i = 0; i < FLIPS; i++) {
        uint64_t bits = value(i);
        if (lag)
            bits ^= value(i + lag);
        for (int bit = 0; bit < 64; bit++)
            ones[bit] += (int)(bits >> bit & 1);
    }
    double sum = 0;
    for (int bit = 0; bit < 64; bit++) {
        double off = ones[bit] - FLIPS / 2.0;
        sum += off * off / (FLIPS / 4.0);
    }
    return sum;
}

static void test_bits_are_fair_and_neighbours_independent(void **state)
{
    (void)state;
    for (int f = 0; f < FAMILIES; f++)
        for (uint64_t lag = 0; lag <= 2; lag++) {
            double chi_square = chi_square_of_bits(families[f], lag);
            if (fabs(chi_square - 64) > 5 * sqrt(128))
                fail_msg("family %d, lag %d: chi-square %g", f, (int)lag, chi_square);
        }
}

/* Draw k of item i against draw 1 of the same item, and of its neighbour: correlation below 5 / sqrt(n). */
static void test_draws_of_an_item_are_uncorrelated(void **state)
{
    (void)state;
    enum { ITEMS = 100000 };
    uint64_t key = stream_key(5, 3, "demand", "api");
    double own = 0, neighbour = 0, attempt = 0;
    for (uint64_t i = 0; i < ITEMS; i++) {
        struct stream stream = stream_at(key, i, 0);
        struct stream next_item = stream_at(key, i + 1, 0);
        struct stream next_attempt = stream_at(key, i, 1);
        double first = stream_uniform(&stream) - 0.5;
        own += first * (stream_uniform(&stream) - 0.5);
        neighbour += first * (stream_uniform(&next_item) - 0.5);
        attempt += first * (stream_uniform(&next_attempt) - 0.5);
    }
    double bound = 5 * sqrt(ITEMS) / 12;
    assert_true(fabs(own) < bound);
    assert_true(fabs(neighbour) < bound);
    assert_true(fabs(attempt) < bound);
}

static void test_uniforms(void **state)
{
    (void)state;
    enum { N = 500000 };
    struct stream stream = {1};
    double sum = 0, squares = 0, open_sum = 0;
    for (int i = 0; i < N; i++) {
        double u = stream_uniform(&stream);
        double v = stream_uniform_open(&stream);
        assert_true(u >= 0 && u < 1 && v > 0 && v < 1);
        sum += u;
        squares += u * u;
        open_sum += v;
    }
    assert_true(fabs(sum / N - 0.5) < 5 * sqrt(1.0 / 12 / N));
    assert_true(fabs(open_sum / N - 0.5) < 5 * sqrt(1.0 / 12 / N));
    assert_true(fabs(squares / N - 1.0 / 3) < 5 * sqrt((1.0 / 5 - 1.0 / 9) / N));
    struct stream zero = {-UINT64_C(0x9e3779b97f4a7c15)}; /* its next draw is 64 zero bits */
    struct stream same = zero, again = zero;
    assert_true(stream_uniform(&zero) == 0);
    assert_true(stream_uniform_open(&same) == 0x1p-53);
    assert_true(stream_exponential(&again, stream_ziggurat()) == 0);
}

static void *fetch_table(void *unused)
{
    (void)unused;
    return (void *)stream_ziggurat();
}

/* Edges fall, densities are exp(-x), all layers have the area of the base strip with its tail. */
static void test_ziggurat_table(void **state)
{
    (void)state;
    const struct ziggurat *zig = stream_ziggurat();
    double area = zig->x[0] * zig->y[1];
    assert_true(fabs(area - (zig->x[1] + 1) * exp(-zig->x[1])) < 1e-16);
    for (int i = 1; i <= 256; i++) {
        assert_true(zig->x[i] < zig->x[i - 1]);
        assert_true(fabs(zig->y[i] - exp(-zig->x[i])) <= 4e-16);
    }
    for (int i = 1; i < 256; i++)
        assert_true(fabs(zig->x[i] * (zig->y[i + 1] - zig->y[i]) - area) < 1e-14);
    assert_true(zig->x[256] == 0 && zig->y[256] == 1);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, fetch_table, NULL), 0);
    for (int i = 0; i < 4; i++) {
        void *seen = NULL;
        assert_int_equal(pthread_join(threads[i], &seen), 0);
        assert_ptr_equal(seen, zig);
    }
}

/* E X^k = k!, so the variance of X^k is (2k)! - (k!)^2. */
static void test_exponential_moments(void **state)
{
    (void)state;
    enum { N = 1000000 };
    struct stream stream = stream_at(stream_key(1, 0, "test", "moments"), 0, 0);
    const struct ziggurat *zig = stream_ziggurat();
    double sums[5] = {0};
    for (int i = 0; i < N; i++) {
        double x = stream_exponential(&stream, zig);
        double power = 1;
        for (int k = 1; k <= 4; k++)
            sums[k] += power *= x;
    }
    for (int k = 1; k <= 4; k++) {
        double mean = tgamma(k + 1);
        double deviation = sqrt((tgamma(2 * k + 1) - mean * mean) / N);
        if (fabs(sums[k] / N - mean) > 5 * deviation)
            fail_msg("moment %d: %g, exactly %g +- %g", k, sums[k] / N, mean, deviation);
    }
}

/* Counts below quantiles from deep in the first layer to beyond the last edge (7.697, one draw in 2200). */
static void test_exponential_quantiles(void **state)
{
    (void)state;
    enum { N = 1000000 };
    static const double edges[] = {1e-4, 0.001, 0.01, 0.05, 0.1, 0.5, 1, 2,  4,
                                   6,    7,     7.6,  7.69, 7.7, 8,   9, 10, 11};
    enum { EDGES = sizeof edges / sizeof *edges };
    int below[EDGES] = {0};
    struct stream stream = stream_at(stream_key(1, 0, "test", "quantiles"), 0, 0);
    const struct ziggurat *zig = stream_ziggurat();
    for (int i = 0; i < N; i++) {
        double x = stream_exponential(&stream, zig);
        for (int e = 0; e < EDGES; e++)
            below[e] += x <= edges[e];
    }
    for (int e = 0; e < EDGES; e++) {
        double p = -expm1(-edges[e]);
        if (fabs(below[e] - N * p) > 5 * sqrt(N * p * (1 - p)))
            fail_msg("%d draws are below %g, exactly %g", below[e], edges[e], N * p);
    }
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Kolmogorov-Smirnov: P(sqrt(n) D > 2.745) = 2 exp(-2 * 2.745^2) = 5.7e-7, as rare as 5 sigma. */
static void test_exponential_kolmogorov_smirnov(void **state)
{
    (void)state;
    enum { N = 200000 };
    double *draws = malloc(N * sizeof *draws);
    struct stream stream = stream_at(stream_key(1, 0, "test", "ks"), 0, 0);
    for (int i = 0; i < N; i++)
        draws[i] = stream_exponential(&stream, stream_ziggurat());
    qsort(draws, N, sizeof *draws, compare);
    double distance = 0;
    for (int i = 0; i < N; i++) {
        double p = -expm1(-draws[i]);
        distance = fmax(distance, fmax(p - i / (double)N, (i + 1) / (double)N - p));
    }
    free(draws);
    assert_true(sqrt(N) * distance < 2.745);
}

/* A draw takes one number with the average of x[i + 1] / x[i] over the layers, 97.8 %. */
static void test_exponential_is_one_draw_mostly(void **state)
{
    (void)state;
    enum { N = 200000 };
    const struct ziggurat *zig = stream_ziggurat();
    double p = 0;
    for (int i = 0; i < 256; i++)
        p += zig->x[i + 1] / zig->x[i] / 256;
    assert_true(fabs(p - 0.97778) < 1e-5);
    int single = 0;
    for (uint64_t i = 0; i < N; i++) {
        struct stream stream = stream_at(3, i, 0), once = stream;
        stream_exponential(&stream, zig);
        stream_next(&once);
        single += stream.state == once.state;
    }
    assert_true(fabs(single - N * p) < 5 * sqrt(N * p * (1 - p)));
}

static void test_gsl_sees_the_same_stream(void **state)
{
    (void)state;
    assert_string_equal(stream_gsl_type->name, "retrystorm-stream");
    assert_int_equal(stream_gsl_type->size, 8);
    struct stream a = {42}, b = {42};
    gsl_rng rng = stream_gsl(&a);
    assert_int_equal(gsl_rng_min(&rng), 0);
    assert_true(gsl_rng_max(&rng) == (unsigned long)-1);
    for (int i = 0; i < 100; i++) {
        assert_true(gsl_rng_get(&rng) ==
                    (unsigned long)(stream_next(&b) >> (64 - 8 * sizeof(unsigned long))));
        assert_true(gsl_rng_uniform(&rng) == stream_uniform(&b));
    }
    assert_true(a.state == b.state);
    gsl_ran_gamma(&rng, 0.7, 2);
    assert_true(a.state != b.state);
}

static void test_gsl_saves_and_restores(void **state)
{
    (void)state;
    gsl_rng *rng = gsl_rng_alloc(stream_gsl_type);
    gsl_rng_set(rng, 5);
    struct stream seeded = {5};
    assert_true(gsl_rng_uniform(rng) == stream_uniform(&seeded));
    gsl_rng *copy = gsl_rng_clone(rng);
    FILE *file = tmpfile();
    assert_int_equal(gsl_rng_fwrite(file, rng), 0);
    double first = gsl_ran_gamma(rng, 2.5, 1);
    double second = gsl_ran_gaussian(rng, 1);
    assert_true(gsl_ran_gamma(copy, 2.5, 1) == first);
    assert_true(gsl_ran_gaussian(copy, 1) == second);
    rewind(file);
    assert_int_equal(gsl_rng_fread(file, rng), 0);
    assert_true(gsl_ran_gamma(rng, 2.5, 1) == first);
    fclose(file);
    gsl_rng_free(copy);
    gsl_rng_free(rng);
}

/* gsl_rng_uniform_int divides the whole range; 7 cells, chi-square with 6 degrees of freedom, 5 sigma above
 * its mean. */
static void test_gsl_uniform_int(void **state)
{
    (void)state;
    enum { N = 70000 };
    int cells[7] = {0};
    struct stream stream = {8};
    gsl_rng rng = stream_gsl(&stream);
    for (int i = 0; i < N; i++)
        cells[gsl_rng_uniform_int(&rng, 7)]++;
    double chi_square = 0;
    for (int i = 0; i < 7; i++)
        chi_square += pow(cells[i] - N / 7, 2) / (N / 7.0);
    assert_true(chi_square < 6 + 5 * sqrt(12));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pinned_draws),
        cmocka_unit_test(test_is_splitmix64),
        cmocka_unit_test(test_keys_differ_in_every_part),
        cmocka_unit_test(test_bits_are_fair_and_neighbours_independent),
        cmocka_unit_test(test_draws_of_an_item_are_uncorrelated),
        cmocka_unit_test(test_uniforms),
        cmocka_unit_test(test_ziggurat_table),
        cmocka_unit_test(test_exponential_moments),
        cmocka_unit_test(test_exponential_quantiles),
        cmocka_unit_test(test_exponential_kolmogorov_smirnov),
        cmocka_unit_test(test_exponential_is_one_draw_mostly),
        cmocka_unit_test(test_gsl_sees_the_same_stream),
        cmocka_unit_test(test_gsl_saves_and_restores),
        cmocka_unit_test(test_gsl_uniform_int),
    };
    return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
