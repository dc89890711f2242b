/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cases themselves, and decoding without a scenario around it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "law_case.h"

static char folder[] = "/tmp/test_law." "XX" "XX" "XX";
static char samples_path[64];

const struct law_case law_cases[LAW_CASES] = {
    {"fixed", {"mean", "5ms"}, 5000000},
    {"exponential", {"mean", "3333us"}, 1401171},
    {"uniform", {"low", "1ms", "high", "4ms"}, 3118603},
    {"normal", {"mean", "10ms", "sd", "2ms"}, 13204583},
    {"normal", {"mean", "1ms", "sd", "4ms"}, 7409166},
    {"lognormal", {"mean", "10ms", "cv2", "0.5"}, 12554790},
    {"gamma", {"mean", "10ms", "shape", "0.5"}, 26681296},
    {"gamma", {"mean", "10ms", "shape", "4"}, 19175416},
    {"weibull", {"mean", "10ms", "shape", "0.8"}, 2357858},
    {"weibull", {"mean", "10ms", "shape", "3"}, 7875742},
    {"pareto", {"mean", "10ms", "alpha", "6"}, 8830746},
    {"pareto", {"mean", "10ms", "alpha", "1.5"}, 4203328},
    {"hyperexponential", {"mean", "10ms", "cv2", "5"}, 1370598},
    {"hyperexponential", {"mean", "10ms", "cv2", "1"}, 2489687},
    {"erlang", {"mean", "10ms", "phases", "3"}, 20774254},
    {"empirical", {"file", samples_path, "column", "service_ms"}, 7203224},
};

static void fail_on_gsl_error(const char *reason, const char *file, int line, int number)
{
    fail_msg("GSL: %s (%s:%d, %d)", reason, file, line, number);
}

int law_case_set_up(void **state)
{
    (void)state;
    gsl_set_error_handler(fail_on_gsl_error);
    if (!mkdtemp(folder))
        return -1;
    snprintf(samples_path, sizeof samples_path, "%s/samples.csv", folder);
    FILE *out = fopen(samples_path, "w");
    if (!out)
        return -1;
    fprintf(out, "when,service_ms\n");
    struct stream stream = {11};
    for (int i = 0; i < 1000; i++)
        fprintf(out, "%d,%.6f\n", i, 1 + 9 * stream_uniform(&stream));
    return fclose(out);
}

int law_case_tear_down(void **state)
{
    (void)state;
    unlink(samples_path);
    return rmdir(folder);
}

static const struct node *map_of(struct arena *arena, const struct law_case *here)
{
    struct node *map = arena_alloc(arena, sizeof *map);
    map->kind = NODE_MAP;
    map->keys = arena_alloc(arena, (LAW_CASE_PAIRS + 1) * sizeof *map->keys);
    map->items = arena_alloc(arena, (LAW_CASE_PAIRS + 1) * sizeof *map->items);
    map->keys_at = arena_alloc(arena, (LAW_CASE_PAIRS + 1) * sizeof *map->keys_at);
    map->keys[0] = "law";
    map->items[map->count++] = tree_scalar(arena, (struct origin){0}, here->law);
    for (int i = 0; i < LAW_CASE_PAIRS && here->pairs[2 * i]; i++) {
        map->keys[map->count] = here->pairs[2 * i];
        map->items[map->count++] = tree_scalar(arena, (struct origin){0}, here->pairs[2 * i + 1]);
    }
    return map;
}

char *law_case_decode_node(const struct node *node, struct law *law, struct arena *arena)
{
    struct diag *diag = diag_new();
    char *errors = NULL;
    size_t size = 0;
    if (!field_decode(&law_record, node, law, arena, diag)) {
        FILE *out = open_memstream(&errors, &size);
        diag_print(diag, out);
        fclose(out);
    }
    diag_free(diag);
    return errors;
}

char *law_case_decode(const struct law_case *here, struct law *law, struct arena *arena)
{
    return law_case_decode_node(map_of(arena, here), law, arena);
}

struct law law_case_law(const struct law_case *here, struct arena *arena)
{
    struct law law;
    char *errors = law_case_decode(here, &law, arena);
    if (errors)
        fail_msg("%s: %s", here->law, errors);
    return law;
}

const struct law_row *law_case_row(const struct law *law)
{
    return (const struct law_row *)law->choice.row;
}
