/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gates: admission rules, the same at a client's and at a service's end of an edge.
 *
 * Pure: (parameters, state, question) -> answer. The state is plain memory of `state_size` bytes, 8-byte aligned and
 * zeroed, one for each scope; `now` never goes back.
 *
 *     ask ----> ADMIT    goes on now
 *          \--> HOLD     goes on after `wait_ns`, for certain: the permit is reserved and cannot be given back
 *           \-> WAIT     joins the line of this gate, for `wait_ns` at most. The first of the line is asked about again
 *            \           (`in->again`) when something leaves, or after retry_after_ns
 *             \> REFUSE  fails here and now, as failure `refusal`: nothing was taken
 *
 * `leave` hears of everything that was admitted (or held), once, when it is over: answered, given up, never sent. A
 * gate that counts what is under way counts from ask to leave. Where a gate stands:
 *
 *     client, per: attempt   each attempt passes it, inside retry and behind the breaker; a refusal uses up an attempt
 *                            and is a failure that may be retried
 *     client, per: retry     the same for retries; a first attempt passes by
 *     client, per: request   outside retry: asked once, left when the request is over; a refusal fails the request
 *     service                each arriving attempt passes it before the queue. WAIT is not for services: their queue
 *                            is the line. What is held waits in front of the queue
 *
 * Several gates are passed in the order of their list; when a later one refuses, the earlier ones hear `leave` with
 * `sent` false. A gate looks at what it counts itself, or (`looks_at_service`) at the signals of the service where it
 * stands; those cannot stand at a client. */
#ifndef POLICY_GATE_H
#define POLICY_GATE_H

#include "base/field.h"
#include "base/stream.h"
#include "base/table.h"
#include "policy/failure.h"
#include "policy/scope.h"

enum gate_verdict { GATE_ADMIT, GATE_HOLD, GATE_WAIT, GATE_REFUSE };

/* What a service shows to its gates; at a client's end everything is 0. */
struct gate_signals {
    int64_t in_service, queued, workers;  /* attempts (in service: those that are worked on, not those that wait for
                                           * calls); workers INT64_MAX: unlimited */
    int64_t oldest_wait_ns;               /* age of the attempt that waits longest, 0: none waits */
    double mean_service_ns;
};

struct gate_in {
    int64_t now_ns;
    uint32_t priority;                    /* 0 is the most critical */
    uint32_t caller;                      /* client, or tenant */
    uint32_t waiting;                     /* in this gate's line, the asker not included */
    bool again;                           /* was told to WAIT before */
    struct stream *stream;                /* for gates that admit by chance; draw once */
    const struct gate_signals *signals;   /* never NULL */
};

struct gate_answer {
    enum gate_verdict verdict;
    int64_t wait_ns;                      /* HOLD, WAIT (INT64_MAX: for ever) */
    int64_t retry_after_ns;               /* REFUSE, WAIT: when to ask again; below 0: the gate does not know */
};

struct gate_out {
    int64_t now_ns;
    int64_t latency_ns;                   /* since it was sent (at a service: arrived) */
    uint32_t priority, caller;
    bool sent;                            /* false: it never left, so its end says nothing */
    bool good;
    enum failure failure;                 /* where it is not good */
    int64_t queue_wait_ns;                /* at a service: waited before it started; below 0: never started */
    struct stream *stream;                /* for gates that learn by chance; draw once */
    const struct gate_signals *signals;
};

struct gate_row {
    struct row row;
    enum failure refusal;                 /* at a client: LIMITED or BULKHEAD_FULL */
    size_t (*state_size)(const void *parameters);       /* NULL: no state */
    void (*init)(const void *parameters, void *state);  /* at time 0; NULL: all zero */
    struct gate_answer (*ask)(const void *parameters, void *state, const struct gate_in *in);
    void (*leave)(const void *parameters, void *state, const struct gate_out *out);   /* NULL: does not listen */
    bool waits;                           /* may answer WAIT: the model keeps a line for it */
    enum failure rejection;               /* at a service, by default: THROTTLED or OVERLOADED */
    const char *(*not_at_service)(const void *parameters);   /* why it cannot stand there; NULL: it can */
    bool looks_at_service;                /* stands at services only */
    bool counts_workers;                  /* and must know how many there are */
    bool tells_clients_apart;             /* looks at in->caller */
};

enum gate_per { GATE_PER_ATTEMPT, GATE_PER_REQUEST, GATE_PER_RETRY };

/* At a client's end. */
struct gate {
    struct choice choice;
    int scope;            /* enum scope; default client */
    int per;              /* enum gate_per */
    const char *preset;   /* where it comes from, or "none" */
};

extern const struct table gate_table;
extern const struct record gate_record; /* {kind: token-bucket, rate: 10/s, burst: 20, on_empty: reject} */

static inline struct gate_answer gate_admit(void) { return (struct gate_answer){GATE_ADMIT, 0, -1}; }
static inline struct gate_answer gate_refuse(void) { return (struct gate_answer){GATE_REFUSE, 0, -1}; }
static inline struct gate_answer gate_refuse_for(int64_t wait_ns)
{
    return (struct gate_answer){GATE_REFUSE, 0, wait_ns};
}
static inline struct gate_answer gate_hold(int64_t wait_ns)
{
    return wait_ns > 0 ? (struct gate_answer){GATE_HOLD, wait_ns, -1} : gate_admit();
}

#endif
