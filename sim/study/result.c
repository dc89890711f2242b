/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/result.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct metric_result *find(const struct metric_result *metrics, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(metrics[i].info->name, name) == 0)
            return &metrics[i];
    return NULL;
}

const struct metric_result *result_place_metric(const struct place_result *place, const char *name)
{
    return find(place->metrics, place->metric_count, name);
}

bool result_is_service(const struct place_result *place)
{
    return place->kind == PLACE_SERVICE && !strchr(place->path, '[');
}

size_t result_service_count(const struct strategy_result *strategy)
{
    size_t count = 0;
    for (size_t p = 0; p < strategy->place_count; p++)
        count += result_is_service(&strategy->places[p]);
    return count;
}

const struct metric_result *result_metric(const struct strategy_result *strategy, const char *name)
{
    const char *dot = strrchr(name, '.');
    if (!dot)
        return find(strategy->metrics, strategy->metric_count, name);
    for (size_t i = 0; i < strategy->place_count; i++) {
        const struct place_result *place = &strategy->places[i];
        if (strlen(place->path) == (size_t)(dot - name) && strncmp(place->path, name, (size_t)(dot - name)) == 0)
            return result_place_metric(place, dot + 1);
    }
    return NULL;
}

static double stuck_fraction(const struct strategy_result *strategy)
{
    const struct metric_result *stuck = result_metric(strategy, "stuck");
    return stuck && stuck->estimate.count ? stuck->estimate.mean : 0;
}

/* A strategy with its headline. */
struct contender {
    const struct strategy_result *strategy;
    const struct metric_result *headline;
};

/* Whether `a` beats `b`: fewer stuck replications first, then the better headline; undefined is worst. */
static bool beats(struct contender a, struct contender b)
{
    double stuck_a = stuck_fraction(a.strategy), stuck_b = stuck_fraction(b.strategy);
    if (stuck_a != stuck_b)
        return stuck_a < stuck_b;
    double mean_a = a.headline->estimate.mean, mean_b = b.headline->estimate.mean;
    if (isnan(mean_b))
        return !isnan(mean_a);
    return a.headline->info->better == BETTER_HIGHER ? mean_a > mean_b : mean_a < mean_b;
}

bool result_tied(const struct result *result, const struct metric_result *a, const struct metric_result *b)
{
    double *differences = memory_zeroed(result->replications, sizeof *differences);
    for (uint32_t r = 0; r < result->replications; r++)
        differences[r] = a->values[r] - b->values[r];
    struct estimate difference = result_estimate(differences, result->replications);
    free(differences);
    if (difference.count < 2)
        return a->estimate.mean == b->estimate.mean;
    return difference.low <= 0 && difference.high >= 0;
}

/* Whether `a` gets as far as `b` with less: fewer attempts a request, else less wasted work. */
static bool is_thriftier(const struct result *result, const struct strategy_result *a, const struct strategy_result *b)
{
    static const char *const costs[] = {"amplification", "wasted_work_ratio"};
    for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
        const struct metric_result *one = result_metric(a, costs[i]), *other = result_metric(b, costs[i]);
        bool defined = one && other && !isnan(one->estimate.mean) && !isnan(other->estimate.mean);
        if (defined && !result_tied(result, one, other))
            return one->estimate.mean < other->estimate.mean;
    }
    return false;
}

/* Among those that the headline cannot tell from the first, the thriftiest. */
static const struct strategy_result *break_tie(const struct result *result, struct contender first)
{
    const struct strategy_result *best = first.strategy;
    for (size_t i = 0; i < result->strategy_count; i++) {
        const struct strategy_result *strategy = &result->strategies[i];
        const struct metric_result *headline = result_metric(strategy, result->headline);
        if (strategy != first.strategy && stuck_fraction(strategy) == stuck_fraction(first.strategy) &&
            !isnan(headline->estimate.mean) && result_tied(result, headline, first.headline) &&
            is_thriftier(result, strategy, best))
            best = strategy;
    }
    return best;
}

const struct strategy_result *result_best(const struct result *result)
{
    struct contender first = {NULL, NULL};
    for (size_t i = 0; i < result->strategy_count; i++) {
        const struct strategy_result *strategy = &result->strategies[i];
        struct contender next = {strategy, result_metric(strategy, result->headline)};
        if (!next.headline || next.headline->info->better == BETTER_NEITHER)
            return NULL;
        if (!first.strategy || beats(next, first))
            first = next;
    }
    return first.strategy && !isnan(first.headline->estimate.mean) ? break_tie(result, first) : NULL;
}

struct estimate result_estimate(const double *values, uint32_t count)
{
    struct estimate e = {NAN, NAN, NAN, NAN, 0};
    double sum = 0, squares = 0;
    for (uint32_t i = 0; i < count; i++)
        if (!isnan(values[i])) {
            sum += values[i];
            e.count++;
        }
    if (e.count == 0)
        return e;
    e.mean = sum / e.count;
    if (e.count == 1)
        return e;
    for (uint32_t i = 0; i < count; i++)
        if (!isnan(values[i]))
            squares += (values[i] - e.mean) * (values[i] - e.mean);
    e.deviation = sqrt(squares / (e.count - 1));
    double half = gsl_cdf_tdist_Pinv(0.975, e.count - 1) * e.deviation / sqrt(e.count);
    e.low = e.mean - half;
    e.high = e.mean + half;
    return e;
}

void result_free(struct result *result)
{
    for (size_t s = 0; s < result->strategy_count; s++)
        for (size_t p = 0; p < result->strategies[s].place_count; p++)
            for (uint32_t r = 0; r < result->replications; r++)
                free(result->strategies[s].places[p].rows[r]);
    struct arena arena = result->arena;
    arena_free(&arena);
}
