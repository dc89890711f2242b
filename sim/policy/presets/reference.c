/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reference algorithms: what books and standards say, and what every connection does. */
#include "policy/presets/rows.h"

#define SRE_BOOK "Beyer et al., Site Reliability Engineering (2016), ch. 21, Handling overload"
#define SIMULATOR "aws-samples/aws-arch-backoff-simulator, commit 66cb169: src/backoff_simulator.py"

const struct preset_row preset_sre_client = {
    .row = {.name = "sre-client",
            .summary = "the SRE book's client: 3 attempts, retries at most 10 % of requests, adaptive throttling",
            .source = SRE_BOOK},
    .text = "{attempts: 3, backoff: none, retry_on: [default, -local],\n"
            " budget: {preset: sre-10pct}, gates: {preset: sre-throttle}}",
    .confidence = PRESET_NOT_READ,
    .doubt = "the formula, K = 2 and 3 attempts were confirmed by several secondary pages; 10 % and 2 min are from "
             "memory",
    .chosen = "no wait between attempts: the chapter names none",
    .notes = "An answer 'overloaded; don't retry' (shed) is not retried.",
};

const struct preset_row preset_aws_blog_full = {
    .row = {.name = "aws-blog-full",
            .summary = "the AWS blog's simulator, full jitter: U(0, 2b), U(0, 4b) .. up to a cap, until it succeeds",
            .source = SIMULATOR "; AWS architecture blog, Exponential backoff and jitter (2015)"},
    .library = "aws-blog",
    .text = "{attempts: unlimited, retry_on: [default, -local],\n"
            " backoff: {shape: exponential, base: 5ms, offset: 1, cap: 2s, jitter: full}}",
    .confidence = PRESET_READ,
    .chosen = "b = 5 ms and a cap of 2 s",
    .notes = "It counts the attempt before it calls, so the first wait is U(0, 2b), not U(0, b).",
};

const struct preset_row preset_aws_blog_equal = {
    .row = {.name = "aws-blog-equal",
            .summary = "the AWS blog's simulator with equal jitter",
            .source = SIMULATOR},
    .library = "aws-blog",
    .text = "{attempts: unlimited, retry_on: [default, -local],\n"
            " backoff: {shape: exponential, base: 5ms, offset: 1, cap: 2s, jitter: equal}}",
    .confidence = PRESET_READ,
    .chosen = "b = 5 ms and a cap of 2 s",
};

const struct preset_row preset_aws_blog_decorrelated = {
    .row = {.name = "aws-blog-decorrelated",
            .summary = "the AWS blog's simulator with decorrelated jitter: min(cap, U(b, 3 x the last wait))",
            .source = SIMULATOR},
    .library = "aws-blog",
    .text = "{attempts: unlimited, retry_on: [default, -local],\n"
            " backoff: {shape: fixed, base: 5ms, cap: 2s, jitter: decorrelated}}",
    .confidence = PRESET_READ,
    .chosen = "b = 5 ms and a cap of 2 s",
    .notes = "At the cap a third of all waits and more are exactly the cap.",
};

const struct preset_row preset_tcp_syn_linux = {
    .row = {.name = "tcp-syn-linux",
            .summary = "Linux opening a TCP connection before 6.5: SYN again after 1, 2, 4 .. 32 s; gives up after "
                       "127 s",
            .source = "Linux before 6.5: net/ipv4/tcp_timer.c, tcp_syn_retries = 6; RFC 6298"},
    .library = "tcp-syn",
    .text = "{attempts: 7, timeout: 1s, timeout_growth: 2, backoff: none, retry_on: [timeout, connect-timeout]}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "several copies, which agree",
    .notes = "The waits are timeouts: the next SYN goes out when the last was not answered. A refusal is final.",
};

const struct preset_row preset_tcp_syn_linux_6_5 = {
    .row = {.name = "tcp-syn-linux-6-5",
            .summary = "Linux opening a TCP connection since 6.5: after 1 s five times, then 2, 4 .. 32 s; 131 s",
            .source = "Linux 6.5 and later: net/ipv4/tcp_timer.c, tcp_syn_linear_timeouts = 4"},
    .library = "tcp-syn",
    .text = "{attempts: 11, timeout: 1s, timeout_growth: 2, timeout_growth_after: 5, backoff: none,\n"
            " retry_on: [timeout, connect-timeout]}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "several copies, which agree",
};

const struct preset_row preset_tcp_data_linux = {
    .row = {.name = "tcp-data-linux",
            .summary = "Linux sending data without an answer: again after 0.2 s doubling to 120 s; gives up after "
                       "924.6 s",
            .source = "Linux: net/ipv4/tcp_timer.c, tcp_retries2 = 15"},
    .text = "{attempts: 16, timeout: 200ms, timeout_growth: 2, timeout_cap: 120s, backoff: none,\n"
            " retry_on: [timeout, connect-timeout]}",
    .confidence = PRESET_READ_OLDER,
    .doubt = "several copies, which agree",
    .chosen = "a first timeout of 0.2 s, the least; the kernel derives it from the round-trip time",
};

const struct preset_row preset_ethernet_beb = {
    .row = {.name = "ethernet-beb",
            .summary = "Ethernet's truncated binary exponential backoff: 0 .. 2^min(n, 10) - 1 slots, 16 attempts",
            .source = "IEEE 802.3, CSMA/CD; Metcalfe and Boggs (1976)"},
    .text = "{attempts: 16, retry_on: [default, -local],\n"
            " backoff: {shape: slots, jitter: full, round_to: 51200ns}}",
    .confidence = PRESET_NOT_READ,
    .doubt = "the slot, the limit of 10 and the 16 attempts",
    .chosen = "10 Mb/s: a slot is 51.2 us",
};
