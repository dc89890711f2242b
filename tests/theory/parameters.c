/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parameters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void parameters_complain(struct parameters *parameters, const char *key, const char *what)
{
    if (!*parameters->complaint)
        snprintf(parameters->complaint, sizeof parameters->complaint, "parameter '%.60s' %.100s", key, what);
}

void parameters_parse(struct parameters *parameters, const char *text)
{
    *parameters = (struct parameters){.count = 0};
    if (strlen(text) >= sizeof parameters->text) {
        parameters_complain(parameters, text, "is too long");
        return;
    }
    memcpy(parameters->text, text, strlen(text) + 1);
    for (char *at = parameters->text; *at && parameters->count < PARAMETERS_MAX;) {
        struct parameter *item = &parameters->items[parameters->count++];
        char *end = at + strcspn(at, ";"), *next = *end ? end + 1 : end;
        *end = 0;
        char *equals = strchr(at, '=');
        item->key = at;
        item->text = equals ? equals + 1 : "";
        if (equals)
            *equals = 0;
        at = next;
    }
}

static struct parameter *find(struct parameters *parameters, const char *key)
{
    for (size_t i = 0; i < parameters->count; i++)
        if (strcmp(parameters->items[i].key, key) == 0)
            return &parameters->items[i];
    return NULL;
}

bool parameters_has(struct parameters *parameters, const char *key)
{
    return find(parameters, key) != NULL;
}

const char *parameters_word_or(struct parameters *parameters, const char *key, const char *otherwise)
{
    struct parameter *item = find(parameters, key);
    if (!item)
        return otherwise;
    item->used = true;
    return item->text;
}

const char *parameters_word(struct parameters *parameters, const char *key)
{
    const char *word = parameters_word_or(parameters, key, NULL);
    if (!word)
        parameters_complain(parameters, key, "is missing");
    return word ? word : "";
}

static double number_of(struct parameters *parameters, const char *key, const char *text)
{
    char *end;
    double number = strtod(text, &end);
    if (end != text && !*end)
        return number;
    parameters_complain(parameters, key, "is not a number");
    return 1;
}

double parameters_number(struct parameters *parameters, const char *key)
{
    const char *word = parameters_word(parameters, key);
    return *word ? number_of(parameters, key, word) : 1;
}

double parameters_number_or(struct parameters *parameters, const char *key, double otherwise)
{
    return parameters_has(parameters, key) ? parameters_number(parameters, key) : otherwise;
}

size_t parameters_list(struct parameters *parameters, const char *key, double *values, size_t room)
{
    const char *at = parameters_word(parameters, key);
    size_t count = 0;
    while (*at && count < room) {
        char *end;
        values[count++] = strtod(at, &end);
        if (end == at || (*end && *end != '|')) {
            parameters_complain(parameters, key, "is not a list of numbers");
            return count;
        }
        at = *end ? end + 1 : end;
    }
    return count;
}

bool parameters_is_number(struct parameters *parameters, const char *key)
{
    const struct parameter *item = find(parameters, key);
    char *end;
    if (!item)
        return false;
    strtod(item->text, &end);
    return end != item->text && !*end;
}

const char *parameters_complaint(struct parameters *parameters)
{
    for (size_t i = 0; i < parameters->count; i++)
        if (!parameters->items[i].used)
            parameters_complain(parameters, parameters->items[i].key, "is not understood by this model");
    return *parameters->complaint ? parameters->complaint : NULL;
}
