/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/program.h"

#include "model/brownout.h"
#include "model/call.h"
#include "model/caller.h"
#include "model/queue.h"
#include "model/service_parts.h"

static struct service *service_of(struct world *world, uint32_t index)
{
    return &world->services[world->attempts[index].service];
}

static const struct step *present_step(const struct service *service, const struct visit *visit)
{
    return &service->program->steps[visit->step - 1];
}

/* ---- who goes on after the present event ---- */

static void make_ready(struct world *world, uint32_t index)
{
    world->visits[index].flags |= VISIT_READY;
    queue_append(world->attempts, &world->ready, index);
}

static void not_ready(struct world *world, uint32_t index)
{
    world->visits[index].flags &= (uint8_t)~VISIT_READY;
    queue_remove(world->attempts, &world->ready, index);
}

/* ---- work ---- */

static int64_t draw_ns(const struct world *world, const struct service *service, const struct attempt *attempt,
                       const struct law *law, uint32_t name)
{
    struct stream stream =
        stream_of_id(service->demand_key, attempt->id, (uint64_t)name << 32 | attempt->number);
    return law_draw_ns(law, &stream, world->zig);
}

/* The error of an attempt shows when it has had so much work. */
static int64_t until_error_ns(struct visit *visit, int64_t work_ns)
{
    if (work_ns > visit->error_ns)
        work_ns = visit->error_ns;
    visit->error_ns -= visit->error_ns == INT64_MAX ? 0 : work_ns;
    return work_ns;
}

/* ---- steps ---- */

static bool has_step(const struct world *world, const struct service *service, const struct attempt *attempt,
                     const struct step *step)
{
    if (step->serves && !step->serves[call_first_edge(world, attempt->request)->population])
        return false;
    if (step->chance >= 1)
        return true;
    struct stream stream = stream_of_id(service->program->chance_key, attempt->id, step->name >> 16);
    return stream_uniform(&stream) < step->chance;
}

/* The next step that this attempt has; NULL: none is left. */
static const struct step *next_step(const struct world *world, const struct service *service, uint32_t index)
{
    const struct program *program = service->program;
    struct visit *visit = &world->visits[index];
    while (visit->step < program->count) {
        const struct step *step = &program->steps[visit->step++];
        if (has_step(world, service, &world->attempts[index], step))
            return step;
    }
    return NULL;
}

/* It fails here. */
static bool fails(const struct visit *visit)
{
    return visit->flags & VISIT_FAILED || visit->error_ns == 0;
}

static bool is_decided(const struct step *step, const struct visit *visit)
{
    return visit->good >= step->need || visit->failed > step->calls - step->need;
}

/* The calls of the step are decided: what follows from that. */
static void settle_step(struct world *world, const struct service *service, uint32_t index)
{
    struct visit *visit = &world->visits[index];
    const struct step *step = present_step(service, visit);
    call_off_all(world, index);
    if (visit->good >= step->need)
        return;
    if (!step->optional) {
        visit->flags |= VISIT_FAILED;
        world->attempts[index].flags |= ATTEMPT_ERROR;
        return;
    }
    visit->flags |= VISIT_DEGRADED;
    if (step->fallback)
        visit->due_ns = draw_ns(world, service, &world->attempts[index], step->fallback, step->name);
}

/* Makes the calls of a step, as far as they are needed; true if they are decided already. */
static bool make_calls(struct world *world, const struct step *step, uint32_t index)
{
    world->visits[index].good = world->visits[index].failed = 0;
    world->visits[index].flags |= VISIT_MAKING;
    for (uint32_t i = 0; i < step->calls && !is_decided(step, &world->visits[index]); i++)
        call_open(world, step->edges[i], index, step->name, i);
    world->visits[index].flags &= (uint8_t)~VISIT_MAKING;
    return is_decided(step, &world->visits[index]);
}

static void wait_for_calls(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    bool has_worker = attempt->phase == ATTEMPT_RUNNING;
    attempt->phase = ATTEMPT_CALLING;
    attempt->timer = 0;
    if (has_worker && service->config->hold_worker) {
        level_add(&service->held, service_clock_ns(service, world->now_ns), 1);
    } else if (has_worker) {
        work_leave_worker(world, service, attempt);
        work_start_waiting(world, service);
    }
}

static bool is_left_out(const struct visit *visit, const struct step *step)
{
    return visit->flags & VISIT_BROWN && step->optional;
}

/* The step is left out: the work that takes its place, or -1. */
static int64_t leave_out_ns(struct world *world, const struct service *service, const struct attempt *attempt,
                            const struct step *step)
{
    program_visit(world, attempt)->flags |= VISIT_DEGRADED;
    return step->fallback ? draw_ns(world, service, attempt, step->fallback, step->name) : -1;
}

/* Takes the next step; false: it takes time, or there was none. */
static bool take_step(struct world *world, struct service *service, uint32_t index)
{
    struct visit *visit = &world->visits[index];
    const struct step *step = fails(visit) ? NULL : next_step(world, service, index);
    if (step && is_left_out(visit, step)) {
        visit->due_ns = leave_out_ns(world, service, &world->attempts[index], step);
    } else if (step && step->work) {
        visit->due_ns = draw_ns(world, service, &world->attempts[index], step->work, step->name);
    } else if (step && make_calls(world, step, index)) {
        settle_step(world, service, index);
    } else if (step) {
        wait_for_calls(world, service, index);
        return false;
    } else if (!fails(visit) && visit->error_ns < INT64_MAX) {
        visit->due_ns = visit->error_ns; /* the work before its error shows */
    } else {
        service_finish(world, service, index);
        return false;
    }
    return true;
}

/* Goes on until something takes time, or to the end. */
static void go_on(struct world *world, struct service *service, uint32_t index)
{
    while (world->visits[index].due_ns < 0)
        if (!take_step(world, service, index))
            return;
    const struct attempt *attempt = &world->attempts[index];
    if (attempt->phase == ATTEMPT_RUNNING)
        work_go_on(world, service, index, program_due_ns(world, attempt));
    else
        work_again(world, service, index);
}

/* ---- what the service tells ---- */

void program_arrived(struct world *world, uint32_t index)
{
    world->visits[index] = (struct visit){.due_ns = -1, .error_ns = INT64_MAX, .calls = NONE};
}

int64_t program_begin_ns(struct world *world, const struct service *service, struct attempt *attempt)
{
    struct visit *visit = program_visit(world, attempt);
    visit->flags |= VISIT_BEGUN;
    if (error_is_possible(service))
        visit->error_ns = error_plan(service, attempt, INT64_MAX);
    if (service->brownout && brownout_begins(world, service->brownout, attempt))
        visit->flags |= VISIT_BROWN;
    const struct step *first = fails(visit) ? NULL : next_step(world, service, (uint32_t)(attempt - world->attempts));
    if (first && first->work && is_left_out(visit, first)) {
        int64_t work_ns = leave_out_ns(world, service, attempt, first);
        return work_ns < 0 ? 0 : until_error_ns(visit, work_ns);
    }
    if (first && first->work)
        return until_error_ns(visit, draw_ns(world, service, attempt, first->work, first->name));
    if (first)
        visit->step--; /* a call, to be made when this is over */
    return 0;
}

int64_t program_due_ns(struct world *world, const struct attempt *attempt)
{
    struct visit *visit = program_visit(world, attempt);
    int64_t work_ns = until_error_ns(visit, visit->due_ns);
    visit->due_ns = -1;
    return work_ns;
}

void program_worked(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    int64_t clock_ns = service_clock_ns(service, world->now_ns);
    world->visits[index].worked_ns += clock_ns - attempt->started_clock_ns;
    attempt->started_clock_ns = clock_ns;
    go_on(world, service, index);
}

/* Back to its worker, as if work ended in this instant. */
static void stop_holding(struct world *world, struct service *service, struct attempt *attempt)
{
    attempt->started_clock_ns = service_clock_ns(service, world->now_ns);
    attempt->phase = ATTEMPT_RUNNING;
    level_add(&service->held, attempt->started_clock_ns, -1);
}

int64_t program_leaves(struct world *world, struct service *service, uint32_t index)
{
    struct attempt *attempt = &world->attempts[index];
    call_off_all(world, index);
    if (world->visits[index].flags & VISIT_READY)
        not_ready(world, index);
    if (attempt->phase == ATTEMPT_CALLING && service->config->hold_worker)
        stop_holding(world, service, attempt);
    else if (attempt->phase == ATTEMPT_CALLING)
        work_occupy(world, service, attempt);
    return world->visits[index].worked_ns;
}

void program_unwanted(struct world *world, uint32_t index)
{
    uint32_t call = world->visits[index].calls;
    for (; call != NONE; call = world->lineage[call].next)
        caller_unwanted(world, call);
}

/* ---- calls that are over ---- */

void program_call_over(struct world *world, uint32_t index, bool good, bool degraded)
{
    struct visit *visit = &world->visits[index];
    const struct step *step = present_step(service_of(world, index), visit);
    visit->good += good;
    visit->failed += !good;
    if (degraded)
        visit->flags |= VISIT_DEGRADED;
    if (!(visit->flags & (VISIT_MAKING | VISIT_READY)) && is_decided(step, visit))
        make_ready(world, index);
}

/* A paused service holds it back: what it does next begins with work that takes no time. */
static void resume(struct world *world, struct service *service, uint32_t index)
{
    struct visit *visit = &world->visits[index];
    if (service->config->hold_worker)
        stop_holding(world, service, &world->attempts[index]);
    settle_step(world, service, index);
    if (service->paused_since_ns >= 0 && visit->due_ns < 0)
        visit->due_ns = 0;
    go_on(world, service, index);
}

void program_go_on(struct world *world)
{
    while (world->ready.length > 0) {
        uint32_t index = world->ready.head;
        struct service *service = service_of(world, index);
        not_ready(world, index);
        resume(world, service, index);
        work_settle(world, service);
    }
}
