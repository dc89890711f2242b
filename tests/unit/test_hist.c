/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The histogram against the sorted samples themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hist.h"
#include "base/stream.h"

enum { SAMPLES = 20000 };

static const double quantiles[] = {0.0001, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 0.9999};
enum { QUANTILES = sizeof quantiles / sizeof *quantiles };

struct fixture {
    struct hist hist, other, whole;
    int64_t values[SAMPLES];
};

static int set_up(void **state)
{
    *state = malloc(sizeof(struct fixture));
    struct fixture *fixture = *state;
    memset(fixture, 0xa5, sizeof *fixture); /* hist_init must not trust what it finds */
    hist_init(&fixture->hist);
    hist_init(&fixture->other);
    hist_init(&fixture->whole);
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static int64_t draw_exponential(struct stream *stream)
{
    return (int64_t)(3.333e6 * stream_exponential(stream, stream_ziggurat()));
}

static int64_t draw_log_uniform(struct stream *stream)
{
    return (int64_t)exp2(62.9 * stream_uniform(stream));
}

static int64_t draw_small(struct stream *stream)
{
    return (int64_t)(stream_next(stream) % 600);
}

/* Two atoms, the lower at the foot of its bucket: all the error there can be. */
static int64_t draw_atoms(struct stream *stream)
{
    return stream_uniform(stream) < 0.995 ? INT64_C(1) << 40 : INT64_C(1) << 50;
}

static int64_t draw_timeout(struct stream *stream)
{
    double x = stream_exponential(stream, stream_ziggurat());
    return x < 1.5 ? (int64_t)(x * 1e9) : 1500000000;
}

typedef int64_t drawer(struct stream *stream);
static drawer *const drawers[] = {draw_exponential, draw_log_uniform, draw_small, draw_atoms, draw_timeout};
enum { DRAWERS = sizeof drawers / sizeof *drawers };

static int compare(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void test_quantiles_are_within_0_4_percent(void **state)
{
    struct fixture *fixture = *state;
    for (int d = 0; d < DRAWERS; d++) {
        struct stream stream = {(uint64_t)d};
        hist_clear(&fixture->hist);
        for (int i = 0; i < SAMPLES; i++) {
            fixture->values[i] = drawers[d](&stream);
            hist_add(&fixture->hist, fixture->values[i]);
        }
        qsort(fixture->values, SAMPLES, sizeof *fixture->values, compare);
        for (int i = 0; i < QUANTILES; i++) {
            double rank = ceil(quantiles[i] * SAMPLES);
            double exact = (double)fixture->values[(int)rank - 1];
            double seen = hist_quantile(&fixture->hist, quantiles[i]);
            if (!(fabs(seen - exact) <= 0.004 * exact))
                fail_msg("law %d, q %g: %.17g, exactly %.17g", d, quantiles[i], seen, exact);
        }
        assert_true(hist_quantile(&fixture->hist, 0) == (double)fixture->values[0]);
        assert_true(hist_quantile(&fixture->hist, 1) == (double)fixture->values[SAMPLES - 1]);
    }
}

static void test_quantiles_rise(void **state)
{
    struct fixture *fixture = *state;
    struct stream stream = {9};
    for (int i = 0; i < SAMPLES; i++)
        hist_add(&fixture->hist, draw_exponential(&stream));
    double last = -1;
    for (int i = 0; i <= 1000; i++) {
        double now = hist_quantile(&fixture->hist, i / 1000.0);
        assert_true(now >= last);
        last = now;
    }
    assert_true(hist_quantile(&fixture->hist, -1) == (double)fixture->hist.min);
    assert_true(hist_quantile(&fixture->hist, 2) == (double)fixture->hist.max);
}

/* Interpolation makes the quantiles of a smooth law much better than the width of a bucket. */
static void test_interpolation(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < SAMPLES; i++)
        hist_add(&fixture->hist, 1000000 + i * 50);
    for (int i = 1; i < 100; i++) {
        double exact = 1000000 + i / 100.0 * SAMPLES * 50;
        assert_true(fabs(hist_quantile(&fixture->hist, i / 100.0) - exact) < 0.0002 * exact);
    }
}

static void test_moments(void **state)
{
    struct fixture *fixture = *state;
    assert_true(isnan(hist_mean(&fixture->hist)));
    assert_true(isnan(hist_variance(&fixture->hist)));
    assert_true(isnan(hist_quantile(&fixture->hist, 0.5)));
    static const int64_t values[] = {2, 4, 4, 4, 5, 5, 7, 9};
    for (int i = 0; i < 8; i++)
        hist_add(&fixture->hist, values[i]);
    assert_true(hist_mean(&fixture->hist) == 5);
    assert_true(hist_variance(&fixture->hist) == 4);
    assert_int_equal(fixture->hist.min, 2);
    assert_int_equal(fixture->hist.max, 9);
    hist_clear(&fixture->hist);
    for (int i = 0; i < 1000; i++)
        hist_add(&fixture->hist, 123456789);
    assert_true(hist_variance(&fixture->hist) >= 0);
    assert_true(hist_variance(&fixture->hist) < 123456789.0 * 123456789.0 * 1e-12);
    assert_true(hist_quantile(&fixture->hist, 0.5) == 123456789);
}

static void test_small_values_are_exact(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < 512; i++)
        hist_add(&fixture->hist, i);
    for (int i = 0; i < 512; i++)
        assert_true(hist_quantile(&fixture->hist, (i + 1) / 512.0) == i);
}

/* Buckets touch, none is wider than 1/256 of its values, and the last value has the last bucket. */
static void test_buckets_tile_all_durations(void **state)
{
    (void)state;
    assert_int_equal(hist_bucket(0), 0);
    assert_int_equal(hist_bucket(INT64_MAX), HIST_BUCKETS - 1);
    uint64_t start = 0;
    for (uint32_t bucket = 0; bucket < HIST_BUCKETS; bucket++) {
        assert_int_equal(hist_bucket(start), bucket);
        uint64_t width = 1;
        while (hist_bucket(start + width) == bucket)
            width *= 2;
        assert_int_equal(hist_bucket(start + width - 1), bucket);
        assert_true(width == 1 || width * 256 <= start);
        start += width;
    }
    assert_true(start == UINT64_C(1) << 63);
}

static void test_extremes(void **state)
{
    struct fixture *fixture = *state;
    hist_add(&fixture->hist, 0);
    assert_true(hist_quantile(&fixture->hist, 0.5) == 0);
    assert_true(hist_quantile(&fixture->hist, 1) == 0);
    hist_add(&fixture->hist, INT64_MAX);
    hist_add(&fixture->hist, INT64_MAX - 1);
    hist_add(&fixture->hist, INT64_MAX - 12345678);
    assert_int_equal(fixture->hist.max, INT64_MAX);
    for (int i = 0; i <= 100; i++) {
        double value = hist_quantile(&fixture->hist, i / 100.0);
        assert_true(value >= 0 && value <= (double)INT64_MAX);
        assert_true(i <= 25 || value >= 0.996 * (double)INT64_MAX);
    }
}

static void assert_same(const struct hist *a, const struct hist *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->min, b->min);
    assert_int_equal(a->max, b->max);
    assert_memory_equal(a->buckets, b->buckets, sizeof a->buckets);
    assert_true(fabs(a->sum - b->sum) <= 1e-12 * a->sum);
    assert_true(fabs(a->sum_squares - b->sum_squares) <= 1e-12 * a->sum_squares);
}

static void test_merge_is_adding_all_to_one(void **state)
{
    struct fixture *fixture = *state;
    for (int d = 0; d < DRAWERS; d++) {
        struct stream stream = {(uint64_t)d + 100};
        hist_clear(&fixture->hist);
        hist_clear(&fixture->other);
        hist_clear(&fixture->whole);
        for (int i = 0; i < SAMPLES; i++) {
            int64_t value = drawers[d](&stream);
            hist_add(i % 3 ? &fixture->hist : &fixture->other, value);
            hist_add(&fixture->whole, value);
        }
        hist_merge(&fixture->hist, &fixture->other);
        assert_same(&fixture->hist, &fixture->whole);
    }
}

static void test_merge_with_nothing(void **state)
{
    struct fixture *fixture = *state;
    hist_merge(&fixture->hist, &fixture->other);
    assert_int_equal(fixture->hist.count, 0);
    assert_true(isnan(hist_quantile(&fixture->hist, 0.5)));
    hist_add(&fixture->hist, 7);
    hist_add(&fixture->whole, 7);
    hist_merge(&fixture->hist, &fixture->other);
    assert_same(&fixture->hist, &fixture->whole);
    hist_merge(&fixture->other, &fixture->hist);
    assert_same(&fixture->other, &fixture->whole);
}

static void test_clear_leaves_nothing(void **state)
{
    struct fixture *fixture = *state;
    for (int d = 0; d < DRAWERS; d++) {
        struct stream stream = {(uint64_t)d};
        for (int i = 0; i < 1000; i++)
            hist_add(&fixture->hist, drawers[d](&stream));
        hist_clear(&fixture->hist);
        assert_memory_equal(&fixture->hist, &fixture->other, sizeof fixture->hist);
    }
    hist_clear(&fixture->hist);
    assert_memory_equal(&fixture->hist, &fixture->other, sizeof fixture->hist);
}

/* Draining is quantile, merge and clear in one. */
static void test_drain_is_read_merge_clear(void **state)
{
    struct fixture *fixture = *state;
    static const double q[3] = {0.5, 0.99, 1};
    double drained[3];
    struct hist *into = malloc(sizeof *into);
    assert_non_null(into);
    for (int round = 0; round < 3; round++) {
        struct stream stream = stream_at(7, (uint64_t)round, 0);
        for (int i = 0; i < 1000 * round; i++)
            hist_add(&fixture->hist, (int64_t)(stream_next(&stream) >> (20 + i % 40)));
        *into = fixture->other;
        hist_merge(&fixture->other, &fixture->hist);
        double expected[3];
        for (int k = 0; k < 3; k++)
            expected[k] = hist_quantile(&fixture->hist, q[k]);
        hist_drain(&fixture->hist, into, q, drained, 3);
        assert_same(into, &fixture->other);
        assert_int_equal(fixture->hist.count, 0);
        for (int k = 0; k < 3; k++)
            assert_true(drained[k] == expected[k] || (isnan(drained[k]) && isnan(expected[k])));
        for (uint32_t i = 0; i < HIST_BUCKETS; i++)
            assert_int_equal(fixture->hist.buckets[i], 0);
    }
    free(into);
}

static void test_a_negative_duration_aborts(void **state)
{
    struct fixture *fixture = *state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
        signal(SIGABRT, SIG_DFL);
        hist_add(&fixture->hist, -1);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_quantiles_are_within_0_4_percent),
        TEST(test_quantiles_rise),
        TEST(test_interpolation),
        TEST(test_moments),
        TEST(test_small_values_are_exact),
        TEST(test_buckets_tile_all_durations),
        TEST(test_extremes),
        TEST(test_merge_is_adding_all_to_one),
        TEST(test_merge_with_nothing),
        TEST(test_clear_leaves_nothing),
        TEST(test_drain_is_read_merge_clear),
        TEST(test_a_negative_duration_aborts),
    };
    return cmocka_run_group_tests_name("hist", tests, NULL, NULL);
}
