/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Collects user errors and prints them in the order of the file; suggests the nearest name. */
#include "base/diag.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { SHOWN_AT_MOST = 20, LONGEST_NAME = 64 };

struct message {
    struct origin at; /* its file is a copy */
    char *text;
    size_t sequence;
};

struct diag {
    struct message *messages;
    size_t count, room;
};

struct diag *diag_new(void)
{
    return memory_zeroed(1, sizeof(struct diag));
}

void diag_free(struct diag *diag)
{
    if (!diag)
        return;
    for (size_t i = 0; i < diag->count; i++) {
        free((char *)diag->messages[i].at.file);
        free(diag->messages[i].text);
    }
    free(diag->messages);
    free(diag);
}

/* One error is one line, whatever a quoted value holds. */
static void replace_control_characters(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = '?';
}

static char *format_text(const char *format, va_list values)
{
    va_list again;
    va_copy(again, values);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = memory_zeroed(length > 0 ? (size_t)length + 1 : 1, 1);
    if (length > 0)
        vsnprintf(text, (size_t)length + 1, format, values);
    replace_control_characters(text);
    return text;
}

void diag_error(struct diag *diag, struct origin at, const char *format, ...)
{
    if (diag->count == diag->room) {
        diag->room = diag->room ? 2 * diag->room : 16;
        diag->messages = memory_resize(diag->messages, diag->room, sizeof *diag->messages);
    }
    va_list values;
    va_start(values, format);
    char *text = format_text(format, values);
    va_end(values);
    char *file = NULL;
    if (at.file) {
        file = memory_strdup(at.file);
        replace_control_characters(file);
    }
    diag->messages[diag->count] = (struct message){{file, at.line, at.column}, text, diag->count};
    diag->count++;
}

size_t diag_count(const struct diag *diag)
{
    return diag->count;
}

static int compare_origins(const struct origin *a, const struct origin *b)
{
    if (!a->file != !b->file)
        return a->file ? 1 : -1;
    int order = a->file ? strcmp(a->file, b->file) : 0;
    if (order == 0)
        order = (a->line > b->line) - (a->line < b->line);
    return order != 0 ? order : (a->column > b->column) - (a->column < b->column);
}

static int compare_messages(const void *left, const void *right)
{
    const struct message *a = *(const struct message *const *)left;
    const struct message *b = *(const struct message *const *)right;
    int order = compare_origins(&a->at, &b->at);
    return order != 0 ? order : (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

static bool said_before(const struct message *const *sorted, size_t index)
{
    const struct message *message = sorted[index];
    while (index-- > 0 && compare_origins(&sorted[index]->at, &message->at) == 0)
        if (strcmp(sorted[index]->text, message->text) == 0)
            return true;
    return false;
}

static void print_message(const struct message *message, FILE *out)
{
    const struct origin *at = &message->at;
    if (at->file && at->line > 0)
        fprintf(out, "%s:%d:%d: ", at->file, at->line, at->column);
    else if (at->file)
        fprintf(out, "%s: ", at->file);
    fprintf(out, "error: %s\n", message->text);
}

void diag_print(const struct diag *diag, FILE *out)
{
    const struct message **sorted = memory_zeroed(diag->count, sizeof *sorted);
    for (size_t i = 0; i < diag->count; i++)
        sorted[i] = &diag->messages[i];
    qsort(sorted, diag->count, sizeof *sorted, compare_messages);
    size_t said = 0;
    for (size_t i = 0; i < diag->count; i++) {
        if (said_before(sorted, i))
            continue;
        if (said < SHOWN_AT_MOST)
            print_message(sorted[i], out);
        said++;
    }
    if (said > SHOWN_AT_MOST) {
        size_t more = said - SHOWN_AT_MOST;
        fprintf(out, "... and %zu more error%s\n", more, more == 1 ? "" : "s");
    }
    free(sorted);
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment), each costs 1. */
static int edit_distance(const char *a, const char *b)
{
    int length = (int)strlen(b);
    int rows[3][LONGEST_NAME + 1];
    int *before = rows[0], *above = rows[1], *row = rows[2];
    for (int j = 0; j <= length; j++)
        above[j] = j;
    for (int i = 1; a[i - 1]; i++) {
        row[0] = i;
        for (int j = 1; j <= length; j++) {
            row[j] = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(row[j], least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        int *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[length];
}

const char *diag_nearest(const char *word, const char *const *names, size_t count)
{
    size_t length = strlen(word);
    if (length > LONGEST_NAME)
        return NULL;
    int limit = length > 3 ? (int)length / 2 : 1;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        if (strlen(names[i]) > LONGEST_NAME)
            continue;
        int distance = edit_distance(word, names[i]);
        if (distance <= limit) {
            limit = distance - 1; /* the next must be nearer */
            nearest = names[i];
        }
    }
    return nearest;
}
