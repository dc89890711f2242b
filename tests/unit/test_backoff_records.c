/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scenario may write under `backoff:` and `jitter:`, what it means, and what is refused with which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backoff_case.h"
#include "policy/backoff/rows.h"
#include "policy/jitter/rows.h"

static struct backoff decoded(const char *text)
{
    struct arena arena = {0};
    struct backoff backoff = backoff_case(text, &arena);
    arena_free(&arena);
    return backoff;
}

static void test_defaults(void **state)
{
    (void)state;
    struct backoff b = decoded("none");
    assert_ptr_equal(b.shape.row, &shape_none.row);
    assert_ptr_equal(b.jitter.choice.row, &jitter_none.row);
    assert_true(b.cap_ns == INT64_MAX && b.max_wait_ns == INT64_MAX && b.round_to_ns == INT64_MAX);
    assert_true(b.min_wait_ns == 0 && b.first == FIRST_USUAL && b.at_cap == AT_CAP_CLAMP &&
                b.rounding == ROUNDING_DOWN);
}

static void test_short_forms(void **state)
{
    (void)state;
    struct backoff b = decoded("1s");
    assert_ptr_equal(b.shape.row, &shape_fixed.row);
    assert_int_equal(backoff_case_wait(&b, 9), S);
    b = decoded("{shape: exponential, base: 100ms, jitter: full}");
    assert_ptr_equal(b.jitter.choice.row, &jitter_full.row);
}

static void test_keys(void **state)
{
    (void)state;
    struct backoff b =
        decoded("{shape: exponential, base: 100ms, first: exact, cap: 10s, at_cap: redraw, max_wait: 15s, "
                "min_wait: 1ms, round_to: 2ms, rounding: nearest, jitter: {kind: proportional, ratio: "
                "10%}}");
    assert_true(b.cap_ns == 10 * S && b.max_wait_ns == 15 * S && b.min_wait_ns == MS && b.round_to_ns == 2 * MS);
    assert_true(b.first == FIRST_EXACT && b.at_cap == AT_CAP_REDRAW && b.rounding == ROUNDING_NEAREST);
    const struct jitter_proportional *p = (const void *)b.jitter.choice.parameters;
    assert_true(p->ratio == 0.1 && p->side == PROPORTIONAL_AROUND && p->step == 0);
}

static void test_table_of_delays(void **state)
{
    (void)state;
    assert_int_equal(backoff_case_wait_of("{shape: table, delays: [1s, 2s, 5s]}", 2), 2 * S);
    assert_int_equal(backoff_case_wait_of("{shape: table, delays: [1s, 2s, 5s]}", 8), 5 * S);
}

static const struct refusal {
    const char *text, *words;
} refusals[] = {
    {"exponentail", "exponential"},
    {"{shape: exponential}", "base"},
    {"{jitter: full}", "shape"},
    {"{shape: exponential, base: 0s}", "base"},
    {"{shape: exponential, base: 1s, multiplier: 0.5}", "multiplier"},
    {"{shape: exponential, base: 1s, cut_to: 2s}", "cut_to is longer than the base"},
    {"{shape: exponential, base: 1s, cut_to: 1ms, multiplier: 1.001}", "at least 1.01"},
    {"{shape: exponential-less-1}", "base"},
    {"{shape: slots, most: 61}", "most"},
    {"{shape: table, delays: []}", "at least one wait"},
    {"{shape: none, jitter: decorrelated}", "shape's base"},
    {"{shape: fixed, base: 0s, jitter: compound}", "shape's base"},
    {"{shape: none, jitter: polly-v2}", "shape's base"},
    {"{shape: fixed, base: 1s, jitter: {kind: proportional, ratio: 110%}}", "side: added"},
    {"{shape: fixed, base: 1s, jitter: {kind: proportional, ratio: 15%, step: 4%}}", "multiple of step"},
    {"{shape: fixed, base: 1s, jitter: {kind: factor, low: 2, high: 1}}", "low is greater than high"},
    {"{shape: fixed, base: 1s, jitter: {kind: factor, low: -1, high: 1}}", "low"},
    {"{shape: fixed, base: 1s, jitter: {kind: sorted, low: 3}}", "low is greater than high"},
    {"{shape: fixed, base: 1s, jiter: full}", "jitter"},
    {"{shape: fixed, base: 1s, first: exatc}", "exact"},
    {"{shape: fixed, base: 1s, at_cap: stop}", "there is no cap"},
    {"{shape: fixed, base: 1s, rounding: nearest}", "round_to: 1ms"},
    {"{shape: fixed, base: 1s, round_to: 0s}", "round_to"},
    {"{shape: fixed, base: 1s, min_wait: 2s, max_wait: 1s}", "min_wait is longer than max_wait"},
    {"{shape: fixed, base: 1s, cap_when: after}", "cap_when"},
    {"{script: scenarios/full-jitter.lua, jitter: full}", "leave out jitter"},
    {"{script: scenarios/full-jitter.lua, first: zero}", "leave out jitter"},
    {"{script: scenarios/full-jitter.lua, cap: 1s, at_cap: stop}", "leave out jitter"},
};

static void test_refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct arena arena = {0};
        struct backoff b;
        char *errors = backoff_case_decode(&backoff_record, refusals[i].text, &b, &arena);
        if (!errors || !strstr(errors, refusals[i].words) || !strstr(errors, "t.yaml:1:"))
            fail_msg("%s: %s", refusals[i].text, errors ? errors : "accepted");
        free(errors);
        arena_free(&arena);
    }
}

static void test_what_a_schedule_allows(void **state)
{
    (void)state;
    struct backoff sorted = decoded("{shape: fixed, base: 1s, jitter: sorted}"), full = decoded("1s");
    assert_true(backoff_allows(&sorted, 1000));
    assert_false(backoff_allows(&sorted, 1001));
    assert_false(backoff_allows(&sorted, INT64_MAX));
    assert_true(backoff_allows(&full, INT64_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults), cmocka_unit_test(test_short_forms),
        cmocka_unit_test(test_keys),     cmocka_unit_test(test_table_of_delays),
        cmocka_unit_test(test_refusals), cmocka_unit_test(test_what_a_schedule_allows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
