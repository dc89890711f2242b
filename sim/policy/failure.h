/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways in which an attempt can fail, as its caller learns of it: the alphabet of every predicate (`retry_on`,
 * what a breaker counts, what a budget charges for) and of every counter.
 *
 *     timeout          no answer in time                                              perhaps executed
 *     connect-timeout  no connection in time                                          not executed
 *     refused          nobody there: connection refused, unroutable                   not executed
 *     unprocessed      the service says that it did not begin (HTTP/2 REFUSED_STREAM) not executed
 *     reset            the connection broke while the service was at it               perhaps executed
 *     throttled        you ask too much (429, throttling codes, RESOURCE_EXHAUSTED)   not executed
 *     overloaded       we have too much to do (503, UNAVAILABLE; a full queue)        not executed
 *     shed             the same, and do not retry (negative pushback)                 not executed
 *     gateway          what the service itself calls failed (502, 504)                perhaps executed
 *     server-error     the service worked on it and failed (500)                      perhaps executed
 *     client-error     the request is wrong and stays wrong (400, 401, 403, 404 ...)  not executed
 *     conflict         another attempt came first: a lost optimistic update (409)     not executed
 *     breaker-open     never sent: the caller's own circuit breaker is open           not executed
 *     limited          never sent: the caller's own rate limit or throttle            not executed
 *     bulkhead-full    never sent: the caller has too many under way                  not executed
 *
 * Groups stand for several: `all`, `default` (all but shed and client-error, which are final), `rejected` (throttled,
 * overloaded, shed), `error` (gateway, server-error), `connection` (connect-timeout, refused, unprocessed, reset),
 * `local` (the last three), `none`. */
#ifndef POLICY_FAILURE_H
#define POLICY_FAILURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/table.h"

enum failure {
    FAILURE_TIMEOUT, FAILURE_CONNECT_TIMEOUT, FAILURE_REFUSED, FAILURE_UNPROCESSED, FAILURE_RESET, FAILURE_THROTTLED,
    FAILURE_OVERLOADED, FAILURE_SHED, FAILURE_GATEWAY, FAILURE_SERVER_ERROR, FAILURE_CLIENT_ERROR, FAILURE_CONFLICT,
    FAILURE_BREAKER_OPEN, FAILURE_LIMITED, FAILURE_BULKHEAD_FULL, FAILURE_KINDS
};

/* Sets of failures: bit = enum failure. */
#define FAILURE_BIT(failure) (UINT32_C(1) << (failure))
#define FAILURES_ALL (FAILURE_BIT(FAILURE_KINDS) - 1)
#define FAILURES_LOCAL \
    (FAILURE_BIT(FAILURE_BREAKER_OPEN) | FAILURE_BIT(FAILURE_LIMITED) | FAILURE_BIT(FAILURE_BULKHEAD_FULL))
#define FAILURES_REJECTED \
    (FAILURE_BIT(FAILURE_THROTTLED) | FAILURE_BIT(FAILURE_OVERLOADED) | FAILURE_BIT(FAILURE_SHED))
#define FAILURES_FINAL (FAILURE_BIT(FAILURE_SHED) | FAILURE_BIT(FAILURE_CLIENT_ERROR))
/* After these the service may have done the work, so a retry may do it twice. */
#define FAILURES_PERHAPS_EXECUTED                                                                          \
    (FAILURE_BIT(FAILURE_TIMEOUT) | FAILURE_BIT(FAILURE_RESET) | FAILURE_BIT(FAILURE_GATEWAY) |            \
     FAILURE_BIT(FAILURE_SERVER_ERROR))

/* For field tables: every name, single failures first (so an ENUM of `failure_names` up to FAILURE_KINDS - 1 is a
 * failure), then the groups; and the bits of each. `failure_kinds` are the single ones only. */
extern const char *const failure_names[], *const failure_kinds[];
extern const uint32_t failure_masks[];

extern const struct table failure_table;     /* for `list` and `describe` */

static inline bool failure_in(uint32_t set, enum failure failure) { return set >> failure & 1; }

#endif
