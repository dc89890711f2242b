/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Showing what a field table knows: resolved values with their origins, and explanations for `describe`. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/field.h"
#include "base/units.h"

enum { COMMENT_COLUMN = 52 };

static void print_fields(const struct field *fields, const struct node *map, const void *self, int indent,
                         bool *first, FILE *out);

static bool is_whole(const struct field *field)
{
    return field->kind == FIELD_DURATION || field->kind == FIELD_COUNT;
}

static void format_whole(const struct field *field, int64_t value, char text[UNITS_TEXT_SIZE])
{
    if (field->kind == FIELD_DURATION)
        units_format_duration(value, text);
    else
        units_format_count(value, text);
}

static void format_real(const struct field *field, double value, char text[UNITS_TEXT_SIZE])
{
    switch (field->kind) {
    case FIELD_RATE: units_format_rate(value, text); break;
    case FIELD_RATIO: units_format_ratio(value, text); break;
    default: units_format_real(value, text);
    }
}

void field_show_limit(const struct field *field, double limit, char *text)
{
    if (is_whole(field))
        format_whole(field, (int64_t)limit, text);
    else
        format_real(field, limit, text);
}

static bool is_word(const struct field *field, const void *value)
{
    if (!field->word)
        return false;
    if (is_whole(field))
        return *(const int64_t *)value == INT64_MAX;
    return isinf(*(const double *)value);
}

static uint32_t mask_of(const struct field *field, size_t name)
{
    return field->masks ? field->masks[name] : UINT32_C(1) << name;
}

/* The name that means exactly this set, or the list of its members. */
static void format_set(const struct field *field, uint32_t set, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "[");
    for (size_t i = 0; field->names[i]; i++)
        if (mask_of(field, i) == set) {
            snprintf(text, size, "%s", field->names[i]);
            return;
        }
    for (size_t i = 0; field->names[i] && used < size; i++) {
        uint32_t mask = mask_of(field, i);
        if ((mask & (mask - 1)) == 0 && set & mask)
            used += (size_t)snprintf(text + used, size - used, "%s%s", used > 1 ? ", " : "", field->names[i]);
    }
    if (used < size)
        snprintf(text + used, size - used, "]");
}

void field_show_value(const struct field *field, const void *value, char *text, size_t size)
{
    char number[UNITS_TEXT_SIZE];
    switch (field->kind) {
    case FIELD_BOOL: snprintf(text, size, "%s", *(const bool *)value ? "true" : "false"); return;
    case FIELD_ENUM: snprintf(text, size, "%s", field->names[*(const int *)value]); return;
    case FIELD_NAME:
    case FIELD_FILE: snprintf(text, size, "%s", *(const char *const *)value); return;
    case FIELD_CHOICE: snprintf(text, size, "%s", ((const struct choice *)value)->row->name); return;
    case FIELD_SET: format_set(field, *(const uint32_t *)value, text, size); return;
    default: break;
    }
    if (is_word(field, value)) {
        snprintf(text, size, "%s", field->word);
        return;
    }
    if (is_whole(field))
        format_whole(field, *(const int64_t *)value, number);
    else
        format_real(field, *(const double *)value, number);
    snprintf(text, size, "%s", number);
}

static void print_indent(int indent, bool *first, FILE *out)
{
    fprintf(out, "%*s%s", *first ? indent - 2 : indent, "", *first ? "- " : "");
    *first = false;
}

/* The rest of a line that holds `used` columns: where the value came from. */
static void print_origin(const struct node *node, int used, FILE *out)
{
    int gap = used < COMMENT_COLUMN ? COMMENT_COLUMN - used : 1;
    if (!node)
        fprintf(out, "%*s# default\n", gap, "");
    else if (node->at.line > 0)
        fprintf(out, "%*s# %s:%d:%d\n", gap, "", node->at.file, node->at.line, node->at.column);
    else
        fprintf(out, "%*s# %s\n", gap, "", node->at.file);
}

static bool holds_control_characters(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ')
            return true;
    return false;
}

/* In single quotes, or in double ones with escapes where a line break or a tab must survive. */
static void print_quoted(const char *text, FILE *out)
{
    bool escape = holds_control_characters(text);
    fputc(escape ? '"' : '\'', out);
    for (; *text; text++) {
        if (escape && (unsigned char)*text < ' ')
            fprintf(out, "\\x%02x", (unsigned)*text);
        else if (escape && (*text == '"' || *text == '\\'))
            fprintf(out, "\\%c", *text);
        else
            fputs(!escape && *text == '\'' ? "''" : (char[]){*text, 0}, out);
    }
    fputc(escape ? '"' : '\'', out);
}

/* A path, a name or a number needs no quotes; what has a meaning in YAML gets them. */
static void print_plain(const char *text, FILE *out)
{
    size_t plain = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./%+-");
    if (*text && !text[plain] && text[0] != '-' && text[0] != '%')
        fputs(text, out);
    else
        print_quoted(text, out);
}

static void print_flow(const struct node *node, FILE *out)
{
    if (node->kind == NODE_SCALAR) {
        print_plain(node->text, out);
        return;
    }
    fputc(node->kind == NODE_MAP ? '{' : '[', out);
    for (size_t i = 0; i < node->count; i++) {
        fprintf(out, "%s", i ? ", " : "");
        if (node->kind == NODE_MAP) {
            print_plain(node->keys[i], out);
            fputs(": ", out);
        }
        print_flow(node->items[i], out);
    }
    fputc(node->kind == NODE_MAP ? '}' : ']', out);
}

static void print_record(const struct record *record, const struct node *node, const void *self, int indent,
                         bool first, FILE *out)
{
    struct node pair;
    const char *key = record->shorthand;
    if (node && node->kind == NODE_SCALAR && key)
        pair = (struct node){.kind = NODE_MAP, .at = node->at, .count = 1, .items = &node, .keys = &key};
    else
        pair = node ? *node : (struct node){.kind = NODE_MAP};
    print_fields(record->fields, &pair, self, indent, &first, out);
}

static void print_list(const struct field *field, const struct node *node, const struct list *list, int indent,
                       FILE *out)
{
    fprintf(out, "%s:%s\n", field->name, list->count ? "" : " []");
    for (size_t i = 0; i < list->count; i++) {
        const struct node *element = !node ? NULL : node->kind == NODE_LIST ? node->items[i] : node;
        const struct record *record = field->record;
        const char *item = (const char *)list->items + i * record->size;
        if (element && element->kind == NODE_SCALAR && !record->shorthand) {
            char text[256];
            field_show_value(record->fields, item + record->fields->offset, text, sizeof text);
            fprintf(out, "%*s- %s\n", indent + 2, "", text);
        } else {
            print_record(record, element, item, indent + 4, true, out);
        }
    }
}

static void print_overrides(const struct field *field, const struct overrides *overrides, FILE *out)
{
    fprintf(out, "%s: ", field->name);
    if (overrides->map)
        print_flow(overrides->map, out);
    else
        fputs("{}", out);
    fputc('\n', out);
}

static void print_choice(const struct field *field, const struct node *map, const struct choice *choice, int indent,
                         FILE *out)
{
    const struct node *node = tree_get(map, field->name);
    if (node && node->kind == NODE_MAP) {
        map = node;
        node = tree_get(map, field->table->family);
    }
    bool first = false, is_value = node && strcmp(node->text, choice->row->name) != 0;
    print_origin(node, indent + fprintf(out, "%s: %s", field->name, choice->row->name), out);
    if (!choice->row->fields)
        return;
    struct node pair = {.kind = NODE_MAP, .count = 1, .items = &node,
                        .keys = (const char *[]){choice->row->fields->name}};
    print_fields(choice->row->fields, is_value ? &pair : map, choice->parameters, indent, &first, out);
}

/* A part about which nothing else is said is its default, in one line: `breaker: none`, not thirty keys. */
static void print_map(const struct field *field, const struct node *node, const void *value, int indent, FILE *out)
{
    bool plain = !node || (node->kind == NODE_SCALAR && field->text && strcmp(node->text, field->text) == 0);
    if (plain && field->text && *field->text) {
        print_origin(node, indent + fprintf(out, "%s: %s", field->name, field->text), out);
        return;
    }
    fprintf(out, "%s:\n", field->name);
    print_record(field->record, node, value, indent + 2, false, out);
}

static void print_field(const struct field *field, const struct node *map, const void *self, int indent, FILE *out)
{
    const void *value = (const char *)self + field->offset;
    const struct node *node = tree_get(map, field->name);
    char text[256];
    switch (field->kind) {
    case FIELD_MAP: print_map(field, node, value, indent, out); return;
    case FIELD_OPTIONAL:
        if (!*(void *const *)value) {
            print_origin(node, indent + fprintf(out, "%s: %s", field->name, field->word ? field->word : "none"), out);
            return;
        }
        fprintf(out, "%s:\n", field->name);
        print_record(field->record, node, *(void *const *)value, indent + 2, false, out);
        return;
    case FIELD_LIST: print_list(field, node, value, indent, out); return;
    case FIELD_OVERRIDES: print_overrides(field, value, out); return;
    case FIELD_CHOICE: print_choice(field, map, value, indent, out); return;
    case FIELD_TEXT:
        fprintf(out, "%s: ", field->name);
        print_quoted(*(const char *const *)value, out);
        fputc('\n', out);
        return;
    default:
        field_show_value(field, value, text, sizeof text);
        print_origin(node, indent + fprintf(out, "%s: %s", field->name, text), out);
    }
}

static bool nothing_to_print(const struct field *field, const void *self)
{
    const void *value = (const char *)self + field->offset;
    if (field->kind == FIELD_OPTIONAL && !field->word)
        return !*(void *const *)value;
    if (field->kind == FIELD_TEXT && field->text && !*field->text)
        return !**(const char *const *)value;
    return field->kind == FIELD_LIST && !((const struct list *)value)->items;
}

static void print_fields(const struct field *fields, const struct node *map, const void *self, int indent,
                         bool *first, FILE *out)
{
    for (const struct field *field = fields; field->name; field++) {
        if (nothing_to_print(field, self))
            continue;
        print_indent(indent, first, out);
        print_field(field, map, self, indent, out);
    }
}

void field_print(const struct record *record, const struct node *node, const void *self, int indent, FILE *out)
{
    print_record(record, node, self, indent, false, out);
}

static const char *kind_words(const struct field *field)
{
    switch (field->kind) {
    case FIELD_DURATION: return "duration";
    case FIELD_COUNT: return "count";
    case FIELD_RATE: return "rate";
    case FIELD_RATIO: return "ratio";
    case FIELD_REAL: return "number";
    case FIELD_BOOL: return "true | false";
    case FIELD_NAME: return "name";
    case FIELD_TEXT: return "text";
    case FIELD_FILE: return "file";
    case FIELD_MAP:
    case FIELD_OPTIONAL: return field->record->what;
    case FIELD_LIST: return "list";
    case FIELD_OVERRIDES: return "map of paths";
    default: return "";
    }
}

void field_explain(const struct field *field, char *text, size_t size)
{
    char low[UNITS_TEXT_SIZE], high[UNITS_TEXT_SIZE];
    size_t used = 0;
    if (field->kind == FIELD_ENUM || field->kind == FIELD_SET) {
        used += (size_t)snprintf(text, size, "%s", field->kind == FIELD_SET ? "any of " : "");
        for (size_t i = 0; field->names[i] && used < size; i++)
            used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " | " : "", field->names[i]);
    } else if (field->kind == FIELD_CHOICE) {
        for (const struct row *const *row = field->table->rows; *row && used < size; row++)
            used += (size_t)snprintf(text + used, size - used, "%s%s", row == field->table->rows ? "" : " | ",
                                     (*row)->name);
    } else {
        used += (size_t)snprintf(text, size, "%s", kind_words(field));
    }
    if (field->min != 0 || field->max != 0) {
        field_show_limit(field, field->min, low);
        field_show_limit(field, field->max, high);
        if (used < size)
            used += (size_t)snprintf(text + used, size - used, ", %s .. %s", low, high);
    }
    if (field->word && used < size)
        used += (size_t)snprintf(text + used, size - used, ", or %s", field->word);
    if (used >= size)
        return;
    if (field->text && *field->text)
        snprintf(text + used, size - used, " [%s]", field->text);
    else if (!field->text && field->kind != FIELD_OPTIONAL && field->kind != FIELD_LIST &&
             field->kind != FIELD_OVERRIDES)
        snprintf(text + used, size - used, " (required)");
}
