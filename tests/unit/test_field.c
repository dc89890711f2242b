/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Field tables: decoding into every kind of storage, printing that reads back the same, and the rules that every row of
 * every family keeps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/field.h"
#include "base/law.h"
#include "model/arrival.h"
#include "model/discipline.h"
#include "model/fault.h"
#include "model_case.h"
#include "policy/policy.h"
#include "random_model.h"
#include "scenario/yaml.h"
#include "printed.h"

/* ---- decoding ---- */

static const char *const colours[] = {"red", "green", NULL};

struct item {
    int64_t size;
};

struct thing {
    int64_t wait_ns, count;
    double rate, ratio, real;
    bool on;
    int colour;
    const char *name, *note, *file;
    struct list items;
    struct law *law;
    struct law other;
    struct overrides set;
};

static const struct field item_fields[] = {
    {"size", FIELD_COUNT, offsetof(struct item, size), .min = 1, .max = 9, .help = "of it"}, {0}};
static const struct record item_record = {"an item", sizeof(struct item), item_fields, NULL, NULL};

static const struct field thing_fields[] = {
    {"wait", FIELD_DURATION, offsetof(struct thing, wait_ns), .min = 0, .max = 1e10, .text = "none", .word = "none",
     .help = "h"},
    {"count", FIELD_COUNT, offsetof(struct thing, count), .min = 1, .max = 1000, .text = "5", .help = "h"},
    {"rate", FIELD_RATE, offsetof(struct thing, rate), .text = "10/s", .help = "h"},
    {"ratio", FIELD_RATIO, offsetof(struct thing, ratio), .min = 0, .max = 1, .text = "5%", .help = "h"},
    {"real", FIELD_REAL, offsetof(struct thing, real), .min = 0, .max = 9, .text = "off", .word = "off", .help = "h"},
    {"on", FIELD_BOOL, offsetof(struct thing, on), .text = "true", .help = "h"},
    {"colour", FIELD_ENUM, offsetof(struct thing, colour), .names = colours, .text = "green", .help = "h"},
    {"name", FIELD_NAME, offsetof(struct thing, name), .help = "h"},
    {"note", FIELD_TEXT, offsetof(struct thing, note), .text = "", .help = "h"},
    {"file", FIELD_FILE, offsetof(struct thing, file), .text = "/dev/null", .help = "h"},
    {"items", FIELD_LIST, offsetof(struct thing, items), .record = &item_record, .help = "h"},
    {"law", FIELD_OPTIONAL, offsetof(struct thing, law), .record = &law_record, .word = "none", .help = "h"},
    {"other", FIELD_MAP, offsetof(struct thing, other), .record = &law_record, .text = "2s", .help = "h"},
    {"set", FIELD_OVERRIDES, offsetof(struct thing, set), .text = "", .help = "h"},
    {0}};
static const struct record thing_record = {"a thing", sizeof(struct thing), thing_fields, NULL, NULL};

/* Decodes; returns the errors, to be freed. */
static char *decode(const struct record *record, const char *text, const char *file, void *self, struct arena *arena,
                    const struct node **tree)
{
    struct diag *diag = diag_new();
    const struct node *root = yaml_parse(arena, file, text, strlen(text), NULL, diag);
    if (root && diag_count(diag) == 0) {
        bool fine = field_decode(record, root, self, arena, diag);
        assert_int_equal(fine, diag_count(diag) == 0);
    }
    if (tree)
        *tree = root;
    char *errors = printed(diag);
    diag_free(diag);
    return errors;
}

static struct thing thing_of(struct arena *arena, const char *text)
{
    struct thing thing;
    char *errors = decode(&thing_record, text, "dir/t.yaml", &thing, arena, NULL);
    assert_string_equal(errors, "");
    free(errors);
    return thing;
}

static void test_defaults(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct thing thing = thing_of(&arena, "name: x");
    assert_int_equal(thing.wait_ns, INT64_MAX);
    assert_int_equal(thing.count, 5);
    assert_true(thing.rate == 10 && thing.ratio == 0.05 && isinf(thing.real) && thing.on);
    assert_int_equal(thing.colour, 1);
    assert_string_equal(thing.name, "x");
    assert_string_equal(thing.note, "");
    assert_true(thing.items.items == NULL && thing.items.count == 0 && thing.law == NULL && thing.set.map == NULL);
    assert_true(law_mean_ns(&thing.other) == 2e9);
    arena_free(&arena);
}

static void test_every_kind(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct thing thing =
        thing_of(&arena, "wait: 10s\ncount: 1k\nrate: 1/min\nratio: 0.25\nreal: 1.5e-1\non: false\n"
                         "colour: red\nname: a-1_b\nnote: 'x: y'\nfile: data.csv\nitems: [3, {size: 4}]\n"
                         "law: {law: uniform, low: 0s, high: 2s}\nother: 5ms\nset: {a.b: 1}\n");
    assert_int_equal(thing.wait_ns, 10 * SECOND);
    assert_int_equal(thing.count, 1000);
    assert_true(thing.rate == 1.0 / 60 && thing.ratio == 0.25 && thing.real == 0.15 && !thing.on);
    assert_int_equal(thing.colour, 0);
    assert_string_equal(thing.name, "a-1_b");
    assert_string_equal(thing.note, "x: y");
    assert_string_equal(thing.file, "dir/data.csv"); /* beside the scenario */
    assert_int_equal(thing.items.count, 2);
    assert_int_equal(((struct item *)thing.items.items)[0].size, 3);
    assert_int_equal(((struct item *)thing.items.items)[1].size, 4);
    assert_true(law_mean_ns(thing.law) == 1e9 && law_mean_ns(&thing.other) == 5e6);
    assert_string_equal(tree_get(thing.set.map, "a.b")->text, "1");
    thing = thing_of(&arena, "name: x\nitems: []\nlaw: none\nwait: none\nreal: off\nfile: /abs.csv\n");
    assert_true(thing.items.items != NULL && thing.items.count == 0); /* empty is not absent */
    assert_true(thing.law == NULL && thing.wait_ns == INT64_MAX && isinf(thing.real));
    assert_string_equal(thing.file, "/abs.csv");
    arena_free(&arena);
}

/* All that is wrong, in one go, in the order of the file. */
static void test_all_errors_at_once(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct thing thing;
    char *errors =
        decode(&thing_record,
               "wait: 11s\ncount: 1001\nrate: 5\nratio: x\nreal: 10\non: 1\ncolour: gren\nname: ''\nitems: [0, "
               "{sise: 1}]\nlaw: {law: fixed}\nset: 3\nextra: 1\n",
               "t", &thing, &arena, NULL);
    assert_string_equal(
        errors, "t:1:7: error: wait: 11s is out of range: from 0s to 10s, or none\n"
                "t:2:8: error: count: 1001 is out of range: from 1 to 1k\n"
                "t:3:7: error: rate: '5' has no unit: write '5/s' or '5/min'\n"
                "t:4:8: error: ratio: 'x' is not a ratio: write a number such as '5%' or '0.05'\n"
                "t:5:7: error: real: 10 is out of range: from 0 to 9, or off\n"
                "t:6:5: error: on: '1' is neither true nor false\n"
                "t:7:9: error: unknown colour 'gren'; did you mean 'green'?\n"
                "t:8:7: error: name: '' is no name: use 1 to 64 of a-z 0-9 _ -\n"
                "t:9:9: error: items: 0 is out of range: from 1 to 9\n"
                "t:9:12: error: missing key 'size' in an item (of it)\n"
                "t:9:13: error: unknown key in an item: 'sise'; did you mean 'size'?\n"
                "t:10:6: error: missing key 'mean' in fixed (every draw is this long; 0 is allowed)\n"
                "t:11:6: error: set: a map of paths is needed here, such as {services.api.workers: 20}, not a "
                "single value\n"
                "t:12:1: error: unknown key in a thing: 'extra'; there are: wait, count, rate, ratio, real, on, "
                "colour, name, note, file, items, law, other, set\n");
    free(errors);
    arena_free(&arena);
}

static void test_explain(void **state)
{
    (void)state;
    static const char *const expected[] = {"duration, 0s .. 10s, or none [none]",
                                           "count, 1 .. 1k [5]",
                                           "rate [10/s]",
                                           "ratio, 0 .. 1 [5%]",
                                           "number, 0 .. 9, or off [off]",
                                           "true | false [true]",
                                           "red | green [green]",
                                           "name (required)",
                                           "text",
                                           "file [/dev/null]",
                                           "list",
                                           "a law of durations, or none",
                                           "a law of durations [2s]",
                                           "map of paths"};
    char text[200];
    for (int i = 0; thing_fields[i].name; i++) {
        field_explain(&thing_fields[i], text, sizeof text);
        assert_string_equal(text, expected[i]);
    }
    field_explain(&thing_fields[0], text, 9);
    assert_string_equal(text, "duration"); /* cut, not overrun */
}

/* ---- printing ---- */

static char *print(const struct record *record, const struct node *tree, const void *self)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    field_print(record, tree, self, 0, out);
    fclose(out);
    return text;
}

static void test_print(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct thing thing;
    const struct node *tree;
    free(decode(&thing_record, "name: x\ncount: 7\nitems: [3]\nnote: \"it's\"\nother: {law: exponential, mean: 1s}\n",
                "t", &thing, &arena, &tree));
    char *text = print(&thing_record, tree, &thing);
    assert_string_equal(text, "wait: none                                          # default\n"
                              "count: 7                                            # t:2:8\n"
                              "rate: 10/s                                          # default\n"
                              "ratio: 5%                                           # default\n"
                              "real: off                                           # default\n"
                              "on: true                                            # default\n"
                              "colour: green                                       # default\n"
                              "name: x                                             # t:1:7\n"
                              "note: 'it''s'\n"
                              "file: /dev/null                                     # default\n"
                              "items:\n"
                              "  - 3\n"
                              "law: none                                           # default\n"
                              "other:\n"
                              "  law: exponential                                  # t:5:14\n"
                              "  mean: 1s                                          # t:5:33\n"
                              "set: {}\n");
    free(text);
    arena_free(&arena);
}

/* A part that is its default takes one line, whoever wrote it; another value of it is shown in full. */
static void test_print_of_defaults(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"name: x\n", "other: 2s                                           # default\n"},
        {"name: x\nother: 2s\n", "other: 2s                                           # t:2:8\n"},
        {"name: x\nother: 3s\n", "other:\n  law: fixed                                        # t:2:8\n"
                                 "  mean: 3s                                          # t:2:8\n"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct thing thing;
        const struct node *tree;
        free(decode(&thing_record, cases[i][0], "t", &thing, &arena, &tree));
        char *text = print(&thing_record, tree, &thing);
        const char *other = strstr(text, "other:");
        assert_non_null(other);
        assert_memory_equal(other, cases[i][1], strlen(cases[i][1]));
        free(text);
        arena_free(&arena);
    }
}

/* Prints a scenario, reads the print, prints that: the second print has the same values (comments aside, where each
 * value now comes from the first print). */
static char *print_scenario(const char *text)
{
    struct diag *diag = diag_new();
    struct scenario *s = scenario_parse("t.yaml", text, strlen(text), &(struct scenario_changes){0}, diag);
    char *errors = printed(diag);
    assert_string_equal(errors, "");
    assert_non_null(s);
    free(errors);
    char *shown = print(&scenario_record, s->variants[0].tree, &s->variants[0].config);
    scenario_free(s);
    diag_free(diag);
    return shown;
}

static void cut_comments(char *text)
{
    char *to = text;
    for (const char *from = text; *from;) {
        const char *end = strchr(from, '\n'), *hash = strstr(from, " # ");
        size_t length = (size_t)((hash && hash < end ? hash : end) - from);
        while (length > 0 && from[length - 1] == ' ')
            length--;
        memmove(to, from, length);
        to += length;
        *to++ = '\n';
        from = end + 1;
    }
    *to = 0;
}

static void check_round_trip(const char *text)
{
    char *first = print_scenario(text), *second = print_scenario(first);
    cut_comments(first);
    cut_comments(second);
    assert_string_equal(second, first);
    free(first);
    free(second);
}

static void test_round_trip_of_random_models(void **state)
{
    (void)state;
    static char model[RANDOM_MODEL_SIZE], text[RANDOM_MODEL_SIZE + 20];
    for (uint64_t number = 1; number <= 100; number++) {
        random_model(number, model);
        snprintf(text, sizeof text, "name: case\n%s", model);
        check_round_trip(text);
    }
}

/* What is hard to write in YAML: quotes, line breaks, paths with indices, texts that look like something else. */
static void test_round_trip_of_awkward_texts(void **state)
{
    (void)state;
    check_round_trip("name: t\nduration: 10s\nquestion: |\n  Two \"lines\"\n  and a \\ 'quote'\n"
                     "policies: {careful: {attempts: 2, retry_on: [timeout, error]}, none: {retry_on: []}}\n"
                     "clients:\n"
                     "  - {name: a, arrival: {kind: renewal, gap: 1s}, calls: s, policy: careful}\n"
                     "  - {name: b, arrival: {kind: renewal, gap: 1s}, calls: s, policy: none}\n"
                     "  - {name: c, arrival: {kind: renewal, gap: 1s}, calls: s}\n"
                     "services: [{name: s, workers: unlimited, service_time: 1s, queue: {capacity: 1}}]\n"
                     "strategies:\n"
                     "  - {name: x, note: 'a: b # c', set: {'clients[0].count': 3, services.s.workers: 2}}\n"
                     "  - {name: y, set: {clients.c.policy: {timeout: {law: exponential, mean: 1s}}}}\n"
                     "expect: [{metric: stuck, is: '== 1', for: x}]\n");
}

/* An absent retry_on means all but the final failures; that must survive, and an empty list, too. */
static void test_absent_list_survives(void **state)
{
    (void)state;
    static const struct {
        const char *policy;
        uint32_t mask;
    } cases[] = {{"attempts: 2", FAILURES_ALL & ~FAILURES_FINAL}, {"attempts: 2, retry_on: []", 0}};
    for (int i = 0; i < 2; i++) {
        char text[300];
        snprintf(text, sizeof text, "{%s}", cases[i].policy);
        struct arena arena = {0};
        struct policy policy;
        const struct node *tree;
        free(decode(&policy_record, text, "t", &policy, &arena, &tree));
        char *shown = print(&policy_record, tree, &policy);
        char *errors = decode(&policy_record, shown, "t", &policy, &arena, NULL);
        assert_string_equal(errors, "");
        assert_int_equal(policy.retry_on, cases[i].mask);
        free(errors);
        free(shown);
        arena_free(&arena);
    }
}

/* ---- the rules of tables ---- */

static const struct table *const tables[] = {
    &shape_table,   &jitter_table, &budget_table,     &breaker_table, &gate_table,
    &arrival_table, &law_table,    &discipline_table, &fault_table,   NULL};

static bool is_name(const char *name)
{
    return *name && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-")];
}

static bool is_number(const struct field *field)
{
    return field->kind >= FIELD_DURATION && field->kind <= FIELD_REAL;
}

/* A default that decodes is within its range, as decoding checks that. */
static void check_default(const struct row *row, const struct field *field)
{
    if (!field->text || field->kind >= FIELD_MAP)
        return;
    struct field alone[2] = {*field, {0}};
    alone[0].offset = 0;
    struct record record = {row->name, CHOICE_BYTES, alone, NULL, NULL};
    _Alignas(max_align_t) unsigned char self[CHOICE_BYTES];
    struct arena arena = {0};
    char *errors = decode(&record, "{}", "t", self, &arena, NULL);
    assert_string_equal(errors, "");
    free(errors);
    arena_free(&arena);
}

static void check_field(const struct row *row, const struct field *field)
{
    if (!is_name(field->name))
        fail_msg("%s: '%s' is no name", row->name, field->name);
    if (!field->help || !*field->help)
        fail_msg("%s: %s has no help", row->name, field->name);
    if (field->offset >= row->size)
        fail_msg("%s: %s lies outside", row->name, field->name);
    if (field->min > field->max || (!is_number(field) && (field->min != 0 || field->max != 0)))
        fail_msg("%s: %s has a bad range", row->name, field->name);
    if (field->kind == FIELD_ENUM && !field->names)
        fail_msg("%s: %s has no names", row->name, field->name);
    for (const struct field *other = row->fields; other != field; other++)
        if (strcmp(other->name, field->name) == 0)
            fail_msg("%s: two fields are called %s", row->name, field->name);
    check_default(row, field);
}

static void check_row(const struct table *table, const struct row *row)
{
    if (!is_name(row->name))
        fail_msg("%s: '%s' is no name", table->family, row->name);
    if (!row->summary || !*row->summary || strchr(row->summary, '\n'))
        fail_msg("%s %s has no summary of one line", table->family, row->name);
    if (row->size > CHOICE_BYTES || (row->fields && row->size == 0))
        fail_msg("%s %s has %zu bytes", table->family, row->name, row->size);
    assert_ptr_equal(table_find(table, row->name), row); /* the first of that name */
    for (const struct field *field = row->fields; field && field->name; field++)
        check_field(row, field);
}

static void test_rows(void **state)
{
    (void)state;
    for (int i = 0; tables[i]; i++) {
        const char *names[64];
        size_t count = table_names(tables[i], names, 64);
        assert_true(count > 1 && count < 64);
        assert_true(is_name(tables[i]->family) && tables[i]->summary && *tables[i]->summary);
        for (size_t k = 0; k < count; k++)
            check_row(tables[i], tables[i]->rows[k]);
        if (tables[i]->shorthand)
            assert_non_null(table_find(tables[i], tables[i]->shorthand));
        assert_null(table_find(tables[i], "no such row"));
    }
}

/* A fault's first field names its target. */
static void test_faults_name_their_target(void **state)
{
    (void)state;
    for (const struct row *const *row = fault_table.rows; *row; row++) {
        const struct fault_row *fault = (const struct fault_row *)*row;
        static const char *const keys[] = {
            [TARGET_CLIENTS] = "clients", [TARGET_SERVICE] = "service", [TARGET_CACHE] = "cache",
            [TARGET_EDGE] = "edge", [TARGET_PARAMETER] = "path"};
        bool is_path = fault->target == TARGET_EDGE || fault->target == TARGET_PARAMETER;
        assert_string_equal((*row)->fields[0].name, keys[fault->target]);
        assert_int_equal((*row)->fields[0].kind, is_path ? FIELD_TEXT : FIELD_NAME);
        assert_int_equal((*row)->fields[0].offset, 0);
        assert_true(fault->apply || fault->turn != TURN_NOT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_every_kind),
        cmocka_unit_test(test_all_errors_at_once),
        cmocka_unit_test(test_explain),
        cmocka_unit_test(test_print),
        cmocka_unit_test(test_print_of_defaults),
        cmocka_unit_test(test_round_trip_of_random_models),
        cmocka_unit_test(test_round_trip_of_awkward_texts),
        cmocka_unit_test(test_absent_list_survives),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_faults_name_their_target),
    };
    return cmocka_run_group_tests_name("field", tests, NULL, NULL);
}
