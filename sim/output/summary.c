/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/summary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "output/saturation.h"
#include "output/sparkline.h"
#include "output/value.h"
#include "output/verdict.h"

/* ---- colour ---- */

enum tone { TONE_BOLD, TONE_GOOD, TONE_BAD, TONE_FAINT };

static void add_toned(struct text *text, const struct summary_options *options, enum tone tone,
                      const char *string)
{
    static const char *const codes[] = {
        [TONE_BOLD] = "\033[1m", [TONE_GOOD] = "\033[32m", [TONE_BAD] = "\033[31m", [TONE_FAINT] = "\033[2m"};
    if (options->colour)
        text_add(text, codes[tone]);
    text_add(text, string);
    if (options->colour)
        text_add(text, "\033[0m");
}

/* ---- columns ---- */

struct column {
    const char *metric, *heading;
    struct unit_cell *cells;                       /* one a strategy */
    size_t whole, fraction, half, suffix, columns; /* widths */
};

static const struct column known[] = {
    {.metric = "recovery_s", .heading = "recovery"},
    {.metric = "stuck", .heading = "stuck"},
    {.metric = "success_ratio", .heading = "success"},
    {.metric = "open", .heading = "open"},
    {.metric = "goodput_per_s", .heading = "goodput"},
    {.metric = "amplification", .heading = "amplification"},
    {.metric = "peak_load_ratio", .heading = "peak load"},
    {.metric = "latency_p99_s", .heading = "p99 latency"},
    {.metric = "wasted_work_ratio", .heading = "wasted work"},
};
enum { KNOWN = sizeof known / sizeof *known };

static bool is_defined(const struct result *result, const char *metric)
{
    for (size_t s = 0; s < result->strategy_count; s++) {
        const struct metric_result *found = result_metric(&result->strategies[s], metric);
        if (found && found->estimate.count > 0)
            return true;
    }
    return false;
}

/* Requests without an outcome at the end, which success does not count: said where they are many. */
static bool are_open(const struct result *result)
{
    for (size_t s = 0; s < result->strategy_count; s++) {
        const struct metric_result *open = result_metric(&result->strategies[s], "open");
        const struct metric_result *requests = result_metric(&result->strategies[s], "requests");
        if (open && requests && open->estimate.mean > 0.01 * requests->estimate.mean)
            return true;
    }
    return false;
}

static bool is_shown(const struct result *result, const char *metric)
{
    return is_defined(result, metric) && (strcmp(metric, "open") != 0 || are_open(result));
}

static size_t choose_columns(const struct result *result, struct column columns[KNOWN + 1])
{
    size_t count = 0;
    if (is_defined(result, result->headline) || strcmp(result->headline, "recovery_s") != 0)
        columns[count++] =
            (struct column){.metric = result->headline, .heading = result->headline};
    for (size_t i = 0; i < KNOWN; i++) {
        if (strcmp(known[i].metric, result->headline) == 0 && count > 0)
            columns[0].heading = known[i].heading;
        else if (is_shown(result, known[i].metric))
            columns[count++] = known[i];
    }
    return count;
}

/* "3/20" */
static struct unit_cell stuck_cell(const struct metric_result *stuck, uint32_t replications)
{
    struct unit_cell cell = {.whole = "-"};
    uint32_t count = 0;
    for (uint32_t r = 0; r < replications; r++)
        count += stuck->values[r] > 0;
    if (stuck->estimate.count > 0)
        snprintf(cell.whole, sizeof cell.whole, "%u/%u", count, stuck->estimate.count);
    return cell;
}

static struct unit_cell cell_of(const struct result *result, const struct strategy_result *strategy,
                                const struct column *column)
{
    const struct metric_result *metric = result_metric(strategy, column->metric);
    if (metric && strcmp(column->metric, "stuck") == 0)
        return stuck_cell(metric, result->replications);
    return value_cell(result, strategy, column->metric);
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void fill_column(const struct result *result, struct column *column)
{
    column->cells = memory_zeroed(result->strategy_count, sizeof *column->cells);
    for (size_t s = 0; s < result->strategy_count; s++) {
        struct unit_cell *cell = &column->cells[s];
        *cell = cell_of(result, &result->strategies[s], column);
        column->whole = larger(column->whole, strlen(cell->whole));
        column->fraction = larger(column->fraction, strlen(cell->fraction));
        column->half = larger(column->half, strlen(cell->half));
        column->suffix = larger(column->suffix, strlen(cell->suffix));
    }
    size_t cells = column->whole + column->fraction + column->suffix + (column->half ? column->half + 3 : 0);
    column->columns = larger(cells, strlen(column->heading));
    column->whole += column->columns - cells;
}

/* ---- rows ---- */

static void add_padded(struct text *text, const char *string, size_t columns)
{
    text_add(text, string);
    text_repeat(text, " ", columns - text_columns(string));
}

static void add_cell(struct text *text, const struct column *column, const struct unit_cell *cell,
                     bool unicode)
{
    struct text rest = text_in_memory();
    text_add(&rest, cell->fraction);
    if (*cell->half) {
        text_repeat(&rest, " ", column->fraction - strlen(cell->fraction));
        text_add(&rest, unicode ? " \xc2\xb1 " : " +-");
        text_repeat(&rest, " ", column->half - strlen(cell->half));
        text_add(&rest, cell->half);
    }
    text_add(&rest, cell->suffix);
    text_repeat(text, " ", column->whole - strlen(cell->whole));
    text_add(text, cell->whole);
    add_padded(text, rest.bytes, column->columns - column->whole);
    text_free(&rest);
}

static void add_headings(struct text *text, const struct summary_options *options,
                         const struct column *columns, size_t count, size_t name_columns)
{
    struct text line = text_in_memory();
    add_padded(&line, "", name_columns);
    for (size_t c = 0; c < count; c++) {
        text_repeat(&line, " ", 2 + columns[c].columns - strlen(columns[c].heading));
        text_add(&line, columns[c].heading);
    }
    add_toned(text, options, TONE_FAINT, line.bytes);
    text_char(text, '\n');
    text_free(&line);
}

static void add_table(const struct result *result, const struct summary_options *options, size_t name_columns,
                      struct text *text)
{
    struct column columns[KNOWN + 1];
    size_t count = choose_columns(result, columns);
    const struct strategy_result *best = result->strategy_count > 1 ? result_best(result) : NULL;
    for (size_t c = 0; c < count; c++)
        fill_column(result, &columns[c]);
    add_headings(text, options, columns, count, name_columns + 2);
    for (size_t s = 0; s < result->strategy_count; s++) {
        struct text line = text_in_memory();
        const struct strategy_result *strategy = &result->strategies[s];
        text_add(&line, strategy == best ? options->unicode ? "\xe2\x96\xba " : "* " : "  ");
        add_padded(&line, strategy->name, name_columns);
        for (size_t c = 0; c < count; c++) {
            text_add(&line, "  ");
            add_cell(&line, &columns[c], &columns[c].cells[s], options->unicode);
        }
        text_end_line(&line);
        if (strategy == best)
            add_toned(text, options, TONE_BOLD, line.bytes);
        else
            text_add(text, line.bytes);
        text_free(&line);
    }
    for (size_t c = 0; c < count; c++)
        free(columns[c].cells);
}

/* ---- around the table ---- */

/* "interrupted: only what finished counts (of 20 replications: fixed 20, full 7, the others none)" */
static void add_interruption(const struct result *result, const struct summary_options *options, struct text *text)
{
    struct text line = text_in_memory();
    size_t none = 0, said = 0;
    text_printf(&line, "interrupted: only what finished counts (of %u replication%s:", result->replications,
                result->replications == 1 ? "" : "s");
    for (size_t s = 0; s < result->strategy_count; s++) {
        const struct strategy_result *strategy = &result->strategies[s];
        none += strategy->finished == 0;
        if (strategy->finished > 0)
            text_printf(&line, "%s %s %u", said++ > 0 ? "," : "", strategy->name, strategy->finished);
    }
    if (none > 0)
        text_add(&line, said == 0 ? " none" : none > 1 ? ", the others none" : ", the other none");
    text_add(&line, ")\n");
    add_toned(text, options, TONE_BAD, line.bytes);
    text_free(&line);
}

static void add_notes(const struct result *result, struct text *text)
{
    bool any = false;
    for (size_t s = 0; s < result->strategy_count; s++) {
        const struct strategy_result *strategy = &result->strategies[s];
        if (!strategy->note || !*strategy->note)
            continue;
        text_printf(text, "%s  %s: %s\n", any ? "" : "\n", strategy->name, strategy->note);
        any = true;
    }
}

static void add_title(const struct result *result, const struct summary_options *options, struct text *text)
{
    char duration[UNITS_TEXT_SIZE];
    add_toned(text, options, TONE_BOLD, result->name);
    if (result->question && *result->question)
        text_printf(text, ": %s", result->question);
    text_printf(text, "\n%u replication%s of %s, seed %llu", result->replications,
                result->replications == 1 ? "" : "s", units_show_duration(result->duration_s, duration),
                (unsigned long long)result->stamp.seed);
    if (result->replications > 1)
        text_printf(text, "; mean %s half of the 95 %% interval", options->unicode ? "\xc2\xb1" : "+-");
    text_add(text, "\n");
    if (result->interrupted)
        add_interruption(result, options, text);
    text_char(text, '\n');
}

static enum unit unit_of(const struct result *result, const struct expectation_result *expectation)
{
    for (size_t s = 0; s < result->strategy_count; s++) {
        const struct metric_result *metric = result_metric(&result->strategies[s], expectation->metric);
        if (metric)
            return metric->info->unit;
    }
    return UNIT_NUMBER;
}

static void add_expectations(const struct result *result, const struct summary_options *options,
                             struct text *text)
{
    for (size_t i = 0; i < result->expectation_count; i++) {
        const struct expectation_result *expectation = &result->expectations[i];
        char shown[UNIT_SHOWN_SIZE] = "undefined";
        if (!isnan(expectation->measured))
            unit_show(unit_of(result, expectation), expectation->measured, shown);
        add_toned(text, options, expectation->passed ? TONE_GOOD : TONE_BAD,
                  expectation->passed ? "ok    " : "FAILED");
        text_printf(text, "  %s %s for %s: %s\n", expectation->metric, expectation->is, expectation->strategy,
                    shown);
    }
    if (result->expectation_count > 0)
        text_char(text, '\n');
}

void output_summary(const struct result *result, const struct summary_options *options, struct text *text)
{
    size_t name_columns = 0;
    for (size_t s = 0; s < result->strategy_count; s++)
        name_columns = larger(name_columns, text_columns(result->strategies[s].name));
    add_title(result, options, text);
    add_table(result, options, name_columns, text);
    add_notes(result, text);
    text_char(text, '\n');
    if (options->unicode) {
        output_sparklines(result, name_columns + 2, text);
        text_char(text, '\n');
    }
    output_saturation(result, name_columns, text);
    add_expectations(result, options, text);
    struct text sentence = text_in_memory();
    output_verdict(result, &sentence);
    add_toned(text, options, TONE_BOLD, sentence.bytes);
    text_char(text, '\n');
    text_free(&sentence);
}
