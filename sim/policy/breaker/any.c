/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breaker any: several ways of counting at once; trips when one of them does.
 *
 * All parts hear of everything. A part may forgive failures that are bad for the breaker: Linkerd's run of failures
 * does not count 429, its success rate does. The parts' counts lie one behind the other. */
#include "policy/breaker/rows.h"

static size_t part_count(const struct breaker_any *p)
{
    return p->of.count;
}

static const struct breaker_part *part_of(const struct breaker_any *p, size_t index)
{
    return &((const struct breaker_part *)p->of.items)[index];
}

static const struct breaker_row *row_of(const struct breaker_part *part)
{
    return (const struct breaker_row *)part->choice.row;
}

static size_t size_of(const struct breaker_part *part)
{
    return (row_of(part)->counts_size(part->choice.parameters) + 7) / 8 * 8;
}

static size_t counts_size(const void *parameters)
{
    const struct breaker_any *p = parameters;
    size_t size = 0;
    for (size_t i = 0; i < part_count(p); i++)
        size += size_of(part_of(p, i));
    return size;
}

static bool add(const void *parameters, void *counts, const struct breaker_time *at,
                const struct breaker_sample *sample)
{
    const struct breaker_any *p = parameters;
    char *own = counts;
    bool bad = false;
    for (size_t i = 0; i < part_count(p); own += size_of(part_of(p, i)), i++) {
        const struct breaker_part *part = part_of(p, i);
        struct breaker_sample seen = *sample;
        seen.good = sample->good || failure_in(part->forgives, sample->failure);
        bad = row_of(part)->add(part->choice.parameters, own, at, &seen) || bad;
    }
    return bad;
}

static bool is_bad(const void *parameters, void *counts, const struct breaker_time *at)
{
    const struct breaker_any *p = parameters;
    char *own = counts;
    bool bad = false;
    for (size_t i = 0; i < part_count(p); own += size_of(part_of(p, i)), i++)
        bad = row_of(part_of(p, i))->is_bad(part_of(p, i)->choice.parameters, own, at) || bad;
    return bad;
}

static int64_t changes_ns(const void *parameters, const void *counts, const struct breaker_time *at)
{
    const struct breaker_any *p = parameters;
    const char *own = counts;
    int64_t first_ns = INT64_MAX;
    for (size_t i = 0; i < part_count(p); own += size_of(part_of(p, i)), i++) {
        const struct breaker_row *row = row_of(part_of(p, i));
        int64_t ns = row->changes_ns ? row->changes_ns(part_of(p, i)->choice.parameters, own, at) : INT64_MAX;
        first_ns = ns < first_ns ? ns : first_ns;
    }
    return first_ns;
}

static bool part_hears_calls(const struct breaker_part *part)
{
    return row_of(part)->hears_calls && row_of(part)->hears_calls(part->choice.parameters);
}

static bool hears_calls(const void *parameters)
{
    const struct breaker_any *p = parameters;
    for (size_t i = 0; i < part_count(p); i++)
        if (part_hears_calls(part_of(p, i)))
            return true;
    return false;
}

static void asked(const void *parameters, void *counts, const struct breaker_time *at)
{
    const struct breaker_any *p = parameters;
    char *own = counts;
    for (size_t i = 0; i < part_count(p); own += size_of(part_of(p, i)), i++)
        if (part_hears_calls(part_of(p, i)))
            row_of(part_of(p, i))->asked(part_of(p, i)->choice.parameters, own, at);
}

static void reset(const void *parameters, void *counts, const struct breaker_time *at)
{
    const struct breaker_any *p = parameters;
    char *own = counts;
    for (size_t i = 0; i < part_count(p); own += size_of(part_of(p, i)), i++)
        row_of(part_of(p, i))->reset(part_of(p, i)->choice.parameters, own, at);
}

static const char *prepare(void *parameters)
{
    return part_count(parameters) > 0 ? NULL : "of: at least one part is needed";
}

static const struct field part_fields[] = {
    {"kind", FIELD_CHOICE, offsetof(struct breaker_part, choice), .table = &breaker_part_table,
     .help = "what it counts and when that is bad"},
    {"forgives", FIELD_SET, offsetof(struct breaker_part, forgives), .names = failure_names, .masks = failure_masks,
     .text = "none", .help = "failures that are good for this part, although they are bad for the breaker"},
    {0},
};

static const struct record part_record = {"a part of a breaker", sizeof(struct breaker_part), part_fields, "kind",
                                          NULL};

static const struct field fields[] = {
    {"of", FIELD_LIST, offsetof(struct breaker_any, of), .record = &part_record,
     .help = "breakers without their time open: [{kind: consecutive, failures: 5}, {kind: ema, ...}]"},
    {0},
};

const struct breaker_row breaker_any = {
    .row = {.name = "any",
            .summary = "several ways of counting; trips when one of them does",
            .formula = "bad when one of its parts is; all of them hear of every result",
            .source = "Finagle (ema or consecutive), Linkerd (consecutive or success rate)",
            .fields = fields,
            .size = sizeof(struct breaker_any),
            .prepare = prepare},
    .counts_size = counts_size,
    .add = add,
    .is_bad = is_bad,
    .changes_ns = changes_ns,
    .asked = asked,
    .hears_calls = hears_calls,
    .reset = reset,
    .on_grid = true,
};
