/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/describe_backoff.h"

#include <stdio.h>
#include <string.h>

#include "cli/sample_waits.h"
#include "cli/show.h"
#include "output/output.h"

enum { NAME_SIZE = 256 };

static void print_waits(const struct waits *waits, bool bars)
{
    struct text text = text_in_memory();
    waits_table(waits, &text);
    if (bars)
        waits_bars(waits, show_unicode(), &text);
    fwrite(text.bytes, 1, text.length, stdout);
    text_free(&text);
}

/* "jitter-full.svg" */
static void file_name(const struct waits *waits, const char *extension, char name[NAME_SIZE])
{
    snprintf(name, NAME_SIZE, "%s.%s", waits->title, extension);
    for (char *blank = name; (blank = strchr(blank, ' ')) != NULL;)
        *blank = '-';
}

static bool write_data(const struct waits *waits, const char *directory, char why[OUTPUT_WHY_SIZE])
{
    struct atomic_file file;
    char name[NAME_SIZE];
    file_name(waits, "csv", name);
    if (!atomic_make_directory(directory, why) || !atomic_open(&file, directory, name, why))
        return false;
    waits_csv(waits, &file.text);
    return atomic_close(&file, why);
}

static enum output_status write_figure(const struct waits *waits, enum figure_format format, const char *directory,
                                       char why[OUTPUT_WHY_SIZE])
{
    struct text script = text_in_memory();
    char name[NAME_SIZE];
    file_name(waits, format == FIGURE_SVG ? "svg" : "png", name);
    waits_script(waits, format, &script);
    enum output_status status = output_write_picture(&script, directory, name, why);
    text_free(&script);
    return status;
}

/* A missing gnuplot costs the pictures only. */
static int write_files(const struct waits *waits, const struct options *options)
{
    char why[OUTPUT_WHY_SIZE];
    const char *directory = options->directory ? options->directory : "results/waits";
    enum output_status status = write_data(waits, directory, why) ? OUTPUT_FINE : OUTPUT_FAILED;
    if (status == OUTPUT_FINE)
        status = write_figure(waits, FIGURE_SVG, directory, why);
    if (status == OUTPUT_FINE)
        status = write_figure(waits, FIGURE_PNG, directory, why);
    if (status == OUTPUT_FINE)
        fprintf(stderr, "written to %s\n", directory);
    else
        fprintf(stderr, "retrystorm describe: %s\n", why);
    return status == OUTPUT_FAILED ? EXIT_ENVIRONMENT : EXIT_FINE;
}

int describe_backoff(const struct backoff *backoff, const struct describe_backoff *about, const struct options *options)
{
    struct waits waits;
    char why[SCRIPT_ERROR_SIZE];
    if (!sample_waits(backoff, about->retries, &waits, why)) {
        fprintf(stderr, "%s\n", why);
        return EXIT_USAGE;
    }
    waits.title = about->title;
    waits.backoff = about->text;
    if (waits.rows == 0) {
        puts("  no retries");
        return EXIT_FINE;
    }
    print_waits(&waits, options->plot == PLOT_TERMINAL);
    bool files = options->plot == PLOT_FILES || (options->plot != PLOT_NONE && options->directory);
    return files ? write_files(&waits, options) : EXIT_FINE;
}
