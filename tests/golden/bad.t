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
! --set strategies=[{name: a, set: {services.apy.workers: 3}}, {name: b, set:...: error: path 'faults[0].for': faults is not written there, so it has no [0]
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
# Calls that come back, through services and caches; more calls than there may be.
< cycles.yaml
| name: cycles
| duration: 10s
| clients:
|   - {name: web, arrival: {kind: poisson, rate: 10/s}, calls: api}
| services:
|   - {name: api, workers: 1, queue: {capacity: 10}, calls: [page], program: [{cache: page}]}
|   - {name: low, workers: 1, queue: {capacity: 10}, calls: [{name: top, to: api}], program: [{call: top, times: 2}]}
|   - {name: self, workers: 1, queue: {capacity: 10}, calls: [self], program: [{call: self}]}
|   - {name: far, workers: 1, queue: {capacity: 10}, calls: [sefl, page], program: [{call: sefl}, {cache: web}]}
| caches:
|   - {name: page, origin: low, keys: 1, ttl: 1s}
$ retrystorm check cycles.yaml
! cycles.yaml:7:76: error: calls: a cycle: 'api' calls 'page' calls 'low' calls 'api'; a call that comes back would wait for itself
! cycles.yaml:8:61: error: calls: a cycle: 'self' calls 'self'; a call that comes back would wait for itself
! cycles.yaml:9:60: error: to: no service or cache named 'sefl'; did you mean 'self'?
! cycles.yaml:9:66: error: calls: no step of the program makes the call 'page'; add {call: page}
! cycles.yaml:9:105: error: cache: no call named 'web'; there are: sefl, page
? 2
$ retrystorm check cycles.yaml --set services.self.calls=[] --set 'services.self.program=[{call: far}]'
! --set services.self.program=[{call: far}]: error: call: no call named 'far'; add 'calls: [far]' to the service
! cycles.yaml:7:76: error: calls: a cycle: 'api' calls 'page' calls 'low' calls 'api'; a call that comes back would wait for itself
! cycles.yaml:9:60: error: to: no service or cache named 'sefl'; did you mean 'self'?
! cycles.yaml:9:66: error: calls: no step of the program makes the call 'page'; add {call: page}
! cycles.yaml:9:105: error: cache: no call named 'web'; there are: sefl, page
? 2
$ awk 'BEGIN { print "name: many\nduration: 10s\nclients: [{name: web, arrival: {kind: poisson, rate: 1/s}, calls: a}]\nservices:\n  - {name: b, workers: 1, service_time: 1ms, queue: {capacity: 1}}"; printf "  - {name: a, workers: 1, queue: {capacity: 1}, program: [{call: c1}], calls: ["; for (i = 1; i <= 9000; i++) printf "{name: c%d, to: b},", i; print "]}\nfaults: [{kind: loss, edge: nowhere, requests: 1%, at: 1s}]" }' > many.yaml; retrystorm check many.yaml
! many.yaml:5:3: error: calls: more than 1000 in all
? 2
# Gates that stand nowhere, or say nothing; shares that are more than there is.
< gates.yaml
| name: gates
| duration: 10s
| clients:
|   - {name: web, arrival: {kind: poisson, rate: 10/s}, calls: api, policy: {gates: {}}}
|   - {name: app, arrival: {kind: poisson, rate: 10/s}, calls: api, policy: {gates: {rate: 5/s}}}
|   - {name: job, arrival: {kind: poisson, rate: 10/s}, calls: api, policy: {gates: {kind: cpu, thresholds: [90%]}}}
| services:
|   - {name: api, workers: 1, service_time: 1ms, queue: {capacity: 10}, gates: [{kind: concurency, limit: 3}, {kind: concurrency}]}
|   - {name: db, workers: unlimited, service_time: 1ms, queue: {capacity: 10}, gates: {kind: cpu, thresholds: [90%]}}
|   - {name: log, workers: 1, service_time: 1ms, queue: {capacity: 10}, gates: {kind: concurrency, limit: 9, shares: [70%, 40%]}}
|   - {name: old, workers: 1, service_time: 1ms, queue: {discipline: weighted, weights: [3, 0], capacity: 10}}
|   - {name: new, workers: 1, service_time: 1ms, queue: {discipline: weighted, capacity: 10}}
| caches:
|   - {name: page, origin: db, keys: 1, ttl: 1s, gates: {kind: concurrency, limit: 3}}
| gates:
|   - {service: api, kind: concurrency, limit: 3}
$ retrystorm check gates.yaml
! gates.yaml:4:83: error: missing key 'kind' in a gate (one of: none, token-bucket, leaky, cycle, fixed-window, sliding-window, sliding-log, warm-up, adaptive-throttle, nack-throttle, aws-adaptive, bulkhead, concurrency, aimd, vegas, gradient, gradient2, envoy-adaptive, bbr, credits, cpu, queue-delay, priority-cutoff)
! gates.yaml:5:83: error: missing key 'kind' in a gate (one of: none, token-bucket, leaky, cycle, fixed-window, sliding-window, sliding-log, warm-up, adaptive-throttle, nack-throttle, aws-adaptive, bulkhead, concurrency, aimd, vegas, gradient, gradient2, envoy-adaptive, bbr, credits, cpu, queue-delay, priority-cutoff)
! gates.yaml:6:83: error: a gate: this kind looks at queue and workers of the service where it stands: put it under 'gates' of a service
! gates.yaml:8:86: error: unknown gate 'concurency'; did you mean 'concurrency'?
! gates.yaml:8:109: error: missing key 'limit' in concurrency (under way at most)
! gates.yaml:9:5: error: a service: gates: cpu and bbr look at the share of busy workers, so 'workers' must be a number
! gates.yaml:10:85: error: concurrency: shares add up to more than 100%
! gates.yaml:11:91: error: weights: 0 is out of range: from 1 to 1M
! gates.yaml:12:68: error: weighted: weights: at least one is needed, such as [8, 2, 1]
! gates.yaml:14:48: error: unknown key in a cache: 'gates'; there are: name, origin, keys, zipf, ttl, ttl_jitter, ttl_align, sliding, miss, refresh, stale_while_revalidate, stale_if_error, negative_ttl, error_as_miss, fill, start, capacity, eviction, nodes, placement, hit_latency, fetch_latency, fetch_timeout
! gates.yaml:15:1: error: unknown key in a scenario: 'gates'; there are: name, question, headline, duration, bin, warmup, replications, seed, policies, clients, services, caches, faults, strategies, expect
? 2
# Caches without an origin. (Whether a name is one is looked at when nothing is missing.)
< caches.yaml
| name: caches
| duration: 10s
| clients:
|   - {name: web, arrival: {kind: poisson, rate: 10/s}, calls: page}
| services:
|   - {name: api, workers: 1, service_time: 1ms, queue: {capacity: 10}}
| caches:
|   - {name: page, keys: 10, ttl: 1s}
|   - {name: side, origin: side, keys: 10, ttl: 1s}
|   - {name: other, origin: nothing, keys: 10, ttl: 1s}
|   - {name: third, origin: web, keys: 10, ttl: 1s}
$ retrystorm check caches.yaml
! caches.yaml:8:5: error: missing key 'origin' in a cache (the service that misses are fetched from)
? 2
$ retrystorm check caches.yaml --set caches.page.origin=
! --set caches.page.origin=: error: empty: nothing to read here
! caches.yaml:8:5: error: missing key 'origin' in a cache (the service that misses are fetched from)
? 2
$ retrystorm check caches.yaml --set caches.page.origin=third
! --set caches.page.origin=third: error: origin: 'third' is a cache; the origin must be a service
! caches.yaml:9:26: error: origin: 'side' leads back to 'side': a call cycle
! caches.yaml:10:27: error: origin: no service named 'nothing'; there are: api
! caches.yaml:11:27: error: origin: no service named 'web'; there are: api
? 2
# Traces.
< traces.yaml
| name: traces
| duration: 10s
| clients:
|   - {name: late, arrival: {kind: trace, file: late.csv}, calls: api}
|   - {name: twice, arrival: {kind: trace, file: twice.csv}, calls: api}
|   - {name: words, arrival: {kind: trace, file: words.csv}, calls: api}
|   - {name: before, arrival: {kind: trace, file: before.csv}, calls: api}
|   - {name: header, arrival: {kind: trace, file: header.csv}, calls: api}
|   - {name: none, arrival: {kind: trace, file: none.csv}, calls: api}
| services:
|   - {name: api, workers: 1, service_time: 1ms, queue: {capacity: 10}}
$ printf 't_s\n0.5\n2\n1.5\n' > late.csv; printf 't_s,rate_per_s\n0,10\n5,20\n5,30\n' > twice.csv; printf 't_s\n1\nsoon\n' > words.csv; printf 't_s\n-1\n' > before.csv; printf 'when\n1\n' > header.csv; retrystorm check traces.yaml
! traces.yaml:4:34: error: trace: late.csv:4: '1.5' does not come after the time of the row before: sort the rows
! traces.yaml:5:35: error: trace: twice.csv:4: '5' does not come after the time of the row before: sort the rows
! traces.yaml:6:35: error: trace: words.csv:3: 'soon' is not a number: write a number such as '1.5'
! traces.yaml:7:36: error: trace: before.csv:2: '-1' is negative: a time is 0 or more
! traces.yaml:8:36: error: trace: header.csv:1: the header line of a trace is 't_s' (one arrival a row) or 't_s,rate_per_s' (a rate over time), not 'when'
! traces.yaml:9:34: error: trace: none.csv: cannot be opened: there is no such file
? 2
# Faults of things that there are not.
< faults.yaml
| name: faults
| duration: 10s
| clients:
|   - {name: web, arrival: {kind: poisson, rate: 10/s}, calls: api}
| services:
|   - {name: api, workers: 1, queue: {capacity: 10}, calls: [db], program: [{call: db}]}
|   - {name: db, workers: unlimited, service_time: 1ms, queue: {capacity: 10}}
| faults:
|   - {kind: outage, mode: pause, service: web, at: 1s}
|   - {kind: load, clients: api, factor: 2, at: 1s}
|   - {kind: latency, edge: clients.wbe, delay: 1s, at: 1s}
|   - {kind: loss, edge: services.db, requests: 5%, at: 1s}
|   - {kind: partition, edge: services.api.calls, at: 1s}
|   - {kind: set, path: 'services.api.gates[0].limit', value: 3, at: 1s}
|   - {kind: scale, path: services.dba.workers, factor: 2, at: 1s}
|   - {kind: scale, path: clients.wbe.arrival.rate, factor: 2, at: 1s}
|   - {kind: scale, path: services.db.name, factor: 2, at: 1s}
|   - {kind: scale, path: services.db.workers, factor: 2, at: 1s}
|   - {kind: flush, cache: page, at: 1s}
|   - {kind: disconnect, clients: web, at: 1s}
$ retrystorm check faults.yaml
! faults.yaml:9:42: error: service: no service named 'web'; there are: api, db
! faults.yaml:10:27: error: clients: no client population named 'api'; there are: web
! faults.yaml:11:27: error: edge: no edge named 'clients.wbe'; did you mean 'clients.web'?
! faults.yaml:12:24: error: edge: no edge named 'services.db'; there are: clients.web, services.api.calls.db
! faults.yaml:13:29: error: edge: no edge named 'services.api.calls'; did you mean 'services.api.calls.db'?
! faults.yaml:14:23: error: path: 'services.api.gates[0].limit' cannot change while a run is under way; these can: services.api.workers, services.api.queue.capacity, services.api.reject_cost, services.api.error_ratio
! faults.yaml:15:25: error: path: 'services.dba' is no place with numbers that can change while a run is under way; did you mean 'services.db'?
! faults.yaml:16:25: error: path: 'clients.wbe' is no place with numbers that can change while a run is under way; did you mean 'clients.web'?
! faults.yaml:17:25: error: path: 'services.db.name' cannot change while a run is under way; these can: services.db.workers, services.db.service_time, services.db.queue.capacity, services.db.reject_cost, services.db.error_ratio
! faults.yaml:18:25: error: path: 'services.db.workers' is unlimited here: it can be set, not scaled
! faults.yaml:19:26: error: cache: no cache named 'page'; there is none
! faults.yaml:20:33: error: clients: 'web' has no sessions: give it a 'connect' step
? 2
$ retrystorm check faults.yaml --set 'faults=[{kind: loss, edge: clients.web, at: 1s}]'
! --set faults=[{kind: loss, edge: clients.web, at: 1s}]: error: loss: requests, responses: both are 0
? 2
$ retrystorm check faults.yaml --set 'faults=[{kind: flush, cache: page, node: 3, at: 1s}]' --set 'caches=[{name: page, origin: db, keys: 10, nodes: 3, ttl: 1s}]'
! --set faults=[{kind: flush, cache: page, node: 3, at: 1s}]: error: node: there is no node 3 of 'page': they are 0 to 2
? 2
$ retrystorm check faults.yaml --set faults=[] --set 'strategies=[{name: a, set: {services.api.gates.limit: 3}}, {name: b, set: {"services.api.gates[0].limit": 3}}, {name: c, set: {services.apy.gates: {kind: concurrency, limit: 3}}}]'
! --set strategies=[{name: a, set: {services.api.gates.limit: 3}}, {name: b, ...: error: missing key 'kind' in a gate (one of: none, token-bucket, leaky, cycle, fixed-window, sliding-window, sliding-log, warm-up, adaptive-throttle, nack-throttle, aws-adaptive, bulkhead, concurrency, aimd, vegas, gradient, gradient2, envoy-adaptive, bbr, credits, cpu, queue-delay, priority-cutoff)
! --set strategies=[{name: a, set: {services.api.gates.limit: 3}}, {name: b, ...: error: path 'services.api.gates[0].limit': gates is not written there, so it has no [0]
! --set strategies=[{name: a, set: {services.api.gates.limit: 3}}, {name: b, ...: error: path 'services.apy.gates': nothing named 'apy' in services; did you mean 'api'?
? 2
# What is written in another tool's words, in the wrong place, or as a number where a map must stand.
< habits.yaml
| name: habits
| duration: 10s
| clients:
|   - name: web
|     arrival: 300/s
|     calls: api
|     idempotent_ratio: 20
|     policy: {retries: 3, retry_on: [5xx], hedge: true, breaker: {kind: consecutive, failures: 5, window: 10s}}
| services:
|   - name: api
|     workers: 1
|     service_time: {law: exponential, mean: 1ms, cv2: 2}
|     queue: 300
|   - {name: db, workers: 1, service_time: 1ms, queue: {capacity: 10, displace: true}}
$ retrystorm check habits.yaml
! habits.yaml:5:14: error: an arrival is a map of keys and values, not a single value (open loop: the population's requests come whatever happens to them: {kind: poisson, rate: 80/s})
! habits.yaml:7:23: error: idempotent_ratio: 20 is out of range: from 0 to 1; percents are written '20%'
! habits.yaml:8:14: error: unknown key in a policy: 'retries'; did you mean 'attempts'?
! habits.yaml:8:37: error: unknown retry_on '5xx'; did you mean 'server-error'?
! habits.yaml:8:50: error: hedging is a map of keys and values, not a single value (send another attempt while the first still runs: {delay: 50ms})
! habits.yaml:8:98: error: unknown key in a circuit breaker: 'window'; consecutive has no such key, these have: count-window, tumbling, rolling, ema
! habits.yaml:12:49: error: unknown key in a law of durations: 'cv2'; exponential has no such key, these have: lognormal, hyperexponential
! habits.yaml:13:12: error: a queue is a map of keys and values, not a single value (where attempts wait for a worker: {discipline: fifo, capacity: 300})
! habits.yaml:14:69: error: unknown key in a queue: 'displace'; fifo has no such key, these have: priority, weighted
? 2
$ printf 'name: tab\nclients:\n\t- name: web\n' > tab.yaml; retrystorm check tab.yaml
! tab.yaml:3:1: error: YAML: found character that cannot start any token (a tab? indent with blanks; quote a text that begins with % @ or `)
! tab.yaml:3:1: error: YAML: the trouble began here (while scanning for the next token)
? 2
