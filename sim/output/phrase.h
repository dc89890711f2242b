/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the verdict speaks of a metric. */
#ifndef OUTPUT_PHRASE_H
#define OUTPUT_PHRASE_H

/* What the metric says of a strategy: it "peaks at" 36x "of capacity". */
struct phrase {
    const char *metric, *verb, *after;
};

/* NULL: the metric has none, it is called by its name. */
const struct phrase *phrase_of(const char *metric);

/* The verb's last word where it goes with a number: "peaks at 2x; another at 36x". Empty: there is none. */
const char *phrase_preposition(const char *metric);

#endif
