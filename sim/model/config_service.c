/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The field tables of a service and its parts, and what follows from them alone. */
#include <math.h>

#include "model/config_program.h"
#include "model/discipline.h"
#include "model/drop.h"
#include "model/rate.h"

static const struct field drop_fields[] = {
    {"kind", FIELD_CHOICE, offsetof(struct drop_config, choice), .table = &drop_table,
     .help = "which attempts are turned away when their turn comes"},
    {0}};
static const struct record drop_record = {"a drop rule", sizeof(struct drop_config), drop_fields, "kind", NULL};

static const char *prepare_queue(void *self)
{
    const struct queue_config *queue = self;
    const struct discipline_row *discipline = (const struct discipline_row *)queue->discipline.row;
    if (discipline->needs_capacity && queue->capacity == INT64_MAX)
        return "adaptive-lifo compares the queue with its capacity, so 'capacity' must be a number";
    if (discipline->shares && ((const struct drop_row *)queue->drop.choice.row)->drops)
        return "in ps nobody waits, so a drop rule has nothing to do: leave 'drop' out";
    return NULL;
}

static const struct field queue_fields[] = {
    {"discipline", FIELD_CHOICE, offsetof(struct queue_config, discipline), .table = &discipline_table,
     .text = "fifo", .help = "which waiting attempt goes next"},
    {"capacity", FIELD_COUNT, offsetof(struct queue_config, capacity), .min = 0, .max = 1e9, .word = "unlimited",
     .help = "waiting attempts at most, those in service not counted"},
    {"drop", FIELD_MAP, offsetof(struct queue_config, drop), .record = &drop_record, .text = "none",
     .help = "which attempts are turned away when their turn comes: {kind: codel, target: 5ms}"},
    {0}};
static const struct record queue_record = {"a queue", sizeof(struct queue_config), queue_fields, NULL, prepare_queue};

enum step_kinds { ANY_STEP, WORK_ONLY };

static bool has_optional(const struct service_config *service, enum step_kinds kinds)
{
    const struct step_config *steps = service->program.items;
    for (size_t i = 0; i < service->program.count; i++)
        if (steps[i].optional && (kinds == ANY_STEP || steps[i].work))
            return true;
    return false;
}

/* NULL, or what is wrong with what the service does. */
static const char *check_program(const struct service_config *service)
{
    if (!service->service_time && service->program.count == 0)
        return service->program.items ? "program: neither works nor calls; write a step, such as {work: 5ms}"
                                      : "say how long the work takes: 'service_time: 5ms', or a 'program' of steps";
    if (service->service_time && service->program.count > 0)
        return "service_time: the program says how long the work takes; write it there as {work: ...}";
    if (has_optional(service, WORK_ONLY) && !service->brownout)
        return "program: optional work is left out in a brownout only, since work cannot fail; add 'brownout'";
    if (service->brownout && !has_optional(service, ANY_STEP))
        return "brownout: there is nothing to leave out; mark steps of the program with 'optional: true'";
    if (service->contention != CONTENTION_NONE && service->program.count > 0)
        return "contention: not together with a program; put it at a service of its own that the program calls";
    return NULL;
}

static const char *const contentions[] = {"none", "optimistic", NULL};
static const struct field rate_fields[] = {
    {"kind", FIELD_CHOICE, offsetof(struct rate_config, choice), .table = &rate_table,
     .help = "speed of each attempt in service, by their number"},
    {0}};
static const struct record rate_record = {"a rate curve", sizeof(struct rate_config), rate_fields, "kind", NULL};

static const struct field warm_up_fields[] = {
    {"from", FIELD_RATIO, offsetof(struct warm_up_config, from), .min = 0, .max = 1,
     .help = "speed right after a restart, as a part of the full one"},
    {"over", FIELD_DURATION, offsetof(struct warm_up_config, over_ns), .min = 1, .max = 1e18,
     .help = "time until it is at full speed; it rises in a straight line"},
    {"cold_start", FIELD_BOOL, offsetof(struct warm_up_config, cold_start), .text = "false",
     .help = "the service has just been started at time 0"},
    {0}};
static const struct record warm_up_record = {"a warm-up", sizeof(struct warm_up_config), warm_up_fields, NULL, NULL};

static const char *prepare_service(void *self)
{
    struct service_config *service = self;
    list_drop_none(&service->gates, sizeof(struct service_gate));
    if (service->pool && service->pool->checks)
        service->pool->checks->hop.calls = service->name;
    if (service->pool && service->pool->autoscale && service->workers == INT64_MAX)
        return "pool: autoscale looks at the share of busy workers, so 'workers' must be a number";
    const struct service_gate *gates = service->gates.items;
    for (size_t i = 0; service->workers == INT64_MAX && i < service->gates.count; i++)
        if (((const struct gate_row *)gates[i].choice.row)->counts_workers)
            return "gates: cpu and bbr look at the share of busy workers, so 'workers' must be a number";
    return check_program(service);
}

static const char *const reject_classes[] = {"throttled", "overloaded", "shed", NULL};
static const char *const running_modes[] = {"wait", "conflict", "execute", NULL};
static const struct field dedup_fields[] = {
    {"ttl", FIELD_DURATION, offsetof(struct dedup_config, ttl_ns), .min = 1, .max = 1e18, .word = "forever",
     .help = "time a result is kept, from when it was stored; shorter than the retries last, duplicates come back"},
    {"size", FIELD_COUNT, offsetof(struct dedup_config, size), .min = 1, .max = 1e9, .word = "unlimited",
     .help = "results kept at most; the oldest goes"},
    {"running", FIELD_ENUM, offsetof(struct dedup_config, running), .names = running_modes, .text = "wait",
     .help = "an attempt whose request is being executed just now waits for that one, is rejected (conflict), or is "
             "executed as well"},
    {"cost", FIELD_DURATION, offsetof(struct dedup_config, cost_ns), .max = 3.6e12, .text = "0s",
     .help = "worker time of a look-up, paid by every attempt with a key"},
    {0}};
static const struct record dedup_record = {"a dedup store", sizeof(struct dedup_config), dedup_fields, NULL, NULL};

static const char *prepare_brownout(void *self)
{
    const struct brownout_config *brownout = self;
    return brownout->leave_ns > brownout->enter_ns ? "brownout: 'leave' is longer than 'enter'" : NULL;
}

static const struct field brownout_fields[] = {
    {"enter", FIELD_DURATION, offsetof(struct brownout_config, enter_ns), .min = 1, .max = 1e18,
     .help = "it begins when an attempt starts that waited so long"},
    {"leave", FIELD_DURATION, offsetof(struct brownout_config, leave_ns), .max = 1e18, .text = "0s",
     .help = "and ends when one starts that waited no longer than this"},
    {"part", FIELD_RATIO, offsetof(struct brownout_config, part), .min = 0, .max = 1, .text = "100%",
     .help = "attempts that leave out their optional steps meanwhile"},
    {0}};
static const struct record brownout_record = {"a brownout", sizeof(struct brownout_config), brownout_fields, NULL,
                                              prepare_brownout};

static const char *const cancel_modes[] = {"none", "queued", "running", NULL};
static const struct field service_fields[] = {
    {"name", FIELD_NAME, offsetof(struct service_config, name), .help = "how paths and results call it"},
    {"pool", FIELD_OPTIONAL, offsetof(struct service_config, pool), .record = &pool_record,
     .help = "replicas behind a balancer; all else is of each of them: {replicas: 10, chooser: least}"},
    {"workers", FIELD_COUNT, offsetof(struct service_config, workers), .min = 1, .max = 1e8, .word = "unlimited",
     .help = "attempts served at the same time"},
    {"service_time", FIELD_OPTIONAL, offsetof(struct service_config, service_time), .record = &law_record,
     .help = "law of the worker time an attempt takes; not with a program"},
    {"calls", FIELD_LIST, offsetof(struct service_config, calls), .record = &call_record,
     .help = "services and caches that it calls while it works on an attempt"},
    {"program", FIELD_LIST, offsetof(struct service_config, program), .record = &step_record,
     .help = "what it does for an attempt, step by step: [{work: 2ms}, {call: db}, {work: 5ms}]"},
    {"hold_worker", FIELD_BOOL, offsetof(struct service_config, hold_worker), .text = "true",
     .help = "an attempt keeps its worker while it waits for calls (threads); false: it queues again for its next work "
             "(an event loop)"},
    {"queue", FIELD_MAP, offsetof(struct service_config, queue), .record = &queue_record,
     .help = "where attempts wait for a worker: {discipline: fifo, capacity: 300}"},
    {"rate", FIELD_MAP, offsetof(struct service_config, rate), .record = &rate_record, .text = "constant",
     .help = "what many attempts in service do to the speed of each: {kind: usl, sigma: 0.02, kappa: 0.0005}"},
    {"warm_up", FIELD_OPTIONAL, offsetof(struct service_config, warm_up), .record = &warm_up_record,
     .help = "slow after a restart, that is the end of an outage (but lose_response): {from: 30%, over: 60s}"},
    {"gates", FIELD_LIST, offsetof(struct service_config, gates), .record = &service_gate_record, .one_or_many = true,
     .help = "what attempts pass before the queue: rate limits, concurrency limits, shedding; one, or a list in order"},
    {"reject_class", FIELD_ENUM, offsetof(struct service_config, reject_class), .names = reject_classes,
     .text = "overloaded", .help = "what it is to the caller that the queue is full, or that it was dropped from it"},
    {"retry_after", FIELD_MAP, offsetof(struct service_config, retry_after), .record = &advice_record, .text = "none",
     .help = "what is said with that about when to come back: 2s, {kind: backlog, spread: true}"},
    {"dedup", FIELD_OPTIONAL, offsetof(struct service_config, dedup), .record = &dedup_record,
     .help = "remembers results by idempotency key, so that no request is executed twice: {ttl: 24h, size: 1M}"},
    {"brownout", FIELD_OPTIONAL, offsetof(struct service_config, brownout), .record = &brownout_record,
     .help = "leaves out the program's optional steps while attempts wait long: {enter: 100ms, leave: 10ms}"},
    {"reject_cost", FIELD_DURATION, offsetof(struct service_config, reject_cost_ns), .max = 3.6e12, .text = "0s",
     .help = "worker time that a rejection takes: the next free worker does it first"},
    {"error_ratio", FIELD_RATIO, offsetof(struct service_config, error_ratio), .min = 0, .max = 1, .text = "0%",
     .help = "attempts that end in an error, each independently"},
    {"error_class", FIELD_ENUM, offsetof(struct service_config, error_class), .names = failure_kinds,
     .text = "server-error", .help = "what such an error is to the caller; see `list failure`"},
    {"permanent_error_ratio", FIELD_RATIO, offsetof(struct service_config, permanent_error_ratio), .min = 0, .max = 1,
     .text = "0%", .help = "requests that are wrong: every attempt of theirs ends in a client-error"},
    {"error_after", FIELD_DURATION, offsetof(struct service_config, error_after_ns), .text = "full", .word = "full",
     .help = "worker time until the error shows; full: the whole service time"},
    {"contention", FIELD_ENUM, offsetof(struct service_config, contention), .names = contentions, .text = "none",
     .help = "optimistic: attempts write the same row; one that ends after another has committed since it began fails "
             "with `conflict`"},
    {"cancel", FIELD_ENUM, offsetof(struct service_config, cancel), .names = cancel_modes, .text = "none",
     .help = "what stops when a caller gives up: nothing, waiting attempts, running ones too"},
    {0}};
const struct record service_record = {"a service", sizeof(struct service_config), service_fields, NULL,
                                     prepare_service};

double config_capacity_per_s(const struct service_config *service, int64_t workers, double speed)
{
    double mean_s = config_work_ns(service) * 1e-9;
    return mean_s > 0 ? rate_capacity(&service->rate, workers) * speed / mean_s : INFINITY;
}
