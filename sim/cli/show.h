/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What commands share in showing results: colour or not, pictures of characters. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "cli/options.h"
#include "output/output.h"

bool show_colour(const struct options *options);          /* of stdout: --color, NO_COLOR, TERM=dumb, a terminal */
bool show_progress(const struct options *options);        /* on stderr: --progress, --quiet, a terminal */
/* Flushes stdout; false after saying that something could not be written, now or before. */
bool show_flush(void);
bool show_unicode(void);                                  /* the environment speaks UTF-8 */
enum output_status show_term_plot(const struct result *result, char why[OUTPUT_WHY_SIZE]);

#endif
