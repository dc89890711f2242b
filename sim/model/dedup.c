/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/dedup.h"

#include <stdlib.h>

#include "base/arena.h"

struct entry {
    uint64_t key;
    int64_t stored_ns;            /* -1: running */
    struct queue twins;           /* of a running one */
    uint32_t chain;               /* next in its bucket; of a free entry: the next free one */
    uint32_t newer;               /* of a stored one, by age */
};

struct dedup {
    int64_t ttl_ns, size, stored;
    uint32_t *buckets;            /* a power of two of them */
    struct entry *entries;
    uint32_t bucket_count, count, used, room, free;
    uint32_t oldest, newest;
};

struct dedup *dedup_new(int64_t ttl_ns, int64_t size)
{
    struct dedup *dedup = memory_zeroed(1, sizeof *dedup);
    dedup->ttl_ns = ttl_ns;
    dedup->size = size;
    dedup->free = dedup->oldest = dedup->newest = NONE;
    return dedup;
}

void dedup_free(struct dedup *dedup)
{
    if (dedup) {
        free(dedup->buckets);
        free(dedup->entries);
    }
    free(dedup);
}

/* ---- the hash table ---- */

static uint32_t *bucket_of(const struct dedup *dedup, uint64_t key)
{
    return &dedup->buckets[key & (dedup->bucket_count - 1)];
}

static uint32_t find(const struct dedup *dedup, uint64_t key)
{
    if (dedup->bucket_count == 0)
        return NONE;
    uint32_t at = *bucket_of(dedup, key);
    while (at != NONE && dedup->entries[at].key != key)
        at = dedup->entries[at].chain;
    return at;
}

static void grow(struct dedup *dedup)
{
    dedup->bucket_count = dedup->bucket_count ? dedup->bucket_count * 2 : 64;
    dedup->buckets = memory_resize(dedup->buckets, dedup->bucket_count, sizeof *dedup->buckets);
    for (uint32_t i = 0; i < dedup->bucket_count; i++)
        dedup->buckets[i] = NONE;
    for (uint32_t i = 0; i < dedup->used; i++) { /* full: no entry is free */
        uint32_t *bucket = bucket_of(dedup, dedup->entries[i].key);
        dedup->entries[i].chain = *bucket;
        *bucket = i;
    }
    dedup->room = dedup->bucket_count;
    dedup->entries = memory_resize(dedup->entries, dedup->room, sizeof *dedup->entries);
}

static uint32_t add(struct dedup *dedup, uint64_t key)
{
    if (dedup->free == NONE && dedup->used == dedup->room)
        grow(dedup);
    uint32_t at = dedup->free != NONE ? dedup->free : dedup->used++;
    if (at == dedup->free)
        dedup->free = dedup->entries[at].chain;
    uint32_t *bucket = bucket_of(dedup, key);
    dedup->entries[at] = (struct entry){.key = key, .stored_ns = -1, .twins = {NONE, NONE, 0}, .chain = *bucket,
                                        .newer = NONE};
    *bucket = at;
    return at;
}

static void take_out(struct dedup *dedup, uint32_t at)
{
    uint32_t *link = bucket_of(dedup, dedup->entries[at].key);
    while (*link != at)
        link = &dedup->entries[*link].chain;
    *link = dedup->entries[at].chain;
    dedup->entries[at].chain = dedup->free;
    dedup->free = at;
}

/* ---- age ---- */

static void forget_oldest(struct dedup *dedup)
{
    uint32_t at = dedup->oldest;
    dedup->oldest = dedup->entries[at].newer;
    if (dedup->oldest == NONE)
        dedup->newest = NONE;
    dedup->stored--;
    take_out(dedup, at);
}

static void forget_expired(struct dedup *dedup, int64_t now_ns)
{
    while (dedup->oldest != NONE && now_ns - dedup->entries[dedup->oldest].stored_ns >= dedup->ttl_ns)
        forget_oldest(dedup);
}

/* ---- what the header says ---- */

enum dedup_state dedup_look(struct dedup *dedup, uint64_t key, int64_t now_ns)
{
    forget_expired(dedup, now_ns);
    uint32_t at = find(dedup, key);
    return at == NONE ? DEDUP_ABSENT : dedup->entries[at].stored_ns < 0 ? DEDUP_RUNNING : DEDUP_STORED;
}

void dedup_begin(struct dedup *dedup, uint64_t key)
{
    add(dedup, key);
}

void dedup_store(struct dedup *dedup, uint64_t key, int64_t now_ns)
{
    uint32_t at = find(dedup, key);
    if (at == NONE)
        at = add(dedup, key);
    if (dedup->entries[at].stored_ns >= 0)
        return;
    dedup->entries[at].stored_ns = now_ns;
    if (dedup->newest == NONE)
        dedup->oldest = at;
    else
        dedup->entries[dedup->newest].newer = at;
    dedup->newest = at;
    if (++dedup->stored > dedup->size)
        forget_oldest(dedup);
}

void dedup_forget(struct dedup *dedup, uint64_t key)
{
    uint32_t at = find(dedup, key);
    if (at != NONE && dedup->entries[at].stored_ns < 0)
        take_out(dedup, at);
}

struct queue *dedup_twins(struct dedup *dedup, uint64_t key)
{
    uint32_t at = find(dedup, key);
    return at != NONE && dedup->entries[at].stored_ns < 0 ? &dedup->entries[at].twins : NULL;
}

int64_t dedup_stored(const struct dedup *dedup)
{
    return dedup->stored;
}
