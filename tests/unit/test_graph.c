/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs: services that call others while they work on an attempt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "model/call.h"
#include "model_case.h"

/* The edges of a model with one population: 0 is its, 1.. are the calls in the order of the services. */
enum { WEB, FIRST_CALL, SECOND_CALL };
enum { API, DB, OTHER };

#define ONE(POLICY) "clients: [{name: web, arrival: {kind: burst}, calls: api" POLICY "}]\n"
#define API_WITH(WORKERS, CALLS, PROGRAM, MORE)                                                                        \
    "services:\n  - {name: api, workers: " WORKERS ", queue: {capacity: unlimited}, calls: [" CALLS                    \
    "], program: [" PROGRAM "]" MORE "}\n"
#define BEHIND(NAME, WORKERS, TIME, MORE)                                                                              \
    "  - {name: " NAME ", workers: " WORKERS ", service_time: " TIME ", queue: {capacity: unlimited}" MORE "}\n"

static int64_t longest_ms(const struct model_case *m, uint32_t edge)
{
    return m->world->edges[edge].place.latency->total.max / 1000000;
}

static int64_t degraded(const struct model_case *m)
{
    return caller_count(m, WEB, COUNT_DEGRADED);
}

/* ---- serial calls ---- */

/* 1 s of work, 1 s at the database, 0.5 s of work: the worker is busy for 2.5 s, of which it is held for 1. */
static void test_serial_call(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 4s\n" ONE("") API_WITH(
        "1", "db", "{work: 1s}, {call: db}, {work: 500ms}", "") BEHIND("db", "1", "1s", ""));
    struct service_areas api = model_areas(&m, API), db = model_areas(&m, DB);
    assert_int_equal(longest_ms(&m, WEB), 2500);
    assert_int_equal(longest_ms(&m, FIRST_CALL), 1000);
    assert_true(area_s(api.busy) == 2.5 && area_s(api.held) == 1 && area_s(api.useful) == 1.5);
    assert_true(area_s(db.busy) == 1 && area_s(db.held) == 0);
    assert_string_equal(m.world->edges[FIRST_CALL].place.path, "services.api.calls.db");
    model_free(&m);
}

/* One after the other; the second and third begin where the one before ended. */
static void test_times(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\n" ONE("") API_WITH("1", "db", "{work: 1s}, {call: db, times: 3}", "")
                                        BEHIND("db", "5", "2s", ""));
    assert_int_equal(longest_ms(&m, WEB), 7000);
    assert_caller_bins(&m, FIRST_CALL, COUNT_REQUESTS, "0 1 0 1 0 1 0 0 0");
    model_free(&m);
}

/* A program of one step of work is what `service_time` says, down to the last draw. */
static void test_one_step_is_a_plain_service(void **state)
{
    (void)state;
    static const char *const ways[] = {"service_time: {law: exponential, mean: 30ms}",
                                       "program: [{work: {law: exponential, mean: 30ms}}]"};
    struct model_case m[2];
    for (int i = 0; i < 2; i++) {
        char text[2000];
        snprintf(text, sizeof text,
                 "duration: 60s\nclients: [{name: web, arrival: {kind: poisson, rate: 60/s}, calls: api, policy: "
                 "{timeout: 200ms, attempts: 3, backoff: {shape: fixed, base: 50ms, jitter: full}}}]\n"
                 "services: [{name: api, workers: 2, %s, queue: {capacity: 20}, reject_cost: 1ms, cancel: running, "
                 "error_ratio: 10%%, error_after: 20ms}]\n"
                 "faults:\n  - {kind: outage, mode: pause, service: api, at: 20s, for: 3s}\n"
                 "  - {kind: speed, service: api, factor: 0.5, at: 21s, for: 9s}\n",
                 ways[i]);
        m[i] = model_run(text);
    }
    struct service_areas a = model_areas(&m[0], API), b = model_areas(&m[1], API);
    assert_memory_equal(m[0].world->edges[WEB].place.counts, m[1].world->edges[WEB].place.counts,
                        sizeof m[0].world->edges[WEB].place.counts);
    assert_memory_equal(m[0].world->services[API].place.counts, m[1].world->services[API].place.counts,
                        sizeof m[0].world->services[API].place.counts);
    assert_true(a.busy == b.busy && a.useful == b.useful && a.wasted == b.wasted && a.in_system == b.in_system);
    for (int i = 0; i < 2; i++)
        model_free(&m[i]);
}

/* ---- failing calls ---- */

/* The second of three calls fails: the attempt ends there, as a gateway error, and what was done is wasted. */
static void test_required_call_fails(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 9s\nclients: [{name: web, arrival: {kind: burst}, calls: api, policy: {attempts: 2, retry_on: "
        "[server-error]}}]\n" API_WITH("1", "db, {name: bad}", "{work: 1s}, {call: db}, {call: bad}, {call: db}", "")
            BEHIND("db", "1", "1s", "") BEHIND("bad", "1", "1s", ", error_ratio: 100%"));
    assert_int_equal(caller_count(&m, WEB, COUNT_FAILED), 1);
    assert_int_equal(caller_count(&m, WEB, COUNT_ERRORS), 1);
    assert_int_equal(caller_count(&m, WEB, COUNT_RETRIES), 0); /* a gateway error, not a server error */
    assert_int_equal(caller_count(&m, FIRST_CALL, COUNT_REQUESTS), 1);
    assert_int_equal(service_count(&m, API, COUNT_FAILED), 1);
    assert_true(area_s(model_areas(&m, API).wasted) == 1 && area_s(model_areas(&m, API).busy) == 3);
    model_free(&m);
}

/* Retries at each hop multiply: a call fails after 3 attempts, the request after 2 calls. */
static void test_retries_multiply(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 9s\nclients: [{name: web, arrival: {kind: burst}, calls: api, policy: {attempts: 2}}]\n" API_WITH(
            "1", "{name: db, policy: {attempts: 3}}", "{call: db}", "")
            BEHIND("db", "1", "100ms", ", error_ratio: 100%"));
    assert_int_equal(caller_count(&m, WEB, COUNT_ATTEMPTS), 2);
    assert_int_equal(caller_count(&m, FIRST_CALL, COUNT_REQUESTS), 2);
    assert_int_equal(caller_count(&m, FIRST_CALL, COUNT_ATTEMPTS), 6);
    assert_int_equal(service_count(&m, DB, COUNT_ATTEMPTS), 6);
    model_free(&m);
}

static void test_optional_call(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 9s\n" ONE("")
                      API_WITH("1", "db", "{work: 1s}, {call: db, optional: true, fallback: 2s}, {work: 1s}", "")
                          BEHIND("db", "1", "1s", ", error_ratio: 100%"));
    assert_int_equal(longest_ms(&m, WEB), 5000);
    assert_int_equal(degraded(&m), 1);
    assert_int_equal(service_count(&m, API, COUNT_DEGRADED), 1);
    assert_int_equal(caller_count(&m, WEB, COUNT_GOOD), 1);
    assert_true(area_s(model_areas(&m, API).useful) == 4 && area_s(model_areas(&m, API).wasted) == 0);
    model_free(&m);
}

/* What is made of a degraded answer is degraded, too. */
static void test_degraded_answers_spread(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\n" ONE(", network: {response_latency: 1s}") API_WITH(
        "1", "mid", "{call: mid}", "") "  - {name: mid, workers: 1, queue: {capacity: 0}, calls: [db], program: "
                                       "[{call: db, optional: true}]}\n" BEHIND("db", "1", "1s",
                                                                                ", error_ratio: 100%"));
    assert_int_equal(caller_count(&m, FIRST_CALL, COUNT_DEGRADED), 1);
    assert_int_equal(degraded(&m), 1);
    model_free(&m);
}

/* ---- parallel calls ---- */

#define FAST_AND_SLOW BEHIND("fast", "1", "1s", ", cancel: running") BEHIND("slow", "1", "3s", ", cancel: running")

/* The slow one is called off when the fast one answers: its worker is free at once, its request has no outcome. */
static void test_any(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\n" ONE("") API_WITH(
        "1", "fast, slow", "{parallel: [fast, slow], need: any}, {work: 1s}", "") FAST_AND_SLOW);
    assert_int_equal(longest_ms(&m, WEB), 2000);
    assert_int_equal(caller_count(&m, SECOND_CALL, COUNT_CALLED_OFF), 1);
    assert_int_equal(caller_count(&m, SECOND_CALL, COUNT_CANCELLED), 1);
    assert_int_equal(caller_count(&m, SECOND_CALL, COUNT_GOOD) + caller_count(&m, SECOND_CALL, COUNT_FAILED), 0);
    assert_true(area_s(model_areas(&m, OTHER).busy) == 1 && area_s(model_areas(&m, OTHER).wasted) == 1);
    assert_int_equal(degraded(&m), 0);
    model_free(&m);
}

static void test_all(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 9s\n" ONE("") API_WITH("1", "fast, slow", "{parallel: [fast, slow]}, {work: 1s}", "") FAST_AND_SLOW);
    assert_int_equal(longest_ms(&m, WEB), 4000);
    assert_int_equal(caller_count(&m, SECOND_CALL, COUNT_CALLED_OFF), 0);
    model_free(&m);
}

/* Two of three; the second failure decides. */
static void test_some(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 9s\n" ONE("") API_WITH("1", "good, bad, slow", "{parallel: [good, bad, bad, slow], need: 3}", "")
            BEHIND("good", "1", "1s", "") BEHIND("bad", "1", "1s", ", error_ratio: 100%")
                BEHIND("slow", "1", "5s", ", cancel: running"));
    assert_int_equal(caller_count(&m, WEB, COUNT_FAILED), 1);
    assert_int_equal(m.world->edges[WEB].failed_latency->max / 1000000, 2000); /* bad has one worker for both */
    assert_int_equal(caller_count(&m, 3, COUNT_CALLED_OFF), 1);
    model_free(&m);
}

/* A call that fails on the spot decides the step: the others are not made at all. */
static void test_no_call_after_the_decision(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 9s\n" ONE("") API_WITH(
            "1", "full, db",
            "{parallel: [full, db]}", "") "  - {name: full, workers: 1, service_time: 1s, queue: {capacity: "
                                          "0}}\n" BEHIND("db", "1", "1s", "") "faults: [{kind: outage, mode: refuse, "
                                                                              "service: full, at: 0s, for: 5s}]\n");
    assert_int_equal(caller_count(&m, WEB, COUNT_FAILED), 1);
    assert_int_equal(caller_count(&m, SECOND_CALL, COUNT_REQUESTS), 0);
    model_free(&m);
}

/* ---- workers ---- */

static const char *const two_requests = "clients: [{name: web, count: 2, arrival: {kind: burst}, calls: api}]\n";

/* One worker, two requests of 1 s + 2 s at the database + 1 s. Held: one after the other, 8 s. Given back: the second
 * begins while the first waits; the first's answer finds the worker free at 3 s. */
static void test_hold_worker(void **state)
{
    (void)state;
    for (int hold = 0; hold < 2; hold++) {
        char text[1000];
        snprintf(text, sizeof text,
                 "duration: 12s\n%s" API_WITH("1", "db", "{work: 1s}, {call: db}, {work: 1s}", ", hold_worker: %s")
                     BEHIND("db", "5", "2s", ""),
                 two_requests, hold ? "true" : "false");
        struct model_case m = model_run(text);
        struct service_areas areas = model_areas(&m, API);
        assert_int_equal(longest_ms(&m, WEB), hold ? 8000 : 5000);
        assert_true(area_s(areas.busy) == (hold ? 8 : 4) && area_s(areas.held) == (hold ? 4 : 0));
        assert_true(area_s(areas.useful) == 4);
        assert_int_equal(service_count(&m, API, COUNT_STARTED), hold ? 2 : 4);
        model_free(&m);
    }
}

/* An answer comes at 2 s while two others wait for the worker: it goes behind them, though the queue is full. */
static void test_back_in_line(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 20s\nclients:\n  - {name: first, arrival: {kind: burst}, calls: api}\n"
        "  - {name: later, count: 3, arrival: {kind: burst, at: 500ms}, calls: api}\n"
        "services:\n  - {name: api, workers: 1, queue: {capacity: 3}, hold_worker: false, calls: [db], "
        "program: [{work: 1s}, {call: db, for: first}, {work: 4s, for: first}]}\n" BEHIND("db", "1", "1s", ""));
    assert_int_equal(caller_count(&m, 1, COUNT_GOOD), 3);
    assert_int_equal(longest_ms(&m, 1), 3500);
    assert_int_equal(longest_ms(&m, 0), 8000);
    assert_true(area_s(model_areas(&m, API).in_queue) == 0.5 + 1.5 + 2.5 + 2);
    model_free(&m);
}

/* The answer of the database comes while its caller is paused: that goes on when the pause is over. */
static void test_pause(void **state)
{
    (void)state;
    for (int hold = 0; hold < 2; hold++) {
        char text[1000];
        snprintf(text, sizeof text,
                 "duration: 12s\n%s" API_WITH("2", "db", "{work: 1s}, {call: db}", ", hold_worker: %s") BEHIND(
                     "db", "2", "1s", "") "faults: [{kind: outage, mode: pause, service: api, at: 1500ms, for: 3s}]\n",
                 two_requests, hold ? "true" : "false");
        struct model_case m = model_run(text);
        assert_int_equal(longest_ms(&m, WEB), 4500);
        assert_int_equal(longest_ms(&m, FIRST_CALL), 1000);
        model_free(&m);
    }
}

/* ---- callers that give up ---- */

/* web gives up at 1.5 s, while the database works. */
#define IMPATIENT ONE(", policy: {timeout: 1500ms}")

static void test_cancel_spreads(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 9s\n" IMPATIENT API_WITH("1", "db", "{work: 1s}, {call: db, times: 2}", ", cancel: running")
            BEHIND("db", "1", "2s", ", cancel: running"));
    assert_int_equal(service_count(&m, API, COUNT_CANCELLED), 1);
    assert_int_equal(service_count(&m, DB, COUNT_CANCELLED), 1);
    assert_int_equal(caller_count(&m, FIRST_CALL, COUNT_CALLED_OFF), 1);
    assert_true(area_s(model_areas(&m, API).busy) == 1.5 && area_s(model_areas(&m, API).wasted) == 1);
    assert_true(area_s(model_areas(&m, DB).busy) == 0.5);
    model_free(&m);
}

/* The edge does not tell the database, which works to the end, for nobody. */
static void test_cancel_does_not_spread(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\n" IMPATIENT API_WITH(
        "1", "{name: db, propagate_cancel: false}", "{work: 1s}, {call: db, times: 2}", ", cancel: running")
                                        BEHIND("db", "1", "2s", ", cancel: running"));
    assert_int_equal(service_count(&m, DB, COUNT_CANCELLED), 0);
    assert_int_equal(service_count(&m, DB, COUNT_LATE), 1);
    assert_int_equal(caller_count(&m, FIRST_CALL, COUNT_CALLED_OFF), 1);
    assert_int_equal(caller_count(&m, FIRST_CALL, COUNT_LATE), 1);
    assert_true(area_s(model_areas(&m, DB).wasted) == 2);
    model_free(&m);
}

/* api does not notice and goes on, and so do its calls: good for api, for nobody in the end. */
static void test_work_for_nobody(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\n" IMPATIENT API_WITH(
        "1", "db", "{work: 1s}, {call: db, times: 2}", "") BEHIND("db", "1", "2s", ", cancel: running"));
    assert_int_equal(caller_count(&m, FIRST_CALL, COUNT_GOOD), 2);
    assert_int_equal(service_count(&m, DB, COUNT_LATE), 2);
    assert_int_equal(service_count(&m, DB, COUNT_CANCELLED), 0);
    assert_int_equal(service_count(&m, DB, COUNT_TIMED_OUT), 0);
    assert_true(area_s(model_areas(&m, DB).wasted) == 4 && area_s(model_areas(&m, API).wasted) == 1);
    assert_int_equal(service_count(&m, DB, COUNT_STARTED_DEAD), 1);
    model_free(&m);
}

/* A call that waits for its retry is called off with the others. */
static void test_called_off_in_backoff(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\n" IMPATIENT API_WITH(
        "1", "{name: db, policy: {attempts: 5, backoff: {shape: fixed, base: 4s}}}", "{call: db}", ", cancel: running")
                                        BEHIND("db", "1", "1s", ", error_ratio: 100%"));
    assert_int_equal(caller_count(&m, FIRST_CALL, COUNT_ATTEMPTS), 1);
    assert_int_equal(caller_count(&m, FIRST_CALL, COUNT_CALLED_OFF), 1);
    assert_int_equal(m.world->edges[FIRST_CALL].backing_off.value, 0);
    model_free(&m);
}

/* The breaker hears nothing of a call that was called off: it does not count against the callee. */
static void test_called_off_is_no_failure(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\n" IMPATIENT API_WITH(
        "1", "{name: db, policy: {breaker: {kind: consecutive, failures: 1, open_for: 60s}}}", "{call: db}",
        ", cancel: running") BEHIND("db", "1", "2s", "") "faults: []\n");
    assert_int_equal(caller_count(&m, FIRST_CALL, COUNT_CALLED_OFF), 1);
    model_free(&m);
    m = model_run(
        "duration: 9s\nclients: [{name: web, count: 2, arrival: {kind: burst, spread: 4s}, calls: api, policy: "
        "{timeout: 1s}}]\n" API_WITH("1",
                                     "{name: db, policy: {breaker: {kind: consecutive, failures: 1, open_for: 60s}}}",
                                     "{call: db}", ", cancel: running") BEHIND("db", "2", "2s", ""));
    assert_int_equal(caller_count(&m, FIRST_CALL, COUNT_ATTEMPTS), 2);
    assert_int_equal(caller_count(&m, FIRST_CALL, COUNT_LOCAL_REJECTIONS), 0);
    model_free(&m);
}

/* ---- deadlines ---- */

/* web gives up at 3 s; with a margin of 500 ms the call ends at 2.5 s, and api's answer is in time. */
static void test_deadline(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\n" ONE(", policy: {timeout: 3s}") API_WITH(
        "1", "{name: db, policy: {attempts: 9}, propagate_deadline: true, deadline_margin: 500ms}",
        "{work: 1s}, {call: db}", "") BEHIND("db", "1", "5s", ", cancel: running"));
    assert_int_equal(caller_count(&m, WEB, COUNT_ERRORS), 1);
    assert_int_equal(m.world->edges[WEB].failed_latency->max / 1000000, 2500);
    assert_int_equal(caller_count(&m, FIRST_CALL, COUNT_FAILED), 1);
    assert_true(area_s(model_areas(&m, DB).busy) == 1.5);
    model_free(&m);
}

/* Over two hops, and less than any timeout on the way; a call that would begin too late is not sent. */
static void test_deadline_over_two_hops(void **state)
{
    (void)state;
    struct model_case m = model_run("duration: 9s\n" ONE(", policy: {deadline: 3s}") API_WITH(
        "1", "{name: mid, policy: {timeout: 10s}, propagate_deadline: true}", "{call: mid}",
        "") "  - {name: mid, workers: 1, queue: {capacity: 0}, calls: [{name: db, policy: {timeout: 10s}, "
            "propagate_deadline: true, deadline_margin: 1s}], program: [{call: db}, {work: 1s}, {call: db}]}\n" BEHIND(
                "db", "1", "1s", ""));
    assert_int_equal(caller_count(&m, SECOND_CALL, COUNT_REQUESTS), 2);
    assert_int_equal(caller_count(&m, SECOND_CALL, COUNT_ATTEMPTS), 1);
    assert_int_equal(caller_count(&m, SECOND_CALL, COUNT_FAILED), 1);
    assert_int_equal(m.world->edges[WEB].failed_latency->max / 1000000, 2000);
    model_free(&m);
}

/* The drop rule of a service knows a deadline that came from far away. */
static void test_deadline_at_the_drop_rule(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 9s\nclients: [{name: web, count: 2, arrival: {kind: burst}, calls: api, policy: {timeout: "
                  "3s}}]\n" API_WITH("2", "{name: db, propagate_deadline: true}", "{call: db}",
                                     "") "  - {name: db, workers: 1, service_time: 2s, queue: {capacity: 5, drop: "
                                         "{kind: expired, margin: 2s}}}\n");
    assert_int_equal(service_count(&m, DB, COUNT_DROPPED), 1);
    assert_int_equal(caller_count(&m, WEB, COUNT_GOOD), 1);
    assert_int_equal(m.world->edges[WEB].failed_latency->max / 1000000, 2000);
    model_free(&m);
}

/* ---- who has which steps ---- */

static void test_for(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 9s\nclients:\n  - {name: a, arrival: {kind: burst}, calls: api}\n"
                  "  - {name: b, arrival: {kind: burst}, calls: api}\n"
                  "services:\n  - {name: api, workers: 2, queue: {capacity: 0}, calls: [mid], program: [{call: mid}]}\n"
                  "  - {name: mid, workers: 2, queue: {capacity: 0}, calls: [db], program: [{work: 1s}, {call: db, "
                  "for: [b]}]}\n" BEHIND("db", "2", "1s", ""));
    assert_int_equal(longest_ms(&m, 0), 1000);
    assert_int_equal(longest_ms(&m, 1), 2000);
    model_free(&m);
}

/* A request has the step or not, all its attempts alike: where the call always fails, nobody gets through by trying
 * again, and those without it need one attempt. */
static void test_chance(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 9s\nclients: [{name: web, count: 2000, arrival: {kind: burst}, calls: api, policy: "
                  "{attempts: 3}}]\n" API_WITH("unlimited", "db", "{work: 1s}, {call: db, chance: 30%}", "")
                      BEHIND("db", "unlimited", "1s", ", error_ratio: 100%"));
    int64_t failed = caller_count(&m, WEB, COUNT_FAILED);
    assert_true(failed > 600 - 103 && failed < 600 + 103); /* 5 standard errors */
    assert_int_equal(caller_count(&m, WEB, COUNT_ATTEMPTS), 2000 + 2 * failed);
    assert_int_equal(caller_count(&m, FIRST_CALL, COUNT_REQUESTS), 3 * failed);
    model_free(&m);
}

/* The more critical caller goes first two hops away. */
static void test_priority_is_inherited(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 9s\nclients:\n  - {name: low, count: 3, priority: 3, arrival: {kind: burst}, calls: api}\n"
                  "  - {name: high, priority: 0, arrival: {kind: burst, at: 500ms}, calls: api}\n" API_WITH(
                      "4", "db", "{call: db}",
                      "") "  - {name: db, workers: 1, service_time: 1s, queue: {capacity: 9, discipline: priority}}\n");
    assert_int_equal(longest_ms(&m, 1), 1500);
    assert_int_equal(longest_ms(&m, 0), 4000);
    model_free(&m);
}

/* ---- operations ---- */

struct seen {
    uint64_t ids[4], operations[4];
    size_t count;
};

/* Stops the world at the end of each second, and looks at the requests of an edge. */
static struct seen look_at_calls(const char *same)
{
    char text[1000];
    struct seen seen = {.count = 0};
    snprintf(text, sizeof text,
             "duration: 9s\n" ONE(", policy: {timeout: 2s, attempts: 2}")
                 API_WITH("5", "{name: db, idempotency_key: true, same_operation_id: %s}", "{call: db}, {call: db}", "")
                     BEHIND("db", "5", "9s", ""),
             same);
    struct model_case m = model_run(text);
    for (uint32_t i = 0; i < m.world->requests_used; i++) {
        const struct request *request = &m.world->requests[i];
        if (request->edge != FIRST_CALL || request->phase == REQUEST_FREE)
            continue;
        seen.ids[seen.count] = request->id;
        seen.operations[seen.count++] = call_operation(m.world, i);
    }
    model_free(&m);
    return seen;
}

/* Two attempts of one request call the same, one second later: other requests, and the same operation if asked for. */
static void test_operations(void **state)
{
    (void)state;
    struct seen same = look_at_calls("true"), other = look_at_calls("false");
    assert_int_equal(same.count, 2);
    assert_true(same.ids[0] != same.ids[1] && same.operations[0] == same.operations[1]);
    assert_int_equal(other.count, 2);
    assert_true(other.operations[0] == other.ids[0] && other.operations[1] == other.ids[1]);
}

/* ---- errors of its own, caches, chains ---- */

/* The error shows after 1.5 s of work: in the second step of work, with the call in between. */
static void test_error_after(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 9s\n" ONE("") API_WITH("1", "db", "{work: 1s}, {call: db}, {work: 1s}, {call: db}",
                                          ", error_ratio: 100%, error_after: 1500ms") BEHIND("db", "1", "1s", ""));
    assert_int_equal(m.world->edges[WEB].failed_latency->max / 1000000, 2500);
    assert_int_equal(caller_count(&m, FIRST_CALL, COUNT_REQUESTS), 1);
    model_free(&m);
    m = model_run("duration: 9s\n" ONE("") API_WITH(
        "1", "db", "{call: db}, {work: 1s}", ", error_ratio: 100%, error_after: 0s") BEHIND("db", "1", "1s", ""));
    assert_int_equal(m.world->edges[WEB].failed_latency->max, 0);
    assert_int_equal(caller_count(&m, FIRST_CALL, COUNT_REQUESTS), 0);
    model_free(&m);
}

/* The first request fetches, the second finds the value. */
static void test_cache(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 9s\nclients: [{name: web, arrival: {kind: renewal, gap: 3s}, calls: api}]\n" API_WITH(
            "1", "{name: page, to: pages}", "{work: 1s}, {cache: page}", "")
                      BEHIND("db", "1", "1s", "") "caches: [{name: pages, origin: db, keys: 1, ttl: 60s}]\n");
    assert_int_equal(caller_count(&m, WEB, COUNT_GOOD), 2);
    assert_int_equal(cache_count(&m, 0, COUNT_SERVED), 1);
    assert_int_equal(service_count(&m, DB, COUNT_ATTEMPTS), 1);
    assert_int_equal(longest_ms(&m, WEB), 2000);
    model_free(&m);
}

/* Many queued attempts whose whole program takes no time leave in one instant, without running out of stack. */
static void test_programs_without_time(void **state)
{
    (void)state;
    struct model_case m = model_run(
        "duration: 9s\nclients: [{name: web, count: 200k, arrival: {kind: burst, at: 1s}, calls: api}]\n" API_WITH(
            "1", "db", "{call: db, chance: 0%}", "")
            BEHIND("db", "1", "1s", "") "faults: [{kind: outage, mode: pause, service: api, at: 0s, for: 2s}]\n");
    assert_int_equal(caller_count(&m, WEB, COUNT_GOOD), 200000);
    assert_int_equal(longest_ms(&m, WEB), 1000);
    model_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_serial_call),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_one_step_is_a_plain_service),
        cmocka_unit_test(test_required_call_fails),
        cmocka_unit_test(test_retries_multiply),
        cmocka_unit_test(test_optional_call),
        cmocka_unit_test(test_degraded_answers_spread),
        cmocka_unit_test(test_any),
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_some),
        cmocka_unit_test(test_no_call_after_the_decision),
        cmocka_unit_test(test_hold_worker),
        cmocka_unit_test(test_back_in_line),
        cmocka_unit_test(test_pause),
        cmocka_unit_test(test_cancel_spreads),
        cmocka_unit_test(test_cancel_does_not_spread),
        cmocka_unit_test(test_work_for_nobody),
        cmocka_unit_test(test_called_off_in_backoff),
        cmocka_unit_test(test_called_off_is_no_failure),
        cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_deadline_over_two_hops),
        cmocka_unit_test(test_deadline_at_the_drop_rule),
        cmocka_unit_test(test_for),
        cmocka_unit_test(test_chance),
        cmocka_unit_test(test_priority_is_inherited),
        cmocka_unit_test(test_operations),
        cmocka_unit_test(test_error_after),
        cmocka_unit_test(test_cache),
        cmocka_unit_test(test_programs_without_time),
    };
    return cmocka_run_group_tests_name("graph", tests, NULL, NULL);
}
