/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who calls whom: names, calls that no step makes, cycles; and the work that a program adds up to. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/field_scalar.h"
#include "model/config_program.h"
#include "model/linker.h"

enum { CHAIN_SIZE = 400 };

/* A look at one service. */
struct checker {
    const struct linker *linker;
    const struct model_config *config;
    struct diag *diag;
    const struct service_config *service;
    const struct node *node;      /* what it was decoded from */
};

static const struct call_config *calls_of(const struct service_config *service)
{
    return service->calls.items;
}

static const struct step_config *steps_of(const struct service_config *service)
{
    return service->program.items;
}

/* The position of NODE.LIST[index].KEY, or of what there is of it. */
static struct origin position(const struct node *node, const char *list, size_t index, const char *key)
{
    const struct node *items = tree_get(node, list);
    const struct node *item = items && items->kind == NODE_LIST && index < items->count ? items->items[index] : items;
    const struct node *value = tree_get(item, key);
    return value ? value->at : item ? item->at : node->at;
}

/* ---- calls ---- */

static void check_callee(const struct checker *c, size_t index)
{
    static const enum target_kind callees[] = {TARGET_CACHE, TARGET_SERVICE, TARGET_NONE};
    const char *to = calls_of(c->service)[index].hop.calls;
    if (config_callee(c->config, to).kind == TARGET_NONE)
        linker_no_such(c->linker, position(c->node, "calls", index, "to"), "to", "service or cache", to, callees);
}

static void check_call_name(const struct checker *c, size_t index)
{
    const struct call_config *calls = calls_of(c->service);
    for (size_t i = 0; i < index; i++)
        if (strcmp(calls[i].name, calls[index].name) == 0)
            diag_error(c->diag, position(c->node, "calls", index, "name"),
                       "name: '%s' is taken by another call of '%s'", calls[index].name, c->service->name);
}

/* ---- steps ---- */

static size_t find_call(const struct service_config *service, const char *name)
{
    size_t i = 0;
    while (i < service->calls.count && strcmp(calls_of(service)[i].name, name) != 0)
        i++;
    return i;
}

static void check_named(const struct checker *c, struct origin at, const char *key, const char *name)
{
    const char *names[CALLS_MAX] = {NULL};
    char all[FIELD_NAMES_SIZE];
    if (!*name || find_call(c->service, name) < c->service->calls.count)
        return;
    for (size_t i = 0; i < c->service->calls.count; i++)
        names[i] = calls_of(c->service)[i].name;
    const char *nearest = diag_nearest(name, names, c->service->calls.count);
    field_join_names(names, c->service->calls.count, all, sizeof all);
    if (nearest)
        diag_error(c->diag, at, "%s: no call named '%s'; did you mean '%s'?", key, name, nearest);
    else if (c->service->calls.count == 0)
        diag_error(c->diag, at, "%s: no call named '%s'; add 'calls: [%s]' to the service", key, name, name);
    else
        diag_error(c->diag, at, "%s: no call named '%s'; there are: %s", key, name, all);
}

static void check_cache_step(const struct checker *c, struct origin at, const char *name)
{
    size_t call = find_call(c->service, name);
    if (*name && call < c->service->calls.count &&
        config_callee(c->config, calls_of(c->service)[call].hop.calls).kind == TARGET_SERVICE)
        diag_error(c->diag, at, "cache: '%s' leads to a service; write 'call: %s'", name, name);
}

static void check_for(const struct checker *c, const struct step_config *step, struct origin at)
{
    static const enum target_kind clients[] = {TARGET_CLIENTS, TARGET_NONE};
    const struct name_config *only = step->only_for.items;
    for (size_t i = 0; i < step->only_for.count; i++)
        if (config_target(c->config, TARGET_CLIENTS, only[i].name).kind == TARGET_NONE)
            linker_no_such(c->linker, at, "for", "client population", only[i].name, clients);
}

static void check_step(const struct checker *c, size_t index)
{
    const struct step_config *step = &steps_of(c->service)[index];
    const struct name_config *parallel = step->parallel.items;
    check_named(c, position(c->node, "program", index, "call"), "call", step->call);
    check_named(c, position(c->node, "program", index, "cache"), "cache", step->cache);
    check_cache_step(c, position(c->node, "program", index, "cache"), step->cache);
    for (size_t i = 0; i < step->parallel.count; i++)
        check_named(c, position(c->node, "program", index, "parallel"), "parallel", parallel[i].name);
    if (step->parallel.count > 0 && step->needed != INT64_MAX && step->needed > (int64_t)step->parallel.count)
        diag_error(c->diag, position(c->node, "program", index, "need"),
                   "need: %s of %zu parallel calls can never succeed", step->need, step->parallel.count);
    check_for(c, step, position(c->node, "program", index, "for"));
}

static bool step_makes(const struct step_config *step, const char *call)
{
    const struct name_config *parallel = step->parallel.items;
    if (strcmp(step->call, call) == 0 || strcmp(step->cache, call) == 0)
        return true;
    for (size_t i = 0; i < step->parallel.count; i++)
        if (strcmp(parallel[i].name, call) == 0)
            return true;
    return false;
}

static void check_used(const struct checker *c, size_t index)
{
    const char *name = calls_of(c->service)[index].name;
    for (size_t i = 0; i < c->service->program.count; i++)
        if (step_makes(&steps_of(c->service)[i], name))
            return;
    diag_error(c->diag, position(c->node, "calls", index, "name"),
               "calls: no step of the program makes the call '%s'; add {call: %s}", name, name);
}

static void check_service(const struct checker *c)
{
    for (size_t i = 0; i < c->service->calls.count; i++) {
        check_call_name(c, i);
        check_callee(c, i);
        check_used(c, i);
    }
    for (size_t i = 0; i < c->service->program.count; i++)
        check_step(c, i);
}

/* ---- cycles ---- */

enum mark { NOT_SEEN, ON_THE_WAY, DONE };

/* A walk along calls, depth first. */
struct walk {
    const struct model_config *config;
    const struct node *services;
    struct diag *diag;
    enum mark *marks;             /* of services */
    const char **names;           /* of the services and caches on the way */
    uint32_t *passed;             /* the services on the way: where in names */
    size_t depth;
};

/* "'a' calls 'b' calls 'a'" */
static void report_cycle(const struct walk *w, size_t from, struct origin at)
{
    char chain[CHAIN_SIZE];
    size_t used = 0;
    for (size_t i = from; i < w->depth && used < sizeof chain; i++)
        used += (size_t)snprintf(chain + used, sizeof chain - used, "%s'%s'", i > from ? " calls " : "", w->names[i]);
    diag_error(w->diag, at, "calls: a cycle: %s; a call that comes back would wait for itself", chain);
}

static void walk_from(struct walk *w, uint32_t service);

static void follow(struct walk *w, const struct node *node, size_t index, const struct call_config *call)
{
    struct target next = config_callee(w->config, call->hop.calls);
    size_t depth = w->depth;
    if (next.kind == TARGET_CACHE) {
        const struct cache_config *cache = &((const struct cache_config *)w->config->caches.items)[next.index];
        w->names[w->depth++] = cache->name;
        next = config_target(w->config, TARGET_SERVICE, cache->origin);
    }
    if (next.kind == TARGET_SERVICE && w->marks[next.index] == ON_THE_WAY) {
        w->names[w->depth++] = ((const struct service_config *)w->config->services.items)[next.index].name;
        report_cycle(w, w->passed[next.index], position(node, "calls", index, "to"));
    } else if (next.kind == TARGET_SERVICE && w->marks[next.index] == NOT_SEEN) {
        walk_from(w, next.index);
    }
    w->depth = depth;
}

static void walk_from(struct walk *w, uint32_t index)
{
    const struct service_config *service = &((const struct service_config *)w->config->services.items)[index];
    w->marks[index] = ON_THE_WAY;
    w->passed[index] = (uint32_t)w->depth;
    w->names[w->depth++] = service->name;
    for (size_t i = 0; i < service->calls.count; i++)
        follow(w, w->services->items[index], i, &calls_of(service)[i]);
    w->depth--;
    w->marks[index] = DONE;
}

static void check_cycles(const struct model_config *config, const struct node *services, struct diag *diag)
{
    size_t count = config->services.count;
    struct walk w = {.config = config, .services = services, .diag = diag,
                     .marks = memory_zeroed(count, sizeof *w.marks),
                     .names = memory_zeroed(2 * count + 2, sizeof *w.names),
                     .passed = memory_zeroed(count, sizeof *w.passed)};
    for (uint32_t i = 0; i < count; i++)
        if (w.marks[i] == NOT_SEEN)
            walk_from(&w, i);
    free(w.marks);
    free(w.names);
    free(w.passed);
}

void config_check_calls(const struct linker *linker)
{
    const struct model_config *config = linker->config;
    const struct service_config *services = config->services.items;
    const struct node *nodes = tree_get(linker->root, "services");
    for (size_t i = 0; i < config->services.count; i++)
        check_service(&(struct checker){linker, config, linker->diag, &services[i], nodes->items[i]});
    check_cycles(config, nodes, linker->diag);
}

/* ---- what a program adds up to ---- */

double config_work_ns(const struct service_config *service)
{
    double sum_ns = 0;
    if (service->service_time)
        return law_mean_ns(service->service_time);
    for (size_t i = 0; i < service->program.count; i++) {
        const struct step_config *step = &steps_of(service)[i];
        sum_ns += step->work ? law_mean_ns(step->work) * step->chance : 0;
    }
    return sum_ns;
}

/* How often an attempt makes the call, on average. */
static double visits_of(const struct service_config *service, const char *call)
{
    double sum = 0;
    for (size_t i = 0; i < service->program.count; i++) {
        const struct step_config *step = &steps_of(service)[i];
        const struct name_config *parallel = step->parallel.items;
        double times = strcmp(step->call, call) == 0 ? (double)step->times : strcmp(step->cache, call) == 0;
        for (size_t k = 0; k < step->parallel.count; k++)
            times += strcmp(parallel[k].name, call) == 0;
        sum += times * step->chance;
    }
    return sum;
}

double config_nominal_per_s(const struct model_config *config, uint32_t index)
{
    const struct service_config *service = &((const struct service_config *)config->services.items)[index];
    double least = config_capacity_per_s(service, service->workers, 1) * config_replicas(service);
    for (size_t i = 0; i < service->calls.count; i++) {
        struct target callee = config_callee(config, calls_of(service)[i].hop.calls);
        double visits = visits_of(service, calls_of(service)[i].name);
        if (callee.kind == TARGET_SERVICE && visits > 0)
            least = fmin(least, config_nominal_per_s(config, callee.index) / visits);
    }
    return least;
}
