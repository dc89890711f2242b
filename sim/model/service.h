/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A service: a queue, workers, a law of service time.
 *
 * An attempt that arrives is refused or swallowed (outage), taken by a free worker, queued, or rejected (queue full).
 * A rejection's work (`reject_cost`) is debt that the next worker to start an attempt pays first.
 * In a pause the workers stand still: running attempts keep what is left of their work, the queue fills.
 * Time is measured on two clocks: the wall's, and the service's own, which stands still in a pause and, where attempts
 * share the workers (ps), runs as fast as each one's share of a worker; busy time and work are counted on the second.
 * Where the speed depends on how many are in service, or on time, shared.h plans the completions. There the debt that
 * an attempt pays for rejections is work like any other, so how long it takes is known when it is paid. */
#ifndef MODEL_SERVICE_H
#define MODEL_SERVICE_H

#include "model/world.h"

void service_build(struct world *world, uint32_t service);
void service_build_replica(struct world *world, uint32_t service, uint32_t pool);
void service_free(struct service *service);

void service_arrive(struct world *world, uint32_t service, uint32_t attempt);
void service_let_in(struct world *world, uint32_t attempt);      /* which a gate has held */
void service_done(struct world *world, uint32_t attempt, uint32_t sequence);

void service_shared_done(struct world *world, uint32_t service, uint32_t sequence);

/* The caller of an attempt that is here gave up (its ABANDONED flag is set). */
void service_abandoned(struct world *world, uint32_t attempt);

/* The answer to an attempt that is here, or on its way here, is for nobody, though its caller still waits for it. */
void service_unwanted(struct world *world, uint32_t attempt);

/* Faults. Each takes effect on running and waiting attempts at once. */
void service_outage(struct world *world, uint32_t service, enum outage_mode mode, int change);
void service_set_speed(struct world *world, uint32_t service, double speed);
void service_set_workers(struct world *world, uint32_t service, int64_t workers);
void service_set_queue_capacity(struct world *world, uint32_t service, int64_t capacity);
void service_restarted(struct world *world, uint32_t service);   /* its warm-up begins */
/* The same of a part of the workers: the mean speed of all begins where it is, less what that part lacks, and is full
 * again after the warm-up's time. (Of several parts that warm up at a time, the earlier ones are taken to be as cold as
 * the latest.) */
void service_part_restarted(struct world *world, uint32_t service, double part);

/* All that waits or is served here is lost. Its callers hear of a reset connection, or never again. */
enum death { DEATH_RESETS, DEATH_IS_SILENT };
void service_kill(struct world *world, uint32_t service, enum death death);
/* The workers of a part of all replicas die: each attempt in service is lost (reset) with that probability; those that
 * wait go on waiting. `number` tells such events apart. */
void service_kill_workers(struct world *world, uint32_t service, double part, uint32_t number);

int64_t service_clock_ns(const struct service *service, int64_t now_ns);
struct service_areas service_areas_now(const struct service *service, int64_t now_ns);
/* What it can serve now, per second: 0 in an outage, INFINITY without limit. */
double service_capacity_per_s(const struct service *service, int64_t now_ns);

#endif
