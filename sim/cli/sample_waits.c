/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/sample_waits.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"

enum { REQUESTS = 100000, REQUESTS_OF_SCRIPTS = 50000, REQUESTS_LEAST = 200, LATTICE = 20 };

struct sampler {
    const struct backoff *backoff;
    uint32_t retries;         /* of a request */
    uint32_t added;           /* of these, whose waits are added up */
    struct scripts *scripts;  /* NULL: no script */
    int64_t *ns[WAITS_ROWS];  /* waits before the first retries, [retry - 1][request] */
    size_t count[WAITS_ROWS]; /* a request that gives up has no more */
    double sum_ns;
};

/* ---- drawing ---- */

/* Fewer where a jitter draws all waits of a request ahead, for each of them. */
static uint32_t choose_requests(const struct sampler *sampler)
{
    uint64_t room = WAITS_ROWS * WAITS_ROWS, work = (uint64_t)sampler->added * sampler->retries;
    if (sampler->scripts)
        return REQUESTS_OF_SCRIPTS;
    if (backoff_allows(sampler->backoff, INT64_MAX) || work <= room)
        return REQUESTS;
    uint64_t requests = REQUESTS * room / work;
    return requests > REQUESTS_LEAST ? (uint32_t)requests : REQUESTS_LEAST;
}

static void draw_request(struct sampler *sampler, uint64_t number)
{
    int64_t chain_ns = 0;
    double script_state = 0;
    for (uint32_t retry = 1; retry <= sampler->added; retry++) {
        struct stream stream = stream_at(1, number, retry);
        struct backoff_call call = {.retry = retry,
                                    .retries = sampler->retries,
                                    .chain_ns = &chain_ns,
                                    .stream = &stream,
                                    .chain = stream_at(1, number, 0),
                                    .scripts = sampler->scripts,
                                    .script_state = &script_state};
        int64_t wait_ns = backoff_wait_ns(sampler->backoff, &call);
        if (wait_ns == BACKOFF_GIVE_UP)
            return;
        sampler->sum_ns += (double)wait_ns;
        if (retry <= WAITS_ROWS)
            sampler->ns[retry - 1][sampler->count[retry - 1]++] = wait_ns;
    }
}

/* ---- one law ---- */

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double rank_s(const int64_t *sorted, size_t count, double q)
{
    size_t rank = (size_t)ceil(q * (double)count);
    return (double)sorted[rank > 0 ? rank - 1 : 0] * 1e-9;
}

static size_t count_distinct(const int64_t *from, const int64_t *to)
{
    size_t distinct = from < to;
    for (const int64_t *x = from + 1; x < to; x++)
        distinct += x[0] != x[-1];
    return distinct;
}

/* Takes what is exactly `end_s` away from the sample's end if it is three times an even share, of a value or a bin. */
static double take_off(const int64_t **from, const int64_t **to, double end_s, double even)
{
    const int64_t *first = *from, *last = *to;
    int64_t end_ns = (int64_t)(end_s * 1e9 + 0.5);
    while (first < last && *first == end_ns)
        first++;
    while (last > first && last[-1] == end_ns)
        last--;
    double taken = (double)((*to - *from) - (last - first));
    if (taken < 3 * even)
        return 0;
    *from = first;
    *to = last;
    return taken;
}

/* Whole milliseconds must not beat with the bins: each gets as many of the steps, and the last one a part of that,
 * which is the result. */
static double choose_bins(struct waits_law *law, const int64_t *from, const int64_t *to)
{
    size_t distinct = count_distinct(from, to);
    law->bins = WAITS_BINS;
    law->from_s = law->least_s;
    law->to_s = isinf(law->most_s) ? rank_s(from, (size_t)(to - from), 0.999) : law->most_s;
    if (distinct < 2 || distinct * LATTICE > (size_t)(to - from))
        return 1;
    double step_s = (double)(to[-1] - *from) * 1e-9 / (double)(distinct - 1);
    size_t steps = (distinct + WAITS_BINS - 1) / WAITS_BINS;
    law->bins = (uint32_t)((distinct + steps - 1) / steps);
    law->from_s = (double)*from * 1e-9;
    law->to_s = law->from_s + step_s * (double)(steps * law->bins);
    return (double)(distinct - steps * (law->bins - 1)) / (double)steps;
}

static void fill_bins(struct waits_law *law, const int64_t *from, const int64_t *to)
{
    double last_part = choose_bins(law, from, to), scale = law->bins / (law->to_s - law->from_s);
    for (const int64_t *x = from; x < to; x++) {
        double bin = ((double)*x * 1e-9 - law->from_s) * scale + 1e-6;
        if (bin >= 0 && bin < law->bins + 0.5)
            law->density[bin < law->bins ? (int)bin : (int)law->bins - 1] += 1;
    }
    law->density[law->bins - 1] /= last_part;
}

static void describe_law(struct waits_law *law, int64_t *ns, size_t count)
{
    double sum_ns = 0;
    for (size_t i = 0; i < count; i++)
        sum_ns += (double)ns[i];
    qsort(ns, count, sizeof *ns, by_value);
    law->mean_s = sum_ns / (double)count * 1e-9;
    law->p99_s = rank_s(ns, count, 0.99);
    law->from_s = law->to_s = law->least_s;
    if (law->least_s == law->most_s) {
        law->mean_s = law->most_s;
        return;
    }
    const int64_t *from = ns, *to = ns + count;
    double even = (double)count / fmin((double)count_distinct(from, to), WAITS_BINS);
    law->at_least = take_off(&from, &to, law->least_s, even) / (double)count;
    law->at_most = isinf(law->most_s) ? 0 : take_off(&from, &to, law->most_s, even) / (double)count;
    if (from < to)
        fill_bins(law, from, to);
}

/* ---- all ---- */

static double ns_to_s(double ns)
{
    return ns >= (double)BACKOFF_LONGEST_NS ? INFINITY : ns * 1e-9;
}

/* The exact ends, and how many waits there are to add up. */
static void find_ends(const struct backoff *backoff, uint32_t retries, struct waits *waits)
{
    uint32_t added = retries <= SAMPLE_WAITS_ADDED ? retries : WAITS_ROWS;
    struct backoff_range range = {0};
    for (uint32_t n = 1; n <= added && !waits->stops; n++) {
        backoff_next_range(backoff, n, retries, &range);
        waits->retries = n;
        waits->stops = backoff_is_last(backoff, n);
        waits->total_most_s += ns_to_s(range.high_ns);
        if (n > WAITS_ROWS)
            continue;
        waits->rows = n;
        waits->laws[n - 1].least_s = ns_to_s(range.low_ns);
        waits->laws[n - 1].most_s = ns_to_s(range.high_ns);
    }
    waits->forever = waits->retries < retries && !waits->stops;
}

/* Of a script only what it did is known. */
static void see_ends(const struct sampler *sampler, struct waits *waits)
{
    waits->seen = true;
    waits->total_most_s = 0;
    for (uint32_t row = 0; row < waits->rows; row++) {
        if (sampler->count[row] == 0) {
            waits->rows = waits->retries = row;
            waits->forever = false;
            return;
        }
        int64_t least_ns = INT64_MAX, most_ns = 0;
        for (size_t i = 0; i < sampler->count[row]; i++) {
            int64_t ns = sampler->ns[row][i];
            least_ns = ns < least_ns ? ns : least_ns;
            most_ns = ns > most_ns ? ns : most_ns;
        }
        waits->laws[row].least_s = (double)least_ns * 1e-9;
        waits->laws[row].most_s = (double)most_ns * 1e-9;
        waits->total_most_s += waits->laws[row].most_s;
    }
}

static void draw_all(struct sampler *sampler, struct waits *waits)
{
    waits->requests = choose_requests(sampler);
    for (uint32_t row = 0; row < waits->rows; row++)
        sampler->ns[row] = memory_zeroed(waits->requests, sizeof **sampler->ns);
    for (uint64_t number = 0; number < waits->requests; number++)
        draw_request(sampler, number);
    waits->total_mean_s = sampler->sum_ns / waits->requests * 1e-9;
}

static void describe_laws(struct sampler *sampler, struct waits *waits)
{
    for (uint32_t row = 0; row < WAITS_ROWS; row++) {
        if (sampler->count[row] > 0)
            describe_law(&waits->laws[row], sampler->ns[row], sampler->count[row]);
        free(sampler->ns[row]);
    }
}

/* Only waits that are in the table can be added up if their ends must be seen. */
static void sample_script(struct sampler *sampler, struct waits *waits, char why[SCRIPT_ERROR_SIZE])
{
    sampler->scripts = scripts_new();
    sampler->added = waits->rows;
    waits->forever = waits->rows < sampler->retries;
    waits->retries = waits->rows;
    draw_all(sampler, waits);
    see_ends(sampler, waits);
    const char *error = scripts_error(sampler->scripts);
    snprintf(why, SCRIPT_ERROR_SIZE, "%s", error ? error : "");
    scripts_free(sampler->scripts);
}

bool sample_waits(const struct backoff *backoff, uint32_t retries, struct waits *waits, char why[SCRIPT_ERROR_SIZE])
{
    struct sampler sampler = {.backoff = backoff, .retries = retries};
    *waits = (struct waits){.title = "", .backoff = ""};
    *why = 0;
    find_ends(backoff, retries, waits);
    sampler.added = waits->retries;
    if (backoff_is_script(backoff))
        sample_script(&sampler, waits, why);
    else
        draw_all(&sampler, waits);
    describe_laws(&sampler, waits);
    return !*why;
}
