/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Group F: one cache `page` in front of the service, which has as many workers as there are fetches. */
#include <math.h>
#include <stddef.h>

#include "models.h"

enum { HERD = 100 }; /* readers at one instant, where each is a trial of its own */

static double number(struct plan *plan, const char *key)
{
    return parameters_number(plan->parameters, key);
}

static void say_origin(struct plan *plan, double fetch_time)
{
    struct station station = {.law = "det", .mean = fetch_time, .workers = INFINITY, .room = INFINITY};
    plan_station(plan, &station);
}

/* Forgets its start within a TTL or so; the warm-up is ten relaxation times. */
static void say_ttl(struct plan *plan, double ttl)
{
    char text[PIECE];
    plan_say(&plan->cache, ", ttl: %s", plan_duration(plan, ttl, text));
    plan->relaxation = ttl / 4;
}

static void compose_single(struct plan *plan)
{
    plan_poisson(plan, number(plan, "lambda"));
    say_origin(plan, parameters_number_or(plan->parameters, "fetch_time", 0));
    plan_say(&plan->cache, ", keys: 1");
    say_ttl(plan, number(plan, "ttl"));
}

static void compose_sliding(struct plan *plan)
{
    compose_single(plan);
    plan_say(&plan->cache, ", sliding: true");
}

static void compose_coalesced(struct plan *plan)
{
    compose_single(plan);
    plan_say(&plan->cache, ", miss: coalesce");
}

static void say_keys(struct plan *plan)
{
    double keys = number(plan, "keys"), exponent = number(plan, "zipf_exponent");
    plan_say(&plan->cache, ", keys: %.0f, zipf: %.17g", keys, exponent);
}

static void compose_zipf(struct plan *plan)
{
    plan_poisson(plan, number(plan, "lambda"));
    say_origin(plan, 0);
    say_keys(plan);
    say_ttl(plan, number(plan, "ttl"));
}

/* The rate at t is the mean over t (1 - 1/40) .. t (1 + 1/40). What its curvature adds is t^2 / 9600 of the
 * curvature, a few parts in ten thousand of the rate, and below a tenth of the standard error. */
static void compose_cold(struct plan *plan)
{
    double t = number(plan, "t"), half = plan->run == RUN_AROUND ? t / 40 : 0;
    plan_poisson(plan, number(plan, "lambda"));
    say_origin(plan, 0);
    say_keys(plan);
    plan_say(&plan->cache, ", ttl: none");
    plan->from = half > 0 ? t - half : 0;
    plan->until = t + half;
}

/* In RUN_AROUND a crowd asks at one instant, a fetch's time before the expiry. */
static void compose_xfetch(struct plan *plan)
{
    char text[PIECE];
    double ttl = number(plan, "ttl"), delta = number(plan, "delta"), lambda = number(plan, "lambda");
    if (plan->run == RUN_AROUND) {
        plan_say(&plan->client, ", count: %d, arrival: {kind: burst, at: %s}", HERD,
                 plan_duration(plan, ttl - delta, text));
        plan->rate = HERD / ttl;
        plan->until = ttl;
    } else {
        plan_poisson(plan, lambda);
    }
    say_origin(plan, delta);
    plan_say(&plan->cache, ", keys: 1, start: filled, refresh: {when: early, beta: %.17g}", number(plan, "beta"));
    say_ttl(plan, ttl);
}

static double ratio(const struct reading *r)
{
    return r->first / r->second;
}

static double per_second(const struct reading *r)
{
    return r->first / r->seconds;
}

static double of_the_herd(const struct reading *r)
{
    return r->first / HERD;
}

#define OF(metric) "caches.page." metric

static const struct measure of_ttl[] = {
    {"hit_ratio", .first = OF("hit_ratio")},
    {"origin_rate", .first = OF("fetches_per_s"), .power = -1},
    {"valid_time_frac", .first = OF("fresh_keys_avg")},
    {"hit_ratio_top_key", .first = OF("hottest_hit_ratio")},
    {"mean_keys_cached", .first = OF("fresh_keys_avg")},
    {"coalesced_frac", .first = OF("coalesced"), .second = OF("lookups"), .of = ratio},
    {"fetches_per_cycle", .first = OF("fetches_per_refill")},
    {"mean_latency", .first = "latency_mean_s", .power = 1},
    {0}};

static const struct measure of_cold[] = {
    {"misses_in_0_t", .first = OF("misses"), .run = RUN_UNTIL},
    {"misses_in_0_t_var", .first = OF("misses"), .run = RUN_UNTIL, .kind = MEASURE_SPREAD},
    {"miss_rate_at_t", .first = OF("misses"), .of = per_second, .power = -1, .run = RUN_AROUND},
    {0}};

static const struct measure of_xfetch[] = {
    {"P_early", .first = OF("early_ratio"), .second = OF("refills"), .kind = MEASURE_PROBABILITY},
    {"mean_lead_given_early", .first = OF("lead_mean_s"), .power = 1},
    {"median_lead", .first = OF("lead_p50_s"), .power = 1, .p = 0.5, .kind = MEASURE_QUANTILE},
    {"recomputes_per_cycle", .first = OF("fetches_per_refill")},
    {"P_trigger_at_lead_delta", .first = OF("fetches_early"), .of = of_the_herd, .run = RUN_AROUND},
    {0}};

const struct model models_caches[] = {
    {.key = "F-ttl-single", .compose = compose_single, .measures = of_ttl},
    {.key = "F-ttl-sliding", .compose = compose_sliding, .measures = of_ttl},
    {.key = "F-ttl-fetch-coalesced", .compose = compose_coalesced, .measures = of_ttl},
    {.key = "F-ttl-fetch-herd", .compose = compose_single, .measures = of_ttl},
    {.key = "F-ttl-zipf", .compose = compose_zipf, .measures = of_ttl},
    {.key = "F-cache-cold", .compose = compose_cold, .measures = of_cold},
    {.key = "F-xfetch", .compose = compose_xfetch, .measures = of_xfetch},
    {0}};
