/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/worked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hist.h"
#include "base/units.h"
#include "policy/backoff.h"
#include "scenario/yaml.h"

enum { RETRIES = 8, CHAINS = 20000 };

/* A value for a parameter that has no default. */
static const char *example_of(const struct field *field)
{
    switch (field->kind) {
    case FIELD_DURATION: return "100ms";
    case FIELD_RATIO: return "20%";
    case FIELD_REAL: return "2";
    case FIELD_LIST: return "[100ms, 300ms, 1s]";
    default: return "1";
    }
}

/* "{shape: linear, base: 100ms, cap: 10s}" or, for a jitter, the exponential shape with it. */
static void compose(const struct table *table, const struct row *row, char *text, size_t size)
{
    bool jitter = table == &jitter_table;
    size_t used = (size_t)snprintf(text, size, jitter ? "{shape: exponential, base: 100ms, cap: 10s, jitter: {kind: %s"
                                                      : "{shape: %s, cap: 10s", row->name);
    for (const struct field *field = row->fields; field && field->name; field++)
        if (!field->text && used < size)
            used += (size_t)snprintf(text + used, size - used, ", %s: %s", field->name, example_of(field));
    if (used < size)
        snprintf(text + used, size - used, jitter ? "}}" : "}");
}

static void sample(const struct backoff *backoff, struct hist *waits)
{
    for (int retry = 0; retry < RETRIES; retry++)
        hist_init(&waits[retry]);
    for (uint64_t chain = 0; chain < CHAINS; chain++) {
        int64_t previous_ns = 0;
        for (uint32_t retry = 1; retry <= RETRIES; retry++) {
            struct stream stream = stream_at(1, chain, retry);
            struct backoff_call call = {.retry = retry, .retries = UINT32_MAX, .chain_ns = &previous_ns,
                                        .stream = &stream, .chain = stream_at(1, chain, 0)};
            hist_add(&waits[retry - 1], backoff_wait_ns(backoff, &call));
        }
    }
}

static void print_waits(const struct hist *waits)
{
    char least[UNITS_TEXT_SIZE], mean[UNITS_TEXT_SIZE], high[UNITS_TEXT_SIZE], most[UNITS_TEXT_SIZE];
    printf("  %-8s%12s%12s%12s%12s\n", "retry", "min", "mean", "p99", "max");
    for (int retry = 0; retry < RETRIES; retry++)
        printf("  %-8d%12s%12s%12s%12s\n", retry + 1, units_show_duration((double)waits[retry].min * 1e-9, least),
               units_show_duration(hist_mean(&waits[retry]) * 1e-9, mean),
               units_show_duration(hist_quantile(&waits[retry], 0.99) * 1e-9, high),
               units_show_duration((double)waits[retry].max * 1e-9, most));
}

void worked_delays(const struct table *table, const struct row *row)
{
    char text[512];
    struct arena arena = {0};
    struct backoff backoff;
    if (table != &shape_table && table != &jitter_table)
        return;
    compose(table, row, text, sizeof text);
    struct diag *diag = diag_new();
    const struct node *node = yaml_parse(&arena, "example", text, strlen(text), "example", diag);
    if (node && field_decode(&backoff_record, node, &backoff, &arena, diag)) {
        struct hist *waits = memory_zeroed(RETRIES, sizeof *waits);
        sample(&backoff, waits);
        printf("example: backoff: %s\n  (20000 simulated requests)\n", text);
        print_waits(waits);
        free(waits);
    }
    diag_print(diag, stderr);
    diag_free(diag);
    arena_free(&arena);
}
