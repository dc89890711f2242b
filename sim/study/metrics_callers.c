/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/metrics_callers.h"

#include <math.h>
#include <stdlib.h>

#include "model/fault.h"
#include "model/service.h"
#include "study/metrics_common.h"

/* The callers looked at, summed up once. */
struct callers {
    const struct world *world;
    uint32_t first, end;          /* edges */
    double seconds;
    double counts[COUNT_KINDS];
    struct hist *latency, *outcome;   /* of good requests; of all that have an outcome */
    double recovery_s;            /* NaN: not recovered, or nothing to recover from */
    double stuck;                 /* 0, 1, NaN */
};

static const double RECOVERED = 0.95;

/* ---- recovery ---- */

static void sum_bin(const struct callers *c, uint32_t bin, double *asked, double *good)
{
    for (uint32_t i = c->first; i < c->end; i++) {
        *asked += (double)c->world->edges[i].place.rows[bin].counts[COUNT_REQUESTS];
        *good += (double)c->world->edges[i].place.rows[bin].counts[COUNT_GOOD];
    }
}

static bool is_recovered_from(const struct callers *c, uint32_t bin, uint32_t window)
{
    double asked = 0, good = 0;
    for (uint32_t i = bin; i < bin + window; i++)
        sum_bin(c, i, &asked, &good);
    return asked > 0 && good >= RECOVERED * asked;
}

/* Requests without an outcome at the end, asked for in the warm-up or after it. */
static double still_open(const struct callers *c)
{
    double sum = 0;
    for (uint32_t i = c->first; i < c->end; i++) {
        const uint64_t *n = c->world->edges[i].place.counts;
        sum += (double)(n[COUNT_REQUESTS] - n[COUNT_GOOD] - n[COUNT_FAILED] - n[COUNT_CALLED_OFF]);
    }
    return sum;
}

static void find_recovery(struct callers *c)
{
    const struct world *world = c->world;
    int64_t bin_ns = world->config->bin_ns, begins_ns, end_ns;
    c->recovery_s = c->stuck = NAN;
    if (!fault_incident(world, &begins_ns, &end_ns) || end_ns >= world->config->duration_ns)
        return;
    uint32_t window = lasting_bins(world);
    double asked = 0, good = 0;
    uint32_t first = (uint32_t)((end_ns + bin_ns - 1) / bin_ns);
    for (uint32_t bin = first; bin < world->bin; bin++)
        sum_bin(c, bin, &asked, &good);
    if ((asked <= 0 && still_open(c) == 0) || first + window > world->bin)
        return; /* nobody asks any more and nobody waits, or there is no time left to tell */
    c->stuck = 1;
    for (uint32_t bin = first; bin + window <= world->bin && c->stuck > 0; bin++)
        if (is_recovered_from(c, bin, window)) {
            c->recovery_s = (double)((int64_t)bin * bin_ns - end_ns) * 1e-9;
            c->stuck = 0;
        }
}

static double lost_goodput(const struct callers *c)
{
    double lost = 0;
    int64_t begin_ns, end_ns;
    if (!fault_incident(c->world, &begin_ns, &end_ns))
        return NAN;
    for (uint32_t bin = (uint32_t)(begin_ns / c->world->config->bin_ns); bin < c->world->bin; bin++) {
        double asked = 0, good = 0;
        sum_bin(c, bin, &asked, &good);
        lost += asked - good;
    }
    return fmax(0, lost);
}

/* ---- what callers call ---- */

static uint32_t service_called(const struct world *world, uint32_t edge)
{
    struct target callee = world->edges[edge].callee;
    return callee.kind == TARGET_CACHE ? world->caches[callee.index].origin.index : callee.index;
}

static bool is_called(const struct callers *c, uint32_t service)
{
    for (uint32_t i = c->first; i < c->end; i++)
        if (service_called(c->world, i) == service)
            return true;
    return false;
}

/* The largest value of a service metric over the services that these callers call. */
static double most_of_services(const struct callers *c, metric_of_service *of)
{
    double most = NAN;
    for (uint32_t s = 0; s < c->world->own_services; s++)
        if (is_called(c, s))
            most = fmax(most, of(c->world, &c->world->services[s]));
    return most;
}

/* ---- the metrics ---- */

#define COUNT_METRIC(name, count) \
    static double name(const struct callers *c) { return c->counts[count]; }
COUNT_METRIC(requests, COUNT_REQUESTS)
COUNT_METRIC(attempts, COUNT_ATTEMPTS)
COUNT_METRIC(failed, COUNT_FAILED)
COUNT_METRIC(late, COUNT_LATE)
COUNT_METRIC(timed_out, COUNT_TIMED_OUT)
COUNT_METRIC(rejected, COUNT_REJECTED)
COUNT_METRIC(throttled, COUNT_THROTTLED)
COUNT_METRIC(overloaded, COUNT_OVERLOADED)
COUNT_METRIC(shed, COUNT_SHED)
COUNT_METRIC(denied, COUNT_DENIED_RETRIES)
COUNT_METRIC(local, COUNT_LOCAL_REJECTIONS)
COUNT_METRIC(breaker_openings, COUNT_BREAKER_OPENINGS)
COUNT_METRIC(called_off, COUNT_CALLED_OFF)

static double amplification(const struct callers *c) { return ratio(attempts(c), requests(c)); }
static double degraded(const struct callers *c) { return ratio(c->counts[COUNT_DEGRADED], c->counts[COUNT_GOOD]); }
static double goodput(const struct callers *c) { return c->counts[COUNT_GOOD] / c->seconds; }
static double recovery(const struct callers *c) { return c->recovery_s; }
static double stuck(const struct callers *c) { return c->stuck; }

/* What is still open has not succeeded: a herd that waits for ever must not look served. */
static double success(const struct callers *c)
{
    return ratio(c->counts[COUNT_GOOD], c->counts[COUNT_GOOD] + c->counts[COUNT_FAILED] + still_open(c));
}

static double settled_success(const struct callers *c)
{
    return ratio(c->counts[COUNT_GOOD], c->counts[COUNT_GOOD] + c->counts[COUNT_FAILED]);
}

static double timeout_ratio(const struct callers *c) { return ratio(timed_out(c), attempts(c)); }
static double reject_ratio(const struct callers *c) { return ratio(rejected(c), attempts(c)); }

static double first_reject_ratio(const struct callers *c)
{
    return ratio(c->counts[COUNT_FIRST_REJECTED], c->counts[COUNT_FIRST_ATTEMPTS]);
}

static double last_good(const struct callers *c)
{
    int64_t last_ns = -1;
    for (uint32_t i = c->first; i < c->end; i++)
        if (c->world->edges[i].last_good_ns > last_ns)
            last_ns = c->world->edges[i].last_good_ns;
    return last_ns < 0 ? NAN : (double)last_ns * 1e-9;
}

/* The herd is back: everything ever asked for succeeded, nothing is open or failed. */
static double all_good(const struct callers *c)
{
    for (uint32_t i = c->first; i < c->end; i++) {
        const uint64_t *counts = c->world->edges[i].place.counts;
        if (counts[COUNT_GOOD] != counts[COUNT_REQUESTS])
            return NAN;
    }
    return last_good(c);
}

/* ---- sessions, of those of these callers that have any ---- */

static const struct population *sessions_of(const struct callers *c, uint32_t edge)
{
    if (c->world->edges[edge].call)
        return NULL;
    const struct population *population = &c->world->populations[c->world->edges[edge].population];
    return population->connect_edge != NONE ? population : NULL;
}

static double connected(const struct callers *c)
{
    double sum = 0, clients = 0;
    for (uint32_t i = c->first; i < c->end; i++) {
        const struct population *population = sessions_of(c, i);
        if (!population)
            continue;
        sum += (double)(level_area(&population->connected, c->world->now_ns) - population->connected_at_warmup) * 1e-9;
        clients += population->clients;
    }
    return ratio(sum / c->seconds, clients);
}

/* Since clients lost their sessions together for the last time; of several populations the last one counts. */
static double back(const struct callers *c, int part)
{
    double most = NAN;
    for (uint32_t i = c->first; i < c->end; i++) {
        const struct population *population = sessions_of(c, i);
        if (!population || population->comeback.since_ns < 0 || population->comeback.missing == 0)
            continue;
        if (population->comeback.back_ns[part] < 0)
            return NAN;
        most = fmax(most, (double)(population->comeback.back_ns[part] - population->comeback.since_ns) * 1e-9);
    }
    return most;
}

static double back_50(const struct callers *c) { return back(c, BACK_50); }
static double back_99(const struct callers *c) { return back(c, BACK_99); }
static double back_100(const struct callers *c) { return back(c, BACK_100); }

static double attempts_per_client(const struct callers *c)
{
    double clients = 0;
    for (uint32_t i = c->first; i < c->end; i++)
        if (!c->world->edges[i].call)
            clients += c->world->populations[c->world->edges[i].population].clients;
    return ratio(attempts(c), clients);
}

static double backing_off(const struct callers *c)
{
    double sum = 0;
    for (uint32_t i = c->first; i < c->end; i++) {
        const struct edge *edge = &c->world->edges[i];
        sum += (double)(level_area(&edge->backing_off, c->world->now_ns) - edge->backing_off_at_warmup) * 1e-9;
    }
    return sum / c->seconds;
}

static double duplicates(const struct callers *c)
{
    double sum = 0;
    for (uint32_t s = 0; s < c->world->own_services; s++)
        if (is_called(c, s)) {
            const struct place *place = &c->world->services[s].place;
            sum += (double)(place->counts[COUNT_DUPLICATES] - place->at_warmup[COUNT_DUPLICATES]);
        }
    return sum;
}

static double wasted_work(const struct callers *c) { return most_of_services(c, metrics_wasted_work); }
static double peak_load(const struct callers *c) { return most_of_services(c, metrics_peak_load); }
static double peak_queue(const struct callers *c) { return most_of_services(c, metrics_peak_queue); }

static double latency_mean(const struct callers *c) { return hist_mean(c->latency) * 1e-9; }
static double latency_p50(const struct callers *c) { return hist_quantile(c->latency, 0.5) * 1e-9; }
static double latency_p90(const struct callers *c) { return hist_quantile(c->latency, 0.9) * 1e-9; }
static double latency_p99(const struct callers *c) { return hist_quantile(c->latency, 0.99) * 1e-9; }
static double latency_p999(const struct callers *c) { return hist_quantile(c->latency, 0.999) * 1e-9; }
static double latency_max(const struct callers *c) { return c->latency->count ? (double)c->latency->max * 1e-9 : NAN; }
static double outcome_mean(const struct callers *c) { return hist_mean(c->outcome) * 1e-9; }
static double outcome_sd(const struct callers *c) { return sqrt(hist_variance(c->outcome)) * 1e-9; }
static double outcome_p99(const struct callers *c) { return hist_quantile(c->outcome, 0.99) * 1e-9; }

static const struct {
    struct metric_info info;
    double (*of)(const struct callers *callers);
} metrics[] = {
    {{"requests", UNIT_NUMBER, BETTER_NEITHER, "asked for"}, requests},
    {{"attempts", UNIT_NUMBER, BETTER_LOWER, "sent, first ones included"}, attempts},
    {{"amplification", UNIT_TIMES, BETTER_LOWER, "attempts / requests"}, amplification},
    {{"success_ratio", UNIT_RATIO, BETTER_HIGHER,
      "requests that succeeded, of all that did, failed or are still open at the end"}, success},
    {{"settled_success_ratio", UNIT_RATIO, BETTER_HIGHER, "the same, of those with an outcome"}, settled_success},
    {{"goodput_per_s", UNIT_PER_SECOND, BETTER_HIGHER, "requests that succeeded, per second"}, goodput},
    {{"open", UNIT_NUMBER, BETTER_LOWER, "requests without an outcome when the run ends"}, still_open},
    {{"failed", UNIT_NUMBER, BETTER_LOWER, "requests that failed for good"}, failed},
    {{"late", UNIT_NUMBER, BETTER_LOWER, "answers that came after their caller gave up"}, late},
    {{"timed_out", UNIT_NUMBER, BETTER_LOWER, "attempts given up at their timeout"}, timed_out},
    {{"rejected", UNIT_NUMBER, BETTER_LOWER, "attempts answered by a rejection"}, rejected},
    {{"throttled", UNIT_NUMBER, BETTER_LOWER, "of these, because the caller asks too much"}, throttled},
    {{"overloaded", UNIT_NUMBER, BETTER_LOWER, "of these, because the service has too much to do"}, overloaded},
    {{"shed", UNIT_NUMBER, BETTER_LOWER, "of these, with the request not to retry"}, shed},
    {{"denied_retries", UNIT_NUMBER, BETTER_NEITHER, "retries that the budget refused"}, denied},
    {{"local_rejections", UNIT_NUMBER, BETTER_NEITHER, "attempts that a breaker or rate limit did not let out"}, local},
    {{"breaker_openings", UNIT_NUMBER, BETTER_NEITHER, "how often a circuit breaker opened, all breakers together"},
     breaker_openings},
    {{"degraded_ratio", UNIT_RATIO, BETTER_LOWER, "good requests whose answer was degraded"}, degraded},
    {{"called_off", UNIT_NUMBER, BETTER_NEITHER, "calls of a service that it did not need any more"}, called_off},
    {{"timeout_ratio", UNIT_RATIO, BETTER_LOWER, "attempts given up at their timeout"}, timeout_ratio},
    {{"reject_ratio", UNIT_RATIO, BETTER_LOWER, "attempts answered by a rejection"}, reject_ratio},
    {{"first_reject_ratio", UNIT_RATIO, BETTER_LOWER, "first attempts answered by a rejection"}, first_reject_ratio},
    {{"backing_off_avg", UNIT_NUMBER, BETTER_LOWER, "time average of requests that wait for a retry"}, backing_off},
    {{"duplicate_executions", UNIT_NUMBER, BETTER_LOWER, "executions of a request beyond its first"}, duplicates},
    {{"wasted_work_ratio", UNIT_RATIO, BETTER_LOWER, "worker time for nobody, at the service called (the worst)"},
     wasted_work},
    {{"peak_load_ratio", UNIT_TIMES, BETTER_LOWER, "most attempts in a bin / capacity of a bin, at the service called"},
     peak_load},
    {{"peak_queue", UNIT_NUMBER, BETTER_LOWER, "longest queue, at the service called"}, peak_queue},
    {{"recovery_s", UNIT_SECONDS, BETTER_LOWER,
      "end of the last fault to the first 5 s with goodput >= 95 % of demand; over those that recovered"}, recovery},
    {{"stuck", UNIT_RATIO, BETTER_LOWER, "did not recover by the end: fraction of the replications"}, stuck},
    {{"lost_goodput", UNIT_NUMBER, BETTER_LOWER,
      "requests asked for minus those that succeeded, from the first fault to the end"},
     lost_goodput},
    {{"last_good_s", UNIT_SECONDS, BETTER_LOWER, "when the last request succeeded"}, last_good},
    {{"all_good_s", UNIT_SECONDS, BETTER_LOWER,
      "the same, if by the end every request succeeded; none otherwise"},
     all_good},
    {{"attempts_per_client", UNIT_NUMBER, BETTER_LOWER, "attempts / clients"}, attempts_per_client},
    {{"connected_ratio", UNIT_RATIO, BETTER_HIGHER, "clients with a session, average over time"}, connected},
    {{"connected_50_s", UNIT_SECONDS, BETTER_LOWER,
      "from the last time that clients lost their sessions together until half of those without are back"}, back_50},
    {{"connected_99_s", UNIT_SECONDS, BETTER_LOWER, "the same, until 99 % are back"}, back_99},
    {{"connected_100_s", UNIT_SECONDS, BETTER_LOWER, "the same, until all are back"}, back_100},
    {{"latency_mean_s", UNIT_SECONDS, BETTER_LOWER, "first send to success, of good requests"}, latency_mean},
    {{"latency_p50_s", UNIT_SECONDS, BETTER_LOWER, "its median"}, latency_p50},
    {{"latency_p90_s", UNIT_SECONDS, BETTER_LOWER, "its 90 % quantile"}, latency_p90},
    {{"latency_p99_s", UNIT_SECONDS, BETTER_LOWER, "its 99 % quantile"}, latency_p99},
    {{"latency_p999_s", UNIT_SECONDS, BETTER_LOWER, "its 99.9 % quantile"}, latency_p999},
    {{"latency_max_s", UNIT_SECONDS, BETTER_LOWER, "its maximum"}, latency_max},
    {{"outcome_mean_s", UNIT_SECONDS, BETTER_LOWER, "first send to the outcome, good or bad"}, outcome_mean},
    {{"outcome_sd_s", UNIT_SECONDS, BETTER_LOWER, "its standard deviation"}, outcome_sd},
    {{"outcome_p99_s", UNIT_SECONDS, BETTER_LOWER, "its 99 % quantile"}, outcome_p99},
};

_Static_assert(sizeof metrics / sizeof *metrics <= METRICS_MAX, "callers have arrays of METRICS_MAX values");

size_t metrics_callers_count(void) { return sizeof metrics / sizeof *metrics; }
const struct metric_info *metrics_callers_info(size_t index) { return &metrics[index].info; }

static void sum_up(struct callers *c)
{
    for (uint32_t i = c->first; i < c->end; i++) {
        const struct edge *edge = &c->world->edges[i];
        for (int k = 0; k < COUNT_KINDS; k++)
            c->counts[k] += (double)(edge->place.counts[k] - edge->place.at_warmup[k]);
        hist_merge(c->latency, &edge->place.latency->total);
        hist_merge(c->outcome, &edge->place.latency->total);
        hist_merge(c->outcome, edge->failed_latency);
    }
}

void metrics_of_callers(const struct world *world, uint32_t edge, double *values)
{
    struct callers c = {.world = world, .first = edge == NONE ? 0 : edge,
                        .end = edge == NONE ? world->first_call : edge + 1,
                        .seconds = (double)(world->now_ns - world->config->warmup_ns) * 1e-9,
                        .latency = memory_zeroed(1, sizeof *c.latency),
                        .outcome = memory_zeroed(1, sizeof *c.outcome)};
    hist_init(c.latency);
    hist_init(c.outcome);
    sum_up(&c);
    find_recovery(&c);
    for (size_t i = 0; i < metrics_callers_count(); i++)
        values[i] = metrics[i].of(&c);
    free(c.latency);
    free(c.outcome);
}
