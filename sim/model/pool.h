/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pools: replicas of one service, each with workers, a queue and gates of its own, behind one balancer.
 *
 *                        +--> services.api[0]
 *   caller -- chooser ---+--> services.api[1]
 *                        +--> ...
 *
 * A world keeps each replica as a service (struct service). The pool's own struct service works on nothing: it is the
 * sum of its replicas, made when somebody looks (pool_add_up), and where an attempt is refused that found none of them
 * available.
 *
 *   ABSENT --autoscaler--> STARTING --start_delay--> UP --autoscaler--> ABSENT (it finishes what it has)
 *
 * The chooser picks one of the replicas that are UP and available: not taken out by checks (pool_health.c), not
 * ejected; but when a smaller part than `panic` is available, one of all that are UP. It picks when the caller sends an
 * attempt (where a breaker or gate is kept for each endpoint: before these are asked), or when a cache fetches. All
 * callers share one balancer: what one learns all know.
 *
 * Outstanding are attempts that were sent and whose caller has not heard of them, or given up: a replica that loses all
 * has as many as a timeout lasts. A failure of its caller's (or cache's) attempt is one of the replica's.
 *
 * Service demands are drawn by request and attempt as ever, so every chooser meets the same work. */
#ifndef MODEL_POOL_H
#define MODEL_POOL_H

#include "model/chooser.h"
#include "model/world.h"

enum replica_state { REPLICA_ABSENT, REPLICA_STARTING, REPLICA_UP };

struct replica {
    uint8_t state;                /* enum replica_state */
    bool failing;                 /* taken out by checks */
    bool restarting;              /* by a check that failed: for a while it is not checked */
    bool ejected;
    uint32_t outstanding;
    uint32_t streak;              /* checks in a row that say the opposite of `failing` */
    uint32_t checks;              /* so far: they name their draws */
    uint32_t check_timer;         /* sequence of the next one's event: others are of an earlier start */
    uint32_t starts;              /* by the autoscaler, so far: they name their draws */
    uint32_t start_timer;         /* sequence of its POOL_STARTED; 0: it does not start */
    uint32_t failures;            /* of its attempts, in a row */
    uint32_t ejections;           /* not forgiven */
    int64_t ejected_until_ns;
    int64_t joined_ns;            /* its slow start began; INT64_MIN: long ago */
};

struct pool {
    const struct pool_config *config;
    const struct chooser_row *chooser;
    uint32_t service;             /* the pool's own */
    uint32_t first, room;         /* replica i is service first + i */
    uint32_t up, starting;        /* of the replicas */
    struct replica *replicas;
    uint32_t *available;          /* those to choose from */
    uint32_t available_count;
    uint32_t turn;                /* of round robin */
    uint64_t choose_key, start_key;
    uint32_t check_edge;          /* NONE: no checks that are requests */
    struct level up_level, out_level, panic_level;   /* over time; out: UP, but not available; panic: 0 or 1 */
    area_t up_at_warmup, out_at_warmup, panic_at_warmup;
    uint64_t added[COUNT_KINDS];  /* what the replicas had counted when they were last added up */
    struct autoscaler *autoscaler;   /* NULL: none */
};

static inline bool pool_is_replica(const struct service *service) { return service->pool_service != NONE; }

/* Whether the replica is UP. */
bool pool_has(const struct world *world, const struct service *replica);

/* Chooses for an attempt, by its request's id and its number; `avoid`: not this service, if there is another. Returns
 * the replica's index among the services; the pool's own: none is available. */
struct pool_call {
    uint64_t id, key;
    uint32_t number, avoid;
};
uint32_t pool_choose(struct world *world, uint32_t service, const struct pool_call *call);
/* The attempt is sent there. This and pool_over: of a service that is no replica nothing is kept. */
void pool_sent(struct world *world, uint32_t replica_service);
/* Its caller knows how it ended; `tells` false: nothing follows from that. */
void pool_over(struct world *world, uint32_t replica_service, enum outcome outcome, bool tells);

/* The share of a replica, for choosers. */
double pool_weight(const struct pool *pool, uint32_t replica, int64_t now_ns);

/* EVENT_POOL. */
enum pool_matter {
    POOL_CHECK, POOL_DIES, POOL_RESTARTED, POOL_RETURN, POOL_SWEEP, POOL_SCALE, POOL_STARTED, POOL_MATTERS
};
void pool_event(struct world *world, uint32_t index, uint32_t sequence);
/* A check that is a request has its outcome. */
void pool_checked(struct world *world, uint32_t edge, uint32_t replica, bool good);

/* Adds the replicas up into the pool's own service, as of now. */
void pool_add_up(const struct world *world, struct service *service);
/* The same of the times of those that results show: of the present bin, of all waits. */
void pool_add_up_latencies(const struct world *world, struct service *service);
void pool_add_up_waits(const struct world *world, struct service *service);
double pool_capacity_per_s(const struct world *world, const struct pool *pool);    /* now, of those that are UP */
void pool_warmed_up(const struct world *world, struct pool *pool);

void pool_build(struct world *world, uint32_t service, uint32_t first);
void pool_start(struct world *world, uint32_t service);     /* first events */
void pool_free(struct pool *pool);

#endif
