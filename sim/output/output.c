/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/output.h"

#include <stdio.h>
#include <string.h>

#include "output/figure.h"
#include "output/gnuplot.h"
#include "output/rows.h"

static bool write_file(const struct result *result, const struct output_row *row, const char *directory,
                       char *why)
{
    struct atomic_file file;
    if (!atomic_open(&file, directory, row->name, why))
        return false;
    row->write(result, &file.text);
    return atomic_close(&file, why);
}

static enum output_status no_gnuplot(char *why)
{
    snprintf(why, OUTPUT_WHY_SIZE,
             "there is no gnuplot for the figures: install gnuplot-nox (apt install gnuplot-nox) "
             "or pass --plot=none; the data are in the .csv files");
    return OUTPUT_NO_GNUPLOT;
}

static enum output_status run_gnuplot(const struct text *script, struct text *drawn, char *why)
{
    switch (gnuplot_run(script, drawn, why, OUTPUT_WHY_SIZE)) {
    case GNUPLOT_FINE:
        return OUTPUT_FINE;
    case GNUPLOT_MISSING:
        return no_gnuplot(why);
    default:
        return OUTPUT_FAILED;
    }
}

enum output_status output_write_picture(const struct text *script, const char *directory, const char *name,
                                        char why[OUTPUT_WHY_SIZE])
{
    struct atomic_file file;
    if (!atomic_open(&file, directory, name, why))
        return OUTPUT_FAILED;
    enum output_status status = run_gnuplot(script, &file.text, why);
    if (status != OUTPUT_FINE) {
        atomic_abandon(&file);
        return status;
    }
    return atomic_close(&file, why) ? OUTPUT_FINE : OUTPUT_FAILED;
}

static enum output_status write_figure(const struct result *result, const struct output_row *row,
                                       enum figure_format format, const char *directory, char *why)
{
    static const char *const extensions[] = {[FIGURE_SVG] = "svg", [FIGURE_PNG] = "png"};
    enum output_status status = OUTPUT_FINE;
    struct text script = text_in_memory();
    char name[64];
    snprintf(name, sizeof name, "%s.%s", row->name, extensions[format]);
    if (figure_script(result, row, format, &script))
        status = output_write_picture(&script, directory, name, why);
    text_free(&script);
    return status;
}

enum output_status output_write_figures(const struct result *result, const char *directory,
                                        const struct output_options *options, char why[OUTPUT_WHY_SIZE])
{
    const bool wanted[] = {[FIGURE_SVG] = options->svg, [FIGURE_PNG] = options->png};
    for (const struct output_row *const *row = output_rows; *row; row++)
        for (int format = FIGURE_SVG; (*row)->draw && format <= FIGURE_PNG; format++) {
            if (!wanted[format])
                continue;
            enum output_status status =
                write_figure(result, *row, (enum figure_format)format, directory, why);
            if (status != OUTPUT_FINE)
                return status;
        }
    return OUTPUT_FINE;
}

enum output_status output_write_all(const struct result *result, const char *directory,
                                    const struct output_options *options, char why[OUTPUT_WHY_SIZE])
{
    if (!atomic_make_directory(directory, why))
        return OUTPUT_FAILED;
    for (const struct output_row *const *row = output_rows; *row; row++)
        if ((*row)->write && !write_file(result, *row, directory, why))
            return OUTPUT_FAILED;
    return output_write_figures(result, directory, options, why);
}

/* Characters without blanks at the ends of lines and empty lines around them. */
static void tidy(const char *drawn, struct text *text)
{
    size_t empty = 0;
    bool any = false;
    for (const char *line = drawn; *line;) {
        size_t length = strcspn(line, "\n"), used = length;
        while (used > 0 && strchr(" \f", line[used - 1]))
            used--;
        if (used > 0) {
            text_repeat(text, "\n", any ? empty : 0);
            text_put(text, line, used);
            text_char(text, '\n');
        }
        empty = used > 0 ? 0 : empty + 1;
        any = any || used > 0;
        line += length + (line[length] == '\n');
    }
}

enum output_status output_plot_term(const struct result *result, struct text *drawn,
                                    char why[OUTPUT_WHY_SIZE])
{
    enum output_status status = OUTPUT_FINE;
    struct text script = text_in_memory(), raw = text_in_memory();
    if (figure_script(result, &output_load, FIGURE_TERM, &script))
        status = run_gnuplot(&script, &raw, why);
    if (status == OUTPUT_FINE && raw.length > 0)
        tidy(raw.bytes, drawn);
    text_free(&raw);
    text_free(&script);
    return status;
}
