/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Group E: the retry quota of the AWS SDKs, gRPC's and Google's throttles, before a service that answers at once. */
#include <math.h>
#include <stddef.h>

#include "model/counts.h"
#include "models.h"

static double number(struct plan *plan, const char *key)
{
    return parameters_number(plan->parameters, key);
}

static void say_failing_service(struct plan *plan, double p)
{
    struct station station = {.law = "det", .mean = 0, .workers = INFINITY, .room = INFINITY};
    plan_station(plan, &station);
    plan_say(&plan->service, ", error_ratio: %.17g", p);
}

/* ---- stores of tokens ---- */

/* What a request does to the tokens: they walk between 0 and `size`. */
struct walk {
    double drift, squares, size;
};

static void add_step(struct walk *walk, double probability, double step)
{
    walk->drift += probability * step;
    walk->squares += probability * step * step;
}

/* Requests until a walk has forgotten where it was: as Brownian motion between two walls, or, with a drift towards one
 * of them, before it. It begins full; what it takes to come down is waited for in the warm-up of ten of these. */
static double relaxation_of(const struct walk *walk)
{
    const double pi = 3.141592653589793;
    double variance = fmax(walk->squares - walk->drift * walk->drift, 1e-9);
    double between = 2 * walk->size * walk->size / (pi * pi * variance);
    double before = 2 * variance / (walk->drift * walk->drift);
    double down = fmin(walk->size / fabs(walk->drift), walk->size * walk->size / variance);
    return 1 + fmin(between, before) + (walk->drift < 0 ? down / 5 : 0);
}

static void say_requests(struct plan *plan, const struct walk *walk)
{
    if (plan->run == RUN_EPISODE)
        plan_renewal(plan, "det", 1);
    else
        plan_poisson(plan, 1);
    plan_attempts(plan, number(plan, "attempts"));
    say_failing_service(plan, number(plan, "p"));
    plan->relaxation = relaxation_of(walk);
    plan->relaxations = 60;
}

/* Until the quota is empty, and somewhat longer: each bin has one request. */
static void compose_quota(struct plan *plan)
{
    double size = number(plan, "capacity"), cost = number(plan, "cost"), p = number(plan, "p");
    double attempts = number(plan, "attempts");
    struct walk walk = {.size = size};
    add_step(&walk, 1 - p, 1);
    for (double n = 2; n <= attempts; n++)
        add_step(&walk, pow(p, n - 1) * (1 - p), (2 - n) * cost);
    add_step(&walk, pow(p, attempts), (1 - attempts) * cost);
    say_requests(plan, &walk);
    plan_say(&plan->policy, ", budget: {kind: bucket, size: %.0f, cost: %.0f, refund_success: 1, refund_retry: "
             "last-cost}", size, cost);
    if (plan->run == RUN_EPISODE)
        plan_episode(plan, floor(2 * size / cost), 1);
    plan->certain = plan->run == RUN_EPISODE;
}

/* Attempts, not requests, make steps; the relaxation time in requests is shorter. */
static void compose_grpc(struct plan *plan)
{
    double size = number(plan, "maxTokens"), ratio = number(plan, "tokenRatio"), p = number(plan, "p");
    struct walk walk = {.size = size};
    add_step(&walk, 1 - p, ratio);
    add_step(&walk, p, -1);
    say_requests(plan, &walk);
    plan_say(&plan->policy, ", budget: {kind: throttle, max: %.0f, ratio: %.17g}", size, ratio);
}

/* ---- Google's throttle ---- */

enum { NOTE_REQUESTS };

/* A service that accepts what a full bucket lets through: with twice as much sent it is never full for long, so that
 * nothing of the capacity is lost. Both counters of the throttle begin at 0 and are in proportion from the first few
 * on, so the empty start is over long before the window is full. What a window of n accepted ones adds to the limit is
 * the 1 in (asked + 1), and half of the variance of the counts: some parts in n each. */
static void compose_google(struct plan *plan)
{
    enum { ACCEPTED = 2000, GRAINS = 4 };
    char window[PIECE];
    double capacity = number(plan, "capacity");
    plan_poisson(plan, number(plan, "offered"));
    say_failing_service(plan, number(plan, "p"));
    plan_say(&plan->policy, ", gates: {kind: adaptive-throttle, k: %.17g, window: %s, slices: 100, scope: population}",
             number(plan, "K"), plan_duration(plan, ACCEPTED / capacity, window));
    plan_say(&plan->service, ", gates: {kind: token-bucket, rate: %.17g/s, burst: 50}", capacity / plan->unit);
    plan->relaxation = ACCEPTED / capacity / 10;
    plan->grain = GRAINS / (double)ACCEPTED;
}

/* One request a unit of time. From empty: none is forgotten. Otherwise each finds the n before it: the window reaches
 * back 999 slices and a part of one, and its slices are so long that this is n requests. */
static void compose_google_down(struct plan *plan)
{
    enum { SLICES = 1000 };
    char window[PIECE];
    double requests = number(plan, "window_requests"), slice = requests / (SLICES - 0.5);
    plan_renewal(plan, "det", 1);
    say_failing_service(plan, 1);
    if (plan->run == RUN_EPISODE)
        plan_episode(plan, requests + 0.5, requests + 0.5);
    else
        plan->relaxation = requests / 10;
    plan_say(&plan->policy, ", gates: {kind: adaptive-throttle, k: 2, window: %s, slices: %d, scope: population}",
             plan_duration(plan, (plan->run == RUN_EPISODE ? 10 : 1) * SLICES * slice, window), SLICES);
    plan->notes[NOTE_REQUESTS] = requests;
}

/* ---- measures ---- */

static double share(const struct reading *reading)
{
    return reading->first / reading->second;
}

static double per_time(const struct reading *reading)
{
    return reading->first / reading->seconds;
}

static double per_window(const struct reading *reading)
{
    return reading->first / reading->second * reading->notes[NOTE_REQUESTS];
}

static double less(const struct reading *reading)
{
    return reading->first - reading->second;
}

/* One request a bin, the first of which is over when the bin begins: those before the first that was denied. */
static double before_denial(const struct reading *reading)
{
    uint32_t bin = 0;
    double requests = 0;
    while (bin < reading->bins && reading->rows[bin].counts[COUNT_DENIED_RETRIES] == 0)
        requests += (double)reading->rows[bin++].counts[COUNT_REQUESTS];
    return requests;
}

static const struct measure quota[] = {
    {"attempts_per_request", .first = "clients.web.amplification"},
    {"attempts_per_request_limit", .first = "clients.web.amplification"},
    {"P_success_request", .first = "clients.web.settled_success_ratio"},
    {"P_denied_by_quota", .first = "clients.web.denied_retries", .second = "clients.web.requests", .of = share},
    {"mean_quota", .first = "fed_tokens", .run = RUN_FED},
    {"requests_until_empty", .place = "clients.web", .of = before_denial, .kind = MEASURE_EXACT, .run = RUN_EPISODE},
    {"retries_until_empty", .first = "clients.web.attempts", .second = "clients.web.requests", .of = less,
     .kind = MEASURE_EXACT, .run = RUN_EPISODE},
    {0}};

static const struct measure grpc[] = {
    {"attempts_per_request", .first = "clients.web.amplification"},
    {"P_success_request", .first = "clients.web.settled_success_ratio"},
    {"P_denied_by_throttle", .first = "clients.web.denied_retries", .second = "clients.web.requests", .of = share,
     .clustered = true},
    {"mean_tokens", .first = "fed_tokens", .run = RUN_FED},
    {0}};

static const struct measure google[] = {
    {"sent_rate", .first = "clients.web.attempts", .power = -1, .of = per_time},
    {"accepted_rate", .first = "clients.web.goodput_per_s", .power = -1},
    {"backend_reject_rate", .first = "clients.web.rejected", .power = -1, .of = per_time},
    {"local_reject_frac", .first = "clients.web.local_rejections", .second = "clients.web.requests", .of = share},
    {0}};

static const struct measure google_down[] = {
    {"sent_in_first_n_from_empty", .first = "clients.web.attempts", .run = RUN_EPISODE},
    {"sent_per_window", .first = "clients.web.attempts", .second = "clients.web.requests", .of = per_window},
    {0}};

const struct model models_throttles[] = {
    {.key = "E-bucket-aws", .compose = compose_quota, .measures = quota},
    {.key = "E-throttle-grpc", .compose = compose_grpc, .measures = grpc},
    {.key = "E-throttle-google", .compose = compose_google, .measures = google},
    {.key = "E-throttle-google-down", .compose = compose_google_down, .measures = google_down},
    {0}};
