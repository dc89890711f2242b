# Scenarios that are wrong: every message names the place and the remedy. Nothing is written.
< empty.yaml
$ retrystorm check empty.yaml
! empty.yaml: error: empty: nothing to read here
? 2
$ retrystorm run empty.yaml -o out
! empty.yaml: error: empty: nothing to read here
? 2
$ ls out
! ls: cannot access 'out': No such file or directory
? 2
$ retrystorm check missing.yaml
! missing.yaml: error: cannot open: No such file or directory
? 2
$ retrystorm check .
! .: error: cannot read: Is a directory
? 2
$ printf 'name: [unclosed\n' > open.yaml; retrystorm check open.yaml
! open.yaml:1:7: error: YAML: the trouble began here (while parsing a flow sequence)
! open.yaml:2:1: error: YAML: did not find expected ',' or ']'
? 2
$ printf '\377\376 not text' > binary.yaml; retrystorm check binary.yaml
! binary.yaml: error: not a text file in UTF-8: invalid leading UTF-8 octet at byte 0
? 2
$ printf 'just words\n' > words.yaml; retrystorm check words.yaml
! words.yaml:1:1: error: a scenario is a map of keys and values, not a single value
? 2
$ awk 'BEGIN { for (i = 0; i < 100000; i++) printf "[" }' > deep.yaml; retrystorm check deep.yaml
! deep.yaml:1:33: error: nested more than 32 levels deep
? 2
$ printf 'a: &a [*a]\n' > cycle.yaml; retrystorm check cycle.yaml
! cycle.yaml:1:8: error: this alias stands inside what it refers to: a cycle
? 2
$ awk 'BEGIN { print "a0: &a0 [1,2,3,4,5,6,7,8,9]"; for (i = 1; i < 9; i++) { printf "a%d: &a%d [", i, i; for (k = 0; k < 9; k++) printf "*a%d,", i - 1; print "]" } }' > bomb.yaml; retrystorm check bomb.yaml
! bomb.yaml:6:10: error: more than 100000 values after expanding the aliases
? 2
$ awk 'BEGIN { for (i = 0; i < 200000; i++) print "# 4567" }' > large.yaml; retrystorm check large.yaml
! large.yaml: error: larger than 1 MiB: no scenario is
? 2
$ printf 'name: a\n---\nname: b\n' > two.yaml; retrystorm check two.yaml
! two.yaml:2:1: error: a second document; a scenario is one
? 2
< keys.yaml
| name: keys
| nmae: typo
| name: again
| duration: 10
| bin: 250
| replications: -3
| clients:
|   - name: web page
|     arrival: {kind: poison, rate: 10}
|     calls: apy
|     policy: {timeout: 5m, attempts: 0, backoff: {shape: exponential, base: 100ms, jitter: ful}}
|   - {name: idle, calls: api}
|   - {name: both, calls: api, arrival: {kind: poisson, rate: 1/s}, closed: {think: exponential, mean: 1s}}
| services:
|   - name: api
|     workers: NaN
|     wokers: 3
|     service_time: {law: exponential, mean: 1e99s}
|     queue: {discipline: fifo}
|     error_ratio: 150%
|     cancel: maybe
$ retrystorm check keys.yaml
! keys.yaml:2:1: error: unknown key in a scenario: 'nmae'; did you mean 'name'?
! keys.yaml:3:1: error: key 'name' stands here a second time
! keys.yaml:4:11: error: duration: '10' has no unit: write '10ms' or '10s'
! keys.yaml:5:6: error: bin: '250' has no unit: write '250ms' or '250s'
! keys.yaml:6:15: error: replications: -3 is out of range: from 1 to 100k
! keys.yaml:8:11: error: name: 'web page' is no name: use 1 to 64 of a-z 0-9 _ -
! keys.yaml:9:21: error: unknown arrival 'poison'; did you mean 'poisson'?
! keys.yaml:11:23: error: timeout: '5m' is ambiguous: write '5ms' or '5min'
! keys.yaml:11:37: error: attempts: 0 is out of range: from 1 to 1G, or unlimited
! keys.yaml:11:91: error: unknown jitter 'ful'; did you mean 'full'?
! keys.yaml:12:5: error: a client population: say how requests come: 'arrival: {kind: poisson, rate: 100/s}' (open loop) or 'closed: {think: exponential, mean: 10s}'
! keys.yaml:13:5: error: a client population: 'arrival' (open loop) and 'closed' exclude each other
! keys.yaml:16:14: error: workers: 'NaN' is not a count: write a number such as '12' or '10k' (or 'unlimited')
! keys.yaml:17:5: error: unknown key in a service: 'wokers'; did you mean 'workers'?
! keys.yaml:18:44: error: mean: '1e99s' is too long: the longest duration is 13343d (about 36 years)
! keys.yaml:19:12: error: missing key 'capacity' in a queue (waiting attempts at most, those in service not counted)
! keys.yaml:20:18: error: error_ratio: 150% is out of range: from 0 to 1
! keys.yaml:21:13: error: unknown cancel 'maybe'; there are: none, queued, running
? 2
< names.yaml
| name: names
| duration: 10s
| headline: recovery
| clients:
|   - {name: web, arrival: {kind: poisson, rate: 10/s}, calls: apy}
|   - {name: web, arrival: {kind: poisson, rate: 10/s}, calls: front, policy: carefull}
| policies: {careful: {timeout: 1s}}
| services:
|   - {name: api, workers: 1, service_time: 1ms, queue: {capacity: 10}}
| caches:
|   - {name: front, origin: back, keys: 10, ttl: 1s}
|   - {name: back, origin: front, keys: 10, ttl: 1s}
| faults:
|   - {kind: outage, mode: pause, service: appi, at: 1s, for: 1s}
|   - {kind: flush, cache: fornt, at: 99s}
$ retrystorm check names.yaml
! names.yaml:6:77: error: policy: no policy named 'carefull'; did you mean 'careful'?
? 2
$ retrystorm check --set 'clients[1].policy=careful' names.yaml
! names.yaml:5:62: error: calls: no service or cache named 'apy'; did you mean 'api'?
! names.yaml:6:12: error: name: 'web' is taken by another of the clients
! names.yaml:11:27: error: origin: 'back' leads back to 'front': a call cycle
! names.yaml:12:26: error: origin: 'front' leads back to 'back': a call cycle
! names.yaml:14:42: error: service: no service named 'appi'; did you mean 'api'?
! names.yaml:15:26: error: cache: no cache named 'fornt'; did you mean 'front'?
! names.yaml:15:37: error: at: the run ends before this fault begins
? 2
< paths.yaml
| name: paths
| duration: 10s
| headline: recovery
| warmup: 1500ms
| clients:
|   - {name: web, arrival: {kind: poisson, rate: 10/s}, calls: api}
| services:
|   - {name: api, workers: 1, service_time: 1ms, queue: {capacity: 10}}
| strategies:
|   - {name: a, set: {services.apy.workers: 3}}
|   - {name: b, set: {services.api.wokers: 3}}
|   - {name: c, set: {services.api.workers.more: 3}}
|   - {name: a, set: [1]}
| expect:
|   - {metric: recovery_s, is: "about 3"}
|   - {metric: recovery_s, is: "< 3 parsecs"}
|   - {metric: recovery_s, is: "< 3s", for: z}
$ retrystorm check paths.yaml
! paths.yaml:13:20: error: set: a map of paths is needed here, such as {services.api.workers: 20}, not a list
? 2
$ retrystorm check paths.yaml --set strategies='[{name: a, set: {services.apy.workers: 3}}, {name: b, set: {services.api.wokers: 3}}, {name: c, set: {services.api.workers.more: 3}}, {name: d, set: {"faults[0].for": 3s}}]' --set expect=[] --set warmup=0s
! --set strategies=[{name: a, set: {services.apy.workers: 3}}, {name: b, set:...: error: path 'services.apy.workers': nothing named 'apy' in services; did you mean 'api'?
! --set strategies=[{name: a, set: {services.apy.workers: 3}}, {name: b, set:...: error: unknown key in a service: 'wokers'; did you mean 'workers'?
! --set strategies=[{name: a, set: {services.apy.workers: 3}}, {name: b, set:...: error: path 'services.api.workers.more': workers is the single value '1', so it has no 'more'; set workers as a whole
! --set strategies=[{name: a, set: {services.apy.workers: 3}}, {name: b, set:...: error: path 'faults[0].for': faults is no list, so it has no [0]
? 2
$ retrystorm check paths.yaml --set strategies=[] --set expect=[] --set warmup=0s
! paths.yaml:3:11: error: unknown metric 'recovery'; did you mean 'recovery_s'?
? 2
$ retrystorm check paths.yaml --set strategies=[] --set expect='[{metric: clients.wbe.late, is: "< 3"}, {metric: services.api.utilisation, is: "< 3"}]' --set warmup=0s --set headline=stuck
! --set expect=[{metric: clients.wbe.late, is: "< 3"}, {metric: services.api....: error: metric: no place 'clients.wbe': write clients.NAME, services.NAME or caches.NAME before the metric
! --set expect=[{metric: clients.wbe.late, is: "< 3"}, {metric: services.api....: error: unknown metric 'utilisation'; did you mean 'utilization'?
? 2
$ retrystorm check paths.yaml --set services.api.workers
! --set services.api.workers: error: write --set PATH=VALUE, for example --set services.api.workers=20
! paths.yaml:13:20: error: set: a map of paths is needed here, such as {services.api.workers: 20}, not a list
? 2
$ retrystorm check paths.yaml --set services..workers=1 --set 'services[7].workers=1' --set 'services[x]=1' --set services.api.workers={
! --set services..workers=1: error: path 'services..workers' has an empty part
! --set services.api.workers={: error: YAML: did not find expected node content
! --set services.api.workers={: error: YAML: the trouble began here (while parsing a flow node)
! --set services[7].workers=1: error: path 'services[7].workers': services has 1 element, so there is no [7]
! --set services[x]=1: error: path 'services[x]': '[x]' is no index: write services[0]
! paths.yaml:13:20: error: set: a map of paths is needed here, such as {services.api.workers: 20}, not a list
? 2
$ retrystorm check paths.yaml --set strategies=[] --set expect=[] --set warmup=0s --set headline=stuck --set bin=1us
! --set bin=1us: error: bin: more than 1000000 bins in 10s; make the bins longer or the run shorter
? 2
# A condition must be in the metric's unit.
$ retrystorm check paths.yaml --set strategies=[] --set warmup=0s --set headline=stuck --set expect='[{metric: stuck, is: "about 1"}, {metric: recovery_s, is: "< abc"}, {metric: recovery_s, is: "< 5"}, {metric: success_ratio, is: "<= 99s"}, {metric: stuck, is: "== 5"}, {metric: amplification, is: "< 3/s"}, {metric: late, is: "< 3s"}, {metric: goodput_per_s, is: "< 5%"}]'
! --set expect=[{metric: stuck, is: "about 1"}, {metric: recovery_s, is: "< a...: error: is: 'about 1' is no condition: write one of < <= == != >= > and a value, such as "<= 2s"
! --set expect=[{metric: stuck, is: "about 1"}, {metric: recovery_s, is: "< a...: error: is: 'abc' is no value for a condition: write a number, a duration (2s), a ratio (5%), a rate (10/s) or a multiple (1.5x)
! --set expect=[{metric: stuck, is: "about 1"}, {metric: recovery_s, is: "< a...: error: is: recovery_s is in seconds: write a duration such as 2s
! --set expect=[{metric: stuck, is: "about 1"}, {metric: recovery_s, is: "< a...: error: is: success_ratio is a ratio: write 5% or 0.05
! --set expect=[{metric: stuck, is: "about 1"}, {metric: recovery_s, is: "< a...: error: is: stuck is never outside 0 .. 1
! --set expect=[{metric: stuck, is: "about 1"}, {metric: recovery_s, is: "< a...: error: is: amplification is a multiple: write 1.5x or 1.5
! --set expect=[{metric: stuck, is: "about 1"}, {metric: recovery_s, is: "< a...: error: is: late is a plain number: write 12 or 10k
! --set expect=[{metric: stuck, is: "about 1"}, {metric: recovery_s, is: "< a...: error: is: goodput_per_s is a rate: write 10/s
? 2
