/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.json: everything about a run but its rows, with what output_read needs to draw the figures
 * again.
 *
 * Keys stay in the order in which they are put. Undefined numbers are null. Numbers have 15 significant
 * digits, which decimal text keeps unchanged however often it is read and written. */
#include "output/rows.h"

#include <jansson.h>
#include <math.h>

#include "base/check.h"
#include "output/unit.h"

static void put(json_t *object, const char *key, json_t *value)
{
    CHECK(json_object_set_new(object, key, value) == 0, "summary.json cannot be put together");
}

static void append(json_t *array, json_t *value)
{
    CHECK(json_array_append_new(array, value) == 0, "summary.json cannot be put together");
}

/* A command line may hold any bytes; JSON is UTF-8. */
static json_t *json_text(const char *text)
{
    if (!text)
        return json_null();
    struct text valid = text_in_memory();
    text_put(&valid, "", 0);
    text_add_utf8(&valid, text);
    json_t *string = json_string(valid.bytes);
    text_free(&valid);
    return string;
}

static json_t *json_number(double value)
{
    if (!isfinite(value))
        return json_null();
    return fabs(value) < 1e15 && value == floor(value) ? json_integer((json_int_t)value) : json_real(value);
}

static json_t *overrides_json(const struct stamp *stamp)
{
    json_t *texts = json_array();
    for (size_t i = 0; i < stamp->override_count; i++)
        append(texts, json_text(stamp->overrides[i]));
    return texts;
}

static json_t *stamp_json(const struct stamp *stamp)
{
    json_t *object = json_object();
    put(object, "version", json_text(stamp->version));
    put(object, "commit", json_text(stamp->commit));
    put(object, "compiler", json_text(stamp->compiler));
    put(object, "scenario", json_text(stamp->scenario_path));
    put(object, "scenario_hash", json_text(stamp->scenario_hash));
    put(object, "overrides", overrides_json(stamp));
    put(object, "seed", json_integer((json_int_t)stamp->seed));
    put(object, "command", json_text(stamp->command));
    return object;
}

static json_t *scenario_json(const struct result *result)
{
    json_t *object = json_object();
    put(object, "name", json_text(result->name));
    put(object, "question", json_text(result->question));
    put(object, "headline", json_text(result->headline));
    put(object, "duration_s", json_number(result->duration_s));
    put(object, "bin_s", json_number(result->bin_s));
    put(object, "warmup_s", json_number(result->warmup_s));
    put(object, "bins", json_integer(result->bins));
    put(object, "replications", json_integer(result->replications));
    return object;
}

static json_t *faults_json(const struct result *result)
{
    json_t *array = json_array();
    for (size_t i = 0; i < result->fault_count; i++) {
        json_t *fault = json_object();
        put(fault, "label", json_text(result->faults[i].label));
        put(fault, "from_s", json_number(result->faults[i].from_s));
        put(fault, "to_s", json_number(result->faults[i].to_s));
        append(array, fault);
    }
    return array;
}

static json_t *metric_json(const struct metric_result *metric, uint32_t replications)
{
    json_t *object = json_object(), *interval = json_array(), *values = json_array();
    append(interval, json_number(metric->estimate.low));
    append(interval, json_number(metric->estimate.high));
    for (uint32_t r = 0; r < replications; r++)
        append(values, json_number(metric->values[r]));
    put(object, "unit", json_text(unit_name(metric->info->unit)));
    put(object, "mean", json_number(metric->estimate.mean));
    put(object, "ci95", interval);
    put(object, "values", values);
    return object;
}

static json_t *metrics_json(const struct metric_result *metrics, size_t count, uint32_t replications)
{
    json_t *object = json_object();
    for (size_t i = 0; i < count; i++)
        put(object, metrics[i].info->name, metric_json(&metrics[i], replications));
    return object;
}

static json_t *places_json(const struct strategy_result *strategy, uint32_t replications)
{
    static const char *const kinds[] = {
        [PLACE_CALLER] = "caller", [PLACE_SERVICE] = "service", [PLACE_CACHE] = "cache"};
    json_t *object = json_object();
    for (size_t i = 0; i < strategy->place_count; i++) {
        const struct place_result *place = &strategy->places[i];
        json_t *one = json_object();
        put(one, "kind", json_text(kinds[place->kind]));
        if (place->kind == PLACE_SERVICE)
            put(one, "entrance", json_boolean(place->entrance));
        put(one, "metrics", metrics_json(place->metrics, place->metric_count, replications));
        put(object, place->path, one);
    }
    return object;
}

static json_t *strategies_json(const struct result *result)
{
    json_t *array = json_array();
    for (size_t i = 0; i < result->strategy_count; i++) {
        const struct strategy_result *strategy = &result->strategies[i];
        json_t *object = json_object();
        put(object, "name", json_text(strategy->name));
        put(object, "note", json_text(strategy->note));
        put(object, "replications", json_integer(strategy->finished));
        put(object, "capacity_per_s", json_number(strategy->capacity_per_s));
        put(object, "metrics", metrics_json(strategy->metrics, strategy->metric_count, result->replications));
        put(object, "places", places_json(strategy, result->replications));
        append(array, object);
    }
    return array;
}

static json_t *expectations_json(const struct result *result)
{
    json_t *array = json_array();
    for (size_t i = 0; i < result->expectation_count; i++) {
        const struct expectation_result *expectation = &result->expectations[i];
        json_t *object = json_object();
        put(object, "metric", json_text(expectation->metric));
        put(object, "is", json_text(expectation->is));
        put(object, "for", json_text(expectation->strategy));
        put(object, "measured", json_number(expectation->measured));
        put(object, "passed", json_boolean(expectation->passed));
        append(array, object);
    }
    return array;
}

static int add_bytes(const char *bytes, size_t length, void *text)
{
    text_put(text, bytes, length);
    return 0;
}

static void write_json(const struct result *result, struct text *text)
{
    json_t *root = json_object();
    put(root, "schema", json_text("retrystorm/1"));
    put(root, "stamp", stamp_json(&result->stamp));
    put(root, "scenario", scenario_json(result));
    put(root, "interrupted", json_boolean(result->interrupted));
    put(root, "faults", faults_json(result));
    put(root, "strategies", strategies_json(result));
    put(root, "expectations", expectations_json(result));
    json_dump_callback(root, add_bytes, text, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
    text_char(text, '\n');
    json_decref(root);
}

const struct output_row output_summary_json = {
    .name = "summary.json",
    .summary = "stamp, every metric with its values, expectations",
    .write = write_json,
};
