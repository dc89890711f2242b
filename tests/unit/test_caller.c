/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A caller: when it gives up and tries again, what the network does to it, what its policy lets it do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "model_case.h"

/* A service without limits that takes this long. */
#define FREE_SERVICE(time) "services: [{name: s, workers: unlimited, service_time: " time ", queue: {capacity: 0}}]\n"
/* A service that refuses everything, from the start. */
#define REFUSING_SERVICE FREE_SERVICE("1s") "faults: [{kind: outage, mode: refuse, service: s, at: 0s}]\n"
/* One client that sends one request at time 0. */
#define ONE_REQUEST(more) "clients: [{name: a, arrival: {kind: burst}, calls: s, " more "}]\n"

/* ---- timeouts and retries ---- */

/* Sent at 0, given up at 1 s, sent again at 1.5 s, given up at 2.5 s. The answers come at 3 s and 4.5 s: counted,
 * discarded. Both were executed: one execution too many. */
static void test_retry_fires_from_the_timeout(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\nbin: 500ms\n" ONE_REQUEST(
        "policy: {timeout: 1s, attempts: 2, backoff: {shape: fixed, base: 500ms}}") FREE_SERVICE("3s"));
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "1 0 0 1 0 0 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FIRST_ATTEMPTS, "1 0 0 0 0 0 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_RETRIES, "0 0 0 1 0 0 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_TIMED_OUT, "0 0 1 0 0 1 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 0 0 0 1 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_LATE, "0 0 0 0 0 0 1 0 0 1");
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 0);
    assert_int_equal(caller_count(&m, 0, COUNT_SERVED), 0);
    assert_int_equal(service_count(&m, 0, COUNT_DUPLICATES), 1);
    assert_int_equal(service_count(&m, 0, COUNT_LATE), 2);
    assert_true(m.world->edges[0].backing_off.area == (area_t)(SECOND / 2));
    model_free(&m);
}

/* The timeout covers both ways and the service: 500 + 1000 + 500 ms. A second attempt has a timeout of its own. */
static void test_timeout_starts_at_send(void **state)
{
    (void)state;
    static const char *const timeouts[] = {"2s", "1999ms"};
    for (int i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 8s\n" ONE_REQUEST("policy: {timeout: %s, attempts: 2, backoff: 1s},"
                                              " network: {request_latency: 500ms, response_latency: 500ms}")
                     FREE_SERVICE("1s"),
                 timeouts[i]);
        struct model_case m = model_run(text);
        assert_caller_bins(&m, 0, COUNT_GOOD, i == 0 ? "0 0 1 0 0 0 0 0" : "0 0 0 0 0 0 0 0");
        assert_caller_bins(&m, 0, COUNT_TIMED_OUT, i == 0 ? "0 0 0 0 0 0 0 0" : "0 1 0 0 1 0 0 0");
        assert_service_bins(&m, 0, COUNT_ATTEMPTS, i == 0 ? "1 0 0 0 0 0 0 0" : "1 0 0 1 0 0 0 0");
        model_free(&m);
    }
}

/* A law of timeouts: each attempt draws its own between 1 and 2 s; none before 1 s, all by 2 s. */
static void test_random_timeouts(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 4s\nclients: [{name: a, count: 100, arrival: {kind: burst}, calls: s,"
                                    " policy: {timeout: {law: uniform, low: 1s, high: 2s}}}]\n" FREE_SERVICE("3s"));
    assert_caller_bins(&m, 0, COUNT_TIMED_OUT, "0 100 0 0");
    const struct hist *failed = m.world->edges[0].failed_latency;
    assert_true(failed->min < 1100 * SECOND / 1000 && failed->max > 1900 * SECOND / 1000);
    model_free(&m);
}

/* A timeout of 0 gives up in the instant of sending; the service still gets the attempt. */
static void test_timeout_of_zero(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 4s\n" ONE_REQUEST("policy: {timeout: 0s, attempts: 2}") FREE_SERVICE("1s"));
    assert_int_equal(caller_count(&m, 0, COUNT_TIMED_OUT), 2);
    assert_caller_bins(&m, 0, COUNT_LATE, "0 2 0 0");
    model_free(&m);
}

/* Refused at once, attempts 3, waits of 1 s: sent at 0, 1, 2 s, failed at 2 s. */
static void test_rejected_attempt_uses_up_an_attempt(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 5s\n" ONE_REQUEST("policy: {attempts: 3, backoff: 1s}") REFUSING_SERVICE);
    assert_caller_bins(&m, 0, COUNT_REJECTED, "1 1 1 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 1 0 0");
    assert_int_equal(caller_count(&m, 0, COUNT_FIRST_REJECTED), 1);
    assert_int_equal(service_count(&m, 0, COUNT_REJECTED), 3);
    model_free(&m);
}

/* Unlimited attempts go on to the end: at 0, 1, ..., 9 s; the request is still under way. */
static void test_unlimited_attempts(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 10s\n" ONE_REQUEST("policy: {attempts: unlimited, backoff: 1s}") REFUSING_SERVICE);
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 10);
    assert_int_equal(caller_count(&m, 0, COUNT_FAILED), 0);
    model_free(&m);
}

/* The first answer (3 s) comes while the retry, sent at 2 s, is under way: late. The retry succeeds at 5 s. */
static void test_late_answer_does_not_end_the_retry(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 8s\n" ONE_REQUEST(
        "policy: {timeout: {law: uniform, low: 2s, high: 2s}, attempts: 2}") "services: [{name: s, workers: 1, "
                                                                             "service_time: 3s, queue: {capacity: "
                                                                             "1}}]\n"
                                                                             "faults: [{kind: speed, service: s, "
                                                                             "factor: 3, at: 3s}]\n");
    /* The queued retry starts at 3 s at three times the speed: done at 4 s = its timeout, which is in time. */
    assert_caller_bins(&m, 0, COUNT_LATE, "0 0 0 1 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 0 1 0 0 0");
    assert_int_equal(service_count(&m, 0, COUNT_DUPLICATES), 1);
    assert_int_equal(m.world->edges[0].place.latency->total.max, 4 * SECOND);
    model_free(&m);
}

static void test_retry_on(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        int64_t attempts;
    } cases[] = {{"[refused]", 3}, {"[timeout, rejected, error, local]", 1}, {"[]", 1}};
    for (int i = 0; i < 3; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 5s\n" ONE_REQUEST("policy: {attempts: 3, retry_on: %s}") REFUSING_SERVICE, cases[i].list);
        struct model_case m = model_run(text);
        assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), cases[i].attempts);
        model_free(&m);
    }
}

/* A full queue is `rejected`, an outage `refused`: the same counters, but another failure. */
static void test_full_is_rejected_not_refused(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n"
                                    "clients: [{name: a, count: 2, arrival: {kind: burst}, calls: s, policy: "
                                    "{attempts: 3, retry_on: [rejected]}}]\n"
                                    "services: [{name: s, workers: 1, service_time: 1s, queue: {capacity: 0}}]\n");
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 4);
    assert_int_equal(caller_count(&m, 0, COUNT_REJECTED), 3);
    model_free(&m);
}

/* Goes on with probability 1/2 after each failure: the retries of a request are geometric with mean 1 and variance 2;
 * for 10 000 requests sd = sqrt(20000) = 141, 5 sigma = 707. */
static void test_persistence(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\nclients: [{name: a, count: 10k, arrival: {kind: burst}, calls: s,"
                                    " policy: {attempts: 1000, persistence: 50%}}]\n" REFUSING_SERVICE);
    assert_in_range(caller_count(&m, 0, COUNT_RETRIES), 10000 - 707, 10000 + 707);
    assert_int_equal(caller_count(&m, 0, COUNT_FAILED), 10000);
    model_free(&m);
}

/* ---- deadline ---- */

/* Sent at 0 and 1.5 s; the deadline at 2.2 s ends the second attempt. The service serves both: late at 3 and 4.5 s. */
static void test_deadline_ends_a_request_in_flight(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\nbin: 100ms\n" ONE_REQUEST(
        "policy: {timeout: 1s, attempts: unlimited, deadline: 2200ms, backoff: 500ms}") FREE_SERVICE("3s"));
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 2);
    assert_int_equal(caller_count(&m, 0, COUNT_TIMED_OUT), 1);
    assert_int_equal(m.world->edges[0].place.rows[22].counts[COUNT_FAILED], 1);
    assert_int_equal(caller_count(&m, 0, COUNT_LATE), 2);
    assert_int_equal(service_count(&m, 0, COUNT_LATE), 2);
    model_free(&m);
}

/* Refused at 0, 0.5 and 1 s; the next send would be at 1.5 s, after the deadline: never sent, failed by 1.2 s. */
static void test_no_attempt_starts_after_the_deadline(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n" ONE_REQUEST(
        "policy: {attempts: unlimited, deadline: 1200ms, backoff: 500ms}") REFUSING_SERVICE);
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 3);
    assert_int_equal(caller_count(&m, 0, COUNT_FAILED), 1);
    assert_in_range(m.world->edges[0].failed_latency->max, SECOND, 1200 * SECOND / 1000);
    model_free(&m);
}

/* An answer at the very instant of the deadline counts. */
static void test_answer_at_the_deadline(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 5s\n"
        "clients:\n"
        "  - {name: a, arrival: {kind: burst}, calls: s, policy: {deadline: 1s}}\n"
        "  - {name: b, arrival: {kind: burst}, calls: s, policy: {deadline: 999999999ns}}\n" FREE_SERVICE("1s"));
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 1);
    assert_int_equal(caller_count(&m, 1, COUNT_GOOD), 0);
    assert_int_equal(caller_count(&m, 1, COUNT_LATE), 1);
    model_free(&m);
}

/* ---- network ---- */

/* 10 000 requests, each way loses 50 %: P(good) = 1/4, sd = sqrt(10000 x 3/16) = 43.3, 5 sigma = 217. Arrived: 5000,
 * sd 50, 5 sigma = 250. */
static void test_loss_each_way(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 5s\nclients: [{name: a, count: 10k, arrival: {kind: burst}, calls: s,"
                  " policy: {timeout: 2s}, network: {request_loss: 50%, response_loss: 50%}}]\n" FREE_SERVICE("1s"));
    int64_t good = caller_count(&m, 0, COUNT_GOOD), arrived = service_count(&m, 0, COUNT_ATTEMPTS);
    assert_in_range(good, 2500 - 217, 2500 + 217);
    assert_in_range(arrived, 5000 - 250, 5000 + 250);
    assert_int_equal(service_count(&m, 0, COUNT_GOOD), arrived);
    assert_int_equal(caller_count(&m, 0, COUNT_LOST), 10000 - good);
    assert_int_equal(caller_count(&m, 0, COUNT_TIMED_OUT), 10000 - good);
    assert_int_equal(caller_count(&m, 0, COUNT_FAILED), 10000 - good);
    model_free(&m);
}

static void test_everything_is_lost(void **state)
{
    (void)state;
    static const char *const ways[] = {"request_loss", "response_loss"};
    for (int i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 5s\n" ONE_REQUEST("policy: {timeout: 2s, attempts: 2}, network: {%s: 100%%}")
                     FREE_SERVICE("1s"),
                 ways[i]);
        struct model_case m = model_run(text);
        assert_caller_bins(&m, 0, COUNT_TIMED_OUT, "0 0 1 0 1");
        assert_int_equal(caller_count(&m, 0, COUNT_LOST), 2);
        assert_int_equal(caller_count(&m, 0, COUNT_LATE), 0);
        assert_int_equal(service_count(&m, 0, COUNT_ATTEMPTS), i == 0 ? 0 : 2);
        assert_int_equal(service_count(&m, 0, COUNT_DUPLICATES), i == 0 ? 0 : 1);
        model_free(&m);
    }
}

/* Without a timeout a lost attempt leaves its request under way for ever. */
static void test_lost_without_a_timeout(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 5s\n" ONE_REQUEST("network: {request_loss: 100%}") FREE_SERVICE("1s"));
    assert_int_equal(caller_count(&m, 0, COUNT_LOST), 1);
    assert_int_equal(caller_count(&m, 0, COUNT_FAILED) + caller_count(&m, 0, COUNT_GOOD), 0);
    model_free(&m);
}

/* Latencies 1 s there (arrives in bin 1), 2 s back: 1 + 1 + 2 = 4 s. One way alone works, too. */
static void test_latency_each_way(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 6s\n"
        "clients:\n"
        "  - {name: a, arrival: {kind: burst}, calls: s, network: {request_latency: 1s, response_latency: 2s}}\n"
        "  - {name: b, arrival: {kind: burst}, calls: s, network: {request_latency: 3s}}\n"
        "  - {name: c, arrival: {kind: burst}, calls: s, network: {response_latency: 3s}}\n" FREE_SERVICE("1s"));
    assert_service_bins(&m, 0, COUNT_ATTEMPTS, "1 1 0 1 0 0");
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(m.world->edges[i].place.latency->total.max, 4 * SECOND);
    model_free(&m);
}

/* ---- budget ---- */

/* Five requests are refused at 0. Two retries in the balance: the first two requests get one each. Denied: the other
 * three, and the first two when their second attempt fails. */
static void test_budget_denies(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 5s\nclients: [{name: a, count: 5, arrival: {kind: burst}, calls: s,"
                  " policy: {attempts: 3, budget: {kind: ratio, ratio: 0%, reserve: 2}}}]\n" REFUSING_SERVICE);
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 7);
    assert_int_equal(caller_count(&m, 0, COUNT_DENIED_RETRIES), 5);
    assert_int_equal(caller_count(&m, 0, COUNT_FAILED), 5);
    model_free(&m);
}

/* A budget for each client: all five have their own two retries, so attempts alone limits. Each client of a burst
 * sends exactly one request. */
static void test_budget_scope_client(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 5s\nclients: [{name: a, count: 5, arrival: {kind: burst}, calls: s,"
        " policy: {attempts: 3, budget: {kind: ratio, ratio: 0%, reserve: 2, scope: client}}}]\n" REFUSING_SERVICE);
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 15);
    assert_int_equal(caller_count(&m, 0, COUNT_DENIED_RETRIES), 0);
    model_free(&m);
}

/* A request earns 50 %: of ten requests, one second apart and refused, every second may retry once. */
static void test_budget_earns_by_request(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 10500ms\nclients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: s,"
                  " policy: {attempts: 2, budget: {kind: ratio, ratio: 50%, reserve: 0}}}]\n" REFUSING_SERVICE);
    assert_caller_bins(&m, 0, COUNT_RETRIES, "0 0 1 0 1 0 1 0 1 0 1");
    assert_int_equal(caller_count(&m, 0, COUNT_DENIED_RETRIES), 5);
    model_free(&m);
}

/* ---- breaker ---- */

/* Refused until 4.5 s. The failures at 1 and 2 s open it until 5 s: 3 and 4 s are not sent, the probe at 5 s is served
 * and closes it. */
static void test_breaker(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 8s\n"
        "clients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: s,"
        " policy: {breaker: {kind: consecutive, failures: 2, open_for: 3s, scope: population}}}]\n" FREE_SERVICE(
            "0s") "faults: [{kind: outage, mode: refuse, service: s, at: 0s, for: 4500ms}]\n");
    assert_caller_bins(&m, 0, COUNT_REJECTED, "0 1 1 0 0 0 0 0");
    assert_int_equal(caller_count(&m, 0, COUNT_LOCAL_REJECTIONS), 2);
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 0 0 1 1 1");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 1 1 1 1 0 0 0");
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "0 1 1 0 0 1 1 1");
    model_free(&m);
}

/* Two clients that ask at 1, 2, 3, ... s and are refused. Each with its own breaker of two failures: two attempts each.
 * With one for both: the two at 1 s open it. */
static void test_breaker_scopes(void **state)
{
    (void)state;
    static const char *const scopes[] = {"client", "population"};
    for (int i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "duration: 6s\nclients: [{name: a, count: 2, closed: {think: 1s}, calls: s,"
                 " policy: {breaker: {kind: consecutive, failures: 2, open_for: 1h, scope: %s}}}]\n" REFUSING_SERVICE,
                 scopes[i]);
        struct model_case m = model_run(text);
        assert_caller_bins(&m, 0, COUNT_REJECTED, i == 0 ? "0 2 2 0 0 0" : "0 2 0 0 0 0");
        assert_int_equal(caller_count(&m, 0, COUNT_LOCAL_REJECTIONS), i == 0 ? 6 : 8);
        model_free(&m);
    }
}

/* An attempt that the breaker refuses is a failure of kind `local`, uses up an attempt, and can be retried. */
static void test_local_rejection_uses_up_an_attempt(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 8s\n" ONE_REQUEST("policy: {attempts: 4, backoff: 1s,"
                                     " breaker: {kind: consecutive, failures: 1, open_for: 1h}}") REFUSING_SERVICE);
    assert_int_equal(caller_count(&m, 0, COUNT_ATTEMPTS), 1);
    assert_int_equal(caller_count(&m, 0, COUNT_LOCAL_REJECTIONS), 3);
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 0 1 0 0 0 0");
    model_free(&m);
}

/* ---- rate limit ---- */

static void check_limiter(const char *limit, const char *attempts, const char *failed)
{
    char text[512];
    snprintf(text, sizeof text,
             "duration: 5s\nclients: [{name: a, count: 4, arrival: {kind: burst}, calls: s, policy: {gates: "
             "{kind: token-bucket, rate: 1/s, %s}}}]\n" FREE_SERVICE("0s"),
             limit);
    struct model_case m = model_run(text);
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, attempts);
    assert_caller_bins(&m, 0, COUNT_FAILED, failed);
    assert_int_equal(caller_count(&m, 0, COUNT_LOCAL_REJECTIONS), caller_count(&m, 0, COUNT_FAILED));
    assert_int_equal(service_count(&m, 0, COUNT_ATTEMPTS), caller_count(&m, 0, COUNT_ATTEMPTS));
    model_free(&m);
}

/* Four at once, one permit a second. */
static void test_limiter(void **state)
{
    (void)state;
    check_limiter("scope: population", "1 0 0 0 0", "3 0 0 0 0");
    check_limiter("scope: population, burst: 2", "2 0 0 0 0", "2 0 0 0 0");
    check_limiter("scope: population, on_empty: wait", "1 1 1 1 0", "0 0 0 0 0");
    check_limiter("scope: population, on_empty: wait, max_wait: 2s", "1 1 1 0 0", "1 0 0 0 0");
    check_limiter("scope: client", "4 0 0 0 0", "0 0 0 0 0");
}

/* The deadline (1.5 s) ends those who still wait for their permit: of four, the ones of 0 and 1 s are sent. */
static void test_deadline_while_paced(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 5s\nclients: [{name: a, count: 4, arrival: {kind: burst}, calls: s, policy: {deadline: 1500ms,"
        " gates: {kind: token-bucket, rate: 1/s, on_empty: wait, scope: population}}}]\n" FREE_SERVICE("0s"));
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "1 1 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 2 0 0 0");
    model_free(&m);
}

/* The half-open probe that the rate limit refuses gives its permit back: a later request may probe. Refused at 1 s
 * (permit 1 of 1, next at 3 s), open until 2 s. At 2 s the probe finds no permit; at 3 s it does and is served. */
static void test_breaker_permit_comes_back(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 6s\n"
        "clients: [{name: a, arrival: {kind: renewal, gap: 1s}, calls: s, policy: {"
        "gates: {kind: token-bucket, rate: 0.5/s}, breaker: {kind: consecutive, failures: 1, open_for: "
        "1s}}}]\n" FREE_SERVICE("0s") "faults: [{kind: outage, mode: refuse, service: s, at: 0s, for: 1500ms}]\n");
    assert_caller_bins(&m, 0, COUNT_REJECTED, "0 1 0 0 0 0");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 1 1 0 1 0");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 1 0 1");
    model_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_retry_fires_from_the_timeout),
        cmocka_unit_test(test_timeout_starts_at_send),
        cmocka_unit_test(test_random_timeouts),
        cmocka_unit_test(test_timeout_of_zero),
        cmocka_unit_test(test_rejected_attempt_uses_up_an_attempt),
        cmocka_unit_test(test_unlimited_attempts),
        cmocka_unit_test(test_late_answer_does_not_end_the_retry),
        cmocka_unit_test(test_retry_on),
        cmocka_unit_test(test_full_is_rejected_not_refused),
        cmocka_unit_test(test_persistence),
        cmocka_unit_test(test_deadline_ends_a_request_in_flight),
        cmocka_unit_test(test_no_attempt_starts_after_the_deadline),
        cmocka_unit_test(test_answer_at_the_deadline),
        cmocka_unit_test(test_loss_each_way),
        cmocka_unit_test(test_everything_is_lost),
        cmocka_unit_test(test_lost_without_a_timeout),
        cmocka_unit_test(test_latency_each_way),
        cmocka_unit_test(test_budget_denies),
        cmocka_unit_test(test_budget_scope_client),
        cmocka_unit_test(test_budget_earns_by_request),
        cmocka_unit_test(test_breaker),
        cmocka_unit_test(test_breaker_scopes),
        cmocka_unit_test(test_local_rejection_uses_up_an_attempt),
        cmocka_unit_test(test_limiter),
        cmocka_unit_test(test_deadline_while_paced),
        cmocka_unit_test(test_breaker_permit_comes_back),
    };
    return cmocka_run_group_tests_name("caller", tests, NULL, NULL);
}
