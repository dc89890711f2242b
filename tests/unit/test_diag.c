/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a user sees of errors: order, once each, at most twenty, and a good guess at the name that was meant.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "printed.h"

static void assert_printed(const struct diag *diag, const char *expected)
{
    char *text = printed(diag);
    assert_string_equal(text, expected);
    free(text);
}

static void test_nothing_wrong(void **state)
{
    (void)state;
    struct diag *diag = diag_new();
    assert_int_equal(diag_count(diag), 0);
    assert_printed(diag, "");
    diag_free(diag);
    diag_free(NULL);
}

static void test_order_and_forms(void **state)
{
    (void)state;
    struct diag *diag = diag_new();
    diag_error(diag, (struct origin){"b.yaml", 1, 1}, "other file");
    diag_error(diag, (struct origin){"a.yaml", 10, 1}, "line ten");
    diag_error(diag, (struct origin){"a.yaml", 9, 12}, "later in the line");
    diag_error(diag, (struct origin){"a.yaml", 9, 3}, "second said");
    diag_error(diag, (struct origin){"a.yaml", 9, 3}, "first by alphabet, said later");
    diag_error(diag, (struct origin){"--set x=%d", 0, 0}, "from an option");
    diag_error(diag, (struct origin){NULL, 0, 0}, "from nowhere: %d%%", 5);
    assert_int_equal(diag_count(diag), 7);
    assert_printed(diag, "error: from nowhere: 5%\n"
                         "--set x=%d: error: from an option\n"
                         "a.yaml:9:3: error: second said\n"
                         "a.yaml:9:3: error: first by alphabet, said later\n"
                         "a.yaml:9:12: error: later in the line\n"
                         "a.yaml:10:1: error: line ten\n"
                         "b.yaml:1:1: error: other file\n");
    diag_free(diag);
}

static void test_identical_lines_once(void **state)
{
    (void)state;
    struct diag *diag = diag_new();
    for (int i = 0; i < 3; i++) {
        diag_error(diag, (struct origin){"a", 1, 1}, "same");
        diag_error(diag, (struct origin){"a", 1, 1}, "between");
        diag_error(diag, (struct origin){"a", 1, 2}, "same");
    }
    assert_int_equal(diag_count(diag), 9);
    assert_printed(diag, "a:1:1: error: same\na:1:1: error: between\na:1:2: error: same\n");
    diag_free(diag);
}

static void test_texts_are_copied_and_stay_one_line(void **state)
{
    (void)state;
    char file[] = "a.yaml", word[] = "one\ntwo\x1b[31m";
    struct diag *diag = diag_new();
    diag_error(diag, (struct origin){file, 1, 2}, "'%s' is bad", word);
    memset(file, 'X', sizeof file - 1);
    memset(word, 'X', sizeof word - 1);
    assert_printed(diag, "a.yaml:1:2: error: 'one?two?[31m' is bad\n");
    diag_free(diag);
}

static void test_long_text_is_whole(void **state)
{
    (void)state;
    char word[5001];
    memset(word, 'w', sizeof word - 1);
    word[sizeof word - 1] = 0;
    struct diag *diag = diag_new();
    diag_error(diag, (struct origin){0}, "%s", word);
    char *text = printed(diag);
    assert_int_equal(strlen(text), strlen("error: \n") + 5000);
    free(text);
    diag_free(diag);
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

static void report_many(struct diag *diag, int count)
{
    for (int i = 0; i < count; i++) {
        diag_error(diag, (struct origin){"a", i + 1, 1}, "number %d", i);
        diag_error(diag, (struct origin){"a", i + 1, 1}, "number %d", i);
    }
}

static void test_at_most_twenty(void **state)
{
    (void)state;
    static const struct {
        int count;
        size_t lines;
        const char *last;
    } cases[] = {
        {20, 20, "a:20:1: error: number 19\n"},
        {21, 21, "... and 1 more error\n"},
        {1000, 21, "... and 980 more errors\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag *diag = diag_new();
        report_many(diag, cases[i].count);
        char *text = printed(diag);
        assert_int_equal(count_lines(text), cases[i].lines);
        assert_string_equal(text + strlen(text) - strlen(cases[i].last), cases[i].last);
        free(text);
        diag_free(diag);
    }
}

static void assert_nearest(const char *word, const char *expected)
{
    static const char *const names[] = {"exponential", "fixed",   "full",     "equal",
                                        "none",        "timeout", "attempts", "k"};
    const char *nearest = diag_nearest(word, names, sizeof names / sizeof *names);
    if (!expected)
        assert_null(nearest);
    else if (!nearest)
        fail_msg("nothing is near '%s'", word);
    else
        assert_string_equal(nearest, expected);
}

static void test_nearest_name(void **state)
{
    (void)state;
    assert_nearest("exponental", "exponential");
    assert_nearest("exponentially", "exponential");
    assert_nearest("tiemout", "timeout");
    assert_nearest("atempts", "attempts");
    assert_nearest("full", "full");
    assert_nearest("ful", "full");
    assert_nearest("nnoe", "none");
    assert_nearest("z", "k");         /* one edit is always near enough */
    assert_nearest("fixde", "fixed"); /* a swap is one edit */
    assert_nearest("zzzzzz", NULL);
    assert_nearest("jitter", NULL);
    char longest[200];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    assert_nearest(longest, NULL);
    assert_null(diag_nearest("x", NULL, 0));
}

static void test_swap_is_nearer_than_two_edits(void **state)
{
    (void)state;
    static const char *const names[] = {"abxx", "badc", "abdc"};
    assert_string_equal(diag_nearest("abcd", names, 3), "abdc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_wrong),
        cmocka_unit_test(test_order_and_forms),
        cmocka_unit_test(test_identical_lines_once),
        cmocka_unit_test(test_texts_are_copied_and_stay_one_line),
        cmocka_unit_test(test_long_text_is_whole),
        cmocka_unit_test(test_at_most_twenty),
        cmocka_unit_test(test_nearest_name),
        cmocka_unit_test(test_swap_is_nearer_than_two_edits),
    };
    return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
