/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programmer errors. CHECK stays on in release: a wrong number is worse than no number.
 *
 * A failed check prints the condition, the sentence, and the context that the running thread set with
 * check_context (seed, replication, simulated time, event: whatever replays the failure), then aborts.
 * The context belongs to the thread; it is only ever read on the way to abort(). */
#ifndef BASE_CHECK_H
#define BASE_CHECK_H

#define CHECK(condition, sentence)                                                        \
    do {                                                                                  \
        if (__builtin_expect(!(condition), 0))                                            \
            check_failed(#condition, sentence, __FILE__, __LINE__);                       \
    } while (0)

_Noreturn void check_failed(const char *condition, const char *sentence, const char *file, int line);

/* `describe` writes one line about `subject` into `text`; NULL removes the context. */
void check_context(void (*describe)(const void *subject, char *text, unsigned size), const void *subject);

#endif
