/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One speed for all that are in service, which changes with their number and with time.
 *
 *     speed = share x curve(n) x speed of the service x warm-up      (0 in a pause)
 *     share = min(1, workers / n) where the attempts share the workers (ps), else 1
 *
 * A clock of work shows how much work each attempt in service has got. One that begins at W with the demand D is done
 * when the clock shows W + D. So nothing moves when the speed changes: attempts are ordered by the end of their work,
 * and one event waits for the first end. A beginning or an end costs O(log n).
 *
 * When the speed falls, the event is left where it is; it comes too early and is put off. So a crowd that slows itself
 * down costs an event an arrival at most, not one for each attempt and arrival.
 *
 * A second clock shows the worker time that each has got, `share` of the time: the service's own clock where attempts
 * share the workers. Both count nanoseconds in doubles: relative errors are 1e-16 a step, and the clock of work starts
 * again at 0 when nobody is in service. Ends are rounded to the nanosecond; equal ends leave in order of beginning. */
#ifndef MODEL_SHARED_H
#define MODEL_SHARED_H

#include "model/world.h"

struct shared {
    struct ordered ends;          /* attempts in service by the end of their work */
    double work_ns, share_ns;     /* the two clocks, as of since_ns */
    int64_t since_ns;
    double speed, share;          /* now; without the warm-up, which the clock adds */
    int64_t event_ns;             /* the pending EVENT_SHARED_DONE */
    uint32_t event;               /* its sequence; 0: none */
};

/* Whether a service needs one. */
bool shared_is_needed(const struct service_config *config);
struct shared *shared_new(void);
void shared_free(struct shared *shared);      /* NULL: nothing to do */

/* The attempt has so much work to get from now on. */
void shared_begin(struct world *world, struct service *service, uint32_t attempt, int64_t work_ns);
/* It gets no more; returns what was left to do. */
int64_t shared_end(struct world *world, struct service *service, uint32_t attempt);
/* After any change of what the speed depends on, in the instant of the change: advances the clocks with the old speed,
 * takes the new one, plans the event. */
void shared_settle(struct world *world, struct service *service);
/* The event: the attempt whose work has ended (its shared_end was called), or NONE. */
uint32_t shared_done(struct world *world, struct service *service, uint32_t sequence);

/* The service's own clock where attempts share the workers. */
static inline int64_t shared_clock_ns(const struct shared *shared, int64_t now_ns)
{
    return (int64_t)(shared->share_ns + shared->share * (double)(now_ns - shared->since_ns));
}

#endif
