/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths into a tree: what tree_set finds, makes and refuses, and that it never changes what it was given. Also the
 * arena that everything lives in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/tree.h"
#include "scenario/yaml.h"

struct fixture {
    struct arena arena;
    struct diag *diag;
    const struct node *root;
};

static const char *const text = "seed: 1\n"
                                "clients:\n"
                                "  - {name: web, count: 3, policy: {attempts: 2}}\n"
                                "  - {name: batch, count: 4}\n"
                                "  - [x, y]\n"
                                "empty: {}\n";

static int set_up(void **state)
{
    struct fixture *f = memory_zeroed(1, sizeof *f);
    f->diag = diag_new();
    f->root = yaml_parse(&f->arena, "t.yaml", text, strlen(text), NULL, f->diag);
    assert_non_null(f->root);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    diag_free(f->diag);
    arena_free(&f->arena);
    free(f);
    return 0;
}

static const struct origin option = {"--set", 0, 0};

static const struct node *set(struct fixture *f, const char *path, const char *value)
{
    return tree_set(&f->arena, f->root, path, tree_scalar(&f->arena, option, value), option, f->diag);
}

static const char *value_of(const struct node *node)
{
    assert_non_null(node);
    assert_int_equal(node->kind, NODE_SCALAR);
    return node->text;
}

static const struct node *client(const struct node *root, size_t index)
{
    return tree_get(root, "clients")->items[index];
}

static void test_get(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(value_of(tree_get(f->root, "seed")), "1");
    assert_null(tree_get(f->root, "sed"));
    assert_null(tree_get(NULL, "seed"));
    assert_null(tree_get(tree_get(f->root, "clients"), "name"));
    assert_null(tree_get(tree_get(f->root, "seed"), "name"));
    assert_string_equal(tree_kind_name(f->root), "a map");
    assert_string_equal(tree_kind_name(tree_get(f->root, "clients")), "a list");
    assert_string_equal(tree_kind_name(tree_get(f->root, "seed")), "a single value");
}

static void test_positions(void **state)
{
    struct fixture *f = *state;
    const struct node *web = client(f->root, 0), *count = tree_get(web, "count");
    assert_int_equal(count->at.line, 3);
    assert_int_equal(count->at.column, 24);
    assert_string_equal(count->at.file, "t.yaml");
    assert_int_equal(web->keys_at[1].line, 3);
    assert_int_equal(web->keys_at[1].column, 17);
}

static void test_set_by_key_name_and_index(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(value_of(tree_get(set(f, "seed", "7"), "seed")), "7");
    assert_string_equal(value_of(tree_get(client(set(f, "clients.batch.count", "9"), 1), "count")), "9");
    assert_string_equal(value_of(tree_get(client(set(f, "clients[0].count", "9"), 0), "count")), "9");
    assert_string_equal(value_of(client(set(f, "clients[2][1]", "z"), 2)->items[1]), "z");
    assert_string_equal(value_of(client(set(f, "clients.web", "all"), 0)), "all");
    assert_string_equal(
        value_of(tree_get(tree_get(client(set(f, "clients.web.policy.attempts", "5"), 0), "policy"), "attempts")), "5");
    assert_int_equal(diag_count(f->diag), 0);
}

/* Maps on the way are made. */
static void test_set_makes_maps(void **state)
{
    struct fixture *f = *state;
    const struct node *root = set(f, "clients.batch.policy.backoff.cap", "1s");
    const struct node *backoff = tree_get(tree_get(client(root, 1), "policy"), "backoff");
    assert_string_equal(value_of(tree_get(backoff, "cap")), "1s");
    assert_string_equal(backoff->at.file, "--set");
    assert_string_equal(value_of(tree_get(tree_get(set(f, "empty.a", "1"), "empty"), "a")), "1");
    assert_string_equal(value_of(tree_get(tree_get(set(f, "new.a", "1"), "new"), "a")), "1");
    assert_int_equal(diag_count(f->diag), 0);
}

/* What was given stays as it was; what did not change is shared. */
static void test_set_copies_the_spine_only(void **state)
{
    struct fixture *f = *state;
    const struct node *changed = set(f, "clients.web.count", "9");
    assert_string_equal(value_of(tree_get(client(f->root, 0), "count")), "3");
    assert_ptr_equal(client(changed, 1), client(f->root, 1));
    assert_ptr_equal(tree_get(client(changed, 0), "policy"), tree_get(client(f->root, 0), "policy"));
    assert_int_equal(changed->count, f->root->count);
    assert_int_equal(set(f, "new", "9")->count, f->root->count + 1);
    assert_int_equal(f->root->count, 3);
}

static void test_refusals(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[][2] = {
        {"", "an empty path: write for example services.api.workers"},
        {"a..b", "path 'a..b' has an empty part"},
        {".a", "path '.a' has an empty part"},
        {"a.", "path 'a.' ends in a dot"},
        {"clients[0].", "path 'clients[0].' ends in a dot"},
        {"clients.wbe.count", "path 'clients.wbe.count': nothing named 'wbe' in clients; did you mean 'web'?"},
        {"clients.zzzzzz.count",
         "path 'clients.zzzzzz.count': nothing named 'zzzzzz' in clients (an element is addressed "
         "by its name or as clients[0])"},
        {"clients[3].count", "path 'clients[3].count': clients has 3 elements, so there is no [3]"},
        {"clients[x]", "path 'clients[x]': '[x]' is no index: write clients[0]"},
        {"clients[1", "path 'clients[1': '[1' is no index: write clients[0]"},
        {"clients[1]x", "path 'clients[1]x': '[1]x' is no index: write clients[0]"},
        {"seed[0]", "path 'seed[0]': seed is no list, so it has no [0]"},
        {"nothing[0]", "path 'nothing[0]': nothing is not written there, so it has no [0]"},
        {"seed.x", "path 'seed.x': seed is the single value '1', so it has no 'x'; set seed as a whole"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag *diag = diag_new();
        char *printed = NULL, expected[300];
        size_t size = 0;
        const struct node *value = tree_scalar(&f->arena, option, "9");
        assert_ptr_equal(tree_set(&f->arena, f->root, cases[i][0], value, option, diag), f->root);
        FILE *out = open_memstream(&printed, &size);
        diag_print(diag, out);
        fclose(out);
        snprintf(expected, sizeof expected, "--set: error: %s\n", cases[i][1]);
        assert_string_equal(printed, expected);
        free(printed);
        diag_free(diag);
    }
}

/* ---- the arena ---- */

static void test_arena(void **state)
{
    (void)state;
    struct arena arena = {0};
    unsigned char *before = NULL;
    for (size_t size = 1; size < 200000; size = size * 3 + 1) {
        unsigned char *memory = arena_alloc(&arena, size);
        assert_int_equal((uintptr_t)memory % 16, 0);
        assert_true(memory != before);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xff, size);
        before = memory;
    }
    assert_string_equal(arena_printf(&arena, "%s[%d]", "clients", 3), "clients[3]");
    char long_text[100000];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = 0;
    assert_string_equal(arena_strdup(&arena, long_text), long_text);
    assert_string_equal(arena_printf(&arena, "%s", long_text), long_text);
    arena_free(&arena);
    assert_null(arena.head);
    assert_non_null(arena_alloc(&arena, 1)); /* usable again */
    arena_free(&arena);
}

static const char *at(struct fixture *f, const char *path)
{
    const struct node *node = tree_at(f->root, path, strlen(path));
    return !node ? "nothing" : node->kind == NODE_SCALAR ? node->text : tree_kind_name(node);
}

static void test_reads_at_a_path(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(at(f, "seed"), "1");
    assert_string_equal(at(f, "clients"), "a list");
    assert_string_equal(at(f, "clients.batch.count"), "4");
    assert_string_equal(at(f, "clients[0].policy.attempts"), "2");
    assert_string_equal(at(f, "clients[2][1]"), "y");
    assert_string_equal(at(f, "empty"), "a map");
    static const char *const nowhere[] = {"sead", "seed.x", "seed[0]", "clients.nobody", "clients[3]",
                                          "clients[x].name",
                                          "clients.web.policy.attempts.more", "empty.x", "clients[0", ".seed"};
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
        if (strcmp(at(f, nowhere[i]), "nothing") != 0)
            fail_msg("there is something at %s", nowhere[i]);
}

/* Only so many characters of the path. */
static void test_reads_at_the_start_of_a_path(void **state)
{
    struct fixture *f = *state;
    const char *path = "clients[1].count.and.more";
    assert_ptr_equal(tree_at(f->root, path, 0), f->root);
    assert_string_equal(tree_at(f->root, path, strlen("clients[1].count"))->text, "4");
    assert_null(tree_at(f->root, path, strlen("clients[1].cou")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_get, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_positions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_set_by_key_name_and_index, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_set_makes_maps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_set_copies_the_spine_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refusals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reads_at_a_path, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reads_at_the_start_of_a_path, set_up, tear_down),
        cmocka_unit_test(test_arena),
    };
    return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
