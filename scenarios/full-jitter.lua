-- Full jitter, as the built-in `{shape: exponential, base: 100ms, cap: 10s, jitter: full}` has it: the same
-- distribution, from the same draws. A start for your own.
--
-- n        number of the retry, from 1
-- prev     seconds this request waited before its last retry, 0 before the first
-- u        a uniform draw in [0, 1): the only source of chance, so that a run can be repeated
-- outcome  name of the failure: "timeout", "refused", "overloaded", ... (`retrystorm list failure`)
-- state    what this function returned second for this request's last retry, 0 before the first
--
-- Returns seconds, or nil for: no more retries. Only `math` is there; a call has 100000 instructions.

local base, cap = 0.1, 10

function delay(n, prev, u, outcome, state)
    return math.min(cap, base * 2 ^ (n - 1)) * u
end
