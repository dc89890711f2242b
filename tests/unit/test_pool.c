/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pools: who is chosen, who is taken out and comes back, how many there are. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/pool.h"
#include "model/service.h"
#include "model_case.h"

#define EVERY(gap, policy)                                                                                             \
    "clients: [{name: a, arrival: {kind: renewal, gap: " gap "}, calls: s, policy: {" policy "}}]\n"
#define POISSON(rate, policy)                                                                                          \
    "clients: [{name: a, arrival: {kind: poisson, rate: " rate "}, calls: s, policy: {" policy "}}]\n"
#define SERVICE(pool, workers, time, more)                                                                             \
    "services: [{name: s, pool: {" pool "}, workers: " workers ", service_time: " time ", queue: {capacity: "          \
    "unlimited}, " more "}]\n"

static const struct pool *pool_in(const struct model_case *m)
{
    return m->world->services[0].pool;
}

/* A counter of replica i of service 0. */
static int64_t replica_count(const struct model_case *m, uint32_t i, enum count count)
{
    return (int64_t)m->world->services[pool_in(m)->first + i].place.counts[count];
}

static double share(const struct model_case *m, uint32_t i)
{
    return (double)replica_count(m, i, COUNT_ATTEMPTS) / (double)service_count(m, 0, COUNT_ATTEMPTS);
}

/* Whether a share of the attempts is a binomial one with probability p: within five standard deviations. */
static void assert_share(const struct model_case *m, uint32_t i, double p)
{
    double n = (double)service_count(m, 0, COUNT_ATTEMPTS);
    assert_true(fabs(share(m, i) - p) < 5 * sqrt(p * (1 - p) / n));
}

/* ---- the sum of the replicas ---- */

/* Eleven attempts of 1.5 s, one each second, three replicas of one worker in turn: 4, 4, 3, and never a queue. */
static void test_sum(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 12s\n" EVERY("1s", "") SERVICE("replicas: 3, chooser: round-robin", "1", "1500ms", ""));
    assert_int_equal(replica_count(&m, 0, COUNT_ATTEMPTS), 4);
    assert_int_equal(replica_count(&m, 1, COUNT_ATTEMPTS), 4);
    assert_int_equal(replica_count(&m, 2, COUNT_ATTEMPTS), 3);
    assert_service_bins(&m, 0, COUNT_ATTEMPTS, "0 1 1 1 1 1 1 1 1 1 1 1");
    assert_int_equal(service_count(&m, 0, COUNT_SERVED), 10);
    struct service_areas areas = model_areas(&m, 0);
    assert_true(area_s(areas.busy) == 10 * 1.5 + 1); /* the eleventh has had 1 s of its work */
    assert_true(area_s(areas.in_queue) == 0);
    const struct bin_row *rows = m.world->services[0].place.rows;
    assert_true(fabs(rows[5].busy_ratio - 0.5) < 1e-12); /* 1.5 of 3 workers */
    assert_true(fabs(rows[5].capacity - 2) < 1e-12);
    assert_true(m.world->services[0].nominal_per_s == 2);
    model_free(&m);
}

/* Results that show each replica show the same pool, and its rows are the sums of theirs. */
static void test_report_each(void **state)
{
    struct model_case m[2];
    (void)state;
    for (int k = 0; k < 2; k++) {
        char text[900];
        snprintf(text, sizeof text,
                 "duration: 20s\nwarmup: 2s\n" POISSON("50/s", "timeout: 1s, attempts: 2")
                     SERVICE("replicas: 3, report: %s", "1", "{law: exponential, mean: 50ms}", ""),
                 k == 0 ? "sum" : "each");
        m[k] = model_run(text);
    }
    const struct service *sum = &m[0].world->services[0], *each = &m[1].world->services[0];
    assert_memory_equal(sum->place.counts, each->place.counts, sizeof sum->place.counts);
    assert_int_equal(sum->wait->count, each->wait->count);
    assert_memory_equal(sum->wait->buckets, each->wait->buckets, sizeof sum->wait->buckets);
    assert_memory_equal(sum->place.latency->total.buckets, each->place.latency->total.buckets,
                        sizeof sum->place.latency->total.buckets);
    for (uint32_t bin = 0; bin < 20; bin++) {
        const struct bin_row *row = &each->place.rows[bin];
        double queued = 0, attempts = 0, busy = 0;
        for (uint32_t i = 1; i <= 3; i++) {
            const struct bin_row *part = &m[1].world->services[i].place.rows[bin];
            queued += part->queue_length;
            attempts += (double)part->counts[COUNT_ATTEMPTS];
            busy += part->busy_ratio / 3;
        }
        assert_true(queued == row->queue_length && attempts == (double)row->counts[COUNT_ATTEMPTS]);
        assert_true(fabs(busy - row->busy_ratio) < 1e-12);
    }
    assert_null(m[0].world->services[1].place.rows);
    assert_string_equal(m[1].world->services[2].place.path, "services.s[1]");
    model_free(&m[0]);
    model_free(&m[1]);
}

/* ---- choosers ---- */

#define GRAY "faults: [{kind: errors, service: s, ratio: 100%%, at: 0s, replicas: 1, first_replica: 3}]\n"

static struct model_case run_chooser(const char *chooser)
{
    char text[900];
    snprintf(text, sizeof text,
             "duration: 100s\nbin: 10s\n" POISSON("600/s", "")
                 SERVICE("replicas: 10, chooser: %s", "10", "{law: exponential, mean: 100ms}", "error_after: 1ms") GRAY,
             chooser);
    return model_run(text);
}

/* One replica of ten fails in 1 ms, so it hardly ever has anything to do. Of choices drawn with replacement it is among
 * them with 1 - (1 - 1/n)^2, of distinct ones with 2/n; it loses ties now and then, so the share is a little less. */
static void test_shares(void **state)
{
    (void)state;
    struct model_case m = run_chooser("random");
    for (uint32_t i = 0; i < 10; i++)
        assert_share(&m, i, 0.1);
    model_free(&m);
    m = run_chooser("round-robin");
    for (uint32_t i = 0; i < 10; i++)
        assert_true(fabs(share(&m, i) - 0.1) < 1e-4);
    model_free(&m);
    m = run_chooser("p2c");
    assert_true(share(&m, 3) > 0.18 && share(&m, 3) < 0.19 + 5 * sqrt(0.19 * 0.81 / 60000));
    model_free(&m);
    m = run_chooser("{kind: p2c, distinct: true}");
    assert_true(share(&m, 3) > 0.19 && share(&m, 3) < 0.2 + 5 * sqrt(0.2 * 0.8 / 60000));
    model_free(&m);
    m = run_chooser("least");
    assert_true(share(&m, 3) > 0.7); /* it draws most of the load: published 74 % */
    model_free(&m);
}

/* Two attempts under way at one replica, none at the other: the next ones go there. */
static void test_least_evens_out(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 10s\n" EVERY("1s", "") SERVICE("replicas: 4, chooser: least", "8", "20s", ""));
    for (uint32_t i = 0; i < 4; i++)
        assert_true(replica_count(&m, i, COUNT_ATTEMPTS) == 2 || replica_count(&m, i, COUNT_ATTEMPTS) == 3);
    model_free(&m);
}

/* Each of 40 clients has one replica, whatever it sends; when one replica is gone, only its clients move. */
static void test_hash(void **state)
{
    static const char *const faults[] = {"", "faults: [{kind: kill, service: s, at: 500ms, replicas: 1}]\n"};
    int64_t sent[2][5];
    (void)state;
    for (int k = 0; k < 2; k++) {
        char text[900];
        snprintf(text, sizeof text,
                 "duration: 21s\nwarmup: 1s\n"
                 "clients: [{name: a, count: 40, closed: {think: fixed, mean: 900ms}, calls: s, policy: {timeout: "
                 "9s}}]\n" SERVICE("replicas: 5, chooser: hash, checks: {kind: port, interval: 100ms, fall: 1}", "100",
                                   "100ms", "") "%s",
                 faults[k]);
        struct model_case m = model_run(text);
        for (uint32_t i = 0; i < 5; i++)
            sent[k][i] = replica_count(&m, i, COUNT_ATTEMPTS);
        model_free(&m);
    }
    assert_true(sent[1][0] < sent[0][0]);
    int64_t moved = 0;
    for (int i = 1; i < 5; i++) {
        assert_true(sent[1][i] >= sent[0][i]);
        moved += sent[1][i] - sent[0][i];
    }
    assert_true(moved > 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(sent[0][i] % 21, 0); /* 21 requests of each of its clients */
}

/* A replica that fails every attempt: a retry elsewhere always succeeds, one anywhere fails with 1/2. */
static void test_retry_elsewhere(void **state)
{
    static const char *const elsewhere[] = {"true", "false"};
    (void)state;
    for (int k = 0; k < 2; k++) {
        char text[900];
        snprintf(text, sizeof text,
                 "duration: 1000s\nbin: 100s\n" EVERY("1s", "attempts: 2")
                     SERVICE("replicas: 2, retry_elsewhere: %s", "9", "100ms",
                             "") "faults: [{kind: errors, service: s, ratio: 100%%, at: 0s, replicas: 1}]\n",
                 elsewhere[k]);
        struct model_case m = model_run(text);
        int64_t failed = caller_count(&m, 0, COUNT_FAILED);
        assert_true(k == 0 ? failed == 0 : fabs((double)failed - 250) < 5 * sqrt(1000 * 0.25 * 0.75));
        assert_true(caller_count(&m, 0, COUNT_RETRIES) > 400);
        model_free(&m);
    }
}

/* A replica that comes back gets attempts in proportion to the time since: half a share on average, from a tenth on
 * (n = 2: w / (1 + w) of the attempts, w from 0.1 to 1 in a straight line: on average 1 - ln(2 / 1.1) / 0.9 - ..). */
static void test_slow_start(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 101s\nbin: 1s\nwarmup: 1s\n" POISSON("1k/s", "") SERVICE(
        "replicas: 2, chooser: random, slow_start: {over: 100s, from: 0.1%}, checks: {kind: port, "
        "interval: 500ms, fall: 1, rise: 1}",
        "unlimited", "1ms", "") "faults: [{kind: kill, service: s, at: 100ms, for: 500ms, replicas: 1}]\n");
    const struct place *slow = &m.world->services[pool_in(&m)->first].place;
    double n = 100e3, got = (double)(slow->counts[COUNT_ATTEMPTS] - slow->at_warmup[COUNT_ATTEMPTS]);
    double expected = n * (1 - log(2)); /* the integral of w / (1 + w) from 0 to 1 */
    /* It is back at 0.75 s: a quarter of a second of its slow start is over when the count begins. */
    assert_true(fabs(got - expected) < 5 * sqrt(n * 0.25) + n * 0.0026);
    model_free(&m);
}

/* ---- checks ---- */

/* Replica i of 4 is checked at (i + 1) / 4 s and every second from there. Number 0 dies at 3 s: its checks at 3.25,
 * 4.25, 5.25 s fail, so it is out from 5.25 s; it is there again at 8 s: checks at 8.25, 9.25 s, in from 9.25 s. */
static void test_port_checks(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 20s\n" EVERY("250ms", "") SERVICE(
        "replicas: 4, chooser: round-robin, checks: {kind: port, interval: 1s, fall: 3, rise: 2}", "9", "1ms",
        "") "faults: [{kind: kill, service: s, at: 3s, for: 5s, replicas: 1}]\n");
    assert_true(area_s(level_area(&pool_in(&m)->out_level, 20 * SECOND)) == 4);
    /* From 3 to 5.25 s every fourth of the attempts at 3, 3.25, .., 5.25 s. */
    assert_int_equal(caller_count(&m, 0, COUNT_REJECTED), 2);
    assert_true(area_s(level_area(&pool_in(&m)->up_level, 20 * SECOND)) == 80);
    model_free(&m);
}

/* A check that is a request waits in the queue: a replica without a free worker fails it. Its port is open all the
 * time. The four attempts of 10 s at 0.5 s fill both workers of each replica. */
static void test_request_checks_see_overload(void **state)
{
    static const char *const kinds[] = {"port", "request"};
    (void)state;
    for (int k = 0; k < 2; k++) {
        char text[700];
        snprintf(text, sizeof text,
                 "duration: 9s\n"
                 "clients: [{name: a, count: 4, arrival: {kind: burst, at: 500ms}, calls: s}]\n" SERVICE(
                     "replicas: 2, chooser: round-robin, checks: {kind: %s, interval: 1s, timeout: 500ms, fall: 3}",
                     "2", "10s", "cancel: queued"),
                 kinds[k]);
        struct model_case m = model_run(text);
        assert_int_equal(pool_in(&m)->out_level.value, k == 0 ? 0 : 2);
        if (k == 1) {
            const struct place *checks = &m.world->edges[1].place;
            assert_string_equal(checks->path, "services.s.checks");
            assert_int_equal(checks->counts[COUNT_REQUESTS], 17); /* at 0.5, 1.5, .. and at 1, 2, .. s, before 9 s */
            assert_int_equal(checks->counts[COUNT_FAILED], 16);
        }
        model_free(&m);
    }
}

/* The same as a liveness check: the replica is killed, which loses the attempts, and is back 2 s later. */
static void test_restart(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 9s\n"
        "clients: [{name: a, count: 2, arrival: {kind: burst, at: 500ms}, calls: s}]\n" SERVICE(
            "replicas: 1, checks: {kind: request, interval: 1s, timeout: 500ms, fall: 3, on_failure: restart, "
            "restart: 2s}",
            "2", "{law: fixed, mean: 100s}", ""));
    /* Checks at 1, 2, 3 s fail at 1.5, 2.5, 3.5 s; away from 3.5 to 5.5 s. The check at 3 s had found both workers
     * taken as well; those at 6, 7, 8 s run into a service time of 100 s, so it dies again at 8.5 s. */
    assert_int_equal(caller_count(&m, 0, COUNT_FAILED), 2);
    assert_int_equal(service_count(&m, 0, COUNT_FAILED), 8);
    assert_true(area_s(level_area(&pool_in(&m)->out_level, 9 * SECOND)) == 2.5);
    model_free(&m);
}

/* Three of four replicas are dead. Without panic the one that is left gets all; with it, each gets its quarter; and at
 * exactly the threshold there is none yet. */
static void test_panic(void **state)
{
    static const char *const panics[] = {"0%", "25%", "26%"};
    (void)state;
    for (int k = 0; k < 3; k++) {
        char text[900];
        snprintf(text, sizeof text,
                 "duration: 400s\nbin: 10s\nwarmup: 10s\n" EVERY("1s", "")
                     SERVICE("replicas: 4, chooser: round-robin, panic: %s, checks: {kind: port, interval: 1s}", "9",
                             "1ms", "") "faults: [{kind: kill, service: s, at: 0s, replicas: 3}]\n",
                 panics[k]);
        struct model_case m = model_run(text);
        const uint64_t *counts = m.world->edges[0].place.counts, *before = m.world->edges[0].place.at_warmup;
        double good = (double)(counts[COUNT_GOOD] - before[COUNT_GOOD]);
        double asked = (double)(counts[COUNT_REQUESTS] - before[COUNT_REQUESTS]);
        assert_true(fabs(good - (k < 2 ? asked : asked / 4)) <= 1);
        model_free(&m);
    }
}

/* None is left: refused, at the pool's own door, and counted there. */
static void test_none_available(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 10s\n" EVERY("1s", "") SERVICE(
        "replicas: 2, checks: {kind: port, interval: 100ms, fall: 1}", "9", "1ms",
        "") "faults: [{kind: kill, mode: blackhole, service: s, at: 2500ms}]\n");
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 2);
    assert_int_equal(caller_count(&m, 0, COUNT_REJECTED), 7);
    assert_int_equal(service_count(&m, 0, COUNT_REJECTED), 7);
    assert_int_equal(service_count(&m, 0, COUNT_ATTEMPTS), 9);
    assert_int_equal(replica_count(&m, 0, COUNT_ATTEMPTS) + replica_count(&m, 1, COUNT_ATTEMPTS), 2);
    model_free(&m);
}

/* The checker's way is cut, the callers' is not: all replicas fail their checks; only panic keeps the service up. */
static void test_checker_on_the_other_side(void **state)
{
    static const char *const panics[] = {"0%", "50%"};
    (void)state;
    for (int k = 0; k < 2; k++) {
        char text[900];
        snprintf(text, sizeof text,
                 "duration: 40s\n" EVERY("1s", "")
                     SERVICE("replicas: 2, panic: %s, checks: {kind: request, interval: 1s, timeout: 500ms, fall: 2}",
                             "9", "1ms", "")
                 "faults: [{kind: partition, edge: services.s.checks, at: 10s, for: 20s}]\n",
                 panics[k]);
        struct model_case m = model_run(text);
        /* Replica 0: checks at 10.5, 11.5 s fail at 11, 12 s; replica 1: at 10, 11 s, fail at 10.5, 11.5 s. Back with
         * the second that succeeds: 31.5 and 31 s. In between, attempts at 12 .. 31 s find none. */
        assert_int_equal(caller_count(&m, 0, COUNT_REJECTED), k == 0 ? 20 : 0);
        assert_int_equal(pool_in(&m)->out_level.value, 0);
        double out_s = area_s(level_area(&pool_in(&m)->out_level, 40 * SECOND));
        assert_true(fabs(out_s - (31.501 - 12 + 31.001 - 11.5)) < 0.01);
        model_free(&m);
    }
}

/* ---- ejection ---- */

/* One replica of four fails everything; an attempt a second in turn, so it gets those at 1, 5, 9 s. At the third
 * failure, at 9 s, it is out for 10 s, then for another 12 s at most it is in for three more attempts. The sweep
 * each second forgives the ejection before that, so the next one lasts 10 s again: three of them, or a part of a
 * fourth, in 70 s. */
static void test_ejection(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 70s\nbin: 10s\n" EVERY("1s", "") SERVICE(
        "replicas: 4, chooser: round-robin, ejection: {after: 3, time: 10s, max_ratio: 25%, sweep: 1s}", "9", "0s",
        "") "faults: [{kind: errors, service: s, ratio: 100%, at: 0s, replicas: 1}]\n");
    const struct replica *bad = &pool_in(&m)->replicas[0];
    assert_true(bad->failures < 3 && bad->ejections <= 1);
    double out_s = area_s(level_area(&pool_in(&m)->out_level, 70 * SECOND));
    assert_true(out_s >= 30 && out_s <= 40);
    assert_true(caller_count(&m, 0, COUNT_ERRORS) == replica_count(&m, 0, COUNT_ATTEMPTS));
    model_free(&m);
}

/* Times of ejection of a replica that is never in long enough to be forgiven: what growth makes of 1 s, at most 5 s. A
 * replica that comes back on time and fails at once is out again after a failure. */
static void test_ejection_growth(void **state)
{
    static const char *const growths[] = {"none", "linear", "exponential"};
    static const double out_s[] = {4, 1 + 2 + 3 + 4, 1 + 2 + 4 + 5};
    (void)state;
    for (int k = 0; k < 3; k++) {
        char text[700];
        snprintf(text, sizeof text,
                 "duration: %s\n" EVERY("100ms", "") SERVICE(
                     "replicas: 2, chooser: round-robin, ejection: {after: 1, time: 1s, growth: %s, max_time: 5s, "
                     "max_ratio: 50%%, sweep: 0s}",
                     "9", "0s", "") "faults: [{kind: errors, service: s, ratio: 100%%, at: 0s, replicas: 1}]\n",
                 k == 0 ? "5s" : "20s", growths[k]);
        struct model_case m = model_run(text);
        const struct replica *bad = &pool_in(&m)->replicas[0];
        assert_int_equal(replica_count(&m, 0, COUNT_ATTEMPTS), bad->ejections);
        double sum = 0;
        for (uint32_t i = 1; i <= bad->ejections; i++)
            sum += k == 0 ? 1 : k == 1 ? fmin(i, 5) : fmin(pow(2, i - 1), 5);
        double last = (double)(bad->ejected_until_ns - (k == 0 ? 5 : 20) * SECOND) * 1e-9;
        double measured = area_s(level_area(&pool_in(&m)->out_level, (k == 0 ? 5 : 20) * SECOND));
        assert_true(fabs(measured - (sum - (bad->ejected ? last : 0))) < 1e-6);
        assert_true(measured >= out_s[k]);
        model_free(&m);
    }
}

/* Two bad ones of ten, and room for one: the other stays in. */
static void test_ejection_limit(void **state)
{
    static const char *const ratios[] = {"9%", "10%", "20%"};
    (void)state;
    for (int k = 0; k < 3; k++) {
        char text[700];
        snprintf(text, sizeof text,
                 "duration: 20s\n" EVERY("10ms", "")
                     SERVICE("replicas: 10, chooser: round-robin, ejection: {max_ratio: %s}", "9", "0s",
                             "") "faults: [{kind: errors, service: s, ratio: 100%%, at: 0s, replicas: 2}]\n",
                 ratios[k]);
        struct model_case m = model_run(text);
        assert_int_equal(pool_in(&m)->out_level.value, k);
        model_free(&m);
    }
}

/* ---- the autoscaler ---- */

#define SCALE(more) "replicas: 2, chooser: least, autoscale: {min: 2, max: 10, target: 50%, interval: 10s, " more "}"

/* Load for six workers at work, at 50 %: twelve replicas of one worker wanted, ten allowed. While two are up both are
 * busy: 2 / 0.5 = 4 wanted, so 4 at 10 s, up at 15 s; those are busy at once: 4 of them half of the time, and 2 all of
 * the time before: (5 s x 2 + 5 s x 4) / 10 s = 3 busy, 6 wanted at 20 s, up at 25 s; at 30 s (4 + 6) / 2 / .5 = 10. */
static void test_scale_up(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 100s\nbin: 5s\n" EVERY("500ms", "") SERVICE(
        SCALE("start_delay: 5s, tolerance: 0%, max_step: 8"), "1", "3s", "cancel: none"));
    const struct bin_row *rows = m.world->services[0].place.rows;
    static const double replicas[] = {2, 2, 2, 4, 4, 6, 6, 10, 10};
    for (int i = 0; i < 9; i++) /* 1/3 a second each; the row shows the end of its bin */
        assert_true(i == 2 || i == 4 || i == 6 || fabs(rows[i].capacity - replicas[i] * 5 / 3) < 1e-9);
    assert_int_equal(pool_in(&m)->up, 10);
    model_free(&m);
}

/* The load ends: down only when the last interval that wanted more is older than the stabilization. What a replica has
 * is served to the end. */
static void test_scale_down(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 200s\nbin: 10s\n"
                  "clients: [{name: a, arrival: {kind: spike, rate: 10/s, factor: 0, at: 50s, for: 150s}, calls: s}"
                  "]\n" SERVICE("replicas: 6, chooser: least, autoscale: {min: 1, max: 10, target: 50%, interval: 10s, "
                                "stabilization: 40s, start_delay: 0s}",
                                "1", "{law: exponential, mean: 300ms}", ""));
    const struct bin_row *rows = m.world->services[0].place.rows;
    assert_true(rows[8].capacity > 4.9 * 10 / 0.3); /* up to 90 s: at least five */
    assert_true(fabs(rows[10].capacity - 10 / 0.3) < 1e-9);
    assert_int_equal(pool_in(&m)->up, 1);
    assert_int_equal(service_count(&m, 0, COUNT_SERVED), service_count(&m, 0, COUNT_ATTEMPTS));
    model_free(&m);
}

/* A replica that goes and comes back while it is ejected, or before its next check, is a new one: nothing that was
 * planned for the old one happens to it. Load for two replicas, but from 10 to 20 s none: number 1 is away from 20 to
 * 30 s. */
#define AWAY_AND_BACK(more, faults)                                                                              \
    "duration: 190s\nbin: 10s\n" EVERY("125ms", "")                                                                    \
        SERVICE("replicas: 2, chooser: round-robin, autoscale: {min: 1, max: 2, target: 50%, interval: 10s, "          \
                "stabilization: 0s, start_delay: 0s}, " more, "1", "100ms", "")                                        \
    "faults: [{kind: load, clients: a, factor: 0.000001, at: 10s, for: 10s}" faults "]\n"

static void test_back_again(void **state)
{
    (void)state;
    struct model_case m = model_run(AWAY_AND_BACK("checks: {kind: request, interval: 60s}", ""));
    assert_int_equal(pool_in(&m)->replicas[1].starts, 1);
    /* Number 0 at 30, 90, 150 s; number 1 would have been at 60, 120, 180 s, and is at 90 and 150 s. */
    assert_int_equal(m.world->edges[1].place.counts[COUNT_REQUESTS], 5);
    model_free(&m);
    m = model_run(AWAY_AND_BACK("ejection: {after: 1, time: 35s, growth: none, max_ratio: 50%, sweep: 0s}",
                                ", {kind: errors, service: s, ratio: 100%, at: 0s, replicas: 1, first_replica: 1}"));
    /* An attempt at the beginning, and one each time that it is back: 30, 65, 100, 135, 170 s. */
    assert_int_equal(replica_count(&m, 1, COUNT_ATTEMPTS), 6);
    model_free(&m);
}

/* One of three is ejected and then taken away: there is room to eject another. */
static void test_absent_are_not_ejected(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 40s\n" EVERY("125ms", "") SERVICE(
        "replicas: 3, chooser: round-robin, autoscale: {min: 1, max: 3, target: 50%, interval: 10s, "
        "stabilization: 0s}, ejection: {after: 1, time: 1000s, max_ratio: 50%}",
        "1", "100ms", "") "faults: [{kind: errors, service: s, ratio: 100%, at: 0s, replicas: 1, first_replica: 2}, "
                          "{kind: errors, service: s, ratio: 100%, at: 25s, replicas: 1, first_replica: 1}]\n");
    assert_int_equal(pool_in(&m)->up, 2);
    assert_int_equal(pool_in(&m)->out_level.value, 1);
    assert_true(pool_in(&m)->replicas[1].ejected && !pool_in(&m)->replicas[2].ejected);
    model_free(&m);
}

/* ---- a state for each endpoint ---- */

/* One replica of two fails; a breaker for each keeps attempts from it while it lets those to the other out. One for
 * both sees every second attempt fail, never two in a row, and never opens. */
static void test_breaker_per_endpoint(void **state)
{
    static const char *const scopes[] = {"client", "endpoint", "client-endpoint"};
    (void)state;
    for (int k = 0; k < 3; k++) {
        char text[900];
        snprintf(
            text, sizeof text,
            "duration: 100s\nbin: 10s\n"
            "clients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: s, policy: {breaker: {kind: consecutive, "
            "failures: 2, open_for: 1000s, scope: %s}}}]\n" SERVICE(
                "replicas: 2, chooser: round-robin", "9", "0s",
                "") "faults: [{kind: errors, service: s, ratio: 100%%, at: 0s, replicas: 1}]\n",
            scopes[k]);
        struct model_case m = model_run(text);
        assert_int_equal(caller_count(&m, 0, COUNT_BREAKER_OPENINGS), k > 0);
        assert_int_equal(replica_count(&m, 0, COUNT_ATTEMPTS), k > 0 ? 2 : 50);
        assert_int_equal(caller_count(&m, 0, COUNT_LOCAL_REJECTIONS), k > 0 ? 48 : 0);
        model_free(&m);
    }
}

/* ---- behind a cache, and callers of its own ---- */

static void test_fetches_are_spread(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 100s\nbin: 10s\n"
                                    "clients: [{name: a, arrival: {kind: renewal, gap: 100ms}, calls: c}]\n"
                                    "caches: [{name: c, origin: s, keys: 1000, zipf: 0, ttl: 1ms}]\n" SERVICE(
                                        "replicas: 3, chooser: round-robin", "9", "10ms", ""));
    assert_int_equal(service_count(&m, 0, COUNT_ATTEMPTS), 999);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(replica_count(&m, i, COUNT_ATTEMPTS), 333);
    model_free(&m);
}

/* Replicas of a service with a program call as one service does. */
static void test_program(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 10s\n" EVERY(
        "100ms", "") "services:\n"
                     "  - {name: s, pool: {replicas: 2, chooser: round-robin}, workers: 1, queue: {capacity: "
                     "unlimited}, calls: [{name: db, to: db}], program: [{work: 50ms}, {call: db}]}\n"
                     "  - {name: db, workers: 1, service_time: 10ms, queue: {capacity: unlimited}}\n");
    assert_int_equal(replica_count(&m, 0, COUNT_ATTEMPTS), 50);
    assert_int_equal(service_count(&m, 1, COUNT_ATTEMPTS), 99);
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 99);
    model_free(&m);
}

/* ---- what a scenario may not say ---- */

static void assert_error(const char *text, const char *expected)
{
    char *errors = model_errors(text, NULL);
    if (!strstr(errors, expected))
        fprintf(stderr, "got: %s\nexpected: %s\n", errors, expected);
    assert_non_null(strstr(errors, expected));
    free(errors);
}

static void test_errors(void **state)
{
    (void)state;
    assert_error("name: t\nduration: 1s\n" EVERY("1s", "") SERVICE("replicas: 2, chooser: randon", "1", "1s", ""),
                 "unknown chooser 'randon'; did you mean 'random'?");
    assert_error("name: t\nduration: 1s\n" EVERY("1s", "") SERVICE("chooser: random", "1", "1s", ""),
                 "missing key 'replicas' in a pool");
    assert_error("name: t\nduration: 1s\n" EVERY("1s", "") SERVICE("replicas: 2, autoscale: {max: 1}", "1", "1s", ""),
                 "pool: 'replicas', those at the beginning, must be between autoscale's 'min' and 'max'");
    assert_error("name: t\nduration: 1s\n" EVERY("1s", "")
                     SERVICE("replicas: 2, autoscale: {min: 3, max: 1}", "1", "1s", ""),
                 "autoscale: 'max' is less than 'min'");
    assert_error("name: t\nduration: 1s\n" EVERY("1s", "")
                     SERVICE("replicas: 2, autoscale: {max: 3}", "unlimited", "1s", ""),
                 "pool: autoscale looks at the share of busy workers, so 'workers' must be a number");
    assert_error("name: t\nduration: 1s\n" EVERY("1s", "")
                     SERVICE("replicas: 2, checks: {kind: port, on_failure: restart}", "1", "1s", ""),
                 "checks: say how long a restart takes: 'restart: 30s'");
    assert_error("name: t\nduration: 1s\n" EVERY("1s", "")
                     SERVICE("replicas: 2, checks: {kind: port, restart: 3s}", "1", "1s", ""),
                 "checks: 'restart' is for 'on_failure: restart'");
    assert_error("name: t\nduration: 1s\n" EVERY("1s", "")
                     SERVICE("replicas: 2", "1", "1s", "") "faults: [{kind: kill, service: s, at: 0s, replicas: 3}]\n",
                 "replicas: there are only 2 from number 0 on");
    assert_error("name: t\nduration: 1s\n" EVERY("1s", "") SERVICE(
                     "replicas: 2", "1", "1s", "") "faults: [{kind: kill, service: s, at: 0s, first_replica: 2}]\n",
                 "first_replica: the replicas are 0 .. 1");
    assert_error("name: t\nduration: 1s\n" EVERY(
                     "1s", "") "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 1}}]\n"
                               "faults: [{kind: kill, service: s, at: 0s, replicas: 1}]\n",
                 "replicas: only a service with a 'pool' has replicas");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sum),
        cmocka_unit_test(test_report_each),
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_least_evens_out),
        cmocka_unit_test(test_hash),
        cmocka_unit_test(test_retry_elsewhere),
        cmocka_unit_test(test_slow_start),
        cmocka_unit_test(test_port_checks),
        cmocka_unit_test(test_request_checks_see_overload),
        cmocka_unit_test(test_restart),
        cmocka_unit_test(test_panic),
        cmocka_unit_test(test_none_available),
        cmocka_unit_test(test_checker_on_the_other_side),
        cmocka_unit_test(test_ejection),
        cmocka_unit_test(test_ejection_growth),
        cmocka_unit_test(test_ejection_limit),
        cmocka_unit_test(test_scale_up),
        cmocka_unit_test(test_scale_down),
        cmocka_unit_test(test_back_again),
        cmocka_unit_test(test_absent_are_not_ejected),
        cmocka_unit_test(test_breaker_per_endpoint),
        cmocka_unit_test(test_fetches_are_spread),
        cmocka_unit_test(test_program),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
