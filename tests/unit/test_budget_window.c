/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Retry budgets over a window of time or over what is under way, and what holds for every budget. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "budget_case.h"

#define FINAGLE(...)                                                                                            \
    P(budget_window, .ratio = 0.2, .ttl_ns = 10 * S, .slices = 10, .min_rate_per_s = 10, .per_request = INFINITY, \
      __VA_ARGS__)
#define FREE_WINDOW(share, length, ...) \
    P(budget_window, .ratio = share, .ttl_ns = length, .slices = 10, .per_request = INFINITY, __VA_ARGS__)

static void requests(struct budget_case *c, int count)
{
    for (int i = 0; i < count; i++)
        budget_request(c);
}

static void test_rolling_sums(void **state)
{
    (void)state;
    struct rolling_shape shape = {10, 3, 2};
    int64_t memory[10] = {0};
    assert_int_equal(rolling_size(&shape), 10 * sizeof(int64_t));
    for (int64_t now = 0; now < 35; now += 5) {
        rolling_move(&shape, memory, now);
        rolling_add(&shape, memory, 0, 1);
        rolling_add(&shape, memory, 1, now);
    }
    /* Two in each of [10, 20), [20, 30), one in [30, 40). */
    assert_int_equal(rolling_sums(memory)[0], 5);
    assert_int_equal(rolling_sums(memory)[1], 10 + 15 + 20 + 25 + 30);
    assert_int_equal(rolling_slice(&shape, memory, 0)[0], 1);
    assert_int_equal(rolling_slice(&shape, memory, 1)[1], 45);
    assert_int_equal(rolling_slice(&shape, memory, 2)[1], 25);
    rolling_move(&shape, memory, 59);
    assert_int_equal(rolling_sums(memory)[0], 1);
    rolling_move(&shape, memory, 60);
    assert_int_equal(rolling_sums(memory)[0], 0);
    rolling_move(&shape, memory, INT64_C(1) << 60);
    assert_int_equal(rolling_sums(memory)[1], 0);
}

/* ---- window: Finagle, Linkerd, tower, SRE ---- */

/* No deposits: exactly 100 retries in a window, the 101st is refused; with D deposits floor(100 + 0.2 D). */
static void test_finagle_window(void **state)
{
    (void)state;
    for (int deposits = 0; deposits < 400; deposits += 7) {
        struct budget_case c;
        budget_start(&c, &budget_window, FINAGLE(.earns = EARNS_REQUEST));
        requests(&c, deposits);
        assert_int_equal(budget_retries_until_denied(&c), 100 + deposits / 5);
        assert_false(budget_fail(&c));
    }
}

/* Withdrawals and deposits leave the window when the slice they are in is ten slices old: at 10 s, not before. */
static void test_finagle_window_forgets(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_window, FINAGLE(.earns = EARNS_REQUEST));
    c.now_ns = 500 * MS;
    assert_int_equal(budget_retries_until_denied(&c), 100);
    c.now_ns = 10 * S - 1;
    assert_false(budget_fail(&c));
    c.now_ns = 10 * S;
    assert_int_equal(budget_retries_until_denied(&c), 100);
    c.now_ns = 25 * S;
    requests(&c, 1000);
    c.now_ns = 35 * S - 1;
    assert_int_equal(budget_retries_until_denied(&c), 300);
    c.now_ns = 36 * S;
    assert_false(budget_fail(&c));
}

/* A total outage of an hour at 100 requests a second: 20 % of the requests and 10 a second. */
static void test_finagle_in_a_total_outage(void **state)
{
    (void)state;
    struct budget_case c;
    int granted = 0;
    budget_start(&c, &budget_window, FINAGLE(.earns = EARNS_REQUEST));
    for (int i = 0; i < 360000; i++) {
        c.now_ns = i * 10 * MS;
        budget_request(&c);
        while (budget_fail(&c))
            granted++;
    }
    /* 30 a second in the long run; in each window of nine closed slices and the open one 9 to 10 s of them. */
    assert_in_range(granted, 3600 * 30, 3600 * 30 * 10 / 9 + 100);
}

static void test_window_earns(void **state)
{
    static const int after[3][3] = {{10, 10, 10}, {0, 10, 10}, {0, 10, 20}};
    (void)state;
    for (int earns = EARNS_REQUEST; earns <= EARNS_FINAL; earns++) {
        struct budget_case c;
        budget_start(&c, &budget_window, FREE_WINDOW(1, 10 * S, .earns = earns));
        for (int i = 0; i < 10; i++) {
            budget_request(&c);
            budget_failure(&c, FAILURE_TIMEOUT, true);
        }
        struct budget_case requested = c;
        assert_int_equal(budget_retries_until_denied(&requested), after[earns][0]);
        for (int i = 0; i < 10; i++)
            budget_success(&c, 2, FAILURE_TIMEOUT);
        struct budget_case succeeded = c;
        assert_int_equal(budget_retries_until_denied(&succeeded), after[earns][1]);
        for (int i = 0; i < 10; i++)
            budget_failure(&c, FAILURE_CLIENT_ERROR, false);
        assert_int_equal(budget_retries_until_denied(&c), after[earns][2]);
    }
}

/* ceil(20 % of the balance) at the start: 20 on a fresh budget, less as it is used up, 0 on an empty one. */
static void test_finagle_requeue_limit(void **state)
{
    (void)state;
    struct budget_case c;
    struct budget_event event = {.now_ns = 0};
    budget_start(&c, &budget_window,
                 P(budget_window, .ratio = 0.2, .ttl_ns = 10 * S, .slices = 10, .min_rate_per_s = 10,
                   .earns = EARNS_SUCCESS, .per_request = 0.2));
    assert_true(budget_window.limits_requests(c.choice.parameters));
    for (int used = 0; used <= 100; used++) {
        uint32_t limit = budget_window.request_limit(c.choice.parameters, c.state, &event);
        assert_int_equal(limit, (100 - used + 4) / 5);
        assert_int_equal(budget_fail(&c), used < 100);
    }
    budget_start(&c, &budget_window, FINAGLE(.earns = EARNS_SUCCESS));
    assert_false(budget_window.limits_requests(c.choice.parameters));
}

/* The retry is allowed while retries / requests < 10 %: the first at once, the next when there were 11 requests. */
static void test_sre_ratio(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_window, FREE_WINDOW(0.1, 120 * S, .needs = NEEDS_SOME));
    int granted_at[3], granted = 0;
    for (int request = 1; granted < 3; request++) {
        budget_request(&c);
        if (budget_fail(&c))
            granted_at[granted++] = request;
    }
    assert_int_equal(granted_at[0], 1);
    assert_int_equal(granted_at[1], 11);
    assert_int_equal(granted_at[2], 21);
}

/* ---- inflight: Envoy, failsafe-go ---- */

#define ENVOY P(budget_inflight, .ratio = 0.2, .min = 3)

static void hear(struct budget_case *c, void (*what)(const void *, void *, const struct budget_event *), bool sent)
{
    what(c->choice.parameters, c->state, &(struct budget_event){.now_ns = c->now_ns, .sent = sent});
}

static void send_retry(struct budget_case *c) { hear(c, c->row->on_retry_sent, false); }
static void end_retry(struct budget_case *c, bool sent) { hear(c, c->row->on_retry_end, sent); }

/* Retries whose waits are over at once, with `active` requests under way. */
static int at_the_same_time(struct budget_case *c, int active)
{
    int granted = 0;
    requests(c, active);
    while (granted < 1000 && budget_fail(c)) {
        send_retry(c);
        granted++;
    }
    return granted;
}

static void test_envoy_budget_limits(void **state)
{
    static const int active[] = {0, 10, 15, 16, 19, 20, 25, 100}, limit[] = {3, 3, 3, 3, 3, 4, 5, 20};
    (void)state;
    for (size_t i = 0; i < sizeof active / sizeof *active; i++) {
        struct budget_case c;
        budget_start(&c, &budget_inflight, ENVOY);
        assert_int_equal(at_the_same_time(&c, active[i]), limit[i]);
        budget_start(&c, &budget_inflight, P(budget_inflight, .ratio = 0, .min = 3));
        assert_int_equal(at_the_same_time(&c, active[i]), 3);
    }
}

/* Exactly floor(ratio x base), whatever binary fractions say: 0.29 x 100 is 28.999999999999996 as a double. */
static void test_inflight_share_is_exact(void **state)
{
    static const double ratios[] = {0.29, 0.57, 0.07, 0.1, 0.3};
    (void)state;
    for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++)
        for (int base = 10; base <= 200; base += 10) {
            struct budget_case c;
            budget_start(&c, &budget_inflight, P(budget_inflight, .ratio = ratios[i]));
            assert_int_equal(at_the_same_time(&c, base), (int)lround(ratios[i] * 100) * base / 100);
        }
}

/* Denied if 3 or more are under way and they are more than 20 % of the executions. */
static void test_failsafe_go_budget(void **state)
{
    (void)state;
    for (int executions = 0; executions <= 100; executions++) {
        struct budget_case c;
        budget_start(&c, &budget_inflight, P(budget_inflight, .ratio = 0.2, .min = 3, .base = BASE_REQUESTS,
                                             .compare = INFLIGHT_AT_MOST));
        int most = executions / 5 + 1;
        assert_int_equal(at_the_same_time(&c, executions), most > 3 ? most : 3);
    }
}

static void test_inflight_gets_back_what_ended(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_inflight, ENVOY);
    assert_int_equal(at_the_same_time(&c, 10), 3);
    end_retry(&c, true);
    assert_true(budget_fail(&c));
    assert_false(budget_fail(&c));
    end_retry(&c, false);
    assert_true(budget_fail(&c));
}

/* ---- per-minute ---- */

#define PER_MINUTE P(budget_per_minute, .ratio = 0.1, .window_ns = 60 * S, .slices = 60)

/* 100 requests a second that all succeed for a minute: 600 retries; if only half of the attempts do, 300. */
static void test_per_minute(void **state)
{
    (void)state;
    for (int half = 0; half < 2; half++) {
        struct budget_case c;
        budget_start(&c, &budget_per_minute, PER_MINUTE);
        for (int i = 0; i < 6000; i++) {
            c.now_ns = i * 10 * MS;
            budget_request(&c);
            if (half && i % 2)
                budget_failure(&c, FAILURE_CLIENT_ERROR, false);
            else
                budget_success(&c, 1, FAILURE_TIMEOUT);
        }
        int granted = 0;
        while (budget_retry(&c, FAILURE_TIMEOUT))
            granted++;
        assert_int_equal(granted, half ? 300 : 600);
    }
}

/* The limit follows success down to 0 within a minute of outage, and in a process that starts into one it is gone
 * with the first failure. */
static void test_pitfall_per_minute_vanishes_in_an_outage(void **state)
{
    (void)state;
    struct budget_case c;
    int granted = 0;
    budget_start(&c, &budget_per_minute, PER_MINUTE);
    for (int i = 0; i < 6000; i++) {
        c.now_ns = i * 10 * MS;
        budget_request(&c);
        budget_success(&c, 1, FAILURE_TIMEOUT);
    }
    for (int i = 6000; i < 18000; i++) {
        c.now_ns = i * 10 * MS;
        budget_request(&c);
        bool retried = budget_fail(&c);
        granted += i >= 12000 && retried;
    }
    assert_int_equal(granted, 0);
    budget_start(&c, &budget_per_minute, PER_MINUTE);
    requests(&c, 1000);
    assert_false(budget_fail(&c));
}

/* ---- pitfalls ---- */

/* Envoy's slot is taken from the decision on: three retries that wait for ten minutes block all others, although
 * nothing of them is under way. */
static void test_pitfall_envoy_holds_its_slot_while_waiting(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_inflight, ENVOY);
    requests(&c, 18);
    assert_true(budget_fail(&c) && budget_fail(&c) && budget_fail(&c));
    c.now_ns = 600 * S;
    assert_false(budget_fail(&c));
    /* With three waiting 15 of 18 are active, so the share is 3; when they are sent it is not more. */
    for (int i = 0; i < 3; i++)
        send_retry(&c);
    assert_false(budget_fail(&c));
    end_retry(&c, true);
    assert_true(budget_fail(&c));
}

/* failsafe-go charges after the wait: whoever asks `when: after` holds nothing before. Envoy's base cannot. */
static void test_pitfall_when_it_is_charged(void **state)
{
    (void)state;
    struct budget_inflight envoy = {.ratio = 0.2, .min = 3}, failsafe = {.ratio = 0.2, .base = BASE_REQUESTS};
    assert_non_null(budget_inflight.after_wait(&envoy));
    assert_null(budget_inflight.after_wait(&failsafe));
    for (size_t i = 0; budget_table.rows[i]; i++) {
        const struct budget_row *row = (const struct budget_row *)budget_table.rows[i];
        assert_true(!row->after_wait || row == &budget_inflight);
    }
}

/* In a total outage a window that earns at the start of requests goes on at 20 % + 10/s; those that earn by success or
 * by final outcomes (Finagle's requeues, Linkerd) at 10/s. */
static void test_pitfall_what_refills_a_window_in_an_outage(void **state)
{
    static const int granted_in_10_s[] = {10 * 20 + 100, 100, 100};
    (void)state;
    for (int earns = EARNS_REQUEST; earns <= EARNS_FINAL; earns++) {
        struct budget_case c;
        budget_start(&c, &budget_window, FINAGLE(.earns = earns));
        int granted = 0;
        for (int i = 0; i < 1000; i++) {
            c.now_ns = i * 10 * MS;
            budget_request(&c);
            while (budget_fail(&c))
                granted++;
        }
        assert_int_equal(granted, granted_in_10_s[earns]);
    }
}

/* tower pays floor(1 / ratio) for a retry: 30 % is a third, 40 % a half, 70 % everything. */
static void test_pitfall_tower_rounds_the_ratio(void **state)
{
    static const double ratios[] = {0.1, 0.2, 0.3, 0.4, 0.7, 1, 2, 3};
    static const int exact[] = {100, 200, 300, 400, 700, 1000, 2000, 3000};
    static const int rounded[] = {100, 200, 333, 500, 1000, 1000, 2000, 3003};
    (void)state;
    for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++) {
        struct budget_case c;
        budget_start(&c, &budget_window, FREE_WINDOW(ratios[i], 10 * S, .rounding = ROUNDING_EXACT));
        requests(&c, 1000);
        assert_int_equal(budget_retries_until_denied(&c), exact[i]);
        budget_start(&c, &budget_window, FREE_WINDOW(ratios[i], 10 * S, .rounding = ROUNDING_FLOOR));
        requests(&c, 1000);
        assert_int_equal(budget_retries_until_denied(&c), rounded[i]);
    }
}

/* The reserve is not earned by anybody, so it is there for every process: 10,000 of them may send 100,000/s. */
static void test_pitfall_the_reserve_is_per_process(void **state)
{
    (void)state;
    int granted = 0;
    for (int process = 0; process < 100; process++) {
        struct budget_case c;
        budget_start(&c, &budget_window, FINAGLE(.earns = EARNS_SUCCESS));
        granted += budget_retries_until_denied(&c);
    }
    assert_int_equal(granted, 100 * 100);
}

/* ---- undo ---- */

static void test_undo_gives_back_exactly(void **state)
{
    (void)state;
    struct {
        const struct budget_row *row;
        const void *parameters;
    } cases[] = {
        {&budget_window, FINAGLE(.earns = EARNS_REQUEST)},
        {&budget_inflight, ENVOY},
        {&budget_per_minute, PER_MINUTE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct budget_case c;
        budget_start(&c, cases[i].row, cases[i].parameters);
        c.now_ns = 3 * S;
        requests(&c, 100);
        budget_success(&c, 1, FAILURE_TIMEOUT);
        assert_true(budget_retry(&c, FAILURE_TIMEOUT));
        struct budget_case before = c;
        assert_true(budget_retry(&c, FAILURE_TIMEOUT));
        assert_memory_not_equal(c.state, before.state, sizeof c.state);
        budget_undo(&c, FAILURE_TIMEOUT);
        assert_memory_equal(c.state, before.state, sizeof c.state);
    }
}

/* ---- every row ---- */

struct pinned {
    const char *name;
    const void *parameters;
    int granted;          /* of 1000 retries asked for after 100 good requests at 1 s each */
    size_t state_size;
};

static const struct pinned pins[] = {
    {"none", NULL, 1000, 0},
    {"ratio", P(budget_ratio, .ratio = 0.1, .reserve = 5, .max = 100, .min_rate_per_s = 0.5), 65, 24},
    {"ratio", P(budget_ratio, .ratio = 0.1, .reserve = 5, .max = 100), 15, 8},
    {"window", FREE_WINDOW(0.5, 10 * S, .min_rate_per_s = 1), 15, 104},
    {"bucket", P(budget_bucket, .size = 500, .start = 10, .cost = 5, .needs = INFINITY, .refill_per_s = 0.7,
                 .refund_success = 1, .refund_retry = REFUND_LAST_COST), 36, 24},
    {"bucket", P(budget_bucket, .size = 500, .start = 10, .cost = 5, .needs = INFINITY), 2, 8},
    {"throttle", P(budget_throttle, 100, 0.1), 49, 8},
    {"inflight", P(budget_inflight, .ratio = 0.2, .min = 7), 7, 24},
    {"per-minute", PER_MINUTE, 5, 1968},
    {0},
};

/* Requests that end at once: nothing is under way when retries are asked for, and each takes what it is granted. */
static void check_pinned(const struct pinned *pin, const struct budget_row *row)
{
    struct budget_case c;
    int granted = 0;
    budget_start(&c, row, pin->parameters);
    assert_int_equal(row->state_size ? row->state_size(c.choice.parameters) : 0, pin->state_size);
    for (int k = 0; k < 100; k++) {
        c.now_ns += S;
        budget_request(&c);
        budget_success(&c, 1, FAILURE_TIMEOUT);
        if (row->on_end)
            hear(&c, row->on_end, false);
    }
    for (int k = 0; k < 1000; k++)
        granted += budget_fail(&c);
    if (granted != pin->granted)
        fail_msg("%s grants %d, pinned is %d", pin->name, granted, pin->granted);
}

static void test_every_budget(void **state)
{
    (void)state;
    for (size_t i = 0; budget_table.rows[i]; i++) {
        const struct budget_row *row = (const struct budget_row *)budget_table.rows[i];
        int found = 0;
        assert_true(row->row.summary && row->try_retry && row->row.size <= CHOICE_BYTES);
        for (const struct pinned *pin = pins; pin->name; pin++) {
            if (strcmp(pin->name, row->row.name) != 0)
                continue;
            check_pinned(pin, row);
            found++;
        }
        if (!found)
            fail_msg("'%s' has no pinned number here: add one", row->row.name);
    }
}

static void test_contradictions_are_refused(void **state)
{
    (void)state;
    assert_non_null(budget_contradiction(&budget_window, P(budget_window, .ttl_ns = 9, .slices = 10)));
    assert_null(budget_contradiction(&budget_window, P(budget_window, .ttl_ns = 10, .slices = 10)));
    assert_non_null(budget_contradiction(&budget_per_minute, P(budget_per_minute, .window_ns = 9, .slices = 10)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rolling_sums),
        cmocka_unit_test(test_finagle_window),
        cmocka_unit_test(test_finagle_window_forgets),
        cmocka_unit_test(test_finagle_in_a_total_outage),
        cmocka_unit_test(test_window_earns),
        cmocka_unit_test(test_finagle_requeue_limit),
        cmocka_unit_test(test_sre_ratio),
        cmocka_unit_test(test_envoy_budget_limits),
        cmocka_unit_test(test_inflight_share_is_exact),
        cmocka_unit_test(test_failsafe_go_budget),
        cmocka_unit_test(test_inflight_gets_back_what_ended),
        cmocka_unit_test(test_per_minute),
        cmocka_unit_test(test_pitfall_per_minute_vanishes_in_an_outage),
        cmocka_unit_test(test_pitfall_envoy_holds_its_slot_while_waiting),
        cmocka_unit_test(test_pitfall_when_it_is_charged),
        cmocka_unit_test(test_pitfall_what_refills_a_window_in_an_outage),
        cmocka_unit_test(test_pitfall_tower_rounds_the_ratio),
        cmocka_unit_test(test_pitfall_the_reserve_is_per_process),
        cmocka_unit_test(test_undo_gives_back_exactly),
        cmocka_unit_test(test_every_budget),
        cmocka_unit_test(test_contradictions_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
