/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Benchmarks of the program as a whole: how well threads are used, how fast it starts. Wall time, so keep the machine
 * quiet. */
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/check.h"
#include "study/bench.h"
#include "study/run.h"

extern char **environ;

static double wall_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* ---- threads ---- */

enum { STRATEGIES = 20, REPLICATIONS = 50 };

static struct scenario *many_strategies(void)
{
    char text[4096];
    size_t used = (size_t)snprintf(
        text, sizeof text,
        "name: parallel\nheadline: success_ratio\nduration: 60s\nreplications: %d\n"
        "clients:\n  - name: web\n    arrival: {kind: poisson, rate: 280/s}\n    calls: api\n"
        "    policy: {timeout: 1s, attempts: 3, backoff: {shape: exponential, base: 100ms, jitter: full}}\n"
        "services:\n  - {name: api, workers: 1, service_time: {law: exponential, mean: 3333us}, queue: {capacity: "
        "250}}\n"
        "faults:\n  - {kind: outage, mode: pause, service: api, at: 20s, for: 5s}\nstrategies:\n",
        REPLICATIONS);
    for (int i = 1; i <= STRATEGIES; i++)
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 "  - {name: s%d, set: {clients.web.policy.backoff.base: %dms}}\n", i, 50 * i);
    struct scenario_changes changes = {0};
    struct diag *diag = diag_new();
    struct scenario *scenario = scenario_parse("parallel", text, used, &changes, diag);
    diag_print(diag, stderr);
    diag_free(diag);
    CHECK(scenario, "a built-in workload does not load");
    return scenario;
}

static double study_ns(const struct scenario *scenario, uint32_t jobs)
{
    struct run_options options = {.seed = -1, .jobs = jobs};
    double begin_ns = wall_ns();
    struct result *result = study_run(scenario, &options);
    double ns = wall_ns() - begin_ns;
    result_free(result);
    return ns;
}

/* The best of each: what the machine can do when nothing else wants it. */
double bench_parallel_speedup(uint32_t repetitions)
{
    struct scenario *scenario = many_strategies();
    double one_ns = INFINITY, two_ns = INFINITY;
    for (uint32_t i = 0; i < repetitions; i++) {
        one_ns = fmin(one_ns, study_ns(scenario, 1));
        two_ns = fmin(two_ns, study_ns(scenario, 2));
    }
    scenario_free(scenario);
    return one_ns / two_ns;
}

/* ---- start-up ---- */

static const char smallest[] = "name: tiny\nheadline: success_ratio\nduration: 10s\nreplications: 1\n"
                               "clients:\n  - {name: web, arrival: {kind: renewal, gap: 100ms}, calls: api}\n"
                               "services:\n  - {name: api, workers: 1, service_time: 50ms, queue: {capacity: 10}}\n";

/* Writes the scenario into the folder; false if that fails. */
static bool write_smallest(const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file)
        return false;
    bool good = fputs(smallest, file) >= 0;
    return fclose(file) == 0 && good;
}

static double spawn_ns(const char *program, const char *scenario, const char *directory)
{
    char output[512];
    pid_t child;
    int status = 1;
    snprintf(output, sizeof output, "--output=%s/out", directory);
    char *words[] = {(char *)program, "run", (char *)scenario, "--plot=none", "-q", output, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    double begin_ns = wall_ns();
    if (posix_spawn(&child, program, &actions, NULL, words, environ) == 0)
        waitpid(child, &status, 0);
    double ns = wall_ns() - begin_ns;
    posix_spawn_file_actions_destroy(&actions);
    return status == 0 ? ns : NAN;
}

static void remove_files(const char *directory)
{
    static const char *const names[] = {"tiny.yaml", "out/load.csv", "out/summary.csv", "out/summary.json"};
    char path[512];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/out", directory);
    rmdir(path);
    rmdir(directory);
}

double bench_startup_ns(const char *program, uint32_t repetitions)
{
    const char *base = getenv("TMPDIR");
    char directory[256], scenario[512];
    double best_ns = NAN;
    snprintf(directory, sizeof directory, "%.200s/retrystorm-bench-XXXXXX", base && *base ? base : "/tmp");
    if (!mkdtemp(directory))
        return NAN;
    snprintf(scenario, sizeof scenario, "%s/tiny.yaml", directory);
    for (uint32_t i = 0; write_smallest(scenario) && i < repetitions; i++)
        best_ns = fmin(best_ns, spawn_ns(program, scenario, directory));
    remove_files(directory);
    return best_ns;
}
