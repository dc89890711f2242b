/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `preset:` in scenarios: what is written beside it, named policies, strategies, --set, the parts of a policy, and what
 * is refused in which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model_case.h"
#include "preset_case.h"

#define MS INT64_C(1000000)

static const struct policy *policy_of(const struct scenario *s, const char *strategy, size_t client)
{
    for (size_t i = 0; i < s->variant_count; i++)
        if (strcmp(s->variants[i].name, strategy) == 0)
            return &((const struct client_config *)s->variants[i].config.model.clients.items)[client].hop.policy;
    fail_msg("no strategy %s", strategy);
    return NULL;
}

static int64_t base_ms(const struct policy *policy)
{
    assert_string_equal(policy->backoff.shape.row->name, "exponential");
    return *(const int64_t *)policy->backoff.shape.parameters / MS; /* its first parameter is the base */
}

/* ---- beside the name ---- */

static void test_alone(void **state)
{
    (void)state;
    struct preset_case c = preset_in_use("{preset: envoy}");
    assert_string_equal(c.policy->preset, "envoy");
    assert_int_equal(c.policy->attempts, 2);
    assert_int_equal(base_ms(c.policy), 25);
    assert_int_equal(c.policy->deadline_ns, 15 * SECOND);
    assert_int_equal(c.policy->budgets.count, 1);
    assert_string_equal(preset_budget(&c, 0)->preset, "envoy-max-retries");
    preset_end(&c);
}

static void test_a_key_beside_it_wins(void **state)
{
    (void)state;
    struct preset_case c = preset_in_use("{attempts: 5, preset: envoy, timeout: 1s}");
    assert_int_equal(c.policy->attempts, 5);
    assert_non_null(c.policy->timeout);
    assert_int_equal(base_ms(c.policy), 25);
    preset_end(&c);
}

/* As in an override, a map takes the place of the whole map: nothing of the preset's cap and jitter is left. */
static void test_a_map_beside_it_replaces_the_whole_map(void **state)
{
    (void)state;
    struct preset_case c = preset_in_use("{preset: envoy, backoff: {shape: exponential, base: 3s}}");
    assert_int_equal(base_ms(c.policy), 3000);
    assert_int_equal(c.policy->backoff.cap_ns, INT64_MAX);
    assert_string_equal(c.policy->backoff.jitter.choice.row->name, "none");
    preset_end(&c);
}

static void test_parts(void **state)
{
    (void)state;
    struct preset_case c = preset_in_use("{attempts: 2, breaker: {preset: hystrix, probes: 3}, "
                                         "budget: [{preset: grpc-throttle}, {kind: ratio, ratio: 5%}], "
                                         "gates: {preset: k8s-rest, scope: population}}");
    assert_string_equal(c.policy->breaker.preset, "hystrix");
    assert_string_equal(c.policy->breaker.choice.row->name, "rolling");
    assert_int_equal(c.policy->breaker.probes, 3);
    assert_int_equal(c.policy->budgets.count, 2);
    assert_string_equal(preset_budget(&c, 0)->choice.row->name, "throttle");
    assert_string_equal(preset_budget(&c, 1)->preset, "none");
    assert_string_equal(preset_gate(&c, 0)->choice.row->name, "token-bucket");
    assert_int_equal(preset_gate(&c, 0)->scope, SCOPE_POPULATION);
    preset_end(&c);
}

/* Policy and breaker of one name; a policy that names presets for its parts, and one of them replaced. */
static void test_presets_within_presets(void **state)
{
    (void)state;
    struct preset_case c = preset_in_use("{preset: resilience4j, breaker: {preset: resilience4j}}");
    assert_string_equal(c.policy->preset, c.policy->breaker.preset);
    assert_string_equal(c.policy->breaker.choice.row->name, "count-window");
    preset_end(&c);
    c = preset_in_use("{preset: ms-http-standard, breaker: {preset: hystrix}}");
    assert_string_equal(c.policy->breaker.preset, "hystrix");
    assert_string_equal(preset_gate(&c, 0)->preset, "ms-http-standard");
    preset_end(&c);
    c = preset_in_use("{preset: aws-standard, budget: none}");
    assert_int_equal(c.policy->budgets.count, 0);
    preset_end(&c);
}

/* Wherever there is a policy or a gate: of a connect step, of a service. */
static void test_other_places(void **state)
{
    (void)state;
    struct scenario *s = model_scenario(
        "duration: 10s\n"
        "clients: [{name: web, calls: api, arrival: {kind: poisson, rate: 1/s},\n"
        "           connect: {calls: api, policy: {preset: grpc-connect-java, attempts: 7}}}]\n"
        "services: [{name: api, workers: 1, service_time: 1s, queue: {capacity: 1}, "
        "gates: {preset: envoy-admission}}]\n");
    const struct client_config *client = s->variants[0].config.model.clients.items;
    const struct service_config *service = s->variants[0].config.model.services.items;
    const struct service_gate *gate = service->gates.items;
    assert_int_equal(client->connect->hop.policy.attempts, 7);
    assert_int_equal(base_ms(&client->connect->hop.policy), 1000);
    assert_int_equal(service->gates.count, 1);
    assert_string_equal(gate->preset, "envoy-admission");
    assert_string_equal(gate->choice.row->name, "adaptive-throttle");
    scenario_free(s);
}

/* Of the first call of the first service. */
static const struct policy *inner_policy(const struct scenario *s, size_t variant)
{
    const struct service_config *service = s->variants[variant].config.model.services.items;
    return &((const struct call_config *)service->calls.items)[0].hop.policy;
}

/* A call that a service makes, and an override that reaches into what its preset gives. */
static void test_inner_calls(void **state)
{
    (void)state;
    struct scenario *s = model_scenario(
        "duration: 10s\n"
        "clients: [{name: web, calls: api, arrival: {kind: poisson, rate: 1/s}}]\n"
        "services:\n"
        "  - {name: api, workers: 1, queue: {capacity: 1}, program: [{work: 1ms}, {call: db}],\n"
        "     calls: [{name: db, to: db, policy: {preset: polly-v8, timeout: 1s}}]}\n"
        "  - {name: db, workers: 1, service_time: 1ms, queue: {capacity: 1}}\n"
        "strategies:\n"
        "  - {name: plain}\n"
        "  - {name: deep, set: {services.api.calls.db.policy.preset: aws-standard-2026,\n"
        "                       services.api.calls.db.policy.backoff.cap: 3s}}\n");
    assert_int_equal(inner_policy(s, 0)->attempts, 4);
    assert_string_equal(inner_policy(s, 0)->preset, "polly-v8");
    assert_int_equal(base_ms(inner_policy(s, 1)), 50);
    assert_int_equal(inner_policy(s, 1)->backoff.cap_ns, 3 * SECOND);
    assert_string_equal(inner_policy(s, 1)->backoff.jitter.choice.row->name, "full");
    assert_non_null(inner_policy(s, 1)->timeout);
    scenario_free(s);
}

static void test_none(void **state)
{
    (void)state;
    struct preset_case c = preset_in_use("{preset: none, attempts: 4}");
    assert_int_equal(c.policy->attempts, 4);
    assert_int_equal(c.policy->budgets.count, 0);
    preset_end(&c);
}

/* ---- named policies, strategies, --set ---- */

static const char *const in_strategies =
    "duration: 10s\n"
    "policies: {careful: {preset: aws-standard, attempts: 2}}\n"
    "clients:\n"
    "  - {name: a, calls: api, arrival: {kind: poisson, rate: 1/s}, policy: {preset: aws-legacy, timeout: 2s}}\n"
    "  - {name: b, calls: api, arrival: {kind: poisson, rate: 1/s}, policy: careful}\n"
    "services: [{name: api, workers: 1, service_time: 1ms, queue: {capacity: 1}}]\n"
    "strategies:\n"
    "  - {name: plain}\n"
    "  - {name: whole, set: {clients.a.policy: {preset: envoy}}}\n"
    "  - {name: name, set: {clients.a.policy.preset: envoy}}\n"
    "  - {name: key, set: {clients.a.policy.attempts: 9}}\n"
    "  - {name: deep, set: {clients.a.policy.backoff.cap: 7s}}\n"
    "  - {name: order, set: {clients.a.policy.backoff.cap: 7s, clients.a.policy.preset: envoy}}\n"
    "  - {name: part, set: {clients.b.policy.budget.size: 100}}\n"
    "  - {name: named, set: {policies.careful.backoff.cap: 3s, policies.careful.preset: aws-standard-2026}}\n"
    "  - {name: through-name, set: {clients.b.policy.preset: envoy}}\n"
    "  - {name: added, set: {clients.a.policy.breaker: {preset: hystrix}, clients.a.policy.breaker.probes: 2}}\n"
    "  - {name: off, set: {clients.a.policy.preset: none}}\n";

static void test_strategies(void **state)
{
    (void)state;
    struct scenario *s = model_scenario(in_strategies);
    assert_int_equal(policy_of(s, "plain", 0)->attempts, 5);
    assert_null(policy_of(s, "whole", 0)->timeout);
    assert_int_equal(policy_of(s, "whole", 0)->attempts, 2);
    assert_non_null(policy_of(s, "name", 0)->timeout);
    assert_int_equal(policy_of(s, "name", 0)->attempts, 2);
    assert_int_equal(policy_of(s, "key", 0)->attempts, 9);
    assert_int_equal(base_ms(policy_of(s, "key", 0)), 1000);
    assert_string_equal(policy_of(s, "added", 0)->breaker.preset, "hystrix");
    assert_int_equal(policy_of(s, "added", 0)->breaker.probes, 2);
    assert_int_equal(policy_of(s, "off", 0)->attempts, 1);
    assert_non_null(policy_of(s, "off", 0)->timeout);
    scenario_free(s);
}

/* An override into a map of the preset keeps the rest of that map, and comes after a change of the preset. */
static void test_overrides_reach_into_presets(void **state)
{
    (void)state;
    struct scenario *s = model_scenario(in_strategies);
    const struct policy *deep = policy_of(s, "deep", 0), *order = policy_of(s, "order", 0);
    assert_int_equal(deep->backoff.cap_ns, 7 * SECOND);
    assert_int_equal(base_ms(deep), 1000);
    assert_string_equal(deep->backoff.jitter.choice.row->name, "full");
    assert_int_equal(order->backoff.cap_ns, 7 * SECOND);
    assert_int_equal(base_ms(order), 25);
    const struct budget *budget = policy_of(s, "part", 1)->budgets.items;
    assert_string_equal(budget->preset, "aws-quota");
    assert_int_equal(*(const int64_t *)budget->choice.parameters, 100); /* size, its first parameter */
    scenario_free(s);
}

static void test_named_policies(void **state)
{
    (void)state;
    struct scenario *s = model_scenario(in_strategies);
    assert_string_equal(policy_of(s, "plain", 1)->preset, "aws-standard");
    assert_int_equal(policy_of(s, "plain", 1)->attempts, 2);
    assert_int_equal(base_ms(policy_of(s, "named", 1)), 50);
    assert_int_equal(policy_of(s, "named", 1)->backoff.cap_ns, 3 * SECOND);
    assert_int_equal(policy_of(s, "named", 1)->attempts, 2);
    assert_int_equal(base_ms(policy_of(s, "through-name", 1)), 25);
    assert_int_equal(policy_of(s, "through-name", 1)->attempts, 2);
    scenario_free(s);
}

static void test_set(void **state)
{
    (void)state;
    static const char *const sets[] = {"clients.a.policy.preset=envoy", "clients[1].policy.backoff.jitter=none",
                                       "clients.a.policy.budget.min=9"};
    char text[4096];
    struct diag *diag = diag_new();
    snprintf(text, sizeof text, "name: t\n%s", in_strategies);
    struct scenario *s = scenario_parse("t.yaml", text, strlen(text),
                                        &(struct scenario_changes){.sets = sets, .set_count = 3}, diag);
    diag_print(diag, stderr);
    assert_non_null(s);
    assert_int_equal(base_ms(policy_of(s, "plain", 0)), 25);
    assert_int_equal(policy_of(s, "plain", 0)->budgets.count, 1);
    assert_int_equal(policy_of(s, "plain", 1)->backoff.cap_ns, 20 * SECOND);
    assert_string_equal(policy_of(s, "plain", 1)->backoff.jitter.choice.row->name, "none");
    scenario_free(s);
    diag_free(diag);
}

/* ---- what is refused ---- */

struct refusal {
    const char *policy, *error; /* behind the position; NULL: the position is not in the file */
};

static void check_refusal(const struct refusal *refusal)
{
    char text[1024];
    snprintf(text, sizeof text,
             "name: t\nduration: 10s\n"
             "clients: [{name: web, calls: api, arrival: {kind: poisson, rate: 1/s},\n%s}]\n"
             "services: [{name: api, workers: 1, service_time: 1ms, queue: {capacity: 1}}]\n", refusal->policy);
    char *errors = model_errors(text, NULL);
    assert_string_equal(errors, refusal->error);
    free(errors);
}

static void test_refusals(void **state)
{
    static const struct refusal refusals[] = {
        {"policy: {preset: envoi}", "t.yaml:4:18: error: preset: no policy preset 'envoi'; did you mean 'envoy'?\n"},
        {"policy: {preset: zzzzzzzzz}",
         "t.yaml:4:18: error: preset: no policy preset 'zzzzzzzzz'; `retrystorm list preset` shows them\n"},
        {"policy: {preset: hystrix}",
         "t.yaml:4:18: error: preset: 'hystrix' is a breaker preset: write 'breaker: {preset: hystrix}'\n"},
        {"policy: {breaker: {preset: aws-standard}}",
         "t.yaml:4:28: error: preset: 'aws-standard' is a policy preset: write 'policy: {preset: aws-standard}'\n"},
        {"policy: {budget: [{preset: grpc-throtle}]}",
         "t.yaml:4:28: error: preset: no budget preset 'grpc-throtle'; did you mean 'grpc-throttle'?\n"},
        {"policy: {gates: {preset: grpc-throttle}}",
         "t.yaml:4:26: error: preset: 'grpc-throttle' is a budget preset: write 'budget: {preset: grpc-throttle}'\n"},
        {"policy: {preset: {name: envoy}}",
         "t.yaml:4:18: error: preset: a single value is needed here, not a map\n"},
        {"policy: {preset: envoy, attemps: 3}",
         "t.yaml:4:25: error: unknown key in a policy: 'attemps'; did you mean 'attempts'?\n"},
        {"policy: {preset: envoy, attempts: 0}",
         "t.yaml:4:35: error: attempts: 0 is out of range: from 1 to 1G, or unlimited\n"},
        {"policy: {prest: envoy}", "t.yaml:4:10: error: unknown key in a policy: 'prest'; did you mean 'preset'?\n"},
        {"policy: {retry_after: {rule: max, preset: envoy}}",
         "t.yaml:4:35: error: unknown key in a retry_after rule: 'preset'; there are: rule, on, limit, over_limit, "
         "slack, zero_falls_through, restarts\n"},
        {"policy: envoy",
         "t.yaml:4:9: error: policy: no policy named 'envoy'; the preset is written '{preset: envoy}'\n"},
        /* What contradicts the preset is an error where it was written. */
        {"policy: {preset: okhttp, timeout_clip: true}",
         "t.yaml:4:9: error: a policy: timeout_clip: there is no deadline to clip to\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        check_refusal(&refusals[i]);
}

static void test_refusals_in_overrides(void **state)
{
    static const char *const sets[] = {"clients.web.policy.preset=envoi"};
    char *errors = model_errors("name: t\nduration: 10s\n"
                                "clients: [{name: web, calls: api, arrival: {kind: poisson, rate: 1/s}}]\n"
                                "services: [{name: api, workers: 1, service_time: 1ms, queue: {capacity: 1}}]\n",
                                &(struct scenario_changes){.sets = sets, .set_count = 1});
    (void)state;
    assert_string_equal(errors, "--set clients.web.policy.preset=envoi: error: preset: no policy preset 'envoi'; did "
                                "you mean 'envoy'?\n");
    free(errors);
    errors = model_errors("name: t\nduration: 10s\n"
                          "policies: {careful: {preset: envoi}}\n"
                          "clients: [{name: web, calls: api, arrival: {kind: poisson, rate: 1/s}, policy: careful}]\n"
                          "services: [{name: api, workers: 1, service_time: 1ms, queue: {capacity: 1}}]\n"
                          "strategies: [{name: a, set: {policies.careful.preset: hystrx}}]\n",
                          NULL);
    assert_string_equal(errors, "t.yaml:3:30: error: preset: no policy preset 'envoi'; did you mean 'envoy'?\n");
    free(errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alone),
        cmocka_unit_test(test_a_key_beside_it_wins),
        cmocka_unit_test(test_a_map_beside_it_replaces_the_whole_map),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_presets_within_presets),
        cmocka_unit_test(test_other_places),
        cmocka_unit_test(test_inner_calls),
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_strategies),
        cmocka_unit_test(test_overrides_reach_into_presets),
        cmocka_unit_test(test_named_policies),
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_refusals_in_overrides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
