/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "printed.h"

#include <stdio.h>
#include <stdlib.h>

char *printed(const struct diag *diag)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        abort();
    diag_print(diag, out);
    fclose(out);
    return text;
}
