/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The field tables of the model's parts, and what follows from them alone. */
#include "model/config.h"

#include "model/arrival.h"
#include "model/fault.h"

static const struct field network_fields[] = {
    {"request_latency", FIELD_MAP, offsetof(struct network_config, request_latency), .record = &law_record,
     .text = "0s", .help = "time to reach the service"},
    {"response_latency", FIELD_MAP, offsetof(struct network_config, response_latency), .record = &law_record,
     .text = "0s", .help = "time of the way back"},
    {"request_loss", FIELD_RATIO, offsetof(struct network_config, request_loss), .min = 0, .max = 1, .text = "0%",
     .help = "probability that an attempt never arrives"},
    {"response_loss", FIELD_RATIO, offsetof(struct network_config, response_loss), .min = 0, .max = 1, .text = "0%",
     .help = "probability that an answer never arrives"},
    {"rto", FIELD_DURATION, offsetof(struct network_config, rto_ns), .min = 1, .max = 3.6e12, .text = "none",
     .word = "none",
     .help = "what is lost is sent again after this time, then after twice as long, ... (TCP: 200ms to 1s); none: it "
             "stays lost"},
    {"rto_max", FIELD_DURATION, offsetof(struct network_config, rto_max_ns), .min = 1, .max = 3.6e12, .text = "120s",
     .help = "longest time between two of these"},
    {0}};
const struct record network_record = {"a network", sizeof(struct network_config), network_fields, NULL, NULL};

static const struct field arrival_fields[] = {
    {"kind", FIELD_CHOICE, offsetof(struct arrival_config, choice), .table = &arrival_table,
     .help = "how requests arrive"},
    {0}};
static const struct record arrival_record = {"an arrival", sizeof(struct arrival_config), arrival_fields, NULL, NULL};

static const char *const closed_starts[] = {"thinking", "at-once", NULL};
static const struct field closed_fields[] = {
    {"think", FIELD_CHOICE, offsetof(struct closed_config, think) + offsetof(struct law, choice), .table = &law_table,
     .help = "law of the pause between an outcome and the next request"},
    {"start", FIELD_ENUM, offsetof(struct closed_config, start), .names = closed_starts, .text = "thinking",
     .help = "what the clients do at time 0"},
    {0}};
static const struct record closed_record = {"a closed loop", sizeof(struct closed_config), closed_fields, "think",
                                            NULL};

/* How what a struct's `hop` calls is called. */
#define HOP_FIELDS(type)                                                                                       \
    {"idempotent_ratio", FIELD_RATIO, offsetof(type, hop.idempotent_ratio), .min = 0, .max = 1, .text = "100%", \
     .help = "requests that may be done twice; see `unsafe` in a policy for the others"},                      \
    {"priority", FIELD_COUNT, offsetof(type, hop.priority), .min = 0, .max = PRIORITY_MAX, .text = "0",        \
     .help = "class of its requests for queues that tell classes apart; 0 is the most critical"},              \
    {"idempotency_key", FIELD_BOOL, offsetof(type, hop.idempotency_key), .text = "false",                      \
     .help = "all attempts of a request carry one key, by which a service with 'dedup' knows them"},           \
    {"policy", FIELD_MAP, offsetof(type, hop.policy), .record = &policy_record, .text = "",                    \
     .help = "timeout, attempts, backoff, budget, ...: a map, or the name of one of `policies`"},              \
    {"network", FIELD_MAP, offsetof(type, hop.network), .record = &network_record, .text = "",                 \
     .help = "latency and loss, each way"}

static const char *const connect_starts[] = {"connected", "connecting", NULL};
static const struct field connect_fields[] = {
    {"calls", FIELD_TEXT, offsetof(struct connect_config, hop.calls), .text = "",
     .help = "the service or cache that it connects to; empty: the one that it calls"},
    HOP_FIELDS(struct connect_config),
    {"start", FIELD_ENUM, offsetof(struct connect_config, start), .names = connect_starts, .text = "connected",
     .help = "what the clients are at time 0"},
    {"splay", FIELD_DURATION, offsetof(struct connect_config, splay_ns), .text = "0s",
     .help = "a client that has lost its session waits U(0, splay) before it connects again"},
    {"give_up_wait", FIELD_MAP, offsetof(struct connect_config, give_up_wait), .record = &law_record, .text = "60s",
     .help = "law of the pause after all attempts to connect have failed; then it starts anew"},
    {"session", FIELD_OPTIONAL, offsetof(struct connect_config, session), .record = &law_record, .word = "unlimited",
     .help = "law of a session's length; absent or unlimited: it ends only by a fault"},
    {0}};
const struct record connect_record = {"a connect step", sizeof(struct connect_config), connect_fields, NULL, NULL};

static const char *prepare_client(void *self)
{
    struct client_config *client = self;
    if (!client->arrival && !client->closed && !client->connect)
        return "say how requests come: 'arrival: {kind: poisson, rate: 100/s}' (open loop) or "
               "'closed: {think: exponential, mean: 10s}'";
    if (client->arrival && client->closed)
        return "'arrival' (open loop) and 'closed' exclude each other";
    if (client->connect && !*client->connect->hop.calls)
        client->connect->hop.calls = client->hop.calls;
    return NULL;
}

static const struct field client_fields[] = {
    {"name", FIELD_NAME, offsetof(struct client_config, name), .help = "how paths and results call it"},
    {"count", FIELD_COUNT, offsetof(struct client_config, count), .min = 1, .max = 2e8, .text = "1",
     .help = "clients in this population"},
    {"arrival", FIELD_OPTIONAL, offsetof(struct client_config, arrival), .record = &arrival_record,
     .help = "open loop: the population's requests come whatever happens to them: {kind: poisson, rate: 80/s}"},
    {"closed", FIELD_OPTIONAL, offsetof(struct client_config, closed), .record = &closed_record,
     .help = "closed loop: each client waits for its outcome, then thinks: {think: exponential, mean: 2s}"},
    {"connect", FIELD_OPTIONAL, offsetof(struct client_config, connect), .record = &connect_record,
     .help = "sessions: each client connects first, and again when its session ends"},
    {"calls", FIELD_NAME, offsetof(struct client_config, hop.calls), .help = "the service or cache it calls"},
    HOP_FIELDS(struct client_config),
    {0}};
const struct record client_record = {"a client population", sizeof(struct client_config), client_fields, NULL,
                                     prepare_client};


static const struct field fault_fields[] = {
    {"kind", FIELD_CHOICE, offsetof(struct fault_config, choice), .table = &fault_table, .help = "what happens"},
    {"at", FIELD_DURATION, offsetof(struct fault_config, at_ns), .text = "drawn", .word = "drawn",
     .help = "when it begins, or begins for the first time; drawn: after one draw of `every`"},
    {"for", FIELD_DURATION, offsetof(struct fault_config, for_ns), .text = "forever", .word = "forever",
     .help = "how long it lasts; an event (a flush) has no length"},
    {"lasting", FIELD_OPTIONAL, offsetof(struct fault_config, lasting), .record = &law_record,
     .help = "the same, drawn from a law: {law: exponential, mean: 30s}"},
    {"every", FIELD_OPTIONAL, offsetof(struct fault_config, every), .record = &law_record,
     .help = "it comes again and again: law of the time from one beginning to the next"},
    {"until", FIELD_DURATION, offsetof(struct fault_config, until_ns), .text = "the-end", .word = "the-end",
     .help = "with `every`: none begins later"},
    {"replicas", FIELD_COUNT, offsetof(struct fault_config, replicas), .min = 1, .max = 60000, .text = "all",
     .word = "all", .help = "of a service with a pool: how many of its replicas it hits"},
    {"first_replica", FIELD_COUNT, offsetof(struct fault_config, first_replica), .max = 60000, .text = "0",
     .help = "and from which one on"},
    {0}};
const struct record fault_record = {"a fault", sizeof(struct fault_config), fault_fields, NULL, NULL};

uint32_t config_bins(const struct model_config *config)
{
    return (uint32_t)((config->duration_ns + config->bin_ns - 1) / config->bin_ns);
}
