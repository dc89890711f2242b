/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run says: sentences, the table, load over time in characters, progress. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "output/progress.h"
#include "output/sparkline.h"
#include "output/summary.h"
#include "output/verdict.h"
#include "small_result.h"

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
    small_result_metric(result, index, &small_recovery, a, b, c);
    small_result_metric(result, index, &small_stuck, isnan(a), isnan(b), isnan(c));
}

static void test_verdict_on_recovery(void **state)
{
    (void)state;
    static const char *const names[] = {"ant", "bee", "cat", "dog"};
    struct result *result = small_result_new(4, names, "recovery_s");
    add_recovery(result, 0, NAN, NAN, NAN);
    add_recovery(result, 1, 1, 1.01, 0.99);
    add_recovery(result, 2, 40, 41, 42);
    add_recovery(result, 3, 9, NAN, 9);
    assert_verdict(result,
                   "bee recovers 1.00 s after the fault; cat takes 41 s; ant never does (3/3 stuck); "
                   "dog stays stuck in 1/3.");
    result = small_result_new(2, names, "recovery_s");
    add_recovery(result, 0, NAN, NAN, NAN);
    add_recovery(result, 1, NAN, NAN, NAN);
    assert_verdict(result, "No strategy recovers: all replications of all 2 stay stuck.");
    result = small_result_new(1, names, "recovery_s");
    add_recovery(result, 0, NAN, NAN, NAN);
    assert_verdict(result, "ant never recovers (3/3 stuck).");
    result = small_result_new(1, names, "recovery_s");
    add_recovery(result, 0, 2, NAN, 2);
    assert_verdict(result, "ant recovers in 2 of 3 replications, on average 2.00 s after the fault.");
}

/* Paired by replication: 1, 2, 3 against 1.1, 2.1, 3.1 differ although their intervals overlap. */
static void test_verdict_tells_strategies_apart(void **state)
{
    (void)state;
    static const char *const names[] = {"ant", "bee"};
    struct result *result = small_result_new(2, names, "peak_load_ratio");
    small_result_metric(result, 0, &small_peak, 1, 2, 3);
    small_result_metric(result, 1, &small_peak, 1.1, 2.1, 3.11);
    assert_verdict(result, "ant peaks at 2x of capacity; bee at 2x.");
    result = small_result_new(2, names, "peak_load_ratio");
    small_result_metric(result, 0, &small_peak, 1, 2, 3);
    small_result_metric(result, 1, &small_peak, 3, 2, 1.3);
    assert_verdict(result, "ant peaks at 2x of capacity; bee cannot be told apart from it (the 95 % "
                           "interval of the difference holds 0).");
}

static void test_verdict_on_other_metrics(void **state)
{
    (void)state;
    static const char *const names[] = {"ant", "bee"};
    struct result *result = small_result_new(2, names, "success_ratio");
    small_result_metric(result, 0, &small_success, 0.5, 0.5, 0.51);
    small_result_metric(result, 1, &small_success, 0.9, 0.91, 0.9);
    assert_verdict(result, "bee succeeds with 90.3 % of its requests; ant with 50.3 %.");
    result = small_result_new(2, names, "requests");
    small_result_metric(result, 0, &small_requests, 10, 10, 10);
    small_result_metric(result, 1, &small_requests, 20, 20, 20);
    assert_verdict(result, "requests is 10 with ant, 20 with bee.");
}

/* The best, the runner-up, the worst; (all stuck) where their numbers differ. */
static void test_verdict_names_three(void **state)
{
    (void)state;
    static const char *const names[] = {"ant", "bee", "cat", "dog"};
    struct result *result = small_result_new(4, names, "peak_load_ratio");
    small_result_metric(result, 0, &small_peak, 1000, 1000, 1000);
    small_result_metric(result, 1, &small_peak, 64, 64, 64);
    small_result_metric(result, 2, &small_peak, 1.09, 1.09, 1.09);
    small_result_metric(result, 3, &small_peak, 1.83, 1.83, 1.83);
    assert_verdict(result, "cat peaks at 1.09x of capacity; dog at 1.83x; ant at 1000x.");
    result = small_result_new(4, names, "recovery_s");
    add_recovery(result, 0, NAN, NAN, NAN);
    add_recovery(result, 1, 2, 2, 2);
    add_recovery(result, 2, 9, 9, 9);
    add_recovery(result, 3, NAN, NAN, NAN);
    result->strategies[3].finished = 2;
    result->strategies[3].metrics[1].values[2] = NAN;
    assert_verdict(result,
                   "bee recovers 2.00 s after the fault; cat takes 9.00 s; ant and dog never do (all stuck).");
}

/* Within a tie, who needs fewer attempts, else who wastes less, is the best. */
static void test_ties_go_to_the_thrifty(void **state)
{
    (void)state;
    static const char *const names[] = {"ant", "bee"};
    struct result *result = small_result_new(2, names, "recovery_s");
    for (size_t i = 0; i < 2; i++) {
        add_recovery(result, i, 41, 41, 41);
        small_result_metric(result, i, &small_amplification, i ? 1 : 17, i ? 1 : 18, i ? 1 : 17);
    }
    assert_string_equal(result_best(result)->name, "bee");
    assert_verdict(result, "bee recovers 41.0 s after the fault; ant does the same, but sends 17.3x as many attempts "
                           "as requests, not 1.00x.");
    result = small_result_new(2, names, "recovery_s");
    for (size_t i = 0; i < 2; i++) {
        add_recovery(result, i, i ? 42 : 40, 41, i ? 40 : 41);
        small_result_metric(result, i, &small_amplification, i ? 2 : 1, i ? 1 : 2, 1);
        small_result_metric(result, i, &small_wasted, i ? 0.1 : 0.2, i ? 0.1 : 0.2, i ? 0.1 : 0.2);
    }
    assert_string_equal(result_best(result)->name, "bee");
    result->strategies[0].metrics[0].values[0] = 10;
    result->strategies[0].metrics[0].values[1] = 11;
    result->strategies[0].metrics[0].values[2] = 10;
    result->strategies[0].metrics[0].estimate = result_estimate(result->strategies[0].metrics[0].values, REPLICATIONS);
    assert_string_equal(result_best(result)->name, "ant"); /* no tie any more */
    result_free(result);
}

static char *summary_of(const struct result *result)
{
    const struct summary_options plain = {.colour = false};
    struct text text = text_in_memory();
    output_summary(result, &plain, &text);
    return text.bytes;
}

/* `open` is a column where more than 1 % of some strategy's requests are. */
static void test_open_requests(void **state)
{
    (void)state;
    static const char *const names[] = {"ant", "bee"};
    for (int open = 10; open <= 11; open++) {
        struct result *result = small_result_new(2, names, "success_ratio");
        for (size_t i = 0; i < 2; i++) {
            small_result_metric(result, i, &small_success, 1, 1, i ? 1 : 0.94);
            small_result_metric(result, i, &small_requests, 1000, 1000, 1000);
            small_result_metric(result, i, &small_open, i ? open : 0, i ? open : 0, i ? open : 0);
        }
        char *text = summary_of(result);
        assert_int_equal(strstr(text, "open") != NULL, open == 11);
        assert_non_null(strstr(text, "98 +-2 %")); /* not +-5: no ratio is over 1 */
        free(text);
        result_free(result);
    }
}

static void test_notes_and_interruption(void **state)
{
    (void)state;
    static const char *const names[] = {"ant", "bee", "cat"};
    struct result *result = small_result_new(3, names, "recovery_s");
    for (size_t i = 0; i < 3; i++)
        add_recovery(result, i, 1, 1, 1);
    result->interrupted = true;
    result->strategies[0].note = "small, red";
    result->strategies[1].finished = 2;
    result->strategies[2].finished = 0;
    char *text = summary_of(result);
    assert_non_null(
        strstr(text, "\ninterrupted: only what finished counts (of 3 replications: ant 3, bee 2, the other none)\n"));
    assert_non_null(strstr(text, "\n\n  ant: small, red\n\n"));
    assert_null(strstr(text, "bee:"));
    free(text);
    result_free(result);
}

static void test_summary(void **state)
{
    (void)state;
    static const char *const names[] = {"ant", "bumblebee"};
    static struct expectation_result expectations[] = {{"stuck", "== 1", "ant", 1, true},
                                                       {"recovery_s", "<= 1s", "bumblebee", 9.5, false}};
    const struct summary_options plain = {.colour = false}, coloured = {.colour = true};
    struct result *result = small_result_new(2, names, "recovery_s");
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
                        "ok      stuck == 1 for ant: 100 %\n"
                        "FAILED  recovery_s <= 1s for bumblebee: 9.50 s\n"
                        "\n"
                        "bumblebee recovers 9.5 s after the fault; ant never does (3/3 stuck).\n");
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
        cmocka_unit_test(test_sparkline),
        cmocka_unit_test(test_verdict_on_recovery),
        cmocka_unit_test(test_verdict_tells_strategies_apart),
        cmocka_unit_test(test_verdict_on_other_metrics),
        cmocka_unit_test(test_verdict_names_three),
        cmocka_unit_test(test_ties_go_to_the_thrifty),
        cmocka_unit_test(test_open_requests),
        cmocka_unit_test(test_notes_and_interruption),
        cmocka_unit_test(test_summary),
        cmocka_unit_test(test_progress),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
