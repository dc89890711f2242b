/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls and programs in a scenario: what is refused and in which words; overrides and named policies of calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/config_program.h"
#include "model_case.h"

#define HEAD                                                                                                           \
    "name: t\nduration: 10s\n"                                                                                         \
    "clients: [{name: web, arrival: {kind: poisson, rate: 1/s}, calls: api}]\n"                                        \
    "services:\n"
#define API(MORE)   "  - {name: api, workers: 1, queue: {capacity: 1}, " MORE "}\n" /* line 5 */
#define PLAIN(NAME) "  - {name: " NAME ", workers: 1, service_time: 1s, queue: {capacity: 1}}\n"
#define DB          PLAIN("db")
#define CALLER(NAME, T)                                                                                                \
    "  - {name: " NAME ", workers: 1, queue: {capacity: 1}, calls: [" T "], program: [{call: " T "}]}\n"

struct refusal {
    const char *text, *errors;
};

static void check_refusals(const struct refusal *refusals, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *errors = model_errors(refusals[i].text, NULL);
        assert_string_equal(errors, refusals[i].errors);
        free(errors);
    }
}

#define CHECK_REFUSALS(refusals) check_refusals(refusals, sizeof refusals / sizeof *refusals)

static void test_good(void **state)
{
    (void)state;
    static const struct refusal fine[] = {
        {HEAD API("calls: [db], program: [{call: db}]") DB, ""},
        {HEAD API("calls: [{name: db, to: db}], program: [{work: 1s}, {parallel: [db, db], need: any}]") DB, ""},
        {HEAD API("program: [{work: 1s, for: web}, {work: 1s, for: [web]}]"), ""},
        {HEAD API("calls: [db, {name: again, to: db}], program: [{call: db}, {call: again, times: 1k}]") DB, ""},
        {HEAD CALLER("api", "mid") CALLER("mid", "db") DB, ""},
        {HEAD API("calls: [mid, db], program: [{call: mid}, {call: db}]") CALLER("mid", "db") DB, ""}, /* a diamond */
    };
    CHECK_REFUSALS(fine);
}

/* ---- what a service does ---- */

static void test_work_and_programs(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {HEAD API("cancel: none"), "t.yaml:5:5: error: a service: say how long the work takes: 'service_time: 5ms', or "
                                   "a 'program' of steps\n"},
        {HEAD API("program: []"),
         "t.yaml:5:5: error: a service: program: neither works nor calls; write a step, such as {work: 5ms}\n"},
        {HEAD API("service_time: 1s, program: [{work: 1s}]"),
         "t.yaml:5:5: error: a service: service_time: the program says how long the work takes; write it there as "
         "{work: ...}\n"},
        {HEAD API("program: [{work: 1s}], contention: optimistic"),
         "t.yaml:5:5: error: a service: contention: not together with a program; put it at a service of its own that "
         "the program calls\n"},
        {HEAD API("service_time: 1s, calls: [db]") DB,
         "t.yaml:5:77: error: calls: no step of the program makes the call 'db'; add {call: db}\n"},
        {HEAD API("calls: [db, {name: idle, to: db}], program: [{call: db}]") DB,
         "t.yaml:5:70: error: calls: no step of the program makes the call 'idle'; add {call: idle}\n"},
    };
    CHECK_REFUSALS(refusals);
}

#define STEP(STEP_TEXT) HEAD API("calls: [db], program: [{call: db}, " STEP_TEXT "]") DB

static void test_steps(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {STEP("{}"),
         "t.yaml:5:86: error: a step: a step is one of {work: 5ms}, {call: NAME}, {cache: NAME}, {parallel: "
         "[NAME, NAME]}\n"},
        {STEP("{work: 1s, call: db}"),
         "t.yaml:5:86: error: a step: a step is one of {work: 5ms}, {call: NAME}, {cache: "
         "NAME}, {parallel: [NAME, NAME]}\n"},
        {STEP("{wrok: 1s}"), "t.yaml:5:87: error: unknown key in a step: 'wrok'; did you mean 'work'?\n"},
        {STEP("{work: 1s, optional: true}"),
         "t.yaml:5:5: error: a service: program: optional work is left out in a brownout only, since work cannot fail; "
         "add 'brownout'\n"},
        {STEP("{call: db, fallback: 1s}"),
         "t.yaml:5:86: error: a step: fallback: a step that must not fail has none; add 'optional: true'\n"},
        {STEP("{work: 1s, times: 2}"), "t.yaml:5:86: error: a step: times: only for 'call'\n"},
        {STEP("{call: db, times: 0}"), "t.yaml:5:104: error: times: 0 is out of range: from 1 to 1k\n"},
        {STEP("{call: db, need: any}"), "t.yaml:5:86: error: a step: need: only for 'parallel'\n"},
        {STEP("{parallel: [db, db], need: 0}"),
         "t.yaml:5:86: error: a step: need: write all, any or a number from 1\n"},
        {STEP("{parallel: [db, db], need: most}"),
         "t.yaml:5:86: error: a step: need: write all, any or a number from 1\n"},
        {STEP("{parallel: [db, db], need: 3}"), "t.yaml:5:113: error: need: 3 of 2 parallel calls can never succeed\n"},
        {STEP("{call: bd}"), "t.yaml:5:93: error: call: no call named 'bd'; did you mean 'db'?\n"},
        {STEP("{cache: database}"), "t.yaml:5:94: error: cache: no call named 'database'; there are: db\n"},
        {STEP("{parallel: [db, dbb]}"), "t.yaml:5:97: error: parallel: no call named 'dbb'; did you mean 'db'?\n"},
        {STEP("{cache: db}"), "t.yaml:5:94: error: cache: 'db' leads to a service; write 'call: db'\n"},
        {STEP("{work: 1s, for: wbe}"),
         "t.yaml:5:102: error: for: no client population named 'wbe'; did you mean 'web'?\n"},
    };
    CHECK_REFUSALS(refusals);
}

/* ---- calls ---- */

static void test_calls(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {HEAD API("calls: [dbs], program: [{call: dbs}]") DB,
         "t.yaml:5:59: error: to: no service or cache named 'dbs'; did you mean 'db'?\n"},
        {HEAD API("calls: [{name: x, to: warehouse}], program: [{call: x}]") DB,
         "t.yaml:5:73: error: to: no service or cache named 'warehouse'; there are: api, db\n"},
        {HEAD API("calls: [db, db], program: [{call: db}]") DB,
         "t.yaml:5:63: error: name: 'db' is taken by another call of 'api'\n"},
        {HEAD API("calls: [{name: db, deadline_margin: 1s}], program: [{call: db}]") DB,
         "t.yaml:5:59: error: a call: deadline_margin: there is no deadline to take it from without "
         "'propagate_deadline: true'\n"},
        {HEAD API("calls: [{name: db, policy: {attemps: 2}}], program: [{call: db}]") DB,
         "t.yaml:5:79: error: unknown key in a policy: 'attemps'; did you mean 'attempts'?\n"},
        {HEAD API("calls: [{name: db, policy: careful}], program: [{call: db}]") DB,
         "t.yaml:5:78: error: policy: no policy named 'careful' under 'policies:'\n"},
    };
    CHECK_REFUSALS(refusals);
}

static void test_cycles(void **state)
{
    (void)state;
#define END "; a call that comes back would wait for itself\n"
    static const struct refusal refusals[] = {
        {HEAD API("calls: [api], program: [{call: api}]"), "t.yaml:5:59: error: calls: a cycle: 'api' calls 'api'" END},
        {HEAD CALLER("api", "mid") CALLER("mid", "low") CALLER("low", "mid"),
         "t.yaml:7:59: error: calls: a cycle: 'mid' calls 'low' calls 'mid'" END},
        {HEAD CALLER("api", "page") DB CALLER("low", "api") "caches: [{name: page, origin: low, keys: 1, ttl: 1s}]\n",
         "t.yaml:7:59: error: calls: a cycle: 'api' calls 'page' calls 'low' calls 'api'" END},
        {HEAD CALLER("api", "page") "caches: [{name: page, origin: api, keys: 1, ttl: 1s}]\n",
         "t.yaml:5:59: error: calls: a cycle: 'api' calls 'page' calls 'api'" END},
    };
    CHECK_REFUSALS(refusals);
}

/* ---- overrides ---- */

static const struct call_config *call_of(const struct variant *variant, size_t service, size_t call)
{
    const struct service_config *services = variant->config.model.services.items;
    return &((const struct call_config *)services[service].calls.items)[call];
}

/* A named policy stands for itself in a call, too; a path that leads into it changes this call's own copy. */
static void test_policies_of_calls(void **state)
{
    (void)state;
    struct scenario *s = model_scenario(
        "duration: 10s\npolicies: {careful: {attempts: 3, timeout: 1s}}\n"
        "clients: [{name: web, arrival: {kind: poisson, rate: 1/s}, calls: api, policy: careful}]\nservices:\n" API(
            "calls: [{name: db, policy: careful}, {name: two, to: db, policy: careful}], "
            "program: [{parallel: [db, two], need: 1}]") DB
        "strategies:\n"
        "  - {name: none}\n"
        "  - {name: one, set: {services.api.calls.db.policy.attempts: 5}}\n"
        "  - {name: index, set: {'services[0].calls.two.policy.attempts': 6}}\n"
        "  - {name: all, set: {policies.careful.attempts: 7}}\n"
        "  - {name: steps, set: {'services.api.program[0].need': all, services.api.calls.db.to: db}}\n");
    static const int64_t expected[][3] = {{3, 3, 3}, {3, 5, 3}, {3, 3, 6}, {7, 7, 7}, {3, 3, 3}};
    for (size_t i = 0; i < s->variant_count; i++) {
        const struct client_config *clients = s->variants[i].config.model.clients.items;
        assert_int_equal(clients->hop.policy.attempts, expected[i][0]);
        for (size_t call = 0; call < 2; call++)
            assert_int_equal(call_of(&s->variants[i], 0, call)->hop.policy.attempts, expected[i][1 + call]);
        const struct service_config *api = s->variants[i].config.model.services.items;
        assert_int_equal(((const struct step_config *)api->program.items)->needed, i == 4 ? INT64_MAX : 1);
    }
    scenario_free(s);
}

/* Calls do not count as work; a step that half of the requests have counts half. */
static void test_work_of_a_program(void **state)
{
    (void)state;
    struct scenario *s = model_scenario(
        "duration: 10s\nclients: [{name: web, arrival: {kind: poisson, rate: 1/s}, calls: api}]\nservices:\n" API(
            "calls: [db], program: [{work: 1s}, {call: db}, {work: {law: exponential, mean: 2s}, chance: 50%}]") DB);
    const struct service_config *services = s->config.model.services.items;
    assert_true(config_work_ns(&services[0]) == 2e9 && config_work_ns(&services[1]) == 1e9);
    assert_true(fabs(config_capacity_per_s(&services[0], 3, 1) - 1.5) < 1e-12);
    scenario_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_work_and_programs),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_calls),
        cmocka_unit_test(test_cycles),
        cmocka_unit_test(test_policies_of_calls),
        cmocka_unit_test(test_work_of_a_program),
    };
    return cmocka_run_group_tests_name("graph config", tests, NULL, NULL);
}
