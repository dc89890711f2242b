/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zipf's law against its own probabilities, summed term by term. Bounds are 5 standard deviations of a binomial. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/zipf.h"

enum { DRAWS = 200000 };

static const double exponents[] = {0, 0.3, 0.8, 1 - 1e-12, 1, 1 + 1e-7, 1.2, 2, 3.5, 10};
enum { EXPONENTS = sizeof exponents / sizeof *exponents };

/* The probability of the ranks from..to - 1 of `count`. */
static double exact(uint32_t count, double exponent, uint32_t from, uint32_t to)
{
    double all = 0, part = 0;
    for (uint32_t i = count; i-- > 0;) {
        double weight = pow(i + 1, -exponent);
        all += weight;
        if (i >= from && i < to)
            part += weight;
    }
    return part / all;
}

static void assert_binomial(double hits, double p)
{
    double off = hits - DRAWS * p;
    assert_true(off * off <= 25 * DRAWS * p * (1 - p) + 1e-9);
}

static uint32_t drawn(const struct zipf *zipf, uint64_t number)
{
    struct stream stream = stream_at(42, number, 0);
    return zipf_draw(zipf, &stream);
}

static void test_each_rank_of_a_few(void **state)
{
    (void)state;
    enum { COUNT = 7 };
    for (int e = 0; e < EXPONENTS; e++) {
        double hits[COUNT] = {0};
        struct zipf zipf = zipf_of(COUNT, exponents[e]);
        for (uint64_t i = 0; i < DRAWS; i++) {
            uint32_t rank = drawn(&zipf, i);
            assert_true(rank < COUNT);
            hits[rank]++;
        }
        for (uint32_t rank = 0; rank < COUNT; rank++)
            assert_binomial(hits[rank], exact(COUNT, exponents[e], rank, rank + 1));
    }
}

/* A million ranks: the first, the popular, the middle, the least popular. */
static void test_parts_of_many(void **state)
{
    (void)state;
    enum { COUNT = 1000000, PARTS = 5 };
    static const uint32_t ends[PARTS] = {1, 10, 1000, 100000, COUNT};
    for (int e = 0; e < EXPONENTS; e++) {
        double hits[PARTS] = {0};
        struct zipf zipf = zipf_of(COUNT, exponents[e]);
        for (uint64_t i = 0; i < DRAWS; i++) {
            uint32_t rank = drawn(&zipf, i), part = 0;
            assert_true(rank < COUNT);
            while (rank >= ends[part])
                part++;
            hits[part]++;
        }
        for (int part = 0; part < PARTS; part++)
            assert_binomial(hits[part], exact(COUNT, exponents[e], part ? ends[part - 1] : 0, ends[part]));
    }
}

static void test_one_rank_and_very_many(void **state)
{
    (void)state;
    for (int e = 0; e < EXPONENTS; e++) {
        struct zipf one = zipf_of(1, exponents[e]), many = zipf_of(UINT32_MAX, exponents[e]);
        for (uint64_t i = 0; i < 1000; i++) {
            assert_int_equal(drawn(&one, i), 0);
            assert_true(drawn(&many, i) < UINT32_MAX);
        }
    }
}

/* The same numbers on every machine and at every optimisation level. */
static void test_pinned(void **state)
{
    (void)state;
    static const uint32_t expected[][4] = {{72, 0, 25439, 8444}, {1984, 8, 58052, 35719}};
    for (int k = 0; k < 2; k++) {
        struct zipf zipf = zipf_of(100000, k ? 0.8 : 1);
        for (uint64_t i = 0; i < 4; i++)
            assert_int_equal(drawn(&zipf, i), expected[k][i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_rank_of_a_few),
        cmocka_unit_test(test_parts_of_many),
        cmocka_unit_test(test_one_rank_and_very_many),
        cmocka_unit_test(test_pinned),
    };
    return cmocka_run_group_tests_name("zipf", tests, NULL, NULL);
}
