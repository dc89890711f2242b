/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/failure.h"

#include <stddef.h>

#define CONNECTION                                                                                \
    (FAILURE_BIT(FAILURE_CONNECT_TIMEOUT) | FAILURE_BIT(FAILURE_REFUSED) |                        \
     FAILURE_BIT(FAILURE_UNPROCESSED) | FAILURE_BIT(FAILURE_RESET))
#define ERRORS (FAILURE_BIT(FAILURE_GATEWAY) | FAILURE_BIT(FAILURE_SERVER_ERROR))

#define SINGLE_NAMES                                                                                               \
    "timeout", "connect-timeout", "refused", "unprocessed", "reset", "throttled", "overloaded", "shed", "gateway", \
        "server-error", "client-error", "conflict", "breaker-open", "limited", "bulkhead-full"

const char *const failure_kinds[] = {SINGLE_NAMES, NULL};
const char *const failure_names[] = {SINGLE_NAMES, "all",   "default", "rejected",
                                     "error",      "local", "connection", "none", NULL};

#define BIT(n) (UINT32_C(1) << (n))
const uint32_t failure_masks[] = {
    BIT(0), BIT(1), BIT(2), BIT(3), BIT(4), BIT(5), BIT(6), BIT(7), BIT(8), BIT(9), BIT(10), BIT(11), BIT(12), BIT(13),
    BIT(14), FAILURES_ALL, FAILURES_ALL & ~FAILURES_FINAL, FAILURES_REJECTED, ERRORS, FAILURES_LOCAL, CONNECTION, 0};

_Static_assert(sizeof failure_kinds / sizeof *failure_kinds == FAILURE_KINDS + 1, "a name for each failure");
_Static_assert(sizeof failure_names / sizeof *failure_names == sizeof failure_masks / sizeof *failure_masks + 1,
               "a mask for each name");

#define ROW(failure, text, executed) \
    &(const struct row) { .name = failure, .summary = text "; " executed }
#define PERHAPS "perhaps executed"
#define NOT     "not executed"

static const struct row *const rows[] = {
    ROW("timeout", "no answer in time", PERHAPS),
    ROW("connect-timeout", "no connection in time", NOT),
    ROW("refused", "nobody there: connection refused, unroutable", NOT),
    ROW("unprocessed", "the service says that it did not begin (HTTP/2 REFUSED_STREAM)", NOT),
    ROW("reset", "the connection broke while the service was at it", PERHAPS),
    ROW("throttled", "the caller asks too much (429, RESOURCE_EXHAUSTED)", NOT),
    ROW("overloaded", "the service has too much to do (503, UNAVAILABLE; a full queue)", NOT),
    ROW("shed", "overloaded, and do not retry (negative pushback)", NOT),
    ROW("gateway", "what the service calls failed (502, 504)", PERHAPS),
    ROW("server-error", "the service worked on it and failed (500)", PERHAPS),
    ROW("client-error", "the request is wrong and stays wrong (400, 401, 403, 404)", NOT),
    ROW("conflict", "another attempt came first (409)", NOT),
    ROW("breaker-open", "never sent: the caller's circuit breaker is open", NOT),
    ROW("limited", "never sent: the caller's rate limit or throttle", NOT),
    ROW("bulkhead-full", "never sent: the caller has too many under way", NOT),
    NULL,
};

const struct table failure_table = {"failure", "how an attempt can fail: what retry_on and breakers name", rows, NULL};
