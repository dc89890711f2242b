/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scenario may not say about a cache and its faults; each message, with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "cache_case.h"

/* Line 5 is the cache, line 6 the fault. */
static void check(const char *cache, const char *fault, const char *expected)
{
    char text[1024];
    snprintf(text, sizeof text,
             "name: x\nduration: 10s\n" EVERY_SECOND ORIGIN("1s") "caches: [{name: c, origin: s, %s}]\n%s%s%s", cache,
             *fault ? "faults: [{" : "", fault, *fault ? ", at: 1s}]\n" : "");
    char *errors = model_errors(text, NULL);
    assert_string_equal(errors, expected);
    free(errors);
}

static void test_values_that_do_not_fit(void **state)
{
    (void)state;
    static const struct {
        const char *cache, *expected;
    } cases[] = {
        {"keys: 10, ttl: none, ttl_jitter: 5%",
         "t.yaml:5:64: error: ttl_jitter: a ttl of none has no end that could be earlier\n"},
        {"keys: 10, ttl: none, ttl_align: 1h",
         "t.yaml:5:63: error: ttl_align: a ttl of none has no end that could be aligned\n"},
        {"keys: 10, ttl: none, sliding: true",
         "t.yaml:5:61: error: sliding: a ttl of none has no end that could be later\n"},
        {"keys: 10, ttl: none, refresh: early",
         "t.yaml:5:61: error: refresh: a value with a ttl of none never has to be refreshed\n"},
        {"keys: 10, ttl: 1min, ttl_align: 1h",
         "t.yaml:5:63: error: ttl_align: longer than the ttl: most values would never meet such an instant\n"},
        {"keys: 10, ttl: 1min, refresh: {when: threshold, before: 2min}",
         "t.yaml:5:61: error: refresh: 'before' is longer than the ttl: every hit would fetch\n"},
        {"keys: 10, ttl: 1min, error_as_miss: true, stale_if_error: 1s",
         "t.yaml:5:89: error: stale_if_error: error_as_miss deletes the value that could be given out: they exclude "
         "each other\n"},
        {"keys: 10, ttl: 1min, capacity: 11",
         "t.yaml:5:62: error: capacity: 11 is more than the 10 keys there are; write unlimited\n"},
        {"keys: 10, ttl: 1min, capacity: 0", "t.yaml:5:62: error: capacity: 0 is out of range: from 1 to 100M, or "
                                             "unlimited\n"},
        {"keys: 10, ttl: 1min, eviction: lfu", "t.yaml:5:62: error: unknown eviction 'lfu'; did you mean 'lru'?\n"},
        {"keys: 10, ttl: 1min, refresh: erly", "t.yaml:5:61: error: unknown refresh 'erly'; did you mean 'early'?\n"},
        {"keys: 10, ttl: 1min, refresh: {when: threshold}",
         "t.yaml:5:61: error: missing key 'before' in threshold (the first hit within this time before the expiry "
         "refetches)\n"},
        {"keys: 10, ttl: 1min, refresh: {when: early, beta: 0}",
         "t.yaml:5:81: error: beta: 0 is out of range: from 0.01 to 100\n"},
        {"keys: 10, ttl: 1min, capcity: 5",
         "t.yaml:5:52: error: unknown key in a cache: 'capcity'; did you mean 'capacity'?\n"},
        {"keys: 10, ttl: 1min, nodes: 0", "t.yaml:5:59: error: nodes: 0 is out of range: from 1 to 10k\n"},
        {"keys: 10, ttl: 60", "t.yaml:5:46: error: ttl: '60' has no unit: write '60ms' or '60s' (or 'none')\n"},
        {"keys: 10, ttl: 1min, negative_ttl: -1s",
         "t.yaml:5:66: error: negative_ttl: '-1s' is negative: a duration is 0 or more\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(cases[i].cache, "", cases[i].expected);
}

static void test_an_origin_is_needed(void **state)
{
    (void)state;
    char *errors = model_errors(
        "name: x\nduration: 10s\n" EVERY_SECOND ORIGIN("1s") "caches: [{name: c, keys: 1, ttl: 1s}]\n", NULL);
    assert_string_equal(errors,
                        "t.yaml:5:10: error: missing key 'origin' in a cache (the service that misses are fetched "
                        "from)\n");
    free(errors);
    errors = model_errors(
        "name: x\nduration: 10s\n" EVERY_SECOND ORIGIN("1s") "caches: [{name: c, origin: nil, keys: 1, ttl: 1s}]\n",
        NULL);
    assert_string_equal(errors, "t.yaml:5:28: error: origin: no service named 'nil'; there are: s\n");
    free(errors);
}

static void test_faults_that_do_not_fit(void **state)
{
    (void)state;
    static const char cache[] = "keys: 10, ttl: 1min, nodes: 4";
    check(cache, "kind: flush, cache: c, node: 4",
          "t.yaml:6:40: error: node: there is no node 4 of 'c': they are 0 to 3\n");
    check(cache, "kind: flush, cache: c, hottest: 11", "t.yaml:6:43: error: hottest: 'c' has only 10 keys\n");
    check(cache, "kind: ring-change, cache: c, nodes: 4",
          "t.yaml:6:47: error: nodes: 'c' has 4 nodes as it is: nothing would change\n");
    check(cache, "kind: ring-change, cache: c, nodes: 0",
          "t.yaml:6:47: error: nodes: 0 is out of range: from 1 to 10k\n");
    check(cache, "kind: ring-change, cache: d, nodes: 3",
          "t.yaml:6:37: error: cache: no cache named 'd'; did you mean 'c'?\n");
    check(cache, "kind: flush, cache: c, node: 3", "");
    check(cache, "kind: ring-change, cache: c, nodes: 5", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_that_do_not_fit),
        cmocka_unit_test(test_an_origin_is_needed),
        cmocka_unit_test(test_faults_that_do_not_fit),
    };
    return cmocka_run_group_tests_name("cache config", tests, NULL, NULL);
}
