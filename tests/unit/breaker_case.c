/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breaker_case.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "printed.h"
#include "scenario/yaml.h"

/* The errors, to be freed. */
static char *decode(const char *yaml, struct breaker *breaker, struct arena *arena)
{
    struct diag *diag = diag_new();
    const struct node *node = yaml_parse(arena, "b", yaml, strlen(yaml), NULL, diag);
    if (node)
        field_decode(&breaker_record, node, breaker, arena, diag);
    char *errors = printed(diag);
    diag_free(diag);
    return errors;
}

struct breaker_case breaker_start(const char *yaml)
{
    struct breaker_case c = {.key = 1};
    char *errors = decode(yaml, &c.breaker, &c.arena);
    if (*errors)
        fail_msg("%s\n%s", yaml, errors);
    free(errors);
    c.state_size = breaker_state_size(&c.breaker);
    c.state = memory_zeroed(1, c.state_size ? c.state_size : 8);
    return c;
}

struct breaker_case breaker_start_with(const char *first, const char *rest)
{
    char yaml[1024];
    const char *place = strstr(first, "%s");
    assert_non_null(place);
    snprintf(yaml, sizeof yaml, "%.*s%s%s", (int)(place - first), first, rest, place + 2);
    return breaker_start(yaml);
}

void breaker_stop(struct breaker_case *c)
{
    free(c->state);
    arena_free(&c->arena);
}

void breaker_renew(struct breaker_case *c, uint64_t key)
{
    memset(c->state, 0, c->state_size);
    c->key = key;
    c->openings = 0;
}

char *breaker_errors(const char *yaml)
{
    struct arena arena = {0};
    struct breaker breaker;
    char *errors = decode(yaml, &breaker, &arena);
    arena_free(&arena);
    return errors;
}

int64_t breaker_ns(double time_s)
{
    return llround(time_s * 1e9);
}

bool breaker_asks(struct breaker_case *c, double time_s, uint32_t *permit)
{
    struct breaker_answer answer = breaker_allow(&c->breaker, c->state, breaker_ns(time_s), c->key);
    *permit = answer.permit;
    c->openings += answer.opened;
    return answer.allowed;
}

void breaker_tells(struct breaker_case *c, double time_s, uint32_t permit, const struct breaker_sample *sample)
{
    struct breaker_sample timed = *sample;
    timed.now_ns = breaker_ns(time_s);
    c->openings += breaker_result(&c->breaker, c->state, c->key, permit, &timed);
}

void breaker_good(struct breaker_case *c, double time_s, uint32_t permit)
{
    breaker_tells(c, time_s, permit, &(struct breaker_sample){.good = true});
}

void breaker_bad(struct breaker_case *c, double time_s, uint32_t permit)
{
    breaker_tells(c, time_s, permit, &(struct breaker_sample){.failure = FAILURE_SERVER_ERROR});
}

bool breaker_call(struct breaker_case *c, double time_s, bool good)
{
    uint32_t permit;
    if (!breaker_asks(c, time_s, &permit))
        return false;
    if (good)
        breaker_good(c, time_s, permit);
    else
        breaker_bad(c, time_s, permit);
    return true;
}

int breaker_calls(struct breaker_case *c, double time_s, int count, bool good)
{
    int let_through = 0;
    for (int i = 0; i < count; i++)
        let_through += breaker_call(c, time_s, good);
    return let_through;
}

int breaker_opens_at(struct breaker_case *c, double time_s, const char *pattern)
{
    for (int i = 0; pattern[i]; i++) {
        uint32_t before = c->openings;
        breaker_call(c, time_s, pattern[i] == '.');
        if (c->openings > before)
            return i + 1;
    }
    return 0;
}
