/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The presets' waits and numbers of retries against tests/preset-waits.csv: what their libraries make of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "preset_case.h"
#include "preset_waits.h"

/* "NAME-throttled" is the preset NAME after an answer that throttles. */
static bool after_throttling(const char *row, char *name, size_t size)
{
    static const char suffix[] = "-throttled";
    size_t length = strlen(row), tail = sizeof suffix - 1;
    bool throttled = length > tail && strcmp(row + length - tail, suffix) == 0 && !preset_find(PRESET_POLICY, row);
    snprintf(name, size, "%.*s", (int)(throttled ? length - tail : length), row);
    return throttled;
}

/* The retries that one kind of failure may have. */
static int64_t retries_of(const struct policy *policy, enum failure failure)
{
    int64_t retries = policy->attempts == INT64_MAX ? INT64_MAX : policy->attempts - 1;
    const struct failure_rule *rule = policy_rule(policy, failure);
    return rule && rule->retries < retries ? rule->retries : retries;
}

/* TCP resends when a timeout passes: its waits are timeouts. */
static void check_timeouts(const struct policy *policy, const char *row)
{
    struct preset_wait wait;
    FILE *file = preset_waits_open();
    while (preset_waits_next(file, &wait)) {
        if (strcmp(wait.preset, row) != 0)
            continue;
        int64_t timeout_ns = policy_timeout_ns(policy, wait.n, (int64_t)law_mean_ns(policy->timeout), INT64_MAX);
        assert_true((double)timeout_ns == wait.min_ms * 1e6 && wait.max_ms == wait.min_ms);
    }
    fclose(file);
}

static void check(const struct preset_wait *row)
{
    char name[sizeof row->preset];
    enum failure failure = after_throttling(row->preset, name, sizeof name) ? FAILURE_THROTTLED : FAILURE_OVERLOADED;
    struct preset_case c = preset_start(PRESET_POLICY, name);
    if (retries_of(c.policy, failure) != row->retries)
        fail_msg("%s: %lld retries, not %lld", name, (long long)retries_of(c.policy, failure), (long long)row->retries);
    if (c.policy->timeout_growth > 1)
        check_timeouts(c.policy, row->preset);
    else
        preset_waits_check(row->preset, policy_backoff(c.policy, failure));
    preset_end(&c);
}

static void test_waits_and_retries(void **state)
{
    struct preset_wait row;
    int presets = 0;
    FILE *file = preset_waits_open();
    (void)state;
    while (preset_waits_next(file, &row)) {
        if (row.n != 1)
            continue;
        check(&row);
        presets++;
    }
    fclose(file);
    assert_true(presets >= 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waits_and_retries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
