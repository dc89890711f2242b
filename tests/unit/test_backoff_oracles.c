/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every row of backoff-oracles.csv: range, mean, variance, quantiles, the mass at the cap. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backoff_case.h"
#include "draws.h"

#define EXP       "shape: exponential, base: 100ms"
#define EXP_OFF1  EXP ", offset: 1"
#define LINEAR    "shape: linear, base: 100ms"
#define CAP       ", cap: 2s"
#define MAX       ", max_wait: 2s"
#define ADDED(r)  ", jitter: {kind: proportional, side: added, ratio: " r "}"
#define AROUND(r) ", jitter: {kind: proportional, ratio: " r "}"

static const struct setup {
    const char *id, *backoff;
} setups[] = {
    {"exp", "{" EXP CAP "}"},
    {"exp_off1", "{" EXP_OFF1 CAP "}"},
    {"seed0_prop10_uncapped", "{" EXP ADDED("10%") "}"},
    {"seed1_half_added_off1_uncapped", "{" EXP_OFF1 ADDED("50%") "}"},
    {"seed4_full_added_precap", "{" EXP CAP ADDED("100%") "}"},
    {"linear_full_jitter", "{" LINEAR ", jitter: full}"},
    {"full", "{" EXP CAP ", jitter: full}"},
    {"full_off1", "{" EXP_OFF1 CAP ", jitter: full}"},
    {"full_postcap", "{" EXP MAX ", jitter: full}"},
    {"equal", "{" EXP CAP ", jitter: equal}"},
    {"pm20_precap", "{" EXP CAP AROUND("20%") "}"},
    {"pm20_pre_and_postcap", "{" EXP CAP MAX AROUND("20%") "}"},
    {"pm20_postcap", "{" EXP MAX AROUND("20%") "}"},
    {"pm50_m1.5_precap", "{" EXP ", multiplier: 1.5" CAP AROUND("50%") "}"},
    {"plus100_pre_and_postcap", "{" EXP CAP MAX ADDED("100%") "}"},
    {"plus100_postcap", "{" EXP MAX ", jitter: {kind: factor, low: 1, high: 2}}"},
    {"abs1000_postcap", "{" EXP MAX ", jitter: {kind: additive, amount: 1s}}"},
    {"const_plus_full_exp_postcap", "{" EXP_OFF1 MAX ", jitter: {kind: full, floor: 100ms}}"},
    {"decorr_hardcap", "{" EXP CAP ", jitter: decorrelated}"},
    {"decorr_softcap", "{" EXP CAP ", jitter: {kind: decorrelated, limit: soft}}"},
    {"finagle_decorrelated", "{" EXP CAP ", jitter: {kind: decorrelated, limit: soft, lower: previous, first: base}}"},
    {"finagle_expjittered", "{" EXP CAP ", jitter: compound}"},
    {"finagle_equaljittered", "{" EXP CAP ", jitter: finagle-equal}"},
    {"polly_v2_jitter_nocap", "{" EXP ", jitter: polly-v2}"},
    {"polly_linear_jitter", "{" LINEAR ", jitter: {kind: factor, low: 0.75, high: 1.25}}"},
};
enum { SETUPS = sizeof setups / sizeof *setups, RETRIES = 6 };

struct oracle {
    char id[64];
    uint32_t retry;
    double min, mean, max, variance, p50, p90, p99, atom;
};

static bool parse(const char *line, struct oracle *o)
{
    return sscanf(line, "%63[^,],%u,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf", o->id, &o->retry, &o->min, &o->mean, &o->max,
                  &o->variance, &o->p50, &o->p90, &o->p99, &o->atom) == 10;
}

/* The numbers have seven digits. */
static void check(const struct oracle *o, const struct draws *waits)
{
    struct sample sample = draws_before(waits, o->retry);
    sample_check_range(&sample, o->min, o->max, 1e-6);
    sample_check_mean(&sample, o->mean, o->variance);
    sample_check_variance(&sample, o->mean, o->variance);
    sample_check_quantile(&sample, 0.5, o->p50);
    sample_check_quantile(&sample, 0.9, o->p90);
    sample_check_quantile(&sample, 0.99, o->p99);
    if (o->variance > 0)
        sample_check_atom(&sample, 2000, o->atom);
}

/* The file's rows of one set-up; the number there are. */
static size_t check_rows(FILE *file, const struct setup *setup, const struct draws *waits)
{
    char line[256];
    size_t rows = 0;
    rewind(file);
    while (fgets(line, sizeof line, file)) {
        struct oracle o;
        if (!parse(line, &o) || strcmp(o.id, setup->id) != 0)
            continue;
        assert_in_range(o.retry, 1, RETRIES);
        check(&o, waits);
        rows++;
    }
    return rows;
}

static void test_every_row(void **state)
{
    (void)state;
    FILE *file = fopen("tests/backoff-oracles.csv", "r");
    assert_non_null(file);
    for (size_t i = 0; i < SETUPS; i++) {
        struct arena arena = {0};
        struct backoff backoff = backoff_case(setups[i].backoff, &arena);
        struct draws waits = draws_sample(setups[i].id, &backoff, RETRIES);
        assert_int_equal(check_rows(file, &setups[i], &waits), RETRIES);
        draws_free(&waits);
        arena_free(&arena);
    }
    fclose(file);
}

static void test_every_row_has_a_setup(void **state)
{
    (void)state;
    FILE *file = fopen("tests/backoff-oracles.csv", "r");
    char line[256];
    size_t rows = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        struct oracle o;
        rows += parse(line, &o);
    }
    assert_int_equal(rows, SETUPS * RETRIES);
    fclose(file);
}

/* Where the range is known before anything is drawn, it is the table's. */
static void test_ranges_are_exact(void **state)
{
    (void)state;
    FILE *file = fopen("tests/backoff-oracles.csv", "r");
    char line[256];
    struct oracle o;
    assert_non_null(file);
    for (size_t i = 0; i < SETUPS; i++) {
        struct arena arena = {0};
        struct backoff backoff = backoff_case(setups[i].backoff, &arena);
        struct backoff_range range = {0};
        rewind(file);
        for (uint32_t n = 1; n <= RETRIES;) {
            assert_non_null(fgets(line, sizeof line, file));
            if (!parse(line, &o) || strcmp(o.id, setups[i].id) != 0)
                continue;
            backoff_next_range(&backoff, n, RETRIES, &range);
            if (fabs(range.low_ns / 1e6 - o.min) > 1e-6 * o.max || fabs(range.high_ns / 1e6 - o.max) > 1e-6 * o.max)
                fail_msg("%s, retry %u: %.9g..%.9g ns", o.id, n, range.low_ns, range.high_ns);
            n++;
        }
        arena_free(&arena);
    }
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row),
        cmocka_unit_test(test_every_row_has_a_setup),
        cmocka_unit_test(test_ranges_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
