/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queue disciplines: in which lane an attempt waits, and which one a free worker takes.
 *
 * A waiting attempt stands in one lane (struct waiting, world.h); a lane keeps the order of arrival, and any attempt
 * leaves it in O(1). A row that needs one lane and no memory has only `pick`. Who is rejected when: an attempt that
 * finds the capacity used up, or its lane full, unless the row names a lane whose newest attempt makes room
 * (`victim_lane`), which is then dropped in its place. Which of those that a worker takes are dropped all the same is
 * the drop rule's affair (drop.h).
 */
#ifndef MODEL_DISCIPLINE_H
#define MODEL_DISCIPLINE_H

#include "base/table.h"
#include "model/world.h"

struct discipline_row {
    struct row row;
    bool shares;                  /* processor sharing: nobody waits, all admitted attempts share the workers */
    bool needs_capacity;          /* means nothing with an unlimited queue */
    uint32_t (*lane_count)(const void *parameters, const struct model_config *config);   /* NULL: 1 */
    bool (*tells_clients_apart)(const void *parameters);   /* NULL: no */
    /* Makes waiting.state, one block of memory; may set waiting.lane_capacity. NULL: nothing to do. */
    void (*init)(const struct world *world, struct service *service);
    uint32_t (*lane_of)(const struct world *world, const struct service *service, const struct attempt *attempt);
    /* The lane of which the newest attempt makes room for a newcomer of `lane`, or NONE. NULL: none ever does. */
    uint32_t (*victim_lane)(const struct service *service, uint32_t lane);
    /* An attempt has joined the queue, will leave it (taken, cancelled, dropped). NULL: nothing to do. */
    void (*joined)(struct world *world, struct service *service, uint32_t attempt);
    void (*leaves)(struct world *world, struct service *service, uint32_t attempt);
    /* The next to be served; somebody waits. It stays in its lane. */
    uint32_t (*pick)(struct world *world, struct service *service);
};

extern const struct table discipline_table;

static inline const void *discipline_parameters(const struct service *service)
{
    return service->config->queue.discipline.parameters;
}

#endif
