/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All presets: policies, then breakers, budgets and gates, in the order in which `list` shows them. */
#include "policy/presets/rows.h"

static const struct row *const rows[] = {
    /* aws.c */
    &preset_aws_legacy.row, &preset_aws_legacy_dynamodb.row, &preset_aws_standard.row,
    &preset_aws_standard_pre2024.row, &preset_aws_standard_2026.row, &preset_aws_standard_2026_dynamodb.row,
    &preset_aws_adaptive.row, &preset_aws_adaptive_2026.row, &preset_aws_go_v2_standard.row,
    &preset_aws_java_v2_standard.row, &preset_aws_java_v2_legacy.row, &preset_aws_go_v1.row,
    /* grpc.c */
    &preset_grpc_a6_example.row, &preset_grpc_a6_throttled.row, &preset_grpc_a6_pre2024.row,
    &preset_grpc_hedge_example.row, &preset_grpc_hedge_java.row, &preset_grpc_connect_go.row,
    &preset_grpc_connect_java.row,
    /* finagle.c */
    &preset_finagle_requeue.row, &preset_finagle_tries.row, &preset_finagle_backup.row,
    /* envoy.c */
    &preset_envoy.row, &preset_envoy_budget.row, &preset_envoy_rate_limited.row, &preset_envoy_hedge.row,
    &preset_istio.row,
    /* linkerd.c */
    &preset_linkerd_profile.row, &preset_linkerd_route.row,
    /* dotnet.c */
    &preset_polly_v8.row, &preset_polly_v8_exp_jitter.row, &preset_ms_http_standard.row,
    &preset_polly_contrib_aws.row,
    /* resilience.c */
    &preset_resilience4j.row, &preset_resilience4j_exp_random.row, &preset_hystrix_command.row,
    &preset_spring_retry.row, &preset_spring_exp_random.row, &preset_failsafe.row, &preset_failsafe_go.row,
    /* jvm.c */
    &preset_okhttp.row, &preset_datastax_reconnect.row, &preset_kafka_reconnect.row, &preset_kafka_request.row,
    &preset_kafka_request_pre2023.row, &preset_lettuce_reconnect.row,
    /* google.c */
    &preset_gax_go.row, &preset_google_cloud_java.row, &preset_google_api_core.row,
    /* azure.c */
    &preset_azure_python.row, &preset_azure_net.row, &preset_azure_go.row, &preset_azure_java.row,
    /* go.c */
    &preset_cenkalti.row, &preset_go_retryablehttp.row, &preset_go_retryablehttp_linear.row,
    /* kubernetes.c */
    &preset_k8s_default_retry.row, &preset_k8s_default_backoff.row, &preset_k8s_workqueue.row, &preset_k8s_rest.row,
    /* python.c */
    &preset_tenacity_default.row, &preset_tenacity_rexp.row, &preset_tenacity_rexp_pre2019.row,
    &preset_tenacity_exp_jitter.row, &preset_urllib3.row, &preset_requests.row, &preset_litl_expo.row,
    /* node.c */
    &preset_node_retry.row, &preset_p_retry.row, &preset_async_retry.row,
    /* redis.c */
    &preset_ioredis.row, &preset_ioredis_v5.row, &preset_ioredis_request.row, &preset_go_redis.row,
    &preset_go_redis_pre2026.row, &preset_redis_py.row,
    /* reference.c */
    &preset_sre_client.row, &preset_aws_blog_full.row, &preset_aws_blog_equal.row,
    &preset_aws_blog_decorrelated.row, &preset_tcp_syn_linux.row, &preset_tcp_syn_linux_6_5.row,
    &preset_tcp_data_linux.row, &preset_ethernet_beb.row,
    /* seeds.c */
    &preset_seed0_prop10.row, &preset_seed1_half.row, &preset_seed3_simple.row, &preset_seed4_code.row,
    &preset_seed4_prose.row, &preset_seed4_decorrelated.row,
    /* breakers.c */
    &preset_breaker_polly_v8.row, &preset_breaker_polly_v7_classic.row, &preset_breaker_ms_http_standard.row,
    &preset_breaker_resilience4j.row, &preset_breaker_resilience4j_time.row, &preset_breaker_hystrix.row,
    &preset_breaker_gobreaker.row, &preset_breaker_failsafe.row, &preset_breaker_opossum.row,
    &preset_breaker_sentinel.row, &preset_breaker_sentinel_slow.row, &preset_breaker_spring.row,
    /* breakers_proxy.c */
    &preset_breaker_finagle_accrual.row, &preset_breaker_envoy_outlier.row, &preset_breaker_linkerd_consecutive.row,
    &preset_breaker_linkerd_unified.row, &preset_breaker_seed0.row, &preset_breaker_seed3_code.row,
    &preset_breaker_seed3_prose.row,
    /* budgets.c */
    &preset_budget_aws_quota.row, &preset_budget_aws_quota_2026.row, &preset_budget_aws_quota_java.row,
    &preset_budget_aws_quota_java_legacy.row, &preset_budget_grpc_throttle.row, &preset_budget_finagle.row,
    &preset_budget_finagle_requeue.row, &preset_budget_finagle_backup.row, &preset_budget_linkerd.row,
    &preset_budget_envoy_max_retries.row, &preset_budget_envoy.row, &preset_budget_failsafe_go.row,
    &preset_budget_sre_10pct.row, &preset_budget_seed4_pct.row, &preset_budget_seed4_perminute.row,
    /* gates.c */
    &preset_gate_aws_adaptive.row, &preset_gate_envoy_admission.row, &preset_gate_sre_throttle.row,
    &preset_gate_failsafe_go.row, &preset_gate_ms_http_standard.row, &preset_gate_hystrix_pool.row,
    &preset_gate_resilience4j_bulkhead.row, &preset_gate_resilience4j_limiter.row, &preset_gate_k8s_workqueue.row,
    &preset_gate_k8s_rest.row, &preset_gate_sliding_log.row,
    NULL,
};

const struct table preset_table = {"preset", "client policies of real libraries, with their versions and sources", rows,
                                   NULL};
