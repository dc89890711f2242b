/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Room in a cache: who has to go when it is full, nodes that come and go, flushes of a part. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cache_case.h"
#include "model/placement.h"
#include "model/store.h"

/* ---- room ---- */

/* A cache that nobody calls, to be filled by hand. */
static struct model_case empty_cache(const char *more)
{
    char text[512];
    snprintf(text, sizeof text,
             "duration: 100s\nclients:\n" AT("a", "1h") ORIGIN("1s") "caches: [{name: c, origin: s, ttl: none, %s}]\n",
             more);
    struct model_case m = {.scenario = model_scenario(text)};
    m.world = world_new(&m.scenario->variants[0].config.model, 1, 1);
    return m;
}

static void put(const struct model_case *m, uint32_t key)
{
    store_put(m->world, &m->world->caches[0], key);
}
static void get(const struct model_case *m, uint32_t key)
{
    store_read(m->world, &m->world->caches[0], key);
}

/* "013": the keys that have a value. */
static const char *stored(const struct model_case *m)
{
    static char text[16];
    int length = 0;
    for (uint32_t key = 0; key < m->world->caches[0].config->keys; key++)
        if (store_has(&m->world->caches[0], key))
            text[length++] = (char)('0' + key);
    text[length] = 0;
    return text;
}

static void test_lru_and_fifo(void **state)
{
    (void)state;
    static const char *const rows[] = {"lru", "fifo"}, *const after_three[] = {"023", "123"},
                             *const after_four[] = {"034", "234"};
    for (int i = 0; i < 2; i++) {
        char more[64];
        snprintf(more, sizeof more, "keys: 5, capacity: 3, eviction: %s", rows[i]);
        struct model_case m = empty_cache(more);
        put(&m, 0), put(&m, 1), put(&m, 2);
        get(&m, 1), get(&m, 0); /* used: 0, 1, 2 ago; stored: 0, 1, 2 in this order */
        put(&m, 2);             /* overwritten: a use, but no new place in line */
        put(&m, 1), get(&m, 2), get(&m, 0);
        put(&m, 3);
        assert_string_equal(stored(&m), after_three[i]);
        put(&m, 4);
        assert_string_equal(stored(&m), after_four[i]);
        assert_int_equal(cache_count(&m, 0, COUNT_EVICTIONS), 2);
        model_free(&m);
    }
}

/* Against a plain list, in a long random walk of stores, reads and deletions: the same keys are there after each. */
static void check_against_list(const char *eviction, bool reads_matter)
{
    enum { KEYS = 40, CAPACITY = 12, STEPS = 20000 };
    char more[64];
    uint32_t line[KEYS], length = 0; /* oldest first */
    snprintf(more, sizeof more, "keys: %d, capacity: %d, eviction: %s", KEYS, CAPACITY, eviction);
    struct model_case m = empty_cache(more);
    struct cache *cache = &m.world->caches[0];
    struct stream dice = stream_at(7, 0, 0);
    for (int step = 0; step < STEPS; step++) {
        uint32_t key = (uint32_t)(stream_uniform(&dice) * KEYS), at = 0;
        double what = stream_uniform(&dice);
        while (at < length && line[at] != key)
            at++;
        bool known = at<length, is_read = what> 0.6, is_deleted = what > 0.95;
        if (is_read && !known)
            continue;
        if (is_deleted)
            store_forget(m.world, cache, key);
        else if (is_read)
            get(&m, key);
        else
            put(&m, key);
        if (known && (is_deleted || reads_matter))
            memmove(&line[at], &line[at + 1], (--length - at) * sizeof *line);
        if (!known && length == CAPACITY)
            memmove(&line[0], &line[1], --length * sizeof *line);
        if (!is_deleted && (!known || reads_matter))
            line[length++] = key;
        assert_int_equal(cache->stored, length);
        for (at = 0; at < length; at++)
            assert_true(store_has(cache, line[at]));
    }
    model_free(&m);
}

static void test_eviction_against_a_list(void **state)
{
    (void)state;
    check_against_list("lru", true);
    check_against_list("fifo", false);
}

/* Random: each of the ten values goes equally often, over stores of one key more. */
static void test_random_eviction(void **state)
{
    (void)state;
    enum { ROUNDS = 10000 };
    int gone[11] = {0};
    struct model_case m = empty_cache("keys: 11, capacity: 10, eviction: random");
    uint32_t out = 10;
    for (uint32_t key = 0; key < 10; key++)
        put(&m, key);
    for (int i = 0; i < ROUNDS; i++) {
        put(&m, out);
        for (out = 0; store_has(&m.world->caches[0], out); out++)
            continue;
        gone[out]++;
    }
    /* The next one out is any but the one just stored: each is out in a round of 11, with a deviation of at most
     * sqrt(10000 x 10/121) = 28.7, for neighbouring rounds exclude each other. */
    for (int key = 0; key < 11; key++)
        assert_in_range(gone[key], ROUNDS / 11 - 144, ROUNDS / 11 + 144);
    assert_int_equal(m.world->caches[0].stored, 10);
    model_free(&m);
}

/* At the start the most popular that fit are there; the least popular of them is the next to go. */
static void test_start_in_a_small_cache(void **state)
{
    (void)state;
    static const char *const rows[] = {"lru", "fifo"};
    for (int i = 0; i < 2; i++) {
        char more[80];
        snprintf(more, sizeof more, "keys: 6, capacity: 3, start: filled, eviction: %s", rows[i]);
        struct model_case m = empty_cache(more);
        assert_string_equal(stored(&m), "012");
        put(&m, 5);
        assert_string_equal(stored(&m), "015");
        assert_int_equal(cache_count(&m, 0, COUNT_EVICTIONS), 1);
        model_free(&m);
    }
}

/* ---- nodes ---- */

/* Adding nodes one by one moves keys to the new node only, and gives it its share; jumps and back are consistent. */
static void test_ring(void **state)
{
    (void)state;
    enum { KEYS = 20000 };
    for (uint32_t nodes = 1; nodes < 20; nodes++) {
        double moved = 0, modulo = 0, p = 1.0 / (nodes + 1);
        for (uint64_t i = 0; i < KEYS; i++) {
            uint64_t hash = stream_mix(i + 1);
            uint32_t before = placement_node(PLACEMENT_CONSISTENT, hash, nodes);
            uint32_t after = placement_node(PLACEMENT_CONSISTENT, hash, nodes + 1);
            assert_true(before < nodes && (after == before || after == nodes));
            moved += after != before;
            modulo += placement_node(PLACEMENT_MODULO, hash, nodes) !=
                      placement_node(PLACEMENT_MODULO, hash, nodes + 1);
        }
        double bound = 5 * sqrt(KEYS * p * (1 - p));
        assert_true(fabs(moved - KEYS * p) <= bound);
        assert_true(fabs(modulo - KEYS * (1 - p)) <= bound);
    }
}

/* From 10 nodes to 9 and back: a tenth of the keys is forgotten, both times the same; placed by modulo, nine tenths. */
static void check_ring_change(const char *placement, double p)
{
    enum { KEYS = 10000 };
    char more[96];
    snprintf(more, sizeof more, "keys: %d, start: filled, nodes: 10, placement: %s", KEYS, placement);
    struct model_case m = empty_cache(more);
    struct cache *cache = &m.world->caches[0];
    store_set_nodes(m.world, cache, 9);
    assert_true(fabs(KEYS - cache->stored - KEYS * p) <= 5 * sqrt(KEYS * p * (1 - p)));
    uint32_t left = cache->stored;
    store_set_nodes(m.world, cache, 9);
    store_set_nodes(m.world, cache, 10);
    assert_int_equal(cache->stored, left);
    model_free(&m);
}

static void test_ring_change(void **state)
{
    (void)state;
    check_ring_change("consistent", 0.1);
    check_ring_change("modulo", 0.9);
}

/* Capacity follows the nodes: 6 of 8 values while 3 of 4 nodes are left. One that moved is gone anyway. */
static void test_ring_change_and_capacity(void **state)
{
    (void)state;
    static const char *const rows[] = {"lru", "fifo", "random"};
    for (int i = 0; i < 3; i++) {
        char more[96];
        snprintf(more, sizeof more, "keys: 100, capacity: 8, start: filled, nodes: 4, eviction: %s", rows[i]);
        struct model_case m = empty_cache(more);
        struct cache *cache = &m.world->caches[0];
        store_set_nodes(m.world, cache, 3);
        assert_true(cache->stored <= 6 && cache->capacity == 6);
        for (uint32_t key = 0; key < 100; key++)
            put(&m, key);
        assert_int_equal(cache->stored, 6);
        store_set_nodes(m.world, cache, 40);
        for (uint32_t key = 0; key < 100; key++)
            put(&m, key);
        assert_int_equal(cache->stored, 80);
        model_free(&m);
    }
}

/* As faults: of two at a time the one with the fewest nodes counts; when they are over all is as it was. */
static void test_ring_change_faults(void **state)
{
    (void)state;
    struct model_case m =
        model_run("duration: 10s\nclients:\n" AT("a", "20s")
                      ORIGIN("0s") "caches: [{name: c, origin: s, keys: 1000, capacity: 800, ttl: none, start: filled, "
                                   "nodes: 8}]\n"
                                   "faults:\n"
                                   "  - {kind: ring-change, cache: c, nodes: 4, at: 1s, for: 2s}\n"
                                   "  - {kind: ring-change, cache: c, nodes: 6, at: 2s, for: 20s}\n");
    assert_int_equal(m.world->caches[0].nodes, 6);
    assert_int_equal(m.world->caches[0].capacity, 600);
    assert_in_range(m.world->caches[0].stored, 400 - 71, 400 + 71); /* half moved at 1 s; sd sqrt(800 / 4) = 14.1 */
    model_free(&m);
}

/* ---- flushes of a part ---- */

static void test_flush_of_the_hottest(void **state)
{
    (void)state;
    struct model_case m = empty_cache("keys: 6, start: filled");
    struct flush flush = {.fraction = 1, .hottest = 2, .node = INT64_MAX};
    store_flush(m.world, &m.world->caches[0], &flush, 0);
    assert_string_equal(stored(&m), "2345");
    model_free(&m);
}

/* The nodes' flushes take disjoint parts that make up the whole, each about a fifth. */
static void test_flush_of_a_node(void **state)
{
    (void)state;
    struct model_case m = empty_cache("keys: 10k, start: filled, nodes: 5");
    struct cache *cache = &m.world->caches[0];
    for (int64_t node = 0; node < 5; node++) {
        uint32_t before = cache->stored;
        store_flush(m.world, cache, &(struct flush){.fraction = 1, .hottest = INT64_MAX, .node = node}, 0);
        assert_in_range(before - cache->stored, 2000 - 200, 2000 + 200); /* sd = sqrt(10000 x 0.16) = 40 */
    }
    assert_int_equal(cache->stored, 0);
    model_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lru_and_fifo),
        cmocka_unit_test(test_eviction_against_a_list),
        cmocka_unit_test(test_random_eviction),
        cmocka_unit_test(test_start_in_a_small_cache),
        cmocka_unit_test(test_ring),
        cmocka_unit_test(test_ring_change),
        cmocka_unit_test(test_ring_change_and_capacity),
        cmocka_unit_test(test_ring_change_faults),
        cmocka_unit_test(test_flush_of_the_hottest),
        cmocka_unit_test(test_flush_of_a_node),
    };
    return cmocka_run_group_tests_name("cache room", tests, NULL, NULL);
}
