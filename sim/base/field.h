/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Field tables: one description of a struct's members drives decoding, defaults, ranges, --set, sweep axes,
 * --print-config, `describe` and the reference documentation.
 *
 *     static const struct field fields[] = {
 *         {"attempts", FIELD_COUNT, offsetof(struct policy, attempts), .min = 1, .max = 1e9, .text = "1",
 *          .word = "unlimited", .help = "sends at most, the first included"},
 *         {0}};
 *
 * A field without `text` (its default, written as in a scenario) is required. `word` is a text that stands for
 * "no limit": it stores INT64_MAX, or INFINITY in a double. `min`..`max` are in stored units (ns for durations).
 *
 * Storage by kind: DURATION, COUNT int64_t; RATE, RATIO, REAL double; BOOL bool; ENUM int (index into `names`); NAME,
 * TEXT const char * (a NAME is [a-z0-9_-]+); FILE const char * (resolved against the scenario's folder); SET
 * uint32_t, a bit for each of `names` (see below); MAP the struct itself; OPTIONAL pointer to the struct, NULL when
 * absent; LIST struct list of structs (a scalar element sets the element's first field; with `one_or_many` a map or a
 * scalar in the list's place is its only element); CHOICE struct choice: the key names a row of `table`, and the
 * row's own fields are read from the same map (or from a map of their own: `think: {law: fixed, mean: 1s}`).
 *
 * A SET is a name or a list of names: `[timeout, rejected]`. Name i means bit i, or the bits of masks[i], so that a
 * name may stand for a group; a name behind a minus takes its bits away: `[all, -local]`.
 *
 * What happens to `service_time: 3ms`: the field is a MAP with law_record; the value is no map, so the record's
 * shorthand takes it, the CHOICE `law`; "3ms" is no row's name, so the table's shorthand row, `fixed`, gets it as its
 * first field, `mean`. The long form is `service_time: {law: fixed, mean: 3ms}`. */
#ifndef BASE_FIELD_H
#define BASE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/table.h"
#include "base/tree.h"

enum field_kind {
    FIELD_END, FIELD_DURATION, FIELD_COUNT, FIELD_RATE, FIELD_RATIO, FIELD_REAL, FIELD_BOOL, FIELD_ENUM,
    FIELD_SET, FIELD_NAME, FIELD_TEXT, FIELD_FILE, FIELD_MAP, FIELD_OPTIONAL, FIELD_LIST, FIELD_CHOICE, FIELD_OVERRIDES
};

struct field {
    const char *name;
    enum field_kind kind;
    size_t offset;
    double min, max;              /* both 0: anything the kind allows */
    const char *text;             /* default */
    const char *word;
    const char *const *names;     /* ENUM, SET; ends with NULL */
    const uint32_t *masks;        /* SET: the bits of each name; NULL: name i is bit i */
    const struct record *record;  /* MAP, OPTIONAL, LIST */
    const struct table *table;    /* CHOICE */
    bool one_or_many;             /* LIST */
    const char *help;
};

/* A struct with its fields. A scalar in its place sets the field `shorthand` (a CHOICE: see base/table.h). */
struct record {
    const char *what;             /* "a policy", for messages */
    size_t size;
    const struct field *fields;
    const char *shorthand;
    const char *(*prepare)(void *self);   /* after decoding: NULL or an error text */
};

struct list {
    void *items;
    size_t count;
};

/* Leaves out the elements, of `size` bytes, whose first member is a struct choice of the row `none`. */
void list_drop_none(struct list *list, size_t size);

/* What an override map (`set:`) keeps: paths and values, applied later by tree_set. */
struct overrides {
    const struct node *map;       /* NULL: none */
};

/* Fills *self (record->size bytes) from `node`. Everything wrong is reported; true if nothing was. */
bool field_decode(const struct record *record, const struct node *node, void *self, struct arena *arena,
                  struct diag *diag);

/* YAML of `self`, every value shown, each with the place it came from as a comment ("default" if from nowhere).
 * `node` is the tree `self` was decoded from. */
void field_print(const struct record *record, const struct node *node, const void *self, int indent, FILE *out);

/* The field that a path such as "queue.capacity" leads to in a decoded struct, and where its value is; NULL: none. A
 * choice's own parameters are beside it, as in a scenario. */
const struct field *field_find(const struct record *record, const char *path, const void *self, const void **member);

/* A number's value whatever its storage; the word for "no limit" is INFINITY. */
bool field_is_number(const struct field *field);
double field_number(const struct field *field, const void *member);

/* For `describe`: the value's type, range and default in words. */
enum { FIELD_EXPLAINED_SIZE = 1024 };
void field_explain(const struct field *field, char *text, size_t size);

/* A value as a scenario writes it: of scalars, sets and choices (the row's name). */
void field_show_value(const struct field *field, const void *value, char *text, size_t size);

/* A bound of a number's range, as a scenario writes it; into UNITS_TEXT_SIZE. */
void field_show_limit(const struct field *field, double limit, char *text);

#endif
