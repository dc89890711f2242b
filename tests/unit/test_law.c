/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every law of the table, generically: draws against its own mean, cv2 and quantiles, and those against each
 * other.
 *
 * The quantile function is the reference: integrating it gives mean, variance and fourth moment, so the
 * standard errors below are exact, not estimated. Bounds are 5 standard errors. A row without a case fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "law_case.h"

enum { DRAWS = 100000, LATTICE = 4000 };

typedef void checker(const struct law *law, const struct law_case *here);

static void for_every_case(checker *check)
{
    for (int i = 0; i < LAW_CASES; i++) {
        struct arena arena = {0};
        struct law law = law_case_law(&law_cases[i], &arena);
        check(&law, &law_cases[i]);
        arena_free(&arena);
    }
}

static void test_every_row_has_a_case_and_its_texts(void **state)
{
    (void)state;
    for (const struct row *const *row = law_table.rows; *row; row++) {
        bool found = false;
        for (int i = 0; i < LAW_CASES; i++)
            found = found || strcmp(law_cases[i].law, (*row)->name) == 0;
        if (!found)
            fail_msg("no case for the law %s", (*row)->name);
        assert_non_null((*row)->summary);
        assert_non_null((*row)->formula);
        assert_true((*row)->size > 0 && (*row)->size <= CHOICE_BYTES);
        for (const struct field *field = (*row)->fields; field->name; field++)
            assert_non_null(field->help);
    }
}

struct moments {
    double mean, variance, fourth; /* central */
};

/* Of Q(p) over p, with p = u^3 (10 - 15 u + 6 u^2), which crowds the lattice at both ends. */
static struct moments integrate(const struct law *law)
{
    static double value[LATTICE], weight[LATTICE];
    const struct law_row *row = law_case_row(law);
    struct moments moments = {0};
    for (int i = 0; i < LATTICE; i++) {
        double u = (i + 0.5) / LATTICE;
        value[i] = row->quantile_ns(law->choice.parameters, u * u * u * (10 + u * (6 * u - 15)));
        weight[i] = 30 * u * u * (1 - u) * (1 - u) / LATTICE;
        moments.mean += weight[i] * value[i];
    }
    for (int i = 0; i < LATTICE; i++) {
        double square = (value[i] - moments.mean) * (value[i] - moments.mean);
        moments.variance += weight[i] * square;
        moments.fourth += weight[i] * square * square;
    }
    return moments;
}

static void check_quantiles_give_the_moments(const struct law *law, const struct law_case *here)
{
    struct moments exact = integrate(law);
    double mean = law_mean_ns(law);
    double cv2 = law_case_row(law)->cv2(law->choice.parameters);
    if (isfinite(cv2) && fabs(exact.mean - mean) > 1e-3 * mean)
        fail_msg("%s: the quantiles have mean %g, mean_ns is %g", here->law, exact.mean, mean);
    if (isfinite(cv2) && fabs(exact.variance / (mean * mean) - cv2) > 3e-3 * cv2 + 1e-20)
        fail_msg("%s: the quantiles have cv2 %g, cv2 is %g", here->law, exact.variance / (mean * mean), cv2);
}

static void test_quantiles_give_the_moments(void **state)
{
    (void)state;
    for_every_case(check_quantiles_give_the_moments);
}

static struct stream stream_of(const char *name)
{
    return stream_at(stream_key(1, 0, "test", name), 0, 0);
}

/* Rounding to whole nanoseconds moves a mean by at most half, hence the + 1. */
static void check_moments(const struct law *law, const struct law_case *here)
{
    struct moments exact = integrate(law);
    const struct ziggurat *zig = stream_ziggurat();
    double mean = law_mean_ns(law);
    double variance = law_case_row(law)->cv2(law->choice.parameters) * mean * mean;
    if (!isfinite(variance))
        return;
    struct stream stream = stream_of("moments");
    double sum = 0, squares = 0;
    for (int i = 0; i < DRAWS; i++) {
        double off = (double)law_draw_ns(law, &stream, zig) - mean;
        sum += off;
        squares += off * off;
    }
    if (fabs(sum / DRAWS) > 5 * sqrt(variance / DRAWS) + 1)
        fail_msg("%s: the mean of the draws is off by %g standard errors", here->law,
                 sum / DRAWS / sqrt(variance / DRAWS));
    double error = sqrt((exact.fourth - variance * variance) / DRAWS);
    if (variance > 0 && fabs(squares / DRAWS - variance) > 5 * error + 1)
        fail_msg("%s: the variance of the draws is off by %g standard errors", here->law,
                 (squares / DRAWS - variance) / error);
}

static void test_moments_of_draws(void **state)
{
    (void)state;
    for_every_case(check_moments);
}

/* P(X < q) <= p <= P(X <= q) for the quantile q of p, whether or not the law has atoms. */
static void check_quantiles(const struct law *law, const struct law_case *here)
{
    static const double p[] = {0.01, 0.1, 0.5, 0.9, 0.99};
    enum { QUANTILES = sizeof p / sizeof *p };
    int below[QUANTILES] = {0}, up_to[QUANTILES] = {0};
    double q[QUANTILES];
    for (int i = 0; i < QUANTILES; i++)
        q[i] = law_case_row(law)->quantile_ns(law->choice.parameters, p[i]);
    struct stream stream = stream_of("quantiles");
    for (int draw = 0; draw < DRAWS; draw++) {
        double x = (double)law_draw_ns(law, &stream, stream_ziggurat());
        for (int i = 0; i < QUANTILES; i++) {
            below[i] += x < q[i];
            up_to[i] += x <= q[i];
        }
    }
    for (int i = 0; i < QUANTILES; i++) {
        double slack = 5 * sqrt(DRAWS * p[i] * (1 - p[i]));
        if (below[i] > DRAWS * p[i] + slack || up_to[i] < DRAWS * p[i] - slack)
            fail_msg("%s: %d draws are below the quantile of %g, %d up to it", here->law, below[i], p[i],
                     up_to[i]);
    }
}

static void test_quantiles_of_draws(void **state)
{
    (void)state;
    for_every_case(check_quantiles);
}

static void check_quantile_shape(const struct law *law, const struct law_case *here)
{
    (void)here;
    double last = 0;
    for (int i = 0; i < 1000; i++) {
        double now = law_case_row(law)->quantile_ns(law->choice.parameters, i / 1000.0);
        assert_true(now >= last && isfinite(now));
        last = now;
    }
    assert_true(law_case_row(law)->quantile_ns(law->choice.parameters, 1) >= last);
}

static void test_quantiles_rise(void **state)
{
    (void)state;
    for_every_case(check_quantile_shape);
}

static void check_pinned(const struct law *law, const struct law_case *here)
{
    struct stream stream = stream_of("pinned");
    int64_t draw = law_draw_ns(law, &stream, stream_ziggurat());
    if (draw != here->pinned_ns)
        fail_msg("%s (%s): the pinned draw is %lld, not %lld", here->law,
                 here->pairs[3] ? here->pairs[3] : "", (long long)draw, (long long)here->pinned_ns);
}

static void test_pinned_draws(void **state)
{
    (void)state;
    for_every_case(check_pinned);
}

/* The same stream gives the same draws, inline and through the row, and a copy of a law draws like the
 * original. */
static void check_determinism(const struct law *law, const struct law_case *here)
{
    (void)here;
    struct law copy = *law;
    struct stream a = stream_of("again"), b = a, c = a;
    for (int i = 0; i < 1000; i++) {
        int64_t draw = law_draw_ns(law, &a, stream_ziggurat());
        assert_true(draw >= 0);
        assert_int_equal(law_draw_ns(&copy, &b, stream_ziggurat()), draw);
        assert_int_equal(law_draw_other_ns(law, &c), draw);
    }
    assert_true(a.state == b.state);
}

static void test_draws_repeat(void **state)
{
    (void)state;
    for_every_case(check_determinism);
}

static void test_rounding(void **state)
{
    (void)state;
    assert_int_equal(law_round_ns(0), 0);
    assert_int_equal(law_round_ns(0.49), 0);
    assert_int_equal(law_round_ns(1.5), 2);
    assert_int_equal(law_round_ns(1e300), INT64_C(3155760000000000000));
    assert_int_equal(law_round_ns(INFINITY), INT64_C(3155760000000000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_has_a_case_and_its_texts),
        cmocka_unit_test(test_quantiles_give_the_moments),
        cmocka_unit_test(test_moments_of_draws),
        cmocka_unit_test(test_quantiles_of_draws),
        cmocka_unit_test(test_quantiles_rise),
        cmocka_unit_test(test_pinned_draws),
        cmocka_unit_test(test_draws_repeat),
        cmocka_unit_test(test_rounding),
    };
    return cmocka_run_group_tests_name("law", tests, law_case_set_up, law_case_tear_down);
}
