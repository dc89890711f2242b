/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/ordered.h"

#include <stdlib.h>

#include "base/arena.h"

/* The turn counts pushes and wraps: equal keys keep their order while fewer than 2^31 pushes lie between them. */
static bool is_before(struct ordered_entry a, struct ordered_entry b)
{
    return a.key < b.key || (a.key == b.key && (int32_t)(a.turn - b.turn) < 0);
}

static void put(struct ordered *ordered, struct attempt *attempts, uint32_t place, struct ordered_entry entry)
{
    ordered->entries[place] = entry;
    attempts[entry.attempt].done_ns = place;
}

static void sift_up(struct ordered *ordered, struct attempt *attempts, uint32_t place, struct ordered_entry entry)
{
    while (place > 0 && is_before(entry, ordered->entries[(place - 1) / 2])) {
        put(ordered, attempts, place, ordered->entries[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put(ordered, attempts, place, entry);
}

static void sift_down(struct ordered *ordered, struct attempt *attempts, uint32_t place, struct ordered_entry entry)
{
    for (uint32_t child; (child = 2 * place + 1) < ordered->count; place = child) {
        if (child + 1 < ordered->count && is_before(ordered->entries[child + 1], ordered->entries[child]))
            child++;
        if (!is_before(ordered->entries[child], entry))
            break;
        put(ordered, attempts, place, ordered->entries[child]);
    }
    put(ordered, attempts, place, entry);
}

void ordered_push(struct ordered *ordered, struct attempt *attempts, uint32_t attempt, double key)
{
    if (ordered->count == ordered->room) {
        ordered->room = ordered->room ? ordered->room + ordered->room / 2 : 64;
        ordered->entries = memory_resize(ordered->entries, ordered->room, sizeof *ordered->entries);
    }
    sift_up(ordered, attempts, ordered->count++, (struct ordered_entry){key, ordered->turns++, attempt});
}

void ordered_remove(struct ordered *ordered, struct attempt *attempts, uint32_t attempt)
{
    uint32_t place = (uint32_t)attempts[attempt].done_ns;
    struct ordered_entry last = ordered->entries[--ordered->count];
    if (place == ordered->count)
        return;
    if (place > 0 && is_before(last, ordered->entries[(place - 1) / 2]))
        sift_up(ordered, attempts, place, last);
    else
        sift_down(ordered, attempts, place, last);
}

void ordered_free(struct ordered *ordered)
{
    free(ordered->entries);
}
