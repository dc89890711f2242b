/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/script.h"

#include <errno.h>
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/once.h"

enum { LONGEST_SOURCE = 1 << 20, TRIED_RETRIES = 8 };

struct script {
    lua_State *lua;
    size_t memory;
    char error[SCRIPT_ERROR_SIZE];
};

/* ---- the sandbox ---- */

static void *allocate(void *owner, void *block, size_t old_size, size_t new_size)
{
    struct script *script = owner;
    size_t before = block ? old_size : 0;
    if (new_size > before && script->memory + (new_size - before) > SCRIPT_MEMORY)
        return NULL;
    void *moved = NULL;
    if (new_size == 0)
        free(block);
    else if (!(moved = realloc(block, new_size)))
        return NULL;
    script->memory = script->memory - before + new_size;
    return moved;
}

static void stop_long_call(lua_State *lua, lua_Debug *where)
{
    lua_getinfo(lua, "Sl", where);
    lua_pushfstring(lua, "%s:%d: more than %d instructions", where->short_src, where->currentline,
                    SCRIPT_INSTRUCTIONS);
    lua_error(lua);
}

static void remove_chance(lua_State *lua)
{
    static const char *const names[] = {"random", "randomseed"};
    lua_getglobal(lua, LUA_MATHLIBNAME);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        lua_pushnil(lua);
        lua_setfield(lua, -2, names[i]);
    }
    lua_pop(lua, 1);
}

static void remember_error(struct script *script, const char *text)
{
    if (!*script->error)
        snprintf(script->error, sizeof script->error, "%s", text ? text : "an error without a text");
}

/* Calls what is on the stack, within the limit. False after remembering the error. */
static bool call_limited(struct script *script, int arguments, int results)
{
    lua_sethook(script->lua, stop_long_call, LUA_MASKCOUNT, SCRIPT_INSTRUCTIONS);
    if (lua_pcall(script->lua, arguments, results, 0) == LUA_OK)
        return true;
    remember_error(script, lua_tostring(script->lua, -1));
    lua_pop(script->lua, 1);
    return false;
}

/* Runs in protected mode: memory may run out here, too. */
static int prepare(lua_State *lua)
{
    luaL_requiref(lua, LUA_MATHLIBNAME, luaopen_math, 1);
    remove_chance(lua);
    return 0;
}

static int look_for_delay(lua_State *lua)
{
    if (lua_getglobal(lua, "delay") != LUA_TFUNCTION)
        return luaL_error(lua, "it defines no function delay(n, prev, u, outcome)");
    return 0;
}

static bool run_source(struct script *script, const struct script_source *source)
{
    char name[512];
    snprintf(name, sizeof name, "@%s", source->path);
    lua_pushcfunction(script->lua, prepare);
    if (!call_limited(script, 0, 0))
        return false;
    if (luaL_loadbufferx(script->lua, source->text, source->size, name, "t") != LUA_OK) {
        remember_error(script, lua_tostring(script->lua, -1));
        return false;
    }
    if (!call_limited(script, 0, 0))
        return false;
    lua_pushcfunction(script->lua, look_for_delay);
    return call_limited(script, 0, 0);
}

struct script *script_open(const struct script_source *source)
{
    struct script *script = memory_zeroed(1, sizeof *script);
    script->lua = lua_newstate(allocate, script);
    CHECK(script->lua, "no memory for a Lua interpreter");
    run_source(script, source);
    return script;
}

void script_close(struct script *script)
{
    lua_close(script->lua);
    free(script);
}

const char *script_error(const struct script *script) { return *script->error ? script->error : NULL; }

/* ---- calls ---- */

/* Where delay is defined, for messages about what it returns. */
static lua_Debug find_delay(lua_State *lua)
{
    lua_Debug where;
    lua_getglobal(lua, "delay");
    lua_getinfo(lua, ">S", &where);
    return where;
}

/* The wait on the stack, checked; raises an error if it is none. */
static double wait_at(lua_State *lua, int at, uint32_t retry)
{
    if (lua_isnil(lua, at))
        return SCRIPT_GIVE_UP;
    lua_Number wait_s = lua_type(lua, at) == LUA_TNUMBER ? lua_tonumber(lua, at) : NAN;
    if (wait_s >= 0 && isfinite(wait_s))
        return wait_s;
    const char *what = luaL_tolstring(lua, at, NULL);
    lua_Debug where = find_delay(lua);
    return luaL_error(lua, "%s:%d: delay must return seconds, at least 0, or nil; for retry %d it returns %s",
                      where.short_src, where.linedefined, (int)retry, what);
}

/* The second result: what the request remembers. */
static void take_state(lua_State *lua, int at, struct script_call *call)
{
    if (lua_isnil(lua, at))
        return;
    if (lua_type(lua, at) == LUA_TNUMBER) {
        call->state = lua_tonumber(lua, at);
        return;
    }
    const char *what = luaL_typename(lua, at);
    lua_Debug where = find_delay(lua);
    luaL_error(lua, "%s:%d: the second result of delay, its state, must be a number, not a %s", where.short_src,
               where.linedefined, what);
}

/* Runs in protected mode, since anything here may run out of memory. Argument: the call, and where the wait goes. */
static int call_delay(lua_State *lua)
{
    struct script_call *call = lua_touserdata(lua, 1);
    double *wait_s = lua_touserdata(lua, 2);
    lua_getglobal(lua, "delay");
    lua_pushinteger(lua, (lua_Integer)call->retry);
    lua_pushnumber(lua, call->previous_s);
    lua_pushnumber(lua, call->uniform);
    lua_pushstring(lua, call->outcome);
    lua_pushnumber(lua, call->state);
    lua_call(lua, 5, 2);
    *wait_s = wait_at(lua, -2, call->retry);
    take_state(lua, -1, call);
    return 0;
}

double script_delay_s(struct script *script, struct script_call *call)
{
    double wait_s = SCRIPT_GIVE_UP;
    if (*script->error)
        return SCRIPT_GIVE_UP;
    lua_pushcfunction(script->lua, call_delay);
    lua_pushlightuserdata(script->lua, call);
    lua_pushlightuserdata(script->lua, &wait_s);
    return call_limited(script, 2, 0) ? wait_s : SCRIPT_GIVE_UP;
}

/* ---- the interpreters of a world ---- */

struct scripts {
    struct {
        const struct script_source *source;
        struct script *script;
    } *items;
    size_t count;
};

struct scripts *scripts_new(void) { return memory_zeroed(1, sizeof(struct scripts)); }

void scripts_free(struct scripts *scripts)
{
    for (size_t i = 0; scripts && i < scripts->count; i++)
        script_close(scripts->items[i].script);
    if (scripts)
        free(scripts->items);
    free(scripts);
}

struct script *scripts_get(struct scripts *scripts, const struct script_source *source)
{
    for (size_t i = 0; i < scripts->count; i++)
        if (scripts->items[i].source == source)
            return scripts->items[i].script;
    scripts->items = memory_resize(scripts->items, scripts->count + 1, sizeof *scripts->items);
    scripts->items[scripts->count].source = source;
    scripts->items[scripts->count].script = script_open(source);
    return scripts->items[scripts->count++].script;
}

const char *scripts_error(const struct scripts *scripts)
{
    for (size_t i = 0; i < scripts->count; i++)
        if (script_error(scripts->items[i].script))
            return script_error(scripts->items[i].script);
    return NULL;
}

/* ---- sources ---- */

static const char *read_file(struct script_source *source)
{
    FILE *file = fopen(source->path, "rb");
    if (!file)
        return strerror(errno);
    source->text = memory_zeroed(LONGEST_SOURCE + 1, 1);
    source->size = fread(source->text, 1, LONGEST_SOURCE + 1, file);
    bool bad = ferror(file);
    fclose(file);
    if (bad)
        return "cannot be read";
    return source->size > LONGEST_SOURCE ? "is longer than a megabyte" : NULL;
}

/* A script that cannot do the first retries is refused before a run begins. */
static const char *try_out(const struct script_source *source, char *error)
{
    struct script *script = script_open(source);
    struct script_call call = {.uniform = 0.5, .outcome = "timeout"};
    for (call.retry = 1; call.retry <= TRIED_RETRIES && call.previous_s >= 0; call.retry++)
        call.previous_s = script_delay_s(script, &call);
    snprintf(error, SCRIPT_ERROR_SIZE, "%s", script->error);
    script_close(script);
    return *error ? error : NULL;
}

static void *load(const void *how)
{
    struct script_source *source = memory_zeroed(1, sizeof *source);
    char *error = memory_zeroed(SCRIPT_ERROR_SIZE, 1);
    source->path = memory_strdup(how);
    source->error = read_file(source);
    if (source->error) {
        snprintf(error, SCRIPT_ERROR_SIZE, "%s: %s", source->path, source->error);
        source->error = error;
    } else {
        source->error = try_out(source, error);
    }
    if (!source->error)
        free(error);
    return source;
}

static bool is_good(const void *value) { return !((const struct script_source *)value)->error; }

const struct script_source *script_load(const char *path)
{
    static struct once sources = ONCE_EMPTY;
    static const struct once_kind kind = {load, is_good};
    return once_get(&sources, &kind, path, path);
}
