/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result out of the files of a run, as far as the figures need it: summary.json for the frame, load.csv
 * for the rows.
 *
 * The metrics of strategies are read as far as files have them (no help); those of places and the
 * expectations are not. The strategies, places and replications of the rows must be those
 * of summary.json. NULL, and one line in `why` with file and line, if something does not fit. Ends with
 * result_free. */
#ifndef OUTPUT_READ_H
#define OUTPUT_READ_H

#include "output/atomic_file.h"
#include "study/result.h"

struct result *output_read(const char *directory, char why[OUTPUT_WHY_SIZE]);

#endif
