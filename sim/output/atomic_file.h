/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that appear whole or not at all: written under a temporary name beside their place, then renamed.
 *
 * Between atomic_open and atomic_close the content is added to `text`. A write that failed shows at
 * atomic_close, which then removes the temporary file and leaves an older file of that name as it was. A
 * name that is a device or a pipe is written in place. Errors are one line, "cannot write
 * results/x/load.csv: No space left on device". */
#ifndef OUTPUT_ATOMIC_FILE_H
#define OUTPUT_ATOMIC_FILE_H

#include <stdbool.h>

#include "output/text.h"

enum { OUTPUT_WHY_SIZE = 512 };

struct atomic_file {
    struct text text;
    char *path, *temporary; /* temporary NULL: written in place */
};

/* Like mkdir -p. */
bool atomic_make_directory(const char *directory, char why[OUTPUT_WHY_SIZE]);

bool atomic_open(struct atomic_file *file, const char *directory, const char *name,
                 char why[OUTPUT_WHY_SIZE]);
bool atomic_close(struct atomic_file *file, char why[OUTPUT_WHY_SIZE]);
/* Instead of atomic_close: as if it had never been opened. */
void atomic_abandon(struct atomic_file *file);

#endif
