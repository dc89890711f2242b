/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An outage. How a service is away decides what follows, so the mode must be chosen. */
#include "model/fault/rows.h"
#include "model/service.h"

struct outage {
    const char *service;
    int mode;
};

static const char *const modes[] = {"pause", "refuse", "blackhole", "lose_response", NULL};

static const struct field fields[] = {
    {"service", FIELD_NAME, offsetof(struct outage, service), .help = "the service that is away"},
    {"mode", FIELD_ENUM, offsetof(struct outage, mode), .names = modes,
     .help = "pause: workers stand still, the queue keeps filling; refuse: a fast error; blackhole: lost until the "
             "timeout; lose_response: the work is done, the answer lost"},
    {0}};

static void apply(struct world *world, const struct fault *fault, uint32_t target, bool begins)
{
    const struct outage *outage = (const void *)fault->config->choice.parameters;
    enum outage_mode mode = (enum outage_mode)(outage->mode + 1);
    service_outage(world, target, mode, begins ? 1 : -1);
    if (!begins && mode != OUTAGE_LOSE_RESPONSE)
        service_restarted(world, target);
}

const struct fault_row fault_outage = {
    .row = {.name = "outage", .summary = "a service is away: pause, refuse, blackhole or lose_response",
            .source = "Bronson et al., Metastable Failures (HotOS 2021) for pause", .fields = fields,
            .size = sizeof(struct outage)},
    .target = TARGET_SERVICE, .apply = apply,
};
