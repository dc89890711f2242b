/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Concurrency limits that learn from latencies: their update rules by sequences worked out by hand, and where they come
 * to rest on a service of `c` workers that is asked for more than it can do. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gate_case.h"

#define LIMIT(from, least, most) {.start = from, .min = least, .max = most, .drop_on = FAILURES_REJECTED}

static struct gate_limit_state *limit_of(struct gate_case *c) { return (struct gate_limit_state *)c->state; }

/* One sample with so many under way. */
static void sample(struct gate_case *c, int64_t in_flight, int64_t latency_ns)
{
    limit_of(c)->in_flight = in_flight;
    gate_good(c, 0, latency_ns);
}

static void drop(struct gate_case *c, int64_t in_flight)
{
    limit_of(c)->in_flight = in_flight;
    gate_failed(c, 0, MS, FAILURE_OVERLOADED);
}

static void assert_limit(struct gate_case *c, double expected)
{
    if (fabs(limit_of(c)->limit - expected) > 1e-9 * expected)
        fail_msg("the limit is %.12g, expected %.12g", limit_of(c)->limit, expected);
}

/* Latency of a service of `workers` that is never idle and serves each in `service_ns`: Little's law. */
static int64_t saturated_ns(double limit, double workers, double service_ns)
{
    return (int64_t)(service_ns * fmax(1, floor(limit) / workers));
}

/* ---- what they share ---- */

static void test_admits_up_to_the_limit(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_aimd, P(gate_aimd, .limit = LIMIT(3, 1, 9), .backoff = 0.5, .timeout_ns = S));
    assert_int_equal(gate_burst(&c, 0) > 0 ? limit_of(&c)->in_flight : 0, 3);
    gate_unsent(&c, 0);
    assert_limit(&c, 3);
    assert_true(gate_admits(&c, 0));
    gate_failed(&c, 0, MS, FAILURE_SERVER_ERROR);
    assert_limit(&c, 3);
    assert_true(gate_admits(&c, 0));
    assert_false(gate_admits(&c, 0));
}

/* Samples of a window of 100 ms become one: their mean, the most under way, whether any was a drop. Windows of fewer than
 * three are left out. */
static void test_windowed_samples(void **state)
{
    (void)state;
    struct gate_limit limit = {.start = 5, .min = 1, .max = 9, .window_ns = 100 * MS, .window_samples = 3,
                               .drop_on = FAILURES_REJECTED};
    struct gate_limit_state s = {.in_flight = 9};
    struct gate_sample got;
    struct gate_out out = {.now_ns = MS, .latency_ns = 7, .sent = true, .good = true};
    assert_false(gate_limit_leave(&limit, &s, &out, &got));
    for (int i = 0; i < 3; i++) {
        out.now_ns = 10 * MS * (i + 2);
        out.latency_ns = i == 1 ? 0 : 100 * (i + 1);
        out.good = i != 1;
        out.failure = FAILURE_OVERLOADED;
        assert_false(gate_limit_leave(&limit, &s, &out, &got));
    }
    out = (struct gate_out){.now_ns = 102 * MS, .latency_ns = 200, .sent = true, .good = true};
    s.in_flight = 2;
    assert_true(gate_limit_leave(&limit, &s, &out, &got));
    assert_true(got.latency_ns == 200 && got.in_flight == 8 && got.dropped);
    out.now_ns = 203 * MS;
    assert_false(gate_limit_leave(&limit, &s, &out, &got));
}

/* ---- aimd ---- */

static void test_aimd_trace(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_aimd, P(gate_aimd, .limit = LIMIT(20, 20, 200), .backoff = 0.9, .timeout_ns = 5 * S));
    sample(&c, 9, MS);
    assert_limit(&c, 20);
    sample(&c, 10, MS);
    assert_limit(&c, 21);
    sample(&c, 10, MS);
    assert_limit(&c, 21);
    sample(&c, 11, 5 * S);
    assert_limit(&c, 22);
    sample(&c, 22, 5 * S + 1);
    assert_limit(&c, 20);
    for (int i = 0; i < 300; i++)
        sample(&c, 200, MS);
    assert_limit(&c, 200);
    drop(&c, 200);
    assert_limit(&c, 180);
    drop(&c, 1);
    assert_limit(&c, 162);
}

/* 100 workers of 10 ms, a timeout of 20 ms: it rises to 200, where latency is 20 ms, and falls back to 180, again and
 * again (with room to 1000). */
static void test_aimd_sawtooth(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_aimd, P(gate_aimd, .limit = LIMIT(20, 20, 1000), .backoff = 0.9, .timeout_ns = 20 * MS));
    double least = 1000, most = 0;
    for (int i = 0; i < 5000; i++) {
        double limit = limit_of(&c)->limit;
        sample(&c, (int64_t)limit, saturated_ns(limit, 100, 10 * MS));
        least = i > 1000 ? fmin(least, limit_of(&c)->limit) : least;
        most = i > 1000 ? fmax(most, limit_of(&c)->limit) : most;
    }
    assert_true(least == 180 && most == 201);
}

/* ---- vegas ---- */

#define VEGAS P(gate_vegas, .limit = LIMIT(20, 1, 1000), .smoothing = 1, .probe = 30)

/* Limit 20, log10 is 1: queue <= 1: +6; queue 2: +1; queue 3 .. 6: as it is; queue 7: -1. */
static void test_vegas_trace(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_vegas, VEGAS);
    sample(&c, 20, 10 * MS);
    assert_limit(&c, 20);
    sample(&c, 9, 10 * MS);
    assert_limit(&c, 20);
    sample(&c, 10, 10 * MS);
    assert_limit(&c, 26);
    /* ceil(26 (1 - 10 / 10.4)) = 1, ceil(32 (1 - 10 / 10.6)) = 2, ceil(33 (1 - 10 / 11)) = 3 */
    sample(&c, 26, 10400000);
    assert_limit(&c, 32);
    sample(&c, 32, 10600000);
    assert_limit(&c, 33);
    sample(&c, 33, 11 * MS);
    assert_limit(&c, 33);
    /* ceil(33 (1 - 10 / 12)) = 6, ceil(33 (1 - 10 / 12.5)) = 7 */
    sample(&c, 33, 12 * MS);
    assert_limit(&c, 33);
    sample(&c, 33, 12500000);
    assert_limit(&c, 32);
    drop(&c, 32);
    assert_limit(&c, 31);
    sample(&c, 31, 9 * MS);
    assert_limit(&c, 31);
    assert_true(((struct gate_vegas_state *)c.state)->base_ns == 9e6);
}

/* From 100 on the steps are 2. */
static void test_vegas_steps_grow(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_vegas, VEGAS);
    limit_of(&c)->limit = 100;
    sample(&c, 100, 10 * MS);
    sample(&c, 100, 10 * MS);
    assert_limit(&c, 112);
    drop(&c, 112);
    assert_limit(&c, 110);
}

/* After 30 x L x U(0.5, 1) samples the next one is the new base, even if it is worse. */
static void test_vegas_probes(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_vegas, P(gate_vegas, .limit = LIMIT(20, 20, 20), .smoothing = 1, .probe = 30));
    struct gate_vegas_state *s = (struct gate_vegas_state *)c.state;
    sample(&c, 20, 10 * MS);
    int last = 0;
    for (int i = 1, probes = 0; probes < 20; i++) {
        double jitter = s->probe_jitter;
        sample(&c, 20, (20 + probes) * MS);
        if (s->base_ns != (20 + probes) * 1e6)
            continue;
        assert_true(probes == 0 || i - last == (int)ceil(jitter * 600));
        assert_in_range(s->probe_jitter * 1000, 500, 1000);
        last = i;
        probes++;
    }
}

static double normal(struct stream *stream)
{
    double u = stream_uniform_open(stream), v = stream_uniform(stream);
    return sqrt(-2 * log(u)) * cos(2 * acos(-1) * v);
}

/* Where latencies vary (normal, 5 %) the least of them makes all the others look like a queue: on 100 workers of 10 ms it
 * comes to rest at about 35, where L x 3.5 x 5 % is 6. The means of windows of 100 vary less. */
static void test_pitfall_vegas_takes_noise_for_a_queue(void **state)
{
    (void)state;
    double mean[2] = {0};
    for (int windowed = 0; windowed < 2; windowed++) {
        struct gate_vegas p = *VEGAS;
        p.limit.window_ns = windowed ? 100 * MS : 0;
        p.limit.window_samples = 10;
        struct gate_case c = gate_start(&gate_vegas, &p);
        struct stream noise = stream_at(12, 0, 0);
        enum { SAMPLES = 400000 };
        for (int i = 0; i < SAMPLES; i++) {
            double limit = limit_of(&c)->limit;
            limit_of(&c)->in_flight = (int64_t)limit;
            gate_good(&c, i * MS, saturated_ns(limit, 100, 10e6 * (1 + 0.05 * normal(&noise))));
            mean[windowed] += i >= SAMPLES / 2 ? 2 * limit / SAMPLES : 0;
        }
    }
    assert_in_range(mean[0], 25, 45);
    assert_true(mean[1] > 95);
}

/* ---- gradient ---- */

#define GRADIENT P(gate_gradient, .limit = LIMIT(50, 1, 1000), .tolerance = 2, .smoothing = 0.2, .backoff = 0.9, .probe = 1000)

/* Room: max(4, floor(sqrt(L))). At 10 ms and up to 20 ms the gradient is 1. */
static void test_gradient_trace(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_gradient, GRADIENT);
    sample(&c, 50, 10 * MS);
    assert_limit(&c, 57);
    sample(&c, 57, 20 * MS);
    assert_limit(&c, 64);
    sample(&c, 31, 20 * MS);
    assert_limit(&c, 64);
    /* 64 x 0.8 + 8 = 59.2, of which a fifth happens at once */
    sample(&c, 64, 25 * MS);
    assert_limit(&c, 0.8 * 64 + 0.2 * 59.2);
    double limit = limit_of(&c)->limit;
    sample(&c, 64, 1000 * MS);
    assert_limit(&c, 0.8 * limit + 0.2 * (0.5 * limit + 7));
    limit = limit_of(&c)->limit;
    drop(&c, 64);
    assert_limit(&c, 0.8 * limit + 0.2 * 0.9 * limit);
}

/* After 1000 samples the limit falls to its room and the base is forgotten; then after 1000 to 2000. */
static void test_gradient_probes(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_gradient, GRADIENT);
    int last = -1, probes = 0;
    for (int i = 0; probes < 5; i++) {
        double before = limit_of(&c)->limit;
        sample(&c, 1000, (10 + probes) * MS);
        if (limit_of(&c)->limit != fmax(4, floor(sqrt(floor(before)))))
            continue;
        assert_true(((struct gate_gradient_state *)c.state)->base_ns == 0);
        assert_in_range(i - last, last < 0 ? 1001 : 1000, last < 0 ? 1001 : 2001);
        last = i;
        probes++;
    }
}

/* Never: in a long calm it grows to its largest limit. */
static void test_gradient_without_probes(void **state)
{
    (void)state;
    struct gate_gradient p = *GRADIENT;
    p.probe = INT64_MAX;
    struct gate_case c = gate_start(&gate_gradient, &p);
    for (int i = 0; i < 3000; i++)
        sample(&c, 1000, 10 * MS);
    assert_limit(&c, 1000);
}

/* ---- gradient2 ---- */

#define GRADIENT2(most) \
    P(gate_gradient2, .limit = LIMIT(20, 20, most), .tolerance = 1.5, .smoothing = 0.2, .queue = 4, .long_window = 600)

static void test_gradient2_trace(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_gradient2, GRADIENT2(200));
    struct gate_gradient2_state *s = (struct gate_gradient2_state *)c.state;
    sample(&c, 20, 10 * MS);
    assert_limit(&c, 20.8);
    sample(&c, 10, 20 * MS);
    assert_limit(&c, 20.8);
    assert_true(s->long_ns == 15e6);
    for (int i = 3; i <= 10; i++)
        sample(&c, 5, 15 * MS);
    assert_true(s->long_ns == 15e6);
    /* The eleventh is the first in the average: 15 + 2/601 x 15 ms; 1.5 long / 30 < 1. */
    sample(&c, 21, 30 * MS);
    double long_ns = 15e6 * (1 - 2.0 / 601) + 30e6 * 2 / 601;
    assert_true(fabs(s->long_ns - long_ns) < 1e-3);
    assert_limit(&c, 0.8 * 20.8 + 0.2 * (20.8 * 1.5 * long_ns / 30e6 + 4) < 20
                         ? 20 : 0.8 * 20.8 + 0.2 * (20.8 * 1.5 * long_ns / 30e6 + 4));
    /* Where it is above twice the present latency the long-term one gives way. */
    sample(&c, 1, 5 * MS);
    double next = long_ns * (1 - 2.0 / 601) + 5e6 * 2 / 601;
    assert_true(fabs(s->long_ns - 0.95 * next) < 1e-3);
}

/* Overload without end on 100 workers: the long-term latency learns it, and the limit drifts up without end. It follows
 * 1.5 times what was learnt, which grows by 1/601 of itself with each sample (while that is below 0.8, the most a sample
 * adds). Published: 61, 165, 513 after 50, 200, 1000 samples, with latencies that come as late as they are long. */
static void test_pitfall_gradient2_drifts_in_overload(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_gradient2, GRADIENT2(100000));
    double after[4] = {0};
    static const int when[] = {50, 200, 400, 5000};
    for (int i = 1, next = 0; i <= 5000; i++) {
        double limit = limit_of(&c)->limit;
        sample(&c, (int64_t)limit, saturated_ns(limit, 100, 10 * MS));
        if (i == when[next])
            after[next++] = limit_of(&c)->limit;
    }
    assert_true(fabs(after[0] - (20 + 50 * 0.8)) < 1e-9);
    assert_true(fabs(after[1] / 165 - 1) < 0.05);
    assert_true(fabs(after[2] / after[1] / exp(200.0 / 601) - 1) < 0.05);
    assert_true(after[3] > 3000);
}

/* ---- envoy-adaptive ---- */

#define ENVOY(workers_buffer)                                                                                        \
    P(gate_envoy_adaptive, .quantile = 0.5, .buffer = workers_buffer, .jitter = 0.15, .update_ns = 100 * MS,         \
      .probe_ns = 60 * S, .probe_requests = 50, .probe_limit = 3, .max = 1000)

static struct gate_envoy_adaptive_state *envoy(struct gate_case *c)
{
    return (struct gate_envoy_adaptive_state *)c->state;
}

/* At the start a probe: three at a time, until 50 have answered. */
static void test_envoy_begins_with_a_probe(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_envoy_adaptive, ENVOY(0.25));
    assert_true(envoy(&c)->probing);
    assert_true(gate_admits(&c, 0) && gate_admits(&c, 0) && gate_admits(&c, 0));
    assert_false(gate_admits(&c, 0));
    for (int i = 0; i < 49; i++) {
        gate_good(&c, 10 * MS * (i + 1), 10 * MS);
        assert_true(envoy(&c)->probing);
        assert_true(gate_admits(&c, 10 * MS * (i + 1)));
    }
    gate_failed(&c, 500 * MS, 700 * MS, FAILURE_TIMEOUT);
    assert_true(envoy(&c)->probing);
    gate_good(&c, 500 * MS, 10 * MS);
    assert_false(envoy(&c)->probing);
    assert_true(fabs(envoy(&c)->base_ns / 10e6 - 1) < 0.031);
    assert_true(envoy(&c)->limit == 3);
    assert_in_range(envoy(&c)->next_probe_ns, 60500 * MS, 69500 * MS);
}

/* 3 -> 3.75 + sqrt(3.75), and so on: while latency is the base, the gradient is 1 + buffer. */
static void test_envoy_update_trace(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_envoy_adaptive, ENVOY(0.25));
    for (int i = 0; i < 50; i++)
        gate_good(&c, 100 * MS, 10 * MS);
    envoy(&c)->in_flight = 100;
    double limit = 3;
    for (int i = 0; i < 10; i++) {
        gate_good(&c, 110 * MS + i * 100 * MS, 10 * MS);
        gate_good(&c, 205 * MS + i * 100 * MS, 10 * MS);
        limit = floor(limit * 1.25 + sqrt(limit * 1.25));
        assert_true(envoy(&c)->limit == limit);
    }
    /* Latencies beyond twice the buffered base do no more than halve it, before the root is added. */
    for (int i = 0; i < 5; i++)
        gate_good(&c, 1150 * MS, S);
    gate_good(&c, 1205 * MS, 10 * MS);
    assert_true(envoy(&c)->limit == floor(limit / 2 + sqrt(limit / 2)));
}

/* Where it comes to rest on c workers: L = x + sqrt(x), x = c (1 + B): 136 for c = 100, B = 25 %. The documentation's
 * c (1 + B) / (1 - 1 / sqrt(L)) is the same to half an attempt, 136.7. Base and latency pass through a histogram that is
 * good to 0.8 % in the middle of its buckets, and the limit is rounded down. */
static void test_envoy_fixed_point(void **state)
{
    static const double workers[] = {10, 50, 100, 300}, buffers[] = {0.1, 0.25, 0.5};
    (void)state;
    for (size_t w = 0; w < 4; w++)
        for (size_t b = 0; b < 3; b++) {
            struct gate_case c = gate_start(&gate_envoy_adaptive, ENVOY(buffers[b]));
            envoy(&c)->in_flight = 1000000;
            for (int i = 0; i < 50; i++)
                gate_good(&c, 10 * MS, 10 * MS);
            for (int64_t now_ns = 20 * MS; now_ns < 50 * S; now_ns += 100 * MS) {
                gate_ask(&c, now_ns);
                gate_good(&c, now_ns, (int64_t)(10e6 * fmax(1, envoy(&c)->limit / workers[w])));
            }
            double full = workers[w] * (1 + buffers[b]), documented = full, rest = full + sqrt(full);
            for (int i = 0; i < 100; i++)
                documented = full / (1 - 1 / sqrt(documented));
            assert_true(fabs(documented - rest) < 0.6);
            assert_true(w != 2 || b != 1 || fabs(documented - 136.7) < 0.05);
            if (fabs(envoy(&c)->limit - rest) > 0.016 * rest + 1)
                fail_msg("%g workers, buffer %g: %g, expected %g", workers[w], buffers[b], envoy(&c)->limit, rest);
        }
}

/* Five updates in a row that leave the limit at its least start a probe at once. */
static void test_envoy_doubts_its_base(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_envoy_adaptive, ENVOY(0.25));
    for (int i = 0; i < 50; i++)
        gate_good(&c, 10 * MS, 10 * MS);
    envoy(&c)->in_flight = 100;
    envoy(&c)->base_ns = 1;
    int updates = 0;
    for (int i = 1; !envoy(&c)->probing; i++, updates++)
        gate_good(&c, 20 * MS + i * 100 * MS, 10 * MS);
    assert_in_range(updates, 5, 7);
}

/* What was sent before the probe began says nothing about a service without load. */
static void test_envoy_leaves_out_what_is_older_than_the_probe(void **state)
{
    (void)state;
    struct gate_case c = gate_start(&gate_envoy_adaptive, ENVOY(0.25));
    for (int i = 0; i < 50; i++)
        gate_good(&c, 10 * MS, 10 * MS);
    int64_t probe_ns = envoy(&c)->next_probe_ns;
    gate_ask(&c, probe_ns);
    assert_true(envoy(&c)->probing);
    gate_good(&c, probe_ns + 10 * MS, 11 * MS);
    assert_int_equal(envoy(&c)->latencies.count, 0);
    gate_good(&c, probe_ns + 10 * MS, 10 * MS);
    assert_int_equal(envoy(&c)->latencies.count, 1);
}

/* Quantiles are off by at most 1.6 %, whatever the size. */
static void test_small_histogram(void **state)
{
    (void)state;
    static struct gate_quantile quantile;
    for (double size = 1024; size < 7e13; size *= 1.037) {
        gate_quantile_clear(&quantile);
        for (int i = 1; i <= 100; i++)
            gate_quantile_add(&quantile, (int64_t)(size * (1 + i / 100.0)));
        for (double q = 0.01; q <= 1; q += 0.07) {
            double got = gate_quantile_ns(&quantile, q), exact = size * (1 + ceil(q * 100) / 100);
            if (fabs(got / exact - 1) > 0.0158)
                fail_msg("%g: quantile %g is %g, expected %g", size, q, got, exact);
        }
    }
    gate_quantile_clear(&quantile);
    assert_true(gate_quantile_ns(&quantile, 0.5) == 0);
    gate_quantile_add(&quantile, 0);
    gate_quantile_add(&quantile, INT64_MAX);
    assert_int_equal(quantile.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_admits_up_to_the_limit),
        cmocka_unit_test(test_windowed_samples),
        cmocka_unit_test(test_aimd_trace),
        cmocka_unit_test(test_aimd_sawtooth),
        cmocka_unit_test(test_vegas_trace),
        cmocka_unit_test(test_vegas_steps_grow),
        cmocka_unit_test(test_vegas_probes),
        cmocka_unit_test(test_pitfall_vegas_takes_noise_for_a_queue),
        cmocka_unit_test(test_gradient_trace),
        cmocka_unit_test(test_gradient_probes),
        cmocka_unit_test(test_gradient_without_probes),
        cmocka_unit_test(test_gradient2_trace),
        cmocka_unit_test(test_pitfall_gradient2_drifts_in_overload),
        cmocka_unit_test(test_envoy_begins_with_a_probe),
        cmocka_unit_test(test_envoy_update_trace),
        cmocka_unit_test(test_envoy_fixed_point),
        cmocka_unit_test(test_envoy_doubts_its_base),
        cmocka_unit_test(test_envoy_leaves_out_what_is_older_than_the_probe),
        cmocka_unit_test(test_small_histogram),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
