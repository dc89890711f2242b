/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures: tics, curves, gnuplot scripts, a gnuplot that misbehaves or is missing, and drawing again from the files. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "output/axis.h"
#include "output/figure.h"
#include "output/gnuplot.h"
#include "output/layout.h"
#include "output/output.h"
#include "output/read.h"
#include "output/series.h"
#include "small_result.h"

/* ---- axes ---- */

static char *labels(const struct axis *axis)
{
    struct text text = text_in_memory();
    for (int i = 0; i < axis->count; i++)
        text_printf(&text, "%s%s", i ? "|" : "", axis->tics[i].label);
    return text.bytes;
}

static void assert_labels(struct axis axis, const char *expected)
{
    char *text = labels(&axis);
    assert_string_equal(text, expected);
    free(text);
}

static void test_time_tics(void **state)
{
    (void)state;
    assert_labels(axis_time(0.002, 8), "0|500 us|1000 us|1500 us|2000 us");
    assert_labels(axis_time(1, 8), "0|200 ms|400 ms|600 ms|800 ms|1000 ms");
    assert_labels(axis_time(60, 8), "0|10 s|20 s|30 s|40 s|50 s|60 s");
    assert_labels(axis_time(300, 8), "0|60 s|120 s|180 s|240 s|300 s");
    assert_labels(axis_time(7200, 8), "0|20 min|40 min|60 min|80 min|100 min|120 min");
    assert_labels(axis_time(86400, 8), "0|3 h|6 h|9 h|12 h|15 h|18 h|21 h|24 h");
    assert_labels(axis_time(31536000, 8), "0|50 d|100 d|150 d|200 d|250 d|300 d|350 d");
}

static void test_value_tics(void **state)
{
    (void)state;
    assert_labels(axis_log(0.9, 2.1, AXIS_TIMES), "1\xc3\x97|2\xc3\x97");
    assert_labels(axis_log(0.011, 90, AXIS_TIMES),
                  "0.01\xc3\x97|0.1\xc3\x97|1\xc3\x97|10\xc3\x97|100\xc3\x97");
    assert_labels(axis_log(0.05, 0.9, AXIS_SECONDS), "0.05 s|0.1 s|0.2 s|0.5 s|1 s");
    assert_labels(axis_rate(290), "0|100/s|200/s|300/s");
    assert_labels(axis_rate(0), "0|0.2/s|0.4/s|0.6/s|0.8/s|1/s");
    assert_labels(axis_log(0.0007, 0.1, AXIS_SECONDS), "0.5 ms|1 ms|2 ms|5 ms|10 ms|20 ms|50 ms|100 ms|200 ms");
    assert_labels(axis_log(0.5, 1100, AXIS_SECONDS), "1 s|10 s|100 s|1000 s");
    assert_labels(axis_log(0.9, 2e4, AXIS_RATE), "1/s|10/s|100/s|1000/s|10000/s");
    assert_labels(axis_rate(2e4), "0|5 k/s|10 k/s|15 k/s|20 k/s");
    assert_labels(axis_linear(0.93, 1.2, AXIS_TIMES), "1\xc3\x97|1.1\xc3\x97|1.2\xc3\x97");
    struct axis axis = axis_log(0.005, 2, AXIS_SECONDS);
    axis_thin(&axis, 4);
    assert_labels(axis, "0.01 s|0.1 s|1 s");
}

/* ---- gnuplot ---- */

static void test_quoting(void **state)
{
    (void)state;
    struct text script = text_in_memory();
    gnuplot_quote(&script, "a'b `touch x` \"c\"\n$d @e '''\xff");
    assert_string_equal(script.bytes, "'a\xe2\x80\x99"
                                      "b `touch x` \"c\" $d @e \xe2\x80\x99\xe2\x80\x99\xe2\x80\x99?'");
    text_free(&script);
}

static void test_characters(void **state)
{
    (void)state;
    struct text text = text_in_memory();
    text_add_utf8(&text,
                  "a\xc3\xa9\xe2\x80\xa6\xf0\x9f\x98\x80|\xff|\xc3|\xed\xa0\x80|\xc0\x80|\xf5|\xe2\x80");
    assert_string_equal(text.bytes, "a\xc3\xa9\xe2\x80\xa6\xf0\x9f\x98\x80|?|?|???|??|?|??");
    assert_int_equal(text_columns("a\xc3\xa9\xe2\x80\xa6"), 3);
    text_free(&text);
}

static enum gnuplot_status run_as(const char *program, const struct text *script, struct text *drawn,
                                  char *why)
{
    setenv("RETRYSTORM_GNUPLOT", program, 1);
    enum gnuplot_status status = gnuplot_run(script, drawn, why, OUTPUT_WHY_SIZE);
    unsetenv("RETRYSTORM_GNUPLOT");
    return status;
}

/* A program that reads nothing of a long script must not end us by SIGPIPE. */
static void test_gnuplot_that_misbehaves(void **state)
{
    (void)state;
    char why[OUTPUT_WHY_SIZE];
    struct text script = text_in_memory(), drawn = text_in_memory();
    text_repeat(&script, "# a line that nobody reads\n", 100000);
    assert_int_equal(run_as("/nowhere/gnuplot", &script, &drawn, why), GNUPLOT_MISSING);
    assert_int_equal(run_as("false", &script, &drawn, why), GNUPLOT_FAILED);
    assert_string_equal(why, "gnuplot failed: no reason given");
    assert_int_equal(run_as("true", &script, &drawn, why), GNUPLOT_FINE);
    assert_int_equal(drawn.length, 0);
    text_free(&script);
    text_free(&drawn);
}

static void test_missing_gnuplot_costs_only_the_pictures(void **state)
{
    (void)state;
    char why[OUTPUT_WHY_SIZE], directory[512];
    const struct output_options options = {.svg = true, .png = true};
    struct result *result = small_result_interrupted();
    snprintf(directory, sizeof directory, "%s", small_result_scratch(""));
    setenv("RETRYSTORM_GNUPLOT", "/nowhere/gnuplot", 1);
    assert_int_equal(output_write_all(result, directory, &options, why), OUTPUT_NO_GNUPLOT);
    unsetenv("RETRYSTORM_GNUPLOT");
    assert_non_null(strstr(why, "apt install gnuplot-nox"));
    assert_int_equal(remove(small_result_scratch("load.csv")), 0);
    assert_int_equal(remove(small_result_scratch("summary.csv")), 0);
    assert_int_equal(remove(small_result_scratch("summary.json")), 0);
    assert_int_equal(rmdir(directory), 0);
    result_free(result);
}

/* ---- figures ---- */

/* What is drawn from the files is what was drawn from memory, for every figure. */
static void test_read_back(void **state)
{
    (void)state;
    char why[OUTPUT_WHY_SIZE] = "", directory[512];
    const struct output_options none = {.svg = false};
    struct result *result = small_result_interrupted();
    result->bin_s = 1.0 / 3;
    result->duration_s = 0.6;
    result->strategies[0].capacity_per_s = 1000.0 / 7;
    result->warmup_s = 0.1;
    small_result_metric(result, 0, &small_peak, 4.0 / 3, 5.0 / 3, NAN);
    small_result_metric(result, 0, &small_stuck, 1, 0, NAN);
    small_result_metric(result, 0, &small_p99, 1.0 / 3, 1.0 / 7, NAN);
    small_result_metric(result, 0, &small_goodput, 1.0 / 3, 1.0 / 7, NAN);
    snprintf(directory, sizeof directory, "%s", small_result_scratch(""));
    assert_int_equal(output_write_all(result, directory, &none, why), OUTPUT_FINE);
    struct result *again = output_read(directory, why);
    assert_string_equal(why, "");
    assert_non_null(again);
    for (const struct output_row *const *row = output_rows; *row; row++) {
        struct text one = text_in_memory(), two = text_in_memory();
        if (!(*row)->draw)
            continue;
        bool drawn = !(*row)->applies; /* small results have no inner hop */
        assert_int_equal(figure_script(result, *row, FIGURE_SVG, &one), drawn);
        assert_int_equal(figure_script(again, *row, FIGURE_SVG, &two), drawn);
        assert_true(!drawn || strcmp(one.bytes, two.bytes) == 0);
        text_free(&one);
        text_free(&two);
    }
    result_free(again);
    result_free(result);
    remove(small_result_scratch("load.csv"));
    remove(small_result_scratch("summary.csv"));
    assert_null(output_read(directory, why));
    assert_non_null(strstr(why, "load.csv: No such file or directory"));
    remove(small_result_scratch("summary.json"));
    rmdir(directory);
}

/* What services call of each other is not the clients' load. */
static void assert_no_load_inside(struct result *result, const struct grid *grid)
{
    struct strategy_result *strategy = &result->strategies[0];
    for (size_t i = 0; i < strategy->place_count; i++)
        strategy->places[i].entrance = false;
    double *load = series_load(result, strategy, grid, MERGE_MOST);
    assert_true(load[0] == 0 && load[1] == 0);
    free(load);
    for (size_t i = 0; i < strategy->place_count; i++)
        strategy->places[i].entrance = strategy->places[i].kind == PLACE_SERVICE;
}

/* Attempts at the service, 3 rows of 101 and 201 over 0.5 s, two replications: (101 + 111) / 2 / 0.5. */
static void test_series(void **state)
{
    (void)state;
    struct result *result = small_result_interrupted();
    struct grid grid = series_grid(result, DRAWN_MOST);
    double *load = series_load(result, &result->strategies[0], &grid, MERGE_MOST);
    double *good = series_clients(result, &result->strategies[0], COLUMN_GOOD, &grid);
    double *p99 =
        series_latency(result, series_population(result, &result->strategies[0]), QUANTILE_P99, &grid);
    assert_int_equal(grid.bins, 2);
    assert_true(load[0] == 212 && load[1] == 412);
    assert_no_load_inside(result, &grid);
    assert_true(good[0] == 222 && good[1] == 422);
    assert_true(fabs(p99[0] - (1.0 / 3 + 0.5)) < 1e-8 && isnan(p99[1]));
    free(load);
    free(good);
    free(p99);
    grid = series_grid(result, 1);
    load = series_load(result, &result->strategies[0], &grid, MERGE_MOST);
    assert_true(grid.bins == 1 && grid.merged == 2 && load[0] == 412);
    free(load);
    load = series_load(result, &result->strategies[0], &grid, MERGE_MEAN);
    assert_true(load[0] == 312);
    free(load);
    result_free(result);
}

static char *script_of(const struct result *result, const struct output_row *output)
{
    struct text script = text_in_memory();
    assert_true(figure_script(result, output, FIGURE_PNG, &script));
    return script.bytes;
}

static void assert_says(const struct result *result, const struct output_row *output, const char *expected)
{
    char *script = script_of(result, output);
    if (!strstr(script, expected))
        fail_msg("no \"%s\" in: %s", expected, script);
    free(script);
}

/* Two strategies whose services get 150 attempts a second, the capacity; each is at one place. */
static struct result *pair(void)
{
    static const char *const names[] = {"ant", "bee"};
    struct result *result = small_result_new(2, names, "recovery_s");
    for (size_t s = 0; s < 2; s++) {
        struct strategy_result *strategy = &result->strategies[s];
        small_result_place(result, strategy, "clients.web", PLACE_CALLER);
        small_result_place(result, strategy, "services.api", PLACE_SERVICE);
        for (uint32_t r = 0; r < REPLICATIONS; r++)
            for (uint32_t bin = 0; bin < BINS; bin++)
                strategy->places[1].rows[r][bin].counts[COLUMN_ATTEMPTS] = 75;
    }
    return result;
}

/* A picture's number is the table's, whatever the curve shows; a metric without a value has no number. */
static void test_notes_are_the_metrics(void **state)
{
    (void)state;
    struct result *result = pair();
    small_result_metric(result, 0, &small_peak, 2.1, 2.1, 2.13);
    small_result_metric(result, 0, &small_p99, 0.5, 0.5, 0.5);
    small_result_metric(result, 0, &small_goodput, 28, 28, 28.1);
    assert_says(result, &output_load, "name[1] = 'ant'\nnote[1] = '2.11\xc3\x97'\n");
    assert_says(result, &output_load, "name[2] = 'bee'\nnote[2] = ''\n");
    assert_says(result, &output_latency, "note[1] = '500 ms'\n");
    assert_says(result, &output_goodput, "note[1] = '28.0/s'\n");
    result_free(result);
}

/* In turn each replication has the peak of the run; then one is stuck. */
static void test_mean_or_one_replication(void **state)
{
    (void)state;
    struct result *result = pair();
    struct place_result *api = &result->strategies[1].places[1];
    assert_says(result, &output_load, "mean of 3 replications");
    api->rows[0][0].counts[COLUMN_ATTEMPTS] = api->rows[1][1].counts[COLUMN_ATTEMPTS] = 750;
    assert_says(result, &output_load, "replication 1 of 3");
    assert_says(result, &output_latency, "replication 1 of 3");
    free(result->strategies[0].places[0].rows[0]);
    free(result->strategies[0].places[1].rows[0]);
    result->strategies[0].places[0].rows[0] = result->strategies[0].places[1].rows[0] = NULL;
    result->strategies[0].finished = 2;
    assert_says(result, &output_load, "replication 2 of 3");
    api->rows[0][0].counts[COLUMN_ATTEMPTS] = api->rows[1][1].counts[COLUMN_ATTEMPTS] = 75;
    assert_says(result, &output_load, "mean of 2 to 3 replications");
    small_result_metric(result, 0, &small_stuck, NAN, 0, 1);
    assert_says(result, &output_load, "replication 2 of 3");
    assert_says(result, &output_latency, "median of 2 to 3 replications");
    result_free(result);
}

static void test_warmup_is_shaded_and_not_scaled(void **state)
{
    (void)state;
    struct result *result = pair();
    for (uint32_t r = 0; r < REPLICATIONS; r++)
        result->strategies[0].places[1].rows[r][0].counts[COLUMN_ATTEMPTS] = 75000;
    assert_says(result, &output_load, "y_log = 1\n");
    result->warmup_s = 0.5;
    assert_says(result, &output_load, "y_log = 0\n");
    assert_says(result, &output_load, "warmup = 0.5\nwarmup_label = 1\n");
    result->warmup_s = 0.001;
    assert_says(result, &output_load, "warm-up: the first 1 ms");
    result_free(result);
}

/* The burst of demand of 2 x 2,000,000 a second; each panel has its own. */
static void test_goodput_fits_the_goodput(void **state)
{
    (void)state;
    struct result *result = pair();
    for (size_t s = 0; s < 2; s++)
        for (uint32_t r = 0; r < REPLICATIONS; r++) {
            struct bin_row *rows = result->strategies[s].places[0].rows[r];
            rows[0].counts[COLUMN_REQUESTS] = rows[1].counts[COLUMN_REQUESTS] = 50;
            rows[0].counts[COLUMN_GOOD] = rows[1].counts[COLUMN_GOOD] = 50;
        }
    assert_says(result, &output_goodput, "y_high = 172.5\n");
    assert_says(result, &output_goodput, "columns = 1\n");
    for (uint32_t r = 0; r < REPLICATIONS; r++)
        result->strategies[1].places[0].rows[r][1].counts[COLUMN_REQUESTS] = 1000000;
    assert_says(result, &output_goodput, "y_high = 172.5\n");
    assert_says(result, &output_goodput, "demand cut off (up to 2 M/s)");
    assert_says(result, &output_goodput, "columns = 2\n");
    result_free(result);
}

static void test_short_faults_are_named(void **state)
{
    (void)state;
    static struct fault_result faults[] = {{"blink", 0.5, 0.5001}, {"flush", 0.6, 0.6}, {"outage", 0.7, 0.8}};
    struct result *result = pair();
    result->faults = faults;
    result->fault_count = 3;
    assert_says(result, &output_load, "fault too short to see: blink");
    assert_says(result, &output_load, "fault_label[1] = ''");
    assert_says(result, &output_load, "fault_label[3] = 'outage'");
    result_free(result);
}

static void test_twelve_colours(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
    struct result *result = small_result_new(12, names, "recovery_s");
    for (size_t s = 0; s < 12; s++)
        small_result_place(result, &result->strategies[s], "services.api", PLACE_SERVICE);
    char *script = script_of(result, &output_load);
    int values[12] = {0};
    for (int i = 0; i < 12; i++) {
        char wanted[32];
        snprintf(wanted, sizeof wanted, "\ncolour[%d] = ", i + 1);
        assert_non_null(strstr(script, wanted));
        values[i] = atoi(strstr(script, wanted) + strlen(wanted));
        for (int j = 0; j < i; j++)
            assert_int_not_equal(values[i], values[j]);
    }
    free(script);
    result_free(result);
}

static void test_nothing_finished(void **state)
{
    (void)state;
    static const char *const names[] = {"a"};
    struct result *result = small_result_new(1, names, "recovery_s");
    struct text text = text_in_memory();
    result->strategies[0].finished = 0;
    small_result_metric(result, 0, &small_recovery, NAN, NAN, NAN);
    assert_false(figure_script(result, &output_load, FIGURE_PNG, &text));
    text_free(&text);
    result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_tics),
        cmocka_unit_test(test_value_tics),
        cmocka_unit_test(test_quoting),
        cmocka_unit_test(test_characters),
        cmocka_unit_test(test_gnuplot_that_misbehaves),
        cmocka_unit_test(test_missing_gnuplot_costs_only_the_pictures),
        cmocka_unit_test(test_read_back),
        cmocka_unit_test(test_series),
        cmocka_unit_test(test_notes_are_the_metrics),
        cmocka_unit_test(test_mean_or_one_replication),
        cmocka_unit_test(test_warmup_is_shaded_and_not_scaled),
        cmocka_unit_test(test_goodput_fits_the_goodput),
        cmocka_unit_test(test_short_faults_are_named),
        cmocka_unit_test(test_twelve_colours),
        cmocka_unit_test(test_nothing_finished),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
