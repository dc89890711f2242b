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

static bool has_prefix(const char *text, const char *prefix) { return strncmp(text, prefix, strlen(prefix)) == 0; }

/* A caller's end of a hop ("clients.web", "services.api.calls.db"), a service or one of its replicas, a cache. */
static bool place_kind_of(const struct model_config *model, const char *path, size_t length, enum place_kind *kind)
{
    char name[PATH_SIZE];
    if (length >= sizeof name)
        return false;
    memcpy(name, path, length);
    name[length] = 0;
    *kind = PLACE_CALLER;
    if (config_edge(model, name).kind != TARGET_NONE)
        return true;
    *kind = PLACE_SERVICE;
    if (has_prefix(name, "services."))
        return config_is_place(model, name + strlen("services."));
    *kind = PLACE_CACHE;
    return has_prefix(name, "caches.") &&
           config_target(model, TARGET_CACHE, name + strlen("caches.")).kind != TARGET_NONE;
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
