/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions: clients that must connect before they may send, and connect again when they lost their session.
 *
 *                      U(0, splay) is over                          good answer
 *     (lost) --> WAITING ----------------> CONNECTING (a request of ----------> CONNECTED --> sends requests
 *                  ^                         the connect edge)                      |
 *                  |         give_up_wait         |  failed for good                | its length is over, a fault
 *                  +------------------------------+                                 |
 *                  +----------------------------------------------------------------+
 *
 * Connecting is an ordinary request of an ordinary edge, `clients.NAME.connect`, with its own callee, policy and
 * network; a fresh one each time, which knows nothing of earlier ones. A client without a session sends nothing: it
 * does not think (closed loop), and an arrival that is its (open loop) is no request. What is under way when a session
 * ends is not called back: it may still be answered.
 *
 * A restart (fault clients-restart) ends all that a client does: its requests fail, its timers start anew. Closed-loop
 * clients that some fault may restart have a session too, which they never lose. */
#ifndef MODEL_SESSION_H
#define MODEL_SESSION_H

#include "model/world.h"

void session_build(struct world *world);
void session_start(struct world *world, uint32_t population);
/* EVENT_SESSION of a place in world.sessions: a wait, or a session, is over. */
void session_event(struct world *world, uint32_t session, uint32_t sequence);

/* A request has its outcome: one of a connect edge, one of a closed loop (`number` of its client). */
void session_connect_over(struct world *world, uint32_t edge, uint32_t client, bool good);
void session_request_over(struct world *world, uint32_t population, uint32_t client, uint32_t number);
/* A client has thought: whether this is still wanted. If so it is asking from now on. */
bool session_asks(struct world *world, const struct population *population, uint32_t client, uint32_t sequence);

/* Faults: a part of the clients, picked at random, lose their sessions, or start anew. `number` tells faults apart. */
void session_disconnect(struct world *world, uint32_t population, double fraction, uint32_t number);
void session_restart(struct world *world, uint32_t population, double fraction, uint32_t number);

static inline bool session_is_open(const struct world *world, const struct population *population, uint32_t client)
{
    return world->sessions[population->first_session + client].state == SESSION_CONNECTED;
}

#endif
