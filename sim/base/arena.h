/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bump allocator: everything that lives as long as its owner, freed in one go.
 *
 * Memory comes zeroed and 16-byte aligned. There is no single free. Out of memory ends the program with
 * exit status 3, so callers need no checks. Not shared between threads. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena {
    struct arena_block *head;
};

void *arena_alloc(struct arena *arena, size_t size);
char *arena_strdup(struct arena *arena, const char *text);
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
void arena_free(struct arena *arena);

/* calloc, realloc and strdup that never return NULL: they report on stderr and exit with status 3. */
void *memory_zeroed(size_t count, size_t size);
void *memory_resize(void *old, size_t count, size_t size);
char *memory_strdup(const char *text);

#endif
