/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "feed.h"
#include "scenario/scenario.h"
#include "study/run.h"

enum { MEASURED_BINS = 20, WARM_UP = 10, PILOTS = 100, SCENARIO_TEXT = 9 * PLAN_TEXT, EPISODES_MIN = 200 };

/* Whole nanoseconds, as the scenario says them. */
struct length {
    double bin_ns, warmup_ns, duration_ns;
};

/* ---- the model ---- */

static void compose_at(const struct order *order, double unit, struct parameters *parameters,
                       struct plan *plan)
{
    parameters_parse(parameters, order->parameters);
    *plan = (struct plan){.model = order->model,
                          .parameters = parameters,
                          .run = order->run,
                          .any = order->any,
                          .any_used = false,
                          .unit = unit,
                          .scale = 1,
                          .shortest = INFINITY,
                          .alpha = INFINITY};
    order->model->compose(plan);
}

/* In seconds where the shortest mean is about one, otherwise in a power of ten of them that makes it so. */
static void compose(const struct order *order, struct parameters *parameters, struct plan *plan)
{
    compose_at(order, 1, parameters, plan);
    if (plan->shortest < 0.01 || (plan->shortest > 100 && !isinf(plan->shortest)))
        compose_at(order, pow(10, -floor(log10(plan->shortest))), parameters, plan);
}

static void write_scenario(const struct order *order, const struct plan *plan, const struct length *length,
                           char text[SCENARIO_TEXT])
{
    snprintf(text, SCENARIO_TEXT,
             "name: theory\n"
             "question: %s %s\n"
             "duration: %.0fns\nbin: %.0fns\nwarmup: %.0fns\n"
             "clients:\n  - {name: web, calls: %s%s, policy: {%s}}\n%s"
             "services:\n  - {name: api%s}\n%s"
             "%s%s%s"
             "faults: [%s]\n",
             order->name, order->parameters, length->duration_ns, length->bin_ns, length->warmup_ns,
             plan->cache.length ? "page" : "api", plan->client.chars,
             plan->policy.length ? plan->policy.chars + 2 : "", plan->others.chars, plan->service.chars,
             plan->tiers.chars,
             plan->cache.length ? "caches:\n  - {name: page, origin: api" : "", plan->cache.chars,
             plan->cache.length ? "}\n" : "", plan->faults.length ? plan->faults.chars + 2 : "");
}

/* ---- lengths ---- */

static uint32_t replications_of(const struct order *order, const struct plan *plan)
{
    uint32_t steady = plan->replications > 0 ? plan->replications : order->effort->replications;
    return plan->until > 0 ? order->effort->transients : steady;
}

static struct length steady_length(const struct order *order, const struct plan *plan)
{
    const struct effort *effort = order->effort;
    double time = effort->attempts / replications_of(order, plan) / plan->rate;
    double relaxations = plan->relaxations > 0 ? fmin(plan->relaxations, effort->relaxations) : effort->relaxations;
    time = fmax(time, relaxations * plan->relaxation);
    struct length length = {.bin_ns = ceil(time * plan->unit * 1e9 / MEASURED_BINS)};
    double warmup_bins = fmax(1, ceil(WARM_UP * plan->relaxation * plan->unit * 1e9 / length.bin_ns));
    length.warmup_ns = warmup_bins * length.bin_ns;
    length.duration_ns = length.warmup_ns + MEASURED_BINS * length.bin_ns;
    return length;
}

static struct length whole_length(double seconds)
{
    double ns = ceil(seconds * 1e9);
    return (struct length){.bin_ns = ns, .duration_ns = ns};
}

/* From a time after the start the bins are half of what is measured, so that the warm-up is a number of them. */
static struct length transient_length(const struct plan *plan)
{
    if (plan->from <= 0)
        return whole_length(plan->until * plan->unit);
    double bin_ns = ceil((plan->until - plan->from) / 2 * plan->unit * 1e9);
    double warmup_ns = round(plan->from * plan->unit * 1e9 / bin_ns) * bin_ns;
    return (struct length){.bin_ns = bin_ns, .warmup_ns = warmup_ns, .duration_ns = warmup_ns + 2 * bin_ns};
}

static struct length episode_length(const struct plan *plan)
{
    double bin_ns = floor(plan->bin * plan->unit * 1e9 + 0.5);
    return (struct length){.bin_ns = bin_ns, .duration_ns = floor(plan->duration * plan->unit * 1e9 + 0.5)};
}

static uint32_t episodes_for(const struct order *order, const struct plan *plan)
{
    double attempts = plan->rate * plan->duration, count = order->effort->attempts / attempts;
    return plan->certain ? 1 : (uint32_t)fmin(fmax(count, EPISODES_MIN), order->effort->firsts);
}

static struct length length_of(const struct order *order, const struct plan *plan)
{
    if (plan->duration > 0)
        return episode_length(plan);
    return plan->until > 0 ? transient_length(plan) : steady_length(order, plan);
}

/* ---- running ---- */

/* A seed of its own for each case: cases that shared their random numbers would err together. FNV-1a. */
static int64_t seed_of(const struct order *order)
{
    uint64_t hash = UINT64_C(14695981039346656037) ^ order->seed;
    const char *texts[] = {order->name, order->any ? order->any : "", order->run == RUN_STEADY ? "" : "!"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (const char *c = texts[i]; *c; c++)
            hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    return (int64_t)(hash >> 12);
}

/* NULL after a message to stderr. */
static struct scenario *parse_scenario(const struct order *order, const struct plan *plan, const struct length *length)
{
    static const struct scenario_changes none = {.sets = NULL};
    char text[SCENARIO_TEXT];
    struct diag *diag = diag_new();
    write_scenario(order, plan, length, text);
    struct scenario *scenario = scenario_parse(order->name, text, strlen(text), &none, diag);
    if (!scenario)
        diag_print(diag, stderr);
    diag_free(diag);
    return scenario;
}

static struct result *run_length(const struct order *order, const struct plan *plan,
                                 const struct length *length, uint32_t replications)
{
    struct scenario *scenario = parse_scenario(order, plan, length);
    struct run_options options = {
        .replications = replications, .seed = seed_of(order), .jobs = order->jobs, .command = "theory"};
    if (!scenario)
        return NULL;
    struct result *result = study_run(scenario, &options);
    scenario_free(scenario);
    return result;
}

/* As many requests as would come to the service. */
static struct result *run_fed(const struct order *order, const struct plan *plan, const struct length *length,
                              uint32_t replications)
{
    double gap_ns = plan->unit * 1e9 / plan->rate;
    struct scenario *scenario = parse_scenario(order, plan, length);
    if (!scenario)
        return NULL;
    struct feed feed = {.seed = (uint64_t)seed_of(order), .replications = replications,
                        .warmup = ceil(length->warmup_ns / gap_ns),
                        .requests = ceil((length->duration_ns - length->warmup_ns) / gap_ns)};
    struct result *result = feed_budget(scenario, &feed);
    scenario_free(scenario);
    return result;
}

static const double *values_of(const struct result *result, const char *metric)
{
    const struct metric_result *found = result_metric(&result->strategies[0], metric);
    CHECK(found, "the simulator has no metric of that name");
    return found->values;
}

/* When it happened first in a replication: the rejection, or (requests come at equal gaps) the opening; NaN: never. */
static double first_s(const struct order *order, const struct plan *plan, const struct result *result, uint32_t i)
{
    if (order->run == RUN_FIRST_REJECT)
        return values_of(result, "services.api.first_reject_s")[i];
    double attempts = values_of(result, "clients.web.attempts")[i];
    return values_of(result, "clients.web.breaker_openings")[i] > 0 ? attempts * plan->unit / plan->rate : NAN;
}

/* NaN if it did not happen in each of them. */
static double mean_first_s(const struct order *order, const struct plan *plan, const struct result *result)
{
    double sum_s = 0;
    for (uint32_t i = 0; i < result->replications; i++)
        sum_s += first_s(order, plan, result, i);
    return sum_s / result->replications;
}

/* Short pilot runs find out how long it takes. */
static struct result *run_firsts(const struct order *order, const struct plan *plan)
{
    double guess_s = 100 * plan->unit / plan->rate;
    for (int i = 0; i < 20; i++, guess_s *= 4) {
        struct length length = whole_length(guess_s);
        struct result *pilot = run_length(order, plan, &length, PILOTS);
        if (!pilot)
            return NULL;
        double mean_s = mean_first_s(order, plan, pilot);
        result_free(pilot);
        if (!isnan(mean_s)) {
            length = whole_length(32 * mean_s);
            return run_length(order, plan, &length, order->effort->firsts);
        }
    }
    return NULL;
}

static void run_plan(const struct order *order, const struct plan *plan, struct run *run)
{
    run->any_used = plan->any_used;
    run->unit = plan->unit;
    run->service_s = plan->service_mean * plan->unit;
    run->alpha = plan->alpha;
    run->scale = plan->scale;
    run->grain = plan->grain;
    memcpy(run->notes, plan->notes, sizeof run->notes);
    if (order->run == RUN_FIRST_REJECT || order->run == RUN_FIRST_OPENING) {
        run->result = run_firsts(order, plan);
    } else if (plan->duration > 0) {
        struct length length = episode_length(plan);
        run->seconds = length.duration_ns * 1e-9;
        run->result = run_length(order, plan, &length, episodes_for(order, plan));
    } else {
        struct length length = length_of(order, plan);
        uint32_t replications = replications_of(order, plan);
        run->seconds = (length.duration_ns - length.warmup_ns) * 1e-9;
        run->attempts = run->seconds / plan->unit * plan->rate * replications;
        run->result = order->run == RUN_FED ? run_fed(order, plan, &length, replications)
                                            : run_length(order, plan, &length, replications);
    }
    if (!run->result)
        snprintf(run->complaint, sizeof run->complaint, "the scenario does not run");
}

void simulate(const struct order *order, struct run *run)
{
    struct parameters parameters;
    struct plan plan;
    *run = (struct run){.result = NULL};
    compose(order, &parameters, &plan);
    const char *complaint = parameters_complaint(&parameters);
    if (complaint)
        snprintf(run->complaint, sizeof run->complaint, "%s", complaint);
    else
        run_plan(order, &plan, run);
}

void simulate_show(const struct order *order)
{
    char text[SCENARIO_TEXT];
    struct parameters parameters;
    struct plan plan;
    compose(order, &parameters, &plan);
    struct length length = length_of(order, &plan);
    write_scenario(order, &plan, &length, text);
    printf("%s\n", text);
}

void run_free(struct run *run)
{
    if (run->result)
        result_free(run->result);
}

const struct bin_row *run_rows(const struct run *run, const char *place, uint32_t replication)
{
    const struct strategy_result *strategy = &run->result->strategies[0];
    for (size_t i = 0; i < strategy->place_count; i++)
        if (strcmp(strategy->places[i].path, place) == 0)
            return strategy->places[i].rows[replication];
    CHECK(false, "the model has no such place");
    return NULL;
}

const double *run_values(const struct run *run, const char *metric)
{
    return values_of(run->result, metric);
}
