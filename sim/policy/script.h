/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A backoff of the user's own, written in Lua 5.4.
 *
 *     function delay(n, prev, u, outcome, state)      -- seconds until retry n
 *         return math.min(10, 0.1 * 2^(n - 1)) * u    -- full jitter
 *     end
 *
 *     n         number of the retry, from 1
 *     prev      what delay returned for this request before; 0 at first
 *     u         a uniform draw in [0, 1): the only source of chance, so that a run can be repeated
 *     outcome   name of the failure that it follows: "timeout", "overloaded", ... (policy/failure.h)
 *     state     the second result of the call before, a number; 0 at first. For what a request must remember.
 *
 * The result is a number of seconds, at least 0, or nil: no more retries. What a script keeps in variables of its own
 * is shared by all requests of a run.
 *
 * A script knows `math` (without random) and nothing else: no files, no clock, no other modules. A call may take
 * SCRIPT_INSTRUCTIONS instructions, an interpreter SCRIPT_MEMORY bytes. Errors carry the script's file and line.
 *
 * A source is read once and shared by threads; an interpreter belongs to one world, that is to one thread. Cost of a
 * call: about a microsecond. */
#ifndef POLICY_SCRIPT_H
#define POLICY_SCRIPT_H

#include <stddef.h>
#include <stdint.h>

enum { SCRIPT_INSTRUCTIONS = 100000, SCRIPT_MEMORY = 16 << 20, SCRIPT_ERROR_SIZE = 256 };

struct script_source {
    const char *path;
    const char *error;            /* one line; NULL: it loads, and delay gives waits for the first retries */
    char *text;
    size_t size;
};

/* Never NULL. A good source lives as long as the program; what does not load is tried anew the next time. */
const struct script_source *script_load(const char *path);

struct script;

struct script *script_open(const struct script_source *source);
void script_close(struct script *script);

struct script_call {
    uint32_t retry;
    double previous_s, uniform, state;
    const char *outcome;
};

/* Seconds; SCRIPT_GIVE_UP: no more retries. `call->state` is replaced by the second result. After an error:
 * SCRIPT_GIVE_UP, and script_error says what was wrong (the first error stays). */
#define SCRIPT_GIVE_UP (-1.0)
double script_delay_s(struct script *script, struct script_call *call);
const char *script_error(const struct script *script);     /* NULL: none */

/* The interpreters of one world, opened when they are first asked for. */
struct scripts;
struct scripts *scripts_new(void);
void scripts_free(struct scripts *scripts);                /* NULL is fine */
struct script *scripts_get(struct scripts *scripts, const struct script_source *source);
const char *scripts_error(const struct scripts *scripts);  /* of any of them; NULL: none */

#endif
