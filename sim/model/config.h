/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scenario says about the model, as plain structs, with the field tables that decode them.
 *
 * Filled by the scenario layer, checked against each other by config_link, read-only after that: worlds of many
 * threads share one. Names stay names; a world looks up what they refer to when it is built (config_target). */
#ifndef MODEL_CONFIG_H
#define MODEL_CONFIG_H

#include "base/field.h"
#include "base/law.h"
#include "policy/advice.h"
#include "policy/policy.h"

/* A message's way to the service and back. */
struct network_config {
    struct law request_latency, response_latency;
    double request_loss, response_loss;
    int64_t rto_ns, rto_max_ns;   /* rto: INT64_MAX: what is lost stays lost */
};

/* Callers that wait for their answer and think before the next request. */
struct closed_config {
    struct law think;
    int start;                    /* enum closed_start */
};
enum closed_start { START_THINKING, START_AT_ONCE };

struct arrival_config {
    struct choice choice;
};

enum { PRIORITY_MAX = 15 };

/* What a caller calls, and how. */
struct hop_config {
    const char *calls;
    double idempotent_ratio;      /* of the requests: may be done twice */
    int64_t priority;             /* 0: the most critical */
    bool idempotency_key;         /* all attempts of a request carry its key */
    struct policy policy;
    struct network_config network;
};

/* Sessions: each client must connect, which is a request of its own, before it may send anything. */
struct connect_config {
    struct hop_config hop;
    int start;                    /* enum connect_start */
    int64_t splay_ns;
    struct law give_up_wait;
    struct law *session;          /* length of a session; NULL: it lasts until a fault ends it */
};
enum connect_start { START_CONNECTED, START_CONNECTING };

struct client_config {
    const char *name;
    int64_t count;
    struct arrival_config *arrival;   /* open loop: the population's total */
    struct closed_config *closed;
    struct connect_config *connect;   /* NULL: no sessions */
    struct hop_config hop;
};

struct drop_config {
    struct choice choice;
};

struct queue_config {
    struct choice discipline;
    int64_t capacity;             /* waiting attempts; INT64_MAX: unlimited */
    struct drop_config drop;
};

enum contention { CONTENTION_NONE, CONTENTION_OPTIMISTIC };
struct rate_config {
    struct choice choice;
};

struct warm_up_config {
    double from;
    int64_t over_ns;
    bool cold_start;
};

struct brownout_config {
    int64_t enter_ns, leave_ns;
    double part;
};

enum dedup_running { RUNNING_WAIT, RUNNING_CONFLICT, RUNNING_EXECUTE };

struct dedup_config {
    int64_t ttl_ns, size;         /* INT64_MAX: for ever, unlimited */
    int running;                  /* enum dedup_running */
    int64_t cost_ns;
};

enum cancel_mode { CANCEL_NONE, CANCEL_QUEUED, CANCEL_RUNNING };

enum gate_key { GATE_KEY_NONE, GATE_KEY_POPULATION, GATE_KEY_CLIENT };
enum gate_class { GATE_CLASS_OF_KIND, GATE_CLASS_THROTTLED, GATE_CLASS_OVERLOADED, GATE_CLASS_SHED };

enum reject_class { REJECT_THROTTLED, REJECT_OVERLOADED, REJECT_SHED };

/* A gate at a service's end. */
struct service_gate {
    struct choice choice;
    int key;                      /* enum gate_key */
    int class;                    /* enum gate_class: what a refusal is to the caller */
    int64_t reject_cost_ns;       /* INT64_MAX: the service's */
    struct advice retry_after;
    const char *preset;           /* where it comes from, or "none" */
};

/* A service's way to what it calls. */
struct call_config {
    const char *name;             /* unique in its service */
    struct hop_config hop;
    bool propagate_deadline, propagate_cancel, same_operation_id;
    int64_t deadline_margin_ns;
};

struct name_config {
    const char *name;
};

/* One of: work, call, cache, parallel. */
struct step_config {
    struct law *work;             /* worker time; NULL: not this */
    const char *call, *cache;     /* names of calls; empty: not this */
    struct list parallel;         /* of struct name_config: calls */
    int64_t times;                /* of `call`: one after the other */
    const char *need;             /* of `parallel`: "all", "any" or a number */
    int64_t needed;               /* what it says; INT64_MAX: all */
    bool optional;                /* a call that fails does not fail the attempt */
    struct law *fallback;         /* worker time that takes its place; NULL: none */
    double chance;                /* of a request to have this step */
    struct list only_for;         /* of struct name_config: populations; empty: all */
};

/* Replicas of a service behind a balancer (pool.h). */
struct slow_start_config {
    int64_t over_ns;
    double from, aggression;
};
enum check_kind { CHECK_PORT, CHECK_REQUEST };
enum check_failure { CHECK_FAILURE_REMOVES, CHECK_FAILURE_RESTARTS };
struct checks_config {
    int kind;                     /* enum check_kind */
    int64_t interval_ns;
    struct law timeout;
    int64_t fall, rise;
    int on_failure;               /* enum check_failure */
    int64_t restart_ns;           /* INT64_MAX: does not restart */
    struct hop_config hop;        /* of a request that checks */
};
enum ejection_growth { EJECTION_CONSTANT, EJECTION_LINEAR, EJECTION_EXPONENTIAL };
struct ejection_config {
    int64_t after;
    uint32_t on;                  /* set of failures */
    int64_t time_ns, max_time_ns, sweep_ns;
    int growth;                   /* enum ejection_growth */
    double max_ratio;
};
struct autoscale_config {
    int64_t least, most, step;
    double target, tolerance, growth;
    int64_t interval_ns, stabilization_ns;
    struct law start_delay;
};
struct chooser_config {
    struct choice choice;
};
enum pool_report { REPORT_SUM, REPORT_EACH };
struct pool_config {
    int64_t replicas;
    int report;                   /* enum pool_report */
    struct chooser_config chooser;
    bool retry_elsewhere;
    double panic;
    struct slow_start_config *slow_start;     /* these: NULL: none */
    struct checks_config *checks;
    struct ejection_config *ejection;
    struct autoscale_config *autoscale;
};

struct service_config {
    const char *name;
    struct pool_config *pool;     /* NULL: there is one of it */
    int64_t workers;              /* INT64_MAX: unlimited */
    struct law *service_time;     /* NULL: the program says it */
    struct list calls, program;   /* of struct call_config, struct step_config */
    bool hold_worker;             /* an attempt keeps its worker while it waits for its calls */
    struct queue_config queue;
    struct rate_config rate;
    struct warm_up_config *warm_up;   /* NULL: none */
    struct list gates;            /* of struct service_gate, row `none` left out */
    struct dedup_config *dedup;   /* NULL: none */
    struct brownout_config *brownout;   /* NULL: none */
    int64_t reject_cost_ns;       /* worker time a rejection takes */
    int reject_class;             /* enum reject_class: what it is to the caller that there is no room */
    struct advice retry_after;    /* what is said with that */
    double error_ratio;           /* of the attempts that are served */
    int error_class;              /* enum failure: what such an error is */
    double permanent_error_ratio; /* of the requests: every attempt ends in a client error */
    int64_t error_after_ns;       /* worker time until an error; INT64_MAX: the full service time */
    int contention;               /* enum contention */
    int cancel;                   /* enum cancel_mode */
};

struct miss_rule {
    struct choice choice;
};
struct refresh {
    struct choice choice;
    bool background;
};

enum cache_fill { FILL_ALWAYS, FILL_CALLER_ALIVE };
enum cache_start { CACHE_COLD, CACHE_FILLED, CACHE_AGED };

struct cache_config {
    const char *name, *origin;
    int64_t keys;
    double zipf;                  /* popularity of key i ~ i^-zipf */
    int64_t ttl_ns;               /* INT64_MAX: none */
    double ttl_jitter;            /* TTL x U(1 - jitter, 1) */
    int64_t ttl_align_ns;         /* TTLs end at multiples of this; INT64_MAX: anywhere */
    bool sliding;                 /* a hit starts the TTL anew */
    struct miss_rule miss;
    struct refresh refresh;
    int64_t stale_while_revalidate_ns, stale_if_error_ns;   /* after the TTL */
    int64_t negative_ttl_ns;
    bool error_as_miss;           /* a failed fetch deletes the value */
    int fill;                     /* enum cache_fill */
    int start;                    /* enum cache_start */
    int64_t capacity;             /* values; INT64_MAX: unlimited */
    struct choice eviction;
    int64_t nodes;
    int placement;                /* enum placement */
    struct law hit_latency, fetch_latency;
    int64_t fetch_timeout_ns;     /* of a fetch for no reader, once it is lost */
};

/* A fault's row names its target in its first parameter (a const char *). */
struct fault_config {
    struct choice choice;
    int64_t at_ns;                /* INT64_MAX: when `every` says */
    int64_t for_ns;               /* INT64_MAX: until the end */
    const struct law *every, *lasting;   /* NULL: once; as `for` says */
    int64_t until_ns;             /* none begins later */
    int64_t replicas, first_replica;  /* of a pool, those that it hits; INT64_MAX: all */
};

/* What a name refers to: the kind of thing and its place in its list. A path may refer to an edge (its place in the
 * world) or to a parameter (knob.h). */
enum target_kind { TARGET_NONE, TARGET_CLIENTS, TARGET_SERVICE, TARGET_CACHE, TARGET_EDGE, TARGET_PARAMETER };
struct target {
    enum target_kind kind;
    uint32_t index;
};

struct model_config {
    int64_t duration_ns, bin_ns, warmup_ns;
    struct list clients, services, caches, faults;    /* of the structs above */
};

extern const struct record network_record, client_record, connect_record, service_record, service_gate_record,
    pool_record, checks_record, cache_record, fault_record;

/* Checks what only the whole can tell (names, cycles, conflicts). Positions come from `root`, the tree the config was
 * decoded from. True if nothing was wrong. */
bool config_link(const struct model_config *config, const struct node *root, struct diag *diag);

/* Finds a callable thing (a service or a cache), or what a fault targets. After config_link it exists. */
struct target config_target(const struct model_config *config, enum target_kind kind, const char *name);
struct target config_callee(const struct model_config *config, const char *name);

/* Edges, by their places in the world: each population's requests ("clients.web"), then the connect steps
 * ("clients.web.connect") of those that have one, then the calls ("services.api.calls.db"), service by service, then
 * the health checks that are requests ("services.api.checks"). */
enum { PATH_SIZE = 160 };         /* names have 64 characters at most */
size_t config_edge_count(const struct model_config *config);
size_t config_first_call(const struct model_config *config);
size_t config_first_check(const struct model_config *config);
const struct service_config *config_edge_check(const struct model_config *config, size_t edge);   /* NULL: is none */
size_t config_edge_clients(const struct model_config *config, size_t edge);   /* whose it is; not of a call */
/* NULL: the edge is no call. */
const struct call_config *config_edge_call(const struct model_config *config, size_t edge,
                                           const struct service_config **service);
const struct hop_config *config_hop(const struct model_config *config, size_t edge);
void config_edge_path(const struct model_config *config, size_t edge, char path[PATH_SIZE]);
struct target config_edge(const struct model_config *config, const char *path);
/* Whether clients call the service, directly or through a cache. */
bool config_is_entrance(const struct model_config *config, uint32_t service);

/* How many of a service there are at the beginning (1: no pool), and at most in a pool (0: no pool). */
uint32_t config_replicas(const struct service_config *service);
uint32_t config_replicas_room(const struct service_config *service);
/* Replicas with a place of their own in the results: 0 or all. */
uint32_t config_replicas_shown(const struct service_config *service);
/* "services.api[3]" */
void config_replica_path(const struct service_config *service, uint32_t replica, char path[PATH_SIZE]);
/* Whether results have a place of that name: "api", "api[3]". */
bool config_is_place(const struct model_config *config, const char *name);

/* What so many workers can serve per second at that speed, at the best point of the rate curve; INFINITY: without
 * limit. */
double config_capacity_per_s(const struct service_config *service, int64_t workers, double speed);
/* The same of a service as the scenario has it: all its replicas, and no more than what the services that it calls
 * can do for it (retries, caches and waiting workers left aside). */
double config_nominal_per_s(const struct model_config *config, uint32_t service);
uint32_t config_bins(const struct model_config *config);

#endif
