/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of base/field.c that knows scalars: a text becomes a number, a name, a choice of names. Errors go to the
 * decoder's `diag`, under the key's name; what was not good leaves its place untouched. */
#ifndef BASE_FIELD_SCALAR_H
#define BASE_FIELD_SCALAR_H

#include "base/field.h"

enum { FIELD_NAMES_SIZE = 1024 }; /* room for a list of names in a message */

struct decoder {
    struct arena *arena;
    struct diag *diag;
    const char *label;            /* the key that a shorthand scalar stands under, in place of the field it sets */
};

void field_decode_scalar(struct decoder *d, const struct field *field, const char *text, struct origin at, void *out);

/* Adds what `text`, one or more names with commas between them, says to the set, or takes it away. */
void field_decode_set(struct decoder *d, const struct field *field, const char *text, struct origin at, uint32_t *set);

/* "unknown WHAT 'text'": with the nearest name, or else all of them. */
void field_unknown_name(struct decoder *d, struct origin at, const char *what, const char *text,
                        const char *const *names, size_t count);

/* "a, b, c", cut off where `size` ends. */
void field_join_names(const char *const *names, size_t count, char *text, size_t size);

#endif
