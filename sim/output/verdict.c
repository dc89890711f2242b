/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "output/phrase.h"
#include "output/value.h"

/* A strategy as the headline sees it. */
struct candidate {
    const struct strategy_result *strategy;
    const struct metric_result *metric;
    uint32_t stuck; /* replications; 0 where that is not defined */
    bool best;      /* the best, or not told apart from it */
    bool leader;    /* the best */
};

struct contest {
    const struct result *result;
    struct candidate *candidates;
    size_t count, tied; /* tied: how many are `best` */
    const struct candidate *leader;
    const char *name; /* the headline without its place */
};

/* ---- words ---- */

static void add_value(struct text *text, const struct contest *contest, const struct candidate *candidate)
{
    char shown[UNIT_SHOWN_SIZE];
    text_add(text, value_show(contest->result, candidate->strategy, contest->result->headline, shown));
}

/* "a", "a and b", "a, b and c", "a, b and 3 more": those that `has` picks. */
static size_t add_names(struct text *text, const struct contest *contest,
                        bool (*has)(const struct candidate *candidate))
{
    size_t count = 0, said = 0;
    for (size_t i = 0; i < contest->count; i++)
        count += has(&contest->candidates[i]);
    size_t names = count > 3 ? 2 : count;
    for (size_t i = 0; i < contest->count && said < names; i++) {
        if (!has(&contest->candidates[i]))
            continue;
        if (said > 0)
            text_add(text, said + 1 == count ? " and " : ", ");
        text_add(text, contest->candidates[i].strategy->name);
        said++;
    }
    if (names < count)
        text_printf(text, " and %zu more", count - names);
    return count;
}

/* "peaks at 36x of capacity at services.api" */
static void add_deed(struct text *text, const struct contest *contest, const struct candidate *candidate)
{
    const struct phrase *phrase = phrase_of(contest->name);
    const char *headline = contest->result->headline;
    text_printf(text, "%s ", phrase ? phrase->verb : "has");
    if (!phrase)
        text_printf(text, "%s ", contest->name);
    add_value(text, contest, candidate);
    if (phrase)
        text_add(text, phrase->after);
    if (contest->name != headline)
        text_printf(text, " at %.*s", (int)(contest->name - headline - 1), headline);
}

/* ---- who is best ---- */

static uint32_t stuck_count(const struct strategy_result *strategy, uint32_t replications)
{
    const struct metric_result *stuck = result_metric(strategy, "stuck");
    uint32_t count = 0;
    for (uint32_t r = 0; stuck && r < replications; r++)
        count += stuck->values[r] > 0;
    return count;
}

static void mark_best(struct contest *contest)
{
    const struct strategy_result *best = result_best(contest->result);
    for (size_t i = 0; i < contest->count; i++)
        if (contest->candidates[i].strategy == best)
            contest->leader = &contest->candidates[i];
    if (contest->leader)
        contest->candidates[contest->leader - contest->candidates].leader = true;
    for (size_t i = 0; contest->leader && i < contest->count; i++) {
        struct candidate *candidate = &contest->candidates[i];
        candidate->best = candidate == contest->leader || (candidate->stuck == contest->leader->stuck &&
                                                           !isnan(candidate->metric->estimate.mean) &&
                                                           result_tied(contest->result, candidate->metric,
                                                                       contest->leader->metric));
        contest->tied += candidate->best;
    }
}

static bool is_tied(const struct candidate *candidate)
{
    return candidate->best && !candidate->leader;
}

static bool is_hopeless(const struct candidate *candidate)
{
    return !candidate->best && candidate->stuck > 0 && candidate->stuck == candidate->strategy->finished;
}

static bool is_doubtful(const struct candidate *candidate)
{
    return !candidate->best && candidate->stuck > 0 && candidate->stuck < candidate->strategy->finished;
}

/* Not stuck, and yet without a value: it did not get as far as the headline asks. */
static bool is_undefined(const struct candidate *candidate)
{
    return candidate->stuck == 0 && isnan(candidate->metric->estimate.mean);
}

/* Behind the best, and without a stuck replication. */
static bool is_ranked(const struct candidate *candidate)
{
    return !candidate->best && candidate->stuck == 0 && !isnan(candidate->metric->estimate.mean);
}

/* The ranked one that is nearest to the best in the headline, or farthest from it. */
static const struct candidate *ranked(const struct contest *contest, bool farthest)
{
    const struct candidate *found = NULL;
    double at = NAN;
    for (size_t i = 0; i < contest->count; i++) {
        const struct candidate *candidate = &contest->candidates[i];
        double distance = fabs(candidate->metric->estimate.mean - contest->leader->metric->estimate.mean);
        if (!is_ranked(candidate) || (found && (farthest ? distance <= at : distance >= at)))
            continue;
        found = candidate;
        at = distance;
    }
    return found;
}

/* ---- sentences ---- */

static void add_undefined_ones(struct text *text, const struct contest *contest)
{
    struct text names = text_in_memory();
    size_t count = add_names(&names, contest, is_undefined);
    if (count > 0)
        text_printf(text, "; %s never %s", names.bytes, count > 1 ? "get there" : "gets there");
    text_free(&names);
}

/* Whether the best costs less than all that are tied with it, which is then what decided in result_best. */
static bool is_cheapest(const struct contest *contest, const char *cost)
{
    const struct metric_result *best = result_metric(contest->leader->strategy, cost);
    for (size_t i = 0; i < contest->count; i++) {
        const struct metric_result *other = result_metric(contest->candidates[i].strategy, cost);
        if (is_tied(&contest->candidates[i]) &&
            (!best || !other || !(best->estimate.mean < other->estimate.mean) ||
             result_tied(contest->result, best, other)))
            return false;
    }
    return true;
}

/* Why the best is preferred to those that are tied with it. */
static void add_preference(struct text *text, const struct contest *contest)
{
    static const char *const costs[] = {"amplification", "wasted_work_ratio"}, *const words[] = {"sends", "wastes"},
                             *const after[] = {"as many attempts as requests", "of the work"},
                             *const of_all[] = {"send more attempts", "waste more work"};
    const struct candidate *tied = contest->candidates;
    size_t i = is_cheapest(contest, costs[0]) ? 0 : 1;
    if (!is_cheapest(contest, costs[i]))
        return;
    if (contest->tied > 2) {
        text_printf(text, ", but they %s", of_all[i]);
        return;
    }
    while (!is_tied(tied))
        tied++;
    char mine[UNIT_SHOWN_SIZE], its[UNIT_SHOWN_SIZE];
    value_show(contest->result, contest->leader->strategy, costs[i], mine);
    value_show(contest->result, tied->strategy, costs[i], its);
    text_printf(text, ", but %s %s %s, not %s", words[i], its, after[i], mine);
}

/* Whether those that are tied have the leader's value in each replication. */
static bool all_the_same(const struct contest *contest)
{
    for (size_t i = 0; i < contest->count; i++)
        for (uint32_t r = 0; is_tied(&contest->candidates[i]) && r < contest->result->replications; r++) {
            double one = contest->candidates[i].metric->values[r], best = contest->leader->metric->values[r];
            if (one != best && !(isnan(one) && isnan(best)))
                return false;
        }
    return true;
}

static void add_ties(struct text *text, const struct contest *contest)
{
    if (contest->tied < 2)
        return;
    text_add(text, "; ");
    add_names(text, contest, is_tied);
    if (all_the_same(contest))
        text_add(text, contest->tied == 2 ? " does the same" : " do the same");
    else
        text_add(text, " cannot be told apart from it (the 95 % interval of the difference holds 0)");
    add_preference(text, contest);
}

/* The runner-up and the worst. */
static void add_ranked(struct text *text, const struct contest *contest, bool recovery)
{
    const struct candidate *next = ranked(contest, false), *last = ranked(contest, true);
    const char *word = recovery ? "takes " : phrase_preposition(contest->name);
    if (next) {
        text_printf(text, "; %s %s", next->strategy->name, word);
        add_value(text, contest, next);
    }
    if (last && last != next) {
        text_printf(text, "; %s %s", last->strategy->name, recovery ? "" : word);
        add_value(text, contest, last);
    }
}

/* "(20/20 stuck)", or "(all stuck)" where their numbers differ. */
static void add_hopeless_count(struct text *text, const struct contest *contest)
{
    const struct candidate *first = NULL;
    bool same = true;
    for (size_t i = 0; i < contest->count; i++) {
        const struct candidate *candidate = &contest->candidates[i];
        if (!is_hopeless(candidate))
            continue;
        first = first ? first : candidate;
        same = same && candidate->stuck == first->stuck;
    }
    if (same)
        text_printf(text, " (%u/%u stuck)", first->stuck, first->strategy->finished);
    else
        text_add(text, " (all stuck)");
}

static void add_stuck_ones(struct text *text, const struct contest *contest, bool recovery)
{
    size_t doubtful = 0;
    struct text names = text_in_memory();
    size_t hopeless = add_names(&names, contest, is_hopeless);
    if (hopeless > 0) {
        text_printf(text, "; %s ", names.bytes);
        text_printf(text, recovery       ? hopeless > 1 ? "never do" : "never does"
                          : hopeless > 1 ? "never recover"
                                         : "never recovers");
        add_hopeless_count(text, contest);
    }
    for (size_t i = 0; i < contest->count; i++)
        if (is_doubtful(&contest->candidates[i]) && ++doubtful <= 3)
            text_printf(text, "%s %s%s in %u/%u", doubtful == 1 ? ";" : ",",
                        contest->candidates[i].strategy->name, doubtful == 1 ? " stays stuck" : "",
                        contest->candidates[i].stuck, contest->candidates[i].strategy->finished);
    text_free(&names);
}

static void say_one_recovery(struct text *text, const struct contest *contest,
                             const struct candidate *candidate)
{
    uint32_t finished = candidate->strategy->finished;
    text_add(text, candidate->strategy->name);
    if (candidate->stuck == finished) {
        text_printf(text, " never recovers (%u/%u stuck)", candidate->stuck, finished);
    } else if (candidate->stuck > 0) {
        text_printf(text, " recovers in %u of %u replications, on average ", finished - candidate->stuck,
                    finished);
        add_value(text, contest, candidate);
        text_add(text, " after the fault");
    } else if (candidate->metric->estimate.mean == 0) {
        text_add(text, " recovers at once");
    } else {
        text_char(text, ' ');
        add_deed(text, contest, candidate);
    }
}

static void say_nobody(struct text *text, const struct contest *contest)
{
    bool all_stuck = true;
    for (size_t i = 0; i < contest->count; i++)
        all_stuck = all_stuck && is_hopeless(&contest->candidates[i]);
    if (contest->count == 1 && all_stuck)
        say_one_recovery(text, contest, &contest->candidates[0]);
    else if (all_stuck)
        text_printf(text, "No strategy recovers: all replications of all %zu stay stuck", contest->count);
    else
        text_printf(text, "%s is undefined for every strategy", contest->result->headline);
}

static void say_best(struct text *text, const struct contest *contest, bool recovery)
{
    if (recovery) {
        say_one_recovery(text, contest, contest->leader);
    } else {
        text_printf(text, "%s ", contest->leader->strategy->name);
        add_deed(text, contest, contest->leader);
    }
    add_ties(text, contest);
    add_ranked(text, contest, recovery);
    add_stuck_ones(text, contest, recovery);
    add_undefined_ones(text, contest);
}

static void say_range(struct text *text, const struct contest *contest)
{
    const struct candidate *low = &contest->candidates[0], *high = low;
    for (size_t i = 1; i < contest->count; i++) {
        double mean = contest->candidates[i].metric->estimate.mean;
        low = mean < low->metric->estimate.mean ? &contest->candidates[i] : low;
        high = mean > high->metric->estimate.mean ? &contest->candidates[i] : high;
    }
    text_printf(text, "%s is ", contest->result->headline);
    add_value(text, contest, low);
    if (low != high) {
        text_printf(text, " with %s, ", low->strategy->name);
        add_value(text, contest, high);
    }
    text_printf(text, " with %s", high->strategy->name);
}

static void gather(struct contest *contest, const struct result *result)
{
    const char *dot = strrchr(result->headline, '.');
    contest->name = dot ? dot + 1 : result->headline;
    for (size_t i = 0; i < result->strategy_count; i++) {
        const struct strategy_result *strategy = &result->strategies[i];
        const struct metric_result *metric = result_metric(strategy, result->headline);
        if (metric && strategy->finished > 0)
            contest->candidates[contest->count++] = (struct candidate){
                .strategy = strategy, .metric = metric, .stuck = stuck_count(strategy, result->replications)};
    }
    mark_best(contest);
}

void output_verdict(const struct result *result, struct text *text)
{
    struct candidate *candidates = memory_zeroed(result->strategy_count, sizeof *candidates);
    struct contest contest = {.result = result, .candidates = candidates};
    gather(&contest, result);
    bool directed = contest.count > 0 && candidates[0].metric->info->better != BETTER_NEITHER;
    if (contest.count == 0)
        text_add(text, "No replication finished");
    else if (!directed && !isnan(candidates[0].metric->estimate.mean))
        say_range(text, &contest);
    else if (!contest.leader)
        say_nobody(text, &contest);
    else
        say_best(text, &contest, strcmp(contest.name, "recovery_s") == 0);
    if (contest.count > 0 && result->replications == 1)
        text_add(text, " (one replication: there is no interval)");
    text_char(text, '.');
    free(candidates);
}
