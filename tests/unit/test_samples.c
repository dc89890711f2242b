/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV files of measured durations: what loads, and the whole text of every complaint. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/samples.h"

static char folder[] = "/tmp/test_samples." "XX" "XX" "XX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void write_file(const char *path, const char *content)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(content, out);
    assert_int_equal(fclose(out), 0);
}

struct csv {
    const char *content, *column;
    enum samples_unit unit;
    const char *error; /* behind the path; NULL: loads */
    double mean_ns;
};

static const struct csv files[] = {
    {"service_s\n0.001\n0.003\n", "first", SAMPLES_AUTO, NULL, 2e6},
    {"\xef\xbb\xbfservice_ms\r\n1\r\n 2 \r\n\"3\"\r\n\r\n\n", "service_ms", SAMPLES_AUTO, NULL, 2e6},
    {"a,\"b, c_us\",d\n1,5,9\n2,\"7\",9\n", "b, c_us", SAMPLES_AUTO, NULL, 6e3},
    {"t_ns\n10\n0\n", "first", SAMPLES_AUTO, NULL, 5},
    {"service_s\n1\n", "first", SAMPLES_MS, NULL, 1e6},
    {"x\n1e-3", "first", SAMPLES_AUTO, NULL, 1e6},
    {"\"a \"\"b\"\"\"\n2\n", "a \"b\"", SAMPLES_S, NULL, 2e9},
    {"first,second\n5,1\n", "second", SAMPLES_NS, NULL, 1},
    {"", "first", SAMPLES_AUTO, ": the file is empty", 0},
    {"service_s\n", "first", SAMPLES_AUTO, ": there are no values below the header line", 0},
    {"service_s\n\n\n", "first", SAMPLES_AUTO, ": there are no values below the header line", 0},
    {"0.1\n0.2\n", "first", SAMPLES_AUTO,
     ":1: no header line: the first line must name the columns, such as 'service_s'", 0},
    {"\n0.2\n", "first", SAMPLES_AUTO,
     ":1: no header line: the first line must name the columns, such as 'service_s'", 0},
    {"a,service_s\n1,2\n", "servce_s", SAMPLES_AUTO, ":1: no column 'servce_s'; did you mean 'service_s'?",
     0},
    {"a,service_s\n1,2\n", "zebra", SAMPLES_AUTO, ":1: no column 'zebra'; the first is 'a'", 0},
    {"a\n1\nfast\n", "first", SAMPLES_AUTO, ":3: 'fast' is not a number: write a number such as '1.5'", 0},
    {"a\n1\nnan\n", "first", SAMPLES_AUTO, ":3: 'nan' is not a number: write a number such as '1.5'", 0},
    {"a\n3ms\n", "first", SAMPLES_AUTO, ":2: '3ms' is not a plain number: 'ms' does not belong here", 0},
    {"a\n1\n-0.5\n", "first", SAMPLES_AUTO, ":3: '-0.5' is negative: a duration is 0 or more", 0},
    {"a\n1e30\n", "first", SAMPLES_AUTO, ":2: '1e30' is too long: at most about 36 years", 0},
    {"a\n1\n\n2\n", "first", SAMPLES_AUTO, ":3: the line is empty", 0},
    {"a,b\n1,2\n1\n", "b", SAMPLES_AUTO, ":3: no value in column 2", 0},
    {"a,b\n1,2\n1,\n", "b", SAMPLES_AUTO, ":3: no value in column 2", 0},
};

static void check_csv(const struct csv *csv, int number)
{
    char path[80], expected[200];
    snprintf(path, sizeof path, "%s/file%d.csv", folder, number);
    write_file(path, csv->content);
    const struct samples *samples = samples_load(path, csv->column, csv->unit);
    unlink(path);
    if (csv->error) {
        snprintf(expected, sizeof expected, "%s%s", path, csv->error);
        assert_non_null(samples->error);
        assert_string_equal(samples->error, expected);
    } else {
        assert_null(samples->error);
        assert_true(samples->mean_ns == csv->mean_ns);
    }
}

static void test_files(void **state)
{
    (void)state;
    for (int i = 0; i < (int)(sizeof files / sizeof *files); i++)
        check_csv(&files[i], i);
}

static void test_values_are_sorted_and_summed_up(void **state)
{
    (void)state;
    char path[80];
    snprintf(path, sizeof path, "%s/sorted.csv", folder);
    write_file(path, "a_ns\n9\n4\n2.4\n5\n4.5\n7\n4\n4\n");
    const struct samples *samples = samples_load(path, "first", SAMPLES_AUTO);
    unlink(path);
    static const int64_t sorted[] = {2, 4, 4, 4, 5, 5, 7, 9};
    assert_int_equal(samples->count, 8);
    assert_memory_equal(samples->values_ns, sorted, sizeof sorted);
    assert_true(samples->mean_ns == 5);
    assert_true(samples->cv2 == 4.0 / 25);
}

/* More than one growth of the array, and values far apart. */
static void test_many_values(void **state)
{
    (void)state;
    char path[80];
    snprintf(path, sizeof path, "%s/many.csv", folder);
    FILE *out = fopen(path, "w");
    fputs("a_us,b\n", out);
    for (int i = 5000; i > 0; i--)
        fprintf(out, "%d,x\n", i);
    fclose(out);
    const struct samples *samples = samples_load(path, "a_us", SAMPLES_AUTO);
    unlink(path);
    assert_int_equal(samples->count, 5000);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(samples->values_ns[i], 1000 * (i + 1));
}

/* What is read once stays: every strategy and sweep cell of a run sees the same values. A failure is not
 * kept. */
static void test_a_file_is_read_once(void **state)
{
    (void)state;
    char path[80];
    snprintf(path, sizeof path, "%s/once.csv", folder);
    assert_non_null(samples_load(path, "first", SAMPLES_AUTO)->error);
    write_file(path, "a,b\n7,8\n");
    const struct samples *first = samples_load(path, "first", SAMPLES_NS);
    const struct samples *column = samples_load(path, "b", SAMPLES_NS);
    const struct samples *unit = samples_load(path, "first", SAMPLES_US);
    unlink(path);
    assert_ptr_equal(samples_load(path, "first", SAMPLES_NS), first);
    assert_true(first->mean_ns == 7);
    assert_true(column->mean_ns == 8);
    assert_true(unit->mean_ns == 7000);
}

static void test_unreadable_files(void **state)
{
    (void)state;
    char expected[80];
    assert_string_equal(samples_load("/nowhere/at-all.csv", "first", SAMPLES_AUTO)->error,
                        "/nowhere/at-all.csv: cannot be opened: there is no such file");
    snprintf(expected, sizeof expected, "%s: cannot be read", folder);
    assert_string_equal(samples_load(folder, "first", SAMPLES_AUTO)->error, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_values_are_sorted_and_summed_up),
        cmocka_unit_test(test_many_values),
        cmocka_unit_test(test_a_file_is_read_once),
        cmocka_unit_test(test_unreadable_files),
    };
    return cmocka_run_group_tests_name("samples", tests, make_folder, remove_folder);
}
