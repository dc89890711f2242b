/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way between a caller and what it calls: latency, loss, retransmission, and the faults that trouble them.
 *
 * A message (an attempt, or its answer) that is lost stays lost, or, with `rto`, is sent again by the transport: after
 * rto, then after twice as long, and so on up to rto_max, until it gets through. Neither end hears of that, and a
 * caller that gave up does not stop it (the bytes are in the socket): what was sent into a partition comes out of it
 * when it is over.
 *
 *     what                    how several combine
 *     latency (scenario)      one draw each way
 *     latency (faults)        their draws are added
 *     loss                    independent: 1 - (1 - a) (1 - b)
 *     partition               a client is cut off if one of them cuts it off */
#ifndef MODEL_NETWORK_H
#define MODEL_NETWORK_H

#include "model/world.h"

/* Parameters of the faults. way: enum way */
enum way { WAY_BOTH, WAY_REQUESTS, WAY_RESPONSES };
struct delay_fault {
    const char *edge;
    const struct law *delay;
    int way;
};
struct loss_fault {
    const char *edge;
    double ratio[2];              /* by direction */
};
struct partition_fault {
    const char *edge;
    double fraction;              /* of the clients */
    int way;
};

/* Whether the message is lost now; then it was dealt with. An answer's outcome is in its flags (ATTEMPT_ANSWERING). */
bool network_loses(struct world *world, const struct edge *edge, uint32_t attempt, enum direction direction);
/* What faults add to the latency of a message, from the stream that its latency was drawn from. */
int64_t network_delay_ns(const struct world *world, const struct edge *edge, enum direction direction,
                         struct stream *stream);
/* An event: the transport tries again. */
void network_resend(struct world *world, uint32_t attempt);

/* Takes over the scenario's loss (as knobs have changed it), and all faults that are on. */
void network_set_loss(struct world *world, uint32_t edge, enum direction direction, double loss);
void network_follow_faults(struct world *world, uint32_t edge);

#endif
