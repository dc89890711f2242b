/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run of one strategy: everything that changes while simulated time passes.
 *
 * A world owns its clock, event set, pools and counters and shares nothing that changes, so two worlds run in two
 * threads. State is plain arrays addressed by 32-bit indices; there are no pointers between records. The life of
 * an attempt:
 *
 *   caller_open -> next_attempt ..latency..> service_arrive -> [queue] -> worker -> caller_answer ..latency..> outcome
 *       ^              |  timeout: given up (the service works on, unless `cancel` says otherwise)              |
 *       |              v                                                                                        v
 *       +---- backoff wait <------------------- retry allowed? <------------------------------------------- failed
 *       / good
 *
 * An edge without latency is a function call: the attempt arrives in the instant it is sent, the answer is there in the
 * instant the service is done. */
#ifndef MODEL_WORLD_H
#define MODEL_WORLD_H

#include <stdatomic.h>

#include "base/bins.h"
#include "base/hist.h"
#include "base/zipf.h"
#include "engine/event_set.h"
#include "model/arrival.h"
#include "model/config.h"
#include "model/counts.h"
#include "model/fault_plan.h"
#include "model/knob.h"

#define NONE UINT32_MAX
enum { NO_POPULATION = UINT16_MAX };

/* An event's handle: what happens (4 bits), to whom (28 bits). */
enum event_kind {
    EVENT_FAULT, EVENT_DONE, EVENT_SHARED_DONE, EVENT_ANSWER, EVENT_TIMEOUT, EVENT_DEADLINE, EVENT_NEXT_ARRIVAL,
    EVENT_THOUGHT, EVENT_SEND, EVENT_REACH, EVENT_LET_IN, EVENT_HEDGE, EVENT_RESEND, EVENT_SESSION, EVENT_CACHE,
    EVENT_POOL,
    EVENT_KINDS
};
enum { HANDLE_BITS = 28, HANDLE_MAX = (1 << HANDLE_BITS) - 1 };

static inline uint32_t handle_of(enum event_kind kind, uint32_t index) { return (uint32_t)kind << HANDLE_BITS | index; }
static inline enum event_kind handle_kind(uint32_t handle) { return (enum event_kind)(handle >> HANDLE_BITS); }
static inline uint32_t handle_index(uint32_t handle) { return handle & HANDLE_MAX; }

/* How an attempt ended, as its caller learns it. The failures are the policy layer's. */
enum outcome {
    OUTCOME_TIMEOUT = FAILURE_TIMEOUT, OUTCOME_REJECTED = FAILURE_OVERLOADED, OUTCOME_REFUSED = FAILURE_REFUSED,
    OUTCOME_ERROR = FAILURE_SERVER_ERROR, OUTCOME_GOOD = FAILURE_KINDS
};

/* The caller's side, 64 bytes. Lives until it has its outcome and no attempt of it is left at a service. */
struct request {
    uint64_t id;                  /* hash of (edge, number): names its random draws */
    int64_t born_ns;
    int64_t chain_ns;             /* the backoff's state */
    uint32_t client;              /* index of the caller in its population; of a call: of the first caller */
    uint32_t attempt;             /* the one in flight, or NONE; of a free record: the next free one */
    uint32_t timer;               /* sequence of the pending timeout or wake-up; 0: none */
    uint32_t deadline_timer;
    uint32_t attempts;            /* so far, local rejections included */
    uint32_t zombies;             /* attempts given up but still at a service */
    uint32_t permit;              /* breaker generation of the attempt in flight */
    uint32_t number;              /* closed loop: how many requests its client made before; of a call: the attempt
                                   * that makes it; of a check: the replica, in the lower 16 bits */
    uint16_t executions;          /* times a service did its work to the end; stays at its greatest value */
    uint16_t edge;
    uint8_t phase;                /* enum request_phase */
    uint8_t flags;                /* enum request_flags */
    uint8_t gate;                 /* the next gate it must pass; those before it wait to hear how it ends */
    uint8_t last_failure;         /* enum failure of its last failed attempt */
};
enum request_phase {
    REQUEST_FREE, REQUEST_IN_FLIGHT, REQUEST_BACKING_OFF, REQUEST_PACED, REQUEST_WAITING, REQUEST_FINISHED,
    REQUEST_OF_CACHE              /* no caller's: what a cache fetches for itself, in the name of who looked it up */
};
enum request_flags {
    REQUEST_INSIDE = 1,           /* passed what is asked once a request; its gates now are those of attempts */
    REQUEST_RETRY_BEFORE = 2,     /* budgets asked before the wait granted a retry that is not over */
    REQUEST_RETRY_AFTER = 4,      /* the same of those asked after it, if there are any: the retry is sent */
    REQUEST_PERMIT = 8,           /* holds a breaker's permit for what is being prepared */
    REQUEST_UNSAFE = 16,          /* not idempotent */
    REQUEST_UNREACHED = 32,       /* its attempt was lost before it reached the service */
    REQUEST_HEDGED = 64,          /* of a hedged edge: model/hedging.h knows its attempts */
    REQUEST_LAST_WAIT = 128,      /* BACKING_OFF: fails when it has waited */
    REQUEST_DEGRADED = 128        /* with its answer, which is good: but it is degraded */
};

/* Whether its caller waits for its outcome. */
static inline bool request_is_pending(const struct request *request)
{
    return request->phase != REQUEST_FREE && request->phase != REQUEST_FINISHED && request->phase != REQUEST_OF_CACHE;
}

/* What only some policies need of a request: an array beside world.requests, there only if an edge asks for it. */
struct flight {
    int64_t sent_ns;
    uint32_t attempt, timer, permit, number, endpoint;
};
struct request_more {
    int64_t sent_ns;              /* of the attempt that was sent last */
    uint32_t previous, next;      /* in the line of a gate, */
    int64_t wait_until_ns;        /* where it does not stay longer than this */
    uint32_t permit;              /* of the breaker that is asked once a request */
    uint32_t restarted;           /* attempts when a hint put the backoff back to its start */
    double script_state;          /* of a backoff that is a script */
    uint32_t retry_limit;         /* retries that the budgets allow it at most; UINT32_MAX: no limit */
    uint16_t retries[FAILURE_KINDS];   /* by rule of the policy */
    uint32_t endpoint, entered;   /* of a pool: the replica (a service) of its last attempt, of its first */
    uint32_t hedge_timer;
    uint8_t flight_count, hedges; /* attempts under way; hedges sent so far */
    uint8_t hedge_grants;         /* of these, granted by budgets that have not heard of their end */
    struct flight flights[];      /* hedged edges: HEDGES_MAX + 1 */
};

/* What only a call has, that is a request that a service makes: an array beside world.requests, there only if services
 * call others. */
struct lineage {
    uint64_t operation;           /* what a service that remembers operations knows it by */
    int64_t deadline_ns;          /* passed on by its caller; INT64_MAX: none */
    uint32_t previous, next;      /* the other calls that its attempt has under way */
    uint16_t edge;                /* of the first request of all, a client's */
};

/* How far a service with a program is with an attempt: an array beside world.attempts, there only if one has a program
 * (program.h). */
struct visit {
    int64_t worked_ns;            /* worker time of its work steps so far */
    int64_t due_ns;               /* work to be done before it goes on; -1: none */
    int64_t error_ns;             /* it will end in an error: after so much more work */
    int64_t since_ns, waited_ns;  /* when it began to wait for a worker again; all such waits so far */
    uint32_t calls;               /* under way: a list through lineage; NONE: none */
    uint16_t step;                /* the next one */
    uint16_t good, failed;        /* calls of the present step */
    uint8_t flags;                /* enum visit_flags */
};

/* The service's side, 64 bytes. */
struct attempt {
    uint64_t id;                  /* the request's */
    int64_t arrived_ns;           /* at the service */
    int64_t started_clock_ns;     /* RUNNING: by the service's own clock; QUEUED: the drop rule's */
    union {
        int64_t done_ns;          /* RUNNING: planned end (service paused: what is left); or place (ordered.h) */
        int64_t hint_ns;          /* once it is answered by a failure: the wait its service asks for, or HINT_NONE */
    };
    uint32_t request;
    uint32_t previous, next;      /* in its service's queue, or among twins; next also: waiters of a fetch, free list */
    uint32_t timer;               /* RUNNING: sequence of its EVENT_DONE; QUEUED: its lane; on its way: times resent;
                                     HELD: the gate that it goes on to */
    uint32_t number;              /* 1 = first */
    uint32_t key;                 /* cache key */
    uint32_t cache;               /* the cache it came through, or NONE */
    uint16_t service;
    uint8_t phase;                /* enum attempt_phase */
    uint8_t flags;
};
enum attempt_phase {
    ATTEMPT_FREE, ATTEMPT_TRAVELLING, ATTEMPT_QUEUED, ATTEMPT_RUNNING, ATTEMPT_CALLING, ATTEMPT_WAITING_FOR_TWIN,
    ATTEMPT_WAITING_FOR_FETCH, ATTEMPT_LOST,
    ATTEMPT_HELD,                 /* by a gate, in front of the queue */
    ATTEMPT_ANSWERING, ATTEMPT_AT_CACHE, ATTEMPT_FETCHED
};
enum attempt_flags {
    ATTEMPT_ABANDONED = 1,        /* the caller gave up */
    ATTEMPT_FETCH = 2,            /* it fills the cache for its key */
    ATTEMPT_ERROR = 4,            /* it will end in an error */
    ATTEMPT_DEGRADED = 4,         /* once it is answered by a success: a degraded one */
    ATTEMPT_DEAD = 8,             /* its service works for nobody: abandoned, and no cache wants it either; or its
                                   * caller works for nobody */
    ATTEMPT_PAYING = 16,          /* RUNNING at a shared speed: it still works off rejections */
    ATTEMPT_EXECUTES = 32,        /* RUNNING, it has a key and is the one that is executed (service_dedup.c) */
    ATTEMPT_REPEATS = 64,         /* RUNNING or waiting for its twin: its request was known when it started */
    ATTEMPT_ADMITTED = 128,       /* passed the gates of its service, which wait to hear of its end */
    ATTEMPT_OUTCOME_SHIFT = 4     /* ANSWERING, AT_CACHE, FETCHED: enum outcome in the upper bits */
};

_Static_assert(sizeof(struct request) == 64 && sizeof(struct attempt) == 64, "one cache line each");

/* A doubly linked list through attempt.previous / next. */
struct queue {
    uint32_t head, tail;          /* oldest, newest */
    int64_t length;
};

/* Attempts ordered by a number (ordered.h). */
struct ordered_entry {
    double key;
    uint32_t turn, attempt;
};
struct ordered {
    struct ordered_entry *entries;
    uint32_t count, room, turns;
};

/* Where a service's attempts wait: lanes, each in order of arrival. Most disciplines need one. (The number of all that
 * wait is service.in_queue.) */
struct waiting {
    struct queue *lanes;
    uint32_t lane_count;
    bool simple;                  /* one lane, and nobody to be told of who comes and goes */
    int64_t capacity, lane_capacity;   /* attempts in all lanes, in each; INT64_MAX: unlimited */
    void *state;                  /* the discipline's; NULL: it has none */
    struct ordered order;         /* where the discipline sorts them */
};

/* A service's speed after a restart (warm_up.h). */
struct warm_up {
    double from;
    int64_t begin_ns, end_ns;
};

/* What a drop rule remembers; each rule uses what it needs (drop.h). */
struct drop_state {
    int64_t interval_end_ns, least_wait_ns, emptied_ns;
    bool overloaded, sampled;
};

/* Latencies: the bin's own histogram, merged into the total when the bin ends. */
struct latencies {
    struct hist bin, total;
};

_Static_assert((int)COUNT_BIN_COLUMNS == (int)BIN_COUNTS, "counts.h and base/bins.h name the same columns");

/* What every place keeps. */
struct place {
    char path[PATH_SIZE];         /* "clients.web" */
    enum target_kind kind;
    uint64_t counts[COUNT_KINDS];
    uint64_t at_bin[COUNT_KINDS], at_warmup[COUNT_KINDS];
    struct latencies *latency;    /* caller: of good requests; service: sojourn of served attempts; cache: NULL */
    struct bin_row *rows;
};

/* State of a policy's part: one for each client, or one for all; and that for each endpoint, or one for all. */
struct states {
    unsigned char *memory;
    size_t size;                  /* of one, a multiple of 8 */
    uint32_t endpoints;           /* 1: not for each */
    bool per_client;
};

static inline size_t states_index(const struct states *states, uint32_t client, uint32_t endpoint)
{
    size_t row = states->per_client ? client : 0;
    return states->endpoints > 1 ? row * states->endpoints + endpoint : row;
}

static inline void *states_at(const struct states *states, uint32_t client, uint32_t endpoint)
{
    return states->memory + states_index(states, client, endpoint) * states->size;
}

/* Requests that wait at a gate: a list through request_more. */
struct line {
    uint32_t head, tail, length;
};

enum direction { TO_SERVICE, TO_CALLER };

/* The caller's end of a hop. */
struct edge {
    const struct call_config *call;   /* NULL: a client's */
    const struct policy *policy;
    const struct network_config *network;
    struct target callee;
    uint32_t entry;               /* the service that it sends to; the pool's own where there is a pool */
    uint32_t endpoints, first_endpoint;   /* replicas, as services, and one for none of them; 1: no pool */
    bool per_endpoint;            /* a guard keeps a state for each */
    uint16_t population;          /* whose it is; NO_POPULATION: a call */
    uint16_t partitions;          /* such faults that are on */
    bool sends_key;               /* idempotency keys */
    uint32_t features;            /* EDGE_* : what this edge uses, so that the rest costs one test */
    int timeout_lane, deadline_lane;   /* -1: no lane */
    int64_t timeout_ns, response_ns;   /* where the law is fixed; else -1 */
    double loss[2];               /* by enum direction: probability that a message is lost, now */
    uint64_t id_key, backoff_key, network_key, timeout_key, persistence_key;
    uint32_t limit_attempts;      /* UINT32_MAX: unlimited */
    double idempotent_ratio;
    uint8_t guards;               /* GUARD_*: what its guards do, so that the rest costs one test */
    uint8_t priority;             /* of its requests */
    struct states *budgets, *gates;    /* one for each of the policy's list */
    struct states breaker;
    struct line *lines;           /* of gates that wait: one for each state of gates[i], from line_of[i]; or NULL */
    uint32_t *line_of;
    uint64_t breaker_key, gate_key, hint_key, unsafe_key;
    struct hedging *hedging;      /* NULL: none */
    struct place place;
    struct hist *failed_latency;  /* of requests that failed for good */
    int64_t last_good_ns;         /* time of the last success; -1: none */
    struct level backing_off;     /* requests that wait for a retry */
    area_t backing_off_at_warmup;
};
enum edge_features {
    EDGE_TIMEOUT = 1, EDGE_DEADLINE = 2, EDGE_BUDGET = 4, EDGE_BREAKER = 8, EDGE_GATES = 16, EDGE_LATENCY = 32,
    EDGE_REQUEST_LOSS = 64, EDGE_RESPONSE_LOSS = 128, EDGE_PERSISTENCE = 256, EDGE_RULES = 512, EDGE_HINT = 1024,
    EDGE_HEDGE = 2048, EDGE_UNSAFE = 4096, EDGE_VARIED_TIMEOUT = 8192, EDGE_CONNECT_TIMEOUT = 16384,
    EDGE_DEADLINE_TIMER = 32768, EDGE_SENT_TIME = 65536,   /* asks when the attempt was sent */
    EDGE_REQUEST_LIMIT = 1 << 17, /* a budget bounds the retries of a single request */
    EDGE_DELAYED = 1 << 18, EDGE_SESSIONS = 1 << 19,
    EDGE_DETOURS = 1 << 20,       /* messages may come late: a fault delays them, or rto sends them again */
    EDGE_SCRIPT = 1 << 21,        /* a backoff is a user's script */
    EDGE_CALL = 1 << 22,          /* the caller is a service */
    EDGE_DEADLINE_PASSED_ON = 1 << 23,
    EDGE_SILENT = 1 << 24,        /* the callee never learns that its caller gave up */
    EDGE_POOL = 1 << 25,          /* the callee has replicas */
    EDGE_CHECK = 1 << 26,         /* health checks: the caller is the pool */
    EDGE_REPORTS = 1 << 27,       /* the source hears of the outcome: closed loop, sessions */
    EDGE_DOORS = EDGE_BREAKER | EDGE_GATES | EDGE_POOL,
    EDGE_NETWORK = EDGE_LATENCY | EDGE_REQUEST_LOSS | EDGE_RESPONSE_LOSS,
    EDGE_GUARDS = EDGE_BUDGET | EDGE_DOORS,                    /* state that requests share: model/guard.h */
    EDGE_UNCERTAIN = EDGE_GUARDS | EDGE_HEDGE | EDGE_VARIED_TIMEOUT | EDGE_DELAYED | EDGE_SESSIONS | EDGE_CALL |
                     EDGE_CHECK,
    /* uses request_more: */
    EDGE_MORE = EDGE_DOORS | EDGE_RULES | EDGE_HINT | EDGE_HEDGE | EDGE_SENT_TIME | EDGE_REQUEST_LIMIT |
                EDGE_DETOURS | EDGE_SCRIPT,
    /* a request begins with more than a send: */
    EDGE_CARE = EDGE_MORE | EDGE_UNSAFE | EDGE_DEADLINE_TIMER | EDGE_BUDGET | EDGE_DEADLINE_PASSED_ON
};

enum guard_uses {
    GUARD_OUTER = 1,              /* a breaker or a gate is asked once a request */
    GUARD_LISTENS = 2,            /* a gate hears of the end of what it let in */
    GUARD_HOLDS = 4               /* a budget hears of the end of a retry */
};

/* A client's session, 16 bytes; see session.h. */
struct session {
    uint32_t timer;               /* sequence of its EVENT_SESSION; 0: none */
    uint32_t think_timer;         /* of its EVENT_THOUGHT (closed loop) */
    uint32_t connects;            /* so far: names their draws */
    uint8_t state;                /* enum session_state */
    bool asking;                  /* closed loop: a request is under way */
};
enum session_state { SESSION_WAITING, SESSION_CONNECTING, SESSION_CONNECTED };

/* How far the clients of a population are back after they lost their sessions together. */
enum { BACK_50, BACK_99, BACK_100, BACK_KINDS };
struct comeback {
    int64_t since_ns, missing;    /* -1: never happened; clients without a session then */
    int64_t back_ns[BACK_KINDS];  /* when half of these, 99 %, all were back; -1: not yet */
};

/* A population: where requests come from. Its edge has the same index. */
struct population {
    const struct client_config *config;
    uint32_t clients, first_client;   /* closed loop: its slice of world.requests_of */
    uint32_t first_tenant;        /* its clients' numbers among all clients (tenant.h) */
    bool tells_clients_apart;     /* open loop: whether an arrival needs to know its client */
    struct stream arrivals;       /* one arrival after the other, whatever becomes of them */
    uint64_t think_key, client_key;
    const struct arrival_row *arrival;
    struct arrival_state state;
    double work;                  /* left before the next arrival, at work_since */
    int64_t work_since_ns;
    uint32_t timer;
    double factor;                /* load spike */
    bool keeps_sessions;          /* connects, or some fault may restart its clients */
    uint32_t first_session, connect_edge;   /* its slice of world.sessions; NONE: does not connect */
    uint64_t session_key;
    struct level connected;       /* clients with a session */
    area_t connected_at_bin, connected_at_warmup;
    struct comeback comeback;
};

enum outage_mode { OUTAGE_NONE, OUTAGE_PAUSE, OUTAGE_REFUSE, OUTAGE_BLACKHOLE, OUTAGE_LOSE_RESPONSE };

/* The integrals of a service up to one instant. */
struct service_areas {
    area_t in_system, in_queue, dead, busy, held, dead_busy, useful, wasted, reject;
    int64_t at_ns;
};

/* One step of a program. A step with `times` is as many steps. */
struct step {
    const struct law *work;       /* NULL: it calls */
    const struct law *fallback;   /* NULL: none */
    const uint16_t *edges;        /* made at the same time */
    uint16_t calls, need;
    bool optional;
    double chance;
    const bool *serves;           /* by population; NULL: all */
    uint32_t name;                /* names its draws: place in the scenario, repetition */
};
struct program {
    struct step *steps;
    uint32_t count;
    uint64_t chance_key;
};

struct service {
    const struct service_config *config;
    const struct discipline_row *discipline;
    const struct drop_row *drop;  /* NULL: none */
    struct pool *pool;            /* it stands for replicas (pool.h); NULL: for itself */
    uint32_t pool_service;        /* it is a replica of that one; NONE: it is not */
    struct program *program;      /* NULL: one step of work */
    uint64_t demand_key, error_key;
    struct service_gates *gates;  /* NULL: none */
    uint64_t advice_key;
    int64_t workers;              /* now: faults change it */
    int64_t queue_capacity;       /* now */
    int64_t slots;                /* attempts in service at most (work_set_slots) */
    double speed;                 /* now; service takes demand / speed */
    struct shared *shared;        /* where all attempts in service have one changing speed (shared.h); else NULL */
    struct warm_up warm_up;
    struct dedup *dedup;          /* results by idempotency key (dedup.h); NULL: none */
    struct brownout *brownout;    /* brownout.h; NULL: none */
    bool special;                 /* it has a drop rule, a shared speed, a dedup store or a program */
    int64_t away;                 /* how many outages swallow or refuse what arrives */
    double error_ratio;
    int64_t committed_clock_ns;   /* optimistic contention: last commit, by the service's own clock */
    int64_t reject_cost_ns;       /* now */
    int64_t reject_debt_ns;       /* rejection work that the next free worker does first */
    int64_t paused_since_ns;      /* -1: not paused */
    int64_t frozen_ns;            /* total of the pauses so far */
    bool own_clock;               /* paused, or shared by the attempts: its clock is not the wall's less frozen_ns */
    int64_t outages[OUTAGE_LOSE_RESPONSE + 1];   /* how many of each are on */
    struct waiting waiting;
    struct drop_state dropping;
    struct level in_system, in_queue, dead;       /* by the wall clock; dead: the caller gave up */
    /* By the service's own clock: attempts that hold a worker, or share them; held: of these, those that wait for
     * calls; dead_busy: of these, those for nobody. */
    struct level busy, held, dead_busy;
    area_t useful_ns, wasted_ns, reject_ns;       /* worker time by what became of it (modulo 2^128) */
    area_t sojourn_sum_ns;        /* of all that left, for Little's law */
    struct service_areas at_warmup;
    area_t busy_at_bin;
    struct hist *wait;
    int64_t first_reject_ns;      /* -1: none yet */
    int64_t drained_ns;           /* when it was empty for the first time since the last fault; -1: not yet */
    int64_t queue_peak;
    double nominal_per_s;         /* capacity without faults; INFINITY: unlimited */
    struct place place;
};

/* What a hit looks at, of each key: 16 bytes, for a million of them do not fit into a processor's cache. */
struct cache_key {
    int64_t fresh_until_ns;       /* its value is fresh before this; INT64_MIN: it has none */
    uint32_t place;               /* in the eviction's ring */
    uint8_t failure;              /* enum failure that is remembered */
    bool expiry_seen;             /* this value's expiry has been counted */
};

/* What a miss looks at besides. */
struct cache_fetches {
    uint32_t under_way;
    uint32_t waiters;             /* list of attempts through .next; NONE: none */
    uint32_t holder;              /* attempt that fetches with the key's token; NONE: nobody */
};

/* And what only some caches have to remember. */
struct cache_memory {
    int64_t held_until_ns;        /* no other token before this */
    int64_t failed_until_ns;      /* the last fetch's failure counts until then */
    int64_t fetch_ns;             /* time that the last fetch took */
};

/* The stored keys, as the eviction likes them: positions begin..end - 1 of a ring (modulo 2^32). */
struct order {
    uint32_t *ring;               /* NULL: there is room for all */
    uint32_t mask, begin, end;
};

struct cache {
    const struct cache_config *config;
    const struct miss_row *miss;
    const struct refresh_row *refresh;
    const struct eviction_row *eviction;   /* NULL: there is room for all */
    struct target origin;
    uint32_t features;            /* CACHE_*: what this cache uses, so that the rest costs one test */
    uint64_t key_key, ttl_key, refresh_key, fetch_key, latency_key, evict_key, ring_key;
    uint64_t fills, own_fetches, evictions;      /* so far: they number the draws */
    struct cache_key *keys;       /* by popularity */
    struct cache_fetches *fetches;
    struct cache_memory *memory;  /* NULL: not needed */
    struct zipf popularity;
    uint32_t stored, capacity;    /* values; the second now, faults change it */
    struct order order;
    uint32_t nodes;               /* now */
    area_t fresh_ns, fresh_at_warmup;   /* integral over time of the keys that are fresh (modulo 2^128) */
    area_t stale_ns;              /* sum of the ages of the stale values that were served */
    int64_t stalest_ns;
    uint32_t herd_most;           /* most fetches of one key under way at a time */
    struct hist *lead;            /* of refreshes ahead of the expiry; NULL: there are none */
    struct place place;
};
enum cache_features {
    CACHE_TOUCH = 1, CACHE_SLIDING = 2, CACHE_REFRESH = 4, CACHE_LATENCY = 8, CACHE_STALE = 16, CACHE_FAILURES = 32,
    CACHE_FALLBACK = 64, CACHE_FETCH_LATENCY = 128,
    CACHE_ON_HIT = CACHE_TOUCH | CACHE_SLIDING | CACHE_REFRESH, CACHE_ON_MISS = CACHE_STALE | CACHE_FAILURES
};

struct fault {
    const struct fault_config *config;
    const struct fault_row *row;
    struct target target;         /* the first of `targets` services, or the only one */
    uint32_t targets;
    struct fault_times times;     /* now, or next */
    int64_t first_ns, last_end_ns;   /* of all its times; last: of those that began, -1: none did */
    enum turn turn;               /* what it does to which knob; TURN_NOT: it has its own `apply` */
    enum knob knob;
    double amount;
    bool on;
};

struct world {
    int64_t now_ns;
    int64_t bin_end_ns;           /* of the bin being filled */
    int64_t calm_until_ns;        /* before this no bin ends and no fault begins or ends; kept by fault_find_calm */
    struct event_set *events;
    const struct ziggurat *zig;
    struct request *requests;
    unsigned char *more;          /* of each request, more_bytes apart; NULL: no edge asks for it */
    size_t more_bytes;
    struct lineage *lineage;      /* of each request; NULL: no service calls another */
    struct visit *visits;         /* of each attempt; NULL: no service has a program */
    struct queue ready;           /* attempts whose program goes on when the present event has been handled */
    struct attempt *attempts;
    uint32_t free_request, requests_used, requests_room;
    uint32_t free_attempt, attempts_used, attempts_room;
    struct edge *edges;
    struct population *populations;
    struct service *services;
    struct cache *caches;
    struct fault *faults;
    uint32_t *requests_of;        /* closed loop: requests each client made so far */
    struct session *sessions;     /* of populations that keep them */
    uint32_t edge_count, population_count, service_count, cache_count, fault_count;
    uint32_t first_call;          /* the edges before it are clients', those from here on are calls, */
    uint32_t first_check;         /* and those from here on are checks */
    uint32_t own_services;        /* of the scenario; the services from there on are replicas */
    uint64_t seed;
    uint32_t replication;
    bool has_programs, has_calls;
    const struct model_config *config;
    uint32_t bins, bin;           /* rows there are; the one being filled */
    bool warm;                    /* past the warm-up */
    bool over;                    /* the end was reached; false after an interruption */
    struct scripts *scripts;      /* interpreters of the users' backoffs; NULL: none */
    uint64_t events_done[EVENT_KINDS];
    struct event current;
};

/* What other threads may read and ask while a world runs; all members optional (NULL). */
struct run_control {
    atomic_bool *stop;            /* ask to end early */
    atomic_int_least64_t *done_ns;   /* simulated time so far */
};

struct world *world_new(const struct model_config *config, uint64_t seed, uint32_t replication);
bool world_run(struct world *world, const struct run_control *control);   /* false: stopped early */
const char *world_error(const struct world *world);   /* what a user's script did wrong: then it stops. NULL: nothing */

void world_free(struct world *world);
size_t world_bytes(const struct world *world);

/* Pools. Growing may move the arrays: take pointers anew after an open. */
uint32_t world_open_request(struct world *world);
uint32_t world_open_attempt(struct world *world);

static inline struct request_more *world_more(const struct world *world, uint32_t request)
{
    return (struct request_more *)(void *)(world->more + request * world->more_bytes);
}

static inline void world_close_request(struct world *world, uint32_t index)
{
    world->requests[index].phase = REQUEST_FREE;
    world->requests[index].attempt = world->free_request;
    world->free_request = index;
}

static inline void world_close_attempt(struct world *world, uint32_t index)
{
    world->attempts[index].phase = ATTEMPT_FREE;
    world->attempts[index].next = world->free_attempt;
    world->free_attempt = index;
}

#endif
