/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario: a question, a model, the strategies that compete, and what is expected of them.
 *
 * From text to structs, in this order: YAML text -> tree -> overrides of --set -> for each strategy: its own overrides,
 * then the tree is decoded and linked. So a strategy is a complete model of its own, checked like any other. */
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include "model/config.h"

enum comparison { CMP_LT, CMP_LE, CMP_EQ, CMP_NE, CMP_GE, CMP_GT };

/* One line of `expect:`. */
struct expectation {
    const char *metric;           /* a metric's name, optionally with a place: services.api.utilization */
    const char *is;               /* as written: "<= 2s" */
    const char *strategy;         /* empty (key absent): every strategy */
};

struct strategy {
    const char *name;
    const char *note;             /* one line for tables and plots; may be empty */
    struct overrides set;
};

/* The head of a scenario: all that is not the model. */
struct scenario_config {
    const char *name, *question;
    const char *headline;         /* the metric that answers the question */
    int64_t replications, seed;
    struct model_config model;
    struct overrides policies;
    struct list strategies, expect;
};

/* One strategy, ready to run. */
struct variant {
    const char *name, *note;
    const struct node *overrides; /* a map from paths to values; NULL: none */
    const struct node *tree;
    struct scenario_config config;
};

struct scenario {
    struct arena arena;
    const char *path;
    const char *text;             /* of the file, for the stamp's hash */
    size_t size;
    const struct node *root;      /* after --set */
    const struct node *tree;      /* the root with named policies and presets in their place */
    struct scenario_config config;    /* of that tree, without any strategy's overrides */
    struct variant *variants;     /* at least one: "default" when the scenario names no strategy */
    size_t variant_count;
};

extern const struct record scenario_record;

/* What the command line changes: `sets` are "PATH=VALUE" texts, applied in order; `only` names strategies, comma
 * separated (NULL: all). */
struct scenario_changes {
    const char *const *sets;
    size_t set_count;
    const char *only;
};

/* NULL after reporting to `diag`. scenario_parse reads a text instead of the file; `path` then only names it. */
struct scenario *scenario_parse(const char *path, const char *text, size_t size,
                                const struct scenario_changes *changes, struct diag *diag);
struct scenario *scenario_load(const char *path, const struct scenario_changes *changes, struct diag *diag);
void scenario_free(struct scenario *scenario);

/* "<= 2s" -> comparison, value in base units (s, 1/s, 1) and how it was written. False with a reason. */
enum value_kind { VALUE_NUMBER, VALUE_RATIO, VALUE_RATE, VALUE_DURATION, VALUE_TIMES };     /* 3  5%  3/s  3s  3x */
struct condition {
    enum comparison comparison;
    double value;
    enum value_kind kind;
};
bool scenario_parse_condition(const char *text, struct condition *condition, char *why, size_t size);

/* Whether a --set ("PATH=VALUE") changes nothing of that strategy: it sets the same itself, or all around it. */
bool scenario_overrides_set(const struct variant *variant, const char *set);

#endif
