/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Confidence intervals: as wide as Student's law says, and in 95 of 100 studies around the true value.
 *
 * Group H of the oracles that build/theory has no model for: quantiles, and the exact binomial band in which the number
 * of 1000 independent intervals of level 0.95 that hold the true value must lie (false alarm: one in 1000). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "base/stream.h"
#include "model_case.h"
#include "study/run.h"

enum { INTERVALS = 1000, ACCEPT_LOW = 926, ACCEPT_HIGH = 971 };

static void assert_covers(const char *what, int covered)
{
    if (covered < ACCEPT_LOW || covered > ACCEPT_HIGH)
        fail_msg("%s: %d of %d intervals hold the true value", what, covered, INTERVALS);
}

/* Half the width in standard errors: t(0.975) with 9 and with 29 degrees of freedom, and for very many the normal
 * quantile, which t comes down to like 1 + (z^2 + 1) / (4 df). */
static void test_width(void **state)
{
    (void)state;
    static const struct {
        uint32_t count;
        double t;
    } oracles[] = {{10, 2.26215716280}, {30, 2.04522964213}, {100001, 1.95996398454}};
    static double values[100001];
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        values[i] = (double)(i % 7);
    for (size_t i = 0; i < sizeof oracles / sizeof *oracles; i++) {
        struct estimate e = result_estimate(values, oracles[i].count);
        double error = e.deviation / sqrt(oracles[i].count), slack = oracles[i].count > 1000 ? 3e-5 : 1e-9;
        assert_true(fabs((e.high - e.mean) / error - oracles[i].t) < slack);
        assert_true(fabs((e.mean - e.low) / error - oracles[i].t) < slack);
    }
}

/* Normal values: the interval's level is exact, however few there are. */
static void test_coverage_of_normal_values(void **state)
{
    (void)state;
    uint64_t key = stream_key(1, 0, "test", "coverage");
    for (uint32_t count = 2; count <= 20; count += 6) {
        int covered = 0;
        for (uint64_t i = 0; i < INTERVALS; i++) {
            struct stream stream = stream_at(key, i, count);
            double values[20];
            for (uint32_t k = 0; k < count; k++)
                values[k] = 5 + 3 * gsl_cdf_ugaussian_Pinv(stream_uniform_open(&stream));
            struct estimate e = result_estimate(values, count);
            covered += e.low <= 5 && 5 <= e.high;
        }
        assert_covers("normal values", covered);
    }
}

/* Whole studies, of seeds next to each other: 400 Poisson requests, and how many are here at a time, those of the last
 * second, since each takes that long (nothing is left of the empty start after it). Both are nearly normal (skewness
 * 0.05), so the intervals are right if the replications, and the studies, are independent. */
static void test_coverage_of_studies(void **state)
{
    (void)state;
    struct scenario *s = model_scenario("duration: 21s\nwarmup: 1s\nreplications: 8\nclients: [{name: a, arrival: "
                                        "{kind: poisson, rate: 20/s}, calls: s}]\nservices: [{name: s, workers: "
                                        "unlimited, service_time: 1s, queue: {capacity: 0}}]\n");
    int requests = 0, in_system = 0;
    for (int64_t seed = 1; seed <= INTERVALS; seed++) {
        struct run_options options = {.seed = seed, .jobs = 1, .command = "test"};
        struct result *result = study_run(s, &options);
        struct estimate n = result_metric(&result->strategies[0], "requests")->estimate;
        struct estimate l = result_metric(&result->strategies[0], "services.s.in_system_avg")->estimate;
        requests += n.low <= 400 && 400 <= n.high;
        in_system += l.low <= 20 && 20 <= l.high;
        result_free(result);
    }
assert_covers("requests", requests);
    assert_covers("in the system", in_system);
    scenario_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_coverage_of_normal_values),
        cmocka_unit_test(test_coverage_of_studies),
    };
    return cmocka_run_group_tests_name("confidence", tests, NULL, NULL);
}
