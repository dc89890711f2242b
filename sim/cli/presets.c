/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/presets.h"

#include <stdio.h>
#include <string.h>

#include "cli/describe_backoff.h"
#include "cli/words.h"
#include "cli/worked.h"
#include "output/text.h"
#include "scenario/presets.h"
#include "scenario/yaml.h"

void presets_list(void)
{
    for (const struct row *const *row = preset_table.rows; *row; row++)
        printf("%-27s%-9s%s\n", (*row)->name, preset_parts[preset_of(*row)->part], (*row)->summary);
}

/* ---- describe: decoded ---- */

/* The preset by itself, as the part that it is. */
union decoded {
    struct policy policy;
    struct breaker breaker;
    struct budget budget;
    struct gate gate;
};

/* "{policy: {preset: envoy}}" as a scenario would have it, changed by --set, its presets put in their place. */
static const struct node *tree_of(const struct preset_row *preset, const struct options *options, struct arena *arena,
                                  struct diag *diag)
{
    const char *key = preset_keys[preset->part], *prefix = arena_printf(arena, "%s.", key);
    const char *text = arena_printf(arena, "{%s: {preset: %s}}", key, preset->row.name);
    const struct node *root = yaml_parse(arena, "preset", text, strlen(text), "preset", diag);
    for (size_t i = 0; i < options->set_count && preset->part == PRESET_POLICY; i++)
        root = worked_set(arena, root, prefix, options->sets[i], diag);
    return tree_get(presets_expand(arena, root, diag), key);
}

static bool decode(const struct preset_row *preset, const struct options *options, union decoded *decoded,
                   struct arena *arena)
{
    static const struct record *const records[] = {&policy_record, &breaker_record, &budget_record, &gate_record};
    struct diag *diag = diag_new();
    const struct node *tree = tree_of(preset, options, arena, diag);
    bool good = diag_count(diag) == 0 && field_decode(records[preset->part], tree, decoded, arena, diag);
    diag_print(diag, stderr);
    diag_free(diag);
    return good;
}

static void say_in_words(enum preset_part part, const union decoded *decoded)
{
    puts("in words:");
    switch (part) {
    case PRESET_BREAKER: words_breaker(&decoded->breaker); break;
    case PRESET_BUDGET: words_budget(&decoded->budget); break;
    case PRESET_GATE: words_gate(&decoded->gate); break;
    default: words_policy(&decoded->policy);
    }
}

static void say_text(const struct preset_row *preset)
{
    printf("%s:\n", preset_keys[preset->part]);
    for (const char *line = preset->text; *line; line += strspn(line, "\n")) {
        int length = (int)strcspn(line, "\n");
        printf("  %.*s\n", length, line);
        line += length;
    }
}

/* ---- describe: where it is from ---- */

static void say_confidence(const struct preset_row *preset)
{
    static const char *const levels[] = {"read in this source", "read in an older copy, or one that names no version",
                                         "not read in the source, from general knowledge"};
    struct text line = text_in_memory();
    text_add(&line, levels[preset->confidence]);
    if (preset->doubt)
        text_printf(&line, "%s %s", preset->confidence == PRESET_READ ? "; but" : ":", preset->doubt);
    words_wrapped("confidence:", line.bytes);
    text_free(&line);
}

/* ---- describe: other versions ---- */

static void add_flow(struct text *line, const struct node *node)
{
    if (node->kind == NODE_SCALAR) {
        text_add(line, node->text);
        return;
    }
    text_char(line, node->kind == NODE_MAP ? '{' : '[');
    for (size_t i = 0; i < node->count; i++) {
        text_add(line, i ? ", " : "");
        if (node->kind == NODE_MAP)
            text_printf(line, "%s: ", node->keys[i]);
        add_flow(line, node->items[i]);
    }
    text_char(line, node->kind == NODE_MAP ? '}' : ']');
}

/* The key's value there, if it is not the same here. */
static void add_difference(struct text *line, const char *key, const struct node *here, const struct node *there)
{
    struct text own = text_in_memory(), other = text_in_memory();
    if (here)
        add_flow(&own, here);
    add_flow(&other, there);
    if (!here || strcmp(own.bytes, other.bytes) != 0)
        text_printf(line, "%s%s: %s", line->length ? ", " : "", key, other.bytes);
    text_free(&own);
    text_free(&other);
}

/* "attempts: 5, backoff: {...}; without budget" */
static void say_version(const struct preset_row *preset, const struct preset_row *other)
{
    struct arena arena = {0};
    const struct node *here = presets_tree(&arena, preset), *there = presets_tree(&arena, other);
    struct text line = text_in_memory();
    const char *without = "; without ";
    for (size_t i = 0; i < there->count; i++)
        add_difference(&line, there->keys[i], tree_get(here, there->keys[i]), there->items[i]);
    for (size_t i = 0; i < here->count; i++)
        if (!tree_get(there, here->keys[i])) {
            text_printf(&line, "%s%s", line.length ? without : without + 2, here->keys[i]);
            without = ", ";
        }
    printf("  %s: %s\n", other->row.name, other->row.summary);
    words_wrapped("", line.length ? line.bytes : "nothing");
    text_free(&line);
    arena_free(&arena);
}

static bool is_version(const struct preset_row *preset, const struct preset_row *other)
{
    return preset != other && preset->library && other->library && preset->part == other->part &&
           strcmp(preset->library, other->library) == 0;
}

static void say_versions(const struct preset_row *preset)
{
    bool any = false;
    for (const struct row *const *row = preset_table.rows; *row; row++) {
        const struct preset_row *other = preset_of(*row);
        if (!is_version(preset, other))
            continue;
        if (!any)
            puts("relatives, and what is different there:");
        any = true;
        say_version(preset, other);
    }
}

/* ---- describe: the waits ---- */

static int say_waits(const struct preset_row *preset, const struct backoff *backoff, const char *after,
                     const struct policy *policy, const struct options *options)
{
    struct text title = text_in_memory(), changes = text_in_memory();
    text_printf(&title, "%s%s", preset->row.name, after);
    text_printf(&changes, "preset %s", preset->row.name);
    for (size_t i = 0; i < options->set_count; i++)
        text_printf(&changes, "%s%s", i ? ", " : " with ", options->sets[i]);
    struct describe_backoff about = {
        .title = title.bytes, .text = changes.bytes,
        .retries = policy->attempts == INT64_MAX ? UINT32_MAX : (uint32_t)policy->attempts - 1};
    printf("waits of %s:\n", title.bytes);
    int status = describe_backoff(backoff, &about, options);
    text_free(&title);
    text_free(&changes);
    return status;
}

static bool waits_at_all(const struct backoff *backoff)
{
    return strcmp(backoff->shape.row->name, "none") != 0;
}

/* The policy's own, then those of its rules. */
static int say_all_waits(const struct preset_row *preset, const struct policy *policy, const struct options *options)
{
    const struct failure_rule *rules = policy->rules.items;
    int status = EXIT_FINE;
    if (policy->attempts > 1 && waits_at_all(&policy->backoff))
        status = say_waits(preset, &policy->backoff, "", policy, options);
    for (size_t i = 0; i < policy->rules.count && status == EXIT_FINE; i++) {
        struct text after = text_in_memory();
        text_add(&after, " after ");
        words_failures(&after, rules[i].on);
        if (rules[i].backoff)
            status = say_waits(preset, rules[i].backoff, after.bytes, policy, options);
        text_free(&after);
    }
    return status;
}

int presets_describe(const struct preset_row *preset, const struct options *options)
{
    struct arena arena = {0};
    union decoded decoded;
    int status = EXIT_FINE;
    if (!decode(preset, options, &decoded, &arena)) {
        arena_free(&arena);
        return EXIT_USAGE;
    }
    printf("preset %s (%s): %s\n", preset->row.name, preset_parts[preset->part], preset->row.summary);
    words_wrapped("source:", preset->row.source);
    say_confidence(preset);
    if (preset->chosen)
        words_wrapped("chosen here:", preset->chosen);
    if (preset->notes)
        words_wrapped("note:", preset->notes);
    say_in_words(preset->part, &decoded);
    say_text(preset);
    if (preset->part == PRESET_POLICY)
        status = say_all_waits(preset, &decoded.policy, options);
    say_versions(preset);
    arena_free(&arena);
    return status;
}
