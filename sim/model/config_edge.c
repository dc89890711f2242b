/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edges by their places in the world: one for each population, then one for each connect step, then the calls of the
 * services, then the health checks that are requests. */
#include <stdio.h>
#include <string.h>

#include "model/config_program.h"

static const struct client_config *clients_of(const struct model_config *config)
{
    return config->clients.items;
}

static const struct service_config *services_of(const struct model_config *config)
{
    return config->services.items;
}

static size_t connect_count(const struct model_config *config)
{
    size_t count = 0;
    for (size_t i = 0; i < config->clients.count; i++)
        count += clients_of(config)[i].connect != NULL;
    return count;
}

size_t config_first_call(const struct model_config *config)
{
    return config->clients.count + connect_count(config);
}

size_t config_first_check(const struct model_config *config)
{
    size_t count = config_first_call(config);
    for (size_t i = 0; i < config->services.count; i++)
        count += services_of(config)[i].calls.count;
    return count;
}

static bool sends_checks(const struct service_config *service)
{
    return service->pool && service->pool->checks && service->pool->checks->kind == CHECK_REQUEST;
}

size_t config_edge_count(const struct model_config *config)
{
    size_t count = config_first_check(config);
    for (size_t i = 0; i < config->services.count; i++)
        count += sends_checks(&services_of(config)[i]);
    return count;
}

const struct service_config *config_edge_check(const struct model_config *config, size_t edge)
{
    size_t count = config_first_check(config);
    for (size_t i = 0; i < config->services.count && edge >= count; i++)
        if (sends_checks(&services_of(config)[i]) && count++ == edge)
            return &services_of(config)[i];
    return NULL;
}

size_t config_edge_clients(const struct model_config *config, size_t edge)
{
    size_t count = config->clients.count, client = 0;
    if (edge < count)
        return edge;
    for (; client < config->clients.count; client++)
        if (clients_of(config)[client].connect && count++ == edge)
            break;
    return client;
}

const struct call_config *config_edge_call(const struct model_config *config, size_t edge,
                                           const struct service_config **service)
{
    size_t first = config_first_call(config);
    for (size_t i = 0; i < config->services.count && edge >= first; i++) {
        *service = &services_of(config)[i];
        if (edge < first + (*service)->calls.count)
            return &((const struct call_config *)(*service)->calls.items)[edge - first];
        first += (*service)->calls.count;
    }
    return NULL;
}

const struct hop_config *config_hop(const struct model_config *config, size_t edge)
{
    const struct service_config *service;
    const struct call_config *call = config_edge_call(config, edge, &service);
    const struct service_config *checked = config_edge_check(config, edge);
    if (call || checked)
        return call ? &call->hop : &checked->pool->checks->hop;
    const struct client_config *client = &clients_of(config)[config_edge_clients(config, edge)];
    return edge < config->clients.count ? &client->hop : &client->connect->hop;
}

void config_edge_path(const struct model_config *config, size_t edge, char path[PATH_SIZE])
{
    const struct service_config *service;
    const struct call_config *call = config_edge_call(config, edge, &service);
    if (call) {
        snprintf(path, PATH_SIZE, "services.%s.calls.%s", service->name, call->name);
        return;
    }
    const struct service_config *checked = config_edge_check(config, edge);
    if (checked) {
        snprintf(path, PATH_SIZE, "services.%s.checks", checked->name);
        return;
    }
    const struct client_config *client = &clients_of(config)[config_edge_clients(config, edge)];
    snprintf(path, PATH_SIZE, "clients.%s%s", client->name, edge < config->clients.count ? "" : ".connect");
}

struct target config_edge(const struct model_config *config, const char *path)
{
    for (size_t i = 0; i < config_edge_count(config); i++) {
        char candidate[PATH_SIZE];
        config_edge_path(config, i, candidate);
        if (strcmp(candidate, path) == 0)
            return (struct target){TARGET_EDGE, (uint32_t)i};
    }
    return (struct target){TARGET_NONE, 0};
}

/* The service that a callee's answers come from in the end. */
static uint32_t service_behind(const struct model_config *config, struct target callee)
{
    const struct cache_config *caches = config->caches.items;
    return callee.kind == TARGET_CACHE ? config_target(config, TARGET_SERVICE, caches[callee.index].origin).index
                                       : callee.index;
}

bool config_is_entrance(const struct model_config *config, uint32_t service)
{
    for (size_t edge = 0; edge < config_first_call(config); edge++)
        if (service_behind(config, config_callee(config, config_hop(config, edge)->calls)) == service)
            return true;
    return false;
}
