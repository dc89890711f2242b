/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/saturation.h"

#include <stdlib.h>
#include <string.h>

#include "base/units.h"

/* A service that was saturated in some replications, and when, on average over these. */
struct hop {
    const char *name;
    double begins_s;
    uint32_t count;
};

static const char *name_of(const struct place_result *place)
{
    return place->path + strlen("services.");
}

static int by_time(const void *a, const void *b)
{
    const struct hop *x = a, *y = b;
    if (x->begins_s != y->begins_s)
        return x->begins_s < y->begins_s ? -1 : 1;
    return strcmp(x->name, y->name);
}

static size_t gather(const struct strategy_result *strategy, struct hop *hops)
{
    size_t count = 0;
    for (size_t p = 0; p < strategy->place_count; p++) {
        const struct place_result *place = &strategy->places[p];
        const struct metric_result *begins = result_place_metric(place, "saturated_s");
        if (result_is_service(place) && begins && begins->estimate.count > 0)
            hops[count++] = (struct hop){name_of(place), begins->estimate.mean, begins->estimate.count};
    }
    qsort(hops, count, sizeof *hops, by_time);
    return count;
}

/* "db at 31 s, then api at 34 s (in 3 of 20)" */
static void add_hops(const struct strategy_result *strategy, const struct hop *hops, size_t count, struct text *text)
{
    for (size_t i = 0; i < count; i++) {
        char time[UNITS_TEXT_SIZE];
        text_printf(text, "%s%s at %s", i == 0 ? "" : i == 1 ? ", then " : ", ", hops[i].name,
                    units_show_duration(hops[i].begins_s, time));
        if (hops[i].count < strategy->finished)
            text_printf(text, " (in %u of %u)", hops[i].count, strategy->finished);
    }
    text_add(text, count == 0 ? "none\n" : "\n");
}

void output_saturation(const struct result *result, size_t name_columns, struct text *text)
{
    size_t services = result_service_count(&result->strategies[0]), any = 0;
    struct hop *hops = memory_zeroed(services + 1, sizeof *hops);
    for (size_t s = 0; s < result->strategy_count && services > 1; s++)
        any += gather(&result->strategies[s], hops);
    if (any > 0)
        text_add(text, "saturated, in this order (all workers busy for 5 s, or away):\n");
    for (size_t s = 0; s < result->strategy_count && any > 0; s++) {
        const struct strategy_result *strategy = &result->strategies[s];
        text_printf(text, "  %s", strategy->name);
        text_repeat(text, " ", name_columns + 2 - text_columns(strategy->name));
        add_hops(strategy, hops, gather(strategy, hops), text);
    }
    if (any > 0)
        text_char(text, '\n');
    free(hops);
}
