/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kill: a service dies and starts again: what waits and what is served is lost, and it begins cold (`warm_up`). */
#include "model/fault/rows.h"
#include "model/service.h"

struct kill {
    const char *service;
    int mode;
};
enum { MODE_REFUSE, MODE_BLACKHOLE };

static const char *const modes[] = {"refuse", "blackhole", NULL};

static const struct field fields[] = {
    {"service", FIELD_NAME, offsetof(struct kill, service), .help = "the service that dies"},
    {"mode", FIELD_ENUM, offsetof(struct kill, mode), .names = modes, .text = "refuse",
     .help = "refuse: the process died, connections are reset at once, new ones are refused; blackhole: the machine "
             "did, nobody answers"},
    {0}};

static void apply(struct world *world, const struct fault *fault, uint32_t target, bool begins)
{
    const struct kill *kill = (const void *)fault->config->choice.parameters;
    bool silent = kill->mode == MODE_BLACKHOLE;
    service_outage(world, target, silent ? OUTAGE_BLACKHOLE : OUTAGE_REFUSE, begins ? 1 : -1);
    if (begins)
        service_kill(world, target, silent ? DEATH_IS_SILENT : DEATH_RESETS);
    else
        service_restarted(world, target);
}

const struct fault_row fault_kill = {
    .row = {.name = "kill", .summary = "a service dies: loses what it has, is away, starts again (cold)",
            .fields = fields, .size = sizeof(struct kill)},
    .target = TARGET_SERVICE, .apply = apply,
};
