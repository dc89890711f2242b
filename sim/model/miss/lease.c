/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leases: a miss is given a token to fill the key with, one an interval. Whoever gets none is told to come back. A
 * stored value ends the lease; a fetch that brings none does not, so a failing origin sees one fetch an interval. */
#include "model/miss/rows.h"
#include "model/miss/token.h"

struct lease {
    int64_t interval_ns, wait_ns;
};

static const struct field fields[] = {
    {"interval", FIELD_DURATION, offsetof(struct lease, interval_ns), .min = 1, .max = 1e18, .text = "10s",
     .help = "a key's next lease is given out so long after the last one, unless a value was stored"},
    {"wait", FIELD_DURATION, offsetof(struct lease, wait_ns), .min = 1, .max = 1e18, .text = "10ms",
     .help = "who gets no lease looks again so much later"},
    {0}};

static const char *prepare(void *parameters)
{
    const struct lease *lease = parameters;
    return lease->wait_ns > lease->interval_ns ? "wait is longer than the interval between two leases" : NULL;
}

static int64_t wait_ns(const void *parameters, int64_t waited_ns)
{
    (void)waited_ns;
    return ((const struct lease *)parameters)->wait_ns;
}

static void began(struct cache *cache, uint32_t key, uint32_t attempt, int64_t now_ns)
{
    const struct lease *lease = (const void *)cache->config->miss.choice.parameters;
    token_take(cache, key, attempt, now_ns + lease->interval_ns);
}

const struct miss_row miss_lease = {
    .row = {.name = "lease",
            .summary = "one fetch of a key an interval; other misses look again later, late values are refused",
            .formula = "at most one fetch an interval while the origin brings nothing",
            .source = "Nishtala et al., Scaling Memcache at Facebook (NSDI 2013)",
            .fields = fields, .size = sizeof(struct lease), .prepare = prepare},
    .remembers = true, .may_fetch = token_is_free, .wait_ns = wait_ns, .began = began, .granted = token_is_held_by,
    .ended = token_leave,
};
