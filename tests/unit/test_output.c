/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The output layer on a result made by hand: exact bytes of every data file, numbers, and what happens when a disk is
 * full. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "output/output.h"
#include "output/rows.h"
#include "output/series.h"
#include "output/unit.h"
#include "small_result.h"

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
    struct result *result = small_result_interrupted();
    char *text = written(result, &output_load_csv);
    assert_string_equal(text, expected);
    free(text);
    result_free(result);
}

static void test_summary_csv(void **state)
{
    (void)state;
    struct result *result = small_result_interrupted();
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
        "    \"services.api\": {\n     \"kind\": \"service\",\n     \"entrance\": true,\n"
        "     \"metrics\": {\n      \"utilization\": "
        "{\n"
        "       \"unit\": \"ratio\",\n       \"mean\": 0.5,\n       \"ci95\": [\n        0.5,\n        0.5\n "
        "      ],\n"
        "       \"values\": [\n        0.5,\n        0.5,\n        null\n       ]\n      }\n     }\n    },\n"
        "    \"caches.page\": {\n     \"kind\": \"cache\",\n     \"metrics\": {}\n    }\n   }\n  }\n ],\n"
        " \"expectations\": [\n  {\n   \"metric\": \"recovery_s\",\n   \"is\": \"<= 2s\",\n   \"for\": "
        "\"a\",\n"
        "   \"measured\": null,\n   \"passed\": false\n  }\n ]\n}\n";
    struct result *result = small_result_interrupted();
    char *text = written(result, &output_summary_json);
    assert_string_equal(text, expected);
    free(text);
    result_free(result);
}

/* A command line may hold bytes that are no UTF-8. */
static void test_json_survives_foreign_bytes(void **state)
{
    (void)state;
    struct result *result = small_result_interrupted();
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

/* ---- files ---- */

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
    char *text = content(small_result_scratch(name));
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static void test_file_appears_whole_or_not_at_all(void **state)
{
    (void)state;
    char why[OUTPUT_WHY_SIZE], directory[512];
    struct atomic_file file;
    snprintf(directory, sizeof directory, "%s", small_result_scratch("deep/er"));
    assert_true(atomic_make_directory(directory, why));
    assert_true(atomic_make_directory(directory, why));
    assert_true(atomic_open(&file, directory, "x", why));
    text_add(&file.text, "first");
    assert_int_not_equal(access(small_result_scratch("deep/er/x"), F_OK), 0);
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
    assert_int_equal(stat(small_result_scratch("deep/er/x"), &about), 0);
    assert_int_equal(about.st_size, 1000000);
    assert_int_equal(remove(small_result_scratch("deep/er/x")), 0);
    assert_int_equal(rmdir(small_result_scratch("deep/er")), 0); /* no temporary file is left */
    assert_int_equal(rmdir(small_result_scratch("deep")), 0);
    assert_int_equal(rmdir(small_result_scratch("")), 0);
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
        cmocka_unit_test(test_file_appears_whole_or_not_at_all),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_places_that_do_not_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
