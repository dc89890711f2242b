/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot: redraws the pictures of a finished run from its files. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/show.h"
#include "output/output.h"
#include "output/read.h"

static int report(enum output_status status, const char *why)
{
    if (status == OUTPUT_FINE)
        return EXIT_FINE;
    fprintf(stderr, "retrystorm plot: %s\n", why);
    return EXIT_ENVIRONMENT;
}

static int run(const struct options *options)
{
    char why[OUTPUT_WHY_SIZE];
    const struct output_options formats = {.svg = true, .png = true};
    struct result *result = output_read(options->arguments[0], why);
    if (!result) {
        fprintf(stderr, "retrystorm plot: %s\n", why);
        return EXIT_ENVIRONMENT;
    }
    int status = EXIT_FINE;
    if (options->plot != PLOT_NONE)
        status = report(output_write_figures(result, options->arguments[0], &formats, why), why);
    if (status == EXIT_FINE && options->plot == PLOT_TERMINAL)
        status = report(show_term_plot(result, why), why);
    result_free(result);
    return status;
}

const struct command command_plot = {
    .name = "plot", .arguments = "DIR", .summary = "redraw the pictures of a finished run",
    .options = "pq", .least = 1, .most = 1, .run = run};
