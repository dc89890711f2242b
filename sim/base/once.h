/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Things that are made once in a program's life and then shared by all its threads, such as what a file holds.
 *
 * A list of named values that only grows. A value is the result of a pure function (of files that do not change
 * meanwhile), so who asks first does not matter; it is never freed and never changes. What turned out bad (a file that
 * could not be read) is made anew the next time. */
#ifndef BASE_ONCE_H
#define BASE_ONCE_H

#include <pthread.h>
#include <stdbool.h>

struct once {
    pthread_mutex_t lock;
    struct once_entry *entries;
};

#define ONCE_EMPTY {PTHREAD_MUTEX_INITIALIZER, NULL}

struct once_kind {
    void *(*make)(const void *how);
    bool (*is_good)(const void *value);
};

/* The value called `name`; `how` is for `make`. Makers run one at a time. */
const void *once_get(struct once *once, const struct once_kind *kind, const char *name, const void *how);

#endif
