/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every unit, every refusal with its whole text, and that what is printed parses back to the same value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/stream.h"
#include "base/units.h"

#define ROWS(table) (sizeof(table) / sizeof *(table))

struct whole {
    const char *text;
    int64_t value;
};

struct real {
    const char *text;
    double value;
};

struct refusal {
    const char *text, *why;
};

static void test_durations_are_exact(void **state)
{
    (void)state;
    static const struct whole good[] = {
        {"0", 0},
        {"0.0", 0},
        {"0s", 0},
        {"0e9d", 0},
        {"1ns", 1},
        {"3333us", 3333000},
        {"0.1s", 100000000},
        {"1.5ms", 1500000},
        {"250ms", 250000000},
        {"1e3s", INT64_C(1000000000000)},
        {"1E-9s", 1},
        {"2.5e+1us", 25000},
        {"2min", INT64_C(120000000000)},
        {"1h", INT64_C(3600000000000)},
        {"0.5d", INT64_C(43200000000000)},
        {"000.1000s", 100000000},
        {"1.000000001s", 1000000001},
        {"123456789.123456789s", INT64_C(123456789123456789)},
        {"1152921504606846975ns", INT64_MAX >> 3},
        {"1152921504.606846975s", INT64_MAX >> 3},
        {"100000000000000000000e-20s", 1000000000},
        {"0.00000000000000000000000000001e29s", 1000000000},
    };
    for (size_t i = 0; i < ROWS(good); i++) {
        char why[UNITS_WHY_SIZE] = "";
        int64_t ns = -1;
        if (!units_parse_duration(good[i].text, &ns, why))
            fail_msg("%s: %s", good[i].text, why);
        if (ns != good[i].value)
            fail_msg("%s: %lld ns", good[i].text, (long long)ns);
    }
}

static void test_durations_refused(void **state)
{
    (void)state;
    static const struct refusal bad[] = {
        {"", "empty: write a duration such as '250ms'"},
        {"250", "'250' has no unit: write '250ms' or '250s'"},
        {"1.5e3", "'1.5e3' has no unit: write '1.5e3ms' or '1.5e3s'"},
        {"5m", "'5m' is ambiguous: write '5ms' or '5min'"},
        {"10x", "'10x' is not a duration: unknown unit 'x' (ns us ms s min h d)"},
        {"10S", "'10S' is not a duration: unknown unit 'S' (ns us ms s min h d)"},
        {"10k", "'10k' is not a duration: unknown unit 'k' (ns us ms s min h d)"},
        {"1h30min", "'1h30min' is not a duration: unknown unit 'h30min' (ns us ms s min h d)"},
        {"5.s", "'5.s' is not a duration: unknown unit '.s' (ns us ms s min h d)"},
        {"5s ", "'5s ' is not a duration: unknown unit 's ' (ns us ms s min h d)"},
        {"0x10s", "'0x10s' is not a duration: unknown unit 'x10s' (ns us ms s min h d)"},
        {"1es", "'1es' is not a duration: unknown unit 'es' (ns us ms s min h d)"},
        {"250 ms", "'250 ms' has a space: write '250ms'"},
        {"-5s", "'-5s' is negative: a duration is 0 or more"},
        {".5s", "'.5s' starts with a point: write '0.5s'"},
        {"+5s", "'+5s' is not a duration: write a number such as '250ms'"},
        {"soon", "'soon' is not a duration: write a number such as '250ms'"},
        {"nan", "'nan' is not a duration: write a number such as '250ms'"},
        {"inf", "'inf' is not a duration: write a number such as '250ms'"},
        {"-", "'-' is not a duration: write a number such as '250ms'"},
        {" 5s", "' 5s' is not a duration: write a number such as '250ms'"},
        {"0.5ns", "'0.5ns' is finer than 1 ns: the clock counts whole nanoseconds"},
        {"1.0000000001s", "'1.0000000001s' is finer than 1 ns: the clock counts whole nanoseconds"},
        {"1e-9999999999999s", "'1e-9999999999999s' is finer than 1 ns: the clock counts whole nanoseconds"},
        {"1152921504606846976ns",
         "'1152921504606846976ns' is too long: the longest duration is 13343d (about 36 years)"},
        {"50000d", "'50000d' is too long: the longest duration is 13343d (about 36 years)"},
        {"1e999999999999999s",
         "'1e999999999999999s' is too long: the longest duration is 13343d (about 36 years)"},
        {"0.12345678901234567891s", "'0.12345678901234567891s' has more than 19 digits"},
        {"an unreasonably long text that goes on",
         "'an unreasonably long tex...' is not a duration: write a number such as '250ms'"},
        {"abcdefghijklmnopqrstuvw\xc3\xa9z",
         "'abcdefghijklmnopqrstuvw...' is not a duration: write a number such as '250ms'"},
    };
    for (size_t i = 0; i < ROWS(bad); i++) {
        char why[UNITS_WHY_SIZE] = "";
        int64_t ns = 77;
        assert_false(units_parse_duration(bad[i].text, &ns, why));
        assert_string_equal(why, bad[i].why);
        assert_int_equal(ns, 77);
    }
}

static void test_durations_print(void **state)
{
    (void)state;
    static const struct whole rows[] = {
        {"0s", 0},
        {"1s", 1000000000},
        {"90s", INT64_C(90000000000)},
        {"2min", INT64_C(120000000000)},
        {"1500ms", 1500000000},
        {"3333us", 3333000},
        {"999ns", 999},
        {"1h", INT64_C(3600000000000)},
        {"25h", INT64_C(90000000000000)},
        {"7d", INT64_C(604800000000000)},
    };
    char text[UNITS_TEXT_SIZE];
    for (size_t i = 0; i < ROWS(rows); i++)
        assert_string_equal(units_format_duration(rows[i].value, text), rows[i].text);
}

static void test_durations_round_trip(void **state)
{
    (void)state;
    struct stream stream = {1};
    for (int i = 0; i < 20000; i++) {
        char text[UNITS_TEXT_SIZE], why[UNITS_WHY_SIZE];
        uint64_t bits = stream_next(&stream);
        int64_t ns = (int64_t)(bits >> (4 + i % 60)), back = -1;
        if (i % 3 == 0 && ns < 1000000)
            ns *= 60000000000;
        assert_true(units_parse_duration(units_format_duration(ns, text), &back, why));
        assert_int_equal(back, ns);
    }
}

static void test_rates(void **state)
{
    (void)state;
    static const struct real good[] = {
        {"280/s", 280},       {"10k/s", 10000}, {"0.1k/s", 100}, {"1.2M/s", 1.2e6},
        {"2G/h", 2e9 / 3600}, {"600/min", 10},  {"5/ms", 5000},  {"0.3/ms", 300},
        {"0/s", 0},           {"1e3/s", 1000},  {"90/h", 0.025}, {"0.07k/s", 70},
    };
    static const struct refusal bad[] = {
        {"", "empty: write a rate such as '10k/s'"},
        {"250", "'250' has no unit: write '250/s' or '250/min'"},
        {"10k", "'10k' has no unit: write '10k/s' or '10k/min'"},
        {"5/m", "'5/m' is ambiguous: write '5/ms' or '5/min'"},
        {"5k/m", "'5k/m' is ambiguous: write '5k/ms' or '5k/min'"},
        {"5rps", "'5rps' is not a rate: unknown unit 'rps' (/s /ms /min /h, after k M G)"},
        {"5K/s", "'5K/s' is not a rate: unknown unit 'K/s' (/s /ms /min /h, after k M G)"},
        {"5ms", "'5ms' is not a rate: unknown unit 'ms' (/s /ms /min /h, after k M G)"},
        {"-1/s", "'-1/s' is negative: a rate is 0 or more"},
        {"many", "'many' is not a rate: write a number such as '10k/s'"},
        {"1e400/s", "'1e400/s' is too large"},
        {"1e-400/s", "'1e-400/s' is too small: write 0 or a larger number"},
    };
    char why[UNITS_WHY_SIZE] = "";
    for (size_t i = 0; i < ROWS(good); i++) {
        double per_s = -1;
        if (!units_parse_rate(good[i].text, &per_s, why))
            fail_msg("%s: %s", good[i].text, why);
        if (per_s != good[i].value)
            fail_msg("%s: %.17g", good[i].text, per_s);
    }
    for (size_t i = 0; i < ROWS(bad); i++) {
        double per_s = 77;
        assert_false(units_parse_rate(bad[i].text, &per_s, why));
        assert_string_equal(why, bad[i].why);
        assert_true(per_s == 77);
    }
}

static void test_counts(void **state)
{
    (void)state;
    static const struct whole good[] = {
        {"0", 0},        {"12", 12},         {"10k", 10000},
        {"2M", 2000000}, {"1G", 1000000000}, {"1e6", 1000000},
        {"1.5k", 1500},  {"-3", -3},         {"9223372036854775807", INT64_MAX},
        {"2.50e1", 25},
    };
    static const struct refusal bad[] = {
        {"", "empty: write a count such as '12' or '10k'"},
        {"1.5", "'1.5' is not a whole number"},
        {"1e-1", "'1e-1' is not a whole number"},
        {"5m", "'5m' is not a count: unknown suffix 'm' (k M G)"},
        {"5kk", "'5kk' is not a count: unknown suffix 'k' (k M G)"},
        {"10s", "'10s' is not a count: unknown suffix 's' (k M G)"},
        {"ten", "'ten' is not a count: write a number such as '12' or '10k'"},
        {"9223372036854775808",
         "'9223372036854775808' is too large: the largest count is 9223372036854775807"},
        {"1e30", "'1e30' is too large: the largest count is 9223372036854775807"},
    };
    char why[UNITS_WHY_SIZE] = "";
    for (size_t i = 0; i < ROWS(good); i++) {
        int64_t count = -1;
        if (!units_parse_count(good[i].text, &count, why))
            fail_msg("%s: %s", good[i].text, why);
        assert_int_equal(count, good[i].value);
    }
    for (size_t i = 0; i < ROWS(bad); i++) {
        int64_t count = 77;
        assert_false(units_parse_count(bad[i].text, &count, why));
        assert_string_equal(why, bad[i].why);
        assert_int_equal(count, 77);
    }
}

static void test_ratios_and_reals(void **state)
{
    (void)state;
    static const struct real ratios[] = {
        {"5%", 0.05}, {"0.05", 0.05}, {"100%", 1}, {"0.7%", 0.007}, {"-10%", -0.1}};
    static const struct real reals[] = {
        {"1.5", 1.5}, {"1e-3", 1e-3}, {"-2", -2}, {"0", 0}, {"12345678901e5", 12345678901e5}};
    static const struct refusal bad_ratios[] = {
        {"", "empty: write a ratio such as '5%' or '0.05'"},
        {"5 %", "'5 %' is not a ratio: unknown suffix ' %' (% or none)"},
        {"5%%", "'5%%' is not a ratio: unknown suffix '%%' (% or none)"},
        {"half", "'half' is not a ratio: write a number such as '5%' or '0.05'"},
    };
    static const struct refusal bad_reals[] = {
        {"", "empty: write a number such as '1.5'"},
        {"1.5s", "'1.5s' is not a plain number: 's' does not belong here"},
        {"1,5", "'1,5' is not a plain number: ',5' does not belong here"},
        {"1k", "'1k' is not a plain number: 'k' does not belong here"},
        {"0x1p3", "'0x1p3' is not a plain number: 'x1p3' does not belong here"},
        {"NaN", "'NaN' is not a number: write a number such as '1.5'"},
        {"-inf", "'-inf' is not a number: write a number such as '1.5'"},
        {"1e309", "'1e309' is too large"},
    };
    char why[UNITS_WHY_SIZE] = "";
    for (size_t i = 0; i < ROWS(ratios); i++) {
        double value = 77;
        assert_true(units_parse_ratio(ratios[i].text, &value, why));
        assert_true(value == ratios[i].value);
    }
    for (size_t i = 0; i < ROWS(reals); i++) {
        double value = 77;
        assert_true(units_parse_real(reals[i].text, &value, why));
        assert_true(value == reals[i].value);
    }
    for (size_t i = 0; i < ROWS(bad_ratios); i++) {
        double value = 77;
        assert_false(units_parse_ratio(bad_ratios[i].text, &value, why));
        assert_string_equal(why, bad_ratios[i].why);
        assert_true(value == 77);
    }
    for (size_t i = 0; i < ROWS(bad_reals); i++) {
        double value = 77;
        assert_false(units_parse_real(bad_reals[i].text, &value, why));
        assert_string_equal(why, bad_reals[i].why);
        assert_true(value == 77);
    }
}

static void test_numbers_print(void **state)
{
    (void)state;
    char text[UNITS_TEXT_SIZE];
    assert_string_equal(units_format_rate(0, text), "0/s");
    assert_string_equal(units_format_rate(280, text), "280/s");
    assert_string_equal(units_format_rate(10000, text), "10k/s");
    assert_string_equal(units_format_rate(7.0 / 60, text), "7/min");
    assert_string_equal(units_format_rate(7.0 / 3600, text), "7/h");
    assert_string_equal(units_format_rate(1.5e9, text), "1.5G/s");
    assert_string_equal(units_format_count(0, text), "0");
    assert_string_equal(units_format_count(1500, text), "1500");
    assert_string_equal(units_format_count(12000, text), "12k");
    assert_string_equal(units_format_count(-2000000, text), "-2M");
    assert_string_equal(units_format_count(INT64_C(1000000000000), text), "1000G");
    assert_string_equal(units_format_ratio(0.05, text), "5%");
    assert_string_equal(units_format_ratio(0.5, text), "0.5");
    assert_string_equal(units_format_ratio(1, text), "1");
    assert_string_equal(units_format_ratio(0, text), "0");
    assert_string_equal(units_format_real(0.1, text), "0.1");
    assert_string_equal(units_format_real(-1.5, text), "-1.5");
    assert_string_equal(units_format_real(1000000, text), "1000000");
    assert_string_equal(units_format_real(1e22, text), "1e22");
    assert_string_equal(units_format_real(1.25e-7, text), "1.25e-7");
    assert_string_equal(units_format_real(INFINITY, text), "inf");
}

typedef bool parser(const char *text, double *value, char why[UNITS_WHY_SIZE]);
typedef char *formatter(double value, char text[UNITS_TEXT_SIZE]);

static void check_round_trip(double value, parser *parse, formatter *format)
{
    char text[UNITS_TEXT_SIZE], why[UNITS_WHY_SIZE] = "";
    double back = 0;
    if (!parse(format(value, text), &back, why))
        fail_msg("%.17g was printed as %s: %s", value, text, why);
    if (back != value)
        fail_msg("%.17g was printed as %s, which is %.17g", value, text, back);
}

static void test_numbers_round_trip(void **state)
{
    (void)state;
    static const double edges[] = {0,    1,    DBL_MAX, DBL_MIN, DBL_EPSILON, 1.0 / 3, 9007199254740993.0,
                                   1e15, 1e16, 1e-5,    1e-6};
    for (size_t i = 0; i < ROWS(edges); i++) {
        check_round_trip(edges[i], units_parse_rate, units_format_rate);
        check_round_trip(edges[i], units_parse_ratio, units_format_ratio);
        check_round_trip(-edges[i], units_parse_real, units_format_real);
    }
    struct stream stream = {2};
    for (int i = 0; i < 4000; i++) {
        double wide = stream_uniform(&stream) * pow(10, i % 40 - 20);
        int64_t count = (int64_t)(stream_next(&stream) >> (1 + i % 60)) * (i % 2 ? 1 : -1), back = 0;
        char text[UNITS_TEXT_SIZE], why[UNITS_WHY_SIZE];
        check_round_trip(wide, units_parse_rate, units_format_rate);
        check_round_trip(wide, units_parse_ratio, units_format_ratio);
        check_round_trip(wide, units_parse_real, units_format_real);
        check_round_trip(i / 60.0, units_parse_rate, units_format_rate);
        assert_true(units_parse_count(units_format_count(count, text), &back, why));
        assert_int_equal(back, count);
    }
}

static void test_shown_to_people(void **state)
{
    (void)state;
    static const struct real durations[] = {
        {"0 s", 0},
        {"250 ns", 250e-9},
        {"3.33 ms", 0.00333333},
        {"1 ms", 0.00099996},
        {"12.4 s", 12.36},
        {"999 s", 999},
        {"16.7 min", 1000},
        {"119 min", 7140},
        {"2 h", 7200},
        {"47.5 h", 171000},
        {"2 d", 172800},
        {"366 d", 31622400},
        {"0.5 ns", 5e-10},
        {"-1.5 s", -1.5},
        {"-", NAN},
        {"inf", INFINITY},
        {"13300 d", 13343 * 86400.0},
    };
    static const struct real numbers[] = {
        {"0", 0},          {"0.0123", 0.01234}, {"345", 345},       {"1.2 M", 1.2e6},
        {"12.4 k", 12351}, {"1 k", 999.9},      {"2.5 G", 2.5e9},   {"-3.1 k", -3100},
        {"-", NAN},        {"-inf", -INFINITY}, {"1 G", 999999999}, {"1e-05", 1e-5},
    };
    char text[UNITS_TEXT_SIZE];
    for (size_t i = 0; i < ROWS(durations); i++)
        assert_string_equal(units_show_duration(durations[i].value, text), durations[i].text);
    for (size_t i = 0; i < ROWS(numbers); i++)
        assert_string_equal(units_show_number(numbers[i].value, text), numbers[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durations_are_exact),
        cmocka_unit_test(test_durations_refused),
        cmocka_unit_test(test_durations_print),
        cmocka_unit_test(test_durations_round_trip),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_ratios_and_reals),
        cmocka_unit_test(test_numbers_print),
        cmocka_unit_test(test_numbers_round_trip),
        cmocka_unit_test(test_shown_to_people),
    };
    return cmocka_run_group_tests_name("units", tests, NULL, NULL);
}
