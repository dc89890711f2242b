/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every row of both tables, found by itself: texts, one pinned number, ranges, determinism, cost. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backoff_case.h"

struct pinned {
    const char *name;
    const char *parameters; /* as in a scenario */
    double expected_ns;
};

/* d(7). */
static const struct pinned pinned_shapes[] = {
    {"none", "", 0},
    {"fixed", ", base: 100ms", 100e6},
    {"linear", ", base: 100ms", 700e6},
    {"incremental", ", start: 100ms, increment: 30ms", 280e6},
    {"exponential", ", base: 100ms, multiplier: 1.5", 1139062500},
    {"exponential-less-1", ", base: 100ms", 12700e6},
    {"fibonacci", ", base: 100ms", 1300e6},
    {"slots", "", 6553600},
    {"table", ", delays: [5s, 1s, 7s]", 7e9},
    {"script", ", script: scenarios/full-jitter.lua", 0}, /* last: a pipeline of its own */
    {0},
};

/* The third wait of request 1 with seed 42, shape exponential, base 100 ms, cap 10 s. */
static const struct pinned pinned_jitters[] = {
    {"none", "", 400000000},
    {"full", "", 399662399},
    {"equal", "", 399831200},
    {"proportional", ", ratio: 10%", 439932480},
    {"additive", ", amount: 50ms", 449957800},
    {"range", ", low: 50ms", 399704600},
    {"factor", ", low: 0.5, high: 3, add: 1s", 1931129969},
    {"exponential", "", 1569029585},
    {"decorrelated", "", 866188701},
    {"compound", "", 481163930},
    {"finagle-equal", "", 399831200},
    {"polly-v2", "", 355876509},
    {"sorted", "", 542741835},
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
    assert_true(row->formula && row->formula[0]);
    assert_true(!row->fields == (row->size == 0));
    for (const struct field *field = row->fields; field && field->name; field++)
        assert_true(field->help && field->help[0]);
}

/* ---- shapes ---- */

static struct backoff shape_case(const struct row *row, struct arena *arena)
{
    const char *parameters = find_pinned(pinned_shapes, row)->parameters;
    return backoff_case(arena_printf(arena, "{shape: %s%s}", row->name, parameters), arena);
}

static void check_shape(const struct backoff *backoff)
{
    static const uint32_t retries[] = {1, 2, 3, 10, 64, 65, 1000, 1000000, UINT32_MAX};
    assert_true(backoff_base_ns(backoff) >= 0);
    for (size_t r = 0; r < sizeof retries / sizeof *retries; r++) {
        double delay_ns = backoff_delay_ns(backoff, retries[r]);
        assert_true(delay_ns >= 0 && delay_ns <= SHAPE_HUGE_NS);
        assert_true(delay_ns == backoff_delay_ns(backoff, retries[r]));
    }
}

static void test_every_shape(void **state)
{
    (void)state;
    for (size_t i = 0; shape_table.rows[i]; i++) {
        struct arena arena = {0};
        struct backoff backoff = shape_case(shape_table.rows[i], &arena);
        double expected_ns = find_pinned(pinned_shapes, shape_table.rows[i])->expected_ns;
        check_texts(shape_table.rows[i]);
        check_shape(&backoff);
        if (backoff_delay_ns(&backoff, 7) != expected_ns)
            fail_msg("%s: d(7) is %.17g", shape_table.rows[i]->name, backoff_delay_ns(&backoff, 7));
        arena_free(&arena);
    }
}

/* No shape may loop to the number of the retry: 1e5 calls at the greatest would take hours. */
static void test_shapes_are_cheap(void **state)
{
    (void)state;
    for (size_t i = 0; shape_table.rows[i]; i++) {
        struct arena arena = {0};
        struct backoff backoff = shape_case(shape_table.rows[i], &arena);
        double sum = 0;
        for (uint32_t k = 0; k < 100000; k++)
            sum += backoff_delay_ns(&backoff, UINT32_MAX - k);
        assert_true(isfinite(sum));
        arena_free(&arena);
    }
}

/* ---- jitters ---- */

static void test_every_jitter(void **state)
{
    (void)state;
    for (size_t i = 0; jitter_table.rows[i]; i++) {
        const struct pinned *pin = find_pinned(pinned_jitters, jitter_table.rows[i]);
        struct arena arena = {0};
        struct backoff backoff =
            backoff_case(arena_printf(&arena, "{shape: exponential, base: 100ms, cap: 10s, jitter: {kind: %s%s}}",
                                      pin->name, pin->parameters),
                         &arena);
        struct backoff_request request = backoff_request(&backoff, 42, 1);
        int64_t wait_ns = 0;
        request.retries = 8;
        check_texts(jitter_table.rows[i]);
        for (int n = 0; n < 3; n++)
            wait_ns = backoff_request_wait(&request);
        if (fabs((double)wait_ns - pin->expected_ns) > 1)
            fail_msg("%s: the known draw gives %lld ns, pinned is %.0f", pin->name, (long long)wait_ns,
                     pin->expected_ns);
        arena_free(&arena);
    }
}

/* ---- any pipeline ---- */

/* A backoff of rows and keys by chance; what does not fit together is refused, which decides for another. */
static char *random_backoff(struct stream *stream, struct arena *arena)
{
    static const char *const firsts[] = {"usual", "zero", "extra-zero", "exact"};
    static const char *const caps[] = {"",
                                       ", cap: 700ms",
                                       ", cap: 700ms, at_cap: exact",
                                       ", cap: 700ms, at_cap: redraw",
                                       ", cap: 700ms, at_cap: stop",
                                       ", cap: 50ms"};
    static const char *const limits[] = {"", ", max_wait: 900ms", ", min_wait: 30ms",
                                         ", max_wait: 60ms, min_wait: 20ms"};
    static const char *const steps[] = {"", ", round_to: 1ms", ", round_to: 7ms, rounding: nearest",
                                        ", round_to: 10ms, rounding: inclusive"};
#define CHANCE(array) array[stream_next(stream) % (sizeof(array) / sizeof *(array))]
    const struct pinned *shape = &pinned_shapes[stream_next(stream) % (sizeof pinned_shapes / sizeof *shape - 2)];
    const struct pinned *jitter = &pinned_jitters[stream_next(stream) % (sizeof pinned_jitters / sizeof *jitter - 1)];
    const char *first = CHANCE(firsts), *cap = CHANCE(caps), *limit = CHANCE(limits), *step = CHANCE(steps);
    return arena_printf(arena, "{shape: %s%s, first: %s%s, jitter: {kind: %s%s}%s%s}", shape->name, shape->parameters,
                        first, cap, jitter->name, jitter->parameters, limit, step);
}

enum { RETRIES = 7 };

static void check_request(const char *text, const struct backoff *backoff, uint64_t number)
{
    struct backoff_request request = backoff_request(backoff, 8, number), again = request;
    struct backoff_range range = {0};
    request.retries = again.retries = RETRIES;
    for (uint32_t n = 1; n <= RETRIES; n++) {
        int64_t wait_ns = backoff_request_wait(&request);
        backoff_next_range(backoff, n, RETRIES, &range);
        if (!((double)wait_ns >= range.low_ns && (double)wait_ns <= range.high_ns))
            fail_msg("%s: wait %u of %lld ns is not in %.0f..%.0f", text, n, (long long)wait_ns, range.low_ns,
                     range.high_ns);
        assert_true((wait_ns >= 0 && wait_ns <= BACKOFF_LONGEST_NS) || wait_ns == BACKOFF_GIVE_UP);
        assert_true(wait_ns == backoff_request_wait(&again) && request.chain_ns == again.chain_ns);
        if (wait_ns == BACKOFF_GIVE_UP || backoff_is_last(backoff, n))
            break;
    }
}

/* Waits keep to the range that is known before anything is drawn, and depend on nothing but their names. */
static void test_any_pipeline(void **state)
{
    struct stream stream = stream_at(7, 0, 0);
    size_t good = 0;
    (void)state;
    for (int model = 0; model < 3000; model++) {
        struct arena arena = {0};
        struct backoff backoff;
        char *text = random_backoff(&stream, &arena);
        char *errors = backoff_case_decode(&backoff_record, text, &backoff, &arena);
        for (uint64_t number = 0; number < 30 && !errors; number++)
            check_request(text, &backoff, number);
        good += !errors;
        free(errors);
        arena_free(&arena);
    }
    assert_true(good > 2500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_shape),
        cmocka_unit_test(test_shapes_are_cheap),
        cmocka_unit_test(test_every_jitter),
        cmocka_unit_test(test_any_pipeline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
