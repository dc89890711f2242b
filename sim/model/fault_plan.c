/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/fault_plan.h"

#include <stdio.h>
#include <string.h>

#include "model/fault.h"

static const struct fault_row *row_of(const struct fault_config *fault)
{
    return (const struct fault_row *)fault->choice.row;
}

void fault_plan_label(const struct fault_config *fault, char *text, size_t size)
{
    snprintf(text, size, "%s %s", fault->choice.row->name, fault_target_name(fault));
}

/* Among the faults of this kind and target, counted from 1. */
static size_t ordinal(const struct model_config *config, size_t index, const char *label)
{
    const struct fault_config *faults = config->faults.items;
    size_t count = 1;
    for (size_t i = 0; i < index; i++) {
        char other[FAULT_LABEL_SIZE];
        fault_plan_label(&faults[i], other, sizeof other);
        count += strcmp(other, label) == 0;
    }
    return count;
}

static struct stream stream_of(const struct model_config *config, size_t index, uint64_t seed, uint32_t replication)
{
    const struct fault_config *faults = config->faults.items;
    char name[FAULT_LABEL_SIZE + 24];
    fault_plan_label(&faults[index], name, FAULT_LABEL_SIZE);
    size_t number = ordinal(config, index, name);
    if (number > 1)
        snprintf(name + strlen(name), 24, " %zu", number);
    return (struct stream){stream_key(seed, replication, "fault", name)};
}

static int64_t later(int64_t from_ns, int64_t ns)
{
    return ns < INT64_MAX - from_ns ? from_ns + ns : INT64_MAX;
}

static int64_t draw_ns(const struct law *law, struct stream *stream)
{
    return law_draw_ns(law, stream, stream_ziggurat());
}

/* An occurrence that begins then, unless that is too late. */
static struct fault_times begin_at(const struct fault_config *fault, struct fault_times times, int64_t begins_ns)
{
    if (begins_ns > fault->until_ns)
        begins_ns = INT64_MAX;
    times.begins_ns = times.ends_ns = begins_ns;
    if (begins_ns < INT64_MAX && !row_of(fault)->instant)
        times.ends_ns = later(begins_ns, fault->lasting ? draw_ns(fault->lasting, &times.stream) : fault->for_ns);
    return times;
}

struct fault_times fault_plan_first(const struct model_config *config, size_t index, uint64_t seed,
                                    uint32_t replication)
{
    const struct fault_config *fault = &((const struct fault_config *)config->faults.items)[index];
    struct fault_times times = {.stream = stream_of(config, index, seed, replication)};
    bool drawn = fault->at_ns == INT64_MAX;
    return begin_at(fault, times, drawn ? draw_ns(fault->every, &times.stream) : fault->at_ns);
}

static bool was_last(const struct fault_config *fault, struct fault_times times)
{
    const struct fault_row *row = row_of(fault);
    return !fault->every || times.ends_ns == INT64_MAX ||
           (row->times && times.number + 1 >= row->times(fault->choice.parameters));
}

struct fault_times fault_plan_next(const struct fault_config *fault, struct fault_times times)
{
    bool last = was_last(fault, times);
    times.number++;
    if (last)
        return begin_at(fault, times, INT64_MAX);
    int64_t begins_ns = later(times.begins_ns, draw_ns(fault->every, &times.stream));
    return begin_at(fault, times, begins_ns > times.ends_ns ? begins_ns : times.ends_ns);
}

bool fault_plan_is_endless(const struct model_config *config, const struct fault_config *fault)
{
    return fault->every && fault->until_ns >= config->duration_ns && !row_of(fault)->times;
}
