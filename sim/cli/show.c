/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/show.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value && *value;
}

bool show_colour(const struct options *options)
{
    const char *terminal = getenv("TERM");
    if (options->colour != WHEN_AUTO)
        return options->colour == WHEN_ALWAYS;
    return isatty(STDOUT_FILENO) && !is_set("NO_COLOR") && terminal && strcmp(terminal, "dumb") != 0;
}

bool show_progress(const struct options *options)
{
    if (options->progress != WHEN_AUTO)
        return options->progress == WHEN_ALWAYS;
    return isatty(STDERR_FILENO) && !options->quiet;
}

bool show_flush(void)
{
    errno = EIO; /* where an earlier write failed and this one does not */
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    fprintf(stderr, "retrystorm: cannot write to stdout: %s\n", strerror(errno));
    return false;
}

bool show_unicode(void)
{
    const char *locale = is_set("LC_ALL") ? getenv("LC_ALL") : is_set("LC_CTYPE") ? getenv("LC_CTYPE") : getenv("LANG");
    return locale && (strstr(locale, "UTF-8") || strstr(locale, "utf8") || strstr(locale, "UTF8"));
}

enum output_status show_term_plot(const struct result *result, char why[OUTPUT_WHY_SIZE])
{
    struct text drawn = text_in_memory();
    enum output_status status = output_plot_term(result, &drawn, why);
    if (status == OUTPUT_FINE)
        fwrite(drawn.bytes, 1, drawn.length, stdout);
    text_free(&drawn);
    return status;
}
