/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults: at a time, for a while, something changes in the world. When that is says fault_plan.h.
 *
 * A row's parameter struct starts with its target (const char *), whose key is the first field: the name of a service,
 * of clients, of a cache, or a path where `target` says so ("clients.web" is an edge, "services.api.workers" a
 * parameter).
 *
 * Many rows turn a knob (knob.h): they set a parameter, scale it, or raise it to at least some value. Knobs are
 * computed anew from all faults that are on, so that overlapping faults end in any order, and each is undone exactly.
 * What else they do they do in `apply`, which is called when the fault begins and when it ends. */
#ifndef MODEL_FAULT_H
#define MODEL_FAULT_H

#include "base/table.h"
#include "model/knob.h"
#include "model/world.h"

enum { FAULT_WHY_SIZE = 200 };

struct fault_row {
    struct row row;
    enum target_kind target;
    bool instant;                 /* an event: has no end */
    /* Whether the parameters suit the target: NULL, or the key that does not, and why. NULL: they always do. */
    const char *(*check)(const struct model_config *config, const struct fault_config *fault, struct target target,
                         char why[FAULT_WHY_SIZE]);
    bool recurs;                  /* makes no sense without `every` */
    enum turn turn;               /* what it does to its knob */
    enum knob knob;               /* of target TARGET_PARAMETER: the path's */
    size_t amount;                /* offset of the double by which the knob is turned */
    bool picks_clients;           /* must know which client a request is of */
    /* To each of its targets (replicas are several), after the knob has been turned; NULL: that was all. */
    void (*apply)(struct world *world, const struct fault *fault, uint32_t target, bool begins);
    /* Why it cannot hit this target ("has no sessions"); NULL: it can. */
    const char *(*why_not)(const struct model_config *config, struct target target);
    uint32_t (*times)(const void *parameters);   /* happens so many times; NULL: as often as `every` says */
};

extern const struct table fault_table;
enum { FAULT_LABEL_SIZE = 160 };

static inline const char *fault_target_name(const struct fault_config *fault)
{
    return *(const char *const *)(const void *)fault->choice.parameters;
}

void fault_build(struct world *world, uint32_t index);
void fault_schedule(struct world *world);
/* Sets world->calm_until_ns: call it when a bin has ended and when a fault has begun or ended. */
void fault_find_calm(struct world *world);
void fault_event(struct world *world, uint32_t index);     /* index * 2 + (1: end) */

/* A number of its own for each fault and each time it happens. */
uint32_t fault_number(const struct world *world, const struct fault *fault);

/* The incident: from the first beginning to the last end so far (INT64_MAX: not over) of the faults that happened. What
 * recurs as long as the run is background, and counts only where there is nothing else. False: there was none. */
bool fault_incident(const struct world *world, int64_t *begins_ns, int64_t *ends_ns);

/* The checks of config_link. */
struct linker;
void fault_link(const struct linker *linker, size_t index);

#endif
