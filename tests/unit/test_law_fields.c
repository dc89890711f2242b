/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parameters of laws: both ends of every range, the bare duration, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "law_case.h"

static void check_extreme(const struct law *law, const char *what)
{
    struct stream stream = stream_at(stream_key(1, 0, "test", "extremes"), 0, 0);
    for (int i = 0; i < 2000; i++) {
        int64_t draw = law_draw_ns(law, &stream, stream_ziggurat());
        if (draw < 0 || draw > INT64_C(3155760000000000000))
            fail_msg("%s draws %lld", what, (long long)draw);
    }
    static const double p[] = {0, 1e-9, 0.5, 1 - 1e-9};
    for (int i = 0; i < 4; i++) {
        double q = law_case_row(law)->quantile_ns(law->choice.parameters, p[i]);
        if (!(q >= 0 && isfinite(q)))
            fail_msg("%s: quantile of %g is %g", what, p[i], q);
    }
}

static void check_end(const struct law_case *here, int pair, const struct field *field, double limit)
{
    char text[32], what[80];
    snprintf(text, sizeof text, field->kind == FIELD_DURATION ? "%.0fns" : "%.17g", limit);
    snprintf(what, sizeof what, "%s: %s of %s", here->law, field->name, text);
    struct law_case extreme = *here;
    extreme.pairs[2 * pair + 1] = text;
    struct arena arena = {0};
    struct law law;
    char *errors = law_case_decode(&extreme, &law, &arena);
    if (!errors)
        check_extreme(&law, what);
    else if (!strstr(errors, "swap them") && !strstr(errors, "has no mean"))
        fail_msg("%s: %s", what, errors);
    free(errors);
    arena_free(&arena);
}

static const struct field *field_named(const char *law, const char *name)
{
    const struct field *field = table_find(&law_table, law)->fields;
    while (strcmp(field->name, name) != 0)
        field++;
    return field;
}

/* Every numeric parameter at both ends of its range, the others as in the case. */
static void test_ends_of_ranges(void **state)
{
    (void)state;
    for (int i = 0; i < LAW_CASES; i++)
        for (int pair = 0; pair < LAW_CASE_PAIRS && law_cases[i].pairs[2 * pair]; pair++) {
            const struct field *field = field_named(law_cases[i].law, law_cases[i].pairs[2 * pair]);
            if (field->min == 0 && field->max == 0)
                continue;
            check_end(&law_cases[i], pair, field, field->min);
            check_end(&law_cases[i], pair, field, field->max);
        }
}

static void test_bare_duration_is_fixed(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct law law;
    assert_null(law_case_decode_node(tree_scalar(&arena, (struct origin){0}, "250ms"), &law, &arena));
    assert_string_equal(law.choice.row->name, "fixed");
    struct stream stream = {1};
    assert_int_equal(law_draw_ns(&law, &stream, stream_ziggurat()), 250000000);
    assert_true(stream.state == 1);
    assert_true(law_mean_ns(&law) == 250e6);
    assert_null(law_case_decode_node(tree_scalar(&arena, (struct origin){0}, "0"), &law, &arena));
    assert_int_equal(law_draw_ns(&law, &stream, stream_ziggurat()), 0);
    arena_free(&arena);
}

/* Where GSL's own inverse gives up: the gamma law far from shape 1. */
static void test_gamma_quantiles_far_out(void **state)
{
    (void)state;
    static const char *const shapes[] = {"0.01", "0.05", "0.1", "10000"};
    for (int i = 0; i < 4; i++) {
        struct arena arena = {0};
        struct law_case here = {"gamma", {"mean", "1s", "shape", shapes[i]}, 0};
        struct law law = law_case_law(&here, &arena);
        for (int p = 1; p < 100; p++)
            assert_true(law_case_row(&law)->quantile_ns(law.choice.parameters, p / 100.0) >= 0);
        arena_free(&arena);
    }
}

struct refusal {
    struct law_case law;
    const char *error; /* a part of it */
};

static void test_refusals(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {{"uniform", {"low", "5ms", "high", "4ms"}, 0}, "`low` is above `high`: swap them"},
        {{"pareto", {"mean", "1s", "alpha", "1"}, 0}, "`alpha` must be above 1: at 1 and below a pareto"},
        {{"pareto", {"mean", "1s", "alpha", "0.5"}, 0}, "out of range"},
        {{"exponential", {"mean", "0"}, 0}, "out of range"},
        {{"hyperexponential", {"mean", "1s", "cv2", "0.9"}, 0}, "out of range"},
        {{"erlang", {"mean", "1s", "phases", "0"}, 0}, "out of range"},
        {{"erlang", {"mean", "1s", "phases", "1.5"}, 0}, "not a whole number"},
        {{"gamma", {"mean", "250", "shape", "1"}, 0}, "'250' has no unit"},
        {{"empirical", {"file", "/nowhere/x.csv"}, 0},
         "/nowhere/x.csv: cannot be opened: there is no such file"},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct arena arena = {0};
        struct law law;
        char *errors = law_case_decode(&refusals[i].law, &law, &arena);
        if (!errors)
            fail_msg("%s was accepted: %s", refusals[i].law.law, refusals[i].error);
        else if (!strstr(errors, refusals[i].error))
            fail_msg("'%s' does not say '%s'", errors, refusals[i].error);
        free(errors);
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ends_of_ranges),
        cmocka_unit_test(test_bare_duration_is_fixed),
        cmocka_unit_test(test_gamma_quantiles_far_out),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests_name("law fields", tests, law_case_set_up, law_case_tear_down);
}
