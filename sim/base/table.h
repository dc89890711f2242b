/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of interchangeable mechanisms: backoff shapes, jitters, laws, arrivals, faults, ...
 *
 * A row is one const descriptor in one file. A table lists the rows of one family in one place. Parsing, `list`,
 * `describe`, --print-config and the generic tests walk the tables; nothing else knows the names.
 *
 * Families extend a row: their descriptor begins with a `struct row` and adds its functions behind it, so a
 * `const struct row *` of a known table may be cast to the family's type. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stddef.h>

struct field;

enum { CHOICE_BYTES = 128 };

struct row {
    const char *name;
    const char *summary;          /* one line */
    const char *formula;          /* what it computes, NULL where the summary says it all */
    const char *source;           /* where it is from, NULL if ours */
    const struct field *fields;   /* its parameters, ends with a field without a name; NULL: none */
    size_t size;                  /* of its parameter struct, at most CHOICE_BYTES */
    /* After decoding: check the parameters against each other, fill in derived ones. NULL or an error text. */
    const char *(*prepare)(void *parameters);
};

struct table {
    const char *family;           /* "jitter": what `list` and `describe` call it */
    const char *summary;
    const struct row *const *rows; /* ends with NULL */
    const char *shorthand;        /* a scalar that is no row's name is the first field of this row; NULL: an error */
};

/* One chosen row with its parameters: plain memory, may be copied. */
struct choice {
    const struct row *row;
    _Alignas(max_align_t) unsigned char parameters[CHOICE_BYTES];
};

const struct row *table_find(const struct table *table, const char *name);
size_t table_names(const struct table *table, const char **names, size_t room);   /* the number there are */

#endif
