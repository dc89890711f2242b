/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The field table of a cache. What its values must be to each other is in config_link.c. */
#include "model/config.h"
#include "model/eviction.h"
#include "model/miss.h"
#include "model/refresh.h"

static const char *const fills[] = {"always", "caller-alive", NULL};
static const char *const starts[] = {"cold", "filled", "aged", NULL};
static const char *const placements[] = {"consistent", "modulo", NULL};

#define OF(member) offsetof(struct cache_config, member)
static const struct field fields[] = {
    {"name", FIELD_NAME, OF(name), .help = "how paths and results call it"},
    {"origin", FIELD_NAME, OF(origin), .help = "the service that misses are fetched from"},
    {"keys", FIELD_COUNT, OF(keys), .min = 1, .max = 1e8, .help = "distinct keys"},
    {"zipf", FIELD_REAL, OF(zipf), .min = 0, .max = 10, .text = "1",
     .help = "popularity of the i-th key is proportional to i^-zipf; 0: all alike"},
    {"ttl", FIELD_DURATION, OF(ttl_ns), .min = 1, .max = 1e18, .word = "none", .help = "time a value stays fresh"},
    {"ttl_jitter", FIELD_RATIO, OF(ttl_jitter), .min = 0, .max = 1, .text = "0%",
     .help = "each TTL is shortened by up to this part of it, uniformly"},
    {"ttl_align", FIELD_DURATION, OF(ttl_align_ns), .min = 1, .max = 1e18, .text = "none", .word = "none",
     .help = "TTLs are shortened to end at multiples of this (1h: on the hour), before any jitter"},
    {"sliding", FIELD_BOOL, OF(sliding), .text = "false", .help = "true: each hit starts the TTL anew"},
    {"miss", FIELD_MAP, OF(miss), .record = &miss_record, .text = "each",
     .help = "how many fetches of a key at a time: each, coalesce, lease or lock"},
    {"refresh", FIELD_MAP, OF(refresh), .record = &refresh_record, .text = "none",
     .help = "fetching values anew before they expire: none, early or threshold"},
    {"stale_while_revalidate", FIELD_DURATION, OF(stale_while_revalidate_ns), .max = 1e18, .text = "0s",
     .help = "so long after its TTL (soft) a value is still given out, while one is fetched in the background; after "
             "that (hard TTL) it is a miss"},
    {"stale_if_error", FIELD_DURATION, OF(stale_if_error_ns), .max = 1e18, .text = "0s",
     .help = "so long after its TTL a value is given out instead of an error, when a fetch fails"},
    {"negative_ttl", FIELD_DURATION, OF(negative_ttl_ns), .max = 1e18, .text = "0s",
     .help = "a failed fetch is remembered so long: lookups get its error (or a stale value) and do not fetch"},
    {"error_as_miss", FIELD_BOOL, OF(error_as_miss), .text = "false",
     .help = "true: a failed fetch deletes the key's value, as if the error were news about it"},
    {"fill", FIELD_ENUM, OF(fill), .names = fills, .text = "always",
     .help = "always (read-through): every fetched value is stored; caller-alive (look-aside): only if a caller "
             "still waits"},
    {"start", FIELD_ENUM, OF(start), .names = starts, .text = "cold",
     .help = "cold: empty; filled: the most popular keys that fit are stored at time 0; aged: as in long use, the keys "
             "that the eviction leaves, with ages spread over the TTL"},
    {"capacity", FIELD_COUNT, OF(capacity), .min = 1, .max = 1e8, .text = "unlimited", .word = "unlimited",
     .help = "values at most, expired ones included"},
    {"eviction", FIELD_CHOICE, OF(eviction), .table = &eviction_table, .text = "lru",
     .help = "which value goes when there is no room"},
    {"nodes", FIELD_COUNT, OF(nodes), .min = 1, .max = 1e4, .text = "1",
     .help = "machines that share keys and capacity; for flushes of a node and ring changes"},
    {"placement", FIELD_ENUM, OF(placement), .names = placements, .text = "consistent",
     .help = "consistent: a ring change moves 1/nodes of the keys; modulo: nearly all"},
    {"hit_latency", FIELD_MAP, OF(hit_latency), .record = &law_record, .text = "0s",
     .help = "time that an answer out of the cache takes"},
    {"fetch_latency", FIELD_MAP, OF(fetch_latency), .record = &law_record, .text = "0s",
     .help = "time that the origin's answer, good or bad, takes to come back"},
    {"fetch_timeout", FIELD_DURATION, OF(fetch_timeout_ns), .min = 1, .max = 1e18, .text = "1min",
     .help = "a background fetch that was lost is given up after this time"},
    {0}};

const struct record cache_record = {"a cache", sizeof(struct cache_config), fields, NULL, NULL};
