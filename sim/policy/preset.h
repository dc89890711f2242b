/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Presets: what real libraries do, under the name of the library and, where it changed, of its version.
 *
 *     policy: {preset: aws-standard-2026}          what is written beside the name wins, key by key; a map
 *     policy: {preset: envoy, attempts: 3}         replaces the preset's whole map, as in an override
 *     breaker: {preset: hystrix}
 *
 * A preset is a text in the language of scenarios: the map that stands in its place. The scenario layer puts it there
 * before anything is decoded (scenario/presets.h), so a preset can do nothing that a scenario could not write out,
 * and --print-config shows each of its values. It belongs to one part of a policy; the same name may stand for a
 * policy and for a breaker of one library. A policy's text may name a preset for its breaker, budget or gates; those
 * name none, so there are no cycles.
 *
 * What a library does not fix, a preset chooses, and says so: without a timeout of its own it has none, and waits for
 * ever for an answer that does not come ("timeout: 1s" beside the name). It retries `shed` where its library retries
 * 503 and knows no mark that forbids it; client-error and local refusals where its library retries any exception.
 * State is kept as the library keeps it, mostly for each client.
 *
 * Every row says where its numbers were read, and how sure that is. */
#ifndef POLICY_PRESET_H
#define POLICY_PRESET_H

#include "base/table.h"

enum preset_part { PRESET_POLICY, PRESET_BREAKER, PRESET_BUDGET, PRESET_GATE, PRESET_PARTS };

enum preset_confidence {
    PRESET_READ,          /* in the source named */
    PRESET_READ_OLDER,    /* in an older copy of it, or in one that does not say which version it is */
    PRESET_NOT_READ,      /* from general knowledge */
};

struct preset_row {
    struct row row;       /* source: repository, files, version, commit, date */
    enum preset_part part;
    const char *library;  /* rows with the same one are versions of each other; NULL: has none */
    const char *text;
    enum preset_confidence confidence;
    const char *doubt;    /* what was not read, or not in this version; NULL only with PRESET_READ */
    const char *chosen;   /* what the library leaves to its user, and the value here; NULL: nothing */
    const char *notes;    /* what it does that people do not expect; NULL: nothing */
};

extern const struct table preset_table;

extern const char *const preset_parts[];    /* "policy", "breaker" ...: as `list` shows them */
extern const char *const preset_keys[];     /* of a scenario, under which such a preset may stand: "gates" */

static inline const struct preset_row *preset_of(const struct row *row) { return (const struct preset_row *)row; }

const struct preset_row *preset_find(enum preset_part part, const char *name);      /* NULL: none */
/* The names of a part's presets; returns how many there are. */
size_t preset_names(enum preset_part part, const char **names, size_t room);

#endif
