/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The caller's side of a hop: a request, its attempts, its waits, its outcome.
 *
 *     (open) --> IN_FLIGHT --good answer--> FINISHED          any phase --deadline--> FINISHED (failed)
 *                 ^   |  ^
 *                 |   |  +--permit time-- PACED   (rate limit that makes attempts wait)
 *          wake-up|   | timeout, rejection, error, local rejection
 *                 |   v
 *             BACKING_OFF        or FINISHED (failed) when nothing allows a retry
 *
 * A request without a timeout whose attempt or answer was lost stays IN_FLIGHT for ever: nothing tells its caller.
 *
 * What becomes of an attempt whose caller gave up (it is ABANDONED, its request counts it as a zombie):
 *
 *     it is served all the same        -> its answer is LATE                          (cancel: none)
 *     taken from queue or worker       -> caller_forget: CANCELLED                    (cancel: queued, running)
 *     lost in the network, an outage   -> caller_lost: LOST
 *     it fetches for a read-through    -> goes on as if nothing had happened: the cache wants the value
 *     cache, or waits for a fetch         (cache.h); its answer is LATE
 *
 * A finished request stays until the last of its given-up attempts has left the service (so that a second execution
 * of the same request is seen); then its record is free. */
#ifndef MODEL_CALLER_H
#define MODEL_CALLER_H

#include "model/world.h"

void caller_open(struct world *world, uint32_t edge, uint64_t number, uint32_t client);
/* The same in two parts. A request may have its outcome before caller_begin returns. */
uint32_t caller_new_request(struct world *world, uint32_t edge, uint64_t number, uint32_t client);
void caller_begin(struct world *world, uint32_t request);
/* Its caller does not need it any more. */
void caller_call_off(struct world *world, uint32_t request);
/* Nobody wants the answer, though its caller does not know that. */
void caller_unwanted(struct world *world, uint32_t request);
/* When the request has to be over: its own deadline, or one that was passed on; INT64_MAX: none. */
int64_t caller_deadline_ns(const struct world *world, const struct request *request);

/* The callee's answer to an attempt: travels back, then takes effect. The attempt has left its service. */
void caller_answer(struct world *world, uint32_t attempt, enum outcome outcome);
/* The attempt, or its answer, was lost on the way. */
void caller_lost(struct world *world, uint32_t attempt);
/* When an attempt that has reached its service (and did not leave it) will be given up, if nothing comes back before;
 * INT64_MAX: never. What a deadline that travels with the attempt tells the service. */
int64_t caller_gives_up_ns(const struct world *world, const struct attempt *attempt);
/* An attempt whose caller gave up is gone for good. */
void caller_forget(struct world *world, uint32_t attempt);

/* The attempt was lost before it reached the service: the caller may notice sooner (connect_timeout). */
void caller_unreached(struct world *world, uint32_t attempt);

/* Sends an attempt now: breaker and gates have let it out. */
void caller_send(struct world *world, uint32_t request);
/* The caller turns away from an attempt that it no longer has under way. */
void caller_abandon(struct world *world, uint32_t attempt);
/* Sets a message on its way: EVENT_REACH or EVENT_ANSWER when it arrives. */
void caller_travel(struct world *world, const struct edge *edge, uint32_t attempt, enum direction direction);
/* The caller ends its request, which fails. */
void caller_abort(struct world *world, uint32_t request);

/* Events. */
void caller_wake(struct world *world, uint32_t request, uint32_t sequence);
void caller_timeout(struct world *world, uint32_t request, uint32_t sequence);
void caller_deadline(struct world *world, uint32_t request, uint32_t sequence);
void caller_reach(struct world *world, uint32_t attempt);
void caller_answered(struct world *world, uint32_t attempt);

#endif
