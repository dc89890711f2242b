/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"

extern char **environ;

void gnuplot_quote(struct text *script, const char *string)
{
    text_char(script, '\'');
    while (*string) {
        size_t bytes = text_character(string);
        unsigned char first = (unsigned char)*string;
        if (bytes == 0)
            text_char(script, '?');
        else if (first == '\'')
            text_add(script, "\xe2\x80\x99");
        else if (first < 0x20 || first == 0x7f)
            text_char(script, ' ');
        else
            text_put(script, string, bytes);
        string += bytes ? bytes : 1;
    }
    text_char(script, '\'');
}

/* ---- the process ---- */

enum { SCRIPT, DRAWN, COMPLAINTS, PIPES };

struct child {
    pid_t pid;
    int ours[PIPES], its[PIPES]; /* ends of the pipes; -1: closed */
};

static bool is_foreign(const char *variable)
{
    static const char *const prefixes[] = {"LC_", "LANG", "GNUPLOT", "GNUTERM"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(variable, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

static char **child_environment(void)
{
    static char locale[] = "LC_ALL=C.UTF-8";
    size_t count = 0, kept = 0;
    while (environ && environ[count])
        count++;
    char **variables = memory_zeroed(count + 2, sizeof *variables);
    for (size_t i = 0; i < count; i++)
        if (!is_foreign(environ[i]))
            variables[kept++] = environ[i];
    variables[kept] = locale;
    return variables;
}

static void close_end(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

static void close_all(struct child *child)
{
    for (int i = 0; i < PIPES; i++) {
        close_end(&child->ours[i]);
        close_end(&child->its[i]);
    }
}

static bool open_pipes(struct child *child)
{
    for (int i = 0; i < PIPES; i++)
        child->ours[i] = child->its[i] = -1;
    for (int i = 0; i < PIPES; i++) {
        int ends[2];
        if (pipe(ends) != 0)
            return false;
        child->ours[i] = i == SCRIPT ? ends[1] : ends[0];
        child->its[i] = i == SCRIPT ? ends[0] : ends[1];
        fcntl(child->ours[i], F_SETFD, FD_CLOEXEC);
        fcntl(child->its[i], F_SETFD, FD_CLOEXEC);
        fcntl(child->ours[i], F_SETFL, O_NONBLOCK);
    }
    return true;
}

static int spawn(struct child *child)
{
    const char *chosen = getenv("RETRYSTORM_GNUPLOT");
    char program[4096], settings[] = "-d", *arguments[] = {program, settings, NULL};
    snprintf(program, sizeof program, "%s", chosen && *chosen ? chosen : "gnuplot");
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, ordinary;
    sigemptyset(&none);
    sigemptyset(&ordinary);
    sigaddset(&ordinary, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < PIPES; i++)
        posix_spawn_file_actions_adddup2(&actions, child->its[i], i);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &ordinary);
    char **variables = child_environment();
    int error = posix_spawnp(&child->pid, program, &actions, &attributes, arguments, variables);
    free(variables);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* ---- talking to it ---- */

static void feed(struct child *child, const struct text *script, size_t *done)
{
    ssize_t written = write(child->ours[SCRIPT], script->bytes + *done, script->length - *done);
    if (written > 0)
        *done += (size_t)written;
    if (*done == script->length || (written < 0 && errno != EAGAIN && errno != EINTR))
        close_end(&child->ours[SCRIPT]);
}

static void collect(int *end, struct text *text)
{
    char bytes[1 << 14];
    ssize_t got = read(*end, bytes, sizeof bytes);
    if (got > 0)
        text_put(text, bytes, (size_t)got);
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        close_end(end);
}

static void talk(struct child *child, const struct text *script, struct text *drawn, struct text *complaints)
{
    size_t done = 0;
    while (child->ours[DRAWN] >= 0 || child->ours[COMPLAINTS] >= 0) {
        struct pollfd ends[PIPES] = {{.fd = child->ours[SCRIPT], .events = POLLOUT},
                                     {.fd = child->ours[DRAWN], .events = POLLIN},
                                     {.fd = child->ours[COMPLAINTS], .events = POLLIN}};
        if (poll(ends, PIPES, -1) < 0 && errno != EINTR)
            return;
        if (ends[SCRIPT].revents)
            feed(child, script, &done);
        if (ends[DRAWN].revents)
            collect(&child->ours[DRAWN], drawn);
        if (ends[COMPLAINTS].revents)
            collect(&child->ours[COMPLAINTS], complaints);
    }
}

static int wait_for(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The line that says what is wrong: gnuplot prints the command and a caret above it. */
static void first_complaint(const struct text *complaints, char *why, size_t size)
{
    const char *line = complaints->length ? complaints->bytes : "no reason given", *found = line;
    for (; *line; line += strcspn(line, "\n"), line += *line == '\n')
        if (strstr(line, "line ") == line)
            found = line;
    snprintf(why, size, "gnuplot failed: %.*s", (int)strcspn(found, "\n"), found);
}

static enum gnuplot_status run_child(const struct text *script, struct text *drawn, char *why, size_t size)
{
    struct child child;
    int error = open_pipes(&child) ? spawn(&child) : errno;
    if (error) {
        close_all(&child);
        snprintf(why, size, "cannot start gnuplot: %s", strerror(error));
        return error == ENOENT ? GNUPLOT_MISSING : GNUPLOT_FAILED;
    }
    struct text complaints = text_in_memory();
    for (int i = 0; i < PIPES; i++)
        close_end(&child.its[i]);
    talk(&child, script, drawn, &complaints);
    close_all(&child);
    int status = wait_for(child.pid);
    if (status != 0)
        first_complaint(&complaints, why, size);
    text_free(&complaints);
    return status == 0 ? GNUPLOT_FINE : status == 127 ? GNUPLOT_MISSING : GNUPLOT_FAILED;
}

enum gnuplot_status gnuplot_run(const struct text *script, struct text *drawn, char *why, size_t why_size)
{
    sigset_t pipe_only, before, pending;
    const struct timespec at_once = {0};
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
    enum gnuplot_status status = run_child(script, drawn, why, why_size);
    if (!sigismember(&pending, SIGPIPE))
        while (sigtimedwait(&pipe_only, NULL, &at_once) < 0 && errno == EINTR)
            continue;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}
