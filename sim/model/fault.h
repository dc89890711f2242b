/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults: at a time, for a while, something changes in the world.
 *
 * A row applies one fault when it begins and when it ends. Its parameter struct starts with the target's name
 * (const char *), whose key is the first field ("service", "clients", "cache"). Faults may overlap: what scales
 * something computes it anew from all faults that are on (fault_product), so the order of their ends does not
 * matter. */
#ifndef MODEL_FAULT_H
#define MODEL_FAULT_H

#include "base/table.h"
#include "model/world.h"

struct fault_row {
    struct row row;
    enum target_kind target;
    bool instant;                 /* an event: has no end */
    void (*apply)(struct world *world, const struct fault *fault, bool begins);
};

extern const struct table fault_table;

/* The product (1 if none) of a double parameter at `offset` over all faults like this one, same row and target, that
 * are on; fault_most the largest, or `none`. */
double fault_product(const struct world *world, const struct fault *like, size_t offset);
double fault_most(const struct world *world, const struct fault *like, size_t offset, double none);

void fault_schedule(struct world *world);
/* Sets world->calm_until_ns: call it when a bin has ended and when a fault has begun or ended. */
void fault_find_calm(struct world *world);
void fault_event(struct world *world, uint32_t index);     /* index * 2 + (1: end) */

#endif
