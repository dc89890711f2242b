/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of pools share: pool.c (choosing), pool_health.c (checks, ejection), pool_scale.c (autoscaler),
 * pool_sum.c (the sum of the replicas). */
#ifndef MODEL_POOL_PARTS_H
#define MODEL_POOL_PARTS_H

#include "model/pool.h"

static inline struct pool *pool_at(const struct world *world, uint32_t service)
{
    return world->services[service].pool;
}

/* Of a replica's service. */
static inline struct pool *pool_around(const struct world *world, uint32_t replica_service)
{
    return world->services[world->services[replica_service].pool_service].pool;
}

static inline bool replica_is_out(const struct replica *replica) { return replica->failing || replica->ejected; }

/* Who is available may have changed. */
void pool_look(struct world *world, struct pool *pool);
void pool_joins(struct world *world, struct pool *pool, uint32_t replica);     /* begins its slow start */

/* Plans one of the matters, of the pool or of a replica; returns the event's sequence. */
uint32_t pool_plan(struct world *world, uint32_t service, enum pool_matter matter, int64_t wait_ns);

void pool_health_start(struct world *world, struct pool *pool);
void pool_check_begins(struct world *world, uint32_t replica_service);     /* of a replica that came up */
void pool_check_due(struct world *world, uint32_t replica_service, uint32_t sequence);
void pool_dies(struct world *world, uint32_t replica_service);       /* of a check that failed */
void pool_restarted(struct world *world, uint32_t replica_service);
void pool_heard(struct world *world, uint32_t replica_service, enum outcome outcome);
void pool_returns(struct world *world, uint32_t replica_service);
void pool_sweep(struct world *world, struct pool *pool);

void pool_scale_build(struct pool *pool);
void pool_scale_start(struct world *world, struct pool *pool);
void pool_scale_due(struct world *world, struct pool *pool);
void pool_scale_started(struct world *world, uint32_t replica_service, uint32_t sequence);
void pool_scale_free(struct pool *pool);

#endif
