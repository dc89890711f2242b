/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/phrase.h"

#include <stddef.h>
#include <string.h>

const struct phrase *phrase_of(const char *metric)
{
    static const struct phrase phrases[] = {{"recovery_s", "recovers", " after the fault"},
                                            {"all_good_s", "has served everybody after", ""},
                                            {"peak_load_ratio", "peaks at", " of capacity"},
                                            {"success_ratio", "succeeds with", " of its requests"},
                                            {"settled_success_ratio", "succeeds with", " of the requests that ended"},
                                            {"goodput_per_s", "completes", " in time"},
                                            {"connected_99_s", "has 99 % of its clients back after", ""},
                                            {"connected_100_s", "has all clients back after", ""},
                                            {"amplification", "amplifies its requests", ""},
                                            {"wasted_work_ratio", "wastes", " of the work"},
                                            {"lost_goodput", "loses", " requests"},
                                            {"late", "gets", " late answers"},
                                            {"fetches_per_expiry", "fetches", " times per expiry"},
                                            {"fetches_per_refill", "fetches", " times per refill"},
                                            {"last_good_s", "has its last success at", ""},
                                            {"stuck", "stays stuck in", " of the replications"},
                                            {"peak_queue", "queues up to", " attempts"},
                                            {"latency_mean_s", "takes", " on average"},
                                            {"latency_p50_s", "has a median latency of", ""},
                                            {"latency_p90_s", "has a p90 latency of", ""},
                                            {"latency_p99_s", "has a p99 latency of", ""},
                                            {"latency_p999_s", "has a p99.9 latency of", ""},
                                            {"latency_max_s", "takes at most", ""},
                                            {NULL, NULL, NULL}};
    const struct phrase *phrase = phrases;
    while (phrase->metric && strcmp(phrase->metric, metric) != 0)
        phrase++;
    return phrase->metric ? phrase : NULL;
}

const char *phrase_preposition(const char *metric)
{
    static const char *const words[] = {"at ", "with ", "of ", "in ", "after "};
    const struct phrase *phrase = phrase_of(metric);
    const char *last = phrase ? strrchr(phrase->verb, ' ') : NULL;
    for (size_t i = 0; last && i < sizeof words / sizeof *words; i++)
        if (strncmp(last + 1, words[i], strlen(last + 1)) == 0)
            return words[i];
    return "";
}
