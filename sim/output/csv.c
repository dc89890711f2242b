/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load.csv (what every place did in every bin) and summary.csv (every metric of every strategy and place).
 *
 * RFC 4180 with plain line feeds; a field is quoted only if it must be. Empty: undefined, or a column that
 * such a place does not have. load.csv may have millions of rows: the counts are written by hand. */
#include "output/rows.h"

#include <string.h>

#include "output/unit.h"

static void add_field(struct text *text, const char *field)
{
    if (!strpbrk(field, ",\"\r\n")) {
        text_add(text, field);
        return;
    }
    text_char(text, '"');
    for (; *field; field++) {
        if (*field == '"')
            text_char(text, '"');
        text_char(text, *field);
    }
    text_char(text, '"');
}

/* Which of requests ... denied_retries a kind of place counts. */
static const char counted[][BIN_COUNTS + 1] = {
    [PLACE_CALLER] = "xxxxxxxxxxx",
    [PLACE_SERVICE] = ".xxxxxxxxx.",
    [PLACE_CACHE] = ".xxx.x.....",
};

static void add_row(struct text *text, const struct bin_row *row, enum place_kind kind)
{
    const double reals[] = {row->queue_length, row->in_service,    row->busy_ratio,
                            row->capacity,     row->latency_p50_s, row->latency_p99_s};
    for (int i = 0; i < BIN_COUNTS; i++) {
        text_char(text, ',');
        if (counted[kind][i] == 'x')
            text_count(text, row->counts[i]);
    }
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
        text_char(text, ',');
        text_real(text, reals[i]);
    }
    text_char(text, '\n');
}

static void add_rows(struct text *text, const struct result *result, const struct strategy_result *strategy,
                     const struct place_result *place, uint32_t replication)
{
    struct text head = text_in_memory();
    add_field(&head, strategy->name);
    text_printf(&head, ",%u,", replication + 1);
    add_field(&head, place->path);
    text_char(&head, ',');
    for (uint32_t bin = 0; bin < result->bins; bin++) {
        text_put(text, head.bytes, head.length);
        text_real(text, bin * result->bin_s);
        add_row(text, &place->rows[replication][bin], place->kind);
    }
    text_free(&head);
}

static void write_load(const struct result *result, struct text *text)
{
    text_add(text, "strategy,replication,where,t_s");
    for (int i = 0; i < BIN_COUNTS; i++) {
        text_char(text, ',');
        text_add(text, bin_count_names[i]);
    }
    text_add(text, ",queue_length,in_service,busy_ratio,capacity,latency_p50_s,latency_p99_s\n");
    for (size_t s = 0; s < result->strategy_count; s++) {
        const struct strategy_result *strategy = &result->strategies[s];
        for (uint32_t r = 0; r < result->replications; r++)
            for (size_t p = 0; p < strategy->place_count; p++)
                if (strategy->places[p].rows && strategy->places[p].rows[r])
                    add_rows(text, result, strategy, &strategy->places[p], r);
    }
}

static void add_metrics(struct text *text, const char *strategy, const char *where,
                        const struct metric_result *metrics, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct estimate *estimate = &metrics[i].estimate;
        add_field(text, strategy);
        text_char(text, ',');
        add_field(text, where);
        text_printf(text, ",%s,%s,%u,", metrics[i].info->name, unit_name(metrics[i].info->unit),
                    estimate->count);
        text_real(text, estimate->mean);
        text_char(text, ',');
        text_real(text, estimate->low);
        text_char(text, ',');
        text_real(text, estimate->high);
        text_char(text, '\n');
    }
}

static void write_summary(const struct result *result, struct text *text)
{
    text_add(text, "strategy,where,metric,unit,replications,mean,ci95_low,ci95_high\n");
    for (size_t s = 0; s < result->strategy_count; s++) {
        const struct strategy_result *strategy = &result->strategies[s];
        add_metrics(text, strategy->name, "all", strategy->metrics, strategy->metric_count);
        for (size_t p = 0; p < strategy->place_count; p++) {
            const struct place_result *place = &strategy->places[p];
            add_metrics(text, strategy->name, place->path, place->metrics, place->metric_count);
        }
    }
}

const struct output_row output_load_csv = {
    .name = "load.csv",
    .summary = "counts per strategy, replication, place and bin of time",
    .write = write_load,
};

const struct output_row output_summary_csv = {
    .name = "summary.csv",
    .summary = "every metric: mean and 95 % interval",
    .write = write_summary,
};
