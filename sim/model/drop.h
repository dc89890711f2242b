/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drop rules: which attempts are turned away at the last moment, when a worker is about to take them.
 *
 * A rule is asked about every attempt that a worker would start, those that did not wait included (their wait is 0), in
 * the order in which workers take them. A dropped attempt is answered by a rejection, costs what a rejection costs, and
 * counts as rejected and as dropped. */
#ifndef MODEL_DROP_H
#define MODEL_DROP_H

#include "base/table.h"
#include "model/world.h"

struct drop_row {
    struct row row;
    bool (*drops)(struct world *world, struct service *service, const struct attempt *attempt);   /* NULL: never */
    void (*joined)(struct world *world, struct service *service, struct attempt *attempt);
    /* joined: the attempt has begun to wait. NULL: nothing to do. */
};

extern const struct table drop_table;

static inline const void *drop_parameters(const struct service *service)
{
    return service->config->queue.drop.choice.parameters;
}

#endif
