/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gates of a service that look at its workers and its queue: who is let in when it has too much to do. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gate_case.h"

/* ---- cpu ---- */

static const struct gate_busy_threshold busy_thresholds[] = {{0.95}, {0.8}, {0.6}};
#define CPU P(gate_cpu, .thresholds = {(void *)busy_thresholds, 3}, .average_ns = S)

static struct gate_case with_busy(const void *parameters, int64_t busy)
{
    struct gate_case c = gate_start(&gate_cpu, parameters);
    c.signals = (struct gate_signals){.in_service = busy, .workers = 10};
    gate_ask(&c, 0);
    return c;
}

static bool admits(struct gate_case *c, uint32_t priority, int64_t now_ns)
{
    c->in.priority = priority;
    return gate_admits(c, now_ns);
}

/* All ten busy from 0 s on: after t seconds the average is 1 - exp(-t): 0.6 at 0.916 s, 0.8 at 1.609, 0.95 at 2.996. */
static void test_cpu_sheds_the_least_important_first(void **state)
{
    static const double passes[] = {0.6, 0.8, 0.95};
    (void)state;
    for (uint32_t i = 0; i < 3; i++) {
        int64_t at_ns = (int64_t)(-log(1 - passes[i]) * 1e9);
        uint32_t priority = 2 - i;
        struct gate_case before = with_busy(CPU, 10), after = with_busy(CPU, 10);
        assert_true(admits(&before, priority, at_ns - 10 * MS));
        assert_false(admits(&after, priority, at_ns + 10 * MS));
        assert_true(priority == 0 || admits(&after, priority - 1, at_ns + 10 * MS));
    }
    struct gate_case c = with_busy(CPU, 10);
    assert_false(admits(&c, 7, S));
}

/* The average is one over time: a level counts for as long as it lasted. 10 busy for 1 s, 4 for 2 s. */
static void test_cpu_averages_over_time(void **state)
{
    (void)state;
    struct gate_case c = with_busy(CPU, 10);
    c.signals.in_service = 4;
    gate_good(&c, S, S);
    gate_ask(&c, 3 * S);
    double after_1 = 1 - exp(-1), after_3 = 0.4 + (after_1 - 0.4) * exp(-2);
    assert_true(fabs(((struct gate_busy *)c.state)->average - after_3) < 1e-12);
}

/* ---- queue-delay ---- */

static const struct gate_delay_threshold delay_thresholds[] = {{500 * MS}, {100 * MS}};
#define DELAY(what) \
    P(gate_queue_delay, .thresholds = {(void *)delay_thresholds, 2}, .signal = what, .window_ns = S, .slices = 10)

static void left(struct gate_case *c, int64_t now_ns, int64_t wait_ns)
{
    c->queue_wait_ns = wait_ns;
    gate_good(c, now_ns, wait_ns + MS);
}

/* Waits of 100 and 101 ms: above the second priority's threshold; a second later they are forgotten. */
static void test_queue_delay_average(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_queue_delay, DELAY(DELAY_AVERAGE));
    left(&c, 0, 100 * MS);
    assert_true(admits(&c, 1, MS));
    left(&c, MS, 101 * MS);
    assert_false(admits(&c, 1, MS));
    assert_true(admits(&c, 0, MS));
    assert_false(admits(&c, 9, 999 * MS));
    assert_true(admits(&c, 1, S));
    c.queue_wait_ns = -1;
    gate_failed(&c, S, 0, FAILURE_TIMEOUT);
    assert_true(admits(&c, 1, S));
}

/* Where nothing leaves, or if asked to, it looks at whoever waits longest. */
static void test_queue_delay_oldest(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct gate_case c = gate_start(&gate_queue_delay, DELAY(i ? DELAY_OLDEST : DELAY_AVERAGE));
        c.signals.oldest_wait_ns = 501 * MS;
        assert_false(admits(&c, 0, 0));
        c.signals.oldest_wait_ns = 101 * MS;
        assert_true(admits(&c, 0, 0) && !admits(&c, 1, 0));
        left(&c, 0, 0);
        assert_int_equal(admits(&c, 1, 0), i == 0);
    }
}

/* ---- priority-cutoff: DAGOR ---- */

#define DAGOR(priority_count, user_count)                                                                       \
    P(gate_priority_cutoff, .threshold_ns = 20 * MS, .window_ns = S, .window_requests = 1000000,                \
      .priorities = priority_count, .users = user_count, .rehash_ns = 3600 * S, .alpha = 0.05, .beta = 0.01)

static struct gate_priority_cutoff_state *dagor(struct gate_case *c)
{
    return (struct gate_priority_cutoff_state *)c->state;
}

/* One window of 1000 arrivals, ten each millisecond, spread evenly over ten priorities; then one arrival that closes
 * it. Returns how many of the 1000 were let in. */
static int window_of_1000(struct gate_case *c, int64_t begin_ns, int64_t wait_ns)
{
    int let_in = 0;
    for (int i = 0; i < 1000; i++) {
        bool in = admits(c, (uint32_t)i % 10, begin_ns + i / 10 * MS);
        let_in += in;
        if (in)
            left(c, begin_ns + i / 10 * MS, wait_ns);
    }
    return let_in;
}

/* Ten priorities of 100 arrivals: a window of overload wants 95 % of the admitted, so one priority goes; six windows
 * take six (95 % of 500 is 475, a priority of 100 less each time). Calm ones add 1 % of the arrivals: a priority. */
static void test_dagor_moves_its_cutoff(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_priority_cutoff, DAGOR(10, 1));
    for (int i = 0; i < 6; i++)
        assert_int_equal(window_of_1000(&c, i * S, 21 * MS), 1000 - 100 * i);
    assert_int_equal(dagor(&c)->cutoff, 4);
    assert_true(!admits(&c, 4, 6 * S) && admits(&c, 3, 6 * S));
    /* The calm ones after it begin with the window that these two began. */
    for (int i = 0; i < 6; i++)
        assert_int_equal(window_of_1000(&c, 6 * S + MS + i * S, 20 * MS), 400 + 100 * i);
}

/* With many users of one priority the cut is finer: 5 % of the admitted go, about, and 1 % of the arrivals come back. */
static void test_dagor_cuts_within_a_priority(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_priority_cutoff, DAGOR(1, 1000));
    struct gate_priority_cutoff_state *s = dagor(&c);
    int64_t now_ns = 0, before = 0;
    for (int window = 0; window < 12; window++) {
        int64_t let_in = 0;
        double wait = window < 10 ? 30e6 : 10e6;
        for (uint32_t user = 0; user < 20000; user++) {
            c.in.caller = user;
            bool in = gate_admits(&c, now_ns);
            let_in += in;
            if (in)
                left(&c, now_ns, (int64_t)wait);
        }
        /* A level holds 20 callers, give or take 5 standard deviations of a Poisson number. */
        if (window > 0 && window <= 10)
            assert_true(fabs((double)let_in - 0.95 * (double)before) < 20 + 5 * sqrt(20));
        if (window == 11)
            assert_true(fabs((double)let_in - (double)before - 0.01 * 20000) < 20 + 5 * sqrt(20));
        before = let_in;
        now_ns += S + MS;
    }
    assert_true(s->cutoff < 999);
}

/* The same callers are let in at every service, for an hour; then it is others. */
static void test_dagor_is_consistent(void **state)
{
    (void)state;
    struct gate_case one = gate_start(&gate_priority_cutoff, DAGOR(1, 128)), other = one;
    dagor(&one)->cutoff = dagor(&other)->cutoff = 63;
    dagor(&one)->end_ns = dagor(&other)->end_ns = INT64_MAX;
    int same = 0, after_an_hour = 0;
    for (uint32_t user = 0; user < 10000; user++) {
        one.in.caller = other.in.caller = user;
        bool in = gate_admits(&one, S);
        same += in == gate_admits(&other, 3599 * S);
        after_an_hour += in == gate_admits(&one, 3600 * S);
    }
    assert_int_equal(same, 10000);
    /* Half of them, binomial: 5000 +- 5 x 50. */
    assert_in_range(after_an_hour, 4750, 5250);
}

/* A priority beyond the list counts as the last one; window_requests end a window early; without any wait to look at, the
 * oldest one says whether there is an overload. */
static void test_dagor_edges(void **state)
{
    (void)state;
    struct gate_priority_cutoff p = *DAGOR(2, 1);
    p.window_requests = 10;
    struct gate_case c = gate_start(&gate_priority_cutoff, &p);
    c.signals.oldest_wait_ns = 30 * MS;
    for (int i = 0; i < 10; i++)
        assert_true(admits(&c, i < 5 ? 0 : 40, 0));
    assert_false(admits(&c, 40, 0));
    assert_true(admits(&c, 0, 0));
    assert_int_equal(dagor(&c)->cutoff, 0);
}

/* ---- credits: Breakwater ---- */

#define CREDITS                                                                                           \
    P(gate_credits, .target_ns = 80 * MS, .every_ns = 10 * MS, .start = 10, .max = 1000, .clients = 5000, \
      .increase = 0.001, .decrease = 0.02, .drop_at = 2)

static double credits_at(struct gate_case *c, int64_t now_ns, int64_t oldest_wait_ns)
{
    c->signals.oldest_wait_ns = oldest_wait_ns;
    gate_ask(c, now_ns);
    return ((struct gate_credits_state *)c->state)->credits;
}

/* Below the target 0.001 x 5000 = 5 more; at 120 ms, half a target above, 1 % less; far above half of them. */
static void test_breakwater_trace(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_credits, CREDITS);
    assert_true(credits_at(&c, 9 * MS, 0) == 10);
    assert_true(credits_at(&c, 10 * MS, 79 * MS) == 15);
    assert_true(credits_at(&c, 15 * MS, 79 * MS) == 15);
    assert_true(credits_at(&c, 20 * MS, 0) == 20);
    assert_true(credits_at(&c, 30 * MS, 80 * MS) == 20);
    assert_true(fabs(credits_at(&c, 40 * MS, 120 * MS) - 19.8) < 1e-12);
    assert_true(fabs(credits_at(&c, 50 * MS, 100 * S) - 9.9) < 1e-12);
    for (int i = 0; i < 100; i++)
        credits_at(&c, 60 * MS + i * 10 * MS, 100 * S);
    assert_true(credits_at(&c, 5 * S, 100 * S) == 1);
    for (int i = 0; i < 300; i++)
        credits_at(&c, 6 * S + i * 10 * MS, 0);
    assert_true(credits_at(&c, 60 * S, 0) == 1000);
}

/* At least one credit more, however few clients; never more under way than credits; nothing beyond twice the target. */
static void test_breakwater_admits(void **state)
{
    (void)state;
    struct gate_credits p = *CREDITS;
    p.clients = 3;
    struct gate_case c = gate_start(&gate_credits, &p);
    assert_int_equal(gate_burst(&c, 0), 10);
    assert_true(credits_at(&c, 10 * MS, 0) == 11);
    gate_good(&c, 10 * MS, MS);
    assert_int_equal(gate_burst(&c, 11 * MS), 1);
    gate_good(&c, 12 * MS, MS);
    c.signals.oldest_wait_ns = 160 * MS + 1;
    assert_false(gate_admits(&c, 12 * MS));
    c.signals.oldest_wait_ns = 160 * MS;
    assert_true(gate_admits(&c, 12 * MS));
}

/* ---- bbr ---- */

#define BBR                                                                                                   \
    P(gate_bbr, .busy = 0.9, .decay = 0.9, .window_ns = 5 * S, .slices = 50, .average_ns = S, .cool_off_ns = S)

/* Ten workers of 50 ms, two thirds busy for a second: 13 or 14 pass in each slice of 100 ms, 50 ms each. */
static struct gate_case after_a_calm_second(void)
{
    struct gate_case c = gate_start(&gate_bbr, BBR);
    c.signals = (struct gate_signals){.in_service = 7, .workers = 10};
    for (int64_t now_ns = 0; now_ns < S; now_ns += S / 135) {
        gate_ask(&c, now_ns);
        gate_good(&c, now_ns, 50 * MS);
    }
    return c;
}

/* Best throughput 14 in 100 ms, least latency 50 ms: 7 hold it without a queue. All ten busy for long: the factor is (1 -
 * 1) / 0.1, at least 0.1: everything above one is refused. */
static void test_bbr_limits_when_busy(void **state)
{
    (void)state;
    struct gate_case c = after_a_calm_second();
    assert_true(gate_burst(&c, S) > 1000);
    c = after_a_calm_second();
    c.signals.in_service = 10;
    gate_ask(&c, S);
    gate_ask(&c, 5 * S - 500 * MS);
    /* 2 under way, but the moving average is 0 yet: it has to be high as well. */
    for (int i = 0; i < 10; i++)
        assert_true(gate_admits(&c, 5 * S - 500 * MS));
    for (int i = 0; i < 100; i++) {
        gate_failed(&c, 5 * S - 500 * MS, MS, FAILURE_TIMEOUT);
        ((struct gate_bbr_state *)c.state)->in_flight = 12;
    }
    assert_false(gate_admits(&c, 5 * S - 500 * MS));
}

/* At 95 % busy half of the seven: 3.5. It goes on for a second after the workers are less busy, if it had refused. */
static void test_bbr_factor_and_cool_off(void **state)
{
    (void)state;
    struct gate_case c = after_a_calm_second();
    struct gate_bbr_state *s = (struct gate_bbr_state *)c.state;
    s->busy.average = s->busy.now = 0.95;
    s->busy.since_ns = S;
    s->average_in_flight = 100;
    s->in_flight = 3;
    assert_true(gate_admits(&c, S));
    assert_false(gate_admits(&c, S));
    s->busy.average = s->busy.now = 0.1;
    s->busy.since_ns = S;
    s->in_flight = 8;
    assert_false(gate_admits(&c, S + 900 * MS));
    assert_true(gate_admits(&c, S + 1000 * MS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cpu_sheds_the_least_important_first),
        cmocka_unit_test(test_cpu_averages_over_time),
        cmocka_unit_test(test_queue_delay_average),
        cmocka_unit_test(test_queue_delay_oldest),
        cmocka_unit_test(test_dagor_moves_its_cutoff),
        cmocka_unit_test(test_dagor_cuts_within_a_priority),
        cmocka_unit_test(test_dagor_is_consistent),
        cmocka_unit_test(test_dagor_edges),
        cmocka_unit_test(test_breakwater_trace),
        cmocka_unit_test(test_breakwater_admits),
        cmocka_unit_test(test_bbr_limits_when_busy),
        cmocka_unit_test(test_bbr_factor_and_cool_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
