/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last words of a run that broke one of its own rules. */
#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

static _Thread_local struct {
    void (*describe)(const void *subject, char *text, unsigned size);
    const void *subject;
} context;

void check_context(void (*describe)(const void *subject, char *text, unsigned size), const void *subject)
{
    context.describe = describe;
    context.subject = subject;
}

_Noreturn void check_failed(const char *condition, const char *sentence, const char *file, int line)
{
    char where[256] = "outside a run";
    if (context.describe)
        context.describe(context.subject, where, sizeof where);
    fprintf(stderr,
            "retrystorm: internal error: %s\n"
            "  check:  %s (%s:%d)\n"
            "  where:  %s\n"
            "This is a bug in retrystorm, not in your scenario. Please report these lines with the scenario.\n",
            sentence, condition, file, line, where);
    abort();
}
