/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budgets on their own; policies name them. */
#include "policy/presets/rows.h"

#define BOTOCORE "boto/botocore 1.43.67, commit 0e6e240: botocore/retries/quota.py, standard.py"
#define JAVA "aws/aws-sdk-java-v2: core/retries DefaultRetryStrategy.java, commit 25787b3"
#define ENVOY "envoyproxy/envoy: source/common/upstream/resource_manager_impl.h, circuit_breaker.proto, commit 01c2c1f"

const struct preset_row preset_budget_aws_quota = {
    .row = {.name = "aws-quota",
            .summary = "AWS SDKs: 500 tokens, a retry costs 5 (after timeouts 10), successes give back",
            .source = BOTOCORE},
    .part = PRESET_BUDGET,
    .library = "aws-quota",
    .text = "{kind: bucket, size: 500, cost: 5, costs: [{on: [timeout, connect-timeout], cost: 10}],\n"
            " refund_success: 1, refund_retry: last-cost, scope: client}",
    .confidence = PRESET_READ,
    .notes = "Time refills nothing. A success after retries gives back what the last one cost, not all of them. "
             "Each client has its own and starts full, so many short-lived clients are not limited at all.",
};

const struct preset_row preset_budget_aws_quota_2026 = {
    .row = {.name = "aws-quota-2026",
            .summary = "AWS SDKs as specified in 2026: 500 tokens, a retry costs 14 (throttled 5)",
            .source = BOTOCORE "; aws/aws-sdk-go-v2 aws/retry/retry2026_test.go, commit 058d984"},
    .part = PRESET_BUDGET,
    .library = "aws-quota",
    .text = "{kind: bucket, size: 500, cost: 14, costs: [{on: throttled, cost: 5}],\n"
            " refund_success: 1, refund_retry: last-cost, scope: client}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_budget_aws_quota_java = {
    .row = {.name = "aws-quota-java",
            .summary = "AWS SDK for Java 2, standard: 500 tokens, a retry costs 5",
            .source = JAVA},
    .part = PRESET_BUDGET,
    .library = "aws-quota",
    .text = "{kind: bucket, size: 500, cost: 5, refund_success: 1, refund_retry: last-cost, scope: client}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "size and cost were read; what a success gives back is taken from botocore",
};

const struct preset_row preset_budget_aws_quota_java_legacy = {
    .row = {.name = "aws-quota-java-legacy",
            .summary = "AWS SDK for Java 2, legacy: 500 tokens, a retry costs 5, after throttling nothing",
            .source = JAVA},
    .part = PRESET_BUDGET,
    .library = "aws-quota",
    .text = "{kind: bucket, size: 500, cost: 5, costs: [{on: throttled, cost: 0}],\n"
            " refund_success: 1, refund_retry: last-cost, scope: client}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "size and costs were read; what a success gives back is taken from botocore",
};

const struct preset_row preset_budget_grpc_throttle = {
    .row = {.name = "grpc-throttle",
            .summary = "gRPC retryThrottling: 10 tokens, a failure costs 1, a success earns 0.1, retries above half",
            .source = "grpc/proposal A6-client-retries.md, commit 1fd061a; grpc/grpc-go service_config.go, commit "
                      "4793ad0"},
    .part = PRESET_BUDGET,
    .text = "{kind: throttle, max: 10, ratio: 0.1, scope: client}",
    .confidence = PRESET_READ,
    .chosen = "maxTokens 10 and tokenRatio 0.1, the proposal's example",
    .notes = "Failures are charged whether or not a retry follows, the last one, too. A bucket at exactly half is "
             "closed: from there it takes 11 successes before one failure may be retried.",
};

const struct preset_row preset_budget_finagle = {
    .row = {.name = "finagle",
            .summary = "Finagle's RetryBudget: retries 20 % of the requests of 10 s, and 10/s",
            .source = "twitter/finagle, commit 4feb34c: service/RetryBudget.scala; twitter/util, commit 17c8187"},
    .part = PRESET_BUDGET,
    .library = "finagle-budget",
    .text = "{kind: window, ratio: 20%, ttl: 10s, slices: 10, min_rate: 10/s, earns: request, scope: client}",
    .confidence = PRESET_READ,
    .notes = "10/s for each client: in a fleet of 1000 that is 10,000/s, whatever the load.",
};

const struct preset_row preset_budget_finagle_requeue = {
    .row = {.name = "finagle-requeue",
            .summary = "Finagle's budget of its own requeues: only successes pay in; a request gets 20 % of it",
            .source = "twitter/finagle, commit 4feb34c: service/RequeueFilter.scala, RetryBudget.scala"},
    .part = PRESET_BUDGET,
    .library = "finagle-budget",
    .text = "{kind: window, ratio: 20%, ttl: 10s, slices: 10, min_rate: 10/s, earns: success, per_request: 20%,\n"
            " scope: client}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_budget_finagle_backup = {
    .row = {.name = "finagle-backup",
            .summary = "Finagle's budget of backup requests: 1 % of the requests of 10 s",
            .source = "twitter/finagle, commit 4feb34c: client/BackupRequestFilter.scala"},
    .part = PRESET_BUDGET,
    .library = "finagle-budget",
    .text = "{kind: window, ratio: 1%, ttl: 10s, slices: 10, min_rate: 0/s, earns: request, scope: client}",
    .confidence = PRESET_READ,
    .chosen = "maxExtraLoad of 1 %",
};

const struct preset_row preset_budget_linkerd = {
    .row = {.name = "linkerd",
            .summary = "Linkerd and tower: retries 20 % of the final results of 10 s, and 10/s",
            .source = "linkerd/linkerd2-proxy, commit 29637b6; tower-rs/tower, commit 8358ee7: retry/budget"},
    .part = PRESET_BUDGET,
    .text = "{kind: window, ratio: 20%, ttl: 10s, slices: 10, min_rate: 10/s, earns: final, rounding: floor,\n"
            " scope: client}",
    .confidence = PRESET_READ,
    .notes = "A retry costs floor(1 / ratio) deposits, so that a ratio of 30 % is really a third.",
};

const struct preset_row preset_budget_envoy_max_retries = {
    .row = {.name = "envoy-max-retries",
            .summary = "Envoy's circuit breaker max_retries: at most 3 retries at the same time",
            .source = ENVOY},
    .part = PRESET_BUDGET,
    .library = "envoy-retries",
    .text = "{kind: inflight, ratio: 0%, min: 3, scope: population}",
    .confidence = PRESET_READ,
    .chosen = "one proxy for the population; 'scope: client' is a sidecar for each",
    .notes = "A retry holds its place from the decision on, while it waits, too.",
};

const struct preset_row preset_budget_envoy = {
    .row = {.name = "envoy-budget",
            .summary = "Envoy's retry_budget: retries at most 20 % of what is active and pending, or 3",
            .source = ENVOY},
    .part = PRESET_BUDGET,
    .library = "envoy-retries",
    .text = "{kind: inflight, ratio: 20%, min: 3, base: attempts, scope: population}",
    .confidence = PRESET_READ,
    .chosen = "one proxy for the population; 'scope: client' is a sidecar for each",
};

const struct preset_row preset_budget_failsafe_go = {
    .row = {.name = "failsafe-go",
            .summary = "failsafe-go's budget: 20 % of the executions under way, or 3; asked after the wait",
            .source = "failsafe-go/failsafe-go 0.9.7, commit 5759a5e: budget/"},
    .part = PRESET_BUDGET,
    .text = "{kind: inflight, ratio: 20%, min: 3, base: requests, compare: at-most, when: after, scope: client}",
    .confidence = PRESET_READ,
};

const struct preset_row preset_budget_sre_10pct = {
    .row = {.name = "sre-10pct",
            .summary = "the SRE book: a client retries while less than 10 % of its requests were retries",
            .source = "Beyer et al., Site Reliability Engineering (2016), ch. 21, Handling overload"},
    .part = PRESET_BUDGET,
    .text = "{kind: window, ratio: 10%, ttl: 2min, slices: 120, min_rate: 0/s, needs: some,\n"
            " earns: request, scope: client}",
    .confidence = PRESET_NOT_READ,
    .doubt = "10 % and 2 min are from memory",
};

const struct preset_row preset_budget_seed4_pct = {
    .row = {.name = "seed4-pct",
            .summary = "snippet 004, its text: retries at most 10 % of requests",
            .source = "text 004 of the five that this project began with"},
    .part = PRESET_BUDGET,
    .library = "seed4-budget",
    .text = "{kind: window, ratio: 10%, ttl: 1min, slices: 60, min_rate: 0/s, earns: request, scope: population}",
    .confidence = PRESET_READ,
    .chosen = "counted over a minute, for the population; it does not say",
};

const struct preset_row preset_budget_seed4_perminute = {
    .row = {.name = "seed4-perminute",
            .summary = "snippet 004, its formula: success rate x request rate x 10 % x 60 retries a minute",
            .source = "text 004 of the five that this project began with"},
    .part = PRESET_BUDGET,
    .library = "seed4-budget",
    .text = "{kind: per-minute, ratio: 10%, scope: population}",
    .confidence = PRESET_READ,
    .notes = "In a total outage the success rate, and so the budget, goes to 0.",
};
