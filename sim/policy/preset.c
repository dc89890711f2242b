/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/preset.h"

#include <string.h>

const char *const preset_parts[] = {"policy", "breaker", "budget", "gate", NULL};
const char *const preset_keys[] = {"policy", "breaker", "budget", "gates", NULL};

const struct preset_row *preset_find(enum preset_part part, const char *name)
{
    for (const struct row *const *row = preset_table.rows; *row; row++)
        if (preset_of(*row)->part == part && strcmp((*row)->name, name) == 0)
            return preset_of(*row);
    return NULL;
}

size_t preset_names(enum preset_part part, const char **names, size_t room)
{
    size_t count = 0;
    for (const struct row *const *row = preset_table.rows; *row; row++) {
        if (preset_of(*row)->part != part)
            continue;
        if (count < room)
            names[count] = (*row)->name;
        count++;
    }
    return count;
}
