/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run: every strategy, every replication; then the files, the pictures, the table, the verdict. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/units.h"
#include "cli/commands.h"
#include "cli/show.h"
#include "output/progress.h"
#include "output/summary.h"
#include "study/run.h"

/* ---- Ctrl-C: finish what is done, say so ---- */

static atomic_bool stop_asked;

static void ask_to_stop(int signal_number)
{
    (void)signal_number;
    atomic_store(&stop_asked, true);
}

static void watch_for_interrupts(void)
{
    struct sigaction action = {.sa_handler = ask_to_stop, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* ---- talk ---- */

static double wall_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

struct talk {
    struct progress progress;
    double begin_s;
};

static void on_progress(void *owner, const struct run_progress *now)
{
    struct talk *talk = owner;
    progress_show(&talk->progress, now->runs_done, now->runs, now->fraction, now->events, wall_s() - talk->begin_s);
}

/* Speed differs from run to run, so it is talk, not result. */
static void say_speed(const struct result *result, double elapsed_s)
{
    char events[UNITS_TEXT_SIZE], rate[UNITS_TEXT_SIZE], wall[UNITS_TEXT_SIZE], speed[UNITS_TEXT_SIZE];
    uint32_t runs = 0;
    for (size_t i = 0; i < result->strategy_count; i++)
        runs += result->strategies[i].finished;
    fprintf(stderr, "%s events in %s: %s events/s, %s simulated seconds a second\n",
            units_show_number((double)result->events, events), units_show_duration(elapsed_s, wall),
            units_show_number((double)result->events / elapsed_s, rate),
            units_show_number(result->duration_s * runs / elapsed_s, speed));
}

/* ---- the command that gives this result again ---- */

static bool is_plain(const char *word)
{
    return *word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=,:%+")];
}

static void add_word(struct text *command, const char *word)
{
    text_char(command, ' ');
    if (is_plain(word)) {
        text_add(command, word);
        return;
    }
    text_char(command, '\'');
    for (; *word; word++)
        text_add(command, *word == '\'' ? "'\\''" : (char[]){*word, 0});
    text_char(command, '\'');
}

static struct text command_again(const struct options *options)
{
    struct text command = text_in_memory();
    text_add(&command, "retrystorm run");
    add_word(&command, options->arguments[0]);
    for (size_t i = 0; i < options->set_count; i++) {
        text_add(&command, " --set");
        add_word(&command, options->sets[i]);
    }
    if (options->strategy) {
        text_add(&command, " --strategy");
        add_word(&command, options->strategy);
    }
    if (options->replications)
        text_printf(&command, " --reps %lld", (long long)options->replications);
    if (options->seed >= 0)
        text_printf(&command, " --seed %lld", (long long)options->seed);
    return command;
}

/* ---- the run ---- */

static struct result *simulate(const struct scenario *scenario, const struct options *options)
{
    struct text command = command_again(options);
    struct talk talk = {.progress = {.stream = stderr}, .begin_s = wall_s()};
    struct run_options how = {.replications = (uint32_t)options->replications, .seed = options->seed,
                              .jobs = options->jobs, .stop = &stop_asked, .command = command.bytes,
                              .sets = options->sets, .set_count = options->set_count,
                              .progress = show_progress(options) ? on_progress : NULL, .progress_owner = &talk};
    watch_for_interrupts();
    struct result *result = study_run(scenario, &how);
    progress_erase(&talk.progress);
    if (!options->quiet)
        say_speed(result, wall_s() - talk.begin_s);
    text_free(&command);
    return result;
}

static void print_summary(const struct result *result, const struct options *options)
{
    const struct summary_options how = {.colour = show_colour(options), .unicode = show_unicode()};
    struct text text = text_in_memory();
    output_summary(result, &how, &text);
    fwrite(text.bytes, 1, text.length, stdout);
    text_free(&text);
}

/* Data and pictures; false if the data could not be written. A missing gnuplot costs the pictures only. */
static bool write_files(const struct result *result, const struct options *options, const char *directory)
{
    char why[OUTPUT_WHY_SIZE];
    bool figures = options->plot != PLOT_NONE;
    const struct output_options formats = {.svg = figures, .png = figures};
    enum output_status status = output_write_all(result, directory, &formats, why);
    if (status != OUTPUT_FINE)
        fprintf(stderr, "retrystorm run: %s\n", why);
    else if (!options->quiet)
        fprintf(stderr, "written to %s\n", directory);
    if (status == OUTPUT_FINE && options->plot == PLOT_TERMINAL)
        show_term_plot(result, why);
    return status != OUTPUT_FAILED;
}

static bool as_expected(const struct result *result)
{
    for (size_t i = 0; i < result->expectation_count; i++)
        if (!result->expectations[i].passed)
            return false;
    return true;
}

static int tell(const struct result *result, const struct options *options, const char *directory)
{
    print_summary(result, options);
    bool shown = show_flush();
    bool written = write_files(result, options, directory) && shown;
    return !written              ? EXIT_ENVIRONMENT
           : result->interrupted ? EXIT_INTERRUPTED
           : as_expected(result) ? EXIT_FINE
                                 : EXIT_NOT_AS_EXPECTED;
}

/* After an error in a user's script there is nothing to tell, and nothing is written. */
static int run_scenario(const struct scenario *scenario, const struct options *options, const char *directory)
{
    struct result *result = simulate(scenario, options);
    int status = EXIT_USAGE;
    if (result->error)
        fprintf(stderr, "%s (in a run)\n", result->error);
    else
        status = tell(result, options, directory);
    result_free(result);
    return status;
}

/* The folder is made before anything runs: an hour of simulation must not end in "permission denied". */
static int run_into(const struct scenario *scenario, const struct options *options)
{
    char directory[4096], why[OUTPUT_WHY_SIZE];
    snprintf(directory, sizeof directory, "results/%s", scenario->config.name);
    if (options->directory)
        snprintf(directory, sizeof directory, "%s", options->directory);
    if (!atomic_make_directory(directory, why)) {
        fprintf(stderr, "retrystorm run: %s\n", why);
        return EXIT_ENVIRONMENT;
    }
    return run_scenario(scenario, options, directory);
}

/* What a strategy sets itself wins over --set, as it must in a comparison of just that. It surprises, so it is said. */
static void note_overridden(const struct scenario *scenario, const struct options *options)
{
    for (size_t i = 0; i < options->set_count; i++)
        for (size_t k = 0; k < scenario->variant_count; k++)
            if (scenario_overrides_set(&scenario->variants[k], options->sets[i]))
                fprintf(stderr, "note: --set %s does not reach strategy '%s', which sets that itself\n",
                        options->sets[i], scenario->variants[k].name);
}

static int run(const struct options *options)
{
    struct diag *diag = diag_new();
    struct scenario_changes changes = {options->sets, options->set_count, options->strategy};
    struct scenario *scenario = scenario_load(options->arguments[0], &changes, diag);
    bool good = scenario && study_check_metrics(scenario, diag);
    diag_print(diag, stderr);
    diag_free(diag);
    if (good)
        note_overridden(scenario, options);
    int status = good ? run_into(scenario, options) : EXIT_USAGE;
    if (scenario)
        scenario_free(scenario);
    return status;
}

const struct command command_run = {
    .name = "run", .arguments = "SCENARIO", .summary = "run every strategy and compare them",
    .options = "strejopqCP", .least = 1, .most = 1, .run = run};
