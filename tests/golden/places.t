# Of which place the numbers and pictures are, and what the verdict says of ties.
# Where there are several services, it is said whose load is drawn.
< two.yaml
| name: two
| duration: 10s
| replications: 2
| headline: peak_load_ratio
| clients:
|   - {name: web, arrival: {kind: poisson, rate: 10/s}, calls: api, policy: {timeout: 1s}}
| services:
|   - {name: api, workers: 1, queue: {capacity: 10}, calls: [{name: db, policy: {timeout: 1s}}], program: [{work: 10ms}, {call: db}]}
|   - {name: db, workers: 1, service_time: 10ms, queue: {capacity: 10}}
| strategies: [{name: one}, {name: two, set: {clients.web.policy.attempts: 2}}]
$ LC_ALL=C.UTF-8 retrystorm run two.yaml -q -o two | grep "load of"
>        load of services.api / capacity, ▁ 0.055× to █ 0.14× 10 s
$ grep -c 'attempts arriving per second at services.api / capacity' two/load.svg
> 1
# Why one of several that do the same is the best.
$ retrystorm run two.yaml -q --plot=none -o ties --set headline=success_ratio --set 'strategies=[{name: three, set: {clients.web.policy.hedge: {delay: 1ms, extra: 3}}}, {name: one, set: {clients.web.policy.hedge: {delay: 1ms}}}, {name: plain}]' | tail -1
> plain succeeds with 100 % of its requests; three and one cannot be told apart from it (the 95 % interval of the difference holds 0), but they send more attempts.
# Several services that clients call are drawn as one; the p99 beside a name is of the clients whose latency is drawn.
< sessions.yaml
| name: sessions
| duration: 30s
| replications: 2
| headline: connected_100_s
| clients:
|   - name: phones
|     count: 1k
|     closed: {think: exponential, mean: 10s}
|     calls: api
|     policy: {timeout: 1s}
|     connect: {calls: gateway, policy: {timeout: 20s}}
| services:
|   - {name: gateway, workers: 1, service_time: 10ms, queue: {capacity: 1k}}
|   - {name: api, workers: 5, service_time: 10ms, queue: {capacity: 10}}
| faults: [{kind: disconnect, clients: phones, at: 10s}]
$ retrystorm run sessions.yaml -q -o sessions | tail -1
> default has all clients back after 10.0 s.
$ grep -o 'attempts arriving per second at [^/]*' sessions/load.svg; grep -o 'p99 [0-9].*s' sessions/latency.svg
> attempts arriving per second at services.gateway + services.api 
> p99 10.0 ms
$ grep -E '^[^,]*,(all|clients.phones),latency_p99_s' sessions/summary.csv | cut -d, -f2,6
> all,9.72231279
> clients.phones,0.0100267967
