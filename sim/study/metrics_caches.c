/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/metrics_caches.h"

#include "study/metrics_common.h"

struct cache_metric {
    struct metric_info info;
    double (*of)(const struct world *world, const struct cache *cache);
};

/* A metric that is a counter, or the ratio of two. */
#define OF_COUNT(name, count)                                                  \
    static double name(const struct world *w, const struct cache *c)           \
    {                                                                          \
        (void)w;                                                               \
        return counted(&c->place, count);                                      \
    }
#define OF_RATIO(name, part, whole)                                            \
    static double name(const struct world *w, const struct cache *c)           \
    {                                                                          \
        (void)w;                                                               \
        return ratio(counted(&c->place, part), counted(&c->place, whole));     \
    }
OF_COUNT(lookups, COUNT_ATTEMPTS)
OF_COUNT(misses, COUNT_MISSES)
OF_COUNT(coalesced, COUNT_COALESCED)
OF_COUNT(negative_hits, COUNT_NEGATIVE_HITS)
OF_COUNT(fetches, COUNT_FETCHES)
OF_COUNT(background, COUNT_BACKGROUND)
OF_COUNT(early, COUNT_EARLY)
OF_COUNT(refills, COUNT_REFILLS)
OF_COUNT(refused, COUNT_REFUSED)
OF_COUNT(expiries, COUNT_EXPIRIES)
OF_COUNT(evictions, COUNT_EVICTIONS)
OF_COUNT(stale, COUNT_STALE)
OF_RATIO(hit_ratio, COUNT_SERVED, COUNT_ATTEMPTS)
OF_RATIO(hottest_hit_ratio, COUNT_HOTTEST_HITS, COUNT_HOTTEST)
OF_RATIO(fetch_ratio, COUNT_FETCHES, COUNT_ATTEMPTS)
OF_RATIO(fetches_per_expiry, COUNT_FETCHES, COUNT_EXPIRIES)
OF_RATIO(fetches_per_refill, COUNT_FETCHES, COUNT_REFILLS)
OF_RATIO(early_ratio, COUNT_EARLY_REFILLS, COUNT_REFILLS)
static double fetch_rate(const struct world *w, const struct cache *c) { return fetches(w, c) / seconds(w); }
static double herd_most(const struct world *w, const struct cache *c) { (void)w; return (double)c->herd_most; }

static double stale_age_mean(const struct world *w, const struct cache *c)
{
    return ratio((double)c->stale_ns * 1e-9, stale(w, c));
}

static double stale_age_max(const struct world *w, const struct cache *c)
{
    return stale(w, c) > 0 ? (double)c->stalest_ns * 1e-9 : NAN;
}

static double lead_mean(const struct world *w, const struct cache *c)
{
    (void)w;
    return c->lead ? hist_mean(c->lead) * 1e-9 : NAN;
}

static double lead_p50(const struct world *w, const struct cache *c)
{
    (void)w;
    return c->lead ? hist_quantile(c->lead, 0.5) * 1e-9 : NAN;
}

static double fresh_keys(const struct world *w, const struct cache *c)
{
    return average(w, c->fresh_ns, c->fresh_at_warmup);
}

static const struct cache_metric metrics[] = {
    {{"lookups", UNIT_NUMBER, BETTER_NEITHER, "keys asked for"}, lookups},
    {{"hit_ratio", UNIT_RATIO, BETTER_HIGHER, "lookups that found a value they may use, fresh or stale"}, hit_ratio},
    {{"hottest_hit_ratio", UNIT_RATIO, BETTER_HIGHER, "the same, of the most popular key"}, hottest_hit_ratio},
    {{"misses", UNIT_NUMBER, BETTER_LOWER, "lookups that did not, and got no remembered error either"}, misses},
    {{"coalesced", UNIT_NUMBER, BETTER_NEITHER, "misses that waited for another's fetch"}, coalesced},
    {{"negative_hits", UNIT_NUMBER, BETTER_NEITHER, "lookups that got a remembered error"}, negative_hits},
    {{"stale_served", UNIT_NUMBER, BETTER_LOWER, "stale values given out"}, stale},
    {{"stale_age_mean_s", UNIT_SECONDS, BETTER_LOWER, "time since their TTL, on average"}, stale_age_mean},
    {{"stale_age_max_s", UNIT_SECONDS, BETTER_LOWER, "the longest such time"}, stale_age_max},
    {{"fetches", UNIT_NUMBER, BETTER_LOWER, "attempts sent to the origin"}, fetches},
    {{"fetches_per_s", UNIT_PER_SECOND, BETTER_LOWER, "the same per second: the origin's load"}, fetch_rate},
    {{"fetch_ratio", UNIT_RATIO, BETTER_LOWER, "fetches / lookups"}, fetch_ratio},
    {{"fetches_background", UNIT_NUMBER, BETTER_NEITHER, "fetches for no reader, to refresh a value"}, background},
    {{"fetches_early", UNIT_NUMBER, BETTER_NEITHER, "fetches of a key whose value was still fresh"}, early},
    {{"refills", UNIT_NUMBER, BETTER_NEITHER, "fetches that began while there was no other of their key"}, refills},
    {{"fetches_per_refill", UNIT_NUMBER, BETTER_LOWER, "fetches / refills: 1 is ideal"}, fetches_per_refill},
    {{"herd_max", UNIT_NUMBER, BETTER_LOWER, "most fetches of one key under way at a time"}, herd_most},
    {{"early_ratio", UNIT_RATIO, BETTER_HIGHER, "refills that began before the value expired"}, early_ratio},
    {{"lead_mean_s", UNIT_SECONDS, BETTER_NEITHER, "time before the expiry at which they did, on average"}, lead_mean},
    {{"lead_p50_s", UNIT_SECONDS, BETTER_NEITHER, "its median"}, lead_p50},
    {{"refused_values", UNIT_NUMBER, BETTER_LOWER, "values that came back without a valid lease or lock"}, refused},
    {{"expiries", UNIT_NUMBER, BETTER_NEITHER, "values that were found to have expired"}, expiries},
    {{"fetches_per_expiry", UNIT_NUMBER, BETTER_LOWER, "fetches / expiries: 1 is ideal"}, fetches_per_expiry},
    {{"evictions", UNIT_NUMBER, BETTER_LOWER, "values that had to make room"}, evictions},
    {{"fresh_keys_avg", UNIT_NUMBER, BETTER_HIGHER, "time average of keys with a fresh value"}, fresh_keys},
};

enum { CACHE_METRICS = sizeof metrics / sizeof *metrics };
_Static_assert((int)CACHE_METRICS <= (int)METRICS_MAX, "callers have arrays of METRICS_MAX values");

size_t metrics_caches_count(void) { return CACHE_METRICS; }
const struct metric_info *metrics_caches_info(size_t index) { return &metrics[index].info; }

void metrics_of_cache(const struct world *world, uint32_t cache, double *values)
{
    for (size_t i = 0; i < CACHE_METRICS; i++)
        values[i] = metrics[i].of(world, &world->caches[cache]);
}
