/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A restart of clients: an event after which they all are where they began, in step. Their requests fail, the services
 * go on working for them; sessions are lost; think times start anew. */
#include "model/fault/rows.h"
#include "model/session.h"

struct clients_restart {
    const char *clients;
    double fraction;
};

static const struct field fields[] = {
    {"clients", FIELD_NAME, offsetof(struct clients_restart, clients), .help = "the population that restarts"},
    {"fraction", FIELD_RATIO, offsetof(struct clients_restart, fraction), .min = 0, .max = 1, .text = "100%",
     .help = "the part of its clients, picked at random"},
    {0}};

static void apply(struct world *world, const struct fault *fault, uint32_t target, bool begins)
{
    const struct clients_restart *restart = (const void *)fault->config->choice.parameters;
    if (begins)
        session_restart(world, target, restart->fraction, fault_number(world, fault));
}

static const char *why_not(const struct model_config *config, struct target target)
{
    const struct client_config *client = &((const struct client_config *)config->clients.items)[target.index];
    return client->connect || client->closed ? NULL
                                             : "has nothing to start anew: neither 'connect' nor 'closed'";
}

const struct fault_row fault_clients_restart = {
    .row = {.name = "clients-restart", .summary = "clients start anew, all in one instant: sessions, timers, requests",
            .fields = fields, .size = sizeof(struct clients_restart)},
    .target = TARGET_CLIENTS, .instant = true, .apply = apply, .why_not = why_not,
};
