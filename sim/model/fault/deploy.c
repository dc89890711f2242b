/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deploy: a rolling restart. One part of the workers after another is away for a while (`for`), the next one begins
 * `every` so often, until all had their turn. Workers that come back are cold (`warm_up`). */
#include <math.h>

#include "model/fault/rows.h"
#include "model/service.h"

struct deploy {
    const char *service;
    double fraction;
    bool drain;
    double rest;                  /* derived: the part of the workers that goes on */
};

static const struct field fields[] = {
    {"service", FIELD_NAME, offsetof(struct deploy, service), .help = "the service that is restarted"},
    {"fraction", FIELD_RATIO, offsetof(struct deploy, fraction), .min = 1e-6, .max = 1, .text = "10%",
     .help = "the part of its workers that is restarted at a time"},
    {"drain", FIELD_BOOL, offsetof(struct deploy, drain), .text = "true",
     .help = "whether a worker finishes what it is doing before it stops; false: that is lost, its caller is told"},
    {0}};

static const char *prepare(void *parameters)
{
    struct deploy *p = parameters;
    p->rest = 1 - p->fraction;
    return NULL;
}

static uint32_t times(const void *parameters)
{
    const struct deploy *p = parameters;
    return (uint32_t)ceil(1 / p->fraction - 1e-9);
}

/* The knob has been turned already. */
static void apply(struct world *world, const struct fault *fault, uint32_t target, bool begins)
{
    const struct deploy *p = (const void *)fault->config->choice.parameters;
    if (!begins)
        service_part_restarted(world, target, p->fraction);
    else if (!p->drain)
        service_kill_workers(world, target, p->fraction, fault_number(world, fault));
}

static const char *why_not(const struct model_config *config, struct target target)
{
    const struct service_config *service = &((const struct service_config *)config->services.items)[target.index];
    return service->workers < INT64_MAX ? NULL : "has unlimited workers: there are no parts of them";
}

const struct fault_row fault_deploy = {
    .row = {.name = "deploy", .summary = "a rolling restart: one part of the workers after the other",
            .formula = "1 / fraction times: workers x (1 - fraction), rounded down", .fields = fields,
            .size = sizeof(struct deploy), .prepare = prepare},
    .target = TARGET_SERVICE, .recurs = true, .turn = TURN_SCALE, .knob = KNOB_WORKERS,
    .amount = offsetof(struct deploy, rest), .apply = apply, .times = times, .why_not = why_not,
};
