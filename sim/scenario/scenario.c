/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/field_scalar.h"
#include "base/units.h"
#include "scenario/policies.h"
#include "scenario/yaml.h"

/* ---- field tables ---- */

static const struct field strategy_fields[] = {
    {"name", FIELD_NAME, offsetof(struct strategy, name), .help = "how tables and figures call it"},
    {"note", FIELD_TEXT, offsetof(struct strategy, note), .text = "", .help = "one line that says what it does"},
    {"set", FIELD_OVERRIDES, offsetof(struct strategy, set), .text = "",
     .help = "paths and values: {clients.web.policy.attempts: 1}"},
    {0}};
static const struct record strategy_record = {"a strategy", sizeof(struct strategy), strategy_fields, NULL, NULL};

static const struct field expectation_fields[] = {
    {"metric", FIELD_TEXT, offsetof(struct expectation, metric),
     .help = "a metric (see `retrystorm list metric`), or PLACE.METRIC such as services.api.utilization"},
    {"is", FIELD_TEXT, offsetof(struct expectation, is), .help = "a condition: \"<= 2s\", \"== 1\", \"> 50%\""},
    {"for", FIELD_TEXT, offsetof(struct expectation, strategy), .text = "", .help = "a strategy; absent: all"},
    {0}};
static const struct record expectation_record = {"an expectation", sizeof(struct expectation), expectation_fields,
                                                 NULL, NULL};

static const struct field fields[] = {
    {"name", FIELD_NAME, offsetof(struct scenario_config, name),
     .help = "a name for the scenario: results and pictures carry it"},
    {"question", FIELD_TEXT, offsetof(struct scenario_config, question), .text = "",
     .help = "what the comparison should answer"},
    {"headline", FIELD_TEXT, offsetof(struct scenario_config, headline), .text = "recovery_s",
     .help = "the metric that answers it: the best strategy is the best by this"},
    {"duration", FIELD_DURATION, offsetof(struct scenario_config, model.duration_ns), .min = 1, .max = 8.64e17,
     .help = "simulated time"},
    {"bin", FIELD_DURATION, offsetof(struct scenario_config, model.bin_ns), .min = 1, .max = 8.64e17, .text = "1s",
     .help = "width of a row of load.csv"},
    {"warmup", FIELD_DURATION, offsetof(struct scenario_config, model.warmup_ns), .text = "0s",
     .help = "metrics count from here on; whole bins"},
    {"replications", FIELD_COUNT, offsetof(struct scenario_config, replications), .min = 1, .max = 100000,
     .text = "10", .help = "independent runs of each strategy"},
    {"seed", FIELD_COUNT, offsetof(struct scenario_config, seed), .min = 0, .max = 9e15, .text = "1",
     .help = "names the experiment: same seed, same results"},
    {"policies", FIELD_OVERRIDES, offsetof(struct scenario_config, policies), .text = "",
     .help = "named policies, for `policy: NAME`"},
    {"clients", FIELD_LIST, offsetof(struct scenario_config, model.clients), .record = &client_record,
     .help = "client populations"},
    {"services", FIELD_LIST, offsetof(struct scenario_config, model.services), .record = &service_record,
     .help = "services"},
    {"caches", FIELD_LIST, offsetof(struct scenario_config, model.caches), .record = &cache_record,
     .help = "caches in front of services"},
    {"faults", FIELD_LIST, offsetof(struct scenario_config, model.faults), .record = &fault_record,
     .help = "what goes wrong"},
    {"strategies", FIELD_LIST, offsetof(struct scenario_config, strategies), .record = &strategy_record,
     .help = "named sets of overrides that are compared"},
    {"expect", FIELD_LIST, offsetof(struct scenario_config, expect), .record = &expectation_record,
     .help = "what must come out; checked by `run` (exit status 1 if not)"},
    {0}};
const struct record scenario_record = {"a scenario", sizeof(struct scenario_config), fields, NULL, NULL};

/* ---- conditions ---- */

static bool parse_operator(const char **text, enum comparison *comparison)
{
    static const struct { const char *text; enum comparison comparison; } operators[] = {
        {"<=", CMP_LE}, {">=", CMP_GE}, {"==", CMP_EQ}, {"!=", CMP_NE}, {"<", CMP_LT}, {">", CMP_GT}};
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        size_t length = strlen(operators[i].text);
        if (strncmp(*text, operators[i].text, length) == 0) {
            *text += length;
            *comparison = operators[i].comparison;
            return true;
        }
    }
    return false;
}

/* "1.8x" */
static bool parse_times(const char *text, double *value)
{
    char number[64], reason[UNITS_WHY_SIZE];
    size_t length = strlen(text);
    if (length < 2 || length >= sizeof number || text[length - 1] != 'x')
        return false;
    snprintf(number, sizeof number, "%.*s", (int)(length - 1), text);
    return units_parse_real(number, value, reason);
}

static bool parse_value(const char *text, struct condition *condition)
{
    char reason[UNITS_WHY_SIZE];
    int64_t whole;
    double *value = &condition->value;
    if (units_parse_real(text, value, reason)) {
        condition->kind = VALUE_NUMBER;
    } else if (units_parse_ratio(text, value, reason)) {
        condition->kind = VALUE_RATIO;
    } else if (units_parse_rate(text, value, reason)) {
        condition->kind = VALUE_RATE;
    } else if (parse_times(text, value)) {
        condition->kind = VALUE_TIMES;
    } else if (units_parse_count(text, &whole, reason)) {
        condition->kind = VALUE_NUMBER;
        *value = (double)whole;
    } else if (units_parse_duration(text, &whole, reason)) {
        condition->kind = VALUE_DURATION;
        *value = (double)whole * 1e-9;
    } else {
        return false;
    }
    return true;
}

bool scenario_parse_condition(const char *text, struct condition *condition, char *why, size_t size)
{
    const char *rest = text + strspn(text, " ");
    if (!parse_operator(&rest, &condition->comparison)) {
        snprintf(why, size, "'%s' is no condition: write one of < <= == != >= > and a value, such as \"<= 2s\"", text);
        return false;
    }
    rest += strspn(rest, " ");
    if (parse_value(rest, condition))
        return true;
    snprintf(why, size, "'%s' is no value for a condition: write a number, a duration (2s), a ratio (5%%), a rate "
             "(10/s) or a multiple (1.5x)", rest);
    return false;
}

/* ---- loading ---- */

static const struct node *apply_set(struct scenario *s, const struct node *root, const char *set, struct diag *diag)
{
    const char *option = arena_printf(&s->arena, strlen(set) > 72 ? "--set %.69s..." : "--set %s", set);
    struct origin at = {option, 0, 0};
    const char *equals = strchr(set, '=');
    if (!equals) {
        diag_error(diag, at, "write --set PATH=VALUE, for example --set services.api.workers=20");
        return root;
    }
    char *path = arena_strdup(&s->arena, set);
    path[equals - set] = 0;
    const struct node *value = yaml_parse(&s->arena, option, equals + 1, strlen(equals + 1), option, diag);
    return value ? policies_set(&s->arena, root, path, value, at, diag) : root;
}

/* What all strategies of a comparison share: the clock, the draws, the comparison itself. */
static bool is_shared(const char *path)
{
    static const char *const shared[] = {"name",         "question", "headline",   "duration", "bin", "warmup",
                                         "replications", "seed",     "strategies", "expect"};
    size_t length = strcspn(path, ".[");
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
        if (strlen(shared[i]) == length && strncmp(shared[i], path, length) == 0)
            return true;
    return false;
}

static const struct node *apply_override(struct scenario *s, const struct node *root, const struct node *map, size_t i,
                                         struct diag *diag)
{
    const char *path = map->keys[i];
    if (!is_shared(path))
        return policies_set(&s->arena, root, path, map->items[i], map->keys_at[i], diag);
    diag_error(diag, map->keys_at[i], "path '%s': all strategies share this; change it in the scenario or with --set",
               path);
    return root;
}

/* The strategy's overrides of `policies.` come first, so that clients that use a named policy see them; and presets
 * before what is to be different from them. */
enum { OVERRIDE_ROUNDS = 4 };

static int override_round(const char *path)
{
    size_t length = strlen(path);
    bool is_preset = length > 7 && strcmp(path + length - 7, ".preset") == 0;
    return (strncmp(path, "policies.", 9) == 0 ? 0 : 2) + !is_preset;
}

static const struct node *apply_overrides(struct scenario *s, const struct node *root, const struct node *map,
                                          struct diag *diag)
{
    for (int round = 0; round < OVERRIDE_ROUNDS; round++)
        for (size_t i = 0; map && i < map->count; i++)
            if (override_round(map->keys[i]) == round)
                root = apply_override(s, root, map, i, diag);
    return root;
}

static bool build_variant(struct scenario *s, struct variant *variant, const char *name, const char *note,
                          const struct node *overrides, struct diag *diag)
{
    size_t before = diag_count(diag);
    const struct node *tree = apply_overrides(s, s->root, overrides, diag);
    if (diag_count(diag) != before)
        return false;
    *variant = (struct variant){.name = name, .note = note, .overrides = overrides,
                                .tree = policies_expand(&s->arena, tree, diag)};
    if (diag_count(diag) != before || !field_decode(&scenario_record, variant->tree, &variant->config, &s->arena, diag))
        return false;
    return config_link(&variant->config.model, variant->tree, diag);
}

static bool is_chosen(const char *only, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = only; at && *at;) {
        size_t span = strcspn(at, ",");
        if (span == length && strncmp(at, name, length) == 0)
            return true;
        at += span + (at[span] == ',');
    }
    return !only;
}

/* Without strategies there is one all the same: the scenario as it is. */
static const struct strategy sole_strategy = {.name = "default", .note = ""};

static const struct strategy *strategies_of(const struct scenario *s, size_t *count)
{
    const struct list *list = &s->config.strategies;
    *count = list->count ? list->count : 1;
    return list->count ? list->items : &sole_strategy;
}

static bool has_strategy(const struct scenario *s, const char *name)
{
    size_t count;
    const struct strategy *strategies = strategies_of(s, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(strategies[i].name, name) == 0)
            return true;
    return false;
}

/* `key` is the start of the message: "for: ", or nothing. */
static void no_such_strategy(const struct scenario *s, struct origin at, const char *key, const char *name,
                             struct diag *diag)
{
    size_t count;
    const struct strategy *strategies = strategies_of(s, &count);
    const char **names = memory_zeroed(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = strategies[i].name;
    const char *nearest = diag_nearest(name, names, count);
    char all[FIELD_NAMES_SIZE];
    field_join_names(names, count, all, sizeof all);
    if (nearest)
        diag_error(diag, at, "%sno strategy named '%s'; did you mean '%s'?", key, name, nearest);
    else
        diag_error(diag, at, "%sno strategy named '%s'; there are: %s", key, name, all);
    free(names);
}

static void refuse_unknown_choice(const struct scenario *s, const char *only, struct diag *diag)
{
    const struct origin option = {"--strategy", 0, 0};
    if (only && !*only)
        diag_error(diag, option, "no name: write --strategy A,B");
    for (const char *at = only; at && *at;) {
        char name[80];
        size_t span = strcspn(at, ",");
        snprintf(name, sizeof name, "%.*s", (int)span, at);
        if (!has_strategy(s, name))
            no_such_strategy(s, option, "", name, diag);
        at += span + (at[span] == ',');
    }
}

static struct origin element_origin(const struct scenario *s, const char *list, size_t index, const char *key)
{
    const struct node *element = tree_get(s->root, list)->items[index];
    const struct node *value = tree_get(element, key);
    return value ? value->at : element->at;
}

static void check_strategies(const struct scenario *s, struct diag *diag)
{
    const struct strategy *strategies = s->config.strategies.items;
    for (size_t i = 0; i < s->config.strategies.count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(strategies[i].name, strategies[k].name) == 0)
                diag_error(diag, element_origin(s, "strategies", i, "name"), "name: '%s' is taken by another strategy",
                           strategies[i].name);
}

static void check_expectations(const struct scenario *s, struct diag *diag)
{
    const struct expectation *expect = s->config.expect.items;
    for (size_t i = 0; i < s->config.expect.count; i++) {
        const char *name = expect[i].strategy;
        if (*name && !has_strategy(s, name))
            no_such_strategy(s, element_origin(s, "expect", i, "for"), "for: ", name, diag);
    }
}

static void build_variants(struct scenario *s, const char *only, struct diag *diag)
{
    size_t count;
    const struct strategy *strategies = strategies_of(s, &count);
    s->variants = arena_alloc(&s->arena, count * sizeof *s->variants);
    for (size_t i = 0; i < count; i++)
        if (is_chosen(only, strategies[i].name))
            s->variant_count += build_variant(s, &s->variants[s->variant_count], strategies[i].name,
                                              strategies[i].note, strategies[i].set.map, diag);
}

static void parse(struct scenario *s, const struct scenario_changes *changes, struct diag *diag)
{
    size_t before = diag_count(diag);
    s->root = yaml_parse(&s->arena, s->path, s->text, s->size, NULL, diag);
    if (!s->root)
        return;
    if (s->root->kind != NODE_MAP) {
        diag_error(diag, s->root->at, "a scenario is a map of keys and values, not %s", tree_kind_name(s->root));
        return;
    }
    for (size_t i = 0; i < changes->set_count; i++)
        s->root = apply_set(s, s->root, changes->sets[i], diag);
    s->tree = policies_expand(&s->arena, s->root, diag);
    if (!field_decode(&scenario_record, s->tree, &s->config, &s->arena, diag) || diag_count(diag) != before)
        return;
    check_strategies(s, diag);
    check_expectations(s, diag);
    refuse_unknown_choice(s, changes->only, diag);
    if (diag_count(diag) == before && config_link(&s->config.model, s->tree, diag))
        build_variants(s, changes->only, diag);
}

static struct scenario *new_scenario(const char *path)
{
    struct scenario *s = memory_zeroed(1, sizeof *s);
    s->path = arena_strdup(&s->arena, path);
    return s;
}

static struct scenario *keep_if_good(struct scenario *s, size_t errors_before, const struct diag *diag)
{
    if (diag_count(diag) == errors_before)
        return s;
    scenario_free(s);
    return NULL;
}

struct scenario *scenario_parse(const char *path, const char *text, size_t size,
                                const struct scenario_changes *changes, struct diag *diag)
{
    size_t before = diag_count(diag);
    struct scenario *s = new_scenario(path);
    char *copy = arena_alloc(&s->arena, size + 1);
    s->text = memcpy(copy, text, size);
    s->size = size;
    parse(s, changes, diag);
    return keep_if_good(s, before, diag);
}

struct scenario *scenario_load(const char *path, const struct scenario_changes *changes, struct diag *diag)
{
    size_t before = diag_count(diag);
    struct scenario *s = new_scenario(path);
    s->text = yaml_read_file(&s->arena, s->path, &s->size, diag);
    if (s->text)
        parse(s, changes, diag);
    return keep_if_good(s, before, diag);
}

void scenario_free(struct scenario *scenario)
{
    struct arena arena = scenario->arena;
    free(scenario);
    arena_free(&arena);
}

bool scenario_overrides_set(const struct variant *variant, const char *set)
{
    size_t length = strcspn(set, "=");
    for (size_t i = 0; variant->overrides && i < variant->overrides->count; i++) {
        const char *path = variant->overrides->keys[i];
        size_t own = strlen(path);
        if (own <= length && strncmp(path, set, own) == 0 && (own == length || strchr(".[", set[own])))
            return true;
    }
    return false;
}
