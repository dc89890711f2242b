/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The output layer on a result made by hand: exact bytes of every data file, sentences, tics, and what
 * happens when a disk is full or gnuplot is missing. */
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
#include "output/progress.h"
#include "output/read.h"
#include "output/rows.h"
#include "output/series.h"
#include "output/sparkline.h"
#include "output/summary.h"
#include "output/unit.h"
#include "output/verdict.h"

enum { REPLICATIONS = 3, BINS = 2 };

static const struct metric_info recovery = {"recovery_s", UNIT_SECONDS, BETTER_LOWER, ""};
static const struct metric_info stuck = {"stuck", UNIT_RATIO, BETTER_LOWER, ""};
static const struct metric_info peak = {"peak_load_ratio", UNIT_TIMES, BETTER_LOWER, ""};
static const struct metric_info success = {"success_ratio", UNIT_RATIO, BETTER_HIGHER, ""};
static const struct metric_info requests = {"requests", UNIT_NUMBER, BETTER_NEITHER, ""};
static const struct metric_info utilization = {"utilization", UNIT_RATIO, BETTER_NEITHER, ""};

/* ---- a result ---- */

static struct metric_result metric(struct arena *arena, const struct metric_info *info, const double *values)
{
    struct metric_result result = {.info = info};
    result.values = arena_alloc(arena, REPLICATIONS * sizeof *values);
    memcpy(result.values, values, REPLICATIONS * sizeof *values);
    result.estimate = result_estimate(values, REPLICATIONS);
    return result;
}

static struct bin_row row(enum place_kind kind, uint32_t replication, uint32_t bin)
{
    struct bin_row row = {.queue_length = NAN,
                          .in_service = NAN,
                          .busy_ratio = NAN,
                          .capacity = NAN,
                          .latency_p50_s = NAN,
                          .latency_p99_s = NAN};
    for (int i = 0; i < BIN_COUNTS; i++)
        row.counts[i] = (uint64_t)(100 * (bin + 1) + i + 10 * (int)replication);
    if (bin == 0) {
        row.latency_p50_s = 0.0123456789123;
        row.latency_p99_s = 1.0 / 3 + replication;
    }
    if (kind == PLACE_SERVICE) {
        row.queue_length = 7;
        row.in_service = 1;
        row.busy_ratio = 0.5;
        row.capacity = 75;
    }
    return row;
}

static void add_place(struct result *result, struct strategy_result *strategy, const char *path,
                      enum place_kind kind)
{
    struct place_result *place = &strategy->places[strategy->place_count++];
    *place = (struct place_result){.path = path, .kind = kind};
    place->rows = arena_alloc(&result->arena, REPLICATIONS * sizeof *place->rows);
    for (uint32_t r = 0; r < strategy->finished; r++) {
        place->rows[r] = memory_zeroed(BINS, sizeof **place->rows);
        for (uint32_t bin = 0; bin < BINS; bin++)
            place->rows[r][bin] = row(kind, r, bin);
    }
}

static void add_metric(struct result *result, size_t index, const struct metric_info *info, double a,
                       double b, double c)
{
    struct strategy_result *strategy = &result->strategies[index];
    const double values[REPLICATIONS] = {a, b, c};
    strategy->metrics[strategy->metric_count++] = metric(&result->arena, info, values);
}

static struct result *new_result(size_t strategies, const char *const *names, const char *headline)
{
    struct arena arena = {0};
    struct result *result = arena_alloc(&arena, sizeof *result);
    result->arena = arena;
    result->stamp = (struct stamp){.version = "0.1.0",
                                   .commit = "abc",
                                   .compiler = "cc",
                                   .scenario_path = "x.yaml",
                                   .scenario_hash = "00ff",
                                   .command = "retrystorm run x.yaml",
                                   .seed = 7};
    result->name = "small";
    result->question = "Who wins?";
    result->headline = headline;
    result->duration_s = 1;
    result->bin_s = 0.5;
    result->bins = BINS;
    result->replications = REPLICATIONS;
    result->strategy_count = strategies;
    result->strategies = arena_alloc(&result->arena, strategies * sizeof *result->strategies);
    for (size_t i = 0; i < strategies; i++) {
        struct strategy_result *strategy = &result->strategies[i];
        *strategy = (struct strategy_result){
            .name = names[i], .note = "", .finished = REPLICATIONS, .capacity_per_s = 150};
        strategy->metrics = arena_alloc(&result->arena, 8 * sizeof *strategy->metrics);
        strategy->places = arena_alloc(&result->arena, 3 * sizeof *strategy->places);
    }
    return result;
}

/* One strategy with a name that needs quoting, two of three replications finished. */
static struct result *interrupted_result(void)
{
    static const char *const names[] = {"a \"b\", c"};
    static const struct metric_info *const infos[] = {&utilization};
    static struct fault_result faults[] = {{"outage api", 0.25, 0.5}};
    static struct expectation_result expectations[] = {{"recovery_s", "<= 2s", "a", NAN, false}};
    struct result *result = new_result(1, names, "recovery_s");
    struct strategy_result *strategy = &result->strategies[0];
    const double busy[REPLICATIONS] = {0.5, 0.5, NAN};
    result->interrupted = true;
    result->faults = faults;
    result->fault_count = 1;
    result->expectations = expectations;
    result->expectation_count = 1;
    strategy->finished = 2;
    add_place(result, strategy, "clients.web", PLACE_CALLER);
    add_place(result, strategy, "services.api", PLACE_SERVICE);
    add_place(result, strategy, "caches.page", PLACE_CACHE);
    add_metric(result, 0, &recovery, NAN, 1.5, NAN);
    strategy->places[1].metrics = arena_alloc(&result->arena, sizeof(struct metric_result));
    strategy->places[1].metrics[0] = metric(&result->arena, infos[0], busy);
    strategy->places[1].metric_count = 1;
    return result;
}

static char *written(const struct result *result, const struct output_row *output)
{
    struct text text = text_in_memory();
    output->write(result, &text);
    return text.bytes;
}

/* ---- data files ---- */

static void test_load_csv(void **state)
{
    (void)state;
    static const char expected[] =
        "strategy,replication,where,t_s,requests,attempts,first_attempts,retries,rejected,served,good,late,"
        "failed,"
        "timed_out,denied_retries,queue_length,in_service,busy_ratio,capacity,latency_p50_s,latency_p99_s\n"
        "\"a \"\"b\"\", "
        "c\",1,clients.web,0,100,101,102,103,104,105,106,107,108,109,110,,,,,0.0123456789,0.333333333\n"
        "\"a \"\"b\"\", c\",1,clients.web,0.5,200,201,202,203,204,205,206,207,208,209,210,,,,,,\n"
        "\"a \"\"b\"\", "
        "c\",1,services.api,0,,101,102,103,104,105,106,107,108,109,,7,1,0.5,75,0.0123456789,0.333333333\n"
        "\"a \"\"b\"\", c\",1,services.api,0.5,,201,202,203,204,205,206,207,208,209,,7,1,0.5,75,,\n"
        "\"a \"\"b\"\", c\",1,caches.page,0,,101,102,103,,105,,,,,,,,,,0.0123456789,0.333333333\n"
        "\"a \"\"b\"\", c\",1,caches.page,0.5,,201,202,203,,205,,,,,,,,,,,\n"
        "\"a \"\"b\"\", "
        "c\",2,clients.web,0,110,111,112,113,114,115,116,117,118,119,120,,,,,0.0123456789,1.33333333\n"
        "\"a \"\"b\"\", c\",2,clients.web,0.5,210,211,212,213,214,215,216,217,218,219,220,,,,,,\n"
        "\"a \"\"b\"\", "
        "c\",2,services.api,0,,111,112,113,114,115,116,117,118,119,,7,1,0.5,75,0.0123456789,1.33333333\n"
        "\"a \"\"b\"\", c\",2,services.api,0.5,,211,212,213,214,215,216,217,218,219,,7,1,0.5,75,,\n"
        "\"a \"\"b\"\", c\",2,caches.page,0,,111,112,113,,115,,,,,,,,,,0.0123456789,1.33333333\n"
        "\"a \"\"b\"\", c\",2,caches.page,0.5,,211,212,213,,215,,,,,,,,,,,\n";
    struct result *result = interrupted_result();
    char *text = written(result, &output_load_csv);
    assert_string_equal(text, expected);
    free(text);
    result_free(result);
}

static void test_summary_csv(void **state)
{
    (void)state;
    struct result *result = interrupted_result();
    char *text = written(result, &output_summary_csv);
    assert_string_equal(text, "strategy,where,metric,unit,replications,mean,ci95_low,ci95_high\n"
                              "\"a \"\"b\"\", c\",all,recovery_s,s,1,1.5,,\n"
                              "\"a \"\"b\"\", c\",services.api,utilization,ratio,2,0.5,0.5,0.5\n");
    free(text);
    result_free(result);
}

static void test_summary_json(void **state)
{
    (void)state;
    static const char expected[] =
        "{\n \"schema\": \"retrystorm/1\",\n \"stamp\": {\n  \"version\": \"0.1.0\",\n  \"commit\": "
        "\"abc\",\n"
        "  \"compiler\": \"cc\",\n  \"scenario\": \"x.yaml\",\n  \"scenario_hash\": \"00ff\",\n  "
        "\"overrides\": [],\n"
        "  \"seed\": 7,\n  \"command\": \"retrystorm run x.yaml\"\n },\n \"scenario\": {\n  \"name\": "
        "\"small\",\n"
        "  \"question\": \"Who wins?\",\n  \"headline\": \"recovery_s\",\n  \"duration_s\": 1,\n  \"bin_s\": "
        "0.5,\n"
        "  \"warmup_s\": 0,\n  \"bins\": 2,\n  \"replications\": 3\n },\n \"interrupted\": true,\n "
        "\"faults\": [\n  {\n"
        "   \"label\": \"outage api\",\n   \"from_s\": 0.25,\n   \"to_s\": 0.5\n  }\n ],\n \"strategies\": "
        "[\n  {\n"
        "   \"name\": \"a \\\"b\\\", c\",\n   \"note\": \"\",\n   \"replications\": 2,\n   "
        "\"capacity_per_s\": 150,\n"
        "   \"metrics\": {\n    \"recovery_s\": {\n     \"unit\": \"s\",\n     \"mean\": 1.5,\n     "
        "\"ci95\": [\n"
        "      null,\n      null\n     ],\n     \"values\": [\n      null,\n      1.5,\n      null\n     ]\n "
        "   }\n   },\n"
        "   \"places\": {\n    \"clients.web\": {\n     \"kind\": \"caller\",\n     \"metrics\": {}\n    },\n"
        "    \"services.api\": {\n     \"kind\": \"service\",\n     \"metrics\": {\n      \"utilization\": "
        "{\n"
        "       \"unit\": \"ratio\",\n       \"mean\": 0.5,\n       \"ci95\": [\n        0.5,\n        0.5\n "
        "      ],\n"
        "       \"values\": [\n        0.5,\n        0.5,\n        null\n       ]\n      }\n     }\n    },\n"
        "    \"caches.page\": {\n     \"kind\": \"cache\",\n     \"metrics\": {}\n    }\n   }\n  }\n ],\n"
        " \"expectations\": [\n  {\n   \"metric\": \"recovery_s\",\n   \"is\": \"<= 2s\",\n   \"for\": "
        "\"a\",\n"
        "   \"measured\": null,\n   \"passed\": false\n  }\n ]\n}\n";
    struct result *result = interrupted_result();
    char *text = written(result, &output_summary_json);
    assert_string_equal(text, expected);
    free(text);
    result_free(result);
}

/* A command line may hold bytes that are no UTF-8. */
static void test_json_survives_foreign_bytes(void **state)
{
    (void)state;
    struct result *result = interrupted_result();
    result->stamp.command = "run caf\xe9.yaml";
    char *text = written(result, &output_summary_json);
    assert_non_null(strstr(text, "\"command\": \"run caf?.yaml\""));
    free(text);
    result_free(result);
}

static void test_columns_are_those_of_the_rows(void **state)
{
    (void)state;
    assert_string_equal(bin_count_names[COLUMN_REQUESTS], "requests");
    assert_string_equal(bin_count_names[COLUMN_ATTEMPTS], "attempts");
    assert_string_equal(bin_count_names[COLUMN_FIRST_ATTEMPTS], "first_attempts");
    assert_string_equal(bin_count_names[COLUMN_SERVED], "served");
    assert_string_equal(bin_count_names[COLUMN_GOOD], "good");
    assert_string_equal(bin_count_names[COLUMN_DENIED_RETRIES], "denied_retries");
}

/* ---- numbers ---- */

static void test_reals_are_as_printf_writes_them(void **state)
{
    (void)state;
    uint64_t bits = UINT64_C(0x9e3779b97f4a7c15);
    for (int i = 0; i < 20000; i++) {
        char expected[40];
        bits = bits * UINT64_C(6364136223846793005) + 1442695040888963407u;
        double value = (double)(int64_t)bits / (double)(UINT64_C(1) << (bits >> 8 & 63));
        if (i % 3 == 0)
            value = floor(value);
        struct text text = text_in_memory();
        text_char(&text, '|');
        text_real(&text, value);
        snprintf(expected, sizeof expected, "|%.9g", value);
        assert_string_equal(text.bytes, expected);
        text_free(&text);
    }
}

static void test_counts(void **state)
{
    (void)state;
    static const uint64_t counts[] = {0, 9, 10, 1234567890, UINT64_MAX};
    struct text text = text_in_memory();
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        text_count(&text, counts[i]);
        text_char(&text, ' ');
    }
    text_real(&text, NAN);
    text_real(&text, -0.0);
    assert_string_equal(text.bytes, "0 9 10 1234567890 18446744073709551615 -0");
    text_free(&text);
}

static void test_cells(void **state)
{
    (void)state;
    static const struct {
        enum unit unit;
        double value, half;
        const char *whole, *fraction, *shown_half, *suffix;
    } cases[] = {
        {UNIT_SECONDS, 41.23, 0.83, "41", ".2", "0.8", " s"},
        {UNIT_SECONDS, 41.23, 1.23, "41", ".2", "1.2", " s"},
        {UNIT_SECONDS, 41.23, 12.3, "41", "", "12", " s"},
        {UNIT_SECONDS, 0.0042, NAN, "4", ".20", "", " ms"},
        {UNIT_SECONDS, 0, NAN, "0", "", "", " s"},
        {UNIT_SECONDS, 10, 0, "10", ".0", "", " s"},
        {UNIT_RATIO, 0.93, NAN, "93", ".0", "", " %"},
        {UNIT_RATIO, 1, NAN, "100", "", "", " %"},
        {UNIT_RATIO, 0, NAN, "0", "", "", " %"},
        {UNIT_TIMES, 35.96, 0.0999, "35", ".96", "0.10", "x"},
        {UNIT_PER_SECOND, 279.96, NAN, "280", "", "", "/s"},
        {UNIT_PER_SECOND, 1234567, NAN, "1235", "", "", " k/s"},
        {UNIT_NUMBER, 12, NAN, "12", "", "", ""},
        {UNIT_NUMBER, NAN, NAN, "-", "", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct unit_cell cell = unit_cell_like(cases[i].unit, cases[i].value, cases[i].half, cases[i].value);
        assert_string_equal(cell.whole, cases[i].whole);
        assert_string_equal(cell.fraction, cases[i].fraction);
        assert_string_equal(cell.half, cases[i].shown_half);
        assert_string_equal(cell.suffix, cases[i].suffix);
    }
}

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
    assert_labels(axis_log(0.9, 2.1, axis_show_times), "0.5\xc3\x97|1\xc3\x97|2\xc3\x97");
    assert_labels(axis_log(0.011, 90, axis_show_times),
                  "0.01\xc3\x97|0.1\xc3\x97|1\xc3\x97|10\xc3\x97|100\xc3\x97");
    assert_labels(axis_log(0.05, 0.9, axis_show_duration), "50 ms|100 ms|200 ms|500 ms|1 s");
    assert_labels(axis_rate(290), "0|100/s|200/s|300/s");
    assert_labels(axis_rate(0), "0|0.2/s|0.4/s|0.6/s|0.8/s|1/s");
    struct axis axis = axis_log(0.005, 2, axis_show_duration);
    axis_thin(&axis, 4);
    assert_labels(axis, "10 ms|100 ms|1 s");
}

/* ---- files ---- */

static const char *scratch(const char *name)
{
    static char path[512];
    const char *directory = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/test_output.%ld%s%s", directory ? directory : "/tmp", (long)getpid(),
             *name ? "/" : "", name);
    return path;
}

static char *content(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return NULL;
    char *text = calloc(1, 1 << 20);
    size_t length = fread(text, 1, (1 << 20) - 1, file);
    text[length] = '\0';
    fclose(file);
    return text;
}

static void assert_content(const char *name, const char *expected)
{
    char *text = content(scratch(name));
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static void test_file_appears_whole_or_not_at_all(void **state)
{
    (void)state;
    char why[OUTPUT_WHY_SIZE], directory[512];
    struct atomic_file file;
    snprintf(directory, sizeof directory, "%s", scratch("deep/er"));
    assert_true(atomic_make_directory(directory, why));
    assert_true(atomic_make_directory(directory, why));
    assert_true(atomic_open(&file, directory, "x", why));
    text_add(&file.text, "first");
    assert_int_not_equal(access(scratch("deep/er/x"), F_OK), 0);
    assert_true(atomic_close(&file, why));
    assert_content("deep/er/x", "first");
    assert_true(atomic_open(&file, directory, "x", why));
    text_add(&file.text, "second");
    atomic_abandon(&file);
    assert_content("deep/er/x", "first");
    assert_true(atomic_open(&file, directory, "x", why));
    text_repeat(&file.text, "0123456789", 100000);
    assert_true(atomic_close(&file, why));
    struct stat about;
    assert_int_equal(stat(scratch("deep/er/x"), &about), 0);
    assert_int_equal(about.st_size, 1000000);
    assert_int_equal(remove(scratch("deep/er/x")), 0);
    assert_int_equal(rmdir(scratch("deep/er")), 0); /* no temporary file is left */
    assert_int_equal(rmdir(scratch("deep")), 0);
    assert_int_equal(rmdir(scratch("")), 0);
}

static void test_full_disk(void **state)
{
    (void)state;
    char why[OUTPUT_WHY_SIZE];
    struct atomic_file file;
    if (access("/dev/full", W_OK) != 0)
        skip();
    assert_true(atomic_open(&file, "/dev", "full", why));
    text_repeat(&file.text, "0123456789", 100000);
    assert_false(atomic_close(&file, why));
    assert_string_equal(why, "cannot write /dev/full: No space left on device");
    struct stat about;
    assert_int_equal(stat("/dev/full", &about), 0);
    assert_true(S_ISCHR(about.st_mode));
}

static void test_places_that_do_not_work(void **state)
{
    (void)state;
    char why[OUTPUT_WHY_SIZE];
    struct atomic_file file;
    assert_false(atomic_make_directory("/dev/null/x", why));
    assert_string_equal(why, "cannot create /dev/null/x: Not a directory");
    assert_false(atomic_open(&file, "/nowhere/at/all", "x", why));
    assert_string_equal(why, "cannot write /nowhere/at/all/x: No such file or directory");
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
    struct result *result = interrupted_result();
    snprintf(directory, sizeof directory, "%s", scratch(""));
    setenv("RETRYSTORM_GNUPLOT", "/nowhere/gnuplot", 1);
    assert_int_equal(output_write_all(result, directory, &options, why), OUTPUT_NO_GNUPLOT);
    unsetenv("RETRYSTORM_GNUPLOT");
    assert_non_null(strstr(why, "apt install gnuplot-nox"));
    assert_int_equal(remove(scratch("load.csv")), 0);
    assert_int_equal(remove(scratch("summary.csv")), 0);
    assert_int_equal(remove(scratch("summary.json")), 0);
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
    struct result *result = interrupted_result();
    result->bin_s = 1.0 / 3;
    result->duration_s = 0.6;
    result->strategies[0].capacity_per_s = 1000.0 / 7;
    snprintf(directory, sizeof directory, "%s", scratch(""));
    assert_int_equal(output_write_all(result, directory, &none, why), OUTPUT_FINE);
    struct result *again = output_read(directory, why);
    assert_string_equal(why, "");
    assert_non_null(again);
    for (const struct output_row *const *row = output_rows; *row; row++) {
        struct text one = text_in_memory(), two = text_in_memory();
        if (!(*row)->draw)
            continue;
        assert_true(figure_script(result, *row, FIGURE_SVG, &one));
        assert_true(figure_script(again, *row, FIGURE_SVG, &two));
        assert_string_equal(one.bytes, two.bytes);
        text_free(&one);
        text_free(&two);
    }
    result_free(again);
    result_free(result);
    remove(scratch("load.csv"));
    remove(scratch("summary.csv"));
    assert_null(output_read(directory, why));
    assert_non_null(strstr(why, "load.csv: No such file or directory"));
    remove(scratch("summary.json"));
    rmdir(directory);
}

/* Attempts at the service, 3 rows of 101 and 201 over 0.5 s, two replications: (101 + 111) / 2 / 0.5. */
static void test_series(void **state)
{
    (void)state;
    struct result *result = interrupted_result();
    struct grid grid = series_grid(result, DRAWN_MOST);
    double *load = series_load(result, &result->strategies[0], &grid, MERGE_MOST);
    double *good = series_clients(result, &result->strategies[0], COLUMN_GOOD, &grid);
    double *p99 =
        series_latency(result, series_population(result, &result->strategies[0]), QUANTILE_P99, &grid);
    assert_int_equal(grid.bins, 2);
    assert_true(load[0] == 212 && load[1] == 412);
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

static void test_nothing_finished(void **state)
{
    (void)state;
    static const char *const names[] = {"a"};
    struct result *result = new_result(1, names, "recovery_s");
    struct text text = text_in_memory();
    result->strategies[0].finished = 0;
    add_metric(result, 0, &recovery, NAN, NAN, NAN);
    assert_false(figure_script(result, &output_load, FIGURE_PNG, &text));
    output_verdict(result, &text);
    assert_string_equal(text.bytes, "No replication finished.");
    text_free(&text);
    result_free(result);
}

static void test_sparkline(void **state)
{
    (void)state;
    const double values[] = {0, 1, 2, 4, 16, 256, 1e9};
    struct text text = text_in_memory();
    sparkline(values, 7, 1, 256, &text);
    assert_string_equal(text.bytes,
                        " \xe2\x96\x81\xe2\x96\x82\xe2\x96\x83\xe2\x96\x85\xe2\x96\x88\xe2\x96\x88");
    text_free(&text);
}

/* ---- sentences ---- */

static void assert_verdict(struct result *result, const char *expected)
{
    struct text text = text_in_memory();
    output_verdict(result, &text);
    assert_string_equal(text.bytes, expected);
    text_free(&text);
    result_free(result);
}

static void add_recovery(struct result *result, size_t index, double a, double b, double c)
{
    add_metric(result, index, &recovery, a, b, c);
    add_metric(result, index, &stuck, isnan(a), isnan(b), isnan(c));
}

static void test_verdict_on_recovery(void **state)
{
    (void)state;
    static const char *const names[] = {"ant", "bee", "cat", "dog"};
    struct result *result = new_result(4, names, "recovery_s");
    add_recovery(result, 0, NAN, NAN, NAN);
    add_recovery(result, 1, 1, 1.01, 0.99);
    add_recovery(result, 2, 40, 41, 42);
    add_recovery(result, 3, 9, NAN, 9);
    assert_verdict(result,
                   "bee recovers 1.00 s after the fault; cat takes 41.0 s; ant never does (3/3 stuck); "
                   "dog stays stuck in 1/3.");
    result = new_result(2, names, "recovery_s");
    add_recovery(result, 0, NAN, NAN, NAN);
    add_recovery(result, 1, NAN, NAN, NAN);
    assert_verdict(result, "No strategy recovers: all replications of all 2 stay stuck.");
    result = new_result(1, names, "recovery_s");
    add_recovery(result, 0, NAN, NAN, NAN);
    assert_verdict(result, "ant never recovers (3/3 stuck).");
    result = new_result(1, names, "recovery_s");
    add_recovery(result, 0, 2, NAN, 2);
    assert_verdict(result, "ant recovers in 2 of 3 replications, on average 2.00 s after the fault.");
}

/* Paired by replication: 1, 2, 3 against 1.1, 2.1, 3.1 differ although their intervals overlap. */
static void test_verdict_tells_strategies_apart(void **state)
{
    (void)state;
    static const char *const names[] = {"ant", "bee"};
    struct result *result = new_result(2, names, "peak_load_ratio");
    add_metric(result, 0, &peak, 1, 2, 3);
    add_metric(result, 1, &peak, 1.1, 2.1, 3.11);
    assert_verdict(result, "ant peaks at 2.00x of capacity; bee at 2.10x.");
    result = new_result(2, names, "peak_load_ratio");
    add_metric(result, 0, &peak, 1, 2, 3);
    add_metric(result, 1, &peak, 3, 2, 1.3);
    assert_verdict(result, "ant peaks at 2.00x of capacity; bee cannot be told apart from it (the 95 % "
                           "interval of the difference holds 0).");
}

static void test_verdict_on_other_metrics(void **state)
{
    (void)state;
    static const char *const names[] = {"ant", "bee"};
    struct result *result = new_result(2, names, "success_ratio");
    add_metric(result, 0, &success, 0.5, 0.5, 0.51);
    add_metric(result, 1, &success, 0.9, 0.91, 0.9);
    assert_verdict(result, "bee succeeds with 90.3 % of its requests; ant with 50.3 %.");
    result = new_result(2, names, "requests");
    add_metric(result, 0, &requests, 10, 10, 10);
    add_metric(result, 1, &requests, 20, 20, 20);
    assert_verdict(result, "requests is 10 with ant, 20 with bee.");
}

static void test_summary(void **state)
{
    (void)state;
    static const char *const names[] = {"ant", "bumblebee"};
    static struct expectation_result expectations[] = {{"stuck", "== 1", "ant", 1, true},
                                                       {"recovery_s", "<= 1s", "bumblebee", 9.5, false}};
    const struct summary_options plain = {.colour = false}, coloured = {.colour = true};
    struct result *result = new_result(2, names, "recovery_s");
    struct text text = text_in_memory();
    result->expectations = expectations;
    result->expectation_count = 2;
    add_recovery(result, 0, NAN, NAN, NAN);
    add_recovery(result, 1, 9, 10, 9.5);
    output_summary(result, &plain, &text);
    assert_string_equal(text.bytes,
                        "small: Who wins?\n"
                        "3 replications of 1 s, seed 7; mean +- half of the 95 % interval\n"
                        "\n"
                        "                recovery  stuck\n"
                        "  ant        -              3/3\n"
                        "* bumblebee  9.5 +-1.2 s    0/3\n"
                        "\n"
                        "ok      stuck == 1 for ant: 1\n"
                        "FAILED  recovery_s <= 1s for bumblebee: 9.50 s\n"
                        "\n"
                        "bumblebee recovers 9.50 s after the fault; ant never does (3/3 stuck).\n");
    assert_null(strchr(text.bytes, '\033'));
    output_summary(result, &coloured, &text);
    assert_non_null(strstr(text.bytes, "\033[31mFAILED\033[0m"));
    text_free(&text);
    result_free(result);
}

static void test_progress(void **state)
{
    (void)state;
    char line[128], drawn[512];
    assert_string_equal(progress_line(3, 20, 0.416, 82000000, 10, line),
                        "run 3/20  sim 41 %  8.2 M events/s  ETA 15 s");
    assert_string_equal(progress_line(0, 20, 0, 0, 0, line), "run 0/20  sim 0 %");
    FILE *stream = tmpfile();
    assert_non_null(stream);
    struct progress progress = {.stream = stream};
    progress_show(&progress, 0, 2, 0, 0, 0);
    progress_show(&progress, 0, 2, 0, 0, 0.1); /* too soon */
    progress_show(&progress, 1, 2, 0.5, 0, 0.3);
    progress_erase(&progress);
    rewind(stream);
    drawn[fread(drawn, 1, sizeof drawn - 1, stream)] = '\0';
    fclose(stream);
    assert_string_equal(drawn, "\rrun 0/2  sim 0 %\033[K\rrun 1/2  sim 50 %  ETA 1 s\033[K\r\033[K");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_load_csv),
        cmocka_unit_test(test_summary_csv),
        cmocka_unit_test(test_summary_json),
        cmocka_unit_test(test_json_survives_foreign_bytes),
        cmocka_unit_test(test_columns_are_those_of_the_rows),
        cmocka_unit_test(test_reals_are_as_printf_writes_them),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_time_tics),
        cmocka_unit_test(test_value_tics),
        cmocka_unit_test(test_file_appears_whole_or_not_at_all),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_places_that_do_not_work),
        cmocka_unit_test(test_quoting),
        cmocka_unit_test(test_characters),
        cmocka_unit_test(test_gnuplot_that_misbehaves),
        cmocka_unit_test(test_missing_gnuplot_costs_only_the_pictures),
        cmocka_unit_test(test_read_back),
        cmocka_unit_test(test_series),
        cmocka_unit_test(test_nothing_finished),
        cmocka_unit_test(test_sparkline),
        cmocka_unit_test(test_verdict_on_recovery),
        cmocka_unit_test(test_verdict_tells_strategies_apart),
        cmocka_unit_test(test_verdict_on_other_metrics),
        cmocka_unit_test(test_summary),
        cmocka_unit_test(test_progress),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
