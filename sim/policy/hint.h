/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a client does about a hint: the wait that a service asks for with a rejection (Retry-After, pushback).
 *
 *     ignore     X                            clamp      min(max(h, X), X + slack)
 *     replace    h                            jitter-up  U(h, 1.5 h)
 *     max        max(X, h)                    required   h; without a hint the request is not retried
 *     add        X + h
 *
 * X is the backoff's own wait, h the hint. A hint above `limit` is cut to it (`over_limit: clip`), not used
 * (`ignore`), or the end of the request (`stop`). A hint of 0 means at once, or with `zero_falls_through` X: it is a
 * hint, so `required` retries, but without a say. Only failures in `on` are looked at. With `restarts`, a hint that
 * was used puts the backoff back to its first retry (gRPC). Pure. Sources: go-retryablehttp, urllib3, Azure
 * (replace), Azure .NET (max), AWS SDK for Go v1 (add), AWS SDKs 2026 (clamp), Envoy (jitter-up), Kubernetes
 * client-go (required). */
#ifndef POLICY_HINT_H
#define POLICY_HINT_H

#include "base/field.h"
#include "base/stream.h"
#include "policy/failure.h"

enum hint_rule { HINT_IGNORE, HINT_REPLACE, HINT_MAX, HINT_ADD, HINT_CLAMP, HINT_JITTER_UP, HINT_REQUIRED };
enum hint_over_limit { HINT_OVER_CLIP, HINT_OVER_IGNORE, HINT_OVER_STOP };

#define HINT_NONE (-1)          /* there was no hint */
#define HINT_STOP INT64_MIN     /* the answer that ends the request */

struct hint {
    int rule;             /* enum hint_rule */
    uint32_t on;          /* set of failures */
    int64_t limit_ns;     /* INT64_MAX: none */
    int over_limit;       /* enum hint_over_limit */
    int64_t slack_ns;     /* clamp */
    bool zero_falls_through, restarts;
};

extern const struct record hint_record;     /* replace, or {rule: replace, limit: 60s, over_limit: stop} */

/* The wait after `wait_ns` met `hint_ns`, or HINT_STOP. *used: whether the hint had a say. */
int64_t hint_apply_ns(const struct hint *hint, enum failure failure, int64_t wait_ns, int64_t hint_ns,
                      struct stream *stream, bool *used);

#endif
