/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"

static const double DETERMINISTIC = 1e-9, BUCKET = 0.004;

/* Of `values` of independent replications; NaN if one of them is. */
struct moments {
    double mean, variance, count;
};

static struct moments moments_of(const double *values, uint32_t count)
{
    struct moments moments = {.count = count};
    double squares = 0;
    for (uint32_t i = 0; i < count; i++)
        moments.mean += values[i] / count;
    for (uint32_t i = 0; i < count; i++)
        squares += (values[i] - moments.mean) * (values[i] - moments.mean);
    moments.variance = squares / (count - 1);
    return moments;
}

static struct moments moments_of_metric(const struct run *run, const char *metric)
{
    return moments_of(run_values(run, metric), run->result->replications);
}

static double read_rows(const struct run *run, const struct measure *measure, uint32_t replication)
{
    const struct result *result = run->result;
    struct reading reading = {.seconds = run->seconds, .notes = run->notes, .bins = result->bins,
                              .rows = run_rows(run, measure->place, replication), .bin_s = result->bin_s,
                              .unit = run->unit};
    return measure->of(&reading);
}

static double read_metrics(const struct run *run, const struct measure *measure, uint32_t replication)
{
    struct reading reading = {.first = run_values(run, measure->first)[replication], .seconds = run->seconds,
                              .service_s = run->service_s, .notes = run->notes, .unit = run->unit};
    reading.second = measure->second ? run_values(run, measure->second)[replication] : reading.first;
    if (measure->kind == MEASURE_VARIANCE)
        return reading.first * reading.first;
    return measure->of ? measure->of(&reading) : reading.first;
}

/* The measure's value in each replication, in seconds. */
static double *values_of(const struct run *run, const struct measure *measure)
{
    double *values = memory_zeroed(run->result->replications, sizeof *values);
    for (uint32_t i = 0; i < run->result->replications; i++)
        values[i] = measure->place ? read_rows(run, measure, i) : read_metrics(run, measure, i);
    return values;
}

static struct verdict mean_verdict(const struct run *run, const struct measure *measure, double scale)
{
    double *values = values_of(run, measure);
    struct moments moments = moments_of(values, run->result->replications);
    free(values);
    double error = sqrt(moments.variance / moments.count), grain = run->grain * fabs(moments.mean) / Z_LIMIT;
    return (struct verdict){.estimate = moments.mean * scale, .note = "", .error = hypot(error, grain) * scale};
}

static double fourth_moment(const double *values, uint32_t count, double mean)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += pow(values[i] - mean, 4);
    return sum / count;
}

static struct verdict spread_verdict(const struct run *run, const struct measure *measure)
{
    double *values = values_of(run, measure);
    struct moments moments = moments_of(values, run->result->replications);
    double fourth = fourth_moment(values, run->result->replications, moments.mean), n = moments.count;
    free(values);
    double squares = moments.variance * moments.variance, scale = pow(run->unit, -measure->power);
    struct verdict verdict = {.estimate = moments.variance * scale, .note = "",
                              .error = sqrt((fourth - squares * (n - 3) / (n - 1)) / n) * scale};
    if (measure->kind == MEASURE_SPREAD_SD) {
        verdict.estimate = sqrt(moments.variance);
        verdict.error /= 2 * verdict.estimate;
    }
    return verdict;
}

/* A frequency so near 0 or 1 that no replication differs still has the deviation of its number of trials. */
static void add_binomial_error(const struct run *run, const struct measure *measure, struct verdict *verdict)
{
    struct moments trials = moments_of_metric(run, measure->second);
    verdict->error = fmax(verdict->error, sqrt(verdict->exact * (1 - verdict->exact) / (trials.mean * trials.count)));
}

/* Variances: around the mean of all replications instead of each one's own. */
static void add_variance_of_means(const struct run *run, const struct measure *measure, double scale,
                                  struct verdict *verdict)
{
    verdict->estimate += moments_of_metric(run, measure->second).variance * scale;
}

static void add_bucket_error(struct verdict *verdict)
{
    verdict->error = hypot(verdict->error, BUCKET * verdict->estimate / sqrt(12));
}

static void loosen(const struct run *run, const struct measure *measure, struct verdict *verdict)
{
    if (!measure->moment || run->alpha > 2 * measure->moment)
        return;
    double least = fabs(verdict->exact) * pow(run->attempts, -(1 - measure->moment / run->alpha));
    if (verdict->error < least)
        verdict->error = least;
    verdict->note = "loosely";
}

/* The point of the normal law with the tail that t has in Student's. */
static double normal_of(double t, double freedom)
{
    double tail = gsl_cdf_tdist_Q(fabs(t), freedom);
    return copysign(tail > 0 ? gsl_cdf_ugaussian_Qinv(tail) : INFINITY, t);
}

static void compare(struct verdict *verdict, double freedom)
{
    double off = verdict->estimate - verdict->exact;
    bool same = fabs(off) <= DETERMINISTIC * fabs(verdict->exact);
    verdict->z = same ? 0 : normal_of(off / verdict->error, freedom);
    verdict->passed = fabs(verdict->z) <= Z_LIMIT;
}

/* Whether the quantile is 0: P(X > 0) is at most 1 - p. */
static struct verdict zero_verdict(const struct run *run, const struct measure *measure)
{
    struct moments above = moments_of_metric(run, measure->above_zero);
    struct verdict verdict = {.exact = 1 - measure->p,
                              .estimate = above.mean,
                              .note = "P(X > 0) is at most",
                              .error = sqrt(above.variance / above.count)};
    compare(&verdict, above.count - 1);
    if (verdict.estimate < verdict.exact) {
        verdict.z = 0;
        verdict.passed = true;
    }
    return verdict;
}

/* One replication says all. */
static struct verdict certain_verdict(const struct run *run, const struct measure *measure, double exact)
{
    double *values = values_of(run, measure), scale = pow(run->unit, -measure->power);
    if (measure->kind == MEASURE_FLUID_COUNT)
        scale /= run->scale;
    struct verdict verdict = {.exact = exact, .estimate = values[0] * scale, .note = ""};
    free(values);
    double off = verdict.estimate - exact, slack = measure->kind == MEASURE_EXACT ? DETERMINISTIC : run->grain;
    verdict.error = slack * fabs(exact) / Z_LIMIT;
    verdict.z = off == 0 ? 0 : off / verdict.error;
    verdict.passed = fabs(verdict.z) <= Z_LIMIT;
    return verdict;
}

struct verdict judge(const struct run *run, const struct measure *measure, double exact)
{
    if (exact == 0 && measure->above_zero)
        return zero_verdict(run, measure);
    if (measure->kind >= MEASURE_EXACT)
        return certain_verdict(run, measure, exact);
    double scale = pow(run->unit, -measure->power);
    bool spread = measure->kind == MEASURE_SPREAD || measure->kind == MEASURE_SPREAD_SD;
    struct verdict verdict = spread ? spread_verdict(run, measure) : mean_verdict(run, measure, scale);
    verdict.exact = exact;
    if (measure->kind == MEASURE_VARIANCE)
        add_variance_of_means(run, measure, scale, &verdict);
    if (measure->kind == MEASURE_QUANTILE)
        add_bucket_error(&verdict);
    if (measure->kind == MEASURE_PROBABILITY)
        add_binomial_error(run, measure, &verdict);
    loosen(run, measure, &verdict);
    compare(&verdict, run->result->replications - 1);
    return verdict;
}
