/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "budget_case.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/stream.h"

const char *budget_contradiction(const struct budget_row *row, const void *parameters)
{
    struct choice choice = {.row = &row->row};
    memcpy(choice.parameters, parameters, row->row.size);
    return row->row.prepare ? row->row.prepare(choice.parameters) : NULL;
}

void budget_start(struct budget_case *c, const struct budget_row *row, const void *parameters)
{
    memset(c, 0, sizeof *c);
    c->row = row;
    if (row->row.size > 0)
        memcpy(c->choice.parameters, parameters, row->row.size);
    const char *error = row->row.prepare ? row->row.prepare(c->choice.parameters) : NULL;
    if (error)
        fail_msg("%s: %s", row->row.name, error);
    assert_true(!row->state_size || row->state_size(c->choice.parameters) <= sizeof c->state);
    if (row->init)
        row->init(c->choice.parameters, c->state);
}

typedef void hear(const void *parameters, void *state, const struct budget_event *event);

static void tell(struct budget_case *c, hear *what, struct budget_event event)
{
    event.now_ns = c->now_ns;
    if (what)
        what(c->choice.parameters, c->state, &event);
}

void budget_request(struct budget_case *c) { tell(c, c->row->on_request, (struct budget_event){0}); }

void budget_success(struct budget_case *c, uint32_t attempts, enum failure last)
{
    tell(c, c->row->on_success, (struct budget_event){.attempts = attempts, .failure = last});
}

void budget_failure(struct budget_case *c, enum failure failure, bool retryable)
{
    tell(c, c->row->on_failure, (struct budget_event){.failure = failure, .retryable = retryable});
}

bool budget_retry(struct budget_case *c, enum failure failure)
{
    struct budget_event event = {.now_ns = c->now_ns, .failure = failure};
    return c->row->try_retry(c->choice.parameters, c->state, &event);
}

void budget_undo(struct budget_case *c, enum failure failure)
{
    tell(c, c->row->undo, (struct budget_event){.failure = failure});
}

bool budget_fail(struct budget_case *c)
{
    budget_failure(c, FAILURE_SERVER_ERROR, true);
    return budget_retry(c, FAILURE_SERVER_ERROR);
}

int budget_retries_until_denied(struct budget_case *c)
{
    int granted = 0;
    while (granted < 1000000 && budget_fail(c))
        granted++;
    return granted;
}

double budget_tokens(const struct budget_case *c) { return (double)c->state[0] / (double)BUDGET_TOKEN; }

/* ---- long runs ---- */

struct tally {
    double attempts, good, denied;
};

static void one_request(struct budget_case *c, struct stream *stream, const struct budget_long_run *run,
                        struct tally *tally)
{
    budget_request(c);
    for (uint32_t attempts = 1;; attempts++) {
        double u = stream_uniform(stream);
        tally->attempts++;
        if (u >= run->p) {
            tally->good++;
            budget_success(c, attempts, FAILURE_SERVER_ERROR);
            return;
        }
        budget_failure(c, FAILURE_SERVER_ERROR, true);
        if (attempts == run->attempts_limit)
            return;
        if (!budget_retry(c, FAILURE_SERVER_ERROR)) {
            tally->denied++;
            return;
        }
    }
}

enum { BATCHES = 50, BATCH = 20000 };

static void near(const char *what, const double *batch, double expected)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < BATCHES; i++) {
        sum += batch[i] / BATCHES;
        squares += batch[i] * batch[i] / BATCHES;
    }
    double error = sqrt(fmax(0, squares - sum * sum) / (BATCHES - 1));
    if (!(fabs(sum - expected) <= 5 * error + 1e-12))
        fail_msg("%s is %.8g, expected %.8g +- %.2g", what, sum, expected, 5 * error);
}

void budget_check_long_run(const struct budget_row *row, const void *parameters, const struct budget_long_run *run)
{
    static struct budget_case c;
    struct stream stream = stream_at(stream_key(9, 0, "budget", row->row.name), run->attempts_limit, 0);
    struct tally warm = {0};
    double means[3][BATCHES];
    budget_start(&c, row, parameters);
    for (int i = 0; i < 10 * BATCH; i++)
        one_request(&c, &stream, run, &warm);
    for (int b = 0; b < BATCHES; b++) {
        struct tally tally = {0};
        for (int i = 0; i < BATCH; i++)
            one_request(&c, &stream, run, &tally);
        means[0][b] = tally.attempts / BATCH;
        means[1][b] = tally.good / BATCH;
        means[2][b] = tally.denied / BATCH;
    }
    near("attempts per request", means[0], run->attempts);
    near("the share of good requests", means[1], run->good);
    near("the share of denied requests", means[2], run->denied);
}
