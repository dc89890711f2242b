/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One member of a decoded struct, found by its path, and its value. */
#include <math.h>
#include <string.h>

#include "base/field.h"

static const struct field *find(const struct field *fields, const char *key, size_t length)
{
    for (; fields && fields->name; fields++)
        if (strlen(fields->name) == length && strncmp(fields->name, key, length) == 0)
            return fields;
    return NULL;
}

static const struct field *find_in_record(const struct field *fields, const char *self, const char *key, size_t length,
                                          const char **member)
{
    const struct field *field = find(fields, key, length);
    *member = field ? self + field->offset : NULL;
    for (; !field && fields && fields->name; fields++) {
        const struct choice *choice = (const void *)(self + fields->offset);
        if (fields->kind != FIELD_CHOICE || !choice->row)
            continue;
        field = find(choice->row->fields, key, length);
        *member = field ? (const char *)choice->parameters + field->offset : NULL;
    }
    return field;
}

const struct field *field_find(const struct record *record, const char *path, const void *self, const void **member)
{
    const char *at = self;
    for (;;) {
        size_t length = strcspn(path, ".");
        const struct field *field = find_in_record(record->fields, at, path, length, &at);
        if (!field || !path[length]) {
            *member = at;
            return field;
        }
        if (field->kind == FIELD_OPTIONAL)
            memcpy(&at, (const void *)at, sizeof at);
        if ((field->kind != FIELD_MAP && field->kind != FIELD_OPTIONAL) || !at)
            return NULL;
        record = field->record;
        path += length + 1;
    }
}

static bool is_whole(const struct field *field)
{
    return field->kind == FIELD_DURATION || field->kind == FIELD_COUNT;
}

bool field_is_number(const struct field *field)
{
    return is_whole(field) || field->kind == FIELD_RATE || field->kind == FIELD_RATIO || field->kind == FIELD_REAL;
}

double field_number(const struct field *field, const void *member)
{
    if (!is_whole(field))
        return *(const double *)member;
    int64_t value = *(const int64_t *)member;
    return value == INT64_MAX ? INFINITY : (double)value;
}
