/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/field_scalar.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"

enum { NAME_LENGTH_MAX = 64 };

static bool in_range(const struct field *field, double value)
{
    return (field->min == 0 && field->max == 0) || (value >= field->min && value <= field->max);
}

static const char *label_of(const struct decoder *d, const struct field *field)
{
    return d->label ? d->label : field->name;
}

static void out_of_range(struct decoder *d, const struct field *field, struct origin at, const char *text)
{
    char low[UNITS_TEXT_SIZE], high[UNITS_TEXT_SIZE];
    field_show_limit(field, field->min, low);
    field_show_limit(field, field->max, high);
    bool percent = field->kind == FIELD_RATIO && field->max == 1 && !strchr(text, '%') && text[0] != '-';
    diag_error(d->diag, at, "%s: %s is out of range: from %s to %s%s%s%s%s%s", label_of(d, field), text, low, high,
               field->word ? ", or " : "", field->word ? field->word : "", percent ? "; percents are written '" : "",
               percent ? text : "", percent ? "%'" : "");
}

static void not_a_number(struct decoder *d, const struct field *field, struct origin at, const char *why)
{
    diag_error(d->diag, at, "%s: %s%s%s%s", label_of(d, field), why, field->word ? " (or '" : "",
               field->word ? field->word : "", field->word ? "')" : "");
}

static bool parse_whole(const struct field *field, const char *text, int64_t *value, char *why)
{
    return field->kind == FIELD_DURATION ? units_parse_duration(text, value, why)
                                         : units_parse_count(text, value, why);
}

static void decode_whole(struct decoder *d, const struct field *field, const char *text, struct origin at,
                         int64_t *out)
{
    char why[UNITS_WHY_SIZE];
    int64_t value = 0;
    if (field->word && strcmp(text, field->word) == 0)
        *out = INT64_MAX;
    else if (!parse_whole(field, text, &value, why))
        not_a_number(d, field, at, why);
    else if (!in_range(field, (double)value))
        out_of_range(d, field, at, text);
    else
        *out = value;
}

static bool parse_real(const struct field *field, const char *text, double *value, char *why)
{
    switch (field->kind) {
    case FIELD_RATE: return units_parse_rate(text, value, why);
    case FIELD_RATIO: return units_parse_ratio(text, value, why);
    default: return units_parse_real(text, value, why);
    }
}

static void decode_real(struct decoder *d, const struct field *field, const char *text, struct origin at, double *out)
{
    char why[UNITS_WHY_SIZE];
    double value = 0;
    if (field->word && strcmp(text, field->word) == 0)
        *out = INFINITY;
    else if (!parse_real(field, text, &value, why))
        not_a_number(d, field, at, why);
    else if (!in_range(field, value))
        out_of_range(d, field, at, text);
    else
        *out = value;
}

static void decode_bool(struct decoder *d, const struct field *field, const char *text, struct origin at, bool *out)
{
    if (strcmp(text, "true") == 0)
        *out = true;
    else if (strcmp(text, "false") == 0)
        *out = false;
    else
        diag_error(d->diag, at, "%s: '%s' is neither true nor false", label_of(d, field), text);
}

void field_join_names(const char *const *names, size_t count, char *text, size_t size)
{
    size_t used = 0;
    text[0] = 0;
    for (size_t i = 0; i < count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "", names[i]);
}

/* What other tools call it: what is no slip of the pen, and means something all the same. */
static const char *usual_word(const char *text, const char *const *names, size_t count)
{
    static const char *const words[][2] = {
        {"retries", "attempts"}, {"max_retries", "attempts"}, {"max_attempts", "attempts"}, {"size", "capacity"},
        {"limit", "capacity"}, {"concurrency", "workers"}, {"threads", "workers"}, {"rps", "rate"}, {"qps", "rate"},
        {"instances", "replicas"}, {"5xx", "server-error"}, {"500", "server-error"}, {"502", "gateway"},
        {"503", "overloaded"}, {"504", "gateway"}, {"429", "throttled"}, {"4xx", "client-error"}};
    for (size_t w = 0; w < sizeof words / sizeof *words; w++)
        for (size_t i = 0; strcmp(words[w][0], text) == 0 && i < count; i++)
            if (strcmp(names[i], words[w][1]) == 0)
                return names[i];
    return NULL;
}

void field_unknown_name(struct decoder *d, struct origin at, const char *what, const char *text,
                        const char *const *names, size_t count)
{
    char all[FIELD_NAMES_SIZE];
    const char *nearest = usual_word(text, names, count);
    if (!nearest)
        nearest = diag_nearest(text, names, count);
    field_join_names(names, count, all, sizeof all);
    if (nearest)
        diag_error(d->diag, at, "unknown %s '%s'; did you mean '%s'?", what, text, nearest);
    else
        diag_error(d->diag, at, "unknown %s '%s'; there are: %s", what, text, all);
}

static void decode_enum(struct decoder *d, const struct field *field, const char *text, struct origin at, int *out)
{
    size_t count = 0;
    for (; field->names[count]; count++)
        if (strcmp(field->names[count], text) == 0) {
            *out = (int)count;
            return;
        }
    field_unknown_name(d, at, field->name, text, field->names, count);
}

static void decode_member(struct decoder *d, const struct field *field, const char *name, struct origin at,
                          uint32_t *set)
{
    size_t count = 0;
    bool without = *name == '-';
    for (; field->names[count]; count++) {
        if (strcmp(field->names[count], name + without) != 0)
            continue;
        uint32_t mask = field->masks ? field->masks[count] : UINT32_C(1) << count;
        *set = without ? *set & ~mask : *set | mask;
        return;
    }
    field_unknown_name(d, at, label_of(d, field), name + without, field->names, count);
}

void field_decode_set(struct decoder *d, const struct field *field, const char *text, struct origin at, uint32_t *set)
{
    while (*text) {
        size_t length = strcspn(text, ",");
        decode_member(d, field, arena_printf(d->arena, "%.*s", (int)length, text), at, set);
        text += length;
        text += strspn(text, ", ");
    }
}

static const char *decode_name(struct decoder *d, const struct field *field, const char *text, struct origin at)
{
    size_t good = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    if (!*text || text[good] || good > NAME_LENGTH_MAX)
        diag_error(d->diag, at, "%s: '%s' is no name: use 1 to %d of a-z 0-9 _ -", field->name, text,
                   NAME_LENGTH_MAX);
    return arena_strdup(d->arena, text);
}

static const char *decode_file(struct decoder *d, const char *text, struct origin at)
{
    const char *slash = at.file && at.line > 0 ? strrchr(at.file, '/') : NULL;
    if (!slash || text[0] == '/')
        return arena_strdup(d->arena, text);
    return arena_printf(d->arena, "%.*s/%s", (int)(slash - at.file), at.file, text);
}

void field_decode_scalar(struct decoder *d, const struct field *field, const char *text, struct origin at, void *out)
{
    switch (field->kind) {
    case FIELD_DURATION:
    case FIELD_COUNT: decode_whole(d, field, text, at, out); break;
    case FIELD_RATE:
    case FIELD_RATIO:
    case FIELD_REAL: decode_real(d, field, text, at, out); break;
    case FIELD_BOOL: decode_bool(d, field, text, at, out); break;
    case FIELD_ENUM: decode_enum(d, field, text, at, out); break;
    case FIELD_SET: field_decode_set(d, field, text, at, out); break;
    case FIELD_NAME: *(const char **)out = decode_name(d, field, text, at); break;
    case FIELD_TEXT: *(const char **)out = arena_strdup(d->arena, text); break;
    case FIELD_FILE: *(const char **)out = decode_file(d, text, at); break;
    default: diag_error(d->diag, at, "%s: a single value is not enough here", field->name);
    }
}
