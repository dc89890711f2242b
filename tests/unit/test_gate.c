/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Client-side rate limits: bursts, the bound over any interval, drift, and waiting in line. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/stream.h"
#include "policy/gate/rows.h"

#define S INT64_C(1000000000)

struct fixture {
    struct gate_token_bucket parameters;
    struct gate_token_bucket_state state;
};

static struct fixture start(double rate_per_s, int64_t burst, enum gate_on_empty on_empty,
                            int64_t max_wait_ns)
{
    return (struct fixture){.parameters = {rate_per_s, burst, (int)on_empty, max_wait_ns}};
}

#define REFUSED INT64_MIN

static int64_t acquire(struct fixture *f, int64_t now_ns)
{
    static const struct gate_signals nothing;
    struct gate_in in = {.now_ns = now_ns, .signals = &nothing};
    struct gate_answer answer = gate_token_bucket.ask(&f->parameters, &f->state, &in);
    return answer.verdict == GATE_REFUSE ? REFUSED : answer.wait_ns;
}

static int64_t burst_at(struct fixture *f, int64_t now_ns)
{
    int64_t granted = 0;
    while (acquire(f, now_ns) == 0)
        granted++;
    return granted;
}

static void test_starts_full(void **state)
{
    (void)state;
    for (int64_t burst = 1; burst <= 1000; burst = burst * 3 + 1) {
        struct fixture f = start(7, burst, ON_EMPTY_REJECT, INT64_MAX);
        assert_int_equal(burst_at(&f, 0), burst);
        assert_int_equal(acquire(&f, 0), REFUSED);
    }
}

static void test_refills_at_the_rate(void **state)
{
    struct fixture f = start(10, 5, ON_EMPTY_REJECT, INT64_MAX);
    (void)state;
    assert_int_equal(burst_at(&f, 3 * S), 5);
    assert_int_equal(burst_at(&f, 3 * S + S / 10 - 1), 0);
    assert_int_equal(burst_at(&f, 3 * S + S / 10), 1);
    assert_int_equal(burst_at(&f, 3 * S + 4 * S / 10), 3);
    assert_int_equal(burst_at(&f, 1000 * S), 5);
}

/* 3 a second: intervals of 333333333.33 ns, yet three permits every whole second. */
static void test_fractions_of_a_nanosecond(void **state)
{
    struct fixture f = start(3, 1, ON_EMPTY_WAIT, INT64_MAX);
    (void)state;
    for (int64_t k = 0; k < 3000000; k++) {
        int64_t at_ns = acquire(&f, 0);
        /* Exactly ceil(k / 3 s), or 1 ns later where the exact time is whole. */
        assert_in_range(at_ns - (k * S + 2) / 3, 0, 1);
    }
}

/* Never early, and late by at most 2^-32 ns a token: 0.24 ns after a billion, whatever the rate. */
static void test_no_drift_over_a_billion_tokens(void **state)
{
    static const double rates[] = {3, 7, 1000, 1e6, 1.0 / 3, 12345.678, 999999999, 1e9};
    enum { TOKENS = 1000000 };
    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct fixture f = start(rates[i], 1, ON_EMPTY_WAIT, INT64_MAX);
        for (int k = 0; k < TOKENS; k++)
            acquire(&f, 0);
        long double per_token = 1e9L / (long double)rates[i];
        long double late =
            (long double)f.state.next_free_ns + (long double)f.state.spare * 0x1p-32L - per_token * TOKENS;
        /* 2^-32 ns a token; the long double sum itself is good to 2^-63 of its value. */
        long double slack = per_token * TOKENS * 0x1p-62L;
        if (!(late >= -slack && late * 1000 <= 0.24L + 1000 * slack))
            fail_msg("rate %g: a million tokens are %Lg ns late", rates[i], late);
    }
}

/* Random arrivals, many rates and bursts: in any interval at most burst + rate * t permits. The worst
 * intervals begin and end with a permit, so only those are looked at. */
static void check_any_interval(double rate_per_s, int64_t burst, uint64_t seed)
{
    enum { ARRIVALS = 3000 };
    static int64_t granted_ns[ARRIVALS];
    struct fixture f = start(rate_per_s, burst, ON_EMPTY_REJECT, INT64_MAX);
    struct stream stream = stream_at(seed, 0, 0);
    size_t granted = 0;
    int64_t now_ns = 0;
    for (int i = 0; i < ARRIVALS; i++) {
        double u = stream_uniform(&stream);
        double gap_ns = -1e9 / rate_per_s * log(1 - u) * (i / 500 % 2 ? 0.2 : 2);
        now_ns += (int64_t)gap_ns;
        if (acquire(&f, now_ns) == 0)
            granted_ns[granted++] = now_ns;
    }
    assert_true(granted > 100);
    for (size_t from = 0; from < granted; from++)
        for (size_t to = from; to < granted; to++) {
            long double allowed = (long double)burst + (long double)rate_per_s *
                                                           (long double)(granted_ns[to] - granted_ns[from]) /
                                                           1e9L;
            if ((long double)(to - from + 1) > allowed + 1e-12L)
                fail_msg("rate %g burst %lld: %zu permits, %Lg allowed", rate_per_s, (long long)burst,
                         to - from + 1, allowed);
        }
}

static void test_bound_over_any_interval(void **state)
{
    static const double rates[] = {1, 3, 7.7, 1000, 333333.3, 5e8};
    static const int64_t bursts[] = {1, 2, 10, 300};
    (void)state;
    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++)
        for (size_t b = 0; b < sizeof bursts / sizeof *bursts; b++)
            check_any_interval(rates[r], bursts[b], 10 * r + b);
}

/* An overloaded bucket gives all that it may: burst + rate * t, less at most one. */
static void test_overload_gets_the_whole_rate(void **state)
{
    struct fixture f = start(7, 20, ON_EMPTY_REJECT, INT64_MAX);
    int64_t granted = 0;
    (void)state;
    for (int64_t now_ns = 0; now_ns <= 100 * S; now_ns += S / 1000)
        granted += acquire(&f, now_ns) == 0;
    assert_in_range(granted, 719, 720);
}

static void test_waiting_is_first_come_first_served(void **state)
{
    struct fixture f = start(10, 2, ON_EMPTY_WAIT, INT64_MAX);
    struct stream stream = stream_at(2, 0, 0);
    int64_t now_ns = 0, last_ns = -1;
    (void)state;
    assert_int_equal(acquire(&f, 0), 0);
    assert_int_equal(acquire(&f, 0), 0);
    assert_int_equal(acquire(&f, 0), S / 10);
    assert_int_equal(acquire(&f, S / 20), 3 * S / 20);
    assert_int_equal(acquire(&f, S / 10), 2 * S / 10);
    f = start(10, 2, ON_EMPTY_WAIT, INT64_MAX);
    for (int i = 0; i < 10000; i++) {
        double u = stream_uniform(&stream);
        now_ns += (int64_t)(u * 0.18e9);
        int64_t wait_ns = acquire(&f, now_ns);
        assert_true(wait_ns >= 0 && now_ns + wait_ns >= last_ns);
        last_ns = now_ns + wait_ns;
    }
}

/* Sends of waiting attempts keep the bound as well: the gap to the send `burst` places on is burst intervals.
 */
static void test_waiting_keeps_the_rate(void **state)
{
    enum { SENDS = 5000, BURST = 4 };
    static int64_t sent_ns[SENDS];
    struct fixture f = start(1000, BURST, ON_EMPTY_WAIT, INT64_MAX);
    struct stream stream = stream_at(3, 0, 0);
    int64_t now_ns = 0;
    (void)state;
    for (int i = 0; i < SENDS; i++) {
        double u = stream_uniform(&stream);
        now_ns += (int64_t)(u * 1.9e6);
        sent_ns[i] = now_ns + acquire(&f, now_ns);
    }
    for (int i = BURST; i < SENDS; i++)
        assert_true(sent_ns[i] - sent_ns[i - BURST] >= S / 1000);
}

static void test_max_wait_refuses_and_takes_nothing(void **state)
{
    struct fixture f = start(10, 1, ON_EMPTY_WAIT, S / 4);
    (void)state;
    assert_int_equal(acquire(&f, 0), 0);
    assert_int_equal(acquire(&f, 0), S / 10);
    assert_int_equal(acquire(&f, 0), 2 * S / 10);
    for (int i = 0; i < 10; i++)
        assert_int_equal(acquire(&f, 0), REFUSED);
    assert_int_equal(acquire(&f, S / 10), 2 * S / 10);
    assert_int_equal(acquire(&f, S / 10), REFUSED);
}

static void test_extremes_do_not_overflow(void **state)
{
    struct fixture slow = start(1e-6, 1, ON_EMPTY_WAIT, INT64_MAX);
    struct fixture absurd = start(1e-6, 1000000000, ON_EMPTY_REJECT, INT64_MAX);
    struct fixture wide = start(1e9, 1000000000, ON_EMPTY_REJECT, INT64_MAX);
    int64_t last_ns = 0;
    (void)state;
    for (int i = 0; i < 5000; i++) {
        int64_t wait_ns = acquire(&slow, 3 * S * 1000000000);
        assert_true(wait_ns == REFUSED || wait_ns >= last_ns);
        last_ns = wait_ns == REFUSED ? last_ns : wait_ns;
    }
    assert_in_range(last_ns, 998 * S * 1000000, S * 1000000000);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(acquire(&wide, 0), 0);
    assert_in_range(burst_at(&absurd, 0), 1000,
                    1001); /* refused in a scenario; here cut to 31 years' worth */
}

struct pinned {
    const char *name;
    const void *parameters;
    int granted; /* of 1000 attempts 10 ms apart */
};

static const struct pinned pins[] = {
    {"none", NULL, 1000},
    {"token-bucket", &(const struct gate_token_bucket){10, 20, ON_EMPTY_REJECT, INT64_MAX}, 119},
    {0},
};

/* Admitted at once and over at once, 1000 times. */
static int admitted_of_1000(const struct gate_row *row, const void *parameters, void *self)
{
    static const struct gate_signals nothing;
    int admitted = 0;
    for (int k = 0; k < 1000; k++) {
        struct stream stream = stream_at(1, (uint64_t)k, 0);
        struct gate_in in = {.now_ns = k * (S / 100), .stream = &stream, .signals = &nothing};
        if (row->ask(parameters, self, &in).verdict != GATE_ADMIT)
            continue;
        struct gate_out out = {.now_ns = in.now_ns, .sent = true, .good = true, .signals = &nothing};
        admitted++;
        if (row->leave)
            row->leave(parameters, self, &out);
    }
    return admitted;
}

static void test_every_gate(void **state)
{
    (void)state;
    for (size_t i = 0; gate_table.rows[i]; i++) {
        const struct gate_row *row = (const struct gate_row *)gate_table.rows[i];
        const struct pinned *pin = pins;
        while (pin->name && strcmp(pin->name, row->row.name) != 0)
            pin++;
        if (!pin->name)
            fail_msg("'%s' has no pinned number here: add one", row->row.name);
        assert_true(row->row.summary && row->ask && row->row.size <= CHOICE_BYTES);
        void *self = calloc(1, (row->state_size ? row->state_size(pin->parameters) : 0) + 8);
        if (row->init)
            row->init(pin->parameters, self);
        int admitted = admitted_of_1000(row, pin->parameters, self);
        if (admitted != pin->granted)
            fail_msg("%s admits %d, pinned is %d", pin->name, admitted, pin->granted);
        free(self);
    }
}

static void test_contradictions_are_refused(void **state)
{
    (void)state;
    assert_non_null(gate_token_bucket.row.prepare(&(struct gate_token_bucket){1e-6, 2000, 0, 0}));
    assert_null(gate_token_bucket.row.prepare(&(struct gate_token_bucket){1e-6, 1000, 0, 0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_starts_full),
        cmocka_unit_test(test_refills_at_the_rate),
        cmocka_unit_test(test_fractions_of_a_nanosecond),
        cmocka_unit_test(test_no_drift_over_a_billion_tokens),
        cmocka_unit_test(test_bound_over_any_interval),
        cmocka_unit_test(test_overload_gets_the_whole_rate),
        cmocka_unit_test(test_waiting_is_first_come_first_served),
        cmocka_unit_test(test_waiting_keeps_the_rate),
        cmocka_unit_test(test_max_wait_refuses_and_takes_nothing),
        cmocka_unit_test(test_extremes_do_not_overflow),
        cmocka_unit_test(test_every_gate),
        cmocka_unit_test(test_contradictions_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
