/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "output/text.h"

enum { FILE_DIGITS = 9, JSON_DIGITS = 15 };

struct grid series_grid(const struct result *result, uint32_t at_most)
{
    uint32_t merged = (result->bins + at_most - 1) / at_most;
    if (merged == 0)
        merged = 1;
    struct grid grid = {.duration_s = text_rounded(result->duration_s, JSON_DIGITS),
                        .bin_s = text_rounded(result->bin_s, JSON_DIGITS) * merged,
                        .warmup_s = text_rounded(result->warmup_s, JSON_DIGITS),
                        .bins = (result->bins + merged - 1) / merged,
                        .merged = merged,
                        .end = result->replications};
    double begin = ceil(grid.warmup_s / grid.bin_s - 1e-9);
    grid.begin = begin > 0 && begin < grid.bins ? (uint32_t)begin : 0;
    return grid;
}

double series_from_s(const struct grid *grid, uint32_t bin)
{
    double from_s = bin * grid->bin_s;
    return from_s < grid->duration_s ? from_s : grid->duration_s;
}

double series_capacity_per_s(const struct strategy_result *strategy)
{
    return text_rounded(strategy->capacity_per_s, JSON_DIGITS);
}

/* ---- counts ---- */

/* Which places are added up; `path` is for one of the filters. */
typedef bool (*place_filter)(const struct place_result *place, const char *path);

static bool is_entrance(const struct place_result *place, const char *path)
{
    (void)path;
    return place->entrance;
}

static bool is_clients(const struct place_result *place, const char *path)
{
    (void)path;
    return place->kind == PLACE_CALLER && strncmp(place->path, "clients.", 8) == 0;
}

static bool is_there(const struct place_result *place, const char *path)
{
    return strcmp(place->path, path) == 0;
}

/* One sum a row's bin, over places and the replications from `first` to before `end`. */
static uint64_t *sums(const struct result *result, const struct strategy_result *strategy,
                      place_filter is_wanted, const char *path, enum column column, uint32_t first,
                      uint32_t end)
{
    uint64_t *sum = memory_zeroed(result->bins, sizeof *sum);
    for (size_t p = 0; p < strategy->place_count; p++) {
        const struct place_result *place = &strategy->places[p];
        if (!is_wanted(place, path))
            continue;
        for (uint32_t r = first; r < end; r++)
            for (uint32_t bin = 0; place->rows[r] && bin < result->bins; bin++)
                sum[bin] += place->rows[r][bin].counts[column];
    }
    return sum;
}

static bool has_finished(const struct strategy_result *strategy, uint32_t replication)
{
    return strategy->place_count > 0 && strategy->places[0].rows[replication];
}

static uint32_t finished_within(const struct strategy_result *strategy, uint32_t first, uint32_t end)
{
    uint32_t count = 0;
    for (uint32_t r = first; r < end; r++)
        count += has_finished(strategy, r);
    return count;
}

static double row_length_s(const struct grid *grid, uint32_t row)
{
    double length_s = grid->bin_s / grid->merged, rest_s = grid->duration_s - row * length_s;
    return rest_s < length_s && rest_s > 0 ? rest_s : length_s;
}

static double *rates(const struct result *result, const struct strategy_result *strategy,
                     place_filter is_wanted, const char *path, enum column column, const struct grid *grid,
                     enum merge merge)
{
    double *rate = memory_zeroed(grid->bins, sizeof *rate);
    uint64_t *sum = sums(result, strategy, is_wanted, path, column, grid->first, grid->end);
    uint32_t finished = finished_within(strategy, grid->first, grid->end);
    for (uint32_t bin = 0; bin < grid->bins; bin++) {
        uint64_t count = 0;
        double length_s = 0, most = 0;
        for (uint32_t row = bin * grid->merged; row < (bin + 1) * grid->merged && row < result->bins; row++) {
            count += sum[row];
            length_s += row_length_s(grid, row);
            most = fmax(most, (double)sum[row] / row_length_s(grid, row));
        }
        rate[bin] = (merge == MERGE_MOST ? most : (double)count / length_s) / (finished ? finished : 1);
    }
    free(sum);
    return rate;
}

double *series_load(const struct result *result, const struct strategy_result *strategy,
                    const struct grid *grid, enum merge merge)
{
    return rates(result, strategy, is_entrance, NULL, COLUMN_ATTEMPTS, grid, merge);
}

double *series_clients(const struct result *result, const struct strategy_result *strategy,
                       enum column column, const struct grid *grid)
{
    return rates(result, strategy, is_clients, NULL, column, grid, MERGE_MEAN);
}

double *series_place(const struct result *result, const struct strategy_result *strategy, const char *path,
                     enum column column, const struct grid *grid)
{
    return rates(result, strategy, is_there, path, column, grid, MERGE_MOST);
}

double series_place_capacity_per_s(const struct result *result, const struct strategy_result *strategy,
                                   const char *path, const struct grid *grid)
{
    double length_s = row_length_s(grid, 0);
    for (size_t p = 0; p < strategy->place_count; p++)
        for (uint32_t r = 0; is_there(&strategy->places[p], path) && r < result->replications; r++)
            if (strategy->places[p].rows[r])
                return text_rounded(strategy->places[p].rows[r][0].capacity, FILE_DIGITS) / length_s;
    return NAN;
}

/* ---- which replications ---- */

/* The largest sum of a row after the warm-up. */
static double peak_of(const struct result *result, const struct strategy_result *strategy, uint32_t from,
                      uint32_t first, uint32_t end)
{
    uint64_t *sum = sums(result, strategy, is_entrance, NULL, COLUMN_ATTEMPTS, first, end), most = 0;
    for (uint32_t row = from; row < result->bins; row++)
        most = sum[row] > most ? sum[row] : most;
    free(sum);
    return (double)most;
}

/* Sums, not means: both sides would be divided by the number of replications. */
static bool peaks_wander(const struct result *result, const struct strategy_result *strategy)
{
    static const double often = 1.5;
    uint32_t begin = series_grid(result, result->bins ? result->bins : 1).begin;
    double own = 0;
    for (uint32_t r = 0; r < result->replications; r++)
        own += has_finished(strategy, r) ? peak_of(result, strategy, begin, r, r + 1) : 0;
    return own > often * peak_of(result, strategy, begin, 0, result->replications);
}

static bool is_half_stuck(const struct strategy_result *strategy)
{
    const struct metric_result *stuck = result_metric(strategy, "stuck");
    return stuck && stuck->estimate.mean > 0 && stuck->estimate.mean < 1;
}

static bool all_have(const struct result *result, uint32_t replication)
{
    for (size_t s = 0; s < result->strategy_count; s++)
        if (result->strategies[s].finished > 0 && !has_finished(&result->strategies[s], replication))
            return false;
    return true;
}

void series_choose_replications(const struct result *result, bool medians, struct grid *grid)
{
    bool misleads = false;
    for (size_t s = 0; s < result->strategy_count && !misleads; s++) {
        const struct strategy_result *strategy = &result->strategies[s];
        misleads = (!medians && is_half_stuck(strategy)) || peaks_wander(result, strategy);
    }
    for (uint32_t r = 0; misleads && r < result->replications; r++)
        if (all_have(result, r)) {
            grid->first = r;
            grid->end = r + 1;
            return;
        }
}

bool series_is_one(const struct grid *grid)
{
    return grid->end == grid->first + 1;
}

/* ---- latency ---- */

static uint64_t requests_at(const struct result *result, const struct place_result *place)
{
    uint64_t sum = 0;
    for (uint32_t r = 0; r < result->replications; r++)
        for (uint32_t bin = 0; place->rows[r] && bin < result->bins; bin++)
            sum += place->rows[r][bin].counts[COLUMN_REQUESTS];
    return sum;
}

const struct place_result *series_population(const struct result *result,
                                             const struct strategy_result *strategy)
{
    const struct place_result *largest = NULL;
    uint64_t most = 0;
    for (size_t p = 0; p < strategy->place_count; p++) {
        const struct place_result *place = &strategy->places[p];
        if (!is_clients(place, NULL))
            continue;
        uint64_t requests = requests_at(result, place);
        if (!largest || requests > most) {
            largest = place;
            most = requests;
        }
    }
    return largest;
}

int series_by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double *values, size_t count)
{
    if (count == 0)
        return NAN;
    qsort(values, count, sizeof *values, series_by_value);
    double low = text_rounded(values[(count - 1) / 2], FILE_DIGITS);
    return count % 2 ? low : (low + text_rounded(values[count / 2], FILE_DIGITS)) / 2;
}

static double median_of_row(const struct grid *grid, const struct place_result *place,
                            enum quantile quantile, uint32_t bin, double *values)
{
    size_t count = 0;
    for (uint32_t r = grid->first; r < grid->end; r++) {
        if (!place->rows[r])
            continue;
        const struct bin_row *row = &place->rows[r][bin];
        double value = quantile == QUANTILE_P50 ? row->latency_p50_s : row->latency_p99_s;
        if (!isnan(value))
            values[count++] = value;
    }
    return median(values, count);
}

double *series_latency(const struct result *result, const struct place_result *place, enum quantile quantile,
                       const struct grid *grid)
{
    double *latency = memory_zeroed(grid->bins, sizeof *latency);
    double *values = memory_zeroed(result->replications, sizeof *values);
    for (uint32_t bin = 0; bin < grid->bins; bin++) {
        latency[bin] = NAN;
        for (uint32_t row = bin * grid->merged; place && row < (bin + 1) * grid->merged && row < result->bins;
             row++)
            latency[bin] = fmax(latency[bin], median_of_row(grid, place, quantile, row, values));
    }
    free(values);
    return latency;
}

double series_most(const struct grid *grid, const double *values)
{
    double most = NAN;
    for (uint32_t i = grid->begin; i < grid->bins; i++)
        most = fmax(most, values[i]);
    return most;
}

void series_name_entrances(const struct strategy_result *strategy, const char *word, struct text *text)
{
    size_t services = result_service_count(strategy), said = 0;
    for (size_t p = 0; services > 1 && p < strategy->place_count; p++)
        if (strategy->places[p].entrance)
            text_printf(text, " %s %s", said++ ? "+" : word, strategy->places[p].path);
}
