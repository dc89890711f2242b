/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state machine that all breakers share. Its keys are in breaker_record.c. */
#include "policy/breaker.h"

#include <math.h>

#include "base/check.h"

/* One call of the breaker. */
struct machine {
    const struct breaker *breaker;
    const struct breaker_row *row;
    struct breaker_state *state;
    uint64_t key;
    int64_t now_ns;
    bool opened;
};

static const struct breaker_row *row_of(const struct breaker *breaker)
{
    return (const struct breaker_row *)breaker->choice.row;
}

size_t breaker_state_size(const struct breaker *breaker)
{
    const struct breaker_row *row = row_of(breaker);
    return row->add ? breaker->counts_at + row->counts_size(breaker->choice.parameters) : 0;
}

static void *counts_of(const struct breaker *breaker, struct breaker_state *state)
{
    return (char *)state + breaker->counts_at;
}

static struct breaker_extra *extra_of(const struct machine *m)
{
    CHECK(m->breaker->counts_at >= sizeof *m->state + sizeof(struct breaker_extra),
          "a breaker's state lacks its extra part");
    return (struct breaker_extra *)(m->state + 1);
}

/* ---- time ---- */

enum { PHASE_SHIFT = 14 }; /* a phase of 2^50 ns, 13 days: of any shorter width it is as good as uniform */

static int64_t phase_ns(const struct machine *m)
{
    if (!(m->breaker->duties & DUTY_OWN_GRID))
        return 0;
    struct stream stream = stream_at(m->key, UINT64_MAX, 0);
    return (int64_t)(stream_next(&stream) >> PHASE_SHIFT);
}

static struct breaker_time time_at(const struct machine *m, int64_t ns)
{
    return (struct breaker_time){.now_ns = ns, .grid_ns = ns + phase_ns(m), .age_ns = ns - m->state->mark_ns};
}

/* The first tick after that instant. */
static int64_t next_tick_ns(const struct machine *m, int64_t ns)
{
    int64_t tick_ns = m->breaker->tick_ns;
    return ns + tick_ns - (ns + phase_ns(m)) % tick_ns;
}

/* ---- changes of phase ---- */

/* Old permits die with the phase: their generation no longer matches. */
static void enter(struct machine *m, enum breaker_phase phase, int64_t mark_ns)
{
    struct breaker_state *state = m->state;
    state->phase = (uint8_t)phase;
    state->generation++;
    state->probes_out = 0;
    state->good = state->bad = 0;
    state->mark_ns = mark_ns;
}

/* Openings before this one that still count. */
static uint16_t openings_before(const struct machine *m, int64_t now_ns)
{
    const struct breaker_state *state = m->state;
    int64_t forget_ns = m->breaker->forget_opening_ns;
    if (state->phase != BREAKER_CLOSED || forget_ns == INT64_MAX)
        return state->openings;
    int64_t forgotten = forget_ns > 0 ? (now_ns - state->mark_ns) / forget_ns : UINT16_MAX;
    return forgotten < state->openings ? (uint16_t)(state->openings - forgotten) : 0;
}

static int64_t open_wait_ns(struct machine *m)
{
    int64_t none = 0;
    uint32_t opening = m->state->openings;
    int64_t *chain_ns = m->breaker->counts_at > sizeof *m->state ? &extra_of(m)->chain_ns : &none;
    struct stream stream = stream_at(m->key, 0, m->state->generation);
    struct backoff_call call = {.retry = opening,
                                .retries = UINT32_MAX,
                                .failure = FAILURE_BREAKER_OPEN,
                                .chain_ns = chain_ns,
                                .stream = &stream,
                                .chain = stream_at(m->key, 1, 0)};
    if (opening == 1)
        *chain_ns = 0;
    return backoff_wait_ns(&m->breaker->open_for, &call);
}

static int64_t open_until_ns(struct machine *m, int64_t now_ns)
{
    int64_t wait_ns = open_wait_ns(m);
    if (wait_ns == BACKOFF_GIVE_UP)
        return INT64_MAX;
    bool swept = m->breaker->open_ends == OPEN_ENDS_TICK;
    return swept ? next_tick_ns(m, now_ns + wait_ns - 1) : now_ns + wait_ns;
}

static void open_at(struct machine *m, int64_t now_ns)
{
    uint16_t before = openings_before(m, now_ns);
    m->state->openings = before < UINT16_MAX ? before + 1 : before;
    enter(m, BREAKER_OPEN, 0);
    m->state->mark_ns = open_until_ns(m, now_ns);
    m->opened = true;
}

static void forget_counts(struct machine *m)
{
    struct breaker_time at = time_at(m, m->now_ns);
    m->row->reset(m->breaker->choice.parameters, counts_of(m->breaker, m->state), &at);
}

static void close_now(struct machine *m)
{
    enter(m, BREAKER_CLOSED, m->now_ns);
    if (m->breaker->reset == RESET_ON_CLOSE)
        forget_counts(m);
    if (m->breaker->duties & DUTY_TICKS)
        extra_of(m)->looked_ns = m->now_ns;
}

static void end_open(struct machine *m)
{
    if (m->breaker->probes == 0) {
        close_now(m);
        return;
    }
    enter(m, BREAKER_HALF_OPEN, m->now_ns);
    if (m->breaker->reset == RESET_ON_HALF_OPEN)
        forget_counts(m);
}

/* ---- what timers would have done ---- */

static bool is_bad_at(struct machine *m, int64_t ns)
{
    struct breaker_time at = time_at(m, ns);
    return m->row->is_bad(m->breaker->choice.parameters, counts_of(m->breaker, m->state), &at);
}

static int64_t changes_after_ns(struct machine *m, int64_t ns)
{
    struct breaker_time at = time_at(m, ns);
    return m->row->changes_ns ? m->row->changes_ns(m->breaker->choice.parameters, counts_of(m->breaker, m->state), &at)
                              : INT64_MAX;
}

/* Nothing was added since looked_ns, so of all the ticks up to now only those matter before which the counts changed by
 * themselves: buckets that were forgotten. */
static void run_ticks(struct machine *m)
{
    struct breaker_extra *extra = extra_of(m);
    int64_t tick_ns = next_tick_ns(m, extra->looked_ns);
    while (tick_ns <= m->now_ns) {
        if (is_bad_at(m, tick_ns - 1)) {
            open_at(m, tick_ns);
            break;
        }
        int64_t changes_ns = changes_after_ns(m, tick_ns - 1);
        if (changes_ns >= m->now_ns)
            break;
        tick_ns = next_tick_ns(m, changes_ns);
    }
    extra->looked_ns = m->now_ns;
}

static void run_timers(struct machine *m)
{
    const struct breaker *breaker = m->breaker;
    if (breaker->duties & DUTY_TICKS && m->state->phase == BREAKER_CLOSED)
        run_ticks(m);
    if (breaker->duties & DUTY_REOPENS && m->state->phase == BREAKER_HALF_OPEN &&
        m->now_ns - m->state->mark_ns >= breaker->probe_timeout_ns)
        open_at(m, m->state->mark_ns + breaker->probe_timeout_ns);
}

/* ---- a call asks ---- */

static bool open_is_over(const struct machine *m)
{
    return m->breaker->open_ends == OPEN_ENDS_AFTER ? m->now_ns > m->state->mark_ns : m->now_ns >= m->state->mark_ns;
}

static void hear_call(struct machine *m)
{
    if (m->breaker->duties & DUTY_ON_CALL && m->state->phase == BREAKER_CLOSED && is_bad_at(m, m->now_ns))
        open_at(m, m->now_ns);
    if (m->breaker->duties & DUTY_TELLS_CALLS) {
        struct breaker_time at = time_at(m, m->now_ns);
        m->row->asked(m->breaker->choice.parameters, counts_of(m->breaker, m->state), &at);
    }
}

static bool has_room(const struct machine *m)
{
    const struct breaker_state *state = m->state;
    int64_t done = isinf(m->breaker->reopen_ratio) ? state->good : state->good + state->bad;
    return state->probes_out < m->breaker->probes_at_once && state->probes_out + done < m->breaker->probes;
}

static bool has_hung(const struct machine *m)
{
    return m->breaker->on_probe_timeout == PROBE_TIMEOUT_ANOTHER &&
           m->now_ns - m->state->mark_ns >= m->breaker->probe_timeout_ns;
}

static bool limits_probes(const struct breaker *breaker)
{
    return breaker->probes < INT64_MAX || breaker->probes_at_once < INT64_MAX;
}

static bool admit_probe(struct machine *m)
{
    if (!limits_probes(m->breaker))
        return true;
    if (!has_room(m) && !has_hung(m))
        return false;
    m->state->probes_out++;
    if (m->breaker->on_probe_timeout == PROBE_TIMEOUT_ANOTHER)
        m->state->mark_ns = m->now_ns;
    return true;
}

static bool admit(struct machine *m)
{
    if (m->state->phase == BREAKER_HALF_OPEN)
        return admit_probe(m);
    return m->state->phase == BREAKER_CLOSED;
}

/* Nearly all calls find it closed, with nothing to do but to let them pass. */
static bool is_plain(const struct breaker *breaker, const struct breaker_state *state)
{
    return state->phase == BREAKER_CLOSED && breaker->duties == 0;
}

struct breaker_answer breaker_allow(const struct breaker *breaker, struct breaker_state *state, int64_t now_ns,
                                    uint64_t key)
{
    const struct breaker_row *row = row_of(breaker);
    if (!row->add)
        return (struct breaker_answer){.allowed = true};
    if (is_plain(breaker, state))
        return (struct breaker_answer){.permit = state->generation, .allowed = true};
    struct machine m = {breaker, row, state, key, now_ns, false};
    run_timers(&m);
    if (state->phase == BREAKER_OPEN && open_is_over(&m))
        end_open(&m);
    hear_call(&m);
    if (admit(&m))
        return (struct breaker_answer){.permit = state->generation, .allowed = true, .opened = m.opened};
    /* What fail_open lets through is stale from the start. */
    return (struct breaker_answer){.permit = state->generation - 1, .allowed = breaker->fail_open, .opened = m.opened};
}

/* ---- a result ---- */

static void count_up(uint16_t *count)
{
    if (*count < UINT16_MAX)
        ++*count;
}

static void decide_by_ratio(struct machine *m)
{
    const struct breaker_state *state = m->state;
    int64_t results = state->good + state->bad;
    if (results < m->breaker->close_after)
        return;
    int64_t billionths = (int64_t)(m->breaker->reopen_ratio * 1e9 + 0.5);
    if (state->bad * INT64_C(1000000000) >= billionths * results)
        open_at(m, m->now_ns);
    else
        close_now(m);
}

static void decide_by_run(struct machine *m, bool good)
{
    if (!good)
        m->state->good = 0;
    if (!good && m->state->bad >= m->breaker->reopen_after)
        open_at(m, m->now_ns);
    else if (good && m->state->good >= m->breaker->close_after && m->state->bad < m->breaker->close_below)
        close_now(m);
}

static void probe_result(struct machine *m, const struct breaker_sample *sample)
{
    bool good = sample->good && sample->latency_ns <= m->breaker->slow_probe_ns;
    count_up(good ? &m->state->good : &m->state->bad);
    if (isinf(m->breaker->reopen_ratio))
        decide_by_run(m, good);
    else
        decide_by_ratio(m);
}

/* The place of a probe is free again; permits of other phases hold none. */
static void free_place(const struct breaker *breaker, struct breaker_state *state, uint32_t permit)
{
    if (state->phase != BREAKER_HALF_OPEN || permit != state->generation || !limits_probes(breaker))
        return;
    CHECK(state->probes_out > 0, "a breaker's probe came back twice");
    state->probes_out--;
}

static bool hears(const struct machine *m, uint32_t permit)
{
    if (permit == m->state->generation || m->breaker->stale == STALE_COUNT)
        return true;
    return m->breaker->stale == STALE_UNLESS_OPEN && m->state->phase != BREAKER_OPEN;
}

static bool evaluates(const struct breaker *breaker, bool good)
{
    return breaker->eval == EVAL_ON_ANY || (breaker->eval == EVAL_ON_FAILURE && !good);
}

static void hear_result(struct machine *m, uint32_t permit, const struct breaker_sample *sample)
{
    run_timers(m);
    free_place(m->breaker, m->state, permit);
    if (!hears(m, permit))
        return;
    struct breaker_time at = time_at(m, m->now_ns);
    bool bad = m->row->add(m->breaker->choice.parameters, counts_of(m->breaker, m->state), &at, sample);
    if (m->state->phase == BREAKER_HALF_OPEN)
        probe_result(m, sample);
    else if (m->state->phase == BREAKER_CLOSED && bad && evaluates(m->breaker, sample->good))
        open_at(m, m->now_ns);
}

/* The same for a plain one (see is_plain). True: it must open. */
static bool add_plainly(const struct breaker *breaker, struct breaker_state *state, const struct breaker_sample *sample)
{
    struct breaker_time at = {sample->now_ns, sample->now_ns, sample->now_ns - state->mark_ns};
    return row_of(breaker)->add(breaker->choice.parameters, counts_of(breaker, state), &at, sample) &&
           evaluates(breaker, sample->good);
}

bool breaker_result(const struct breaker *breaker, struct breaker_state *state, uint64_t key, uint32_t permit,
                    const struct breaker_sample *sample)
{
    const struct breaker_row *row = row_of(breaker);
    if (!row->add)
        return false;
    bool plain = is_plain(breaker, state) && permit == state->generation;
    if (plain && !add_plainly(breaker, state, sample))
        return false;
    struct machine m = {breaker, row, state, key, sample->now_ns, false};
    if (plain)
        open_at(&m, m.now_ns);
    else
        hear_result(&m, permit, sample);
    return m.opened;
}

void breaker_return(const struct breaker *breaker, struct breaker_state *state, uint32_t permit)
{
    if (row_of(breaker)->add)
        free_place(breaker, state, permit);
}
