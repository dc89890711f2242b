/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions: clients that connect before they send, lose their sessions, and come back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model_case.h"
#include "study/metrics.h"
#include "study/run.h"

/* One connect a second; a service that answers at once. */
#define SERVICES                                                                                                       \
    "services:\n"                                                                                                      \
    "  - {name: door, workers: 1, service_time: 1s, queue: {capacity: unlimited}}\n"                                   \
    "  - {name: s, workers: unlimited, service_time: 0s, queue: {capacity: 0}}\n"

/* Open sessions at the ends of the bins, "0 1 2". */
static void assert_connected(const struct model_case *m, uint32_t edge, const char *expected)
{
    char text[512] = "";
    size_t used = 0;
    for (uint32_t bin = 0; bin < m->world->bins; bin++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%g", bin ? " " : "",
                                 m->world->edges[edge].place.rows[bin].in_service);
    assert_string_equal(text, expected);
}

/* ---- a herd ---- */

/* Ten clients, one connect a second: half are back after 5 s, all after 10 s; 99 % of ten is ten. At 12 s all are
 * thrown out. Time average of the connected: (1 + ... + 9) in 1..10 s, 10 in 10..12 s, 1 + ... + 7 in 13..20 s,
 * that is 93 / 200. */
static void test_herd(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 20s\nclients: [{name: d, count: 10, connect: {start: connecting}, calls: door}]\n" SERVICES
                  "faults: [{kind: disconnect, clients: d, at: 12s}]\n");
    assert_connected(&m, 1, "0 1 2 3 4 5 6 7 8 9 10 10 0 1 2 3 4 5 6 7");
    assert_caller_bins(&m, 1, COUNT_ATTEMPTS, "10 0 0 0 0 0 0 0 0 0 0 0 10 0 0 0 0 0 0 0");
    assert_int_equal(caller_count(&m, 0, COUNT_REQUESTS), 0);
    assert_true(caller_metric(m.world, 1, "connected_50_s") == 5);
    assert_true(isnan(caller_metric(m.world, 1, "connected_100_s")));
    assert_true(caller_metric(m.world, 1, "attempts_per_client") == 2);
    assert_true(fabs(caller_metric(m.world, 1, "connected_ratio") - 93.0 / 200) < 1e-12);
    assert_true(fabs(m.world->edges[1].place.rows[5].busy_ratio - 0.5) < 1e-12);
    assert_true(m.world->edges[1].place.rows[5].queue_length == 5);
    model_free(&m);
}

/* A fault that takes 4 of 10 (drawn): "half of them" is half of those four. */
static void test_part_of_the_sessions(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 20s\nclients: [{name: d, count: 10, connect: {}, calls: door}]\n" SERVICES
                  "faults: [{kind: disconnect, clients: d, fraction: 50%, at: 1s}]\n");
    double lost = (double)caller_count(&m, 1, COUNT_REQUESTS);
    assert_true(lost > 0 && lost < 10);
    assert_true(caller_metric(m.world, 1, "connected_50_s") == ceil(lost / 2));
    assert_true(caller_metric(m.world, 1, "connected_99_s") == lost);
    assert_true(caller_metric(m.world, 1, "connected_100_s") == lost);
    model_free(&m);
}

/* A thousand are thrown out at 1 s; eleven fit in. The others are told of the 10 s that all thousand take: they come
 * back evenly in these, 99 a second, binomial, within 5 standard deviations (47); without spread all at 11 s. */
#define ADVISED(advice)                                                                                                \
    "duration: 13s\nclients: [{name: d, count: 1000, calls: door, connect: {policy: {attempts: 2, retry_after: "       \
    "replace, backoff: {shape: fixed, base: 60s}}}}]\nservices: [{name: door, workers: 1, service_time: 10ms, queue: " \
    "{capacity: 10}, retry_after: " advice "}]\nfaults: [{kind: disconnect, clients: d, at: 1s}]\n"

static void test_advice_of_sessions(void **state)
{
    (void)state;
    struct model_case m = model_run(ADVISED("sessions"));
    for (uint32_t bin = 1; bin < 11; bin++)
        assert_in_range(m.world->edges[1].place.rows[bin].counts[COUNT_RETRIES], 52, 146);
    assert_int_equal(caller_count(&m, 1, COUNT_RETRIES), 989);
    model_free(&m);
    m = model_run(ADVISED("{kind: sessions, spread: false}"));
    assert_caller_bins(&m, 1, COUNT_RETRIES, "0 0 0 0 0 0 0 0 0 0 0 989 0");
    model_free(&m);
}

/* Who has no session is told nothing: the backoff counts. */
static void test_advice_for_others(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 4s\nclients: [{name: d, count: 3, calls: door, arrival: {kind: burst}, policy: {attempts: 2, "
        "retry_after: replace, backoff: {shape: fixed, base: 3s}}}]\nservices: [{name: door, workers: 1, "
        "service_time: 1s, queue: {capacity: 0}, retry_after: sessions}]\n");
    assert_caller_bins(&m, 0, COUNT_ATTEMPTS, "3 0 0 2");
    model_free(&m);
}

/* What an expectation may be about. */
static void test_expectation_of_a_connect(void **state)
{
    (void)state;
    static const char *const places[] = {"clients.d", "clients.d.connect", "clients.e.connect", "clients..connect"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char text[1000];
        snprintf(text, sizeof text,
                 "duration: 1s\nclients: [{name: d, connect: {}, calls: door}, {name: e, calls: s, arrival: "
                 "{kind: burst}}]\n" SERVICES "headline: %s.attempts\n",
                 places[i]);
        struct scenario *s = model_scenario(text);
        struct diag *diag = diag_new();
        assert_int_equal(study_check_metrics(s, diag), i < 2);
        diag_free(diag);
        scenario_free(s);
    }
}

/* Waits of 1000 clients over 100 s: 250 in each quarter, +- 5 x sqrt(1000 x 3/16) = 68; none is later. */
static void test_splay(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 200s\nbin: 25s\nclients:\n"
                                    "  - {name: d, count: 1000, connect: {splay: 100s}, calls: s}\n" SERVICES
                                    "faults: [{kind: disconnect, clients: d, at: 25s}]\n");
    for (uint32_t bin = 0; bin < 8; bin++) {
        uint64_t connects = m.world->edges[1].place.rows[bin].counts[COUNT_REQUESTS];
        assert_in_range(connects, bin >= 1 && bin <= 4 ? 250 - 68 : 0, bin >= 1 && bin <= 4 ? 250 + 68 : 0);
    }
    assert_int_equal(caller_count(&m, 1, COUNT_REQUESTS), 1000);
    model_free(&m);
}

/* ---- failures, and policies ---- */

/* Refused until 7.5 s. Two attempts 1 s apart, then 3 s of rest: attempts at 0 1, 4 5, 8: connected at 9 s. */
static void test_giving_up(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 12s\nclients:\n"
                                    "  - {name: d, calls: door, connect: {start: connecting, give_up_wait: 3s,\n"
                                    "     policy: {attempts: 2, backoff: {shape: fixed, base: 1s}}}}\n" SERVICES
                                    "faults: [{kind: outage, mode: refuse, service: door, at: 0s, for: 7500ms}]\n");
    assert_caller_bins(&m, 1, COUNT_ATTEMPTS, "1 1 0 0 1 1 0 0 1 0 0 0");
    assert_caller_bins(&m, 1, COUNT_REQUESTS, "1 0 0 0 1 0 0 0 1 0 0 0");
    assert_connected(&m, 1, "0 0 0 0 0 0 0 0 0 1 1 1");
    model_free(&m);
}

/* A named policy, an override that reaches into it, an edge of its own in front of another service. */
static void test_connect_has_its_own_policy(void **state)
{
    (void)state;
    struct scenario *scenario = model_scenario(
        "duration: 12s\npolicies: {twice: {attempts: 2}}\nclients:\n"
        "  - {name: d, calls: s, closed: {think: 1s}, policy: {attempts: 5}, connect: {calls: door, policy: "
        "twice}}\n" SERVICES "strategies: [{name: a}, {name: b, set: {clients.d.connect.policy.attempts: 3}}]\n");
    for (int i = 0; i < 2; i++) {
        const struct client_config *client = scenario->variants[i].config.model.clients.items;
        assert_int_equal(client->hop.policy.attempts, 5);
        assert_int_equal(client->connect->hop.policy.attempts, i ? 3 : 2);
    }
    scenario_free(scenario);
}

/* Each part of a policy works on a connect edge as on any other: a budget of one token for ten clients that are refused
 * once grants one retry; nine give up. */
static void test_budget_of_a_connect_edge(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 4s\nclients:\n"
                  "  - {name: d, count: 10, calls: door, connect: {start: connecting, give_up_wait: 1h,\n"
                  "     policy: {attempts: 2, budget: {kind: bucket, size: 1, scope: population}}}}\n" SERVICES
                  "faults: [{kind: outage, mode: refuse, service: door, at: 0s, for: 1s}]\n");
    assert_int_equal(caller_count(&m, 1, COUNT_RETRIES), 1);
    assert_int_equal(caller_count(&m, 1, COUNT_FAILED), 10);
    model_free(&m);
}

/* ---- what clients do in a session ---- */

/* Think 2 s from the connect, at 1 s: requests at 3, 5, 7 s. Out at 7.5 s, back at 8.5 s: 10.5, 12.5. */
static void test_closed_loop(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 14s\nclients:\n"
                  "  - {name: d, calls: s, closed: {think: 2s}, connect: {calls: door, start: connecting}}\n" SERVICES
                  "faults: [{kind: disconnect, clients: d, at: 7500ms}]\n");
    assert_caller_bins(&m, 0, COUNT_REQUESTS, "0 0 0 1 0 1 0 1 0 0 1 0 1 0");
    model_free(&m);
}

/* A request of 5 s is under way when the session ends and the next begins: one loop goes on, not two. */
static void test_one_loop_a_client(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 14s\nclients:\n"
                  "  - {name: d, calls: t, closed: {think: 1s, start: at-once}, connect: {calls: s}}\n"
                  "services:\n"
                  "  - {name: s, workers: unlimited, service_time: 0s, queue: {capacity: 0}}\n"
                  "  - {name: t, workers: unlimited, service_time: 5s, queue: {capacity: 0}}\n"
                  "faults: [{kind: disconnect, clients: d, at: 1s}, {kind: disconnect, clients: d, at: 2s}]\n");
    assert_caller_bins(&m, 0, COUNT_REQUESTS, "1 0 0 0 0 0 1 0 0 0 0 0 1 0");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 0 0 1 0 0 0 0 0 1 0 0");
    assert_int_equal(caller_count(&m, 1, COUNT_REQUESTS), 2);
    model_free(&m);
}

/* A metronome of 1 s; without a session from 3.5 s to 6.5 s (splay 0, three connects in front): arrivals of clients
 * without a session are no requests. */
static void test_open_loop(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 9s\nclients:\n"
                  "  - {name: d, calls: s, arrival: {kind: renewal, gap: 1s}, connect: {calls: slow}}\n"
                  "services:\n"
                  "  - {name: slow, workers: 1, service_time: 3s, queue: {capacity: 0}}\n"
                  "  - {name: s, workers: unlimited, service_time: 0s, queue: {capacity: 0}}\n"
                  "faults: [{kind: disconnect, clients: d, at: 3500ms}]\n");
    assert_caller_bins(&m, 0, COUNT_REQUESTS, "0 1 1 1 0 0 0 1 1");
    model_free(&m);
}

/* 100 clients at 50/s, each with a session for half of the time (1 s, then 1 s to connect): half of the 50 x 400 s, of
 * a Poisson count that knows nothing of sessions: 10 000 +- 5 x 100. */
static void test_open_loop_in_proportion(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 400s\nclients:\n"
        "  - {name: d, count: 100, calls: s, arrival: {kind: poisson, rate: 50/s},\n"
        "     connect: {calls: slow, session: {law: exponential, mean: 1s}}}\n"
        "services:\n"
        "  - {name: slow, workers: unlimited, service_time: {law: exponential, mean: 1s}, queue: {capacity: 0}}\n"
        "  - {name: s, workers: unlimited, service_time: 0s, queue: {capacity: 0}}\n");
    assert_in_range(caller_count(&m, 0, COUNT_REQUESTS), 9500, 10500);
    model_free(&m);
}

/* Sessions of 3 s, 1 s to connect: open at 0..3, 4..7, 8..11 s. */
static void test_length(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 12s\nclients: [{name: d, calls: door, connect: {session: 3s}}]\n" SERVICES);
    assert_connected(&m, 1, "1 1 1 0 1 1 1 0 1 1 1 0");
    model_free(&m);
}

/* ---- restarts ---- */

/* Three clients ask at 4 s and are answered at 5.5, 7, 8.5 s. Restarted at 8 s, when the third still waits, they all
 * ask at 12 s; without it they would at 9.5, 11, 12.5 s. */
static void test_restart_aligns_phases(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 14s\nclients: [{name: d, count: 3, calls: s, closed: {think: 4s}}]\n"
                                    "services: [{name: s, workers: 1, service_time: 1500ms, queue: {capacity: 9}}]\n"
                                    "faults: [{kind: clients-restart, clients: d, at: 8s}]\n");
    assert_caller_bins(&m, 0, COUNT_REQUESTS, "0 0 0 0 3 0 0 0 0 0 0 0 3 0");
    assert_caller_bins(&m, 0, COUNT_GOOD, "0 0 0 0 0 1 0 1 0 0 0 0 0 1");
    assert_caller_bins(&m, 0, COUNT_FAILED, "0 0 0 0 0 0 0 0 1 0 0 0 0 0");
    model_free(&m);
}

/* Two are connected at 2.5 s, two not yet: their requests fail, nobody keeps a session. The door is done with the two
 * old requests at 4 s. */
static void test_restart_of_sessions(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 9s\nclients: [{name: d, count: 4, calls: door, connect: {start: connecting}}]\n" SERVICES
                  "faults: [{kind: clients-restart, clients: d, at: 2500ms}]\n");
    assert_connected(&m, 1, "0 1 0 0 0 1 2 3 4");
    assert_caller_bins(&m, 1, COUNT_REQUESTS, "4 0 4 0 0 0 0 0 0");
    assert_int_equal(caller_count(&m, 1, COUNT_FAILED), 2);
    assert_int_equal(caller_count(&m, 1, COUNT_LATE), 2);
    model_free(&m);
}

/* What a cache fetches for itself, in the name of who looked the value up, is no request of the clients': their restart
 * leaves it alone. The lookup at 2 s finds a stale value and is answered at once; the fetch behind it takes 5 s.
 * Restarted at 3 s, the client asks again at 5 s, is answered out of the cache, and at 7 s, by the new value. */
static void test_restart_leaves_fetches_alone(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 8s\nclients: [{name: d, count: 1, closed: {think: 2s}, calls: c}]\n"
        "services: [{name: s, workers: 1, service_time: 5s, queue: {capacity: 9}}]\n"
        "caches: [{name: c, origin: s, keys: 1, ttl: 1s, start: filled, miss: coalesce, "
        "stale_while_revalidate: 100s}]\n"
        "faults: [{kind: clients-restart, clients: d, at: 3s}]\n");
    assert_int_equal(cache_count(&m, 0, COUNT_BACKGROUND), 1);
    assert_int_equal(cache_count(&m, 0, COUNT_FETCHES_ENDED), 1);
    assert_int_equal(caller_count(&m, 0, COUNT_GOOD), 3);
    assert_int_equal(caller_count(&m, 0, COUNT_FAILED), 0);
    model_free(&m);
}

/* ---- the same draws for every strategy; mistakes ---- */

static void test_draws_do_not_depend_on_the_policy(void **state)
{
    (void)state;
    static const char *const policies[] = {"{}", "{attempts: 3, timeout: 5s, backoff: {shape: fixed, base: 1s}}"};
    struct model_case m[2];
    for (int i = 0; i < 2; i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "duration: 50s\nclients:\n"
                 "  - {name: d, count: 20, calls: s, closed: {think: exponential, mean: 2s},\n"
                 "     connect: {calls: s, splay: 3s, session: {law: exponential, mean: 5s}, policy: %s}}\n" SERVICES
                 "faults: [{kind: disconnect, clients: d, at: 20s, fraction: 30%%}]\n",
                 policies[i]);
        m[i] = model_run(text);
    }
    for (int edge = 0; edge < 2; edge++)
        assert_memory_equal(m[0].world->edges[edge].place.counts, m[1].world->edges[edge].place.counts,
                            sizeof m[0].world->edges[edge].place.counts);
    assert_true(caller_count(&m[0], 1, COUNT_REQUESTS) > 100);
    model_free(&m[0]);
    model_free(&m[1]);
}

static void test_mistakes(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"connect: {calls: doer}", "connect.calls: no service or cache named 'doer'; did you mean 'door'?"},
        {"connect: {give_up_wait: 0s}",
         "connect.give_up_wait: a wait of 0 would stop the clock where all fail; write 1us"},
        {"connect: {session: 0s}", "connect.session: a length of 0 would stop the clock; write 1us"},
        {"connect: {start: idle}", "unknown start 'idle'; there are: connected, connecting"},
        {"connect: {policy: careful}", "policy: no policy named 'careful' under 'policies:'"},
        {"connect: {}", "clients: 'd' only connects, it has no load to scale"},
        {"idempotent_ratio: 1", "say how requests come"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "name: x\nduration: 9s\nclients: [{name: d, calls: s, %s}]\n" SERVICES
                 "faults: [{kind: load, clients: d, factor: 2, at: 1s}]\n",
                 cases[i][0]);
        char *errors = model_errors(text, NULL);
        if (!strstr(errors, cases[i][1]))
            fail_msg("%s: %s", cases[i][0], errors);
        free(errors);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_herd),
        cmocka_unit_test(test_part_of_the_sessions),
        cmocka_unit_test(test_advice_of_sessions),
        cmocka_unit_test(test_advice_for_others),
        cmocka_unit_test(test_expectation_of_a_connect),
        cmocka_unit_test(test_splay),
        cmocka_unit_test(test_giving_up),
        cmocka_unit_test(test_connect_has_its_own_policy),
        cmocka_unit_test(test_budget_of_a_connect_edge),
        cmocka_unit_test(test_closed_loop),
        cmocka_unit_test(test_one_loop_a_client),
        cmocka_unit_test(test_open_loop),
        cmocka_unit_test(test_open_loop_in_proportion),
        cmocka_unit_test(test_length),
        cmocka_unit_test(test_restart_aligns_phases),
        cmocka_unit_test(test_restart_of_sessions),
        cmocka_unit_test(test_restart_leaves_fetches_alone),
        cmocka_unit_test(test_draws_do_not_depend_on_the_policy),
        cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
