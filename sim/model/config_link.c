/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks that need the whole: names that refer to each other, cycles, limits. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/field_scalar.h"
#include "base/units.h"
#include "model/config_program.h"
#include "model/fault.h"
#include "model/linker.h"
#include "model/refresh.h"
#include "model/world.h"

enum { BINS_MAX = 1000000 };

static const char *name_at(const struct list *list, size_t size, size_t index)
{
    const char *name;   /* every named config struct starts with its name */
    memcpy(&name, (const char *)list->items + index * size, sizeof name);
    return name ? name : "";
}

static const struct list *list_of(const struct model_config *config, enum target_kind kind, size_t *size)
{
    *size = kind == TARGET_CLIENTS   ? sizeof(struct client_config)
            : kind == TARGET_SERVICE ? sizeof(struct service_config)
                                     : sizeof(struct cache_config);
    return kind == TARGET_CLIENTS ? &config->clients : kind == TARGET_SERVICE ? &config->services : &config->caches;
}

struct target config_target(const struct model_config *config, enum target_kind kind, const char *name)
{
    size_t size;
    const struct list *list = list_of(config, kind, &size);
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(name_at(list, size, i), name) == 0)
            return (struct target){kind, (uint32_t)i};
    return (struct target){TARGET_NONE, 0};
}

struct target config_callee(const struct model_config *config, const char *name)
{
    struct target target = config_target(config, TARGET_SERVICE, name);
    return target.kind != TARGET_NONE ? target : config_target(config, TARGET_CACHE, name);
}

/* ---- errors ---- */

struct origin linker_where(const struct linker *l, const char *list, size_t index, const char *key)
{
    const struct node *node = tree_get(l->root, list);
    if (!node || node->kind != NODE_LIST || index >= node->count)
        return node ? node->at : l->root->at;
    const struct node *value = key ? tree_get(node->items[index], key) : NULL;
    return value ? value->at : node->items[index]->at;
}

/* Edges are named by their paths, the others by their names. */
static size_t gather_names(const struct linker *l, enum target_kind kind, const char **names, size_t count)
{
    size_t size;
    if (kind == TARGET_EDGE) {
        for (size_t i = 0; i < config_edge_count(l->config); i++) {
            char *path = memory_zeroed(1, PATH_SIZE);
            config_edge_path(l->config, i, path);
            names[count++] = path;
        }
        return count;
    }
    const struct list *list = list_of(l->config, kind, &size);
    for (size_t i = 0; i < list->count; i++)
        names[count++] = memory_strdup(name_at(list, size, i));
    return count;
}

void linker_no_such(const struct linker *l, struct origin at, const char *key, const char *what, const char *name,
                    const enum target_kind *kinds)
{
    const char *names[2 * PLACES_MAX + CALLS_MAX] = {NULL};
    char all[FIELD_NAMES_SIZE];
    size_t count = 0;
    for (; *kinds != TARGET_NONE; kinds++)
        count = gather_names(l, *kinds, names, count);
    const char *nearest = diag_nearest(name, names, count);
    field_join_names(names, count, all, sizeof all);
    if (nearest)
        diag_error(l->diag, at, "%s: no %s named '%s'; did you mean '%s'?", key, what, name, nearest);
    else if (count == 0)
        diag_error(l->diag, at, "%s: no %s named '%s'; there is none", key, what, name);
    else
        diag_error(l->diag, at, "%s: no %s named '%s'; there are: %s", key, what, name, all);
    for (size_t i = 0; i < count; i++)
        free((void *)(uintptr_t)names[i]);
}

/* ---- checks ---- */

static void check_unique(const struct linker *l, enum target_kind kind, const char *list_name)
{
    size_t size;
    const struct list *list = list_of(l->config, kind, &size);
    for (size_t i = 0; i < list->count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(name_at(list, size, i), name_at(list, size, k)) == 0)
                diag_error(l->diag, linker_where(l, list_name, i, "name"), "name: '%s' is taken by another of the %s",
                           name_at(list, size, i), list_name);
}

static const enum target_kind callees[] = {TARGET_CACHE, TARGET_SERVICE, TARGET_NONE};

static void check_connect(const struct linker *l, size_t index, const struct connect_config *connect)
{
    struct origin at = linker_where(l, "clients", index, "connect");
    if (law_mean_ns(&connect->give_up_wait) <= 0)
        diag_error(l->diag, at, "connect.give_up_wait: a wait of 0 would stop the clock where all fail; write 1us");
    if (connect->session && law_mean_ns(connect->session) <= 0)
        diag_error(l->diag, at, "connect.session: a length of 0 would stop the clock; write 1us");
    if (config_callee(l->config, connect->hop.calls).kind == TARGET_NONE)
        linker_no_such(l, at, "connect.calls", "service or cache", connect->hop.calls, callees);
}

static void check_client(const struct linker *l, size_t index)
{
    const struct client_config *client = &((const struct client_config *)l->config->clients.items)[index];
    if (client->closed && law_mean_ns(&client->closed->think) <= 0)
        diag_error(l->diag, linker_where(l, "clients", index, "closed"),
                   "closed: a think time of 0 would stop the clock when requests fail at once; write 1us");
    if (config_callee(l->config, client->hop.calls).kind == TARGET_NONE)
        linker_no_such(l, linker_where(l, "clients", index, "calls"), "calls", "service or cache", client->hop.calls,
                       callees);
    else if (client->connect)
        check_connect(l, index, client->connect);
}

/* Follows origins from a cache; true if they come back to it. */
static bool is_cycle(const struct linker *l, const struct cache_config *start)
{
    const struct cache_config *caches = l->config->caches.items, *at = start;
    for (size_t step = 0; step <= l->config->caches.count; step++) {
        struct target next = config_target(l->config, TARGET_CACHE, at->origin);
        if (next.kind == TARGET_NONE)
            return false;
        at = &caches[next.index];
        if (at == start)
            return true;
    }
    return false;
}

static void check_cache(const struct linker *l, size_t index)
{
    const struct cache_config *cache = &((const struct cache_config *)l->config->caches.items)[index];
    struct origin at = linker_where(l, "caches", index, "origin");
    if (config_target(l->config, TARGET_SERVICE, cache->name).kind != TARGET_NONE)
        diag_error(l->diag, linker_where(l, "caches", index, "name"), "name: '%s' is taken by a service", cache->name);
    if (config_target(l->config, TARGET_SERVICE, cache->origin).kind != TARGET_NONE)
        return;
    if (is_cycle(l, cache))
        diag_error(l->diag, at, "origin: '%s' leads back to '%s': a call cycle", cache->origin, cache->name);
    else if (config_target(l->config, TARGET_CACHE, cache->origin).kind != TARGET_NONE)
        diag_error(l->diag, at, "origin: '%s' is a cache; the origin must be a service", cache->origin);
    else
        linker_no_such(l, at, "origin", "service", cache->origin, callees + 1);
}

/* A value that would be refetched at every hit from its first instant on. */
static bool is_refreshed_at_once(const struct cache_config *cache)
{
    const struct refresh_row *refresh = (const struct refresh_row *)cache->refresh.choice.row;
    return refresh->one_winner && refresh->is_due(cache->refresh.choice.parameters, cache->ttl_ns, 0, NULL);
}

static void check_cache_values(const struct linker *l, size_t index)
{
    const struct cache_config *cache = &((const struct cache_config *)l->config->caches.items)[index];
    bool never_ends = cache->ttl_ns == INT64_MAX, aligned = cache->ttl_align_ns < INT64_MAX;
    bool refreshed = ((const struct refresh_row *)cache->refresh.choice.row)->is_due;
    const struct {
        bool wrong;
        const char *key, *why;
    } rules[] = {
        {never_ends && cache->ttl_jitter > 0, "ttl_jitter", "a ttl of none has no end that could be earlier"},
        {never_ends && aligned, "ttl_align", "a ttl of none has no end that could be aligned"},
        {never_ends && cache->sliding, "sliding", "a ttl of none has no end that could be later"},
        {never_ends && refreshed, "refresh", "a value with a ttl of none never has to be refreshed"},
        {!never_ends && aligned && cache->ttl_align_ns > cache->ttl_ns, "ttl_align",
         "longer than the ttl: most values would never meet such an instant"},
        {!never_ends && is_refreshed_at_once(cache), "refresh",
         "'before' is longer than the ttl: every hit would fetch"},
        {cache->error_as_miss && cache->stale_if_error_ns > 0, "stale_if_error",
         "error_as_miss deletes the value that could be given out: they exclude each other"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].wrong)
            diag_error(l->diag, linker_where(l, "caches", index, rules[i].key), "%s: %s", rules[i].key, rules[i].why);
    if (cache->capacity < INT64_MAX && cache->capacity > cache->keys)
        diag_error(l->diag, linker_where(l, "caches", index, "capacity"),
                   "capacity: %" PRId64 " is more than the %" PRId64 " keys there are; write unlimited",
                   cache->capacity, cache->keys);
}

static void check_times(const struct linker *l)
{
    const struct model_config *config = l->config;
    const struct node *bin = tree_get(l->root, "bin"), *warmup = tree_get(l->root, "warmup");
    char duration[UNITS_TEXT_SIZE];
    units_format_duration(config->duration_ns, duration);
    if ((config->duration_ns - 1) / config->bin_ns >= BINS_MAX)
        diag_error(l->diag, bin ? bin->at : l->root->at,
                   "bin: more than %d bins in %s; make the bins longer or the run shorter", BINS_MAX, duration);
    if (config->warmup_ns % config->bin_ns != 0)
        diag_error(l->diag, warmup ? warmup->at : l->root->at, "warmup: must be a whole number of bins");
    if (config->warmup_ns >= config->duration_ns)
        diag_error(l->diag, warmup ? warmup->at : l->root->at, "warmup: must be shorter than the run (%s)", duration);
}

static void check_sizes(const struct linker *l)
{
    const struct client_config *clients = l->config->clients.items;
    int64_t total = 0;
    for (size_t i = 0; i < l->config->clients.count; i++)
        total += clients[i].count;
    if (l->config->clients.count == 0)
        diag_error(l->diag, linker_where(l, "clients", 0, NULL), "clients: at least one population is needed");
    if (l->config->services.count == 0)
        diag_error(l->diag, linker_where(l, "services", 0, NULL), "services: at least one service is needed");
    if (total > HANDLE_MAX)
        diag_error(l->diag, linker_where(l, "clients", 0, "count"), "count: more than 268 million clients in all");
    if (l->config->clients.count > PLACES_MAX || l->config->services.count > PLACES_MAX ||
        l->config->caches.count > PLACES_MAX || l->config->faults.count > PLACES_MAX)
        diag_error(l->diag, l->root->at, "more than %d populations, services, caches or faults", PLACES_MAX);
    if (config_edge_count(l->config) - config_first_call(l->config) > CALLS_MAX)
        diag_error(l->diag, linker_where(l, "services", SIZE_MAX, NULL), "calls: more than %d in all", CALLS_MAX);
}

bool config_link(const struct model_config *config, const struct node *root, struct diag *diag)
{
    struct linker l = {config, root, diag};
    size_t before = diag_count(diag);
    check_sizes(&l);
    if (diag_count(diag) != before)
        return false;
    check_times(&l);
    check_unique(&l, TARGET_CLIENTS, "clients");
    check_unique(&l, TARGET_SERVICE, "services");
    check_unique(&l, TARGET_CACHE, "caches");
    for (size_t i = 0; i < config->clients.count; i++)
        check_client(&l, i);
    for (size_t i = 0; i < config->caches.count; i++) {
        check_cache(&l, i);
        check_cache_values(&l, i);
    }
    for (size_t i = 0; i < config->faults.count; i++)
        fault_link(&l, i);
    config_check_calls(&l);
    return diag_count(diag) == before;
}
