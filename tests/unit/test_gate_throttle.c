/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gates that learn from answers what a service can take: adaptive throttling, nacks, the cubic rate; and bulkheads. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gate_case.h"

/* ---- adaptive-throttle ---- */

#define SRE_BUT(root, least_rate, failing)                                                                     \
    P(gate_adaptive_throttle, .k = 2, .success_threshold = INFINITY, .aggression = root, .p_max = 1,           \
      .min_rate_per_s = least_rate, .window_ns = 120 * S, .slices = 24, .failures = failing)
#define SRE SRE_BUT(1, 0, FAILURES_ALL)
#define ENVOY_ADMISSION                                                                                       \
    P(gate_adaptive_throttle, .success_threshold = 0.95, .aggression = 1, .p_max = 0.8, .window_ns = 30 * S,  \
      .slices = 30, .counts = COUNTS_ANSWERED, .failures = FAILURES_ALL)
#define FAILSAFE_GO                                                                                           \
    P(gate_adaptive_throttle, .success_threshold = 0.9, .aggression = 1, .p_max = 0.9, .window_ns = 60 * S,   \
      .slices = 20, .counts = COUNTS_ANSWERED, .failures = FAILURES_ALL)

/* Puts counts into the window of a throttle whose state is these sums. */
static void set_window(struct gate_case *c, int64_t asked, int64_t accepted)
{
    const struct gate_adaptive_throttle *p = (const void *)c->choice.parameters;
    rolling_move(&p->shape, c->state, 0);
    rolling_add(&p->shape, c->state, 0, asked - rolling_sums(c->state)[0]);
    rolling_add(&p->shape, c->state, 1, accepted - rolling_sums(c->state)[1]);
}

/* The share that is refused of `tries` questions, each asked with these counts. */
static double refused_share(struct gate_case *c, int64_t asked, int64_t accepted)
{
    enum { TRIES = 200000 };
    int refused = 0;
    for (int i = 0; i < TRIES; i++) {
        set_window(c, asked, accepted);
        refused += !gate_admits(c, 0);
    }
    return (double)refused / TRIES;
}

/* The published probabilities, within 5 standard errors of 200,000 draws. */
static void test_throttle_probabilities(void **state)
{
    (void)state;
    const struct {
        const void *parameters;
        int64_t asked, accepted;
        double p;
    } cases[] = {
        {SRE, 100, 60, 0},
        {SRE, 100, 50, 0},
        {SRE, 100, 30, 40.0 / 101},
        {SRE, 100, 0, 100.0 / 101},
        {ENVOY_ADMISSION, 100, 50, 0.468994},
        {ENVOY_ADMISSION, 100, 0, 0.8},
        {ENVOY_ADMISSION, 100, 95, 0},
        {FAILSAFE_GO, 100, 20, 0.770077},
        {FAILSAFE_GO, 100, 0, 0.9},
        {SRE_BUT(2, 0, FAILURES_ALL), 100, 30, 0.629319},
        {SRE_BUT(1, 1, FAILURES_ALL), 119, 0, 0},
        {SRE_BUT(1, 1, FAILURES_ALL), 120, 0, 120.0 / 121},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gate_case c = gate_start(&gate_adaptive_throttle, cases[i].parameters);
        double p = cases[i].p, share = refused_share(&c, cases[i].asked, cases[i].accepted);
        if (fabs(share - p) > 5 * sqrt(p * (1 - p) / 200000) + 1e-6)
            fail_msg("case %zu: %g refused, expected %g", i, share, p);
    }
}

/* A backend that takes every n-th: n requests are sent for each that it accepts. In overload K times as much is sent as
 * accepted. 300/s offered, 100/s accepted, K = 2, 1.5, 1.1: 200, 150, 110 sent; five windows after the start, over ten
 * windows. The fixed point is of large numbers; with 36000 requests in the window it is good to 1 %. */
static void test_throttle_sends_k_times_what_is_accepted(void **state)
{
    static const double ks[] = {2, 1.5, 1.1};
    (void)state;
    for (size_t i = 0; i < sizeof ks / sizeof *ks; i++) {
        struct gate_adaptive_throttle p = *SRE;
        p.k = ks[i];
        struct gate_case c = gate_start(&gate_adaptive_throttle, &p);
        int64_t sent = 0, accepted = 0, room = 0;
        for (int64_t k = 0; k < 300 * 1800; k++) {
            int64_t now_ns = k * S / 300;
            room = k % 3 == 0 ? 1 : room;
            if (!gate_admits(&c, now_ns))
                continue;
            bool taken = room > 0;
            room -= taken;
            sent += k >= 300 * 600;
            accepted += taken && k >= 300 * 600;
            if (taken)
                gate_good(&c, now_ns, 0);
            else
                gate_failed(&c, now_ns, 0, FAILURE_OVERLOADED);
        }
        assert_true(fabs((double)sent / (double)accepted / ks[i] - 1) < 0.01);
    }
}

/* Backend down: of the first n questions sum 1/k are sent, 7.485 of a thousand. Their number is a sum of independent
 * draws, with the variance sum (1/k)(1 - 1/k) < 5.85; the mean of 4000 windows within 5 standard errors. */
static void test_throttle_with_the_backend_down(void **state)
{
    enum { WINDOWS = 4000 };
    double sent = 0;
    (void)state;
    for (int w = 0; w < WINDOWS; w++) {
        struct gate_case c = gate_start(&gate_adaptive_throttle, SRE);
        c.stream = stream_at(3, (uint64_t)w, 0);
        for (int i = 0; i < 1000; i++) {
            if (!gate_admits(&c, i))
                continue;
            sent++;
            gate_failed(&c, i, 0, FAILURE_TIMEOUT);
        }
    }
    assert_true(fabs(sent / WINDOWS - 7.48547086055) < 5 * sqrt(5.85 / WINDOWS));
}

/* What is counted: refusals too, at once; or only what was sent, when it is over. */
static void test_throttle_counts(void **state)
{
    (void)state;
    struct gate_case asked = gate_start(&gate_adaptive_throttle, SRE);
    struct gate_case answered = gate_start(&gate_adaptive_throttle, ENVOY_ADMISSION);
    struct gate_case *cases[] = {&asked, &answered};
    int64_t expected[2][3] = {{100, 99, 99}, {0, 0, 50}};
    for (int i = 0; i < 2; i++) {
        for (int k = 0; k < 100; k++)
            gate_ask(cases[i], 0);
        assert_int_equal(rolling_sums(cases[i]->state)[0], expected[i][0]);
        gate_unsent(cases[i], 0);
        assert_int_equal(rolling_sums(cases[i]->state)[0], expected[i][1]);
        for (int k = 0; k < 50; k++)
            gate_good(cases[i], 0, MS);
        assert_int_equal(rolling_sums(cases[i]->state)[0], expected[i][2]);
        assert_int_equal(rolling_sums(cases[i]->state)[1], 50);
    }
}

/* Errors of a backend that has room are accepted where only rejections count as failures. */
static void test_throttle_failures(void **state)
{
    (void)state;
    struct gate_case all = gate_start(&gate_adaptive_throttle, SRE);
    struct gate_case rejections = gate_start(&gate_adaptive_throttle, SRE_BUT(1, 0, FAILURES_REJECTED));
    gate_failed(&all, 0, 0, FAILURE_SERVER_ERROR);
    gate_failed(&rejections, 0, 0, FAILURE_SERVER_ERROR);
    gate_failed(&rejections, 0, 0, FAILURE_OVERLOADED);
    assert_int_equal(rolling_sums(all.state)[1], 0);
    assert_int_equal(rolling_sums(rejections.state)[1], 1);
}

/* ---- nack-throttle: Finagle ---- */

#define FINAGLE_NACK                                                                                   \
    P(gate_nack_throttle, .threshold = 0.5, .p_max = 0.75, .min_rate_per_s = 5, .window_ns = 120 * S, \
      .failures = FAILURES_REJECTED)

static double accepted_of(const struct gate_case *c)
{
    return ((const struct gate_nack_throttle_state *)c->state)->accepted;
}

/* After t seconds of nothing but nacks the average is exp(-t / 120 s). */
static void test_nack_average(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_nack_throttle, FINAGLE_NACK);
    for (int i = 1; i <= 1000; i++) {
        gate_ask(&c, i * 100 * MS);
        gate_failed(&c, i * 100 * MS, 0, FAILURE_THROTTLED);
    }
    /* The first four come before five have been asked within a second, and count as accepted. */
    assert_true(fabs(accepted_of(&c) - exp(-(100.0 - 0.4) / 120)) < 1e-9);
    gate_failed(&c, 101 * S, 0, FAILURE_SERVER_ERROR);
    double back = 1 - exp(-1.0 / 120);
    assert_true(fabs(accepted_of(&c) - (back + (1 - back) * exp(-99.6 / 120))) < 1e-9);
}

/* With an average of 0.2 the probability is 1 - 2 x 0.2 = 0.6; at most 0.75; 0 from 0.5 on. */
static void test_nack_probabilities(void **state)
{
    static const double accepted[] = {1, 0.5, 0.45, 0.2, 0.1, 0}, p[] = {0, 0, 0.1, 0.6, 0.75, 0.75};
    enum { TRIES = 100000 };
    (void)state;
    for (size_t i = 0; i < sizeof p / sizeof *p; i++) {
        struct gate_case c = gate_start(&gate_nack_throttle, FINAGLE_NACK);
        int refused = 0;
        ((struct gate_nack_throttle_state *)c.state)->accepted = accepted[i];
        for (int k = 0; k < TRIES; k++)
            refused += !gate_admits(&c, 0);
        assert_true(fabs((double)refused / TRIES - p[i]) <= 5 * sqrt(p[i] * (1 - p[i]) / TRIES) + 1e-12);
    }
}

/* Four a second are too few to learn anything bad from. */
static void test_nack_needs_a_rate(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_nack_throttle, FINAGLE_NACK);
    for (int i = 0; i < 1000; i++) {
        assert_true(gate_admits(&c, i * 250 * MS));
        gate_failed(&c, i * 250 * MS, 0, FAILURE_OVERLOADED);
    }
    assert_true(accepted_of(&c) == 1);
}

/* ---- aws-adaptive ---- */

#define AWS_ADAPTIVE                                                                                             \
    P(gate_aws_adaptive, .beta = 0.7, .scale = 0.4, .min_rate_per_s = 0.5, .smoothing = 0.8, .slot_ns = S / 2, \
      .max_wait_ns = INT64_MAX, .on = FAILURE_BIT(FAILURE_THROTTLED))

static struct gate_aws_adaptive_state *aws(struct gate_case *c) { return (struct gate_aws_adaptive_state *)c->state; }

/* Throttled at a measured rate of 10: K = 1.9574338 s; the rates of the published curve, before any guard. (The measured
 * rate is set so high that twice of it is no guard.) */
static void test_aws_cubic(void **state)
{
    static const double dt[] = {0, 0.5, 1, 1.9574338, 3, 4, 5};
    static const double rate[] = {7.0, 8.761698, 9.648936, 10.0, 10.453285, 13.408697, 21.266268};
    (void)state;
    struct gate_case c = gate_start(&gate_aws_adaptive, AWS_ADAPTIVE);
    aws(&c)->measured_per_s = 10;
    gate_failed(&c, 100 * MS, 0, FAILURE_THROTTLED);
    assert_true(fabs(aws(&c)->time_to_max_s - 1.9574338) < 1e-7);
    assert_true(fabs(aws(&c)->fill_per_s - 7) < 1e-12);
    for (size_t i = 0; i < sizeof dt / sizeof *dt; i++) {
        aws(&c)->measured_per_s = 1e6;
        aws(&c)->slot = (100 * MS + (int64_t)(dt[i] * 1e9)) / (S / 2);
        gate_good(&c, 100 * MS + (int64_t)(dt[i] * 1e9), 0);
        assert_true(fabs(aws(&c)->fill_per_s - rate[i]) < 1e-6);
    }
}

/* At most twice what is measured, and at least half an attempt a second. */
static void test_aws_guards(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_aws_adaptive, AWS_ADAPTIVE);
    aws(&c)->measured_per_s = 10;
    gate_failed(&c, 100 * MS, 0, FAILURE_THROTTLED);
    aws(&c)->measured_per_s = 3;
    gate_good(&c, 110 * MS, 0);
    assert_true(aws(&c)->fill_per_s == 6 && aws(&c)->capacity == 6);
    aws(&c)->measured_per_s = 0.1;
    gate_good(&c, 120 * MS, 0);
    assert_true(aws(&c)->fill_per_s == 0.5 && aws(&c)->capacity == 1);
}

/* Five answers in the first slot and the one that closes it: 6 in half a second, weighted 0.8; then 2 in 1 s. */
static void test_aws_measures_in_slots(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_aws_adaptive, AWS_ADAPTIVE);
    for (int i = 0; i < 5; i++)
        gate_good(&c, i * 100 * MS, 0);
    assert_true(aws(&c)->measured_per_s == 0);
    gate_good(&c, 500 * MS, 0);
    assert_true(fabs(aws(&c)->measured_per_s - 0.8 * 12) < 1e-12);
    gate_good(&c, 900 * MS, 0);
    gate_good(&c, 1700 * MS, 0);
    assert_true(fabs(aws(&c)->measured_per_s - (0.8 * 2 + 0.2 * 9.6)) < 1e-12);
}

/* Nothing is limited before the first throttling; errors of other kinds are none. */
static void test_aws_is_open_until_throttled(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_aws_adaptive, AWS_ADAPTIVE);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(gate_wait_ns(&c, i), 0);
        gate_failed(&c, i, 0, FAILURE_SERVER_ERROR);
    }
    gate_failed(&c, 1000, 0, FAILURE_THROTTLED);
    struct gate_answer answer = gate_ask(&c, 2000);
    assert_true(answer.verdict == GATE_WAIT && answer.wait_ns == INT64_MAX && answer.retry_after_ns > S);
}

/* Sends wait for their token in line: 0.5/s from an empty bucket, 2 s each; who comes later waits behind. */
static void test_aws_blocks_for_a_token(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_aws_adaptive, AWS_ADAPTIVE);
    gate_failed(&c, 0, 0, FAILURE_THROTTLED);
    assert_int_equal(gate_ask(&c, 0).retry_after_ns, 2 * S);
    c.in.waiting = 1;
    assert_true(gate_ask(&c, 3 * S).verdict == GATE_WAIT);
    c.in = (struct gate_in){.again = true, .waiting = 1};
    assert_true(gate_admits(&c, 3 * S));
    assert_int_equal(gate_ask(&c, 3 * S).retry_after_ns, 2 * S);
    /* At 4 s the rate has doubled: half of the token is there, the other half takes half a second. */
    aws(&c)->measured_per_s = 0.5;
    aws(&c)->last_max_per_s = 100;
    gate_good(&c, 4 * S, 0);
    assert_true(aws(&c)->fill_per_s == 1);
    assert_int_equal(gate_ask(&c, 4 * S).retry_after_ns, S / 2);
}

/* A second throttling starts from what the bucket let through, not from what was measured. */
static void test_aws_second_throttling(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_aws_adaptive, AWS_ADAPTIVE);
    aws(&c)->measured_per_s = 10;
    gate_failed(&c, 100 * MS, 0, FAILURE_THROTTLED);
    gate_failed(&c, 110 * MS, 0, FAILURE_THROTTLED);
    assert_true(fabs(aws(&c)->last_max_per_s - 7) < 1e-12);
    assert_true(fabs(aws(&c)->fill_per_s - 4.9) < 1e-12);
}

/* ---- bulkhead and concurrency ---- */

static void test_bulkhead_lets_some_wait(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_bulkhead, P(gate_bulkhead, .max = 2, .queue = 1, .max_wait_ns = 3 * S));
    assert_true(gate_admits(&c, 0) && gate_admits(&c, 0));
    struct gate_answer answer = gate_ask(&c, 0);
    assert_true(answer.verdict == GATE_WAIT && answer.wait_ns == 3 * S);
    c.in.waiting = 1;
    assert_true(gate_ask(&c, 0).verdict == GATE_REFUSE);
    gate_good(&c, S, S);
    /* Nobody overtakes: there is room, but one waits; that one is asked again and gets it. */
    assert_true(gate_ask(&c, S).verdict == GATE_REFUSE);
    c.in.waiting = 0;
    c.in.again = true;
    assert_true(gate_admits(&c, S));
    assert_true(gate_ask(&c, S).verdict == GATE_WAIT);
}

static const struct gate_share seventy_thirty[] = {{0.7}, {0.3}};

static bool admits(struct gate_case *c, uint32_t priority)
{
    c->in.priority = priority;
    return gate_admits(c, 0);
}

/* Limit 10, shares 7 and 3. Work-conserving: the second priority alone may have all ten; then the first still gets its
 * seven. */
static void test_shares_are_work_conserving(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_concurrency, P(gate_concurrency, 10, {(void *)seventy_thirty, 2}, false));
    for (int i = 0; i < 10; i++)
        assert_true(admits(&c, 1));
    assert_false(admits(&c, 1));
    for (int i = 0; i < 7; i++)
        assert_true(admits(&c, 0));
    assert_false(admits(&c, 0) || admits(&c, 1) || admits(&c, 5));
    /* Four of each leave, so that 9 are left: one of either gets in, then only who is within his share. */
    for (int i = 0; i < 8; i++) {
        c.in.priority = i % 2 ? 5 : 0;
        gate_good(&c, 0, 0);
    }
    assert_true(admits(&c, 1));
    assert_false(admits(&c, 1));
    assert_true(admits(&c, 0));
}

static void test_hard_shares(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_concurrency, P(gate_concurrency, 10, {(void *)seventy_thirty, 2}, true));
    for (int i = 0; i < 3; i++)
        assert_true(admits(&c, 1));
    assert_false(admits(&c, 1) || admits(&c, 2));
    for (int i = 0; i < 7; i++)
        assert_true(admits(&c, 0));
    assert_false(admits(&c, 0));
}

/* A share of 1 % of ten is one, not none. */
static void test_small_shares(void **state)
{
    static const struct gate_share shares[] = {{0.01}, {0.55}};
    (void)state;
    struct gate_case c = gate_start(&gate_concurrency, P(gate_concurrency, 10, {(void *)shares, 2}, true));
    assert_true(admits(&c, 0));
    assert_false(admits(&c, 0));
    for (int i = 0; i < 6; i++)
        assert_true(admits(&c, 1));
    assert_false(admits(&c, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_throttle_probabilities),
        cmocka_unit_test(test_throttle_sends_k_times_what_is_accepted),
        cmocka_unit_test(test_throttle_with_the_backend_down),
        cmocka_unit_test(test_throttle_counts),
        cmocka_unit_test(test_throttle_failures),
        cmocka_unit_test(test_nack_average),
        cmocka_unit_test(test_nack_probabilities),
        cmocka_unit_test(test_nack_needs_a_rate),
        cmocka_unit_test(test_aws_cubic),
        cmocka_unit_test(test_aws_guards),
        cmocka_unit_test(test_aws_measures_in_slots),
        cmocka_unit_test(test_aws_is_open_until_throttled),
        cmocka_unit_test(test_aws_blocks_for_a_token),
        cmocka_unit_test(test_aws_second_throttling),
        cmocka_unit_test(test_bulkhead_lets_some_wait),
        cmocka_unit_test(test_shares_are_work_conserving),
        cmocka_unit_test(test_hard_shares),
        cmocka_unit_test(test_small_shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
