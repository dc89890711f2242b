/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

static bool cannot(const char *verb, const char *path, int error, char *why)
{
    snprintf(why, OUTPUT_WHY_SIZE, "cannot %s %s: %s", verb, path, strerror(error));
    return false;
}

static bool make_one(const char *path)
{
    struct stat about;
    if (mkdir(path, 0777) == 0)
        return true;
    int error = errno;
    bool there = stat(path, &about) == 0;
    if (there && S_ISDIR(about.st_mode))
        return true;
    errno = there ? ENOTDIR : error;
    return false;
}

bool atomic_make_directory(const char *directory, char why[OUTPUT_WHY_SIZE])
{
    char *path = memory_strdup(directory);
    bool made = true;
    for (char *slash = path + 1; made && *path && (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        made = make_one(path);
        *slash = '/';
    }
    made = made && make_one(path);
    if (!made)
        cannot("create", directory, errno, why);
    free(path);
    return made;
}

static char *joined(const char *directory, const char *prefix, const char *name, long number)
{
    size_t size = strlen(directory) + strlen(prefix) + strlen(name) + 32;
    char *path = memory_zeroed(size, 1);
    const char *slash = *directory && directory[strlen(directory) - 1] != '/' ? "/" : "";
    if (number < 0)
        snprintf(path, size, "%s%s%s%s", directory, slash, prefix, name);
    else
        snprintf(path, size, "%s%s%s%s.%ld", directory, slash, prefix, name, number);
    return path;
}

static bool is_special(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode);
}

/* A name that nobody else uses: a crashed run may have left some behind. */
static int open_temporary(struct atomic_file *file, const char *directory, const char *name)
{
    for (long number = getpid();; number++) {
        file->temporary = joined(directory, ".", name, number);
        int descriptor = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0 || errno != EEXIST)
            return descriptor;
        free(file->temporary);
    }
}

static void forget(struct atomic_file *file)
{
    text_free(&file->text);
    free(file->path);
    free(file->temporary);
    *file = (struct atomic_file){.text = text_in_memory()};
}

bool atomic_open(struct atomic_file *file, const char *directory, const char *name, char why[OUTPUT_WHY_SIZE])
{
    *file = (struct atomic_file){.path = joined(directory, "", name, -1)};
    int descriptor = is_special(file->path) ? open(file->path, O_WRONLY | O_CLOEXEC)
                                            : open_temporary(file, directory, name);
    file->text = text_into(descriptor);
    if (descriptor >= 0)
        return true;
    cannot("write", file->path, errno, why);
    forget(file);
    return false;
}

void atomic_abandon(struct atomic_file *file)
{
    close(file->text.descriptor);
    if (file->temporary)
        unlink(file->temporary);
    forget(file);
}

bool atomic_close(struct atomic_file *file, char why[OUTPUT_WHY_SIZE])
{
    text_flush(&file->text);
    int error = file->text.error;
    if (close(file->text.descriptor) != 0 && !error)
        error = errno;
    if (!error && file->temporary && rename(file->temporary, file->path) != 0)
        error = errno;
    if (error) {
        cannot("write", file->path, error, why);
        if (file->temporary)
            unlink(file->temporary);
    }
    forget(file);
    return !error;
}
