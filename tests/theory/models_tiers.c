/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Group G: services that call services. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>

#include "models.h"

enum { STATIONS_MAX = 8 };

static double number(struct plan *plan, const char *key)
{
    return parameters_number(plan->parameters, key);
}

/* ---- retries at every hop ---- */

/* A service that calls `next`, with so many attempts, and does nothing besides. */
static void say_hop(struct text *text, const char *next, double attempts)
{
    plan_say(text, ", workers: unlimited, queue: {capacity: unlimited}, "
             "calls: [{name: %s, policy: {attempts: %.0f}}], program: [{call: %s}]", next, attempts, next);
}

/* web calls api, api calls tier2, ..., the last one is `leaf`: at least two. Nothing takes time. */
static void compose_depth(struct plan *plan)
{
    double depth = number(plan, "depth"), attempts = number(plan, "attempts"), p = number(plan, "p");
    struct station station = {.law = "det", .mean = 0, .workers = INFINITY, .room = INFINITY};
    char error[PIECE], next[PIECE];
    plan_poisson(plan, 1);
    plan_attempts(plan, attempts);
    say_hop(&plan->service, depth > 2 ? "tier2" : "leaf", attempts);
    for (int tier = 2; tier < (int)depth; tier++) {
        plan_say(&plan->tiers, "  - {name: tier%d", tier);
        snprintf(next, sizeof next, tier + 1 < (int)depth ? "tier%d" : "leaf", tier + 1);
        say_hop(&plan->tiers, next, attempts);
        plan_say(&plan->tiers, "}\n");
    }
    snprintf(error, sizeof error, ", error_ratio: %.17g", p);
    plan_tier(plan, "leaf", &station, error);
    plan->rate = pow(attempts, depth);
}

/* ---- one after the other ---- */

/* `api` passes each request on to the stations in turn and takes no time itself. */
static void compose_tandem(struct plan *plan)
{
    double mu[STATIONS_MAX], workers[STATIONS_MAX], lambda = number(plan, "lambda");
    size_t stations = parameters_list(plan->parameters, "mu_list", mu, STATIONS_MAX);
    if (parameters_list(plan->parameters, "c_list", workers, STATIONS_MAX) != stations || stations == 0)
        parameters_complain(plan->parameters, "c_list", "is not as long as mu_list");
    plan_poisson(plan, lambda);
    plan_say(&plan->service, ", workers: unlimited, queue: {capacity: unlimited}, calls: [");
    for (size_t i = 1; i <= stations; i++)
        plan_say(&plan->service, "%sstation%zu", i > 1 ? ", " : "", i);
    plan_say(&plan->service, "], program: [");
    for (size_t i = 1; i <= stations; i++)
        plan_say(&plan->service, "%s{call: station%zu}", i > 1 ? ", " : "", i);
    plan_say(&plan->service, "]");
    for (size_t i = 0; i < stations; i++) {
        struct station station = {
            .lambda = lambda, .law = "exp", .mean = 1 / mu[i], .workers = workers[i], .room = INFINITY};
        char name[PIECE];
        snprintf(name, sizeof name, "station%zu", i + 1);
        plan_tier(plan, name, &station, "");
    }
}

/* ---- a front and a backend ---- */

/* api works, then calls `back`; the law of its work is that of `front`. */
static void say_front(struct plan *plan, double mean, double workers, const char *room, const char *more)
{
    char law[PIECE];
    plan_law(plan, "exp", mean, NULL, law);
    plan_say(&plan->service, ", workers: %.0f, queue: {capacity: %s}, calls: [back], program: [{work: {law: %s}}, "
             "{call: back}]%s", workers, room, law, more);
}

/* The front's worker is held meanwhile. Saturated: twice as many come as the workers could do without a backend, so
 * that the queue is empty for r^-qcap of the time, with r the ratio of that to the throughput: never. */
static void compose_pool(struct plan *plan)
{
    char room[PIECE];
    double lambda = number(plan, "lambda"), mu1 = number(plan, "mu1"), c1 = number(plan, "c1");
    double mu2 = number(plan, "mu2"), c2 = number(plan, "c2"), qcap = number(plan, "qcap");
    struct station back = {.lambda = lambda, .law = "exp", .mean = 1 / mu2, .workers = c2, .room = c1};
    snprintf(room, sizeof room, "%.0f", qcap);
    say_front(plan, 1 / mu1, c1, room, "");
    plan_tier(plan, "back", &back, "");
    plan_poisson(plan, plan->run == RUN_SATURATED ? 2 * c1 * mu1 : lambda);
    plan->relaxation *= 1 + (c1 + qcap) / c2;
}

/* The front's worker is free meanwhile; an error of the backend makes the client begin anew. */
static void compose_feedback(struct plan *plan)
{
    char error[PIECE];
    double p = number(plan, "p"), attempts = number(plan, "attempts"), lambda = number(plan, "lambda");
    double sends = (1 - pow(p, attempts)) / (1 - p), mean1 = 1 / number(plan, "mu1"), mean2 = 1 / number(plan, "mu2");
    struct station back = {
        .lambda = lambda * sends, .law = "exp", .mean = mean2, .workers = 1, .room = INFINITY};
    plan_poisson(plan, lambda);
    plan_attempts(plan, attempts);
    say_front(plan, mean1, 1, "unlimited", ", hold_worker: false");
    snprintf(error, sizeof error, ", error_ratio: %.17g", p);
    plan_tier(plan, "back", &back, error);
    plan->relaxation *= 1 + sends;
    plan->rate = lambda * sends;
}

/* ---- many at once ---- */

static void compose_fanout(struct plan *plan)
{
    double calls = number(plan, "calls"), mean = 1 / number(plan, "mu");
    struct station leaf = {.law = "exp", .mean = mean, .workers = INFINITY, .room = INFINITY};
    plan_poisson(plan, 1 / mean);
    plan_say(&plan->service, ", workers: unlimited, queue: {capacity: unlimited}, calls: [leaf], "
             "program: [{parallel: [");
    for (int i = 0; i < (int)calls; i++)
        plan_say(&plan->service, "%sleaf", i ? ", " : "");
    plan_say(&plan->service, "], need: %s}]", plan->run == RUN_FIRST_OF_ALL ? "any" : "all");
    plan_tier(plan, "leaf", &leaf, "");
    plan->rate *= calls;
}

/* ---- measures ---- */

static double ratio(const struct reading *reading)
{
    return reading->first / reading->second;
}

static const struct measure depth[] = {
    {"leaf_attempts_per_request", .first = "services.leaf.attempts", .second = "clients.web.requests", .of = ratio},
    {"P_success_request", .first = "clients.web.settled_success_ratio"},
    {0}};

static const struct measure tandem[] = {
    {"T_request", .first = "clients.web.latency_mean_s", .power = 1},
    {"T_request_p99", .first = "clients.web.latency_p99_s", .power = 1, .kind = MEASURE_QUANTILE, .p = 0.99},
    {"L_station2", .first = "services.station2.in_system_avg"},
    {0}};

static const struct measure pool[] = {
    {"P_block", .first = "services.api.reject_ratio"},
    {"T_request", .first = "clients.web.latency_mean_s", .power = 1},
    {"front_utilisation", .first = "services.api.utilization"},
    {"throughput", .first = "clients.web.goodput_per_s", .power = -1},
    {"max_throughput", .first = "clients.web.goodput_per_s", .power = -1, .run = RUN_SATURATED},
    {0}};

static const struct measure feedback[] = {
    {"T_request", .first = "clients.web.outcome_mean_s", .power = 1},
    {"attempts_per_request", .first = "clients.web.amplification"},
    {0}};

static const struct measure fanout[] = {
    {"T_all_mean", .first = "clients.web.latency_mean_s", .power = 1},
    {"T_all_p99", .first = "clients.web.latency_p99_s", .power = 1, .kind = MEASURE_QUANTILE, .p = 0.99},
    {"T_first_mean", .first = "clients.web.latency_mean_s", .power = 1, .run = RUN_FIRST_OF_ALL},
    {0}};

const struct model models_tiers[] = {
    {.key = "G-depth-amplification", .compose = compose_depth, .measures = depth},
    {.key = "G-tandem-mm1", .compose = compose_tandem, .measures = tandem},
    {.key = "G-nested-pool", .compose = compose_pool, .measures = pool},
    {.key = "G-feedback-tiers", .compose = compose_feedback, .measures = feedback},
    {.key = "G-fanout-max", .compose = compose_fanout, .measures = fanout},
    {0}};
