/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The field tables of a pool: replicas, who chooses among them, who takes them out, who adds more. */
#include <stdio.h>
#include <string.h>

#include "model/chooser.h"
#include "model/config.h"
#include "policy/failure.h"

static const struct field slow_start_fields[] = {
    {"over", FIELD_DURATION, offsetof(struct slow_start_config, over_ns), .min = 1, .max = 1e18,
     .help = "time until a replica that came (back) gets its full share"},
    {"from", FIELD_RATIO, offsetof(struct slow_start_config, from), .min = 0.001, .max = 1, .text = "10%",
     .help = "part of a full share that it gets at least"},
    {"aggression", FIELD_REAL, offsetof(struct slow_start_config, aggression), .min = 0.01, .max = 100, .text = "1",
     .help = "part = (t / over)^(1 / aggression); 1: a straight line, 2: sooner"},
    {0}};
static const struct record slow_start_record = {"a slow start", sizeof(struct slow_start_config), slow_start_fields,
                                                "over", NULL};

/* A check is a request like any other, sent once. */
static const char *prepare_checks(void *self)
{
    struct checks_config *checks = self;
    if (checks->on_failure == CHECK_FAILURE_RESTARTS && checks->restart_ns == INT64_MAX)
        return "checks: say how long a restart takes: 'restart: 30s'";
    if (checks->on_failure == CHECK_FAILURE_REMOVES && checks->restart_ns != INT64_MAX)
        return "checks: 'restart' is for 'on_failure: restart'";
    checks->hop.idempotent_ratio = 1;
    checks->hop.policy = policy_once(&checks->timeout);
    return NULL;
}

static const char *const check_kinds[] = {"port", "request", NULL};
static const char *const check_failures[] = {"remove", "restart", NULL};
static const struct field checks_fields[] = {
    {"kind", FIELD_ENUM, offsetof(struct checks_config, kind), .names = check_kinds,
     .help = "port: whether the process is there, which sees neither errors nor overload; request: a request like any "
             "other, through gates, queue and program"},
    {"interval", FIELD_DURATION, offsetof(struct checks_config, interval_ns), .min = 1000, .max = 1e18, .text = "2s",
     .help = "time from one check of a replica to the next; the replicas' checks are spread over it"},
    {"timeout", FIELD_MAP, offsetof(struct checks_config, timeout), .record = &law_record, .text = "1s",
     .help = "a check without an answer by then has failed"},
    {"fall", FIELD_COUNT, offsetof(struct checks_config, fall), .min = 1, .max = 1e6, .text = "3",
     .help = "checks in a row that fail until the replica is taken out"},
    {"rise", FIELD_COUNT, offsetof(struct checks_config, rise), .min = 1, .max = 1e6, .text = "2",
     .help = "checks in a row that succeed until it is back"},
    {"on_failure", FIELD_ENUM, offsetof(struct checks_config, on_failure), .names = check_failures, .text = "remove",
     .help = "remove: it gets no more attempts (readiness); restart: it is killed and started anew (liveness)"},
    {"restart", FIELD_DURATION, offsetof(struct checks_config, restart_ns), .min = 1, .max = 1e18, .text = "none",
     .word = "none", .help = "time that takes"},
    {"network", FIELD_MAP, offsetof(struct checks_config, hop.network), .record = &network_record, .text = "",
     .help = "latency and loss between the checker and the replica"},
    {0}};
const struct record checks_record = {"health checks", sizeof(struct checks_config), checks_fields, NULL,
                                            prepare_checks};

static const char *const growths[] = {"none", "linear", "exponential", NULL};
static const struct field ejection_fields[] = {
    {"after", FIELD_COUNT, offsetof(struct ejection_config, after), .min = 1, .max = 1e6, .text = "5",
     .help = "failures of one replica in a row, counted over all callers"},
    {"on", FIELD_SET, offsetof(struct ejection_config, on), .names = failure_names, .masks = failure_masks,
     .text = "all, -local, -client-error, -conflict",
     .help = "what counts as a failure; everything else is a success"},
    {"time", FIELD_DURATION, offsetof(struct ejection_config, time_ns), .min = 1, .max = 1e18, .text = "30s",
     .help = "time that it gets no attempts, the first time"},
    {"growth", FIELD_ENUM, offsetof(struct ejection_config, growth), .names = growths, .text = "linear",
     .help = "of that time, from one ejection to the next: none, x 1, 2, 3 .. (Envoy), x 1, 2, 4 .. (Finagle)"},
    {"max_time", FIELD_DURATION, offsetof(struct ejection_config, max_time_ns), .min = 1, .max = 1e18, .text = "300s",
     .help = "it never gets longer"},
    {"max_ratio", FIELD_RATIO, offsetof(struct ejection_config, max_ratio), .min = 0, .max = 1, .text = "10%",
     .help = "part of the replicas that may be out at a time; what does not fit stays in"},
    {"sweep", FIELD_DURATION, offsetof(struct ejection_config, sweep_ns), .max = 1e18, .text = "10s",
     .help = "how often it is looked who may come back, and a replica that was in all the time is forgiven one "
             "ejection; 0s: each comes back on time, and its first success forgives all"},
    {0}};
static const struct record ejection_record = {"an ejection rule", sizeof(struct ejection_config), ejection_fields,
                                              NULL, NULL};

static const char *prepare_autoscale(void *self)
{
    const struct autoscale_config *scale = self;
    return scale->most < scale->least ? "autoscale: 'max' is less than 'min'" : NULL;
}

static const struct field autoscale_fields[] = {
    {"min", FIELD_COUNT, offsetof(struct autoscale_config, least), .min = 1, .max = 60000, .text = "1",
     .help = "replicas at least"},
    {"max", FIELD_COUNT, offsetof(struct autoscale_config, most), .min = 1, .max = 60000, .help = "replicas at most"},
    {"target", FIELD_RATIO, offsetof(struct autoscale_config, target), .min = 0.01, .max = 1, .text = "60%",
     .help = "busy workers that it aims at; those that wait for calls do not count as busy (they use no CPU)"},
    {"interval", FIELD_DURATION, offsetof(struct autoscale_config, interval_ns), .min = 1e6, .max = 1e18,
     .text = "15s", .help = "how often it looks, and over which time it measures"},
    {"tolerance", FIELD_RATIO, offsetof(struct autoscale_config, tolerance), .min = 0, .max = 1, .text = "10%",
     .help = "it does nothing while busy / target is that near to 1"},
    {"max_growth", FIELD_REAL, offsetof(struct autoscale_config, growth), .min = 1, .max = 1000, .text = "2",
     .help = "at most so many times the replicas in one step, or"},
    {"max_step", FIELD_COUNT, offsetof(struct autoscale_config, step), .min = 1, .max = 60000, .text = "4",
     .help = "so many more, whichever is more"},
    {"start_delay", FIELD_MAP, offsetof(struct autoscale_config, start_delay), .record = &law_record, .text = "60s",
     .help = "law of the time until a new replica takes attempts"},
    {"stabilization", FIELD_DURATION, offsetof(struct autoscale_config, stabilization_ns), .max = 1e18,
     .text = "300s", .help = "it goes down only to the most that it wanted in this time"},
    {0}};
static const struct record autoscale_record = {"an autoscaler", sizeof(struct autoscale_config), autoscale_fields,
                                               NULL, prepare_autoscale};

static const struct field chooser_fields[] = {
    {"kind", FIELD_CHOICE, offsetof(struct chooser_config, choice), .table = &chooser_table,
     .help = "which replica gets an attempt"},
    {0}};
static const struct record chooser_record = {"a chooser", sizeof(struct chooser_config), chooser_fields, "kind", NULL};

static const char *prepare_pool(void *self)
{
    const struct pool_config *pool = self;
    const struct autoscale_config *scale = pool->autoscale;
    if (scale && (pool->replicas < scale->least || pool->replicas > scale->most))
        return "pool: 'replicas', those at the beginning, must be between autoscale's 'min' and 'max'";
    return NULL;
}

static const char *const reports[] = {"sum", "each", NULL};
static const struct field pool_fields[] = {
    {"replicas", FIELD_COUNT, offsetof(struct pool_config, replicas), .min = 1, .max = 60000,
     .help = "services of this kind side by side: workers, queue and gates are those of each"},
    {"report", FIELD_ENUM, offsetof(struct pool_config, report), .names = reports, .text = "sum",
     .help = "each: results show every replica, too, as services.NAME[0], services.NAME[1], ..."},
    {"chooser", FIELD_MAP, offsetof(struct pool_config, chooser), .record = &chooser_record, .text = "random",
     .help = "which replica gets an attempt: least, {kind: p2c, distinct: true}"},
    {"retry_elsewhere", FIELD_BOOL, offsetof(struct pool_config, retry_elsewhere), .text = "false",
     .help = "a retry or hedge goes to another replica than the attempt before it"},
    {"panic", FIELD_RATIO, offsetof(struct pool_config, panic), .min = 0, .max = 1, .text = "0%",
     .help = "when a smaller part of the replicas than this is healthy, health is ignored (Envoy: 50%)"},
    {"slow_start", FIELD_OPTIONAL, offsetof(struct pool_config, slow_start), .record = &slow_start_record,
     .help = "a replica that came (back) gets a smaller share at first: 30s"},
    {"checks", FIELD_OPTIONAL, offsetof(struct pool_config, checks), .record = &checks_record,
     .help = "active health checks: {kind: request, interval: 2s, timeout: 1s, fall: 3, rise: 2}"},
    {"ejection", FIELD_OPTIONAL, offsetof(struct pool_config, ejection), .record = &ejection_record,
     .help = "passive ones, outlier detection: {after: 5, time: 30s, max_ratio: 10%}"},
    {"autoscale", FIELD_OPTIONAL, offsetof(struct pool_config, autoscale), .record = &autoscale_record,
     .help = "the number of replicas follows the load: {min: 2, max: 20, target: 60%}"},
    {0}};
const struct record pool_record = {"a pool", sizeof(struct pool_config), pool_fields, "replicas", prepare_pool};

uint32_t config_replicas(const struct service_config *service)
{
    return service->pool ? (uint32_t)service->pool->replicas : 1;
}

uint32_t config_replicas_room(const struct service_config *service)
{
    const struct pool_config *pool = service->pool;
    if (!pool)
        return 0;
    return (uint32_t)(pool->autoscale ? pool->autoscale->most : pool->replicas);
}

uint32_t config_replicas_shown(const struct service_config *service)
{
    return service->pool && service->pool->report == REPORT_EACH ? config_replicas_room(service) : 0;
}

void config_replica_path(const struct service_config *service, uint32_t replica, char path[PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "services.%.64s[%u]", service->name, replica);
}

bool config_is_place(const struct model_config *config, const char *name)
{
    const struct service_config *services = config->services.items;
    char path[PATH_SIZE];
    for (size_t i = 0; i < config->services.count; i++) {
        if (strcmp(services[i].name, name) == 0)
            return true;
        for (uint32_t k = 0; k < config_replicas_shown(&services[i]); k++) {
            config_replica_path(&services[i], k, path);
            if (strcmp(path + strlen("services."), name) == 0)
                return true;
        }
    }
    return false;
}
