/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/expect.h"

#include <math.h>
#include <string.h>

#include "study/metrics.h"
#include "study/run.h"

static bool holds(double measured, enum comparison comparison, double value)
{
    switch (comparison) {
    case CMP_LT:
        return measured < value;
    case CMP_LE:
        return measured <= value;
    case CMP_EQ:
        return measured == value;
    case CMP_NE:
        return measured != value;
    case CMP_GE:
        return measured >= value;
    default:
        return measured > value;
    }
}

static void judge(struct result *result, const struct expectation *expectation, const struct strategy_result *strategy)
{
    char why[200];
    struct condition condition = {.value = NAN};
    const struct metric_result *metric = result_metric(strategy, expectation->metric);
    double measured = metric ? metric->estimate.mean : NAN;
    scenario_parse_condition(expectation->is, &condition, why, sizeof why);
    result->expectations[result->expectation_count++] =
        (struct expectation_result){.metric = arena_strdup(&result->arena, expectation->metric),
                                    .is = arena_strdup(&result->arena, expectation->is),
                                    .strategy = strategy->name,
                                    .measured = measured,
                                    .passed = !isnan(measured) &&
                                              holds(measured, condition.comparison, condition.value)};
}

void expect_judge(struct result *result, const struct scenario *scenario)
{
    const struct expectation *expect = scenario->config.expect.items;
    size_t count = scenario->config.expect.count;
    result->expectations =
        arena_alloc(&result->arena, (count * result->strategy_count + 1) * sizeof *result->expectations);
    for (size_t i = 0; i < count; i++)
        for (size_t s = 0; s < result->strategy_count; s++)
            if (!*expect[i].strategy || strcmp(expect[i].strategy, result->strategies[s].name) == 0)
                judge(result, &expect[i], &result->strategies[s]);
}

/* ---- do the names exist? ---- */

static size_t add_metrics(enum place_kind kind, const char **names)
{
    size_t count = metrics_count(kind);
    for (size_t i = 0; i < count; i++)
        names[i] = metrics_info(kind, i)->name;
    return count;
}

/* "api.calls.db" */
static bool is_call(const struct model_config *model, const char *name)
{
    const char *separator = strstr(name, ".calls.");
    const struct service_config *services = model->services.items;
    for (size_t i = 0; separator && i < model->services.count; i++) {
        const struct call_config *calls = services[i].calls.items;
        if (strlen(services[i].name) != (size_t)(separator - name) ||
            strncmp(services[i].name, name, (size_t)(separator - name)) != 0)
            continue;
        for (size_t k = 0; k < services[i].calls.count; k++)
            if (strcmp(calls[k].name, separator + strlen(".calls.")) == 0)
                return true;
    }
    return false;
}

/* "devices.connect" */
static bool is_connect(const struct model_config *model, const char *name)
{
    static const char suffix[] = ".connect";
    const struct client_config *clients = model->clients.items;
    size_t length = strlen(name), skip = sizeof suffix - 1;
    if (length <= skip || strcmp(name + length - skip, suffix) != 0)
        return false;
    for (size_t i = 0; i < model->clients.count; i++)
        if (clients[i].connect && strlen(clients[i].name) == length - skip &&
            strncmp(clients[i].name, name, length - skip) == 0)
            return true;
    return false;
}

static bool place_kind_of(const struct model_config *model, const char *path, size_t length, enum place_kind *kind)
{
    static const struct {
        const char *prefix;
        enum target_kind target;
        enum place_kind kind;
    } prefixes[] = {{"clients.", TARGET_CLIENTS, PLACE_CALLER},
                    {"services.", TARGET_SERVICE, PLACE_SERVICE},
                    {"caches.", TARGET_CACHE, PLACE_CACHE}};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t skip = strlen(prefixes[i].prefix);
        char name[PATH_SIZE];
        if (length <= skip || length - skip >= sizeof name || strncmp(path, prefixes[i].prefix, skip) != 0)
            continue;
        memcpy(name, path + skip, length - skip);
        name[length - skip] = 0;
        *kind = prefixes[i].kind;
        if (prefixes[i].target == TARGET_SERVICE && is_call(model, name)) {
            *kind = PLACE_CALLER;
            return true;
        }
        if (prefixes[i].target == TARGET_CLIENTS && is_connect(model, name))
            return true;
        return config_target(model, prefixes[i].target, name).kind != TARGET_NONE;
    }
    return false;
}

/* The metric of that name, or NULL after reporting that there is none. */
static const struct metric_info *find_metric(const struct scenario *scenario, const char *metric, struct origin at,
                                             struct diag *diag)
{
    const char *names[METRICS_MAX], *dot = strrchr(metric, '.'), *name = dot ? dot + 1 : metric;
    enum place_kind kind = PLACE_CALLER;
    if (dot && !place_kind_of(&scenario->config.model, metric, (size_t)(dot - metric), &kind)) {
        diag_error(diag, at,
                   "metric: no place '%.*s': write clients.NAME, services.NAME or caches.NAME before the metric",
                   (int)(dot - metric), metric);
        return NULL;
    }
    size_t count = add_metrics(kind, names);
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return metrics_info(kind, i);
    const char *nearest = diag_nearest(name, names, count);
    diag_error(diag, at, "unknown metric '%s'%s%s%s", name,
               nearest ? "; did you mean '" : "; see `retrystorm list metric`", nearest ? nearest : "",
               nearest ? "'?" : "");
    return NULL;
}

/* What a value may be written as, by the metric's unit; the first word says it in a message. */
static bool fits(enum unit unit, enum value_kind kind, const char **how)
{
    switch (unit) {
    case UNIT_SECONDS:
        *how = "in seconds: write a duration such as 2s";
        return kind == VALUE_DURATION;
    case UNIT_PER_SECOND:
        *how = "a rate: write 10/s";
        return kind == VALUE_RATE || kind == VALUE_NUMBER;
    case UNIT_RATIO:
        *how = "a ratio: write 5% or 0.05";
        return kind == VALUE_RATIO || kind == VALUE_NUMBER;
    case UNIT_TIMES:
        *how = "a multiple: write 1.5x or 1.5";
        return kind == VALUE_TIMES || kind == VALUE_NUMBER;
    default:
        *how = "a plain number: write 12 or 10k";
        return kind == VALUE_NUMBER;
    }
}

static void check_expectation(const struct scenario *scenario, const struct expectation *expectation,
                              const struct node *node, struct diag *diag)
{
    char why[200];
    const char *how;
    struct condition condition;
    struct origin at = tree_get(node, "is")->at;
    const struct metric_info *metric =
        find_metric(scenario, expectation->metric, tree_get(node, "metric")->at, diag);
    if (!scenario_parse_condition(expectation->is, &condition, why, sizeof why))
        diag_error(diag, at, "is: %s", why);
    else if (metric && !fits(metric->unit, condition.kind, &how))
        diag_error(diag, at, "is: %s is %s", metric->name, how);
    else if (metric && metric->unit == UNIT_RATIO && (condition.value < 0 || condition.value > 1))
        diag_error(diag, at, "is: %s is never outside 0 .. 1", metric->name);
}

bool study_check_metrics(const struct scenario *scenario, struct diag *diag)
{
    const struct expectation *expect = scenario->config.expect.items;
    const struct node *list = tree_get(scenario->root, "expect"), *headline = tree_get(scenario->root, "headline");
    size_t before = diag_count(diag);
    find_metric(scenario, scenario->config.headline, headline ? headline->at : scenario->root->at, diag);
    for (size_t i = 0; i < scenario->config.expect.count; i++)
        check_expectation(scenario, &expect[i], list->items[i], diag);
    return diag_count(diag) == before;
}
