/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/read.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output/unit.h"

enum { BINS_MOST = 100000000, FIELDS = 4 + BIN_COUNTS + 6 };

static bool complain(char *why, const char *path, const char *reason)
{
    snprintf(why, OUTPUT_WHY_SIZE, "cannot read %s: %s", path, reason);
    return false;
}

/* ---- summary.json ---- */

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static const char *string_of(struct result *result, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return arena_strdup(&result->arena, text ? text : "");
}

static uint32_t count_of(const json_t *object, const char *key, uint32_t most)
{
    json_int_t count = json_integer_value(json_object_get(object, key));
    return count < 0 || count > (json_int_t)most ? 0 : (uint32_t)count;
}

static void take_faults(struct result *result, const json_t *faults)
{
    size_t count = json_array_size(faults);
    result->faults = arena_alloc(&result->arena, count * sizeof *result->faults);
    for (size_t i = 0; i < count; i++) {
        const json_t *fault = json_array_get(faults, i);
        result->faults[result->fault_count++] = (struct fault_result){
            string_of(result, fault, "label"), number_of(fault, "from_s"), number_of(fault, "to_s")};
    }
}

static enum unit unit_of(const json_t *metric)
{
    const char *name = json_string_value(json_object_get(metric, "unit"));
    int unit = UNIT_TIMES;
    while (unit > 0 && !(name && strcmp(name, unit_name((enum unit)unit)) == 0))
        unit--;
    return (enum unit)unit;
}

static double item_of(const json_t *array, size_t index)
{
    const json_t *value = json_array_get(array, index);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static void take_metric(struct result *result, struct metric_result *metric, const char *name, const json_t *from)
{
    const json_t *values = json_object_get(from, "values"), *interval = json_object_get(from, "ci95");
    struct metric_info *info = arena_alloc(&result->arena, sizeof *info);
    *info = (struct metric_info){arena_strdup(&result->arena, name), unit_of(from), BETTER_NEITHER, ""};
    metric->info = info;
    metric->values = arena_alloc(&result->arena, result->replications * sizeof *metric->values);
    metric->estimate = (struct estimate){number_of(from, "mean"), item_of(interval, 0), item_of(interval, 1), NAN, 0};
    for (uint32_t r = 0; r < result->replications; r++) {
        metric->values[r] = item_of(values, r);
        metric->estimate.count += !isnan(metric->values[r]);
    }
}

static void take_metrics(struct result *result, struct strategy_result *strategy, json_t *metrics)
{
    const char *name;
    json_t *metric;
    strategy->metrics = arena_alloc(&result->arena, json_object_size(metrics) * sizeof *strategy->metrics);
    json_object_foreach(metrics, name, metric)
        take_metric(result, &strategy->metrics[strategy->metric_count++], name, metric);
}

static enum place_kind kind_of(const json_t *place)
{
    const char *kind = json_string_value(json_object_get(place, "kind"));
    if (kind && strcmp(kind, "service") == 0)
        return PLACE_SERVICE;
    return kind && strcmp(kind, "cache") == 0 ? PLACE_CACHE : PLACE_CALLER;
}

static void take_places(struct result *result, struct strategy_result *strategy, json_t *places)
{
    const char *path;
    json_t *place;
    strategy->places = arena_alloc(&result->arena, json_object_size(places) * sizeof *strategy->places);
    json_object_foreach(places, path, place)
    {
        strategy->places[strategy->place_count++] = (struct place_result){
            .path = arena_strdup(&result->arena, path),
            .kind = kind_of(place),
            .entrance = json_is_true(json_object_get(place, "entrance")),
            .rows = arena_alloc(&result->arena, result->replications * sizeof(struct bin_row *))};
    }
}

static void take_strategies(struct result *result, const json_t *strategies)
{
    size_t count = json_array_size(strategies);
    result->strategies = arena_alloc(&result->arena, count * sizeof *result->strategies);
    for (size_t i = 0; i < count; i++) {
        const json_t *from = json_array_get(strategies, i);
        struct strategy_result *strategy = &result->strategies[result->strategy_count++];
        strategy->name = string_of(result, from, "name");
        strategy->note = string_of(result, from, "note");
        strategy->finished = count_of(from, "replications", result->replications);
        strategy->capacity_per_s = number_of(from, "capacity_per_s");
        take_metrics(result, strategy, json_object_get(from, "metrics"));
        take_places(result, strategy, json_object_get(from, "places"));
    }
}

static bool take_summary(struct result *result, const json_t *root)
{
    const char *schema = json_string_value(json_object_get(root, "schema"));
    const json_t *scenario = json_object_get(root, "scenario");
    if (!schema || strcmp(schema, "retrystorm/1") != 0)
        return false;
    result->stamp.seed =
        (uint64_t)json_integer_value(json_object_get(json_object_get(root, "stamp"), "seed"));
    result->name = string_of(result, scenario, "name");
    result->question = string_of(result, scenario, "question");
    result->headline = string_of(result, scenario, "headline");
    result->duration_s = number_of(scenario, "duration_s");
    result->bin_s = number_of(scenario, "bin_s");
    result->warmup_s = number_of(scenario, "warmup_s");
    result->bins = count_of(scenario, "bins", BINS_MOST);
    result->replications = count_of(scenario, "replications", UINT32_MAX);
    result->interrupted = json_is_true(json_object_get(root, "interrupted"));
    take_faults(result, json_object_get(root, "faults"));
    take_strategies(result, json_object_get(root, "strategies"));
    return result->bins > 0 && result->replications > 0 && result->bin_s > 0 && result->duration_s > 0;
}

static bool read_summary(struct result *result, const char *directory, char *why)
{
    json_error_t error;
    const char *path = arena_printf(&result->arena, "%s/summary.json", directory);
    FILE *file = fopen(path, "r");
    if (!file)
        return complain(why, path, strerror(errno));
    json_t *root = json_loadf(file, 0, &error);
    fclose(file);
    if (!root)
        return complain(why, path, error.text);
    bool fits = take_summary(result, root);
    json_decref(root);
    return fits || complain(why, path, "it is not a summary of retrystorm (schema retrystorm/1)");
}

/* ---- load.csv ---- */

/* Splits a line in place; a quoted field may hold commas and doubled quotes. */
static int split(char *line, char *fields[FIELDS + 1])
{
    int count = 0;
    while (count <= FIELDS) {
        bool quoted = *line == '"';
        char *to = line += quoted;
        fields[count++] = to;
        while (*line && (quoted || *line != ',')) {
            if (quoted && *line == '"' && *++line != '"')
                quoted = false;
            else
                *to++ = *line++;
        }
        bool more = *line == ',';
        *to = '\0';
        if (!more)
            break;
        line++;
    }
    return count;
}

static double real_of(const char *field)
{
    return *field ? strtod(field, NULL) : NAN;
}

static struct strategy_result *find_strategy(struct result *result, const char *name)
{
    for (size_t i = 0; i < result->strategy_count; i++)
        if (strcmp(result->strategies[i].name, name) == 0)
            return &result->strategies[i];
    return NULL;
}

static struct place_result *find_place(struct strategy_result *strategy, const char *path)
{
    for (size_t i = 0; strategy && i < strategy->place_count; i++)
        if (strcmp(strategy->places[i].path, path) == 0)
            return &strategy->places[i];
    return NULL;
}

static bool take_row(struct result *result, char *fields[FIELDS + 1])
{
    struct place_result *place = find_place(find_strategy(result, fields[0]), fields[2]);
    unsigned long replication = strtoul(fields[1], NULL, 10);
    double bin = floor(real_of(fields[3]) / result->bin_s + 0.5);
    if (!place || replication < 1 || replication > result->replications || !(bin >= 0 && bin < result->bins))
        return false;
    struct bin_row **rows = &place->rows[replication - 1];
    if (!*rows)
        *rows = memory_zeroed(result->bins, sizeof **rows);
    struct bin_row *row = &(*rows)[(uint32_t)bin];
    for (int i = 0; i < BIN_COUNTS; i++)
        row->counts[i] = strtoull(fields[4 + i], NULL, 10);
    double *reals[] = {&row->queue_length, &row->in_service,    &row->busy_ratio,
                       &row->capacity,     &row->latency_p50_s, &row->latency_p99_s};
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++)
        *reals[i] = real_of(fields[4 + BIN_COUNTS + i]);
    return true;
}

static bool take_rows(struct result *result, FILE *file, const char *path, char *why)
{
    char *line = NULL, *fields[FIELDS + 1];
    size_t room = 0, number = 0;
    bool fits = true;
    while (fits && getline(&line, &room, file) > 0) {
        line[strcspn(line, "\r\n")] = '\0';
        number++;
        fits = split(line, fields) == FIELDS && (number == 1 || take_row(result, fields));
    }
    free(line);
    if (ferror(file))
        return complain(why, path, strerror(errno));
    if (!fits)
        snprintf(why, OUTPUT_WHY_SIZE, "cannot read %s: line %zu does not fit summary.json", path, number);
    return fits;
}

static bool read_load(struct result *result, const char *directory, char *why)
{
    const char *path = arena_printf(&result->arena, "%s/load.csv", directory);
    FILE *file = fopen(path, "r");
    if (!file)
        return complain(why, path, strerror(errno));
    bool fits = take_rows(result, file, path, why);
    fclose(file);
    return fits;
}

struct result *output_read(const char *directory, char why[OUTPUT_WHY_SIZE])
{
    struct arena arena = {0};
    struct result *result = arena_alloc(&arena, sizeof *result);
    result->arena = arena;
    if (read_summary(result, directory, why) && read_load(result, directory, why))
        return result;
    result_free(result);
    return NULL;
}
