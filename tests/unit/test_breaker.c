/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuit breakers: the state machine step by step, permits of earlier phases, and when each row trips. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/stream.h"
#include "policy/breaker/rows.h"

#define S INT64_C(1000000000)

struct fixture {
    struct breaker breaker;
    struct breaker_state *state;
};

static struct fixture start(const struct breaker_row *row, const void *parameters, int64_t probes)
{
    struct fixture f = {.breaker = {.choice.row = &row->row, .open_for_ns = 10 * S, .probes = probes}};
    if (row->row.size > 0)
        memcpy(f.breaker.choice.parameters, parameters, row->row.size);
    size_t size = row->state_size(f.breaker.choice.parameters);
    f.state = calloc(1, size > 0 ? size : 1);
    assert_non_null(f.state);
    return f;
}

static struct fixture start_consecutive(int64_t failures, int64_t probes)
{
    return start(&breaker_consecutive, &(struct breaker_consecutive){failures}, probes);
}

static void stop(struct fixture *f)
{
    free(f->state);
}

static bool allow(struct fixture *f, int64_t now_ns, uint32_t *generation)
{
    return breaker_allow(&f->breaker, f->state, now_ns, 1, generation);
}

static void result(struct fixture *f, int64_t now_ns, uint32_t generation, bool good)
{
    breaker_result(&f->breaker, f->state, 1, generation,
                   &(struct breaker_sample){.now_ns = now_ns, .good = good});
}

/* An attempt with an instant answer; false: refused. */
static bool attempt(struct fixture *f, int64_t now_ns, bool good)
{
    uint32_t generation;
    if (!allow(f, now_ns, &generation))
        return false;
    result(f, now_ns, generation, good);
    return true;
}

static void test_cycle(void **state)
{
    struct fixture f = start_consecutive(3, 1);
    (void)state;
    assert_true(attempt(&f, 0, false));
    assert_true(attempt(&f, 1, false));
    assert_int_equal(f.state->phase, BREAKER_CLOSED);
    assert_true(attempt(&f, 2, false));
    assert_int_equal(f.state->phase, BREAKER_OPEN);
    assert_false(attempt(&f, 3, true));
    assert_false(attempt(&f, 2 + 10 * S - 1, true));
    assert_true(attempt(&f, 2 + 10 * S, true));
    assert_int_equal(f.state->phase, BREAKER_CLOSED);
    assert_int_equal(f.state->generation, 3);
    stop(&f);
}

static void test_success_ends_the_run(void **state)
{
    struct fixture f = start_consecutive(3, 1);
    (void)state;
    for (int i = 0; i < 100; i++)
        assert_true(attempt(&f, i, i % 3 == 2));
    assert_int_equal(f.state->phase, BREAKER_CLOSED);
    stop(&f);
}

/* After closing it takes the whole number of failures again (unlike the seed's breaker, which keeps its
 * count). */
static void test_closing_forgets(void **state)
{
    struct fixture f = start_consecutive(2, 1);
    (void)state;
    attempt(&f, 0, false);
    attempt(&f, 0, false);
    assert_true(attempt(&f, 10 * S, true));
    assert_true(attempt(&f, 10 * S, false));
    assert_int_equal(f.state->phase, BREAKER_CLOSED);
    assert_true(attempt(&f, 10 * S, false));
    assert_int_equal(f.state->phase, BREAKER_OPEN);
    stop(&f);
}

static void test_failed_probe_opens_for_the_whole_time(void **state)
{
    struct fixture f = start_consecutive(1, 1);
    uint32_t generation;
    (void)state;
    attempt(&f, 0, false);
    assert_true(allow(&f, 12 * S, &generation));
    result(&f, 15 * S, generation, false);
    assert_int_equal(f.state->phase, BREAKER_OPEN);
    assert_false(allow(&f, 25 * S - 1, &generation));
    assert_true(allow(&f, 25 * S, &generation));
    stop(&f);
}

static void test_probes_are_limited(void **state)
{
    struct fixture f = start_consecutive(1, 3);
    uint32_t permits[3], refused;
    (void)state;
    attempt(&f, 0, false);
    for (int i = 0; i < 3; i++)
        assert_true(allow(&f, 10 * S, &permits[i]));
    assert_false(allow(&f, 10 * S, &refused));
    result(&f, 11 * S, permits[0], true);
    assert_false(allow(&f, 11 * S, &refused));
    result(&f, 12 * S, permits[1], true);
    assert_int_equal(f.state->phase, BREAKER_HALF_OPEN);
    result(&f, 13 * S, permits[2], true);
    assert_int_equal(f.state->phase, BREAKER_CLOSED);
    stop(&f);
}

/* One bad probe opens; what the other probes say later belongs to the past. */
static void test_late_probes_are_ignored(void **state)
{
    struct fixture f = start_consecutive(1, 3);
    uint32_t permits[3], next;
    (void)state;
    attempt(&f, 0, false);
    for (int i = 0; i < 3; i++)
        assert_true(allow(&f, 10 * S, &permits[i]));
    result(&f, 11 * S, permits[1], false);
    result(&f, 12 * S, permits[0], false);
    result(&f, 13 * S, permits[2], true);
    assert_int_equal(f.state->phase, BREAKER_OPEN);
    assert_int_equal(f.state->opened_ns, 11 * S);
    assert_true(allow(&f, 21 * S, &next));
    result(&f, 22 * S, permits[2], true);
    assert_int_equal(f.state->probes_good, 0);
    stop(&f);
}

/* Attempts sent while closed that fail after the trip, during the probe or after it: none of them counts. */
static void test_results_from_before_the_trip_are_ignored(void **state)
{
    struct fixture f = start_consecutive(2, 1);
    uint32_t old[4], probe, fresh;
    (void)state;
    for (int i = 0; i < 4; i++)
        assert_true(allow(&f, 0, &old[i]));
    result(&f, 1, old[0], false);
    result(&f, 2, old[1], false);
    assert_int_equal(f.state->phase, BREAKER_OPEN);
    result(&f, 3, old[2], false);
    assert_int_equal(f.state->opened_ns, 2);
    assert_true(allow(&f, 2 + 10 * S, &probe));
    result(&f, 2 + 10 * S, old[3], false);
    assert_int_equal(f.state->phase, BREAKER_HALF_OPEN);
    result(&f, 3 + 10 * S, probe, true);
    assert_true(allow(&f, 3 + 10 * S, &fresh));
    result(&f, 4 + 10 * S, old[2], false);
    result(&f, 4 + 10 * S, old[3], false);
    result(&f, 4 + 10 * S, fresh, false);
    assert_int_equal(f.state->phase, BREAKER_CLOSED);
    stop(&f);
}

static void test_unused_permits_come_back(void **state)
{
    struct fixture f = start_consecutive(1, 1);
    uint32_t permit, other;
    (void)state;
    attempt(&f, 0, false);
    assert_true(allow(&f, 10 * S, &permit));
    assert_false(allow(&f, 10 * S, &other));
    breaker_return(&f.breaker, f.state, permit);
    assert_int_equal(f.state->phase, BREAKER_HALF_OPEN);
    assert_true(allow(&f, 10 * S, &other));
    result(&f, 10 * S, other, true);
    assert_int_equal(f.state->phase, BREAKER_CLOSED);
    breaker_return(&f.breaker, f.state, permit);
    assert_int_equal(f.state->probes_out, 0);
    stop(&f);
}

/* A permit of an earlier half-open phase frees no place in the next one; old good probes are forgotten. */
static void test_half_open_starts_afresh(void **state)
{
    struct fixture f = start_consecutive(1, 2);
    uint32_t first, second, third, fourth, refused;
    (void)state;
    attempt(&f, 0, false);
    assert_true(attempt(&f, 10 * S, true));
    assert_true(allow(&f, 10 * S, &first));
    breaker_return(&f.breaker, f.state, first);
    assert_true(allow(&f, 10 * S, &second));
    result(&f, 10 * S, second, false);
    assert_true(allow(&f, 20 * S, &third));
    assert_true(allow(&f, 20 * S, &fourth));
    breaker_return(&f.breaker, f.state, first);
    assert_false(allow(&f, 20 * S, &refused));
    result(&f, 21 * S, third, true);
    assert_int_equal(f.state->phase, BREAKER_HALF_OPEN);
    result(&f, 21 * S, fourth, true);
    assert_int_equal(f.state->phase, BREAKER_CLOSED);
    stop(&f);
}

/* Nobody asked for a long time: still open until somebody does, then half-open. */
static void test_timer_is_lazy(void **state)
{
    struct fixture f = start_consecutive(1, 1);
    uint32_t permit;
    (void)state;
    attempt(&f, 0, false);
    assert_int_equal(f.state->phase, BREAKER_OPEN);
    assert_true(allow(&f, 1000 * S, &permit));
    assert_int_equal(f.state->phase, BREAKER_HALF_OPEN);
    stop(&f);
}

/* ---- count-window ---- */

static struct fixture start_window(int64_t window, int64_t min_calls, double ratio)
{
    return start(&breaker_count_window, &(struct breaker_count_window){window, min_calls, ratio}, 1);
}

/* The number of the result that trips, of a pattern of 'x' failed and '.' good; 0: none. */
static int trips_at(struct fixture f, const char *pattern)
{
    int trip = 0;
    for (int i = 0; pattern[i] && !trip; i++) {
        assert_true(attempt(&f, 0, pattern[i] == '.'));
        trip = f.state->phase == BREAKER_OPEN ? i + 1 : 0;
    }
    stop(&f);
    return trip;
}

static void test_window_trips(void **state)
{
    (void)state;
    assert_int_equal(trips_at(start_window(4, INT64_MAX, 0.5), "xx.."), 4);
    assert_int_equal(trips_at(start_window(4, INT64_MAX, 0.5), "x...x....x...x..."), 0);
    assert_int_equal(trips_at(start_window(4, INT64_MAX, 0.5), "......x.x"), 9);
    assert_int_equal(trips_at(start_window(4, 1, 0.5), "x"), 1);
    assert_int_equal(trips_at(start_window(4, 2, 1), "x.xxxx"), 6);
    assert_int_equal(trips_at(start_window(1, 1, 1), "..x"), 3);
    assert_int_equal(trips_at(start_window(3, INT64_MAX, 1e-9), "......x"), 7);
}

/* 7 failures of 100 are 7 %, 6 are not; also across the words of the ring and after it wrapped. */
static void test_window_is_exact_at_the_ratio(void **state)
{
    char pattern[304];
    (void)state;
    for (int failures = 6; failures <= 7; failures++) {
        memset(pattern, '.', 300);
        pattern[300] = 0;
        for (int i = 0; i < failures; i++)
            pattern[210 + i * 13] = 'x';
        assert_int_equal(trips_at(start_window(100, INT64_MAX, 0.07), pattern), failures == 7 ? 289 : 0);
    }
}

static void test_window_forgets_on_closing(void **state)
{
    struct fixture f = start_window(4, INT64_MAX, 0.5);
    (void)state;
    for (int i = 0; i < 4; i++)
        attempt(&f, 0, false);
    assert_true(attempt(&f, 10 * S, true));
    for (int i = 0; i < 3; i++)
        assert_true(attempt(&f, 10 * S, false));
    assert_int_equal(f.state->phase, BREAKER_CLOSED);
    attempt(&f, 10 * S, false);
    assert_int_equal(f.state->phase, BREAKER_OPEN);
    stop(&f);
}

/* The ring against a plain recount of the last results. */
static void test_window_matches_a_recount(void **state)
{
    enum { WINDOW = 130, CALLS = 5000 };
    static bool bad[CALLS];
    struct fixture f = start_window(WINDOW, INT64_MAX, 0.5);
    struct stream stream = stream_at(4, 0, 0);
    (void)state;
    for (int i = 0; i < CALLS; i++) {
        int failures = 0;
        bad[i] = stream_uniform(&stream) < 0.35 + 0.02 * sin(i / 300.0);
        for (int k = i; k >= 0 && k > i - WINDOW; k--)
            failures += bad[k];
        assert_true(attempt(&f, 0, !bad[i]));
        bool expected = i + 1 >= WINDOW && failures * 2 >= WINDOW;
        assert_int_equal(f.state->phase == BREAKER_OPEN, expected);
        if (expected)
            break;
    }
    stop(&f);
}

/* ---- results needed to trip, against renewal theory and an absorbing chain ---- */

static void check_mean_to_open(const struct breaker_row *row, const void *parameters, double p, double mean,
                               double variance)
{
    enum { RUNS = 40000 };
    double sum = 0;
    for (uint64_t run = 0; run < RUNS; run++) {
        struct fixture f = start(row, parameters, 1);
        struct stream stream = stream_at(stream_key(6, 0, "breaker", row->row.name), run, 0);
        while (f.state->phase == BREAKER_CLOSED) {
            double u = stream_uniform(&stream);
            attempt(&f, 0, u >= p);
            sum += 1.0 / RUNS;
        }
        stop(&f);
    }
    if (!(fabs(sum - mean) <= 5 * sqrt(variance / RUNS)))
        fail_msg("%s: %.6g results to open, expected %.6g", row->row.name, sum, mean);
}

static void test_results_to_open(void **state)
{
    (void)state;
    check_mean_to_open(&breaker_consecutive, &(struct breaker_consecutive){5}, 0.5, 62, 3390);
    check_mean_to_open(&breaker_count_window, &(struct breaker_count_window){10, 10, 0.5}, 0.3, 34.8016146448,
                       28.6188747202 * 28.6188747202);
}

/* ---- every row ---- */

struct pinned {
    const char *name;
    const void *parameters;
    int sent; /* of 1000 attempts 0.1 s apart, all failing, open for 10 s */
};

static const struct pinned pins[] = {
    {"none", NULL, 1000},
    {"consecutive", &(const struct breaker_consecutive){5}, 14},
    {"count-window", &(const struct breaker_count_window){20, 10, 0.5}, 19},
    {0},
};

static void test_every_breaker(void **state)
{
    (void)state;
    for (size_t i = 0; breaker_table.rows[i]; i++) {
        const struct breaker_row *row = (const struct breaker_row *)breaker_table.rows[i];
        const struct pinned *pin = pins;
        while (pin->name && strcmp(pin->name, row->row.name) != 0)
            pin++;
        if (!pin->name)
            fail_msg("'%s' has no pinned number here: add one", row->row.name);
        assert_true(row->row.summary && row->state_size && row->row.size <= CHOICE_BYTES);
        assert_true(!row->trips == !row->reset);
        struct fixture f = start(row, pin->parameters, 1);
        int sent = 0;
        for (int k = 0; k < 1000; k++)
            sent += attempt(&f, k * (S / 10), false);
        stop(&f);
        if (sent != pin->sent)
            fail_msg("%s sends %d, pinned is %d", pin->name, sent, pin->sent);
    }
}

static void test_contradictions_are_refused(void **state)
{
    (void)state;
    assert_non_null(breaker_count_window.row.prepare(&(struct breaker_count_window){10, 11, 0.5}));
    assert_null(breaker_count_window.row.prepare(&(struct breaker_count_window){10, 10, 0.5}));
    assert_null(breaker_count_window.row.prepare(&(struct breaker_count_window){10, INT64_MAX, 0.5}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cycle),
        cmocka_unit_test(test_success_ends_the_run),
        cmocka_unit_test(test_closing_forgets),
        cmocka_unit_test(test_failed_probe_opens_for_the_whole_time),
        cmocka_unit_test(test_probes_are_limited),
        cmocka_unit_test(test_late_probes_are_ignored),
        cmocka_unit_test(test_results_from_before_the_trip_are_ignored),
        cmocka_unit_test(test_unused_permits_come_back),
        cmocka_unit_test(test_half_open_starts_afresh),
        cmocka_unit_test(test_timer_is_lazy),
        cmocka_unit_test(test_window_trips),
        cmocka_unit_test(test_window_is_exact_at_the_ratio),
        cmocka_unit_test(test_window_forgets_on_closing),
        cmocka_unit_test(test_window_matches_a_recount),
        cmocka_unit_test(test_results_to_open),
        cmocka_unit_test(test_every_breaker),
        cmocka_unit_test(test_contradictions_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
