/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preset_waits.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "draws.h"

#define DIGITS 1e-6 /* relative error of the polly-v2 rows; the others are exact */

FILE *preset_waits_open(void)
{
    FILE *file = fopen("tests/preset-waits.csv", "r");
    assert_non_null(file);
    return file;
}

static bool parse(const char *line, struct preset_wait *w)
{
    char retries[24];
    if (sscanf(line, "%47[^,],%23[^,],%u,%lf,%lf,%lf,%lf", w->preset, retries, &w->n, &w->min_ms, &w->mean_ms,
               &w->max_ms, &w->atom) != 7)
        return false;
    w->retries = strcmp(retries, "unlimited") == 0 ? INT64_MAX : atoll(retries);
    return true;
}

bool preset_waits_next(FILE *file, struct preset_wait *wait)
{
    char line[256];
    while (fgets(line, sizeof line, file))
        if (parse(line, wait))
            return true;
    return false;
}

static void check(const struct preset_wait *w, const struct draws *waits, const struct backoff_range *range)
{
    struct sample sample = draws_before(waits, w->n);
    sample_check_range(&sample, w->min_ms, w->max_ms, DIGITS);
    sample_check_mean(&sample, w->mean_ms, sample_variance(&sample));
    sample_check_atom(&sample, w->max_ms, w->atom);
    if (fabs(range->low_ns / 1e6 - w->min_ms) > DIGITS * w->max_ms ||
        fabs(range->high_ns / 1e6 - w->max_ms) > DIGITS * w->max_ms)
        fail_msg("%s, wait %u: range %.9g..%.9g ns", w->preset, w->n, range->low_ns, range->high_ns);
}

void preset_waits_check(const char *preset, const struct backoff *backoff)
{
    struct draws waits = draws_sample(preset, backoff, PRESET_WAITS);
    struct backoff_range range = {0};
    struct preset_wait wait;
    uint32_t rows = 0;
    FILE *file = preset_waits_open();
    while (preset_waits_next(file, &wait)) {
        if (strcmp(wait.preset, preset) != 0)
            continue;
        assert_int_equal(wait.n, ++rows);
        backoff_next_range(backoff, wait.n, PRESET_WAITS, &range);
        check(&wait, &waits, &range);
    }
    if (rows != PRESET_WAITS)
        fail_msg("%s: %u rows in tests/preset-waits.csv", preset, rows);
    fclose(file);
    draws_free(&waits);
}
