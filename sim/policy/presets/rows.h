/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The presets: a file for each family of libraries, listed in table.c. */
#ifndef POLICY_PRESETS_ROWS_H
#define POLICY_PRESETS_ROWS_H

#include "policy/preset.h"

/* aws.c */
extern const struct preset_row preset_aws_legacy, preset_aws_legacy_dynamodb, preset_aws_standard,
    preset_aws_standard_pre2024, preset_aws_standard_2026, preset_aws_standard_2026_dynamodb, preset_aws_adaptive,
    preset_aws_adaptive_2026, preset_aws_go_v2_standard, preset_aws_java_v2_standard, preset_aws_java_v2_legacy,
    preset_aws_go_v1;

/* grpc.c */
extern const struct preset_row preset_grpc_a6_example, preset_grpc_a6_throttled, preset_grpc_a6_pre2024,
    preset_grpc_hedge_example, preset_grpc_hedge_java, preset_grpc_connect_go, preset_grpc_connect_java;

/* finagle.c */
extern const struct preset_row preset_finagle_requeue, preset_finagle_tries, preset_finagle_backup;

/* envoy.c */
extern const struct preset_row preset_envoy, preset_envoy_budget, preset_envoy_rate_limited, preset_envoy_hedge,
    preset_istio;

/* linkerd.c */
extern const struct preset_row preset_linkerd_profile, preset_linkerd_route;

/* dotnet.c */
extern const struct preset_row preset_polly_v8, preset_polly_v8_exp_jitter, preset_ms_http_standard,
    preset_polly_contrib_aws;

/* resilience.c */
extern const struct preset_row preset_resilience4j, preset_resilience4j_exp_random, preset_hystrix_command,
    preset_spring_retry, preset_spring_exp_random, preset_failsafe, preset_failsafe_go;

/* jvm.c */
extern const struct preset_row preset_okhttp, preset_datastax_reconnect, preset_kafka_reconnect, preset_kafka_request,
    preset_kafka_request_pre2023, preset_lettuce_reconnect;

/* google.c */
extern const struct preset_row preset_gax_go, preset_google_cloud_java, preset_google_api_core;

/* azure.c */
extern const struct preset_row preset_azure_python, preset_azure_net, preset_azure_go, preset_azure_java;

/* go.c */
extern const struct preset_row preset_cenkalti, preset_go_retryablehttp, preset_go_retryablehttp_linear;

/* kubernetes.c */
extern const struct preset_row preset_k8s_default_retry, preset_k8s_default_backoff, preset_k8s_workqueue,
    preset_k8s_rest;

/* python.c */
extern const struct preset_row preset_tenacity_default, preset_tenacity_rexp, preset_tenacity_rexp_pre2019,
    preset_tenacity_exp_jitter, preset_urllib3, preset_requests, preset_litl_expo;

/* node.c */
extern const struct preset_row preset_node_retry, preset_p_retry, preset_async_retry;

/* redis.c */
extern const struct preset_row preset_ioredis, preset_ioredis_v5, preset_ioredis_request, preset_go_redis,
    preset_go_redis_pre2026, preset_redis_py;

/* reference.c */
extern const struct preset_row preset_sre_client, preset_aws_blog_full, preset_aws_blog_equal,
    preset_aws_blog_decorrelated, preset_tcp_syn_linux, preset_tcp_syn_linux_6_5, preset_tcp_data_linux,
    preset_ethernet_beb;

/* seeds.c */
extern const struct preset_row preset_seed0_prop10, preset_seed1_half, preset_seed3_simple, preset_seed4_code,
    preset_seed4_prose, preset_seed4_decorrelated;

/* breakers.c */
extern const struct preset_row preset_breaker_polly_v8, preset_breaker_polly_v7_classic,
    preset_breaker_ms_http_standard, preset_breaker_resilience4j, preset_breaker_resilience4j_time,
    preset_breaker_hystrix, preset_breaker_gobreaker, preset_breaker_failsafe, preset_breaker_opossum,
    preset_breaker_sentinel, preset_breaker_sentinel_slow, preset_breaker_spring;

/* breakers_proxy.c */
extern const struct preset_row preset_breaker_finagle_accrual, preset_breaker_envoy_outlier,
    preset_breaker_linkerd_consecutive, preset_breaker_linkerd_unified, preset_breaker_seed0,
    preset_breaker_seed3_code, preset_breaker_seed3_prose;

/* budgets.c */
extern const struct preset_row preset_budget_aws_quota, preset_budget_aws_quota_2026, preset_budget_aws_quota_java,
    preset_budget_aws_quota_java_legacy, preset_budget_grpc_throttle, preset_budget_finagle,
    preset_budget_finagle_requeue, preset_budget_finagle_backup, preset_budget_linkerd,
    preset_budget_envoy_max_retries, preset_budget_envoy, preset_budget_failsafe_go, preset_budget_sre_10pct,
    preset_budget_seed4_pct, preset_budget_seed4_perminute;

/* gates.c */
extern const struct preset_row preset_gate_aws_adaptive, preset_gate_envoy_admission, preset_gate_sre_throttle,
    preset_gate_failsafe_go, preset_gate_ms_http_standard, preset_gate_hystrix_pool,
    preset_gate_resilience4j_bulkhead, preset_gate_resilience4j_limiter, preset_gate_k8s_workqueue,
    preset_gate_k8s_rest, preset_gate_sliding_log;

#endif
