/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the service share and nobody else needs: service.c (arrivals, completions), service_work.c
 * (workers), service_cancel.c (callers that give up), service_fault.c (faults). */
#ifndef MODEL_SERVICE_PARTS_H
#define MODEL_SERVICE_PARTS_H

#include "model/service.h"

/* The attempt leaves the service: for its caller, or for the cache it came through; */
void service_hand_back(struct world *world, uint32_t attempt, enum outcome outcome);
/* nobody hears of it any more; */
void service_drop(struct world *world, uint32_t attempt);
/* it, or its answer, is lost. */
void service_swallow(struct world *world, uint32_t attempt);

/* A free worker takes the attempt: it pays the rejections' debt, then serves. */
void work_start(struct world *world, struct service *service, uint32_t attempt);
/* Free workers take what waits. */
void work_start_waiting(struct world *world, struct service *service);
void work_leave_queue(struct world *world, struct service *service, uint32_t attempt);
void work_leave_system(struct world *world, struct service *service, const struct attempt *attempt);
/* Frees the worker; returns the worker time that went into the attempt. */
int64_t work_leave_worker(struct world *world, struct service *service, const struct attempt *attempt);

static inline bool work_has_room(const struct service *service)
{
    return service->paused_since_ns < 0 && service->busy.value < service->workers;
}

#endif
