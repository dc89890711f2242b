/* SPDX-License-Identifier: GPL-3.0-or-later */
/* User errors: collected, sorted by position, printed together, so that one run shows all that is wrong.
 *
 * An origin says where a value came from: a file with line and column (both from 1), an option such as
 * "--set services.api.workers=0" (line 0), or nowhere (file NULL). Texts are copied. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stddef.h>
#include <stdio.h>

struct origin {
    const char *file;
    int line, column;
};

struct diag; /* owns its messages */

struct diag *diag_new(void);
void diag_free(struct diag *diag);
void diag_error(struct diag *diag, struct origin at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
size_t diag_count(const struct diag *diag);

/* `FILE:LINE:COLUMN: error: TEXT` one a line, in order of file, line, column, then of reporting; without a
 * line `FILE: error: TEXT`, without a file `error: TEXT`. Identical lines once; at most 20, then "... and N
 * more errors". Control characters in a text are printed as `?`, so that an error stays one line. */
void diag_print(const struct diag *diag, FILE *out);

/* The name closest to `word` (Damerau-Levenshtein distance of at most half its length, at least 1; the
 * first of equals), or NULL. */
const char *diag_nearest(const char *word, const char *const *names, size_t count);

#endif
