/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backoff: every shape and jitter against exact numbers, bounds, and the records that decode into them.
 *
 * Statistical checks use N waits a row and 5 standard errors, from exact variances where the table has them;
 * the seed is fixed, so a failure is a change and not bad luck. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/tree.h"
#include "policy/backoff/rows.h"
#include "policy/jitter/rows.h"
#include "policy/policy.h"

#ifndef TEST_DATA_DIR
#define TEST_DATA_DIR "tests"
#endif

#define N      200000
#define SIGMAS 5.0
#define MS     INT64_C(1000000)
#define S      INT64_C(1000000000)
#define NONE   INT64_MAX

#define P(type, ...) (&(const struct type){__VA_ARGS__})

/* A wait of a request without limits whose last attempt timed out. */
static int64_t wait_after_timeout(const struct backoff *backoff, uint32_t retry, int64_t *chain_ns,
                                  struct stream *stream)
{
    struct backoff_call call = {
        .retry = retry, .retries = UINT32_MAX, .chain_ns = chain_ns, .stream = stream};
    return backoff_wait_ns(backoff, &call);
}

struct setup {
    const char *id;
    const struct shape_row *shape;
    const void *shape_parameters;
    const struct jitter_row *jitter;
    const void *jitter_parameters;
    int64_t cap_ns;
    int cap_when;
};

static struct choice choose(const struct row *row, const void *parameters)
{
    struct choice choice = {.row = row};
    assert_true(row->size <= CHOICE_BYTES);
    if (row->size > 0)
        memcpy(choice.parameters, parameters, row->size);
    return choice;
}

static struct backoff build(const struct setup *setup)
{
    return (struct backoff){.shape = choose(&setup->shape->row, setup->shape_parameters),
                            .jitter = {choose(&setup->jitter->row, setup->jitter_parameters)},
                            .cap_ns = setup->cap_ns,
                            .cap_when = setup->cap_when};
}

static const struct setup *find_setup(const struct setup *setups, const char *id)
{
    for (; setups->id; setups++)
        if (strcmp(setups->id, id) == 0)
            return setups;
    fail_msg("no set-up for '%s'", id);
    return NULL;
}

/* ---- the oracle table ---- */

#define EXP       &shape_exponential, P(shape_exponential, 100 * MS, 2, 0)
#define EXP_OFF1  &shape_exponential, P(shape_exponential, 100 * MS, 2, 1)
#define LINEAR    &shape_linear, P(shape_linear, 100 * MS)
#define FULL      &jitter_full, P(jitter_full, 0)
#define AROUND(r) &jitter_proportional, P(jitter_proportional, r, PROPORTIONAL_AROUND)
#define ADDED(r)  &jitter_proportional, P(jitter_proportional, r, PROPORTIONAL_ADDED)
#define DECORRELATED(limit, lower, first)                                                                    \
    &jitter_decorrelated,                                                                                    \
        P(jitter_decorrelated, 3, DECORRELATED_##limit, DECORRELATED_##lower, DECORRELATED_FIRST_##first)

static const struct setup oracle_setups[] = {
    {"exp", EXP, &jitter_none, NULL, 2 * S, CAP_BEFORE},
    {"exp_off1", EXP_OFF1, &jitter_none, NULL, 2 * S, CAP_BEFORE},
    {"seed0_prop10_uncapped", EXP, ADDED(0.1), NONE, CAP_BEFORE},
    {"seed1_half_added_off1_uncapped", EXP_OFF1, ADDED(0.5), NONE, CAP_BEFORE},
    {"seed4_full_added_precap", EXP, ADDED(1), 2 * S, CAP_BEFORE},
    {"linear_full_jitter", LINEAR, FULL, NONE, CAP_BEFORE},
    {"full", EXP, FULL, 2 * S, CAP_BEFORE},
    {"full_off1", EXP_OFF1, FULL, 2 * S, CAP_BEFORE},
    {"full_postcap", EXP, FULL, 2 * S, CAP_AFTER},
    {"equal", EXP, &jitter_equal, NULL, 2 * S, CAP_BEFORE},
    {"pm20_precap", EXP, AROUND(0.2), 2 * S, CAP_BEFORE},
    {"pm20_pre_and_postcap", EXP, AROUND(0.2), 2 * S, CAP_BOTH},
    {"pm20_postcap", EXP, AROUND(0.2), 2 * S, CAP_AFTER},
    {"pm50_m1.5_precap", &shape_exponential, P(shape_exponential, 100 * MS, 1.5, 0), AROUND(0.5), 2 * S,
     CAP_BEFORE},
    {"plus100_pre_and_postcap", EXP, ADDED(1), 2 * S, CAP_BOTH},
    {"plus100_postcap", EXP, ADDED(1), 2 * S, CAP_AFTER},
    {"abs1000_postcap", EXP, &jitter_additive, P(jitter_additive, S), 2 * S, CAP_AFTER},
    {"const_plus_full_exp_postcap", EXP_OFF1, &jitter_full, P(jitter_full, 100 * MS), 2 * S, CAP_AFTER},
    {"decorr_hardcap", EXP, DECORRELATED(HARD, BASE, DRAW), 2 * S, CAP_BEFORE},
    {"decorr_softcap", EXP, DECORRELATED(SOFT, BASE, DRAW), 2 * S, CAP_BEFORE},
    {"finagle_decorrelated", EXP, DECORRELATED(SOFT, PREVIOUS, BASE), 2 * S, CAP_BEFORE},
    {"polly_linear_jitter", LINEAR, AROUND(0.25), NONE, CAP_BEFORE},
    {0},
};

enum { RETRIES = 6 };

struct oracle {
    char id[64];
    int retry;
    double min, mean, max, variance, p50, p90, p99, atom;
};

/* Waits in ms, [retry - 1][sample]; each sample is one request's chain of retries. */
static void sample_chains(const struct backoff *backoff, uint64_t seed, double *waits_ms)
{
    for (size_t i = 0; i < N; i++) {
        struct stream stream = stream_at(seed, i, 0);
        int64_t previous_ns = 0;
        for (uint32_t retry = 1; retry <= RETRIES; retry++)
            waits_ms[(retry - 1) * N + i] =
                (double)wait_after_timeout(backoff, retry, &previous_ns, &stream) / (double)MS;
    }
}

static void near(const struct oracle *o, const char *what, double got, double expected, double error)
{
    if (!(fabs(got - expected) <= SIGMAS * error + 1e-6 * fabs(expected)))
        fail_msg("%s, retry %d: %s is %.9g, expected %.9g +- %.3g", o->id, o->retry, what, got, expected,
                 SIGMAS * error);
}

/* A share p lies below or at the p-quantile, and not more than p strictly below it. */
static void check_quantile(const struct oracle *o, const double *x, double p, double quantile)
{
    double below = 0, at_most = 0, error = SIGMAS * sqrt(p * (1 - p) / N);
    for (size_t i = 0; i < N; i++) {
        below += x[i] < quantile * (1 - 1e-7);
        at_most += x[i] <= quantile * (1 + 1e-7);
    }
    if (below / N > p + error || at_most / N < p - error)
        fail_msg("%s, retry %d: %g below and %g up to the %g-quantile %g", o->id, o->retry, below / N,
                 at_most / N, p, quantile);
}

static void check_moments(const struct oracle *o, const double *x)
{
    double sum = 0, m2 = 0, m4 = 0;
    for (size_t i = 0; i < N; i++)
        sum += x[i];
    for (size_t i = 0; i < N; i++) {
        double d = x[i] - o->mean;
        m2 += d * d / N;
        m4 += d * d * d * d / N;
    }
    near(o, "the mean", sum / N, o->mean, sqrt(o->variance / N));
    near(o, "the variance", m2, o->variance, sqrt(fabs(m4 - m2 * m2) / N));
}

static void check_row(const struct oracle *o, const struct setup *setup, const double *x)
{
    double at_cap = 0, least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < N; i++) {
        at_cap += x[i] == (double)setup->cap_ns / (double)MS;
        least = fmin(least, x[i]);
        most = fmax(most, x[i]);
    }
    /* The table has 7 digits and waits are whole nanoseconds. */
    if (least < o->min * (1 - 1e-6) - 1e-6 || most > o->max * (1 + 1e-6) + 1e-6)
        fail_msg("%s, retry %d: %.9g..%.9g leaves %g..%g", o->id, o->retry, least, most, o->min, o->max);
    if (o->max > o->min && (least > o->min + 0.05 * (o->max - o->min) || most < o->mean))
        fail_msg("%s, retry %d: %.9g..%.9g does not fill %g..%g", o->id, o->retry, least, most, o->min,
                 o->max);
    check_moments(o, x);
    check_quantile(o, x, 0.5, o->p50);
    check_quantile(o, x, 0.9, o->p90);
    check_quantile(o, x, 0.99, o->p99);
    if (o->variance > 0)
        near(o, "the mass at the cap", at_cap / N, o->atom, sqrt(o->atom * (1 - o->atom) / N));
}

static bool parse_oracle(const char *line, struct oracle *o)
{
    return sscanf(line, "%63[^,],%d,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf", o->id, &o->retry, &o->min, &o->mean,
                  &o->max, &o->variance, &o->p50, &o->p90, &o->p99, &o->atom) == 10;
}

static void test_oracle_table(void **state)
{
    (void)state;
    FILE *file = fopen(TEST_DATA_DIR "/backoff-oracles.csv", "r");
    double *waits_ms = malloc(sizeof(double) * RETRIES * N);
    char line[256], sampled[64] = "";
    size_t rows = 0;
    assert_non_null(file);
    assert_non_null(waits_ms);
    while (fgets(line, sizeof line, file)) {
        struct oracle o;
        if (!parse_oracle(line, &o))
            continue;
        const struct setup *setup = find_setup(oracle_setups, o.id);
        struct backoff backoff = build(setup);
        if (strcmp(sampled, o.id) != 0)
            sample_chains(&backoff, stream_key(1, 0, "oracle", o.id), waits_ms);
        strcpy(sampled, o.id);
        assert_in_range(o.retry, 1, RETRIES);
        check_row(&o, setup, waits_ms + (o.retry - 1) * N);
        rows++;
    }
    assert_int_equal(rows, RETRIES * (sizeof oracle_setups / sizeof *oracle_setups - 1));
    free(waits_ms);
    fclose(file);
}

/* ---- one case for each client-side backoff of the checklist ---- */

struct checklist {
    struct setup setup;
    struct {
        uint32_t retry;
        double min, mean, max; /* s */
    } waits[4];
};

#define EXP_1S(offset) &shape_exponential, P(shape_exponential, S, 2, offset)
#define PLAIN          &jitter_none, NULL
#define UNCAPPED       NONE, CAP_BEFORE
#define CAP_32S        32 * S, CAP_BEFORE

static const struct checklist checklists[] = {
    {{"S01 immediate", &shape_none, NULL, PLAIN, UNCAPPED}, {{1, 0, 0, 0}, {9, 0, 0, 0}}},
    {{"S03 fixed", &shape_fixed, P(shape_fixed, S), PLAIN, UNCAPPED}, {{1, 1, 1, 1}, {2, 1, 1, 1}}},
    {{"S04 linear 1 s", &shape_linear, P(shape_linear, S), PLAIN, UNCAPPED},
     {{1, 1, 1, 1}, {2, 2, 2, 2}, {3, 3, 3, 3}}},
    {{"S04 linear 2 s", &shape_linear, P(shape_linear, 2 * S), PLAIN, UNCAPPED},
     {{1, 2, 2, 2}, {2, 4, 4, 4}, {3, 6, 6, 6}}},
    {{"S05 incremental", &shape_incremental, P(shape_incremental, S, 3 * S), PLAIN, UNCAPPED},
     {{1, 1, 1, 1}, {2, 4, 4, 4}, {3, 7, 7, 7}}},
    {{"S06 exponential", EXP_1S(0), PLAIN, UNCAPPED},
     {{1, 1, 1, 1}, {2, 2, 2, 2}, {3, 4, 4, 4}, {4, 8, 8, 8}}},
    {{"S07 exponential capped", EXP_1S(0), PLAIN, CAP_32S},
     {{1, 1, 1, 1}, {5, 16, 16, 16}, {6, 32, 32, 32}, {7, 32, 32, 32}}},
    {{"S07 prose", EXP_1S(1), PLAIN, 60 * S, CAP_BEFORE}, {{1, 2, 2, 2}, {5, 32, 32, 32}, {6, 60, 60, 60}}},
    {{"S08 10 % added", EXP_1S(0), ADDED(0.1), UNCAPPED}, {{1, 1, 1.05, 1.1}, {4, 8, 8.4, 8.8}}},
    {{"S09 half added, off by one", EXP_1S(1), ADDED(0.5), UNCAPPED}, {{1, 2, 2.5, 3}, {2, 4, 5, 6}}},
    {{"S10 full added", EXP_1S(0), ADDED(1), CAP_32S}, {{1, 1, 1.5, 2}, {6, 32, 48, 64}, {7, 32, 48, 64}}},
    {{"S11 full added, off by one", EXP_1S(1), ADDED(1), CAP_32S},
     {{1, 2, 3, 4}, {2, 4, 6, 8}, {5, 32, 48, 64}}},
    {{"S12 fixed, full added", &shape_fixed, P(shape_fixed, 2 * S), &jitter_additive,
      P(jitter_additive, 2 * S), UNCAPPED},
     {{1, 2, 3, 4}, {5, 2, 3, 4}}},
    {{"S13 decorrelated", EXP_1S(0), DECORRELATED(HARD, BASE, DRAW), CAP_32S},
     {{1, 1, 2, 3}, {2, 1, 3.5, 9}, {3, 1, 5.75, 27}, {4, 1, 0, 32}}},
    {{"S14 full", EXP_1S(0), FULL, CAP_32S}, {{1, 0, 0.5, 1}, {6, 0, 16, 32}}},
    {{"S14 equal", EXP_1S(0), &jitter_equal, NULL, CAP_32S}, {{1, 0.5, 0.75, 1}, {6, 16, 24, 32}}},
    {{"S15 linear jitter", &shape_linear, P(shape_linear, S), FULL, UNCAPPED},
     {{1, 0, 0.5, 1}, {2, 0, 1, 2}, {5, 0, 2.5, 5}}},
    {{"S15 n * U(lo, hi)", &shape_linear, P(shape_linear, 1500 * MS), AROUND(1.0 / 3), UNCAPPED},
     {{1, 1, 1.5, 2}, {3, 3, 4.5, 6}}},
};

static int64_t seconds(double s)
{
    return (int64_t)(s * (double)S + 0.5);
}

/* Bounds of a chain: the lowest and highest waits before lead to the lowest and highest now. */
static void chain_bounds(const struct backoff *backoff, uint32_t retry, int64_t *low_ns, int64_t *high_ns)
{
    int64_t previous_ns = 0;
    for (uint32_t n = 1; n <= retry; n++) {
        backoff_bounds_ns(backoff, n, previous_ns, low_ns, high_ns);
        previous_ns = *high_ns;
    }
}

/* Mean of N waits, and its standard error from the same sample. */
static double chain_mean(const struct backoff *backoff, uint32_t retry, double *error)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < N; i++) {
        struct stream stream = stream_at(77, i, retry);
        int64_t previous_ns = 0;
        double wait_s = 0;
        for (uint32_t n = 1; n <= retry; n++)
            wait_s = (double)wait_after_timeout(backoff, n, &previous_ns, &stream) / (double)S;
        sum += wait_s;
        squares += wait_s * wait_s;
    }
    *error = sqrt(fmax(0, squares / N - sum / N * (sum / N)) / N);
    return sum / N;
}

static void test_checklist(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof checklists / sizeof *checklists; c++) {
        const struct checklist *list = &checklists[c];
        struct backoff backoff = build(&list->setup);
        for (size_t i = 0; i < 4 && list->waits[i].retry; i++) {
            int64_t low_ns, high_ns;
            double error, mean;
            chain_bounds(&backoff, list->waits[i].retry, &low_ns, &high_ns);
            mean = chain_mean(&backoff, list->waits[i].retry, &error);
            if (llabs(low_ns - seconds(list->waits[i].min)) > 1 ||
                llabs(high_ns - seconds(list->waits[i].max)) > 1)
                fail_msg("%s, retry %u: bounds %lld..%lld ns", list->setup.id, list->waits[i].retry,
                         (long long)low_ns, (long long)high_ns);
            /* A mean of 0 with a longer maximum: no closed form (capped chain). */
            bool known = list->waits[i].mean > 0 || list->waits[i].max == 0;
            if (known && fabs(mean - list->waits[i].mean) > SIGMAS * error + 1e-9)
                fail_msg("%s, retry %u: mean %.9g, expected %g", list->setup.id, list->waits[i].retry, mean,
                         list->waits[i].mean);
        }
    }
}

/* ---- every row of both tables ---- */

static const struct shape_delay three_delays[] = {{5 * S}, {1 * S}, {7 * S}};

struct pinned {
    const char *name;
    const void *parameters;
    double expected; /* shape: d(7) in ns; jitter: the wait of one known draw in ns */
};

static const struct pinned pinned_shapes[] = {
    {"none", NULL, 0},
    {"fixed", P(shape_fixed, 100 * MS), 100e6},
    {"linear", P(shape_linear, 100 * MS), 700e6},
    {"incremental", P(shape_incremental, 100 * MS, 30 * MS), 280e6},
    {"exponential", P(shape_exponential, 100 * MS, 1.5, 0), 1139062500},
    {"fibonacci", P(shape_fibonacci, 100 * MS, 0), 1300e6},
    {"table", P(shape_table_of_delays, {(void *)three_delays, 3}), 7e9},
    {0},
};

/* Input: d 2 s, base 100 ms, cap 1.5 s (not applied to d here), previous wait 300 ms, stream (42, 1, 2). */
static const struct pinned pinned_jitters[] = {
    {"none", NULL, 2e9},
    {"full", P(jitter_full, 0), 1203925941.428967},
    {"equal", NULL, 1601962970.714484},
    {"proportional", P(jitter_proportional, 0.1, PROPORTIONAL_AROUND), 2040785188.285794},
    {"additive", P(jitter_additive, 50 * MS), 2030098148.535724},
    {"range", P(jitter_range, 500 * MS), 1402944456.071725},
    {"decorrelated", P(jitter_decorrelated, 3, 0, 0, 0), 581570376.571587},
    {"exponential", NULL, 1246512933.598953},
    {0},
};

static const struct pinned *find_pinned(const struct pinned *pins, const struct row *row)
{
    for (; pins->name; pins++)
        if (strcmp(pins->name, row->name) == 0)
            return pins;
    fail_msg("'%s' has no pinned number here: add one", row->name);
    return NULL;
}

static void check_texts(const struct row *row)
{
    assert_non_null(row->summary);
    assert_true(row->summary[0] && !strchr(row->summary, '\n'));
    assert_true(!row->fields == (row->size == 0));
    for (const struct field *field = row->fields; field && field->name; field++)
        assert_true(field->help && field->help[0]);
}

static void test_every_shape(void **state)
{
    static const uint32_t retries[] = {1, 2, 3, 10, 64, 65, 1000, 1000000, UINT32_MAX};
    (void)state;
    for (size_t i = 0; shape_table.rows[i]; i++) {
        const struct shape_row *shape = (const struct shape_row *)shape_table.rows[i];
        const struct pinned *pin = find_pinned(pinned_shapes, &shape->row);
        struct choice choice = choose(&shape->row, pin->parameters);
        check_texts(&shape->row);
        if (shape->delay_ns(choice.parameters, 7) != pin->expected)
            fail_msg("%s: d(7) is %.17g", pin->name, shape->delay_ns(choice.parameters, 7));
        assert_true(shape->base_ns(choice.parameters) >= 0);
        for (size_t r = 0; r < sizeof retries / sizeof *retries; r++) {
            double delay_ns = shape->delay_ns(choice.parameters, retries[r]);
            assert_true(delay_ns >= 0 && delay_ns <= SHAPE_HUGE_NS);
            assert_true(delay_ns == shape->delay_ns(choice.parameters, retries[r]));
        }
    }
}

/* No shape may loop to the number of the retry: 1e5 calls at the greatest would take hours. */
static void test_shapes_are_cheap(void **state)
{
    (void)state;
    for (size_t i = 0; shape_table.rows[i]; i++) {
        const struct shape_row *shape = (const struct shape_row *)shape_table.rows[i];
        struct choice choice = choose(&shape->row, find_pinned(pinned_shapes, &shape->row)->parameters);
        double sum = 0;
        for (uint32_t k = 0; k < 100000; k++)
            sum += shape->delay_ns(choice.parameters, UINT32_MAX - k);
        assert_true(isfinite(sum));
    }
}

static double wait_of(const struct jitter_row *jitter, const struct choice *choice,
                      const struct jitter_in *in, struct stream stream)
{
    return jitter->wait_ns(choice->parameters, in, &stream);
}

static void check_bounds(const struct jitter_row *jitter, const struct choice *choice)
{
    struct stream inputs = stream_at(7, 0, 0);
    for (uint64_t i = 0; i < 20000; i++) {
        struct jitter_in in = {.retry = 1 + (uint32_t)(i % 9)};
        in.base_ns = 1e9 * stream_uniform(&inputs);
        in.delay_ns = i % 50 ? 1e10 * stream_uniform(&inputs) : SHAPE_HUGE_NS;
        in.cap_ns = i % 3 ? 5e9 * stream_uniform(&inputs) : INFINITY;
        in.previous_ns = i % 4 ? 2e9 * stream_uniform(&inputs) : 0;
        double low, high, wait_ns = wait_of(jitter, choice, &in, stream_at(8, i, 0));
        jitter->bounds_ns(choice->parameters, &in, &low, &high);
        if (!(low >= 0 && low <= high && wait_ns >= low && wait_ns <= high && isfinite(wait_ns)))
            fail_msg("%s: %.17g is not in %.17g..%.17g", jitter->row.name, wait_ns, low, high);
        assert_true(wait_ns == wait_of(jitter, choice, &in, stream_at(8, i, 0)));
    }
}

static void test_every_jitter(void **state)
{
    const struct jitter_in in = {2e9, 1e8, 1.5e9, 3e8, 4};
    (void)state;
    for (size_t i = 0; jitter_table.rows[i]; i++) {
        const struct jitter_row *jitter = (const struct jitter_row *)jitter_table.rows[i];
        const struct pinned *pin = find_pinned(pinned_jitters, &jitter->row);
        struct choice choice = choose(&jitter->row, pin->parameters);
        check_texts(&jitter->row);
        double wait_ns = wait_of(jitter, &choice, &in, stream_at(42, 1, 2));
        if (fabs(wait_ns - pin->expected) > 1e-3)
            fail_msg("%s: the known draw gives %.6f ns, pinned is %.6f", pin->name, wait_ns, pin->expected);
        check_bounds(jitter, &choice);
    }
}

/* ---- the pipeline ---- */

static int64_t plain_wait(const struct backoff *backoff, uint32_t retry)
{
    struct stream stream = stream_at(3, retry, 0);
    int64_t previous_ns = 0;
    return wait_after_timeout(backoff, retry, &previous_ns, &stream);
}

static void test_overflow_meets_the_cap(void **state)
{
    struct backoff backoff = build(&(struct setup){"", EXP, PLAIN, 3 * S, CAP_BEFORE});
    (void)state;
    for (int when = CAP_BEFORE; when <= CAP_BOTH; when++) {
        backoff.cap_when = when;
        assert_int_equal(plain_wait(&backoff, 64), 3 * S);
        assert_int_equal(plain_wait(&backoff, 5000), 3 * S);
        assert_int_equal(plain_wait(&backoff, UINT32_MAX), 3 * S);
    }
    backoff.cap_ns = NONE;
    assert_int_equal(plain_wait(&backoff, UINT32_MAX), BACKOFF_LONGEST_NS);
    assert_int_equal(plain_wait(&backoff, 11), 102400 * MS);
}

static void test_first_immediate_shifts(void **state)
{
    struct backoff backoff = build(&(struct setup){"", EXP, PLAIN, NONE, CAP_BEFORE});
    (void)state;
    backoff.first_immediate = true;
    assert_int_equal(plain_wait(&backoff, 1), 0);
    assert_int_equal(plain_wait(&backoff, 2), 100 * MS);
    assert_int_equal(plain_wait(&backoff, 3), 200 * MS);
}

/* The immediate first retry is no link of a decorrelated chain. */
static void test_first_immediate_starts_no_chain(void **state)
{
    struct backoff backoff =
        build(&(struct setup){"", EXP, DECORRELATED(HARD, BASE, DRAW), NONE, CAP_BEFORE});
    struct stream one = stream_at(5, 0, 0), two = stream_at(5, 0, 0);
    int64_t previous_one = 0, previous_two = 0;
    (void)state;
    int64_t plain = wait_after_timeout(&backoff, 1, &previous_one, &one);
    backoff.first_immediate = true;
    assert_int_equal(wait_after_timeout(&backoff, 1, &previous_two, &two), 0);
    assert_int_equal(wait_after_timeout(&backoff, 2, &previous_two, &two), plain);
    assert_int_equal(previous_two, previous_one);
}

static void test_fibonacci_numbers(void **state)
{
    static const int64_t numbers[] = {1, 1, 2, 3, 5, 8, 13, 21, 34, 55};
    struct backoff backoff =
        build(&(struct setup){"", &shape_fibonacci, P(shape_fibonacci, MS, 0), PLAIN, NONE, CAP_BEFORE});
    struct backoff later =
        build(&(struct setup){"", &shape_fibonacci, P(shape_fibonacci, MS, 1), PLAIN, NONE, CAP_BEFORE});
    (void)state;
    for (uint32_t n = 1; n <= 10; n++)
        assert_int_equal(plain_wait(&backoff, n), numbers[n - 1] * MS);
    for (uint32_t n = 1; n <= 9; n++)
        assert_int_equal(plain_wait(&later, n), numbers[n] * MS);
    assert_int_equal(plain_wait(&backoff, 50), INT64_C(12586269025) * MS);
}

static void test_table_repeats_its_last(void **state)
{
    struct backoff backoff = build(&(struct setup){
        "", &shape_delays, P(shape_table_of_delays, {(void *)three_delays, 3}), PLAIN, NONE, CAP_BEFORE});
    (void)state;
    assert_int_equal(plain_wait(&backoff, 1), 5 * S);
    assert_int_equal(plain_wait(&backoff, 2), 1 * S);
    assert_int_equal(plain_wait(&backoff, 3), 7 * S);
    assert_int_equal(plain_wait(&backoff, 4000000000u), 7 * S);
}

/* Mean d, variance d^2, and the tail beyond 2 d; 5 standard errors each (kurtosis 9). */
static void test_exponential_law(void **state)
{
    struct backoff backoff = build(
        &(struct setup){"", &shape_fixed, P(shape_fixed, S), &jitter_exponential, NULL, NONE, CAP_BEFORE});
    struct stream stream = stream_at(11, 0, 0);
    double sum = 0, squares = 0, beyond = 0;
    (void)state;
    for (size_t i = 0; i < N; i++) {
        int64_t previous_ns = 0;
        double x = (double)wait_after_timeout(&backoff, 1, &previous_ns, &stream) / (double)S;
        sum += x / N;
        squares += (x - 1) * (x - 1) / N;
        beyond += x > 2;
    }
    double tail = exp(-2);
    assert_true(fabs(sum - 1) < SIGMAS / sqrt(N));
    assert_true(fabs(squares - 1) < SIGMAS * sqrt(8.0 / N));
    assert_true(fabs(beyond / N - tail) < SIGMAS * sqrt(tail * (1 - tail) / N));
}

/* ---- decoding ---- */

struct decoded {
    struct arena arena;
    struct diag *diag;
    bool good;
};

static const struct node *scalar(struct decoded *d, const char *text)
{
    return tree_scalar(&d->arena, (struct origin){0}, text);
}

/* "path=text path=text ..." as a tree; a text "[a,b]" is a list of scalars. */
static const struct node *parse_list(struct decoded *d, const char *text)
{
    struct node *list = arena_alloc(&d->arena, sizeof *list);
    char *rest = arena_strdup(&d->arena, text + 1), *save = NULL;
    *list = (struct node){.kind = NODE_LIST, .items = arena_alloc(&d->arena, 16 * sizeof *list->items)};
    rest[strlen(rest) - 1] = 0;
    for (char *item = strtok_r(rest, ",", &save); item; item = strtok_r(NULL, ",", &save))
        list->items[list->count++] = scalar(d, item);
    return list;
}

static const struct node *parse_tree(struct decoded *d, const char *text)
{
    if (!strchr(text, '='))
        return scalar(d, text);
    struct node *map = arena_alloc(&d->arena, sizeof *map);
    *map = (struct node){.kind = NODE_MAP};
    const struct node *root = map;
    char *copy = arena_strdup(&d->arena, text), *save = NULL;
    for (char *pair = strtok_r(copy, " ", &save); pair; pair = strtok_r(NULL, " ", &save)) {
        char *value = strchr(pair, '=');
        *value++ = 0;
        const struct node *node = value[0] == '[' ? parse_list(d, value) : scalar(d, value);
        root = tree_set(&d->arena, root, pair, node, (struct origin){0}, d->diag);
    }
    return root;
}

static struct decoded decode(const struct record *record, const char *text, void *self)
{
    struct decoded d = {.diag = diag_new()};
    const struct node *node = parse_tree(&d, text);
    d.good = field_decode(record, node, self, &d.arena, d.diag);
    return d;
}

static void release(struct decoded *d)
{
    diag_free(d->diag);
    arena_free(&d->arena);
}

static void accepts(const struct record *record, const char *text, void *self)
{
    struct decoded d = decode(record, text, self);
    if (!d.good) {
        diag_print(d.diag, stderr);
        fail_msg("refused: %s", text);
    }
    release(&d);
}

static void refuses(const struct record *record, const char *text)
{
    struct policy room;
    assert_true(record->size <= sizeof room);
    struct decoded d = decode(record, text, &room);
    if (d.good)
        fail_msg("accepted: %s", text);
    release(&d);
}

static void test_backoff_records(void **state)
{
    struct backoff b;
    (void)state;
    accepts(&backoff_record, "none", &b);
    assert_ptr_equal(b.shape.row, &shape_none.row);
    assert_ptr_equal(b.jitter.choice.row, &jitter_none.row);
    assert_true(b.cap_ns == INT64_MAX && b.cap_when == CAP_BEFORE && !b.first_immediate);
    accepts(&backoff_record, "1s", &b);
    assert_ptr_equal(b.shape.row, &shape_fixed.row);
    assert_int_equal(plain_wait(&b, 9), S);
    accepts(&backoff_record, "shape=exponential base=100ms cap=10s jitter=full cap_when=both", &b);
    assert_ptr_equal(b.jitter.choice.row, &jitter_full.row);
    assert_int_equal(b.cap_ns, 10 * S);
    assert_int_equal(b.cap_when, CAP_BOTH);
    accepts(&backoff_record, "shape=exponential base=100ms jitter.kind=proportional jitter.ratio=10%", &b);
    const struct jitter_proportional *p = (const void *)b.jitter.choice.parameters;
    assert_true(p->ratio == 0.1 && p->side == PROPORTIONAL_AROUND);
    accepts(&backoff_record, "shape=exponential base=100ms cap=1s jitter=decorrelated", &b);
    assert_ptr_equal(b.jitter.choice.row, &jitter_decorrelated.row);
}

static void test_backoff_refusals(void **state)
{
    (void)state;
    refuses(&backoff_record, "exponentail");
    refuses(&backoff_record, "exponential");
    refuses(&backoff_record, "jitter=full");
    refuses(&backoff_record, "shape=exponential");
    refuses(&backoff_record, "shape=exponential base=0s");
    refuses(&backoff_record, "shape=exponential base=1s multiplier=0.5");
    refuses(&backoff_record, "shape=table delays=[]");
    refuses(&backoff_record, "shape=none jitter=decorrelated");
    refuses(&backoff_record, "shape=fixed base=0s jitter=decorrelated");
    refuses(&backoff_record, "shape=fixed base=1s jitter.kind=proportional jitter.ratio=110%");
    refuses(&backoff_record, "shape=fixed base=1s jiter=full");
}

static void test_table_decodes(void **state)
{
    struct backoff b;
    (void)state;
    struct decoded d = decode(&backoff_record, "shape=table delays=[1s,2s,5s]", &b);
    assert_true(d.good);
    assert_int_equal(plain_wait(&b, 2), 2 * S);
    assert_int_equal(plain_wait(&b, 8), 5 * S);
    release(&d);
}

static void test_policy_defaults(void **state)
{
    struct policy p;
    (void)state;
    accepts(&policy_record, "attempts=3", &p);
    assert_null(p.timeout);
    assert_true(p.attempts == 3 && p.deadline_ns == INT64_MAX && p.persistence == 1);
    for (int failure = 0; failure < FAILURE_KINDS; failure++)
        assert_int_equal(policy_retries(&p, (enum failure)failure), !failure_in(FAILURES_FINAL, (enum failure)failure));
    assert_int_equal(p.budgets.count, 0);
    assert_string_equal(p.breaker.choice.row->name, "none");
    assert_int_equal(p.gates.count, 0);
    assert_int_equal(p.breaker.scope, SCOPE_CLIENT);
}

static void test_policy_retry_on(void **state)
{
    struct policy p;
    (void)state;
    accepts(&policy_record, "retry_on=[timeout,refused]", &p);
    assert_true(policy_retries(&p, FAILURE_TIMEOUT) && policy_retries(&p, FAILURE_REFUSED));
    assert_false(policy_retries(&p, FAILURE_OVERLOADED) || policy_retries(&p, FAILURE_SERVER_ERROR));
    assert_false(policy_retries(&p, FAILURE_BREAKER_OPEN));
    accepts(&policy_record, "retry_on=[]", &p);
    assert_false(policy_retries(&p, FAILURE_TIMEOUT));
    refuses(&policy_record, "retry_on=[timeouts]");
}

static void test_policy_timeout(void **state)
{
    struct policy p;
    (void)state;
    accepts(&policy_record, "timeout=none", &p);
    assert_null(p.timeout);
    accepts(&policy_record, "timeout=1s", &p);
    assert_non_null(p.timeout);
    refuses(&policy_record, "timeout=1");
    refuses(&policy_record, "deadline=0s");
}

static void test_unlimited_needs_a_wait(void **state)
{
    struct policy p;
    (void)state;
    refuses(&policy_record, "attempts=unlimited");
    refuses(&policy_record, "attempts=unlimited backoff.shape=none backoff.jitter=full");
    refuses(&policy_record, "attempts=unlimited backoff.shape=exponential backoff.base=1s backoff.cap=0s");
    refuses(&policy_record, "attempts=unlimited backoff=0s");
    accepts(&policy_record, "attempts=unlimited backoff=1s", &p);
    assert_int_equal(p.attempts, INT64_MAX);
    accepts(&policy_record,
            "attempts=unlimited backoff.shape=none backoff.jitter.kind=additive backoff.jitter.amount=1s",
            &p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_oracle_table),
        cmocka_unit_test(test_checklist),
        cmocka_unit_test(test_every_shape),
        cmocka_unit_test(test_shapes_are_cheap),
        cmocka_unit_test(test_every_jitter),
        cmocka_unit_test(test_overflow_meets_the_cap),
        cmocka_unit_test(test_first_immediate_shifts),
        cmocka_unit_test(test_first_immediate_starts_no_chain),
        cmocka_unit_test(test_fibonacci_numbers),
        cmocka_unit_test(test_table_repeats_its_last),
        cmocka_unit_test(test_exponential_law),
        cmocka_unit_test(test_backoff_records),
        cmocka_unit_test(test_backoff_refusals),
        cmocka_unit_test(test_table_decodes),
        cmocka_unit_test(test_policy_defaults),
        cmocka_unit_test(test_policy_retry_on),
        cmocka_unit_test(test_policy_timeout),
        cmocka_unit_test(test_unlimited_needs_a_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
