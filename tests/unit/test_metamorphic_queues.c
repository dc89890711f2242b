/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must not change a result: the order of service, where nobody is lost; and what a larger system must do just like
 * a small one, but with less noise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/discipline.h"
#include "model_case.h"

enum { TEXT_SIZE = 3000 };

/* ---- disciplines ---- */

/* All of them, with what they need: none drops anybody here. The last one shares the worker. */
static const char *const disciplines[] = {
    "fifo", "lifo", "adaptive-lifo", "edf", "priority", "weighted, weights: [3, 1]", "fair", "shuffle-sharded", "ps",
};
enum { DISCIPLINES = sizeof disciplines / sizeof *disciplines };

/* 80 % of a worker's time for 100 s, from callers of two classes, then 20 s in which all is served. */
static struct model_case run_discipline(const char *discipline, int workers, const char *service_time, uint64_t seed)
{
    char text[TEXT_SIZE];
    snprintf(text, sizeof text,
             "duration: 150s\nclients:\n"
             "  - {name: a, count: 5, arrival: {kind: ramp, from: %d/s, to: 0/s, at: 100s, over: 0s}, calls: s}\n"
             "  - {name: b, count: 50, arrival: {kind: ramp, from: %d/s, to: 0/s, at: 100s, over: 0s}, calls: s, "
             "priority: 1, policy: {timeout: 1h}}\n"
             "services: [{name: s, workers: %d, service_time: %s, queue: {discipline: %s, capacity: 100k}}]\n",
             20 * workers, 60 * workers, workers, service_time, discipline);
    return model_run_seed(text, seed);
}

#define EXPONENTIAL "{law: exponential, mean: 10ms}"

static void assert_all_served(const struct model_case *m)
{
    int64_t attempts = service_count(m, 0, COUNT_ATTEMPTS);
    assert_true(attempts > 7000 && service_count(m, 0, COUNT_GOOD) == attempts);
}

/* One worker is busy as long as there is work, and each attempt brings its own, so when he is busy does not depend on
 * whom he takes first. At a shared speed an end of service is put off when more come, and rounded up to a whole
 * nanosecond: one for each attempt at most. */
static void check_one_worker(const char *discipline, const struct model_case *fifo)
{
    struct model_case m = run_discipline(discipline, 1, EXPONENTIAL, 1);
    double slack_ns = strcmp(discipline, "ps") == 0 ? (double)service_count(&m, 0, COUNT_ATTEMPTS) : 0;
    assert_all_served(&m);
    assert_true(fabs((double)model_areas(&m, 0).busy - (double)model_areas(fifo, 0).busy) <= slack_ns);
    for (uint32_t bin = 0; bin < m.world->bins; bin++) {
        double busy = m.world->services[0].place.rows[bin].busy_ratio;
        double expected = fifo->world->services[0].place.rows[bin].busy_ratio;
        if (fabs(busy - expected) * 1e9 > slack_ns)
            fail_msg("%s: busy for %.12g of bin %u, not %.12g", discipline, busy, bin, expected);
    }
    model_free(&m);
}

static void test_one_worker_is_busy_when_there_is_work(void **state)
{
    (void)state;
    const char *names[20];
    assert_int_equal(table_names(&discipline_table, names, 20), DISCIPLINES);
    struct model_case fifo = run_discipline("fifo", 1, EXPONENTIAL, 1);
    for (size_t i = 0; i < DISCIPLINES; i++)
        check_one_worker(disciplines[i], &fifo);
    model_free(&fifo);
}

/* Several workers: not at the same times, but as long in all. (At a shared speed it is the work that is the same.) */
static void test_workers_do_the_same_work(void **state)
{
    (void)state;
    struct model_case fifo = run_discipline("fifo", 3, EXPONENTIAL, 1);
    for (size_t i = 0; i < DISCIPLINES - 1; i++) {
        struct model_case m = run_discipline(disciplines[i], 3, EXPONENTIAL, 1);
        assert_all_served(&m);
        assert_true(model_areas(&m, 0).busy == model_areas(&fifo, 0).busy);
        model_free(&m);
    }
    model_free(&fifo);
}

/* All take the same time: in each moment as many wait, whoever they are, and the waits add up to the same. First come,
 * first served makes them as equal as can be. */
static void check_same_waits(const char *discipline, const struct model_case *fifo)
{
    struct model_case m = run_discipline(discipline, 1, "10ms", 1);
    const struct hist *wait = m.world->services[0].wait, *first = fifo->world->services[0].wait;
    assert_all_served(&m);
    assert_true(model_areas(&m, 0).in_queue == model_areas(fifo, 0).in_queue);
    assert_true(wait->count == first->count && fabs(wait->sum / first->sum - 1) < 1e-12);
    for (uint32_t bin = 0; bin < m.world->bins; bin++)
        assert_true(m.world->services[0].place.rows[bin].queue_length ==
                    fifo->world->services[0].place.rows[bin].queue_length);
    assert_true(hist_variance(wait) > hist_variance(first) * (1 - 1e-9));
    model_free(&m);
}

static void test_order_moves_waits_to_others(void **state)
{
    (void)state;
    struct model_case fifo = run_discipline("fifo", 1, "10ms", 1);
    for (size_t i = 0; i < DISCIPLINES - 1; i++)
        check_same_waits(disciplines[i], &fifo);
    model_free(&fifo);
}

/* ---- first or last come, first served ---- */

enum { RUNS = 20 };

/* The mean of 20 runs, and its standard error. */
struct mean {
    double sum, squares;
};

static void add(struct mean *mean, double value)
{
    mean->sum += value / RUNS;
    mean->squares += value * value / RUNS;
}

static double error_of(const struct mean *mean)
{
    return sqrt(fmax(0, mean->squares - mean->sum * mean->sum) / (RUNS - 1));
}

/* Where service times vary, the means agree only on average: rho / (mu - lambda) = 40 ms, here from an empty start
 * (which takes 0.5 % off) and within 5 standard errors. The mean squares do not: for fixed times, with rho = 0.8,
 * they are 2 W^2 + lambda E[S^3] / (3 (1 - rho)) = 9.33 S^2; and last come, first served, a wait is a busy period that
 * begins with the rest of a service: rho (E[R^2] / (1 - rho)^2 + lambda E[S^2] E[R] / (1 - rho)^3) = 46.7 S^2. */
static void test_last_come_first_served(void **state)
{
    (void)state;
    static const char *const orders[] = {"fifo", "lifo"};
    struct mean apart = {0}, means[2] = {{0}}, squares[2] = {{0}};
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        double waits[2];
        for (int i = 0; i < 2; i++) {
            struct model_case m = run_discipline(orders[i], 1, EXPONENTIAL, seed);
            waits[i] = hist_mean(m.world->services[0].wait) * 1e-9;
            add(&means[i], waits[i]);
            model_free(&m);
            m = run_discipline(orders[i], 1, "10ms", seed);
            const struct hist *wait = m.world->services[0].wait;
            add(&squares[i], wait->sum_squares / (double)wait->count * 1e-14);
            model_free(&m);
        }
        add(&apart, waits[1] - waits[0]);
    }
    assert_true(fabs(apart.sum) < 5 * error_of(&apart) && error_of(&apart) < 0.001);
    for (int i = 0; i < 2; i++) {
        static const double expected[] = {28.0 / 3, 140.0 / 3};
        assert_true(fabs(means[i].sum - 0.040) < 5 * error_of(&means[i]) && error_of(&means[i]) < 0.002);
        assert_true(fabs(squares[i].sum - expected[i]) < 5 * error_of(&squares[i]));
        assert_true(error_of(&squares[i]) < 0.2 * expected[i]);
    }
}

/* ---- size ---- */

/* The shares of a run that should not depend on the system's size. */
enum { GOOD, LATE, REJECTED, TIMED_OUT, ATTEMPTS, HEALED, SHARES };

static void take_shares(const struct model_case *m, double shares[SHARES])
{
    static const enum count counts[] = {COUNT_GOOD, COUNT_LATE, COUNT_REJECTED, COUNT_TIMED_OUT, COUNT_ATTEMPTS};
    const struct bin_row *rows = m->world->edges[0].place.rows;
    double requests = (double)caller_count(m, 0, COUNT_REQUESTS);
    uint32_t bin = 41;
    for (int i = 0; i < HEALED; i++)
        shares[i] = (double)caller_count(m, 0, counts[i]) / requests;
    while (bin < m->world->bins && (double)rows[bin].counts[COUNT_GOOD] < 0.95 * (double)rows[bin].counts[0])
        bin++;
    shares[HEALED] = bin;
}

/* 200 requests a second at equal gaps to a worker who can do 250, and who pauses for 10 s: all times `size`. */
static struct model_case run_metronome(int size, int room, const char *policy)
{
    char text[TEXT_SIZE], capacity[32] = "unlimited";
    if (room > 0)
        snprintf(capacity, sizeof capacity, "%d", room * size);
    snprintf(text, sizeof text,
             "duration: 200s\n"
             "clients: [{name: a, arrival: {kind: renewal, gap: %dus}, calls: s, policy: {timeout: 1s, %s}}]\n"
             "services: [{name: s, workers: 1, service_time: %dus, queue: {capacity: %s}}]\n"
             "faults: [{kind: outage, mode: pause, service: s, at: 30s, for: 10s}]\n",
             5000 / size, policy, 4000 / size, capacity);
    return model_run(text);
}

/* One request more or less at each of the few times at which what happens changes: 10 of 40000. */
static void check_metronome(int room, const char *policy)
{
    double small[SHARES], large[SHARES];
    struct model_case m = run_metronome(1, room, policy);
    take_shares(&m, small);
    model_free(&m);
    for (int size = 4; size <= 20; size += 16) {
        m = run_metronome(size, room, policy);
        take_shares(&m, large);
        model_free(&m);
        for (int i = 0; i < SHARES; i++)
            if (fabs(large[i] - small[i]) > (i == HEALED ? 1 : 10 / 40000.0))
                fail_msg("%s, room for %d: share %d is %g of %d times as many, not %g", policy, room, i, large[i], size,
                         small[i]);
    }
}

static void test_size_of_a_storm(void **state)
{
    (void)state;
    check_metronome(0, "attempts: 1");
    check_metronome(0, "attempts: 2");
    check_metronome(0, "attempts: 2, backoff: {shape: fixed, base: 2s}");
    check_metronome(0, "attempts: 3, deadline: 5s");
    check_metronome(150, "attempts: 2, backoff: {shape: fixed, base: 500ms}");
    check_metronome(400, "attempts: 2, backoff: {shape: fixed, base: 3s}");
}

/* Where chance rules: half as many again as a worker can do, with room for 100 of them and more the larger it is, so
 * that he is never idle; and a closed loop of N clients, who get N / mu - 1 s (their think time) as their latency. */
static void run_chances(int size, uint64_t seed, double *rejected, double *latency_s)
{
    char text[TEXT_SIZE];
    snprintf(text, sizeof text,
             "duration: 50s\nwarmup: 10s\nclients:\n"
             "  - {name: open, arrival: {kind: poisson, rate: %d/s}, calls: s}\n"
             "  - {name: closed, count: %d, closed: {think: exponential, mean: 1s}, calls: other}\n"
             "services:\n"
             "  - {name: s, workers: 1, service_time: {law: exponential, mean: %dus}, queue: {capacity: %d}}\n"
             "  - {name: other, workers: 1, service_time: {law: exponential, mean: %dus}, queue: {capacity: "
             "unlimited}}\n",
             150 * size, 300 * size, 10000 / size, 100 * size, 10000 / size);
    struct model_case m = model_run_seed(text, seed);
    const struct place *place = &m.world->services[0].place;
    *rejected = (double)(place->counts[COUNT_REJECTED] - place->at_warmup[COUNT_REJECTED]) /
                (double)(place->counts[COUNT_ATTEMPTS] - place->at_warmup[COUNT_ATTEMPTS]);
    *latency_s = hist_mean(&m.world->edges[1].place.latency->total) * 1e-9;
    model_free(&m);
}

/* A system of 16 times the size has the same shares, with a quarter of the deviation. (That the ratio of two deviations
 * of 20 values each is off by a factor of 2.5 has a probability of 1e-4.) */
static void test_size_and_noise(void **state)
{
    (void)state;
    struct mean rejected[2] = {{0}}, latency_s[2] = {{0}};
    for (uint64_t seed = 1; seed <= RUNS; seed++)
        for (int i = 0; i < 2; i++) {
            double share, seconds;
            run_chances(i ? 16 : 1, seed, &share, &seconds);
            add(&rejected[i], share);
            add(&latency_s[i], seconds);
        }
    for (int i = 0; i < 2; i++) {
        assert_true(fabs(rejected[i].sum - 1 / 3.0) < 5 * error_of(&rejected[i]));
        assert_true(fabs(latency_s[i].sum - 2) < 5 * error_of(&latency_s[i]));
    }
    double ratios[2] = {error_of(&rejected[0]) / error_of(&rejected[1]), error_of(latency_s) / error_of(&latency_s[1])};
    for (int i = 0; i < 2; i++)
        assert_true(ratios[i] > 4 / 2.5 && ratios[i] < 4 * 2.5);
    assert_true(error_of(&rejected[1]) < 0.001 && error_of(&latency_s[1]) < 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_worker_is_busy_when_there_is_work),
        cmocka_unit_test(test_workers_do_the_same_work),
        cmocka_unit_test(test_order_moves_waits_to_others),
        cmocka_unit_test(test_last_come_first_served),
        cmocka_unit_test(test_size_of_a_storm),
        cmocka_unit_test(test_size_and_noise),
    };
    return cmocka_run_group_tests_name("metamorphic_queues", tests, NULL, NULL);
}
