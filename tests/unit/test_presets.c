/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds for every preset: it can be used, printed and read again, it says where it is from, and a failing service
 * is no danger to it. */
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
#include "scenario/presets.h"

typedef void check(const struct preset_row *preset);

static void each(check *check_one)
{
    for (const struct row *const *row = preset_table.rows; *row; row++)
        check_one(preset_of(*row));
}

/* ---- what a row says of itself ---- */

static void check_words(const struct preset_row *preset)
{
    const struct row *row = &preset->row;
    if (!row->summary || strlen(row->summary) < 20 || strlen(row->summary) > 110)
        fail_msg("%s: a summary of 20 to 110 characters", row->name);
    if (!row->source || strlen(row->source) < 20)
        fail_msg("%s: no source", row->name);
    if (preset->confidence != PRESET_READ && !preset->doubt)
        fail_msg("%s: it was not read in its source, and does not say what not", row->name);
    if (strspn(row->name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(row->name))
        fail_msg("%s: no name for a scenario", row->name);
    if (preset_find(preset->part, row->name) != preset)
        fail_msg("%s: there are two %s presets with this name", row->name, preset_parts[preset->part]);
}

static void test_every_preset_says_where_it_is_from(void **state)
{
    (void)state;
    each(check_words);
}

/* A policy names presets for its parts only; parts name none. */
static void check_no_cycle(const struct preset_row *preset)
{
    struct arena arena = {0};
    if (tree_get(presets_tree(&arena, preset), "preset"))
        fail_msg("%s names a preset for itself", preset->row.name);
    if (preset->part != PRESET_POLICY && strstr(preset->text, "preset:"))
        fail_msg("%s is a part and names a preset", preset->row.name);
    arena_free(&arena);
}

static void test_presets_have_no_cycles(void **state)
{
    (void)state;
    each(check_no_cycle);
}

/* The seeds' own, and one of each part that a scenario would look for. */
static void test_the_presets_there_must_be(void **state)
{
    static const struct { enum preset_part part; const char *name; } names[] = {
        {PRESET_POLICY, "seed0-prop10"}, {PRESET_POLICY, "seed1-half"}, {PRESET_POLICY, "seed3-simple"},
        {PRESET_POLICY, "seed4-code"}, {PRESET_POLICY, "seed4-prose"}, {PRESET_POLICY, "seed4-decorrelated"},
        {PRESET_BREAKER, "seed0"}, {PRESET_BREAKER, "seed3-code"}, {PRESET_BREAKER, "seed3-prose"},
        {PRESET_GATE, "sliding-log"}, {PRESET_BUDGET, "seed4-pct"}, {PRESET_BUDGET, "seed4-perminute"},
        {PRESET_BREAKER, "hystrix"}, {PRESET_BREAKER, "polly-v8"}, {PRESET_POLICY, "polly-v8"}};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!preset_find(names[i].part, names[i].name))
            fail_msg("no %s preset '%s'", preset_parts[names[i].part], names[i].name);
    const char *all[256];
    size_t count = 0;
    for (enum preset_part part = PRESET_POLICY; part < PRESET_PARTS; part++)
        count += preset_names(part, all, 256);
    assert_true(count > 100 && count < 256);
}

/* ---- printed and read again ---- */

static char *print_variant(const struct scenario *scenario)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    field_print(&scenario_record, scenario->variants[0].tree, &scenario->variants[0].config, 0, out);
    fclose(out);
    return text;
}

/* Comments say where a value was written, and that differs. */
static void drop_comments(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (*from == '#')
            from += strcspn(from, "\n");
        if (*from == '\n')
            while (to > text && to[-1] == ' ')
                to--;
        *to++ = *from;
    }
    *to = 0;
}

static void check_round_trip(const struct preset_row *preset)
{
    struct preset_case c = preset_start(preset->part, preset->row.name);
    char *first = print_variant(c.scenario);
    char origin[96];
    snprintf(origin, sizeof origin, "# preset %s\n", preset->row.name);
    if (!strstr(first, origin))
        fail_msg("%s: no value comes from '%s'", preset->row.name, origin);
    struct diag *diag = diag_new();
    struct scenario *again =
        scenario_parse("printed.yaml", first, strlen(first), &(struct scenario_changes){0}, diag);
    diag_print(diag, stderr);
    if (!again)
        fail_msg("%s: what was printed is refused", preset->row.name);
    char *second = print_variant(again);
    drop_comments(first);
    drop_comments(second);
    assert_string_equal(first, second);
    free(first);
    free(second);
    diag_free(diag);
    scenario_free(again);
    preset_end(&c);
}

static void test_every_preset_prints_and_reads_again(void **state)
{
    (void)state;
    each(check_round_trip);
}

/* ---- in use ---- */

/* Twelve clients, and a service that is slow, fails two in five, fills its queue, and is away three times. world_run
 * checks the conservation laws. Requests without an end of their own (unlimited attempts) get one, to keep it short. */
static const char *const trouble =
    "duration: 30s\n"
    "clients:\n"
    "  - name: web\n"
    "    count: 12\n"
    "    calls: api\n"
    "    idempotent_ratio: 80%%\n"
    "    arrival: {kind: poisson, rate: 20/s}\n"
    "    policy: %s\n"
    "    network: {request_latency: 1ms, request_loss: 5%%, response_loss: 5%%}\n"
    "services:\n"
    "  - {name: api, workers: 2, service_time: {law: exponential, mean: 80ms}, queue: {capacity: 5},\n"
    "     reject_cost: 1ms, error_ratio: 40%%}\n"
    "faults:\n"
    "  - {kind: outage, mode: pause, service: api, at: 5s, for: 3s}\n"
    "  - {kind: outage, mode: refuse, service: api, at: 12s, for: 2s}\n"
    "  - {kind: outage, mode: blackhole, service: api, at: 18s, for: 2s}\n";

static void check_in_trouble(const struct preset_row *preset)
{
    char policy[1024], text[4096], *own = preset_policy_text(preset);
    struct preset_case plain = preset_start(preset->part, preset->row.name);
    const struct policy *p = plain.policy;
    own[strlen(own) - 1] = 0; /* the last brace */
    snprintf(policy, sizeof policy, "%s%s%s%s}", own, p->timeout ? "" : ", timeout: 500ms",
             p->attempts == INT64_MAX ? ", attempts: 40" : preset->part == PRESET_POLICY ? "" : ", attempts: 3",
             preset->part == PRESET_POLICY ? "" : ", backoff: 50ms");
    snprintf(text, sizeof text, trouble, policy);
    struct model_case m = model_run(text);
    if (caller_count(&m, 0, COUNT_REQUESTS) < 400 || caller_count(&m, 0, COUNT_GOOD) == 0 ||
        caller_count(&m, 0, COUNT_FAILED) + caller_count(&m, 0, COUNT_RETRIES) == 0)
        fail_msg("%s: no trouble, or nothing but trouble", preset->row.name);
    if (preset->part == PRESET_POLICY && p->attempts == 1)
        assert_int_equal(caller_count(&m, 0, COUNT_RETRIES), 0);
    model_free(&m);
    free(own);
    preset_end(&plain);
}

static void test_every_preset_in_trouble(void **state)
{
    (void)state;
    each(check_in_trouble);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_preset_says_where_it_is_from),
        cmocka_unit_test(test_presets_have_no_cycles),
        cmocka_unit_test(test_the_presets_there_must_be),
        cmocka_unit_test(test_every_preset_prints_and_reads_again),
        cmocka_unit_test(test_every_preset_in_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
