/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preset_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model_case.h"

enum { TEXT_SIZE = 2048 };

struct preset_case preset_in_use(const char *policy)
{
    char text[TEXT_SIZE];
    int length = snprintf(text, sizeof text,
                          "duration: 10s\n"
                          "clients: [{name: web, calls: api, arrival: {kind: poisson, rate: 1/s}, policy: %s}]\n"
                          "services: [{name: api, workers: 1, service_time: 1ms, queue: {capacity: 1}}]\n", policy);
    assert_in_range(length, 1, sizeof text - 1);
    struct preset_case c = {.scenario = model_scenario(text)};
    const struct client_config *clients = c.scenario->variants[0].config.model.clients.items;
    c.policy = &clients[0].hop.policy;
    return c;
}

char *preset_policy_text(const struct preset_row *preset)
{
    char *text = memory_zeroed(TEXT_SIZE, 1);
    const char *name = preset->row.name;
    if (preset->part == PRESET_POLICY)
        snprintf(text, TEXT_SIZE, "{preset: %s}", name);
    else
        snprintf(text, TEXT_SIZE, "{%s: {preset: %s}}", preset_keys[preset->part], name);
    return text;
}

struct preset_case preset_start(enum preset_part part, const char *name)
{
    const struct preset_row *preset = preset_find(part, name);
    if (!preset)
        fail_msg("no %s preset '%s'", preset_parts[part], name);
    char *text = preset_policy_text(preset);
    struct preset_case c = preset_in_use(text);
    free(text);
    return c;
}

void preset_end(struct preset_case *c)
{
    scenario_free(c->scenario);
}

const struct budget *preset_budget(const struct preset_case *c, size_t index)
{
    assert_true(index < c->policy->budgets.count);
    return &((const struct budget *)c->policy->budgets.items)[index];
}

const struct gate *preset_gate(const struct preset_case *c, size_t index)
{
    assert_true(index < c->policy->gates.count);
    return &((const struct gate *)c->policy->gates.items)[index];
}
