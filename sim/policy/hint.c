/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/hint.h"

/* The hint as the limit leaves it: HINT_NONE, HINT_STOP or a wait. */
static int64_t within_limit_ns(const struct hint *hint, int64_t hint_ns)
{
    if (hint_ns <= hint->limit_ns)
        return hint_ns;
    switch ((enum hint_over_limit)hint->over_limit) {
    case HINT_OVER_CLIP: return hint->limit_ns;
    case HINT_OVER_STOP: return HINT_STOP;
    default: return HINT_NONE;
    }
}

static int64_t clamp_ns(int64_t value_ns, int64_t low_ns, int64_t high_ns)
{
    return value_ns < low_ns ? low_ns : value_ns > high_ns ? high_ns : value_ns;
}

static int64_t combine_ns(const struct hint *hint, int64_t wait_ns, int64_t hint_ns, struct stream *stream)
{
    switch ((enum hint_rule)hint->rule) {
    case HINT_MAX: return wait_ns > hint_ns ? wait_ns : hint_ns;
    case HINT_ADD: return wait_ns + hint_ns;
    case HINT_CLAMP: return clamp_ns(hint_ns, wait_ns, wait_ns + hint->slack_ns);
    case HINT_JITTER_UP: return hint_ns + (int64_t)((double)hint_ns * 0.5 * stream_uniform(stream));
    default: return hint_ns;
    }
}

int64_t hint_apply_ns(const struct hint *hint, enum failure failure, int64_t wait_ns, int64_t hint_ns,
                      struct stream *stream, bool *used)
{
    *used = false;
    if (hint->rule == HINT_IGNORE || !failure_in(hint->on, failure))
        return wait_ns;
    if (hint_ns == 0 && hint->zero_falls_through)
        return wait_ns;
    if (hint_ns >= 0)
        hint_ns = within_limit_ns(hint, hint_ns);
    if (hint_ns == HINT_STOP)
        return HINT_STOP;
    if (hint_ns == HINT_NONE)
        return hint->rule == HINT_REQUIRED ? HINT_STOP : wait_ns;
    *used = true;
    return combine_ns(hint, wait_ns, hint_ns, stream);
}

static const char *const rules[] = {"ignore", "replace", "max", "add", "clamp", "jitter-up", "required", NULL};
static const char *const over_limits[] = {"clip", "ignore", "stop", NULL};

static const struct field fields[] = {
    {"rule", FIELD_ENUM, offsetof(struct hint, rule), .names = rules,
     .help = "how the wait that a service asks for (h) and the backoff's own (X) make one: ignore X; replace h; max; "
             "add X + h; clamp h into [X, X + slack]; jitter-up U(h, 1.5 h); required h, and no retry without one"},
    {"on", FIELD_SET, offsetof(struct hint, on), .names = failure_names, .masks = failure_masks, .text = "all",
     .help = "failures whose hint is looked at"},
    {"limit", FIELD_DURATION, offsetof(struct hint, limit_ns), .max = 3.15576e18, .text = "none", .word = "none",
     .help = "longest hint"},
    {"over_limit", FIELD_ENUM, offsetof(struct hint, over_limit), .names = over_limits, .text = "clip",
     .help = "a longer one is cut to the limit, not used, or ends the request"},
    {"slack", FIELD_DURATION, offsetof(struct hint, slack_ns), .max = 3.15576e18, .text = "5s",
     .help = "clamp: most that is added to the backoff's wait"},
    {"zero_falls_through", FIELD_BOOL, offsetof(struct hint, zero_falls_through), .text = "false",
     .help = "a hint of 0 leaves the backoff's wait as it is (urllib3), instead of: at once"},
    {"restarts", FIELD_BOOL, offsetof(struct hint, restarts), .text = "false",
     .help = "a hint that was used puts the backoff back to its first retry (gRPC)"},
    {0},
};

const struct record hint_record = {"a retry_after rule", sizeof(struct hint), fields, "rule", NULL};
