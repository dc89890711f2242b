/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/once.h"

#include <string.h>

#include "base/arena.h"

struct once_entry {
    struct once_entry *next;
    char *name;
    const void *value;
    bool good;
};

static const struct once_entry *find(const struct once *once, const char *name)
{
    for (const struct once_entry *entry = once->entries; entry; entry = entry->next)
        if (entry->good && strcmp(entry->name, name) == 0)
            return entry;
    return NULL;
}

static const struct once_entry *add(struct once *once, const struct once_kind *kind, const char *name, const void *how)
{
    struct once_entry *entry = memory_zeroed(1, sizeof *entry);
    entry->name = memory_strdup(name);
    entry->value = kind->make(how);
    entry->good = kind->is_good(entry->value);
    entry->next = once->entries;
    once->entries = entry;
    return entry;
}

const void *once_get(struct once *once, const struct once_kind *kind, const char *name, const void *how)
{
    pthread_mutex_lock(&once->lock);
    const struct once_entry *entry = find(once, name);
    if (!entry)
        entry = add(once, kind, name, how);
    pthread_mutex_unlock(&once->lock);
    return entry->value;
}
