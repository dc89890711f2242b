/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/table.h"

#include <string.h>

const struct row *table_find(const struct table *table, const char *name)
{
    for (const struct row *const *row = table->rows; *row; row++)
        if (strcmp((*row)->name, name) == 0)
            return *row;
    return NULL;
}

size_t table_names(const struct table *table, const char **names, size_t room)
{
    size_t count = 0;
    for (const struct row *const *row = table->rows; *row; row++, count++)
        if (count < room)
            names[count] = (*row)->name;
    return count;
}
