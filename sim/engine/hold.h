/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hold model: how fast is an event set, all by itself?
 *
 * `pending` events are filled in; then, again and again, the earliest is popped and pushed back an
 * increment later. First as many holds as are pending twice over, untimed, then `holds` timed ones. The
 * increments have a mean of about 1 s and come from a table that is drawn before, the same for every queue;
 * so equal arguments give the same order, which the checksum of everything popped proves. With the constant
 * law the filled-in events are spread evenly over one increment; a lane then holds them all once they were
 * popped for the first time. */
#ifndef ENGINE_HOLD_H
#define ENGINE_HOLD_H

#include <stddef.h>
#include <stdint.h>

enum hold_law { HOLD_EXPONENTIAL, HOLD_UNIFORM, HOLD_BIMODAL, HOLD_CONSTANT, HOLD_LAWS };
enum hold_queue { HOLD_EVENT_SET, HOLD_EVENT_SET_LANE, HOLD_BINARY_HEAP, HOLD_4ARY_HEAP, HOLD_QUEUES };

extern const char *const hold_law_names[HOLD_LAWS];
extern const char *const hold_queue_names[HOLD_QUEUES];

struct hold_result {
    double ns_per_hold;
    uint64_t order;                 /* checksum of the times and handles popped, in order */
    size_t bytes;                   /* memory the queue held at the end */
};

/* HOLD_EVENT_SET_LANE needs the constant law. */
struct hold_result hold_run(enum hold_queue queue, enum hold_law law, uint32_t pending, uint64_t holds);

#endif
