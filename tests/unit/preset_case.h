/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A preset for tests: decoded in a small scenario, at the place where a preset of its part stands. */
#ifndef TESTS_UNIT_PRESET_CASE_H
#define TESTS_UNIT_PRESET_CASE_H

#include "policy/policy.h"
#include "policy/preset.h"
#include "scenario/scenario.h"

struct preset_case {
    struct scenario *scenario;
    const struct policy *policy;
};

/* `policy` as a scenario writes it: "{preset: envoy, attempts: 3}". An error fails the test. */
struct preset_case preset_in_use(const char *policy);
/* The policy that holds nothing but the preset. */
struct preset_case preset_start(enum preset_part part, const char *name);
void preset_end(struct preset_case *c);

/* "policy: {preset: NAME}" or, for a part, "policy: {breaker: {preset: NAME}}": what stands in a client. */
char *preset_policy_text(const struct preset_row *preset);

const struct budget *preset_budget(const struct preset_case *c, size_t index);
const struct gate *preset_gate(const struct preset_case *c, size_t index);

#endif
