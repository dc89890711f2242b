/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Metrics of services, and the tables' common part. Those of callers and caches are in files of their own. */
#include "study/metrics.h"

#include <math.h>

#include "model/brownout.h"
#include "model/fault.h"
#include "model/pool.h"
#include "model/service.h"
#include "study/metrics_caches.h"
#include "study/metrics_callers.h"
#include "study/metrics_common.h"
#include "study/saturation.h"

struct service_metric {
    struct metric_info info;
    double (*of)(const struct world *world, const struct service *service);
};

#define AREA(member) average(w, service_areas_now(s, w->now_ns).member, s->at_warmup.member)

/* A metric that is a counter of the place. */
#define OF_COUNT(name, type, count)                               \
    static double name(const struct world *w, const struct type *p) \
    {                                                             \
        (void)w;                                                  \
        return counted(&p->place, count);                         \
    }
OF_COUNT(attempts, service, COUNT_ATTEMPTS)
OF_COUNT(duplicates, service, COUNT_DUPLICATES)
OF_COUNT(dropped, service, COUNT_DROPPED)
OF_COUNT(rejected_full, service, COUNT_REJECTED_FULL)
OF_COUNT(rejected_by_gates, service, COUNT_REJECTED_BY_GATES)
OF_COUNT(conflicts, service, COUNT_CONFLICTS)
OF_COUNT(dedup_hits, service, COUNT_DEDUP_HITS)
static double in_system(const struct world *w, const struct service *s) { return AREA(in_system); }
static double in_queue(const struct world *w, const struct service *s) { return AREA(in_queue); }
static double dead_in_system(const struct world *w, const struct service *s) { return AREA(dead); }
static double busy_workers(const struct world *w, const struct service *s) { return AREA(busy); }

/* ---- of a hop ---- */

static double per_request(const struct world *w, const struct service *s)
{
    double requests = 0;
    for (uint32_t i = 0; i < w->population_count; i++)
        requests += counted(&w->edges[i].place, COUNT_REQUESTS);
    return ratio(attempts(w, s), requests);
}

static double held_workers(const struct world *w, const struct service *s) { return AREA(held); }

static double degraded_ratio(const struct world *w, const struct service *s)
{
    (void)w;
    return ratio(counted(&s->place, COUNT_DEGRADED), counted(&s->place, COUNT_SERVED));
}

/* Of a pool: the average of its replicas. */
static double brownout_ratio(const struct world *w, const struct service *s)
{
    double sum = 0;
    uint32_t first = s->pool ? s->pool->first : (uint32_t)(s - w->services), count = s->pool ? s->pool->room : 1;
    for (uint32_t i = first; s->brownout && i < first + count; i++) {
        const struct brownout *brownout = w->services[i].brownout;
        sum += average_level(w, &brownout->on, brownout->on_at_warmup);
    }
    return s->brownout ? sum / count : NAN;
}

/* ---- of a pool ---- */

static double replicas(const struct world *w, const struct service *s)
{
    return s->pool ? average_level(w, &s->pool->up_level, s->pool->up_at_warmup) : NAN;
}

static double replicas_out(const struct world *w, const struct service *s)
{
    return s->pool ? average_level(w, &s->pool->out_level, s->pool->out_at_warmup) : NAN;
}

static double panic(const struct world *w, const struct service *s)
{
    return s->pool ? average_level(w, &s->pool->panic_level, s->pool->panic_at_warmup) : NAN;
}

static double busiest_share(const struct world *w, const struct service *s)
{
    double most = 0;
    for (uint32_t i = 0; s->pool && i < s->pool->room; i++)
        most = fmax(most, counted(&w->services[s->pool->first + i].place, COUNT_ATTEMPTS));
    return s->pool ? ratio(most, attempts(w, s)) : NAN;
}

static double utilization(const struct world *w, const struct service *s)
{
    double workers = (double)s->config->workers * (s->pool ? replicas(w, s) : 1);
    return s->config->workers == INT64_MAX ? NAN : AREA(busy) / workers;
}

static double throughput(const struct world *w, const struct service *s)
{
    return (counted(&s->place, COUNT_SERVED) + counted(&s->place, COUNT_FAILED)) / seconds(w);
}

static double goodput(const struct world *w, const struct service *s)
{
    return counted(&s->place, COUNT_GOOD) / seconds(w);
}

static double reject_ratio(const struct world *w, const struct service *s)
{
    (void)w;
    return ratio(counted(&s->place, COUNT_REJECTED), attempts(w, s));
}

static double wait_probability(const struct world *w, const struct service *s)
{
    double turned_away = counted(&s->place, COUNT_REJECTED) - dropped(w, s) - conflicts(w, s);
    return ratio(counted(&s->place, COUNT_WAITED), attempts(w, s) - turned_away);
}

static double abandon_ratio(const struct world *w, const struct service *s)
{
    return ratio(counted(&s->place, COUNT_CANCELLED_QUEUED), attempts(w, s));
}

static double late_ratio(const struct world *w, const struct service *s)
{
    return ratio(counted(&s->place, COUNT_LATE), attempts(w, s));
}

static double started_dead_ratio(const struct world *w, const struct service *s)
{
    (void)w;
    return ratio(counted(&s->place, COUNT_STARTED_DEAD), counted(&s->place, COUNT_STARTED));
}

double metrics_wasted_work(const struct world *w, const struct service *s)
{
    struct service_areas now = service_areas_now(s, w->now_ns);
    double wasted = (double)(now.wasted - s->at_warmup.wasted), useful = (double)(now.useful - s->at_warmup.useful);
    return ratio(wasted, wasted + useful);
}

static double dead_work(const struct world *w, const struct service *s) { return ratio(AREA(dead_busy), AREA(busy)); }

double metrics_peak_load(const struct world *w, const struct service *s)
{
    uint64_t most = 0;
    double bin_s = (double)w->config->bin_ns * 1e-9;
    for (uint32_t i = (uint32_t)(w->config->warmup_ns / w->config->bin_ns); i < w->bin; i++)
        if (s->place.rows[i].counts[COUNT_ATTEMPTS] > most)
            most = s->place.rows[i].counts[COUNT_ATTEMPTS];
    return isinf(s->nominal_per_s) ? NAN : (double)most / (s->nominal_per_s * bin_s);
}

double metrics_peak_queue(const struct world *w, const struct service *s) { (void)w; return (double)s->queue_peak; }

static double first_reject(const struct world *w, const struct service *s)
{
    (void)w;
    return s->first_reject_ns < 0 ? NAN : (double)s->first_reject_ns * 1e-9;
}

static double drained(const struct world *w, const struct service *s)
{
    int64_t begins_ns, ends_ns;
    if (!fault_incident(w, &begins_ns, &ends_ns) || s->drained_ns < ends_ns)
        return NAN;
    return (double)(s->drained_ns - ends_ns) * 1e-9;
}

/* A metric that is a statistic of one of the service's histograms. */
#define OF_HIST(name, value)                                           \
    static double name(const struct world *w, const struct service *s) \
    {                                                                  \
        (void)w;                                                       \
        return (value) * 1e-9;                                         \
    }
#define SOJOURN (&s->place.latency->total)
OF_HIST(wait_mean, hist_mean(s->wait))
OF_HIST(wait_sd, sqrt(hist_variance(s->wait)))
OF_HIST(wait_p50, hist_quantile(s->wait, 0.5))
OF_HIST(wait_p90, hist_quantile(s->wait, 0.9))
OF_HIST(wait_p99, hist_quantile(s->wait, 0.99))
OF_HIST(wait_p999, hist_quantile(s->wait, 0.999))
OF_HIST(sojourn_mean, hist_mean(SOJOURN))
OF_HIST(sojourn_sd, sqrt(hist_variance(SOJOURN)))
OF_HIST(sojourn_p50, hist_quantile(SOJOURN, 0.5))
OF_HIST(sojourn_p90, hist_quantile(SOJOURN, 0.9))
OF_HIST(sojourn_p99, hist_quantile(SOJOURN, 0.99))
OF_HIST(sojourn_p999, hist_quantile(SOJOURN, 0.999))

static const struct service_metric service_metrics[] = {
    {{"attempts", UNIT_NUMBER, BETTER_LOWER, "attempts that arrived"}, attempts},
    {{"throughput_per_s", UNIT_PER_SECOND, BETTER_HIGHER,
      "attempts worked on to the end, errors included"}, throughput},
    {{"goodput_per_s", UNIT_PER_SECOND, BETTER_HIGHER, "attempts served while their caller waited"}, goodput},
    {{"utilization", UNIT_RATIO, BETTER_NEITHER,
      "busy worker time / (workers x time); rejections' work included"}, utilization},
    {{"busy_workers_avg", UNIT_NUMBER, BETTER_NEITHER, "time average of busy workers"}, busy_workers},
    {{"in_system_avg", UNIT_NUMBER, BETTER_LOWER, "time average of attempts here, waiting or served"}, in_system},
    {{"queue_avg", UNIT_NUMBER, BETTER_LOWER, "time average of waiting attempts"}, in_queue},
    {{"dead_in_system_avg", UNIT_NUMBER, BETTER_LOWER,
      "time average of attempts here whose caller gave up"}, dead_in_system},
    {{"wait_mean_s", UNIT_SECONDS, BETTER_LOWER,
      "time in the queue of attempts that were started, zero waits included"}, wait_mean},
    {{"wait_sd_s", UNIT_SECONDS, BETTER_LOWER, "its standard deviation"}, wait_sd},
    {{"wait_p50_s", UNIT_SECONDS, BETTER_LOWER, "its median"}, wait_p50},
    {{"wait_p90_s", UNIT_SECONDS, BETTER_LOWER, "its 90 % quantile"}, wait_p90},
    {{"wait_p99_s", UNIT_SECONDS, BETTER_LOWER, "its 99 % quantile"}, wait_p99},
    {{"wait_p999_s", UNIT_SECONDS, BETTER_LOWER, "its 99.9 % quantile"}, wait_p999},
    {{"sojourn_mean_s", UNIT_SECONDS, BETTER_LOWER, "time from arrival to the end of service"}, sojourn_mean},
    {{"sojourn_sd_s", UNIT_SECONDS, BETTER_LOWER, "its standard deviation"}, sojourn_sd},
    {{"sojourn_p50_s", UNIT_SECONDS, BETTER_LOWER, "its median"}, sojourn_p50},
    {{"sojourn_p90_s", UNIT_SECONDS, BETTER_LOWER, "its 90 % quantile"}, sojourn_p90},
    {{"sojourn_p99_s", UNIT_SECONDS, BETTER_LOWER, "its 99 % quantile"}, sojourn_p99},
    {{"sojourn_p999_s", UNIT_SECONDS, BETTER_LOWER, "its 99.9 % quantile"}, sojourn_p999},
    {{"wait_probability", UNIT_RATIO, BETTER_LOWER, "admitted attempts that found no free worker"}, wait_probability},
    {{"reject_ratio", UNIT_RATIO, BETTER_LOWER,
      "attempts rejected or refused on arrival, or dropped from the queue"}, reject_ratio},
    {{"rejected_full", UNIT_NUMBER, BETTER_LOWER, "attempts rejected because the queue was full"}, rejected_full},
    {{"rejected_by_gates", UNIT_NUMBER, BETTER_NEITHER, "attempts that the gates refused"}, rejected_by_gates},
    {{"dropped", UNIT_NUMBER, BETTER_LOWER,
      "rejected attempts that were admitted first: a drop rule's, or displaced"}, dropped},
    {{"abandon_ratio", UNIT_RATIO, BETTER_LOWER,
      "attempts taken out of the queue because the caller gave up"}, abandon_ratio},
    {{"late_ratio", UNIT_RATIO, BETTER_LOWER, "attempts served to the end after the caller gave up"}, late_ratio},
    {{"started_dead_ratio", UNIT_RATIO, BETTER_LOWER,
      "started attempts whose caller had already given up"}, started_dead_ratio},
    {{"wasted_work_ratio", UNIT_RATIO, BETTER_LOWER,
      "worker time that went into attempts nobody waited for, or errors"}, metrics_wasted_work},
    {{"dead_work_ratio", UNIT_RATIO, BETTER_LOWER, "busy worker time spent after the caller had given up"}, dead_work},
    {{"duplicate_executions", UNIT_NUMBER, BETTER_LOWER, "executions of a request beyond its first"}, duplicates},
    {{"dedup_hits", UNIT_NUMBER, BETTER_NEITHER,
      "attempts answered with the result of another of their request"}, dedup_hits},
    {{"conflicts", UNIT_NUMBER, BETTER_LOWER,
      "attempts rejected because another of their request was being executed"}, conflicts},
    {{"peak_load_ratio", UNIT_TIMES, BETTER_LOWER,
      "most attempts in a bin / capacity of a bin without faults"}, metrics_peak_load},
    {{"peak_queue", UNIT_NUMBER, BETTER_LOWER, "longest queue"}, metrics_peak_queue},
    {{"first_reject_s", UNIT_SECONDS, BETTER_HIGHER, "time of the first rejection"}, first_reject},
    {{"drained_s", UNIT_SECONDS, BETTER_LOWER,
      "from the end of the last fault until nothing waits and nothing is served, for the first time"}, drained},
    {{"attempts_per_request", UNIT_TIMES, BETTER_LOWER,
      "attempts that arrived / requests of all clients: the amplification at this hop"}, per_request},
    {{"saturated_s", UNIT_SECONDS, BETTER_HIGHER,
      "when from the first fault on it was saturated: 5 s with all workers busy, or away"}, saturation_begins_s},
    {{"held_workers_avg", UNIT_NUMBER, BETTER_LOWER,
      "time average of the workers that wait for calls"}, held_workers},
    {{"degraded_ratio", UNIT_RATIO, BETTER_LOWER,
      "served attempts whose answer was degraded: an optional call had failed"}, degraded_ratio},
    {{"brownout_ratio", UNIT_RATIO, BETTER_LOWER, "part of the time in a brownout"}, brownout_ratio},
    {{"replicas_avg", UNIT_NUMBER, BETTER_NEITHER, "pool: time average of the replicas that take attempts"}, replicas},
    {{"replicas_out_avg", UNIT_NUMBER, BETTER_LOWER,
      "pool: of these, those taken out by checks or ejected"}, replicas_out},
    {{"panic_ratio", UNIT_RATIO, BETTER_LOWER, "pool: part of the time that health was ignored"}, panic},
    {{"busiest_share", UNIT_RATIO, BETTER_LOWER,
      "pool: attempts that went to the replica which got most of them"}, busiest_share},
};

enum { SERVICE_METRICS = sizeof service_metrics / sizeof *service_metrics };
_Static_assert((int)SERVICE_METRICS <= (int)METRICS_MAX, "callers have arrays of METRICS_MAX values");

size_t metrics_count(enum place_kind kind)
{
    if (kind == PLACE_SERVICE)
        return SERVICE_METRICS;
    return kind == PLACE_CACHE ? metrics_caches_count() : metrics_callers_count();
}

const struct metric_info *metrics_info(enum place_kind kind, size_t index)
{
    if (kind == PLACE_SERVICE)
        return &service_metrics[index].info;
    return kind == PLACE_CACHE ? metrics_caches_info(index) : metrics_callers_info(index);
}

void metrics_of_service(const struct world *world, uint32_t service, double *values)
{
    for (size_t i = 0; i < SERVICE_METRICS; i++)
        values[i] = service_metrics[i].of(world, &world->services[service]);
}
