/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the steps of a scenario to the steps of a program: calls become edges, `times` becomes repetition. */
#include <stdlib.h>
#include <string.h>

#include "model/program.h"

/* What a step is made from. */
struct source {
    const struct service_config *service;
    uint32_t first_edge;          /* the edge of the service's first call */
};

static uint16_t edge_of_call(const struct source *source, const char *name)
{
    const struct call_config *calls = source->service->calls.items;
    uint32_t i = 0;
    while (strcmp(calls[i].name, name) != 0)
        i++;
    return (uint16_t)(source->first_edge + i);
}

static const uint16_t *edges_of_step(const struct source *source, const struct step_config *config)
{
    const struct name_config *parallel = config->parallel.items;
    size_t count = config->parallel.count;
    uint16_t *edges = memory_zeroed(count ? count : 1, sizeof *edges);
    for (size_t i = 0; i < count; i++)
        edges[i] = edge_of_call(source, parallel[i].name);
    if (count == 0)
        edges[0] = edge_of_call(source, *config->call ? config->call : config->cache);
    return edges;
}

static const bool *populations_of_step(const struct world *world, const struct step_config *config)
{
    const struct name_config *names = config->only_for.items;
    if (config->only_for.count == 0)
        return NULL;
    bool *serves = memory_zeroed(world->population_count, sizeof *serves);
    for (size_t i = 0; i < config->only_for.count; i++)
        serves[config_target(world->config, TARGET_CLIENTS, names[i].name).index] = true;
    return serves;
}

static struct step make_step(const struct world *world, const struct source *source, const struct step_config *config)
{
    struct step step = {.work = config->work, .fallback = config->fallback, .optional = config->optional,
                        .chance = config->chance, .serves = populations_of_step(world, config)};
    if (config->work)
        return step;
    step.edges = edges_of_step(source, config);
    step.calls = config->parallel.count ? (uint16_t)config->parallel.count : 1;
    step.need = config->needed < step.calls ? (uint16_t)config->needed : step.calls;
    return step;
}

static uint32_t count_steps(const struct service_config *service)
{
    const struct step_config *steps = service->program.items;
    uint32_t count = 0;
    for (size_t i = 0; i < service->program.count; i++)
        count += (uint32_t)steps[i].times;
    return count;
}

void program_build(struct world *world, uint32_t index, uint32_t first_edge)
{
    struct service *service = &world->services[index];
    struct source source = {service->config, first_edge};
    const struct step_config *steps = service->config->program.items;
    struct program *program = memory_zeroed(1, sizeof *program);
    program->steps = memory_zeroed(count_steps(service->config), sizeof *program->steps);
    program->chance_key = stream_key(world->seed, world->replication, "chance", service->place.path);
    for (uint32_t i = 0; i < service->config->program.count; i++)
        for (uint32_t k = 0; k < (uint32_t)steps[i].times; k++) {
            program->steps[program->count] = make_step(world, &source, &steps[i]);
            program->steps[program->count++].name = i << 16 | k;
        }
    service->program = program;
}

void program_free(struct program *program)
{
    for (uint32_t i = 0; program && i < program->count; i++) {
        free((void *)program->steps[i].edges);
        free((void *)program->steps[i].serves);
    }
    if (program)
        free(program->steps);
    free(program);
}
