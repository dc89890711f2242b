/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backoff_case.h"
#include "draws.h"

enum { SHORT = 200000, LONG = 2000000 };

struct draws draws_sample(const char *name, const struct backoff *backoff, uint32_t retries)
{
    struct draws waits = {.name = name, .retries = retries, .count = getenv("RETRYSTORM_TEST_LONG") ? LONG : SHORT};
    uint64_t seed = stream_key(1, 0, "waits", name);
    waits.ms = malloc(sizeof *waits.ms * retries * waits.count);
    assert_non_null(waits.ms);
    for (size_t i = 0; i < waits.count; i++) {
        struct backoff_request request = backoff_request(backoff, seed, i);
        request.retries = retries;
        for (uint32_t n = 0; n < retries; n++)
            waits.ms[n * waits.count + i] = (double)backoff_request_wait(&request) / (double)MS;
    }
    return waits;
}

struct draws draws_of(const char *text, uint32_t retries)
{
    struct arena arena = {0};
    struct backoff backoff = backoff_case(text, &arena);
    struct draws waits = draws_sample(text, &backoff, retries);
    arena_free(&arena);
    return waits;
}

void draws_free(struct draws *waits)
{
    free(waits->ms);
}

struct sample draws_before(const struct draws *waits, uint32_t retry)
{
    return (struct sample){waits->name, retry, waits->count, waits->ms + (retry - 1) * waits->count};
}

static void near(const struct sample *sample, const char *what, double got, double expected, double error)
{
    if (!(fabs(got - expected) <= SIGMAS * error + 1e-6 * fabs(expected)))
        fail_msg("%s, retry %u: %s is %.9g, expected %.9g +- %.3g", sample->name, sample->retry, what, got, expected,
                 SIGMAS * error);
}

void sample_check_range(const struct sample *sample, double min, double max, double digits)
{
    double least = INFINITY, most = -INFINITY, tenth = (max - min) / 10;
    for (size_t i = 0; i < sample->count; i++) {
        least = fmin(least, sample->ms[i]);
        most = fmax(most, sample->ms[i]);
    }
    /* Waits are whole nanoseconds. */
    if (least < min * (1 - digits) - 1e-6 || most > max * (1 + digits) + 1e-6)
        fail_msg("%s, retry %u: %.9g..%.9g leaves %.9g..%.9g", sample->name, sample->retry, least, most, min, max);
    if (least > min * (1 + digits) + tenth + 1e-6 || most < max * (1 - digits) - tenth - 1e-6)
        fail_msg("%s, retry %u: %.9g..%.9g does not fill %.9g..%.9g", sample->name, sample->retry, least, most, min,
                 max);
}

double sample_mean(const struct sample *sample)
{
    double sum = 0;
    for (size_t i = 0; i < sample->count; i++)
        sum += sample->ms[i];
    return sum / (double)sample->count;
}

/* Moments around a known mean. */
static void deviations(const struct sample *sample, double mean, double *second, double *fourth)
{
    double m2 = 0, m4 = 0, count = (double)sample->count;
    for (size_t i = 0; i < sample->count; i++) {
        double d = sample->ms[i] - mean;
        m2 += d * d / count;
        m4 += d * d * d * d / count;
    }
    *second = m2;
    *fourth = m4;
}

double sample_variance(const struct sample *sample)
{
    double second, fourth;
    deviations(sample, sample_mean(sample), &second, &fourth);
    return second;
}

void sample_check_mean(const struct sample *sample, double mean, double variance)
{
    near(sample, "the mean", sample_mean(sample), mean, sqrt(variance / (double)sample->count));
}

void sample_check_variance(const struct sample *sample, double mean, double variance)
{
    double second, fourth;
    deviations(sample, mean, &second, &fourth);
    near(sample, "the variance", second, variance, sqrt(fabs(fourth - second * second) / (double)sample->count));
}

void sample_check_quantile(const struct sample *sample, double p, double quantile)
{
    double below = 0, at_most = 0, count = (double)sample->count, error = SIGMAS * sqrt(p * (1 - p) / count);
    for (size_t i = 0; i < sample->count; i++) {
        below += sample->ms[i] < quantile * (1 - 1e-7);
        at_most += sample->ms[i] <= quantile * (1 + 1e-7);
    }
    if (below / count > p + error || at_most / count < p - error)
        fail_msg("%s, retry %u: %g below and %g up to the %g-quantile %g", sample->name, sample->retry, below / count,
                 at_most / count, p, quantile);
}

void sample_check_atom(const struct sample *sample, double value, double p)
{
    double there = 0, count = (double)sample->count;
    for (size_t i = 0; i < sample->count; i++)
        there += sample->ms[i] == value;
    near(sample, "the mass at one value", there / count, p, sqrt(fmax(p * (1 - p), p == 0 ? 1e-6 : 0) / count));
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

size_t sample_distinct(const struct sample *sample)
{
    size_t distinct = 1;
    double *sorted = malloc(sample->count * sizeof *sorted);
    assert_non_null(sorted);
    memcpy(sorted, sample->ms, sample->count * sizeof *sorted);
    qsort(sorted, sample->count, sizeof *sorted, compare);
    for (size_t i = 1; i < sample->count; i++)
        distinct += sorted[i] != sorted[i - 1];
    free(sorted);
    return distinct;
}
