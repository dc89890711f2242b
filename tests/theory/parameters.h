/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parameters of a case: "lambda=0.8;mu=1;backoff_means=0.5|1".
 *
 * Whoever reads one marks it as used. What nobody read was not understood, and then the model that was built
 * is not the one that was meant: parameters_complaint says so, and likewise what is missing or no number. */
#ifndef THEORY_PARAMETERS_H
#define THEORY_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>

enum { PARAMETERS_MAX = 24, PARAMETERS_TEXT = 400 };

struct parameter {
    const char *key, *text;
    bool used;
};

struct parameters {
    struct parameter items[PARAMETERS_MAX];
    size_t count;
    char text[PARAMETERS_TEXT]; /* keys and values point into it */
    char complaint[200];        /* the first one; empty: none */
};

void parameters_parse(struct parameters *parameters, const char *text);
bool parameters_has(struct parameters *parameters, const char *key);

/* Missing, without a default: a complaint, and 1 or "" instead. */
double parameters_number(struct parameters *parameters, const char *key);
double parameters_number_or(struct parameters *parameters, const char *key, double otherwise);
const char *parameters_word(struct parameters *parameters, const char *key);
const char *parameters_word_or(struct parameters *parameters, const char *key, const char *otherwise);
size_t parameters_list(struct parameters *parameters, const char *key, double *values, size_t room);

bool parameters_is_number(struct parameters *parameters, const char *key);
void parameters_complain(struct parameters *parameters, const char *key, const char *what);
const char *parameters_complaint(struct parameters *parameters); /* NULL: none */

#endif
