/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading YAML: everything stays text, positions, anchors and merges, and all the ways a file can be bad. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenario/yaml.h"
#include "printed.h"

static void add_text(const struct node *node, FILE *out)
{
    if (node->kind == NODE_SCALAR) {
        fprintf(out, "<%s>", node->text);
        return;
    }
    fputc(node->kind == NODE_MAP ? '{' : '[', out);
    for (size_t i = 0; i < node->count; i++) {
        fprintf(out, "%s%s%s", i ? " " : "", node->kind == NODE_MAP ? node->keys[i] : "",
                node->kind == NODE_MAP ? ":" : "");
        add_text(node->items[i], out);
    }
    fputc(node->kind == NODE_MAP ? '}' : ']', out);
}

/* What a text is read as: {key:<value> ...}, [<a> <b>]; or its error lines. */
static void assert_read_sized(const char *text, size_t length, const char *expected)
{
    struct arena arena = {0};
    struct diag *diag = diag_new();
    const struct node *root = yaml_parse(&arena, "t.yaml", text, length, NULL, diag);
    assert_true(root || diag_count(diag) > 0);
    char *shown = NULL;
    size_t size = 0;
    if (diag_count(diag) == 0) {
        FILE *out = open_memstream(&shown, &size);
        add_text(root, out);
        fclose(out);
    } else {
        shown = printed(diag);
    }
    assert_string_equal(shown, expected);
    free(shown);
    diag_free(diag);
    arena_free(&arena);
}

static void assert_read(const char *text, const char *expected)
{
    assert_read_sized(text, strlen(text), expected);
}

/* ---- what is read ---- */

static void test_everything_stays_text(void **state)
{
    (void)state;
    assert_read("a: no\nb: 1.10\nc: 0x1f\nd: ~\ne: null\nf: 2024-01-01\ng: !!int 3\n",
                "{a:<no> b:<1.10> c:<0x1f> d:<~> e:<null> f:<2024-01-01> g:<3>}");
    assert_read("a: ''\nb: \"\"\nc: 'it''s'\nd: \"x\\ty\"\ne: |\n  two\n  lines\n",
                "{a:<> b:<> c:<it's> d:<x\ty> e:<two\nlines\n>}");
    assert_read("[1, [2, {x: 3}], {}, []]", "[<1> [<2> {x:<3>}] {} []]");
    assert_read("%YAML 1.1\n---\na: 1\n...\n", "{a:<1>}");
    assert_read("plain", "<plain>");
}

static void test_anchors_and_merges(void **state)
{
    (void)state;
    assert_read("a: &x {p: 1, q: 2}\nb: *x\n", "{a:{p:<1> q:<2>} b:{p:<1> q:<2>}}");
    assert_read("a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3, r: 4}\n", "{a:{p:<1> q:<2>} b:{q:<3> r:<4> p:<1>}}");
    assert_read("a: &x {p: 1}\nb: {q: 3, <<: *x}\n", "{a:{p:<1>} b:{q:<3> p:<1>}}");
    assert_read("a: &x 1\nb: &x 2\nc: *x\n", "{a:<1> b:<2> c:<2>}"); /* the latest of a name counts */
    assert_read("a: &x {k: &y 1}\nb: *y\n", "{a:{k:<1>} b:<1>}");
}

static void test_one_line_positions(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct diag *diag = diag_new();
    const struct node *root = yaml_parse(&arena, "--set a={x: 1}", "{x: 1}", 6, "--set a={x: 1}", diag);
    assert_string_equal(root->at.file, "--set a={x: 1}");
    assert_int_equal(root->items[0]->at.line, 0);
    assert_null(yaml_parse(&arena, "--set a={", "{", 1, "--set a={", diag));
    char *errors = printed(diag);
    assert_string_equal(errors, "--set a={: error: YAML: did not find expected node content\n"
                                "--set a={: error: YAML: the trouble began here (while parsing a flow node)\n");
    free(errors);
    diag_free(diag);
    arena_free(&arena);
}

/* ---- what is refused ---- */

static void test_nothing_there(void **state)
{
    (void)state;
    assert_read("", "t.yaml: error: empty: nothing to read here\n");
    assert_read("\n# only a comment\n", "t.yaml: error: empty: nothing to read here\n");
    assert_read("---\n", "t.yaml:2:1: error: a value is missing here\n");
    assert_read("a:\nb: 1\n", "t.yaml:1:3: error: a value is missing here\n");
}

static void test_not_yaml(void **state)
{
    (void)state;
    assert_read("a: b: c\n", "t.yaml:1:5: error: YAML: mapping values are not allowed in this context\n");
    assert_read("a: [1\n", "t.yaml:1:4: error: YAML: the trouble began here (while parsing a flow sequence)\n"
                           "t.yaml:2:1: error: YAML: did not find expected ',' or ']'\n");
    assert_read("a: \x01\n", "t.yaml: error: not a text file in UTF-8: control characters are not allowed at byte 3\n");
    assert_read("a: \xff\n", "t.yaml: error: not a text file in UTF-8: invalid leading UTF-8 octet at byte 3\n");
    assert_read_sized("a: 1\0b", 6,
                      "t.yaml: error: not a text file in UTF-8: control characters are not allowed at "
                      "byte 4\n");
}

static void test_nul(void **state)
{
    (void)state;
    assert_read("a: \"x\\0y\"\n", "t.yaml:1:4: error: a value holds a NUL character\n");
    assert_read("\"a\\0b\": 1\n", "t.yaml:1:1: error: a key holds a NUL character\n");
}

static void test_duplicate_keys(void **state)
{
    (void)state;
    assert_read("a: 1\nb: 2\na: 3\nb: 4\n", "t.yaml:3:1: error: key 'a' stands here a second time\n"
                                            "t.yaml:4:1: error: key 'b' stands here a second time\n");
    assert_read("<<: {a: 1}\n<<: {b: 1}\n", "t.yaml:2:1: error: key '<<' stands here a second time\n");
}

static void test_keys_and_documents(void **state)
{
    (void)state;
    assert_read("? [a]\n: 1\n", "t.yaml:1:3: error: a key must be a plain word\n");
    assert_read("a: 1\n---\nb: 2\n", "t.yaml:2:1: error: a second document; a scenario is one\n");
    assert_read("<<: 1\n", "t.yaml:1:5: error: '<<' merges a map; this is none\n");
    assert_read("<<: [{a: 1}]\n", "t.yaml:1:5: error: '<<' merges a map; this is none\n");
}

static void test_bad_aliases(void **state)
{
    (void)state;
    assert_read("a: *x\n", "t.yaml:1:4: error: no anchor &x before this alias\n");
    assert_read("a: &x [*x]\n", "t.yaml:1:8: error: this alias stands inside what it refers to: a cycle\n");
    assert_read("a: &x {b: {c: *x}}\n", "t.yaml:1:15: error: this alias stands inside what it refers to: a cycle\n");
}

/* Ten levels of ten aliases each would be 10^10 values. Six levels pass the limit of 10^5 in the sixth. */
static void test_alias_bomb(void **state)
{
    (void)state;
    char text[2000] = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 10; i++) {
        char line[200];
        snprintf(line, sizeof line, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i,
                 i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
        strcat(text, line);
    }
    struct arena arena = {0};
    struct diag *diag = diag_new();
    assert_null(yaml_parse(&arena, "t.yaml", text, strlen(text), NULL, diag));
    char *errors = printed(diag);
    assert_non_null(strstr(errors, "more than 100000 values after expanding the aliases\n"));
    assert_int_equal(diag_count(diag), 1);
    free(errors);
    diag_free(diag);
    arena_free(&arena);
}

/* `levels` lists, one in the other; the innermost list is at depth levels - 1. */
static void check_depth(int levels, bool fine)
{
    char *text = memory_zeroed(1, (size_t)levels * 2 + 1);
    memset(text, '[', (size_t)levels);
    memset(text + levels, ']', (size_t)levels);
    struct arena arena = {0};
    struct diag *diag = diag_new();
    assert_int_equal(yaml_parse(&arena, "t.yaml", text, strlen(text), NULL, diag) != NULL, fine);
    if (!fine) {
        char *errors = printed(diag);
        assert_string_equal(errors, "t.yaml:1:33: error: nested more than 32 levels deep\n");
        free(errors);
    }
    free(text);
    diag_free(diag);
    arena_free(&arena);
}

static void test_depth(void **state)
{
    (void)state;
    check_depth(32, true);
    check_depth(33, false);
    check_depth(500, false);
}

/* ---- files ---- */

static void write_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (size_t i = 0; i < size; i++)
        fputc(i % 64 == 63 ? '\n' : '#', file);
    fclose(file);
}

static void test_size_limit(void **state)
{
    (void)state;
    char path[] = "/tmp/test_yaml_XXXXXX", expected[200];
    close(mkstemp(path));
    struct arena arena = {0};
    struct diag *diag = diag_new();
    size_t size = 0;
    write_file(path, 1 << 20);
    assert_non_null(yaml_read_file(&arena, path, &size, diag));
    assert_int_equal(size, 1 << 20);
    write_file(path, (1 << 20) + 1);
    assert_null(yaml_read_file(&arena, path, &size, diag));
    remove(path);
    assert_null(yaml_read_file(&arena, "/nowhere/t.yaml", &size, diag));
    assert_null(yaml_read_file(&arena, "/tmp", &size, diag));
    char *errors = printed(diag);
    snprintf(expected, sizeof expected,
             "/nowhere/t.yaml: error: cannot open: %s\n/tmp: error: cannot read: %s\n%s: error: larger than 1 MiB: no "
             "scenario is\n",
             strerror(ENOENT), strerror(EISDIR), path);
    assert_string_equal(errors, expected);
    free(errors);
    diag_free(diag);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_stays_text),
        cmocka_unit_test(test_anchors_and_merges),
        cmocka_unit_test(test_one_line_positions),
        cmocka_unit_test(test_nothing_there),
        cmocka_unit_test(test_not_yaml),
        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_duplicate_keys),
        cmocka_unit_test(test_keys_and_documents),
        cmocka_unit_test(test_bad_aliases),
        cmocka_unit_test(test_alias_bomb),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_size_limit),
    };
    return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
