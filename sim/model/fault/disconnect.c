/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disconnect: an event that ends sessions. Those clients connect again. */
#include "model/fault/rows.h"
#include "model/session.h"

struct disconnect {
    const char *clients;
    double fraction;
};

static const struct field fields[] = {
    {"clients", FIELD_NAME, offsetof(struct disconnect, clients), .help = "the population that loses its sessions"},
    {"fraction", FIELD_RATIO, offsetof(struct disconnect, fraction), .min = 0, .max = 1, .text = "100%",
     .help = "the part of its clients, picked at random"},
    {0}};

static void apply(struct world *world, const struct fault *fault, uint32_t target, bool begins)
{
    const struct disconnect *disconnect = (const void *)fault->config->choice.parameters;
    if (begins)
        session_disconnect(world, target, disconnect->fraction, fault_number(world, fault));
}

static const char *why_not(const struct model_config *config, struct target target)
{
    const struct client_config *client = &((const struct client_config *)config->clients.items)[target.index];
    return client->connect ? NULL : "has no sessions: give it a 'connect' step";
}

const struct fault_row fault_disconnect = {
    .row = {.name = "disconnect", .summary = "clients lose their sessions and connect again", .fields = fields,
            .size = sizeof(struct disconnect)},
    .target = TARGET_CLIENTS, .instant = true, .apply = apply, .why_not = why_not,
};
