/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One case for each client-side backoff that the seeds of this project name (S01 .. S15 of their checklist): its range,
 * exactly, and its mean. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backoff_case.h"
#include "draws.h"

#define EXP      "shape: exponential, base: 1s"
#define EXP_OFF1 EXP ", offset: 1"
#define ADDED(r) "jitter: {kind: proportional, side: added, ratio: " r "}"

enum { WAITS = 4, RETRIES = 7, UNKNOWN = -1 };

static const struct item {
    const char *name, *backoff;
    struct {
        uint32_t retry;
        double min, mean, max; /* s */
    } waits[WAITS];
} items[] = {
    {"S01 immediate", "none", {{1, 0, 0, 0}, {7, 0, 0, 0}}},
    {"S02, S03 fixed", "1s", {{1, 1, 1, 1}, {2, 1, 1, 1}}},
    {"S04 linear 1 s", "{shape: linear, base: 1s}", {{1, 1, 1, 1}, {2, 2, 2, 2}, {3, 3, 3, 3}}},
    {"S04 linear 2 s", "{shape: linear, base: 2s}", {{1, 2, 2, 2}, {2, 4, 4, 4}, {3, 6, 6, 6}}},
    {"S05 incremental", "{shape: incremental, start: 1s, increment: 3s}", {{1, 1, 1, 1}, {2, 4, 4, 4}, {3, 7, 7, 7}}},
    {"S06 exponential", "{" EXP "}", {{1, 1, 1, 1}, {2, 2, 2, 2}, {3, 4, 4, 4}, {4, 8, 8, 8}}},
    {"S07 exponential capped",
     "{" EXP ", cap: 32s}",
     {{1, 1, 1, 1}, {5, 16, 16, 16}, {6, 32, 32, 32}, {7, 32, 32, 32}}},
    {"S07 prose", "{" EXP_OFF1 ", cap: 60s}", {{1, 2, 2, 2}, {5, 32, 32, 32}, {6, 60, 60, 60}}},
    {"S08 10 % added", "{" EXP ", " ADDED("10%") "}", {{1, 1, 1.05, 1.1}, {4, 8, 8.4, 8.8}}},
    {"S09 half added, off by one", "{" EXP_OFF1 ", " ADDED("50%") "}", {{1, 2, 2.5, 3}, {2, 4, 5, 6}}},
    {"S10 full added", "{" EXP ", cap: 32s, " ADDED("100%") "}", {{1, 1, 1.5, 2}, {6, 32, 48, 64}, {7, 32, 48, 64}}},
    {"S11 full added, off by one",
     "{" EXP_OFF1 ", cap: 32s, " ADDED("100%") "}",
     {{1, 2, 3, 4}, {2, 4, 6, 8}, {5, 32, 48, 64}}},
    {"S12 fixed, full added",
     "{shape: fixed, base: 2s, jitter: {kind: additive, amount: 2s}}",
     {{1, 2, 3, 4}, {5, 2, 3, 4}}},
    {"S13 decorrelated",
     "{" EXP ", cap: 32s, jitter: decorrelated}",
     {{1, 1, 2, 3}, {2, 1, 3.5, 9}, {3, 1, 5.75, 27}, {4, 1, UNKNOWN, 32}}},
    {"S14 full", "{" EXP ", cap: 32s, jitter: full}", {{1, 0, 0.5, 1}, {6, 0, 16, 32}}},
    {"S14 equal", "{" EXP ", cap: 32s, jitter: equal}", {{1, 0.5, 0.75, 1}, {6, 16, 24, 32}}},
    {"S15 linear jitter", "{shape: linear, base: 1s, jitter: full}", {{1, 0, 0.5, 1}, {2, 0, 1, 2}, {5, 0, 2.5, 5}}},
    {"S15 n * U(lo, hi)",
     "{shape: linear, base: 1s, jitter: {kind: factor, low: 1, high: 2}}",
     {{1, 1, 1.5, 2}, {3, 3, 4.5, 6}}},
};

static void check_range(const struct item *item, const struct backoff *backoff, uint32_t retry, double min_s,
                        double max_s)
{
    struct backoff_range range = {0};
    for (uint32_t n = 1; n <= retry; n++)
        backoff_next_range(backoff, n, RETRIES, &range);
    if (fabs(range.low_ns - min_s * 1e9) > 1 || fabs(range.high_ns - max_s * 1e9) > 1)
        fail_msg("%s, retry %u: %.0f..%.0f ns", item->name, retry, range.low_ns, range.high_ns);
}

static void check_item(const struct item *item)
{
    struct arena arena = {0};
    struct backoff backoff = backoff_case(item->backoff, &arena);
    struct draws waits = draws_sample(item->name, &backoff, RETRIES);
    for (size_t i = 0; i < WAITS && item->waits[i].retry; i++) {
        struct sample sample = draws_before(&waits, item->waits[i].retry);
        check_range(item, &backoff, sample.retry, item->waits[i].min, item->waits[i].max);
        sample_check_range(&sample, item->waits[i].min * 1e3, item->waits[i].max * 1e3, 0);
        if (item->waits[i].mean != UNKNOWN) /* a chain at its cap has no closed form */
            sample_check_mean(&sample, item->waits[i].mean * 1e3, sample_variance(&sample));
    }
    draws_free(&waits);
    arena_free(&arena);
}

static void test_checklist(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        check_item(&items[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_checklist)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
