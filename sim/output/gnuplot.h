/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs gnuplot on a script: no shell, no file names, no settings of the user's.
 *
 * The program is `gnuplot` on the PATH, or what $RETRYSTORM_GNUPLOT names. The script goes to its standard
 * input, what it draws comes from its standard output, what it complains about from standard error; all
 * three are pipes, served at once. Its environment has no LC_*, LANG or GNUPLOT* of the user's. A gnuplot
 * that reads a pipe ends with an error at the first command it does not accept. SIGPIPE is held off in
 * this thread while it runs.
 *
 * Every string of a script goes through gnuplot_quote: back-ticks and such mean nothing inside single
 * quotes. A quote in it becomes a typographic apostrophe: gnuplot 5.4 takes '''' for the end of a string
 * and goes on with what follows. */
#ifndef OUTPUT_GNUPLOT_H
#define OUTPUT_GNUPLOT_H

#include "output/text.h"

enum gnuplot_status { GNUPLOT_FINE, GNUPLOT_FAILED, GNUPLOT_MISSING };

/* Adds 'string', its single quotes replaced by apostrophes, control characters by blanks, what is not
 * UTF-8 by question marks: pango draws anything for that. */
void gnuplot_quote(struct text *script, const char *string);

/* `why` gets one line for what is not fine. */
enum gnuplot_status gnuplot_run(const struct text *script, struct text *drawn, char *why, size_t why_size);

#endif
