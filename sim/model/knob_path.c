/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From paths of a scenario to knobs. What the knobs do is in knob.c. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/field_scalar.h"
#include "model/config_program.h"
#include "model/knob.h"

/* Parameters, by the path behind their place: a service, a population, an edge. */
static const struct pattern {
    enum target_kind place;
    const char *path;
    enum knob knob;
    bool is_law;                  /* it can only be scaled */
    bool relative, inverse;       /* as in struct parameter */
} patterns[] = {
    {TARGET_SERVICE, "workers", KNOB_WORKERS, false, false, false},
    {TARGET_SERVICE, "service_time", KNOB_SPEED, true, true, true},
    {TARGET_SERVICE, "queue.capacity", KNOB_QUEUE, false, false, false},
    {TARGET_SERVICE, "reject_cost", KNOB_REJECT_COST, false, false, false},
    {TARGET_SERVICE, "error_ratio", KNOB_ERRORS, false, false, false},
    {TARGET_CLIENTS, "arrival.rate", KNOB_LOAD, false, true, false},
    {TARGET_CLIENTS, "closed.think", KNOB_LOAD, true, true, true},
    {TARGET_EDGE, "policy.attempts", KNOB_ATTEMPTS, false, false, false},
    {TARGET_EDGE, "network.request_loss", KNOB_REQUEST_LOSS, false, false, false},
    {TARGET_EDGE, "network.response_loss", KNOB_RESPONSE_LOSS, false, false, false},
};
enum { PATTERNS = sizeof patterns / sizeof *patterns };

/* A place of the scenario with its path. The patterns of an edge follow its path, too: "clients.web". */
struct place_path {
    struct target target;
    char text[PATH_SIZE];
};

static size_t count_of(const struct model_config *config, enum target_kind kind)
{
    return kind == TARGET_SERVICE   ? config->services.count
           : kind == TARGET_CLIENTS ? config->clients.count
                                    : config_edge_count(config);
}

static struct place_path place_path(const struct model_config *config, enum target_kind kind, size_t index)
{
    const struct service_config *services = config->services.items;
    const struct client_config *clients = config->clients.items;
    struct place_path place = {.target = {kind, (uint32_t)index}};
    if (kind == TARGET_SERVICE)
        snprintf(place.text, sizeof place.text, "services.%s", services[index].name);
    else if (kind == TARGET_CLIENTS)
        snprintf(place.text, sizeof place.text, "clients.%s", clients[index].name);
    else
        config_edge_path(config, index, place.text);
    return place;
}

/* The struct that a pattern's path is followed in. */
static const void *config_of(const struct model_config *config, struct target target, const struct record **record)
{
    const struct service_config *service;
    const struct call_config *call =
        target.kind == TARGET_EDGE ? config_edge_call(config, target.index, &service) : NULL;
    *record = &call_record;
    if (call)
        return call;
    const struct service_config *checked =
        target.kind == TARGET_EDGE ? config_edge_check(config, target.index) : NULL;
    *record = &checks_record;
    if (checked)
        return checked->pool->checks;
    size_t clients = target.kind == TARGET_EDGE ? config_edge_clients(config, target.index) : target.index;
    const struct client_config *client = &((const struct client_config *)config->clients.items)[clients];
    bool connects = target.kind == TARGET_EDGE && target.index >= config->clients.count;
    *record = target.kind == TARGET_SERVICE ? &service_record : connects ? &connect_record : &client_record;
    if (target.kind == TARGET_SERVICE)
        return &((const struct service_config *)config->services.items)[target.index];
    return connects ? (const void *)client->connect : client;
}

/* Whether the scenario has such a thing there. */
static bool take(const struct model_config *config, const struct pattern *pattern, struct target target,
                 struct parameter *parameter)
{
    const struct record *record;
    const void *self = config_of(config, target, &record), *member;
    const struct field *field = field_find(record, pattern->path, self, &member);
    if (pattern->is_law && field && field->kind == FIELD_OPTIONAL && !*(void *const *)member)
        return false;
    if (!field || !member || (!pattern->is_law && !field_is_number(field)))
        return false;
    *parameter = (struct parameter){.knob = pattern->knob, .target = target, .field = pattern->is_law ? NULL : field,
                                    .scenario = pattern->is_law ? 1 : field_number(field, member),
                                    .relative = pattern->relative, .inverse = pattern->inverse};
    return true;
}

bool knob_find(const struct model_config *config, const char *path, struct parameter *parameter)
{
    for (size_t i = 0; i < PATTERNS; i++)
        for (size_t k = 0; k < count_of(config, patterns[i].place); k++) {
            struct place_path place = place_path(config, patterns[i].place, k);
            size_t length = strlen(place.text);
            if (strncmp(path, place.text, length) == 0 && path[length] == '.' &&
                strcmp(path + length + 1, patterns[i].path) == 0)
                return take(config, &patterns[i], place.target, parameter);
        }
    return false;
}

/* ---- what is wrong with a path ---- */

static bool leads_into(const char *path, const struct place_path *place)
{
    size_t length = strlen(place->text);
    return strncmp(path, place->text, length) == 0 && path[length] == '.';
}

/* What may change at the place that the path leads to; empty: there is no such place. */
static void list_changeable(const struct model_config *config, const char *path, char *text, size_t size)
{
    struct parameter ignored;
    size_t used = 0;
    *text = 0;
    for (size_t i = 0; i < PATTERNS; i++)
        for (size_t k = 0; k < count_of(config, patterns[i].place) && used < size; k++) {
            struct place_path place = place_path(config, patterns[i].place, k);
            if (leads_into(path, &place) && take(config, &patterns[i], place.target, &ignored))
                used += (size_t)snprintf(text + used, size - used, "%s%s.%s", used ? ", " : "", place.text,
                                         patterns[i].path);
        }
}

/* "services.appi" of "services.appi.workers". */
static void cut_place(const char *path, char text[96])
{
    size_t length = strcspn(path, ".");
    if (path[length])
        length += 1 + strcspn(path + length + 1, ".");
    snprintf(text, 96, "%.*s", (int)length, path);
}

static void name_nearest_place(const struct model_config *config, const char *path, char *text, size_t size)
{
    static const enum target_kind kinds[] = {TARGET_SERVICE, TARGET_EDGE};
    size_t count = 0, room = config->services.count + config_edge_count(config);
    struct place_path *places = memory_zeroed(room, sizeof *places);
    const char **names = memory_zeroed(room, sizeof *names);
    char wanted[96];
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < count_of(config, kinds[i]); k++) {
            places[count] = place_path(config, kinds[i], k);
            names[count] = places[count].text;
            count++;
        }
    cut_place(path, wanted);
    const char *nearest = diag_nearest(wanted, names, count);
    snprintf(text, size, "'%s' is no place with numbers that can change while a run is under way; did you mean '%s'?",
             wanted, nearest ? nearest : names[0]);
    free(names);
    free(places);
}

void knob_why_not(const struct model_config *config, const char *path, char *text, size_t size)
{
    char changeable[FIELD_NAMES_SIZE];
    list_changeable(config, path, changeable, sizeof changeable);
    if (*changeable)
        snprintf(text, size, "'%s' cannot change while a run is under way; these can: %s", path, changeable);
    else
        name_nearest_place(config, path, text, size);
}

/* ---- amounts ---- */

double knob_set_amount(const struct parameter *parameter, const char *value, struct origin at, struct diag *diag)
{
    union {
        int64_t whole;
        double real;
    } decoded = {.whole = 0};
    struct decoder decoder = {.diag = diag, .label = "value"};
    field_decode_scalar(&decoder, parameter->field, value, at, &decoded);
    double amount = field_number(parameter->field, &decoded);
    return parameter->relative ? amount / parameter->scenario : amount;
}

double knob_scale_amount(const struct parameter *parameter, double factor)
{
    return parameter->inverse ? 1 / factor : factor;
}
