/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/run.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "model/fault.h"
#include "study/expect.h"
#include "study/metrics.h"
#include "study/stamp.h"

enum { PROGRESS_EVERY_MS = 200, BANDS_MAX = 12 };    /* bands: of one fault, in a figure */

/* A study under way. Workers take the next run by number; everything else they touch belongs to that run alone. */
struct study {
    const struct scenario *scenario;
    const struct run_options *options;
    struct result *result;
    uint64_t seed;
    uint32_t runs;
    atomic_uint next, done;
    atomic_uint_least64_t events;
    atomic_int_least64_t *done_ns;     /* simulated time of each run so far */
    atomic_bool failed;                /* a user's script did something wrong; result->error says what */
    pthread_mutex_t lock;
    pthread_cond_t finished;
};

/* ---- one run ---- */

static void store(struct metric_result *metrics, enum place_kind kind, uint32_t replication, const double *values)
{
    for (size_t i = 0; i < metrics_count(kind); i++)
        metrics[i].values[replication] = values[i];
}

static struct bin_row *take_rows(struct place *place)
{
    struct bin_row *rows = place->rows;
    place->rows = NULL;
    return rows;
}

static void metrics_of(const struct world *world, const struct place_result *place, double *values)
{
    switch (place->kind) {
    case PLACE_CALLER: metrics_of_callers(world, place->index, values); break;
    case PLACE_SERVICE: metrics_of_service(world, place->index, values); break;
    case PLACE_CACHE: metrics_of_cache(world, place->index, values); break;
    }
}

static void harvest_metrics(const struct world *world, struct strategy_result *strategy, uint32_t replication)
{
    double values[METRICS_MAX];
    metrics_of_callers(world, NONE, values);
    store(strategy->metrics, PLACE_CALLER, replication, values);
    for (size_t i = 0; i < strategy->place_count; i++) {
        const struct place_result *place = &strategy->places[i];
        metrics_of(world, place, values);
        store(place->metrics, place->kind, replication, values);
    }
}

static struct place *place_in(struct world *world, const struct place_result *place)
{
    switch (place->kind) {
    case PLACE_CALLER: return &world->edges[place->index].place;
    case PLACE_SERVICE: return &world->services[place->index].place;
    default: return &world->caches[place->index].place;
    }
}

static void harvest_rows(struct world *world, struct strategy_result *strategy, uint32_t replication)
{
    for (size_t i = 0; i < strategy->place_count; i++)
        strategy->places[i].rows[replication] = take_rows(place_in(world, &strategy->places[i]));
}

static uint64_t events_of(const struct world *world)
{
    uint64_t events = 0;
    for (int i = 0; i < EVENT_KINDS; i++)
        events += world->events_done[i];
    return events;
}

static void note_error(struct study *study, const char *error)
{
    pthread_mutex_lock(&study->lock);
    if (!study->result->error)
        study->result->error = arena_strdup(&study->result->arena, error);
    atomic_store(&study->failed, true);
    pthread_mutex_unlock(&study->lock);
}

/* Run number n is replication n / strategies of strategy n % strategies: after an interruption all have about
 * as many. */
static bool run_one(struct study *study, uint32_t run)
{
    uint32_t strategies = (uint32_t)study->scenario->variant_count;
    uint32_t strategy = run % strategies, replication = run / strategies;
    struct world *world =
        world_new(&study->scenario->variants[strategy].config.model, study->seed, replication + 1);
    struct run_control control = {.stop = study->options->stop, .done_ns = &study->done_ns[run]};
    bool finished = world_run(world, &control);
    if (finished) {
        harvest_metrics(world, &study->result->strategies[strategy], replication);
        harvest_rows(world, &study->result->strategies[strategy], replication);
    }
    if (world_error(world))
        note_error(study, world_error(world));
    atomic_fetch_add(&study->events, events_of(world));
    world_free(world);
    return finished;
}

static bool is_stopped(const struct study *study)
{
    return atomic_load(&study->failed) || (study->options->stop && atomic_load(study->options->stop));
}

static void *work(void *argument)
{
    struct study *study = argument;
    for (;;) {
        uint32_t run = atomic_fetch_add(&study->next, 1);
        if (run >= study->runs || is_stopped(study))
            return NULL;
        bool finished = run_one(study, run);
        pthread_mutex_lock(&study->lock);
        atomic_fetch_add(&study->done, finished);
        pthread_cond_signal(&study->finished);
        pthread_mutex_unlock(&study->lock);
    }
}

/* ---- all runs ---- */

static void report(struct study *study)
{
    double simulated = 0, each = (double)study->scenario->config.model.duration_ns;
    if (!study->options->progress)
        return;
    for (uint32_t i = 0; i < study->runs; i++)
        simulated += (double)atomic_load_explicit(&study->done_ns[i], memory_order_relaxed);
    struct run_progress progress = {study->runs, atomic_load(&study->done), simulated / (each * study->runs),
                                    atomic_load(&study->events)};
    study->options->progress(study->options->progress_owner, &progress);
}

static void wait_for_workers(struct study *study)
{
    pthread_mutex_lock(&study->lock);
    while (atomic_load(&study->done) < study->runs && !is_stopped(study)) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += PROGRESS_EVERY_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&study->finished, &study->lock, &until);
        report(study);
    }
    pthread_mutex_unlock(&study->lock);
}

static uint32_t threads_for(const struct study *study)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t jobs = study->options->jobs ? study->options->jobs : cores > 0 ? (uint32_t)cores : 1;
    return jobs < study->runs ? jobs : study->runs;
}

static void run_all(struct study *study)
{
    uint32_t jobs = threads_for(study), started = 0;
    pthread_t *threads = memory_zeroed(jobs, sizeof *threads);
    while (started < jobs && pthread_create(&threads[started], NULL, work, study) == 0)
        started++;
    if (started == 0)
        work(study);
    wait_for_workers(study);
    for (uint32_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
}

/* ---- the result's skeleton ---- */

static struct metric_result *empty_metrics(struct arena *arena, enum place_kind kind, uint32_t replications)
{
    struct metric_result *metrics = arena_alloc(arena, metrics_count(kind) * sizeof *metrics);
    for (size_t i = 0; i < metrics_count(kind); i++) {
        metrics[i].info = metrics_info(kind, i);
        metrics[i].values = arena_alloc(arena, replications * sizeof *metrics[i].values);
        for (uint32_t r = 0; r < replications; r++)
            metrics[i].values[r] = NAN;
    }
    return metrics;
}

static struct place_result *add_place(struct result *result, struct strategy_result *strategy, enum place_kind kind,
                                      uint32_t index, const char *path)
{
    struct place_result *place = &strategy->places[strategy->place_count++];
    *place = (struct place_result){
        .path = path, .kind = kind, .index = index, .metric_count = metrics_count(kind),
        .metrics = empty_metrics(&result->arena, kind, result->replications),
        .rows = arena_alloc(&result->arena, result->replications * sizeof(struct bin_row *))};
    return place;
}

/* The edges from `first` to before `end`. */
static void add_callers(struct result *result, struct strategy_result *strategy, const struct model_config *model,
                        size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        char path[PATH_SIZE];
        config_edge_path(model, i, path);
        add_place(result, strategy, PLACE_CALLER, (uint32_t)i, arena_strdup(&result->arena, path));
    }
}

/* The replicas of a service that are shown; returns the number of all that it has. */
static uint32_t add_replicas(struct result *result, struct strategy_result *strategy,
                             const struct service_config *service, uint32_t first)
{
    for (uint32_t i = 0; i < config_replicas_shown(service); i++) {
        char path[PATH_SIZE];
        config_replica_path(service, i, path);
        add_place(result, strategy, PLACE_SERVICE, first + i, arena_strdup(&result->arena, path));
    }
    return config_replicas_room(service);
}

/* Clients, services each followed by its replicas, calls and checks, caches. */
static void add_places(struct result *result, struct strategy_result *strategy, const struct model_config *model)
{
    const struct service_config *services = model->services.items;
    const struct cache_config *caches = model->caches.items;
    size_t edge = config_first_call(model), check = config_first_check(model);
    uint32_t replica = (uint32_t)model->services.count;
    add_callers(result, strategy, model, 0, edge);
    for (uint32_t i = 0; i < model->services.count; i++, edge += services[i - 1].calls.count) {
        const char *path = arena_printf(&result->arena, "services.%s", services[i].name);
        add_place(result, strategy, PLACE_SERVICE, i, path)->entrance = config_is_entrance(model, i);
        replica += add_replicas(result, strategy, &services[i], replica);
        add_callers(result, strategy, model, edge, edge + services[i].calls.count);
        if (config_edge_check(model, check) == &services[i]) {
            add_callers(result, strategy, model, check, check + 1);
            check++;
        }
    }
    for (uint32_t i = 0; i < model->caches.count; i++)
        add_place(result, strategy, PLACE_CACHE, i, arena_printf(&result->arena, "caches.%s", caches[i].name));
}

/* Nominal capacity of the services that clients call, for the figures. */
static double nominal_capacity(const struct model_config *model)
{
    double sum = 0;
    for (uint32_t i = 0; i < model->services.count; i++)
        if (config_is_entrance(model, i))
            sum += config_nominal_per_s(model, i);
    return isinf(sum) ? NAN : sum;
}

static void add_strategy(struct result *result, const struct variant *variant)
{
    const struct model_config *model = &variant->config.model;
    struct strategy_result *strategy = &result->strategies[result->strategy_count++];
    const struct service_config *services = model->services.items;
    size_t places = config_edge_count(model) + model->services.count + model->caches.count;
    for (size_t i = 0; i < model->services.count; i++)
        places += config_replicas_shown(&services[i]);
    *strategy = (struct strategy_result){
        .name = arena_strdup(&result->arena, variant->name), .note = arena_strdup(&result->arena, variant->note),
        .metric_count = metrics_count(PLACE_CALLER),
        .metrics = empty_metrics(&result->arena, PLACE_CALLER, result->replications),
        .places = arena_alloc(&result->arena, places * sizeof *strategy->places),
        .capacity_per_s = nominal_capacity(model)};
    add_places(result, strategy, model);
}

/* One fault, as the first replication met it: a band for each time it happened, or one over all if these are many. */
static void add_fault(struct result *result, const struct model_config *model, size_t index, uint64_t seed)
{
    const struct fault_config *fault = &((const struct fault_config *)model->faults.items)[index];
    struct fault_result *bands = &result->faults[result->fault_count];
    struct fault_times times = fault_plan_first(model, index, seed, 1);
    char label[FAULT_LABEL_SIZE];
    uint32_t count = 0;
    double first_s = (double)times.begins_ns * 1e-9, last_s = 0;
    fault_plan_label(fault, label, sizeof label);
    for (; times.begins_ns < model->duration_ns; times = fault_plan_next(fault, times), count++) {
        double from_s = (double)times.begins_ns * 1e-9;
        last_s = times.ends_ns < model->duration_ns ? (double)times.ends_ns * 1e-9 : result->duration_s;
        if (count < BANDS_MAX)
            bands[count] = (struct fault_result){arena_strdup(&result->arena, label), from_s, last_s};
    }
    if (count > BANDS_MAX)
        bands[0] = (struct fault_result){arena_printf(&result->arena, "%s, %u times", label, count), first_s, last_s};
    result->fault_count += count > BANDS_MAX ? 1 : count;
}

/* Faults of the scenario without strategies. */
static void add_faults(struct result *result, const struct model_config *model, uint64_t seed)
{
    result->faults = arena_alloc(&result->arena, (model->faults.count * BANDS_MAX + 1) * sizeof *result->faults);
    for (size_t i = 0; i < model->faults.count; i++)
        add_fault(result, model, i, seed);
}

static struct result *new_result(const struct scenario *scenario, const struct run_options *options, uint64_t seed)
{
    struct arena arena = {0};
    struct result *result = arena_alloc(&arena, sizeof *result);
    const struct scenario_config *config = &scenario->config;
    result->arena = arena;
    result->stamp = stamp_make(&result->arena, scenario->path, scenario->text, scenario->size, seed,
                               options->command, options->sets, options->set_count);
    result->name = arena_strdup(&result->arena, config->name);
    result->question = arena_strdup(&result->arena, config->question);
    result->headline = arena_strdup(&result->arena, config->headline);
    result->duration_s = (double)config->model.duration_ns * 1e-9;
    result->bin_s = (double)config->model.bin_ns * 1e-9;
    result->warmup_s = (double)config->model.warmup_ns * 1e-9;
    result->replications = options->replications ? options->replications : (uint32_t)config->replications;
    result->bins = config_bins(&config->model);
    result->strategies = arena_alloc(&result->arena, scenario->variant_count * sizeof *result->strategies);
    for (size_t i = 0; i < scenario->variant_count; i++)
        add_strategy(result, &scenario->variants[i]);
    add_faults(result, &config->model, seed);
    return result;
}

static void estimate(struct result *result)
{
    for (size_t s = 0; s < result->strategy_count; s++) {
        struct strategy_result *strategy = &result->strategies[s];
        for (uint32_t r = 0; r < result->replications; r++)
            strategy->finished += strategy->places[0].rows[r] != NULL;
        for (size_t i = 0; i < strategy->metric_count; i++)
            strategy->metrics[i].estimate = result_estimate(strategy->metrics[i].values, result->replications);
        for (size_t p = 0; p < strategy->place_count; p++)
            for (size_t i = 0; i < strategy->places[p].metric_count; i++)
                strategy->places[p].metrics[i].estimate =
                    result_estimate(strategy->places[p].metrics[i].values, result->replications);
    }
}

struct result *study_run(const struct scenario *scenario, const struct run_options *options)
{
    struct study study = {.scenario = scenario, .options = options,
                          .seed = (uint64_t)(options->seed >= 0 ? options->seed : scenario->config.seed)};
    study.result = new_result(scenario, options, study.seed);
    study.runs = (uint32_t)scenario->variant_count * study.result->replications;
    study.done_ns = memory_zeroed(study.runs, sizeof *study.done_ns);
    pthread_mutex_init(&study.lock, NULL);
    pthread_cond_init(&study.finished, NULL);
    run_all(&study);
    pthread_cond_destroy(&study.finished);
    pthread_mutex_destroy(&study.lock);
    free(study.done_ns);
    study.result->interrupted = atomic_load(&study.done) < study.runs;
    study.result->events = atomic_load(&study.events);
    estimate(study.result);
    expect_judge(study.result, scenario);
    return study.result;
}
