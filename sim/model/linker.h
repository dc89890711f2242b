/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the checks of a whole model share (config_link.c, fault_link.c). */
#ifndef MODEL_LINKER_H
#define MODEL_LINKER_H

#include "model/config.h"

/* Of populations, services, caches, faults: each; of calls: in all. Checked first, so that the rest may rely on it. */
enum { PLACES_MAX = 1000, CALLS_MAX = 1000 };

struct linker {
    const struct model_config *config;
    const struct node *root;
    struct diag *diag;
};

/* The position of root.LIST[index].KEY, or of what there is of it. */
struct origin linker_where(const struct linker *linker, const char *list, size_t index, const char *key);

/* "KEY: no WHAT named 'NAME'", with the nearest of the names of these kinds, or else all of them; ends with
 * TARGET_NONE. */
void linker_no_such(const struct linker *linker, struct origin at, const char *key, const char *what,
                    const char *name, const enum target_kind *kinds);

#endif
