/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pipeline: what comes before the jitter, the draw, what comes after it; and the same for ranges. */
#include "policy/backoff.h"

#include <math.h>

#include "base/check.h"

static const struct shape_row *shape_of(const struct backoff *backoff)
{
    return (const struct shape_row *)backoff->shape.row;
}

double backoff_delay_ns(const struct backoff *backoff, uint32_t n)
{
    return shape_of(backoff)->delay_ns(backoff->shape.parameters, n);
}

double backoff_base_ns(const struct backoff *backoff)
{
    return shape_of(backoff)->base_ns(backoff->shape.parameters);
}

double backoff_cap_ns(const struct backoff *backoff)
{
    return backoff->cap_ns == INT64_MAX ? INFINITY : (double)backoff->cap_ns;
}

bool backoff_is_script(const struct backoff *backoff) { return shape_of(backoff)->wait_ns != NULL; }

static const struct jitter_row *jitter_of(const struct backoff *backoff)
{
    return (const struct jitter_row *)backoff->jitter.choice.row;
}

static bool rounds_down(const struct backoff *backoff)
{
    return backoff->round_to_ns != INT64_MAX && backoff->rounding != ROUNDING_NEAREST;
}

/* ---- before the jitter ---- */

enum plan { PLAN_DRAW, PLAN_EXACT, PLAN_ZERO, PLAN_GIVE_UP };

/* The shape's n for a retry; 0: the first zero, which is not the shape's. */
static uint32_t shape_index(const struct backoff *backoff, uint32_t retry)
{
    return backoff->first == FIRST_EXTRA_ZERO ? retry - 1 : retry;
}

static enum plan plan_at_cap(const struct backoff *backoff, struct jitter_in *in)
{
    switch ((enum backoff_at_cap)backoff->at_cap) {
    case AT_CAP_REDRAW:
        return PLAN_DRAW;
    case AT_CAP_STOP:
        return in->retry == 1 ? PLAN_DRAW : PLAN_GIVE_UP;
    default:
        break;
    }
    in->delay_ns = (double)backoff->cap_ns;
    return backoff->at_cap == AT_CAP_EXACT ? PLAN_EXACT : PLAN_DRAW;
}

static void cut_delay(const struct backoff *backoff, struct jitter_in *in)
{
    double step_ns = (double)backoff->round_to_ns;
    in->delay_ns = floor(in->delay_ns / step_ns) * step_ns;
    if (backoff->rounding == ROUNDING_INCLUSIVE)
        in->step_ns = step_ns;
}

static enum plan plan_wait(const struct backoff *backoff, const struct backoff_call *call, struct jitter_in *in)
{
    enum plan plan = PLAN_DRAW;
    CHECK(call->retry > 0, "retries count from 1");
    in->retry = shape_index(backoff, call->retry);
    if (in->retry == 0 || (call->retry == 1 && backoff->first == FIRST_ZERO))
        return PLAN_ZERO;
    in->delay_ns = backoff_delay_ns(backoff, in->retry);
    if (in->delay_ns > backoff_cap_ns(backoff))
        plan = plan_at_cap(backoff, in);
    if (rounds_down(backoff))
        cut_delay(backoff, in);
    return in->retry == 1 && backoff->first == FIRST_EXACT ? PLAN_EXACT : plan;
}

bool backoff_is_last(const struct backoff *backoff, uint32_t retry)
{
    if (backoff->at_cap != AT_CAP_STOP || retry == UINT32_MAX)
        return false;
    return backoff_delay_ns(backoff, shape_index(backoff, retry) + 1) > backoff_cap_ns(backoff);
}

/* ---- after it ---- */

static double within_limits_ns(const struct backoff *backoff, double wait_ns)
{
    if (wait_ns > (double)backoff->max_wait_ns)
        wait_ns = (double)backoff->max_wait_ns;
    return wait_ns < (double)backoff->min_wait_ns ? (double)backoff->min_wait_ns : wait_ns;
}

static double rounded_ns(const struct backoff *backoff, double wait_ns)
{
    double step_ns = (double)backoff->round_to_ns;
    return floor(wait_ns / step_ns + (backoff->rounding == ROUNDING_NEAREST ? 0.5 : 0)) * step_ns;
}

static int64_t whole_wait_ns(const struct backoff *backoff, double wait_ns)
{
    wait_ns = within_limits_ns(backoff, wait_ns);
    if (backoff->round_to_ns != INT64_MAX)
        wait_ns = rounded_ns(backoff, wait_ns);
    return wait_ns < (double)BACKOFF_LONGEST_NS ? (int64_t)(wait_ns + 0.5) : BACKOFF_LONGEST_NS;
}

/* ---- the wait ---- */

static double uniform_ns(const struct jitter_row *jitter, const struct jitter_in *in, struct stream *stream)
{
    struct backoff_range range;
    jitter->bounds_ns(in->backoff->jitter.choice.parameters, in, &range);
    return range.low_ns + (range.high_ns - range.low_ns + in->step_ns) * stream_uniform(stream);
}

static double drawn_ns(const struct backoff *backoff, const struct jitter_in *in, struct stream *stream)
{
    const struct jitter_row *jitter = jitter_of(backoff);
    double wait_ns = jitter->wait_ns ? jitter->wait_ns(backoff->jitter.choice.parameters, in, stream)
                                     : uniform_ns(jitter, in, stream);
    if (backoff->at_cap == AT_CAP_REDRAW && wait_ns > backoff_cap_ns(backoff))
        wait_ns = (double)backoff->cap_ns * (0.5 + 0.5 * stream_uniform(stream));
    return wait_ns;
}

static int64_t script_wait_ns(const struct backoff *backoff, const struct backoff_call *call)
{
    double wait_ns = shape_of(backoff)->wait_ns(backoff->shape.parameters, call);
    if (wait_ns < 0)
        return BACKOFF_GIVE_UP;
    *call->chain_ns = whole_wait_ns(backoff, fmin(wait_ns, backoff_cap_ns(backoff)));
    return *call->chain_ns;
}

int64_t backoff_wait_ns(const struct backoff *backoff, const struct backoff_call *call)
{
    struct jitter_in in = {.backoff = backoff, .call = call};
    if (backoff_is_script(backoff))
        return script_wait_ns(backoff, call);
    enum plan plan = plan_wait(backoff, call, &in);
    if (plan >= PLAN_ZERO)
        return plan == PLAN_ZERO ? 0 : BACKOFF_GIVE_UP;
    double wait_ns = plan == PLAN_EXACT ? in.delay_ns : drawn_ns(backoff, &in, call->stream);
    int64_t whole_ns = whole_wait_ns(backoff, wait_ns);
    if (plan == PLAN_EXACT || !jitter_of(backoff)->keeps_chain)
        *call->chain_ns = whole_ns;
    return whole_ns;
}

bool backoff_allows(const struct backoff *backoff, int64_t retries)
{
    uint32_t most = jitter_of(backoff)->most_retries;
    return most == 0 || retries <= most;
}

/* ---- ranges ---- */

static void drawn_range(const struct backoff *backoff, const struct jitter_in *in, struct backoff_range *range)
{
    double cap_ns = backoff_cap_ns(backoff);
    range->attained = false;
    jitter_of(backoff)->bounds_ns(backoff->jitter.choice.parameters, in, range);
    if (!range->attained)
        range->high_ns += in->step_ns;
    if (backoff->at_cap != AT_CAP_REDRAW || !(range->high_ns > cap_ns))
        return;
    range->low_ns = fmin(range->low_ns, cap_ns / 2);
    range->high_ns = cap_ns;
}

/* The greatest wait: of draws up to, but without, `high_ns` it is the last whole step below that. */
static double whole_high_ns(const struct backoff *backoff, const struct backoff_range *range)
{
    double step_ns = (double)backoff->round_to_ns;
    bool below = range->high_ns > range->low_ns && !range->attained;
    if (rounds_down(backoff) && below && range->high_ns <= (double)backoff->max_wait_ns)
        return fmax((ceil(range->high_ns / step_ns) - 1) * step_ns, (double)backoff->min_wait_ns);
    return range->high_ns;
}

void backoff_next_range(const struct backoff *backoff, uint32_t retry, uint32_t retries, struct backoff_range *range)
{
    struct backoff_call call = {.retry = retry, .retries = retries};
    struct jitter_in in = {.backoff = backoff, .call = &call};
    if (backoff_is_script(backoff)) {
        *range = (struct backoff_range){.high_ns = fmin(backoff_cap_ns(backoff), (double)backoff->max_wait_ns)};
        return;
    }
    enum plan plan = plan_wait(backoff, &call, &in);
    if (plan == PLAN_DRAW)
        drawn_range(backoff, &in, range);
    else
        range->low_ns = range->high_ns = plan == PLAN_EXACT ? in.delay_ns : 0;
    if (plan == PLAN_GIVE_UP)
        range->low_ns = range->high_ns = (double)BACKOFF_GIVE_UP;
    if (plan >= PLAN_ZERO)
        return;
    range->high_ns = (double)whole_wait_ns(backoff, whole_high_ns(backoff, range));
    range->low_ns = (double)whole_wait_ns(backoff, range->low_ns);
    if (plan == PLAN_DRAW && jitter_of(backoff)->keeps_chain)
        return;
    range->chain_low_ns = range->low_ns;
    range->chain_high_ns = range->high_ns;
}
