/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backoffs written in Lua: what they get, what they may return, and that nothing they do can hurt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "policy/script.h"

static char folder[] = "/tmp/test_script." "XX" "XX" "XX";

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return rmdir(folder);
}

/* Loads a text as a file of its own: sources are remembered by their path. */
static const struct script_source *load(const char *text)
{
    static int files;
    char path[64];
    snprintf(path, sizeof path, "%s/%d.lua", folder, files++);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    const struct script_source *source = script_load(path);
    unlink(path);
    return source;
}

static double once(const char *text, struct script_call call)
{
    const struct script_source *source = load(text);
    assert_null(source->error);
    struct script *script = script_open(source);
    double wait_s = script_delay_s(script, &call);
    assert_null(script_error(script));
    script_close(script);
    return wait_s;
}

static void test_arguments(void **state)
{
    (void)state;
    struct script_call call = {.retry = 3, .previous_s = 0.25, .uniform = 0.5, .outcome = "refused", .state = 7};
    assert_true(once("function delay(n) return n end", call) == 3);
    assert_true(once("function delay(n, prev) return prev end", call) == 0.25);
    assert_true(once("function delay(n, prev, u) return u end", call) == 0.5);
    assert_true(once("function delay(n, prev, u, outcome) if outcome == 'refused' then return 9 end return 1 end",
                     call) == 9);
    assert_true(once("function delay(n, prev, u, outcome, state) return state end", call) == 7);
    assert_true(once("function delay(n) return math.min(2, 2^n) end", call) == 2);
}

static void test_nil_gives_up(void **state)
{
    (void)state;
    struct script_call call = {.retry = 5, .outcome = "timeout"};
    assert_true(once("function delay(n) if n < 5 then return 1 end end", call) == SCRIPT_GIVE_UP);
}

/* 1, 1, 2, 3, 5 ...: the state carries what the previous wait alone cannot. */
static void test_state_of_a_request(void **state)
{
    (void)state;
    const struct script_source *source =
        load("function delay(n, prev, u, outcome, state) if n == 1 then return 1, 0 end return prev + state, prev end");
    assert_null(source->error);
    struct script *script = script_open(source);
    struct script_call call = {.outcome = "timeout"};
    static const double fibonacci[] = {1, 1, 2, 3, 5, 8, 13};
    for (call.retry = 1; call.retry <= 7; call.retry++) {
        call.previous_s = script_delay_s(script, &call);
        assert_true(call.previous_s == fibonacci[call.retry - 1]);
    }
    script_close(script);
}

/* What is wrong is told with file and line, before anything runs. */
static void test_errors_at_load(void **state)
{
    (void)state;
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"function delay(n\n  return 1\nend", ":2: ')' expected near 'return'"},
        {"delay = 3", "it defines no function delay(n, prev, u, outcome)"},
        {"local x = 1\nlocal y = nil + 1\nfunction delay() return 1 end",
         ":2: attempt to perform arithmetic on a nil value"},
        {"function delay(n) return -n end",
         ":1: delay must return seconds, at least 0, or nil; for retry 1 it returns -1"},
        {"function delay(n) return n / 0 end",
         ":1: delay must return seconds, at least 0, or nil; for retry 1 it returns inf"},
        {"function delay(n) return 'soon' end",
         ":1: delay must return seconds, at least 0, or nil; for retry 1 it returns soon"},
        {"function delay(n) return 1, true end",
         "the second result of delay, its state, must be a number, not a boolean"},
        {"function delay(n)\n  return n + mth.min(1, 2)\nend", ":2: attempt to index a nil value (global 'mth')"},
        {"function delay(n)\n  while true do end\nend", ":2: more than 100000 instructions"},
        {"while true do end", ":1: more than 100000 instructions"},
        {"function delay(n)\n  return delay(n + 1) + 1\nend", ":2: more than 100000 instructions"},
        {"function delay(n)\n  local s = 'x'\n  while true do s = s .. s end\nend", "not enough memory"},
        {"function delay(n)\n  return math.random()\nend", ":2: attempt to call a nil value (field 'random')"},
        {"function delay(n)\n  return os.time()\nend", ":2: attempt to index a nil value (global 'os')"},
        {"io.open('/etc/passwd')", ":1: attempt to index a nil value (global 'io')"},
        {"require('x')", ":1: attempt to call a nil value (global 'require')"},
        {"load('return 1')", ":1: attempt to call a nil value (global 'load')"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct script_source *source = load(cases[i].text);
        if (!source->error || !strstr(source->error, cases[i].error))
            fail_msg("'%s' says: %s", cases[i].text, source->error ? source->error : "nothing");
    }
    assert_non_null(strstr(script_load("/nowhere/x.lua")->error, "/nowhere/x.lua: No such file or directory"));
}

/* An error that only a later call meets stays, and ends the request. */
static void test_error_in_a_run(void **state)
{
    (void)state;
    const struct script_source *source = load("function delay(n)\n  if n > 20 then return nothing.x end\n"
                                              "  return 1\nend");
    assert_null(source->error);
    struct script *script = script_open(source);
    struct script_call call = {.retry = 20, .outcome = "timeout"};
    assert_true(script_delay_s(script, &call) == 1);
    call.retry = 21;
    assert_true(script_delay_s(script, &call) == SCRIPT_GIVE_UP);
    assert_non_null(strstr(script_error(script), ".lua:2: attempt to index a nil value (global 'nothing')"));
    call.retry = 1;
    assert_true(script_delay_s(script, &call) == SCRIPT_GIVE_UP);
    script_close(script);
}

/* A million calls keep their memory. */
static void test_garbage_is_collected(void **state)
{
    (void)state;
    const struct script_source *source = load("function delay(n) local t = {n, n, n} return t[1] end");
    struct script *script = script_open(source);
    struct script_call call = {.outcome = "timeout"};
    for (call.retry = 1; call.retry < 1000000; call.retry++)
        assert_true(script_delay_s(script, &call) == call.retry);
    script_close(script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_nil_gives_up),
        cmocka_unit_test(test_state_of_a_request),
        cmocka_unit_test(test_errors_at_load),
        cmocka_unit_test(test_error_in_a_run),
        cmocka_unit_test(test_garbage_is_collected),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
