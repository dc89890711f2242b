/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Retry budgets: the published traces step by step, exact balances, and the long-run numbers of Markov
 * chains. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/stream.h"
#include "policy/budget/rows.h"

#define S INT64_C(1000000000)

#define P(type, ...) (&(const struct type){__VA_ARGS__})

struct fixture {
    const struct budget_row *row;
    const void *parameters;
    struct budget_state state;
    int64_t now_ns;
};

static struct fixture start(const struct budget_row *row, const void *parameters)
{
    struct fixture f = {.row = row, .parameters = parameters};
    if (row->init)
        row->init(parameters, &f.state);
    return f;
}

static void request(struct fixture *f)
{
    if (f->row->on_request)
        f->row->on_request(f->parameters, &f->state, &(struct budget_event){.now_ns = f->now_ns});
}

static void success(struct fixture *f, uint32_t attempts)
{
    if (f->row->on_success)
        f->row->on_success(f->parameters, &f->state,
                           &(struct budget_event){.now_ns = f->now_ns, .attempts = attempts});
}

static bool retry(struct fixture *f)
{
    return f->row->try_retry(f->parameters, &f->state, &(struct budget_event){.now_ns = f->now_ns});
}

/* A failed attempt whose policy would retry. */
static bool failure(struct fixture *f)
{
    if (f->row->on_failure)
        f->row->on_failure(f->parameters, &f->state,
                           &(struct budget_event){.now_ns = f->now_ns, .retryable = true});
    return retry(f);
}

static double tokens(const struct fixture *f)
{
    return (double)f->state.tokens / (double)BUDGET_TOKEN;
}

static int retries_until_denied(struct fixture *f)
{
    int granted = 0;
    while (granted < 1000000 && failure(f))
        granted++;
    return granted;
}

/* ---- bucket: the AWS traces ---- */

#define AWS(start, cost) P(budget_bucket, 500, start, cost, 0, 1, REFUND_LAST_COST)

static void test_aws_trace(void **state)
{
    (void)state;
    struct fixture f = start(&budget_bucket, AWS(INT64_MAX, 14));
    assert_true(tokens(&f) == 500);
    assert_true(failure(&f) && tokens(&f) == 486);
    assert_true(failure(&f) && tokens(&f) == 472);
    success(&f, 3);
    assert_true(tokens(&f) == 486);
}

static void test_aws_trace_runs_dry(void **state)
{
    (void)state;
    struct fixture f = start(&budget_bucket, AWS(14, 14));
    assert_true(failure(&f) && tokens(&f) == 0);
    assert_false(failure(&f));
    f = start(&budget_bucket, AWS(20, 14));
    assert_true(failure(&f) && tokens(&f) == 6);
    assert_true(!failure(&f) && tokens(&f) == 6);
    f = start(&budget_bucket, AWS(30, 14));
    assert_true(failure(&f) && failure(&f) && tokens(&f) == 2);
    success(&f, 3);
    assert_true(tokens(&f) == 16);
    assert_true(failure(&f) && tokens(&f) == 2);
    success(&f, 2);
    assert_true(tokens(&f) == 16);
}

static void test_aws_outage_yield(void **state)
{
    static const int64_t costs[] = {14, 5, 10}, granted[] = {35, 100, 50};
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct fixture f = start(&budget_bucket, AWS(INT64_MAX, costs[i]));
        assert_int_equal(retries_until_denied(&f), granted[i]);
        f.now_ns = 86400 * S;
        assert_false(failure(&f));
    }
}

static void test_bucket_refunds(void **state)
{
    (void)state;
    struct fixture f = start(&budget_bucket, AWS(100, 5));
    success(&f, 1);
    assert_true(tokens(&f) == 101);
    f = start(&budget_bucket, AWS(INT64_MAX, 5));
    success(&f, 1);
    assert_true(tokens(&f) == 500);
    f = start(&budget_bucket, P(budget_bucket, 500, 100, 5, 0, 1, REFUND_ALL));
    success(&f, 4);
    assert_true(tokens(&f) == 115);
    success(&f, UINT32_MAX);
    assert_true(tokens(&f) == 500);
    f = start(&budget_bucket, P(budget_bucket, 500, 100, 5, 0, 1, REFUND_NONE));
    success(&f, 4);
    assert_true(tokens(&f) == 100);
}

/* 0.3 tokens a second, asked every millisecond, 1e6 times: 300 tokens, not one more or less by rounding. */
static void test_bucket_refill_does_not_drift(void **state)
{
    (void)state;
    struct fixture f = start(&budget_bucket, P(budget_bucket, 1000, 0, 1, 0.3, 0, REFUND_NONE));
    int granted = 0;
    for (int i = 1; i <= 1000000; i++) {
        f.now_ns = i * (S / 1000);
        granted += retry(&f);
    }
    /* The 300th token is full at 1000 s, or 1e-9 token short of it. */
    assert_in_range(granted, 299, 300);
    assert_true(fabs(granted + tokens(&f) - 300) < 3e-9);
    f.now_ns = 100000 * S;
    assert_int_equal(retries_until_denied(&f), 1000);
}

/* ---- throttle: the gRPC trace ---- */

static void test_grpc_trace(void **state)
{
    static const bool granted[] = {true, true, true, true, false, false, false, false, false, false, false};
    static const double left[] = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0};
    (void)state;
    struct fixture f = start(&budget_throttle, P(budget_throttle, 10, 0.1));
    for (size_t i = 0; i < sizeof granted / sizeof *granted; i++) {
        assert_int_equal(failure(&f), granted[i]);
        assert_true(tokens(&f) == left[i]);
    }
}

/* From 5 tokens: 10 successes give exactly 6, and 6 - 1 is not above 5; 11 are enough. */
static void test_grpc_needs_eleven_successes(void **state)
{
    (void)state;
    for (uint32_t good = 0; good <= 20; good++) {
        struct fixture f = start(&budget_throttle, P(budget_throttle, 10, 0.1));
        for (int i = 0; i < 5; i++)
            failure(&f);
        for (uint32_t i = 0; i < good; i++)
            success(&f, 1);
        assert_int_equal(failure(&f), good >= 11);
    }
}

static void test_grpc_stays_within_its_bounds(void **state)
{
    (void)state;
    struct fixture f = start(&budget_throttle, P(budget_throttle, 10, 0.1));
    for (int i = 0; i < 50; i++)
        success(&f, 1);
    assert_true(tokens(&f) == 10);
    for (int i = 0; i < 50; i++)
        failure(&f);
    assert_true(tokens(&f) == 0);
}

/* ---- ratio ---- */

#define RATIO(ratio, reserve, max) P(budget_ratio, ratio, reserve, max, 0, EARNS_REQUEST)

/* A share of 5 % is one retry each 20 requests, exactly, also after a million requests. */
static void test_ratio_is_exact(void **state)
{
    static const double ratios[] = {0.05, 0.1, 0.2, 0.001, 0.07};
    (void)state;
    for (size_t r = 0; r < sizeof ratios / sizeof *ratios; r++) {
        struct fixture f = start(&budget_ratio, RATIO(ratios[r], 0, 100));
        int64_t granted = 0, requests = 1000000;
        for (int64_t i = 0; i < requests; i++) {
            request(&f);
            granted += failure(&f);
        }
        assert_int_equal(granted, llround(ratios[r] * (double)requests));
        assert_int_equal(f.state.tokens, 0);
    }
}

static void test_ratio_finagle_window(void **state)
{
    (void)state;
    for (int deposits = 0; deposits < 40; deposits += 7) {
        struct fixture f = start(&budget_ratio, RATIO(0.2, 100, 1000));
        for (int i = 0; i < deposits; i++)
            request(&f);
        assert_int_equal(retries_until_denied(&f), 100 + deposits / 5);
        assert_false(retry(&f));
    }
}

static void test_ratio_balance_is_capped(void **state)
{
    (void)state;
    struct fixture f = start(&budget_ratio, RATIO(0.1, 10, 10));
    for (int i = 0; i < 1000; i++)
        request(&f);
    assert_int_equal(retries_until_denied(&f), 10);
}

static void test_ratio_floor_rate(void **state)
{
    (void)state;
    struct fixture f = start(&budget_ratio, P(budget_ratio, 0, 0, 100, 10, EARNS_REQUEST));
    assert_false(retry(&f));
    f.now_ns = S / 10 - 1;
    assert_false(retry(&f));
    f.now_ns = S / 10;
    assert_true(retry(&f));
    assert_false(retry(&f));
    f.now_ns = 5 * S;
    assert_int_equal(retries_until_denied(&f), 49);
    f.now_ns = 1000000 * S;
    assert_int_equal(retries_until_denied(&f), 100);
}

static void test_ratio_earns_on_success(void **state)
{
    (void)state;
    struct fixture f = start(&budget_ratio, P(budget_ratio, 0.5, 0, 100, 0, EARNS_SUCCESS));
    for (int i = 0; i < 10; i++)
        request(&f);
    assert_false(retry(&f));
    success(&f, 1);
    success(&f, 2);
    assert_true(retry(&f));
    assert_false(retry(&f));
}

/* ---- one request at a time with failures of probability p: the stationary chain ---- */

struct tally {
    double attempts, good, denied;
};

static void one_request(struct fixture *f, struct stream *stream, double p, uint32_t limit,
                        struct tally *tally)
{
    request(f);
    for (uint32_t attempts = 1;; attempts++) {
        double u = stream_uniform(stream);
        tally->attempts++;
        if (u >= p) {
            tally->good++;
            success(f, attempts);
            return;
        }
        if (f->row->on_failure)
            f->row->on_failure(f->parameters, &f->state,
                           &(struct budget_event){.now_ns = f->now_ns, .retryable = true});
        if (attempts == limit)
            return;
        if (!retry(f)) {
            tally->denied++;
            return;
        }
    }
}

/* Requests in batches; each mean within 5 standard errors of the batch means. */
enum { BATCHES = 50, BATCH = 20000 };

static void near(const char *what, const double *batch, double expected)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < BATCHES; i++) {
        sum += batch[i] / BATCHES;
        squares += batch[i] * batch[i] / BATCHES;
    }
    double error = sqrt(fmax(0, squares - sum * sum) / (BATCHES - 1));
    if (!(fabs(sum - expected) <= 5 * error + 1e-12))
        fail_msg("%s is %.8g, expected %.8g +- %.2g", what, sum, expected, 5 * error);
}

static void stationary(const struct budget_row *row, const void *parameters, double p, uint32_t limit,
                       double attempts, double good, double denied)
{
    struct fixture f = start(row, parameters);
    struct stream stream = stream_at(stream_key(9, 0, "budget", row->row.name), limit, 0);
    struct tally warm = {0};
    double means[3][BATCHES];
    for (int i = 0; i < 10 * BATCH; i++)
        one_request(&f, &stream, p, limit, &warm);
    for (int b = 0; b < BATCHES; b++) {
        struct tally tally = {0};
        for (int i = 0; i < BATCH; i++)
            one_request(&f, &stream, p, limit, &tally);
        means[0][b] = tally.attempts / BATCH;
        means[1][b] = tally.good / BATCH;
        means[2][b] = tally.denied / BATCH;
    }
    near("attempts per request", means[0], attempts);
    near("the share of good requests", means[1], good);
    near("the share of denied requests", means[2], denied);
}

/* Values: linear solves of the Markov chains on the balance. */
static void test_stationary_balances(void **state)
{
    (void)state;
    stationary(&budget_ratio, RATIO(0.1, 10, 10), 0.3, 3, 1.1, 0.77, 0.229723324758);
    stationary(&budget_ratio, RATIO(0.1, 5, 5), 0.09, 3, 1.08823792915, 0.990296515527, 0.00917649011531);
    stationary(&budget_bucket, AWS(INT64_MAX, 5), 0.5, 3, 1.2, 0.6, 0.392899978186);
    stationary(&budget_bucket, AWS(INT64_MAX, 5), 0.32, 3, 1.41997980869, 0.965586269908, 0.00200295921951);
    stationary(&budget_throttle, P(budget_throttle, 10, 0.1), 0.1, 4, 1.02034985231, 0.918314867076,
               0.0816767890523);
}

/* Everything fails: 1005 requests and floor(10 + 0.1 * 1005) retries. */
static void test_ratio_in_a_total_outage(void **state)
{
    struct fixture f = start(&budget_ratio, RATIO(0.1, 10, 100));
    struct stream stream = stream_at(1, 0, 0);
    struct tally tally = {0};
    (void)state;
    for (int i = 0; i < 1005; i++)
        one_request(&f, &stream, 1, 3, &tally);
    assert_true(tally.attempts == 1115);
}

/* ---- every row ---- */

struct pinned {
    const char *name;
    const void *parameters;
    int granted; /* of 1000 retries asked for after 100 good requests at 1 s each */
};

static const struct pinned pins[] = {
    {"none", NULL, 1000},
    {"ratio", P(budget_ratio, 0.1, 5, 100, 0.5, EARNS_REQUEST), 65},
    {"bucket", P(budget_bucket, 500, 10, 5, 0.7, 1, REFUND_LAST_COST), 36},
    {"throttle", P(budget_throttle, 100, 0.1), 49},
    {0},
};

static void test_every_budget(void **state)
{
    (void)state;
    for (size_t i = 0; budget_table.rows[i]; i++) {
        const struct budget_row *row = (const struct budget_row *)budget_table.rows[i];
        const struct pinned *pin = pins;
        while (pin->name && strcmp(pin->name, row->row.name) != 0)
            pin++;
        if (!pin->name)
            fail_msg("'%s' has no pinned number here: add one", row->row.name);
        assert_true(row->row.summary && row->try_retry && row->row.size <= CHOICE_BYTES);
        struct fixture f = start(row, pin->parameters);
        int granted = 0;
        for (int k = 0; k < 100; k++) {
            f.now_ns += S;
            request(&f);
            success(&f, 1);
        }
        for (int k = 0; k < 1000; k++)
            granted += failure(&f);
        if (granted != pin->granted)
            fail_msg("%s grants %d, pinned is %d", pin->name, granted, pin->granted);
    }
}

static void test_contradictions_are_refused(void **state)
{
    (void)state;
    assert_non_null(budget_ratio.row.prepare(&(struct budget_ratio){0.1, 20, 10, 0, 0}));
    assert_null(budget_ratio.row.prepare(&(struct budget_ratio){0.1, 10, 10, 0, 0}));
    assert_non_null(budget_bucket.row.prepare(&(struct budget_bucket){4, 4, 5, 0, 0, 0}));
    assert_null(budget_bucket.row.prepare(&(struct budget_bucket){5, 4, 5, 0, 0, 0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_aws_trace),
        cmocka_unit_test(test_aws_trace_runs_dry),
        cmocka_unit_test(test_aws_outage_yield),
        cmocka_unit_test(test_bucket_refunds),
        cmocka_unit_test(test_bucket_refill_does_not_drift),
        cmocka_unit_test(test_grpc_trace),
        cmocka_unit_test(test_grpc_needs_eleven_successes),
        cmocka_unit_test(test_grpc_stays_within_its_bounds),
        cmocka_unit_test(test_ratio_is_exact),
        cmocka_unit_test(test_ratio_finagle_window),
        cmocka_unit_test(test_ratio_balance_is_capped),
        cmocka_unit_test(test_ratio_floor_rate),
        cmocka_unit_test(test_ratio_earns_on_success),
        cmocka_unit_test(test_stationary_balances),
        cmocka_unit_test(test_ratio_in_a_total_outage),
        cmocka_unit_test(test_every_budget),
        cmocka_unit_test(test_contradictions_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
