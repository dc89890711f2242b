# Backoffs written in Lua: what is wrong is told with the script's line, before a run or in it; nothing is written.
< herd.yaml
| name: herd
| duration: 60s
| replications: 2
| clients:
|   - name: web
|     count: 50
|     arrival: {kind: burst}
|     calls: api
|     policy: {attempts: unlimited, backoff: {script: wait.lua}}
| services:
|   - {name: api, workers: 1, service_time: 1s, queue: {capacity: 0}}
< wait.lua
| function delay(n)
|   if n > 10 then return n + nothing end
|   return 0.5
| end
$ retrystorm check herd.yaml
> herd.yaml: fine: 1 population, 1 service, 1 strategy
$ retrystorm run herd.yaml -q --plot=none -o out
! wait.lua:2: attempt to perform arithmetic on a nil value (global 'nothing') (in a run)
? 2
$ ls out
< wait.lua
| function delay(n)
|   return -1
| end
$ retrystorm check herd.yaml
! herd.yaml:9:44: error: script: wait.lua:1: delay must return seconds, at least 0, or nil; for retry 1 it returns -1
? 2
$ retrystorm run herd.yaml -q --plot=none -o out2
! herd.yaml:9:44: error: script: wait.lua:1: delay must return seconds, at least 0, or nil; for retry 1 it returns -1
? 2
< wait.lua
| function delay(n
| end
$ retrystorm check herd.yaml
! herd.yaml:9:44: error: script: wait.lua:2: ')' expected near 'end'
? 2
< wait.lua
| function delay(n)
|   while true do end
| end
$ retrystorm check herd.yaml
! herd.yaml:9:44: error: script: wait.lua:2: more than 100000 instructions
? 2
$ retrystorm check herd.yaml --set clients.web.policy.backoff.script=nowhere.lua
! herd.yaml:9:44: error: script: nowhere.lua: No such file or directory
? 2
$ retrystorm check herd.yaml --set clients.web.policy.backoff.scrip=wait.lua
! --set clients.web.policy.backoff.scrip=wait.lua: error: unknown key in a backoff: 'scrip'; did you mean 'script'?
! herd.yaml:9:44: error: script: wait.lua:2: more than 100000 instructions
? 2
$ retrystorm check herd.yaml --set 'clients.web.policy.backoff={shape: script}'
! --set clients.web.policy.backoff={shape: script}: error: missing key 'script' in script (a Lua 5.4 file with a function delay(n, prev, u, outcome) that returns seconds, or nil to give up)
? 2
$ retrystorm list backoff | grep script
> script             your own function in Lua says how long to wait, jitter included
