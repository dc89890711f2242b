/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Retry budgets that are balances: the published traces step by step, exact balances, and the long-run numbers of
 * Markov chains. Those over a window of time are in test_budget_window.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/stream.h"
#include "budget_case.h"

static bool fails_by(struct budget_case *c, enum failure failure)
{
    budget_failure(c, failure, true);
    return budget_retry(c, failure);
}

/* ---- bucket: the AWS traces ---- */

#define AWS(start_at, each)                                                                                      \
    P(budget_bucket, .size = 500, .start = start_at, .cost = each, .needs = INFINITY, .refund_success = 1,       \
      .refund_retry = REFUND_LAST_COST)

static const struct budget_cost timeouts_cost_10[] = {{FAILURE_BIT(FAILURE_TIMEOUT), 10}};
static const struct budget_cost throttling_costs_5[] = {{FAILURE_BIT(FAILURE_THROTTLED), 5}};
static const struct budget_cost throttling_is_free[] = {{FAILURE_BIT(FAILURE_THROTTLED), 0}};

#define AWS_COSTS(each, list)                                                                                    \
    P(budget_bucket, .size = 500, .start = INT64_MAX, .cost = each, .costs = {(void *)list, 1}, .needs = INFINITY, \
      .refund_success = 1, .refund_retry = REFUND_LAST_COST)

static void test_aws_trace(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_bucket, AWS(INT64_MAX, 14));
    assert_true(budget_tokens(&c) == 500);
    assert_true(budget_fail(&c) && budget_tokens(&c) == 486);
    assert_true(budget_fail(&c) && budget_tokens(&c) == 472);
    budget_success(&c, 3, FAILURE_SERVER_ERROR);
    assert_true(budget_tokens(&c) == 486);
}

static void test_aws_trace_runs_dry(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_bucket, AWS(14, 14));
    assert_true(budget_fail(&c) && budget_tokens(&c) == 0);
    assert_false(budget_fail(&c));
    budget_start(&c, &budget_bucket, AWS(20, 14));
    assert_true(budget_fail(&c) && budget_tokens(&c) == 6);
    assert_true(!budget_fail(&c) && budget_tokens(&c) == 6);
    budget_start(&c, &budget_bucket, AWS(30, 14));
    assert_true(budget_fail(&c) && budget_fail(&c) && budget_tokens(&c) == 2);
    budget_success(&c, 3, FAILURE_SERVER_ERROR);
    assert_true(budget_tokens(&c) == 16);
    assert_true(budget_fail(&c) && budget_tokens(&c) == 2);
    budget_success(&c, 2, FAILURE_SERVER_ERROR);
    assert_true(budget_tokens(&c) == 16);
}

/* 500 -> 495 -> 500; four attempts that all fail take three times 14, and stop there. */
static void test_aws_2026_classes(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_bucket, AWS_COSTS(14, throttling_costs_5));
    assert_true(fails_by(&c, FAILURE_THROTTLED) && budget_tokens(&c) == 495);
    budget_success(&c, 2, FAILURE_THROTTLED);
    assert_true(budget_tokens(&c) == 500);
    for (int i = 1; i <= 3; i++)
        assert_true(budget_fail(&c) && budget_tokens(&c) == 500 - 14 * i);
}

static void test_aws_outage_yield(void **state)
{
    static const int64_t costs[] = {14, 5, 10}, granted[] = {35, 100, 50};
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct budget_case c;
        budget_start(&c, &budget_bucket, AWS(INT64_MAX, costs[i]));
        assert_int_equal(budget_retries_until_denied(&c), granted[i]);
        c.now_ns = 86400 * S;
        assert_false(budget_fail(&c));
    }
}

/* The mean quota of the last 50000 of 100000 operations of at most 3 attempts. */
static double mean_quota(int64_t cost, double p)
{
    struct budget_case c;
    struct stream stream = stream_at(7, (uint64_t)cost, 0);
    double sum = 0;
    budget_start(&c, &budget_bucket, AWS(250, cost));
    for (int i = 0; i < 100000; i++) {
        uint32_t attempts = 1;
        bool failed = stream_uniform(&stream) < p;
        while (failed && attempts < 3 && budget_fail(&c)) {
            attempts++;
            failed = stream_uniform(&stream) < p;
        }
        if (!failed)
            budget_success(&c, attempts, FAILURE_SERVER_ERROR);
        sum += i >= 50000 ? budget_tokens(&c) : 0;
    }
    return sum / 50000;
}

/* An operation moves the quota by (1-p) - c p^2 - c p^3 on average, which changes its sign at p*: a little below the
 * bucket stays in its upper half, a little above in its lower. (A reflected walk with drift d and variance v keeps
 * v / 2d from its end on average: 100 tokens or less for the 0.03 here.) */
static void test_aws_drift(void **state)
{
    static const int64_t costs[] = {5, 10, 14};
    static const double critical[] = {0.32072, 0.24600, 0.21486};
    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_true(mean_quota(costs[i], critical[i] - 0.03) > 350);
        assert_true(mean_quota(costs[i], critical[i] + 0.03) < 150);
    }
}

static void test_bucket_refunds(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_bucket, AWS(100, 5));
    budget_success(&c, 1, FAILURE_TIMEOUT);
    assert_true(budget_tokens(&c) == 101);
    budget_start(&c, &budget_bucket, AWS(INT64_MAX, 5));
    budget_success(&c, 1, FAILURE_TIMEOUT);
    assert_true(budget_tokens(&c) == 500);
#define REFUNDS(...) P(budget_bucket, .size = 500, .start = 100, .cost = 5, .needs = INFINITY, __VA_ARGS__)
    budget_start(&c, &budget_bucket, REFUNDS(.refund_retry = REFUND_ALL));
    budget_success(&c, 4, FAILURE_TIMEOUT);
    assert_true(budget_tokens(&c) == 115);
    budget_success(&c, UINT32_MAX, FAILURE_TIMEOUT);
    assert_true(budget_tokens(&c) == 500);
    budget_start(&c, &budget_bucket, REFUNDS(.refund_success = 1));
    budget_success(&c, 4, FAILURE_TIMEOUT);
    assert_true(budget_tokens(&c) == 100);
    budget_start(&c, &budget_bucket, REFUNDS(.refund_retry = REFUND_FIXED, .refund_amount = 7));
    budget_success(&c, 4, FAILURE_TIMEOUT);
    assert_true(budget_tokens(&c) == 107);
}

/* A credit of 0.1 for each request, more than 1 needed, 1 taken: from 5 tokens 4 retries, and after ten requests more
 * exactly one token, which is not more than 1. */
static void test_bucket_needs_more_than(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_bucket, P(budget_bucket, .size = 5, .start = INT64_MAX, .cost = 1, .needs = INFINITY,
                                       .compare = COMPARE_MORE_THAN, .credit = 0.1));
    assert_int_equal(budget_retries_until_denied(&c), 4);
    assert_true(budget_tokens(&c) == 1);
    budget_request(&c);
    assert_true(budget_fail(&c));
    assert_false(budget_fail(&c));
    for (int i = 0; i < 9; i++)
        budget_request(&c);
    assert_true(budget_tokens(&c) == 1);
    assert_false(budget_fail(&c));
}

/* Half of the bucket must be left: needs 5, takes 1. */
static void test_bucket_threshold(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_bucket, P(budget_bucket, .size = 10, .start = INT64_MAX, .cost = 1, .needs = 5));
    assert_int_equal(budget_retries_until_denied(&c), 6);
    assert_true(budget_tokens(&c) == 4);
}

static void test_bucket_earns(void **state)
{
    (void)state;
#define EARNING(what) P(budget_bucket, .size = 9, .cost = 1, .needs = INFINITY, .credit = 1, .earns = what)
    static const double after_each[3][4] = {{1, 1, 1, 1}, {0, 0, 0, 1}, {0, 0, 1, 2}};
    for (int earns = EARNS_REQUEST; earns <= EARNS_FINAL; earns++) {
        struct budget_case c;
        budget_start(&c, &budget_bucket, EARNING(earns));
        budget_request(&c);
        assert_true(budget_tokens(&c) == after_each[earns][0]);
        budget_failure(&c, FAILURE_TIMEOUT, true);
        assert_true(budget_tokens(&c) == after_each[earns][1]);
        budget_failure(&c, FAILURE_CLIENT_ERROR, false);
        assert_true(budget_tokens(&c) == after_each[earns][2]);
        budget_success(&c, 1, FAILURE_TIMEOUT);
        assert_true(budget_tokens(&c) == after_each[earns][3]);
    }
}

/* 0.3 tokens a second, asked every millisecond, 1e6 times: 300 tokens, not one more or less by rounding. */
static void test_bucket_refill_does_not_drift(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_bucket,
                 P(budget_bucket, .size = 1000, .cost = 1, .needs = INFINITY, .refill_per_s = 0.3));
    int granted = 0;
    for (int i = 1; i <= 1000000; i++) {
        c.now_ns = i * MS;
        granted += budget_retry(&c, FAILURE_TIMEOUT);
    }
    /* The 300th token is full at 1000 s, or 1e-9 token short of it. */
    assert_in_range(granted, 299, 300);
    assert_true(fabs(granted + budget_tokens(&c) - 300) < 3e-9);
    c.now_ns = 100000 * S;
    assert_int_equal(budget_retries_until_denied(&c), 1000);
}

/* ---- throttle: the gRPC trace ---- */

#define GRPC P(budget_throttle, 10, 0.1)

static void test_grpc_trace(void **state)
{
    static const bool granted[] = {true, true, true, true, false, false, false, false, false, false, false};
    static const double left[] = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0};
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_throttle, GRPC);
    for (size_t i = 0; i < sizeof granted / sizeof *granted; i++) {
        assert_int_equal(budget_fail(&c), granted[i]);
        assert_true(budget_tokens(&c) == left[i]);
    }
}

static void test_grpc_stays_within_its_bounds(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_throttle, GRPC);
    for (int i = 0; i < 50; i++)
        budget_success(&c, 1, FAILURE_TIMEOUT);
    assert_true(budget_tokens(&c) == 10);
    for (int i = 0; i < 50; i++)
        budget_fail(&c);
    assert_true(budget_tokens(&c) == 0);
}

/* Ten thousand successes of 0.1239 earn 0.123 each; binary fractions lose nothing. */
static void test_grpc_keeps_three_decimals(void **state)
{
    static const double ratios[] = {0.1239, 0.1, 0.3, 0.7, 0.999, 0.001, 1.0019};
    static const int64_t thousandths[] = {123, 100, 300, 700, 999, 1, 1001};
    (void)state;
    for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++) {
        struct budget_case c;
        budget_start(&c, &budget_throttle, P(budget_throttle, 100000, ratios[i]));
        for (int k = 0; k < 50000; k++)
            budget_failure(&c, FAILURE_TIMEOUT, true);
        for (int k = 0; k < 10000; k++)
            budget_success(&c, 1, FAILURE_TIMEOUT);
        assert_true(budget_tokens(&c) == (double)(50000 + 10 * thousandths[i]));
    }
}

/* ---- ratio ---- */

#define RATIO(share, saved, most) P(budget_ratio, .ratio = share, .reserve = saved, .max = most)

/* A share of 5 % is one retry each 20 requests, exactly, also after a million requests. */
static void test_ratio_is_exact(void **state)
{
    static const double ratios[] = {0.05, 0.1, 0.2, 0.001, 0.07};
    (void)state;
    for (size_t r = 0; r < sizeof ratios / sizeof *ratios; r++) {
        struct budget_case c;
        budget_start(&c, &budget_ratio, RATIO(ratios[r], 0, 100));
        int64_t granted = 0, requests = 1000000;
        for (int64_t i = 0; i < requests; i++) {
            budget_request(&c);
            granted += budget_fail(&c);
        }
        assert_int_equal(granted, llround(ratios[r] * (double)requests));
        assert_true(budget_tokens(&c) == 0);
    }
}

static void test_ratio_balance_is_capped(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_ratio, RATIO(0.1, 10, 10));
    for (int i = 0; i < 1000; i++)
        budget_request(&c);
    assert_int_equal(budget_retries_until_denied(&c), 10);
}

static void test_ratio_floor_rate(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_ratio, P(budget_ratio, .max = 100, .min_rate_per_s = 10));
    assert_false(budget_fail(&c));
    c.now_ns = S / 10 - 1;
    assert_false(budget_fail(&c));
    c.now_ns = S / 10;
    assert_true(budget_fail(&c));
    assert_false(budget_fail(&c));
    c.now_ns = 5 * S;
    assert_int_equal(budget_retries_until_denied(&c), 49);
    c.now_ns = 1000000 * S;
    assert_int_equal(budget_retries_until_denied(&c), 100);
}

static void test_ratio_earns_on_success(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_ratio, P(budget_ratio, .ratio = 0.5, .max = 100, .earns = EARNS_SUCCESS));
    for (int i = 0; i < 10; i++)
        budget_request(&c);
    assert_false(budget_fail(&c));
    budget_success(&c, 1, FAILURE_TIMEOUT);
    budget_success(&c, 2, FAILURE_TIMEOUT);
    assert_true(budget_fail(&c));
    assert_false(budget_fail(&c));
}

/* Everything fails: 1005 requests of 3 attempts, and floor(10 + 0.1 * 1005) retries. */
static void test_ratio_in_a_total_outage(void **state)
{
    (void)state;
    struct budget_case c;
    int attempts = 0;
    budget_start(&c, &budget_ratio, RATIO(0.1, 10, 100));
    for (int i = 0; i < 1005; i++) {
        budget_request(&c);
        for (int k = 1; k <= 3; k++) {
            attempts++;
            if (k == 3 || !budget_fail(&c))
                break;
        }
    }
    assert_int_equal(attempts, 1115);
}

/* ---- pitfalls: where libraries differ, and people err ---- */

/* From 5 tokens: 10 successes give exactly 6, and 6 - 1 is not above 5; it takes 11, not 1. */
static void test_pitfall_grpc_half_is_closed(void **state)
{
    (void)state;
    for (uint32_t good = 0; good <= 20; good++) {
        struct budget_case c;
        budget_start(&c, &budget_throttle, GRPC);
        for (int i = 0; i < 5; i++)
            budget_fail(&c);
        for (uint32_t i = 0; i < good; i++)
            budget_success(&c, 1, FAILURE_TIMEOUT);
        assert_int_equal(budget_fail(&c), good >= 11);
    }
}

/* A failure that no retry follows is charged as well; so is one that says not to retry, but not what is final. */
static void test_pitfall_grpc_charges_failures_not_retries(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_throttle, GRPC);
    for (int i = 0; i < 3; i++)
        budget_failure(&c, FAILURE_OVERLOADED, true);
    assert_true(budget_tokens(&c) == 7);
    budget_failure(&c, FAILURE_SHED, false);
    assert_true(budget_tokens(&c) == 6);
    budget_failure(&c, FAILURE_CLIENT_ERROR, false);
    assert_true(budget_tokens(&c) == 6);
    assert_true(budget_retry(&c, FAILURE_OVERLOADED) && budget_tokens(&c) == 6);
}

/* Two retries, the first after a timeout (10), the second after an error (5): success gives back 5, not 15. */
static void test_pitfall_aws_refunds_only_the_last_retry(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_bucket, AWS_COSTS(5, timeouts_cost_10));
    assert_true(fails_by(&c, FAILURE_TIMEOUT) && budget_tokens(&c) == 490);
    assert_true(fails_by(&c, FAILURE_SERVER_ERROR) && budget_tokens(&c) == 485);
    budget_success(&c, 3, FAILURE_SERVER_ERROR);
    assert_true(budget_tokens(&c) == 490);
    assert_true(fails_by(&c, FAILURE_TIMEOUT) && budget_tokens(&c) == 480);
    budget_success(&c, 2, FAILURE_TIMEOUT);
    assert_true(budget_tokens(&c) == 490);
}

/* Time gives nothing back to an AWS bucket that is empty: a day later it still refuses. */
static void test_pitfall_aws_never_refills_by_time(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_bucket, AWS(0, 5));
    c.now_ns = 86400 * S;
    assert_false(budget_fail(&c));
    for (int i = 0; i < 5; i++)
        budget_success(&c, 1, FAILURE_TIMEOUT);
    assert_true(budget_fail(&c));
}

/* Java, legacy mode: throttling is retried even with an empty bucket; anything else is not. */
static void test_pitfall_java_legacy_throttling_is_free(void **state)
{
    (void)state;
    struct budget_case c;
    budget_start(&c, &budget_bucket, AWS_COSTS(5, throttling_is_free));
    assert_int_equal(budget_retries_until_denied(&c), 100);
    for (int i = 0; i < 1000; i++)
        assert_true(fails_by(&c, FAILURE_THROTTLED));
    assert_false(budget_fail(&c));
}

/* In a total outage AWS and gRPC come to a stop; a ratio that earns at each request goes on, one that earns by success
 * does not. */
static void test_pitfall_what_refills_decides_a_total_outage(void **state)
{
    (void)state;
    struct {
        const struct budget_row *row;
        const void *parameters;
        int last_1000;
    } cases[] = {
        {&budget_bucket, AWS(INT64_MAX, 5), 0},
        {&budget_throttle, GRPC, 0},
        {&budget_ratio, RATIO(0.2, 10, 100), 200},
        {&budget_ratio, P(budget_ratio, .ratio = 0.2, .reserve = 10, .max = 100, .earns = EARNS_SUCCESS), 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct budget_case c;
        int granted = 0;
        budget_start(&c, cases[i].row, cases[i].parameters);
        for (int k = 0; k < 3000; k++) {
            budget_request(&c);
            bool retried = budget_fail(&c);
            granted += k >= 2000 && retried;
        }
        assert_int_equal(granted, cases[i].last_1000);
    }
}

/* Ten thousand programs of one request each start with full buckets: every one of them retries. */
static void test_pitfall_a_fresh_budget_denies_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 10000; i++) {
        struct budget_case c;
        budget_start(&c, &budget_bucket, AWS(INT64_MAX, 5));
        assert_true(budget_fail(&c) && budget_fail(&c));
    }
}

/* ---- undo ---- */

/* What one budget granted and another denied leaves no trace. */
static void test_undo_gives_back_exactly(void **state)
{
    (void)state;
    struct budget_case c;
    struct {
        const struct budget_row *row;
        const void *parameters;
    } cases[] = {
        {&budget_ratio, RATIO(0.1, 10, 100)},
        {&budget_bucket, AWS_COSTS(5, timeouts_cost_10)},
        {&budget_throttle, GRPC},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        budget_start(&c, cases[i].row, cases[i].parameters);
        budget_fail(&c);
        for (int failure = 0; failure < FAILURE_KINDS; failure++) {
            double before = budget_tokens(&c);
            assert_true(budget_retry(&c, (enum failure)failure));
            budget_undo(&c, (enum failure)failure);
            assert_true(budget_tokens(&c) == before);
        }
    }
}

/* ---- one request at a time with failures of probability p: the stationary chain ---- */

/* Values: linear solves of the Markov chains on the balance. */
static void test_stationary_balances(void **state)
{
    (void)state;
    budget_check_long_run(&budget_ratio, RATIO(0.1, 10, 10),
                          &(struct budget_long_run){0.3, 3, 1.1, 0.77, 0.229723324758});
    budget_check_long_run(&budget_ratio, RATIO(0.1, 5, 5),
                          &(struct budget_long_run){0.09, 3, 1.08823792915, 0.990296515527, 0.00917649011531});
    budget_check_long_run(&budget_bucket, AWS(INT64_MAX, 5),
                          &(struct budget_long_run){0.5, 3, 1.2, 0.6, 0.392899978186});
    budget_check_long_run(&budget_bucket, AWS(INT64_MAX, 5),
                          &(struct budget_long_run){0.32, 3, 1.41997980869, 0.965586269908, 0.00200295921951});
    budget_check_long_run(&budget_throttle, GRPC,
                          &(struct budget_long_run){0.1, 4, 1.02034985231, 0.918314867076, 0.0816767890523});
}

static void test_contradictions_are_refused(void **state)
{
    static const struct budget_cost high[] = {{FAILURE_BIT(FAILURE_TIMEOUT), 6}};
    (void)state;
    assert_non_null(budget_contradiction(&budget_ratio, RATIO(0.1, 20, 10)));
    assert_null(budget_contradiction(&budget_ratio, RATIO(0.1, 10, 10)));
    assert_non_null(budget_contradiction(&budget_throttle, P(budget_throttle, 10, 0.0009)));
    assert_null(budget_contradiction(&budget_throttle, P(budget_throttle, 10, 0.001)));
#define BUCKET(...) budget_contradiction(&budget_bucket, P(budget_bucket, .size = 5, .cost = 5, __VA_ARGS__))
    assert_null(BUCKET(.needs = INFINITY));
    assert_non_null(BUCKET(.needs = INFINITY, .compare = COMPARE_MORE_THAN));
    assert_non_null(BUCKET(.needs = 4));
    assert_non_null(BUCKET(.needs = 6));
    assert_non_null(BUCKET(.needs = INFINITY, .costs = {(void *)high, 1}));
    assert_non_null(BUCKET(.needs = INFINITY, .refund_retry = REFUND_FIXED));
    assert_non_null(BUCKET(.needs = INFINITY, .refund_amount = 3));
    assert_null(BUCKET(.needs = INFINITY, .refund_retry = REFUND_FIXED, .refund_amount = 3));
    assert_non_null(budget_contradiction(&budget_bucket,
                                         P(budget_bucket, .size = 9, .cost = 5, .costs = {(void *)high, 1},
                                           .needs = INFINITY, .refund_retry = REFUND_ALL)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_aws_trace),
        cmocka_unit_test(test_aws_trace_runs_dry),
        cmocka_unit_test(test_aws_2026_classes),
        cmocka_unit_test(test_aws_outage_yield),
        cmocka_unit_test(test_aws_drift),
        cmocka_unit_test(test_bucket_refunds),
        cmocka_unit_test(test_bucket_needs_more_than),
        cmocka_unit_test(test_bucket_threshold),
        cmocka_unit_test(test_bucket_earns),
        cmocka_unit_test(test_bucket_refill_does_not_drift),
        cmocka_unit_test(test_grpc_trace),
        cmocka_unit_test(test_grpc_stays_within_its_bounds),
        cmocka_unit_test(test_grpc_keeps_three_decimals),
        cmocka_unit_test(test_ratio_is_exact),
        cmocka_unit_test(test_ratio_balance_is_capped),
        cmocka_unit_test(test_ratio_floor_rate),
        cmocka_unit_test(test_ratio_earns_on_success),
        cmocka_unit_test(test_ratio_in_a_total_outage),
        cmocka_unit_test(test_pitfall_grpc_half_is_closed),
        cmocka_unit_test(test_pitfall_grpc_charges_failures_not_retries),
        cmocka_unit_test(test_pitfall_aws_refunds_only_the_last_retry),
        cmocka_unit_test(test_pitfall_aws_never_refills_by_time),
        cmocka_unit_test(test_pitfall_java_legacy_throttling_is_free),
        cmocka_unit_test(test_pitfall_what_refills_decides_a_total_outage),
        cmocka_unit_test(test_pitfall_a_fresh_budget_denies_nothing),
        cmocka_unit_test(test_undo_gives_back_exactly),
        cmocka_unit_test(test_stationary_balances),
        cmocka_unit_test(test_contradictions_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
