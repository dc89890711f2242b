/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lock that is let go when the fetch ends, good or bad: after an error the next one who looks gets it, so that slow
 * errors are had one after the other. Who has waited too long fetches without it, and that value is not stored. */
#include "model/miss/rows.h"
#include "model/miss/token.h"

struct lock {
    int64_t age_ns, poll_ns, timeout_ns;
};

static const struct field fields[] = {
    {"age", FIELD_DURATION, offsetof(struct lock, age_ns), .min = 1, .max = 1e18, .text = "5s",
     .help = "a fetch that takes longer loses the lock to the next one who looks"},
    {"poll", FIELD_DURATION, offsetof(struct lock, poll_ns), .min = 1, .max = 1e18, .text = "500ms",
     .help = "who waits looks again so much later"},
    {"timeout", FIELD_DURATION, offsetof(struct lock, timeout_ns), .min = 1, .max = 1e18, .text = "5s", .word = "none",
     .help = "who has waited so long fetches without the lock; that value is not stored"},
    {0}};

static int64_t wait_ns(const void *parameters, int64_t waited_ns)
{
    const struct lock *lock = parameters;
    int64_t left_ns = lock->timeout_ns - waited_ns;
    return left_ns < lock->poll_ns ? left_ns : lock->poll_ns;
}

static void began(struct cache *cache, uint32_t key, uint32_t attempt, int64_t now_ns)
{
    const struct lock *lock = (const void *)cache->config->miss.choice.parameters;
    token_take(cache, key, attempt, now_ns + lock->age_ns);
}

static void ended(struct cache *cache, uint32_t key, bool stored)
{
    (void)stored;
    token_leave(cache, key, true);
}

const struct miss_row miss_lock = {
    .row = {.name = "lock",
            .summary = "one fetch of a key at a time; other misses poll, and after an error the next of them fetches",
            .source = "nginx proxy_cache_lock, its age and timeout of 5 s, and its poll of 500 ms",
            .fields = fields, .size = sizeof(struct lock)},
    .remembers = true, .may_fetch = token_is_free, .wait_ns = wait_ns, .began = began, .granted = token_is_held_by,
    .ended = ended,
};
