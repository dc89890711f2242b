/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of a fault: whom it hits, and when. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/field_scalar.h"
#include "model/fault.h"
#include "model/linker.h"

struct check {
    const struct linker *linker;
    const struct fault_config *fault;
    const struct fault_row *row;
    size_t index;
};

static struct origin where(const struct check *c, const char *key)
{
    return linker_where(c->linker, "faults", c->index, key);
}

/* ---- whom ---- */

static void check_parameter(const struct check *c)
{
    const char *path = fault_target_name(c->fault);
    const unsigned char *amount = c->fault->choice.parameters + c->row->amount;
    struct diag *diag = c->linker->diag;
    struct parameter parameter;
    char why[2 * FIELD_NAMES_SIZE];
    double factor;
    if (!knob_find(c->linker->config, path, &parameter)) {
        knob_why_not(c->linker->config, path, why, sizeof why);
        diag_error(diag, where(c, "path"), "path: %s", why);
        return;
    }
    if (c->row->turn == TURN_SET && !parameter.field) {
        diag_error(diag, where(c, "path"), "path: '%s' is a law: it can be scaled ({kind: scale, factor: 2}), not set",
                   path);
    } else if (c->row->turn == TURN_SET) {
        const char *value = *(const char *const *)(const void *)amount;
        if (isinf(knob_set_amount(&parameter, value, where(c, "value"), diag)) && parameter.knob == KNOB_ATTEMPTS)
            diag_error(diag, where(c, "value"), "value: unlimited attempts cannot begin in a run: write a number");
    } else {
        memcpy(&factor, amount, sizeof factor);
        if (parameter.inverse && factor < 1e-6)
            diag_error(diag, where(c, "factor"), "factor: must be at least 1e-6 for '%s'", path);
        if (isinf(parameter.scenario))
            diag_error(diag, where(c, "path"), "path: '%s' is unlimited here: it can be set, not scaled", path);
    }
}

static void check_target(const struct check *c)
{
    static const struct {
        enum target_kind kinds[2];
        const char *what;
    } targets[] = {[TARGET_CLIENTS] = {{TARGET_CLIENTS, TARGET_NONE}, "client population"},
                   [TARGET_SERVICE] = {{TARGET_SERVICE, TARGET_NONE}, "service"},
                   [TARGET_CACHE] = {{TARGET_CACHE, TARGET_NONE}, "cache"},
                   [TARGET_EDGE] = {{TARGET_EDGE, TARGET_NONE}, "edge"}};
    const char *key = c->row->row.fields[0].name, *name = fault_target_name(c->fault);
    enum target_kind kind = c->row->target;
    struct target target = kind == TARGET_EDGE ? config_edge(c->linker->config, name)
                                               : config_target(c->linker->config, kind, name);
    if (target.kind == TARGET_NONE)
        linker_no_such(c->linker, where(c, key), key, targets[kind].what, name, targets[kind].kinds);
    else if (c->row->check) {
        char reason[FAULT_WHY_SIZE];
        key = c->row->check(c->linker->config, c->fault, target, reason);
        if (key)
            diag_error(c->linker->diag, where(c, key), "%s: %s", key, reason);
    } else if (c->row->why_not) {
        const char *why = c->row->why_not(c->linker->config, target);
        if (why)
            diag_error(c->linker->diag, where(c, key), "%s: '%s' %s", key, name, why);
    }
}

/* The service with a pool that it hits; NULL: it hits none. */
static const struct service_config *pool_hit(const struct check *c)
{
    const struct service_config *services = c->linker->config->services.items;
    const char *name = fault_target_name(c->fault);
    struct target target = {TARGET_NONE, 0};
    struct parameter parameter;
    if (c->row->target == TARGET_SERVICE)
        target = config_target(c->linker->config, TARGET_SERVICE, name);
    else if (c->row->target == TARGET_PARAMETER && knob_find(c->linker->config, name, &parameter))
        target = parameter.target;
    return target.kind == TARGET_SERVICE && services[target.index].pool ? &services[target.index] : NULL;
}

static void check_replicas(const struct check *c)
{
    const struct fault_config *fault = c->fault;
    const struct service_config *service = pool_hit(c);
    const char *key = fault->replicas != INT64_MAX ? "replicas" : "first_replica";
    struct diag *diag = c->linker->diag;
    if (fault->replicas == INT64_MAX && fault->first_replica == 0)
        return;
    if (!service) {
        diag_error(diag, where(c, key), "%s: only a service with a 'pool' has replicas", key);
        return;
    }
    int64_t room = config_replicas_room(service);
    if (fault->first_replica >= room)
        diag_error(diag, where(c, "first_replica"), "first_replica: the replicas are 0 .. %" PRId64, room - 1);
    else if (fault->replicas != INT64_MAX && fault->first_replica + fault->replicas > room)
        diag_error(diag, where(c, "replicas"), "replicas: there are only %" PRId64 " from number %" PRId64 " on",
                   room - fault->first_replica, fault->first_replica);
}

/* ---- when ---- */

static void check_length(const struct check *c)
{
    const struct fault_config *fault = c->fault;
    struct diag *diag = c->linker->diag;
    bool has_for = fault->for_ns != INT64_MAX;
    if (c->row->instant && has_for)
        diag_error(diag, where(c, "for"), "for: a %s is an event, it has no length", c->row->row.name);
    else if (c->row->instant && fault->lasting)
        diag_error(diag, where(c, "lasting"), "lasting: a %s is an event, it has no length", c->row->row.name);
    else if (has_for && fault->lasting)
        diag_error(diag, where(c, "lasting"), "'for' (a fixed length) and 'lasting' (a law) exclude each other");
    else if (fault->every && !c->row->instant && !has_for && !fault->lasting)
        diag_error(diag, where(c, "every"), "every: say how long it lasts each time ('for' or 'lasting')");
}

static void check_recurrence(const struct check *c)
{
    const struct fault_config *fault = c->fault;
    struct diag *diag = c->linker->diag;
    if (fault->every && law_mean_ns(fault->every) <= 0)
        diag_error(diag, where(c, "every"), "every: a time of 0 would stop the clock");
    if (fault->at_ns == INT64_MAX && !fault->every)
        diag_error(diag, where(c, "at"), "missing key 'at' in a fault (when it begins)");
    if (c->row->recurs && !fault->every)
        diag_error(diag, where(c, "kind"), "%s: missing key 'every' (law of the time from one beginning to the next)",
                   c->row->row.name);
    if (fault->until_ns != INT64_MAX && !fault->every)
        diag_error(diag, where(c, "until"), "until: only a fault that comes again ('every') needs it");
    if (fault->at_ns != INT64_MAX && fault->until_ns < fault->at_ns)
        diag_error(diag, where(c, "until"), "until: it would end before it begins");
}

void fault_link(const struct linker *linker, size_t index)
{
    const struct fault_config *fault = &((const struct fault_config *)linker->config->faults.items)[index];
    struct check c = {linker, fault, (const struct fault_row *)fault->choice.row, index};
    if (c.row->target == TARGET_PARAMETER)
        check_parameter(&c);
    else
        check_target(&c);
    check_replicas(&c);
    check_length(&c);
    check_recurrence(&c);
    if (fault->at_ns != INT64_MAX && fault->at_ns >= linker->config->duration_ns)
        diag_error(linker->diag, where(&c, "at"), "at: the run ends before this fault begins");
}
