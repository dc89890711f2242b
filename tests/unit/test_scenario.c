/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From text to models: what is refused and in which words, overrides, named policies, --set and --strategy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model_case.h"

#define HEAD          "name: t\nduration: 10s\n"                                                      /* lines 1, 2 */
#define CLIENTS       "clients: [{name: web, arrival: {kind: poisson, rate: 1/s}, calls: api}]\n"     /* line 3 */
#define SERVICES      "services: [{name: api, workers: 1, service_time: 1s, queue: {capacity: 1}}]\n" /* line 4 */
#define SERVICE(more) "services: [{name: api, " more "}]\n"
#define CLIENT(more)  "clients: [{name: web, calls: api, " more "}]\n"
#define POISSON       "arrival: {kind: poisson, rate: 1/s}"

/* What follows "t.yaml:" in each error line, in one text. */
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
        {HEAD CLIENTS SERVICES, ""},
        {HEAD CLIENTS SERVICES "bin: 10us\n", ""}, /* exactly a million bins */
        {HEAD CLIENTS SERVICES "strategies: []\nfaults: []\nexpect: []\n", ""},
    };
    CHECK_REFUSALS(fine);
}

static void test_keys(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {HEAD "durration: 1s\n" CLIENTS SERVICES,
         "t.yaml:3:1: error: unknown key in a scenario: 'durration'; did you mean 'duration'?\n"},
        {HEAD CLIENT(POISSON ", polcy: {}") SERVICES,
         "t.yaml:3:72: error: unknown key in a client population: 'polcy'; did you mean 'policy'?\n"},
        {HEAD CLIENT("arrival: {kind: poisson, rate: 1/s, zzzzzzz: 1}") SERVICES,
         "t.yaml:3:71: error: unknown key in an arrival: 'zzzzzzz'; there are: kind, rate\n"},
        {"name: t\n" CLIENTS SERVICES, "t.yaml:1:1: error: missing key 'duration' in a scenario (simulated time)\n"},
        {HEAD CLIENTS SERVICE("workers: 1, service_time: 1s, queue: {}"),
         "t.yaml:4:61: error: missing key 'capacity' in a queue (waiting attempts at most, those in service not "
         "counted)\n"},
        {HEAD CLIENT("arrival: {rate: 1/s}") SERVICES,
         "t.yaml:3:44: error: missing key 'kind' in an arrival (one of: poisson, renewal, piecewise, ramp, "
         "spike, diurnal, trace, burst)\n"},
        {HEAD CLIENTS SERVICES "seed: 1\nseed: 2\n", "t.yaml:6:1: error: key 'seed' stands here a second time\n"},
    };
    CHECK_REFUSALS(refusals);
}

static void test_values(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"name: t\nduration: 250\n" CLIENTS SERVICES,
         "t.yaml:2:11: error: duration: '250' has no unit: write '250ms' or '250s'\n"},
        {"name: t\nduration: -1s\n" CLIENTS SERVICES,
         "t.yaml:2:11: error: duration: '-1s' is negative: a duration is 0 or more\n"},
        {"name: t\nduration: 0s\n" CLIENTS SERVICES,
         "t.yaml:2:11: error: duration: 0s is out of range: from 1ns to 10000d\n"},
        {HEAD CLIENTS SERVICE("workers: 0, service_time: 1s, queue: {capacity: infinite}"),
         "t.yaml:4:33: error: workers: 0 is out of range: from 1 to 100M, or unlimited\n"
         "t.yaml:4:72: error: capacity: 'infinite' is not a count: write a number such as '12' or '10k' (or "
         "'unlimited')\n"},
        {HEAD CLIENTS SERVICE("workers: 1.5, service_time: 10/s, queue: {capacity: -1}"),
         "t.yaml:4:33: error: workers: '1.5' is not a whole number (or 'unlimited')\n"
         "t.yaml:4:52: error: service_time: '10/s' is not a duration: unknown unit '/s' (ns us ms s min h d)\n"
         "t.yaml:4:76: error: capacity: -1 is out of range: from 0 to 1G, or unlimited\n"},
        {HEAD CLIENT("arrival: {kind: poisson, rate: nan/s}") SERVICES,
         "t.yaml:3:66: error: rate: 'nan/s' is not a rate: write a number such as '10k/s'\n"},
        {HEAD CLIENT("arrival: {kind: poisson, rate: 1e30/s}") SERVICES,
         "t.yaml:3:66: error: rate: 1e30/s is out of range: from 1e-9/s to 1G/s\n"},
        {HEAD CLIENTS SERVICE("workers: 1, service_time: 1s, queue: {capacity: 1}, cancel: nonee"),
         "t.yaml:4:84: error: unknown cancel 'nonee'; did you mean 'none'?\n"},
        {HEAD CLIENTS SERVICE("workers: 1, service_time: 1s, queue: {capacity: 1}, cancel: zzzzzz"),
         "t.yaml:4:84: error: unknown cancel 'zzzzzz'; there are: none, queued, running\n"},
        {HEAD CLIENTS SERVICES "caches: [{name: c, origin: api, keys: 1, ttl: 1s, sliding: yes}]\n",
         "t.yaml:5:60: error: sliding: 'yes' is neither true nor false\n"},
        {HEAD CLIENTS "services: [{name: Api, workers: 1, service_time: 1s, queue: {capacity: 1}}]\n",
         "t.yaml:4:19: error: name: 'Api' is no name: use 1 to 64 of a-z 0-9 _ -\n"},
        {HEAD CLIENT(POISSON ", policy: {attempts: unlimited}") SERVICES,
         "t.yaml:3:80: error: a policy: unlimited attempts need a wait between them, a budget or a gate: "
         "give the policy a backoff\n"},
        {HEAD CLIENT("count: 1") SERVICES, "t.yaml:3:11: error: a client population: say how requests come: 'arrival: "
                                           "{kind: poisson, rate: 100/s}' (open "
                                           "loop) or 'closed: {think: exponential, mean: 10s}'\n"},
        {HEAD CLIENT(POISSON ", closed: {think: 1s}") SERVICES,
         "t.yaml:3:11: error: a client population: 'arrival' (open loop) and 'closed' exclude each other\n"},
    };
    CHECK_REFUSALS(refusals);
}

static void test_kinds_of_nodes(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"[1]\n", "t.yaml:1:1: error: a scenario is a map of keys and values, not a list\n"},
        {"text\n", "t.yaml:1:1: error: a scenario is a map of keys and values, not a single value\n"},
        {HEAD CLIENTS "services: {name: api}\n",
         "t.yaml:4:11: error: services: a list is needed here ('- ...' or '[...]'), not a map\n"},
        {HEAD CLIENTS "services: [api]\n",
         "t.yaml:4:12: error: a service is a map of keys and values, not a single value\n"},
        {HEAD CLIENTS SERVICE("workers: [1], service_time: 1s, queue: {capacity: 1}"),
         "t.yaml:4:33: error: workers: a single value is needed here, not a list\n"},
        {HEAD CLIENTS SERVICE("workers: 1, service_time: {law: [1]}, queue: {capacity: 1}"),
         "t.yaml:4:56: error: law: the name of a law is needed here, not a list\n"},
        {HEAD CLIENTS SERVICES "strategies: [{name: x, set: [1]}]\n",
         "t.yaml:5:29: error: set: a map of paths is needed here, such as {services.api.workers: 20}, not a list\n"},
    };
    CHECK_REFUSALS(refusals);
}

static void test_names_that_refer(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {HEAD "clients: [{name: web, " POISSON ", calls: apii}]\n" SERVICES,
         "t.yaml:3:67: error: calls: no service or cache named 'apii'; did you mean 'api'?\n"},
        {HEAD "clients: [{name: web, " POISSON ", calls: database}]\n" SERVICES,
         "t.yaml:3:67: error: calls: no service or cache named 'database'; there are: api\n"},
        {HEAD CLIENT(POISSON ", policy: careful") SERVICES "policies: {carefull: {attempts: 2}}\n",
         "t.yaml:3:80: error: policy: no policy named 'careful'; did you mean 'carefull'?\n"},
        {HEAD CLIENT(POISSON ", policy: careful") SERVICES,
         "t.yaml:3:80: error: policy: no policy named 'careful' under 'policies:'\n"},
        {HEAD CLIENTS SERVICES "caches:\n"
                               "  - {name: a, origin: b, keys: 1, ttl: 1s}\n"
                               "  - {name: b, origin: a, keys: 1, ttl: 1s}\n"
                               "  - {name: c, origin: c, keys: 1, ttl: 1s}\n"
                               "  - {name: d, origin: c, keys: 1, ttl: 1s}\n"
                               "  - {name: e, origin: apii, keys: 1, ttl: 1s}\n"
                               "  - {name: api, origin: api, keys: 1, ttl: 1s}\n",
         "t.yaml:6:23: error: origin: 'b' leads back to 'a': a call cycle\n"
         "t.yaml:7:23: error: origin: 'a' leads back to 'b': a call cycle\n"
         "t.yaml:8:23: error: origin: 'c' leads back to 'c': a call cycle\n"
         "t.yaml:9:23: error: origin: 'c' is a cache; the origin must be a service\n"
         "t.yaml:10:23: error: origin: no service named 'apii'; did you mean 'api'?\n"
         "t.yaml:11:12: error: name: 'api' is taken by a service\n"},
        {HEAD "clients:\n  - {name: web, calls: api, " POISSON "}\n  - {name: web, calls: api, " POISSON "}\n" SERVICES,
         "t.yaml:5:12: error: name: 'web' is taken by another of the clients\n"},
        {HEAD CLIENTS SERVICES "strategies: [{name: x}, {name: x}]\n",
         "t.yaml:5:32: error: name: 'x' is taken by another strategy\n"},
        {HEAD CLIENTS SERVICES "strategies: [{name: x}]\nexpect: [{metric: stuck, is: '== 1', for: y}]\n",
         "t.yaml:6:43: error: for: no strategy named 'y'; did you mean 'x'?\n"},
    };
    CHECK_REFUSALS(refusals);
}

static void test_faults(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {HEAD CLIENTS SERVICES "faults: [{kind: outage, mode: pause, service: web, at: 1s}]\n",
         "t.yaml:5:47: error: service: no service named 'web'; there are: api\n"},
        {HEAD CLIENTS SERVICES
         "faults: [{kind: flush, cache: web, at: 1s}, {kind: load, clients: wep, factor: 2, at: 1s}]\n",
         "t.yaml:5:31: error: cache: no cache named 'web'; there is none\n"
         "t.yaml:5:67: error: clients: no client population named 'wep'; did you mean 'web'?\n"},
        {HEAD CLIENTS SERVICES "faults: [{kind: outage, mode: pause, service: api, at: 10s}]\n",
         "t.yaml:5:56: error: at: the run ends before this fault begins\n"},
        {HEAD CLIENTS SERVICES "faults: [{kind: outage, service: api, at: 1s}]\n",
         "t.yaml:5:10: error: missing key 'mode' in outage (pause: workers stand still, the queue keeps filling; "
         "refuse: "
         "a fast error; blackhole: lost until the timeout; lose_response: the work is done, the answer lost)\n"},
    };
    CHECK_REFUSALS(refusals);
}

static void test_times(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {HEAD CLIENTS SERVICES "warmup: 1500ms\n", "t.yaml:5:9: error: warmup: must be a whole number of bins\n"},
        {HEAD CLIENTS SERVICES "warmup: 10s\n", "t.yaml:5:9: error: warmup: must be shorter than the run (10s)\n"},
        {HEAD CLIENTS SERVICES "bin: 9999ns\n",
         "t.yaml:5:6: error: bin: more than 1000000 bins in 10s; make the bins longer or the run shorter\n"},
        {HEAD "clients: []\nservices: []\n", "t.yaml:3:10: error: clients: at least one population is needed\n"
                                             "t.yaml:4:11: error: services: at least one service is needed\n"},
    };
    CHECK_REFUSALS(refusals);
}

static void test_conditions(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum comparison comparison;
        double value;
        enum value_kind kind;
    } cases[] = {{"<= 2s", CMP_LE, 2, VALUE_DURATION},     {"<2", CMP_LT, 2, VALUE_NUMBER},
                 {"== 50%", CMP_EQ, 0.5, VALUE_RATIO},     {" != 1k/s", CMP_NE, 1000, VALUE_RATE},
                 {">=250ms", CMP_GE, 0.25, VALUE_DURATION}, {">  -1.5", CMP_GT, -1.5, VALUE_NUMBER},
                 {"< 1.8x", CMP_LT, 1.8, VALUE_TIMES},     {"> 10k", CMP_GT, 10000, VALUE_NUMBER}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct condition condition;
        char why[200];
        assert_true(scenario_parse_condition(cases[i].text, &condition, why, sizeof why));
        assert_int_equal(condition.comparison, cases[i].comparison);
        assert_int_equal(condition.kind, cases[i].kind);
        assert_true(condition.value == cases[i].value);
    }
}

/* ---- overrides ---- */

static void test_overrides_that_lead_nowhere(void **state)
{
    (void)state;
#define OVERRIDE(set) HEAD CLIENTS SERVICES "strategies: [{name: x, set: {" set "}}]\n"
    static const struct refusal refusals[] = {
        {OVERRIDE("services.api.worker: 2"), "t.yaml:5:30: error: unknown key in a service: 'worker'; did you mean "
                                             "'workers'?\n"},
        {OVERRIDE("services.apii.workers: 2"),
         "t.yaml:5:30: error: path 'services.apii.workers': nothing named 'apii' in "
         "services; did you mean 'api'?\n"},
        {OVERRIDE("'services[1].workers': 2"),
         "t.yaml:5:30: error: path 'services[1].workers': services has 1 element, so "
         "there is no [1]\n"},
        {OVERRIDE("services.api.workers.count: 2"), "t.yaml:5:30: error: path 'services.api.workers.count': workers is "
                                                    "the single value '1', so it has no 'count'; "
                                                    "set workers as a whole\n"},
        {OVERRIDE("service.api.workers: 2"),
         "t.yaml:5:30: error: unknown key in a scenario: 'service'; did you mean 'services'?\n"},
        {OVERRIDE("services.api.workers: 0"), "t.yaml:5:52: error: workers: 0 is out of range: from 1 to 100M, or "
                                              "unlimited\n"},
        {OVERRIDE("duration: 5s, bin: 2s"),
         "t.yaml:5:30: error: path 'duration': all strategies share this; change it in the scenario or with --set\n"
         "t.yaml:5:44: error: path 'bin': all strategies share this; change it in the scenario or with --set\n"},
        {OVERRIDE("strategies.x.name: y"),
         "t.yaml:5:30: error: path 'strategies.x.name': all strategies share this; change it in the scenario or with "
         "--set\n"},
    };
    CHECK_REFUSALS(refusals);
}

static const struct service_config *service_of(const struct scenario *s, size_t variant)
{
    return s->variants[variant].config.model.services.items;
}

static const struct client_config *client_of(const struct scenario *s, size_t variant, size_t index)
{
    return &((const struct client_config *)s->variants[variant].config.model.clients.items)[index];
}

/* One field, by name and by index, a subtree that is replaced whole; the scenario and other strategies keep theirs. */
static void test_strategies(void **state)
{
    (void)state;
    struct scenario *s = model_scenario(
        "duration: 10s\n" CLIENTS SERVICES "strategies:\n"
        "  - {name: plain}\n"
        "  - {name: more, note: more workers, set: {services.api.workers: 7, 'services[0].cancel': queued}}\n"
        "  - {name: time, set: {services.api.service_time: {law: exponential, mean: 2s}}}\n"
        "  - {name: policy, set: {clients.web.policy: {attempts: 3}, clients.web.policy.timeout: 1s}}\n");
    assert_int_equal(s->variant_count, 4);
    assert_string_equal(s->variants[1].name, "more");
    assert_string_equal(s->variants[1].note, "more workers");
    assert_int_equal(service_of(s, 0)->workers, 1);
    assert_int_equal(service_of(s, 1)->workers, 7);
    assert_int_equal(service_of(s, 1)->cancel, CANCEL_QUEUED);
    assert_int_equal(service_of(s, 2)->workers, 1);
    assert_string_equal(service_of(s, 2)->service_time->choice.row->name, "exponential");
    assert_string_equal(service_of(s, 0)->service_time->choice.row->name, "fixed");
    assert_int_equal(client_of(s, 3, 0)->hop.policy.attempts, 3);
    assert_non_null(client_of(s, 3, 0)->hop.policy.timeout);
    assert_null(client_of(s, 0, 0)->hop.policy.timeout);
    scenario_free(s);
}

/* ---- named policies ---- */

#define NAMED                                                                                                          \
    "duration: 10s\n"                                                                                                  \
    "policies: {careful: {attempts: 2, backoff: 1s}}\n"                                                                \
    "clients:\n"                                                                                                       \
    "  - {name: a, calls: api, policy: careful, " POISSON "}\n"                                                        \
    "  - {name: b, calls: api, policy: careful, " POISSON "}\n" SERVICES "strategies:\n"                               \
    "  - {name: plain}\n"                                                                                              \
    "  - {name: one, set: {clients.a.policy.attempts: 5}}\n"                                                           \
    "  - {name: all, set: {policies.careful.attempts: 7}}\n"                                                           \
    "  - {name: both, set: {'clients[0].policy.attempts': 5, policies.careful.attempts: 7}}\n"                         \
    "  - {name: other, set: {policies.bold: {attempts: 9}, clients.b.policy: bold}}\n"

static void check_attempts(const struct scenario *s, const char *variant, int64_t a, int64_t b)
{
    for (size_t i = 0; i < s->variant_count; i++) {
        if (strcmp(s->variants[i].name, variant) != 0)
            continue;
        assert_int_equal(client_of(s, i, 0)->hop.policy.attempts, a);
        assert_int_equal(client_of(s, i, 1)->hop.policy.attempts, b);
        assert_string_equal(client_of(s, i, 0)->hop.policy.backoff.shape.row->name, "fixed");
        return;
    }
    fail_msg("no variant %s", variant);
}

static void test_named_policies(void **state)
{
    (void)state;
    struct scenario *s = model_scenario(NAMED);
    check_attempts(s, "plain", 2, 2);
    check_attempts(s, "one", 5, 2);
    check_attempts(s, "all", 7, 7);
    check_attempts(s, "both", 5, 7);
    check_attempts(s, "other", 2, 9);
    scenario_free(s);
}

/* Parses the text with --set options and --strategy; errors fail the test. */
static struct scenario *parse_changed(const char *text, const struct scenario_changes *changes)
{
    struct diag *diag = diag_new();
    struct scenario *s = scenario_parse("t.yaml", text, strlen(text), changes, diag);
    diag_print(diag, stderr);
    diag_free(diag);
    assert_non_null(s);
    return s;
}

/* A --set into one client's named policy leaves the others with the name: a strategy still changes it for them. */
static void test_set_into_a_named_policy(void **state)
{
    (void)state;
    const char *sets[] = {"clients.a.policy.attempts=3"};
    struct scenario *s = parse_changed("name: t\n" NAMED, &(struct scenario_changes){.sets = sets, .set_count = 1});
    check_attempts(s, "plain", 3, 2);
    check_attempts(s, "all", 3, 7);
    scenario_free(s);
}

/* ---- --set, --strategy ---- */

static void test_set(void **state)
{
    (void)state;
    static const char *const sets[] = {"services.api.workers=3",
                                       "services[0].workers=4",
                                       "clients.web.policy={attempts: 3, timeout: 2s}",
                                       "seed=9",
                                       "warmup=2s",
                                       "question=a = b"};
    struct scenario_changes changes = {.sets = sets, .set_count = 6};
    struct scenario *s = parse_changed(HEAD CLIENTS SERVICES, &changes);
    assert_int_equal(service_of(s, 0)->workers, 4); /* in order: the last counts */
    assert_int_equal(client_of(s, 0, 0)->hop.policy.attempts, 3);
    assert_int_equal(s->config.seed, 9);
    assert_int_equal(s->variants[0].config.model.warmup_ns, 2 * SECOND);
    assert_string_equal(s->config.question, "a = b");
    assert_string_equal(s->variants[0].name, "default");
    scenario_free(s);
}

static void test_bad_sets(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"services.api.workers", "--set services.api.workers: error: write --set PATH=VALUE, for example --set "
                                 "services.api.workers=20\n"},
        {"services.api.workers=", "--set services.api.workers=: error: empty: nothing to read here\n"},
        {"=2", "--set =2: error: an empty path: write for example services.api.workers\n"},
        {"services.api.worker=2",
         "--set services.api.worker=2: error: unknown key in a service: 'worker'; did you mean "
         "'workers'?\n"},
        {"services.api.workers=0",
         "--set services.api.workers=0: error: workers: 0 is out of range: from 1 to 100M, or "
         "unlimited\n"},
        {"services.api=3", "--set services.api=3: error: a service is a map of keys and values, not a single value\n"},
        {"bin=250", "--set bin=250: error: bin: '250' has no unit: write '250ms' or '250s'\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *errors =
            model_errors(HEAD CLIENTS SERVICES, &(struct scenario_changes){.sets = cases[i], .set_count = 1});
        assert_string_equal(errors, cases[i][1]);
        free(errors);
    }
}

static void test_choice_of_strategies(void **state)
{
    (void)state;
    static const char *const text = HEAD CLIENTS SERVICES "strategies: [{name: aa}, {name: bb}, {name: cc}]\n";
    struct scenario *s = parse_changed(text, &(struct scenario_changes){.only = "cc,aa"});
    assert_int_equal(s->variant_count, 2);
    assert_string_equal(s->variants[0].name, "aa"); /* in the scenario's order */
    assert_string_equal(s->variants[1].name, "cc");
    scenario_free(s);
    static const char *const cases[][2] = {
        {"ab,zzzz", "--strategy: error: no strategy named 'ab'; did you mean 'aa'?\n"
                    "--strategy: error: no strategy named 'zzzz'; there are: aa, bb, cc\n"},
        {"", "--strategy: error: no name: write --strategy A,B\n"},
    };
    for (size_t i = 0; i < 2; i++) {
        char *errors = model_errors(text, &(struct scenario_changes){.only = cases[i][0]});
        assert_string_equal(errors, cases[i][1]);
        free(errors);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_kinds_of_nodes),
        cmocka_unit_test(test_names_that_refer),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_overrides_that_lead_nowhere),
        cmocka_unit_test(test_strategies),
        cmocka_unit_test(test_named_policies),
        cmocka_unit_test(test_set_into_a_named_policy),
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_bad_sets),
        cmocka_unit_test(test_choice_of_strategies),
    };
    return cmocka_run_group_tests_name("scenario", tests, NULL, NULL);
}
