/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backoff_case.h"
#include "scenario/yaml.h"

char *backoff_case_decode(const struct record *record, const char *text, void *self, struct arena *arena)
{
    char *errors = NULL;
    size_t size = 0;
    struct diag *diag = diag_new();
    const struct node *node = yaml_parse(arena, "t.yaml", text, strlen(text), NULL, diag);
    if (!node || !field_decode(record, node, self, arena, diag)) {
        FILE *out = open_memstream(&errors, &size);
        diag_print(diag, out);
        fclose(out);
    }
    diag_free(diag);
    return errors;
}

struct backoff backoff_case(const char *text, struct arena *arena)
{
    struct backoff backoff;
    char *errors = backoff_case_decode(&backoff_record, text, &backoff, arena);
    if (errors)
        fail_msg("%s: %s", text, errors);
    return backoff;
}

struct backoff_request backoff_request(const struct backoff *backoff, uint64_t seed, uint64_t request)
{
    return (struct backoff_request){.backoff = backoff, .seed = seed, .request = request, .retries = UINT32_MAX};
}

int64_t backoff_request_wait(struct backoff_request *request)
{
    struct stream stream = stream_at(request->seed, request->request, ++request->retry);
    struct backoff_call call = {.retry = request->retry,
                                .retries = request->retries,
                                .chain_ns = &request->chain_ns,
                                .stream = &stream,
                                .chain = stream_at(request->seed, request->request, 0)};
    return backoff_wait_ns(request->backoff, &call);
}

int64_t backoff_case_wait(const struct backoff *backoff, uint32_t n)
{
    struct backoff_request request = backoff_request(backoff, 3, n);
    request.retry = n - 1;
    return backoff_request_wait(&request);
}

int64_t backoff_case_wait_of(const char *text, uint32_t n)
{
    struct arena arena = {0};
    struct backoff backoff = backoff_case(text, &arena);
    int64_t wait_ns = backoff_case_wait(&backoff, n);
    arena_free(&arena);
    return wait_ns;
}

void assert_range_ms(const char *text, uint32_t n, double low_ms, double high_ms)
{
    struct arena arena = {0};
    struct backoff backoff = backoff_case(text, &arena);
    struct backoff_range range = {0};
    for (uint32_t k = 1; k <= n; k++)
        backoff_next_range(&backoff, k, n, &range);
    arena_free(&arena);
    if (fabs(range.low_ns - low_ms * 1e6) > 1 || fabs(range.high_ns - high_ms * 1e6) > 1)
        fail_msg("%s, wait %u: %.9g..%.9g ns, expected %.9g..%.9g ms", text, n, range.low_ns, range.high_ns, low_ms,
                 high_ms);
}

void backoff_case_assert_waits_ms(const char *text, const double *expected_ms)
{
    for (uint32_t n = 1; expected_ms[n - 1] >= 0; n++) {
        double wait_ms = (double)backoff_case_wait_of(text, n) / (double)MS;
        if (wait_ms != expected_ms[n - 1])
            fail_msg("%s: wait %u is %.9g ms, expected %.9g", text, n, wait_ms, expected_ms[n - 1]);
    }
}
