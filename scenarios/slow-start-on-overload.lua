-- A policy that no table has: it looks at why the attempt failed, and remembers.
--
-- Refused or lost: nobody was there, so ask again soon, with jitter. Overloaded or throttled: the service said that it
-- has too much to do, so double the wait each time that happens to this request (state counts them), and never ask
-- within the first half of it. Three times told so: give up.

local function between(low, high, u)
    return low + (high - low) * u
end

function delay(n, prev, u, outcome, state)
    if outcome ~= "overloaded" and outcome ~= "throttled" then
        return between(0, 0.2, u), state
    end
    if state == 3 then
        return nil
    end
    local wait = 2 ^ state
    return between(wait / 2, wait, u), state + 1
end
