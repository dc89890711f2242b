/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feed.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/stream.h"

/* A budget by itself. The state of those that are a balance begins with it. */
struct fed {
    const struct budget_row *row;
    const void *parameters;
    int64_t *state;
    double p;
    int64_t attempts;
};

typedef void hear(const void *parameters, void *state, const struct budget_event *event);

static void tell(const struct fed *fed, hear *what, const struct budget_event *event)
{
    if (what)
        what(fed->parameters, fed->state, event);
}

static void one_request(const struct fed *fed, struct stream *stream)
{
    struct budget_event event = {.attempts = 0, .failure = FAILURE_SERVER_ERROR, .retryable = true, .sent = true};
    tell(fed, fed->row->on_request, &event);
    while (event.attempts < fed->attempts) {
        event.attempts++;
        if (event.attempts > 1)
            tell(fed, fed->row->on_retry_sent, &event);
        bool good = stream_uniform(stream) >= fed->p;
        tell(fed, good ? fed->row->on_success : fed->row->on_failure, &event);
        if (good || event.attempts == fed->attempts || !fed->row->try_retry(fed->parameters, fed->state, &event))
            break;
    }
    tell(fed, fed->row->on_end, &event);
}

static double tokens_at_start(const struct fed *fed, const struct feed *feed, uint32_t replication)
{
    struct stream stream = stream_at(stream_key(feed->seed, replication, "theory", "budget"), 0, 0);
    double sum = 0;
    if (fed->row->init)
        fed->row->init(fed->parameters, fed->state);
    for (double i = 0; i < feed->warmup; i++)
        one_request(fed, &stream);
    for (double i = 0; i < feed->requests; i++) {
        sum += (double)fed->state[0];
        one_request(fed, &stream);
    }
    return sum / feed->requests / (double)BUDGET_TOKEN;
}

static struct result *new_result(uint32_t replications)
{
    static const struct metric_info tokens = {"fed_tokens", UNIT_NUMBER, BETTER_NEITHER, "held when a request begins"};
    struct arena arena = {NULL};
    struct result *result = arena_alloc(&arena, sizeof *result);
    result->replications = replications;
    result->strategy_count = 1;
    result->strategies = arena_alloc(&arena, sizeof *result->strategies);
    result->strategies->metric_count = 1;
    result->strategies->metrics = arena_alloc(&arena, sizeof *result->strategies->metrics);
    result->strategies->metrics->info = &tokens;
    result->strategies->metrics->values = arena_alloc(&arena, replications * sizeof(double));
    result->arena = arena;
    return result;
}

struct result *feed_budget(const struct scenario *scenario, const struct feed *feed)
{
    const struct model_config *model = &scenario->variants[0].config.model;
    const struct client_config *client = model->clients.items;
    const struct policy *policy = &client->hop.policy;
    CHECK(policy->budgets.count > 0, "there is no budget to be fed");
    const struct budget *budget = policy->budgets.items;
    struct fed fed = {.row = (const struct budget_row *)budget->choice.row,
                      .parameters = budget->choice.parameters,
                      .p = ((const struct service_config *)model->services.items)->error_ratio,
                      .attempts = policy->attempts};
    struct result *result = new_result(feed->replications);
    fed.state = memory_zeroed(1, fed.row->state_size(fed.parameters));
    for (uint32_t r = 0; r < feed->replications; r++)
        result->strategies->metrics->values[r] = tokens_at_start(&fed, feed, r);
    free(fed.state);
    return result;
}
