import { describe, expect, it } from 'vitest';
import { noExits } from '../../../../src/model/exit-rules.ts';
import type { ServiceView } from '../../../../src/model/service-view.ts';
import type { AlertRow, ExitReason } from '../../../../src/model/snapshot.ts';
import { DIAGNOSES, diagnose } from '../../../../src/model/verdict/index.ts';
import { sayWork } from '../../../../src/model/verdict/work.ts';
import { anAlert } from '../../../support/snapshots.ts';
import { master, T0 } from '../samples.ts';
import { accessLog, ends, lostLog, measures, row, saturationOf, view } from '../views.ts';

const firing = (name: string, rest: Partial<AlertRow> = {}): AlertRow => ({
  ...anAlert({ name, value: null, threshold: null, since: null, summary: 'so it is' }),
  ...rest,
});

const verdict = (rest: Partial<ServiceView> = {}, alerts: readonly AlertRow[] = []) => diagnose(view(rest), alerts);
const kinds = (rest: Partial<ServiceView>, alerts: readonly AlertRow[] = []) =>
  verdict(rest, alerts).causes.map((cause) => `${cause.level} ${cause.kind}`);

const GONE = {
  ...{ pid: 4711, atMs: T0 - 12_000, isRoutine: false, isOom: false, isAsked: false },
  ...{ failedBoot: null, pidFile: null },
};

const hung = [1, 2, 3, 4].map((pid) => row(pid, { state: 'busy', busySeconds: 36 + 2 * pid, connections: 1 }));

describe('a healthy service', () => {
  it('is told in one line, without causes', () => {
    expect(verdict()).toEqual({ level: 'ok', text: '12.3 requests/s · p95 84 ms · no errors', causes: [] });
  });

  it('may have a few errors', () => {
    const oneMinute = measures({ serverErrors: 3 });
    expect(verdict({ oneMinute })).toMatchObject({
      level: 'ok',
      text: '12.3 requests/s · p95 84 ms · 0.41 % errors',
    });
  });

  it('says when most clients ask for what is not there', () => {
    const oneMinute = measures({ clientErrors: 681 });
    expect(verdict({ oneMinute })).toMatchObject({
      level: 'ok',
      text: '12.3 requests/s · p95 84 ms · no server errors · 92 % of requests answered 4xx',
    });
  });

  it('stays calm about too few requests to say anything', () => {
    const oneMinute = measures({ requests: 4, serverErrors: 3, latencyCount: 4, p95Seconds: null });
    expect(verdict({ oneMinute }).level).toBe('ok');
  });

  it('may be idle, and may be busy for a moment', () => {
    const quiet = {
      oneMinute: measures({ requests: 0, requestsPerSecond: 0, p95Seconds: null }),
      activeConnections: 0,
    };
    expect(verdict({ ...quiet, sources: [accessLog({ lastLineAtMs: T0 - 250_000 })] }).text).toBe(
      'no requests for 4 m 10 s',
    );
    expect(verdict({ ...quiet, sources: [accessLog({ lastLineAtMs: null })] }).text).toBe('no requests yet');
    expect(verdict({ workers: hung, saturation: saturationOf({ busyWorkers: 4 }) }).level).toBe('ok');
  });

  it('is described by its workers where no access log is read', () => {
    const watches = { processes: true, accessLog: false, errorLog: false };
    expect(verdict({ watches, sources: [] }).text).toBe('4 workers · 0 busy');
    expect(kinds({ watches, sources: [] })).toEqual(['ok no-access-log']);
  });
});

describe('event loops', () => {
  const masters = [master({ workerClass: 'gevent', workerConnections: 1000 })];
  const held = (rest: object = {}) =>
    row(3, { state: 'busy', connections: 12, heartbeatAgeSeconds: 5.2, secondsToKill: 24.8, ...rest });

  it('a blocked one: which worker, and how many wait for it', () => {
    const loops = { masters, workers: [row(1), row(2), held({ activity: 'waiting' })] };
    expect(verdict(loops)).toMatchObject({
      level: 'warning',
      text: 'the event loop of worker 3 is blocked: no heartbeat for 5.2 s · 12 connections wait for it · it waits in a call that does not give way · killed in 25 s (--timeout)',
    });
    expect(kinds({ masters, workers: [held()] })).toEqual(['critical blocked-loop']);
  });

  it('says so once, also beyond the timeout, and leaves pool threads to the one that knows them', () => {
    expect(kinds({ masters, workers: [row(1), held({ state: 'stuck' })] })).toEqual(['warning blocked-loop']);
    const gthread = [master({ workerClass: 'gthread', threadsPerWorker: 4 })];
    expect(kinds({ masters: gthread, workers: [row(1), held({ state: 'stuck' })] })).toEqual(['warning stuck-worker']);
  });

  it('stays calm about a slow call, a late heartbeat, and a worker without clients', () => {
    for (const calm of [held({ heartbeatAgeSeconds: 2.4 }), held({ state: 'idle', connections: 0 })]) {
      expect(kinds({ masters, workers: [row(1), calm] })).toEqual([]);
    }
    const uvicorn = [master({ workerClass: 'uvicorn.workers.UvicornWorker' })];
    expect(kinds({ masters: uvicorn, workers: [row(1), held({ heartbeatAgeSeconds: 15 })] })).toEqual([]);
  });

  it('full ones: the setting that limits them', () => {
    const full = row(3, { state: 'unknown', connections: 1000 });
    const waits = {
      ...{ masters, workers: [full, full], waitingSinceMs: T0 - 5000 },
      saturation: saturationOf({ busyWorkers: null, capacity: null, utilizationRatio: null, backlog: 40 }),
      ...{ busyRatio: null, slowestRoute: null },
    };
    expect(verdict(waits).text).toBe(
      '40 waiting to be accepted (about 3.2 s), which no log shows: there p95 is 84 ms · 2 of 2 workers at the limit of 1000 connections: raise worker_connections, or add workers',
    );
  });

  it('are not told to wait for more threads', () => {
    const busyWork = { cpuRatio: 0.02, runningRatio: 0 };
    const waits = {
      workers: hung,
      waitingSinceMs: T0 - 5000,
      saturation: saturationOf({ busyWorkers: 4, backlog: 9 }),
    };
    expect(verdict({ ...waits, busyWork }).text).toContain(
      'more workers or threads help, unless all wait for one thing',
    );
    expect(verdict({ ...waits, busyWork, masters }).text).not.toContain('threads');
  });

  it('of uvicorn do not heed the log format', () => {
    const sources = [accessLog({ durationUnit: null })];
    const uvicorn = { sources, masters: [master({ workerClass: 'uvicorn.workers.UvicornWorker' })] };
    expect(verdict(uvicorn).causes[0]?.text).toContain("uvicorn's workers do not heed access_log_format");
    expect(verdict({ sources }).causes[0]?.text).toContain('add %(D)s');
  });
});

describe('what is wrong', () => {
  it('requests that wait for a thread while others have some: it is not the workers that are all taken', () => {
    const uneven: Partial<ServiceView> = {
      masters: [master({ workerClass: 'gthread', threadsPerWorker: 4 })],
      workers: hung.map((busy) => ({ ...busy, busyThreads: 2 })),
      busyRatio: 0.58,
      waitingInWorkers: 7,
      waitingSinceMs: T0 - 5000,
      saturation: saturationOf({ busyWorkers: 4, capacity: 16 }),
    };
    expect(verdict(uneven).text).toMatch(/^8 of 16 threads busy · 7 waiting for a thread/);
  });

  it('a leak that max_requests keeps in bounds is only mentioned, unless the memory is full first', () => {
    const memoryGrowth = { bytesPerSecond: 1e6, seconds: 60, worker: 7, workers: 1 };
    const masters = [master({ maxRequests: 1000 })];
    expect(kinds({ memoryGrowth })).toEqual(['warning memory-leak']);
    expect(verdict({ memoryGrowth, masters }).causes).toEqual([
      {
        ...{ kind: 'memory-leak', level: 'ok' },
        text: 'memory leak: worker 7 grows by 57.2 MB a minute · max_requests replaces workers after 1000 requests',
      },
    ]);
    const full = { memoryBytes: 900e6, memoryLimitBytes: 1000e6 };
    expect(kinds({ memoryGrowth, masters, ...full })).toEqual(['warning memory-leak']);
    expect(kinds({ memoryGrowth, masters: [master({ maxRequests: 0 })], ...full })).toEqual(['critical memory-leak']);
  });

  it('a failed upgrade: the old master serves on', () => {
    const text = "worker 5226 failed to boot: ModuleNotFoundError: No module named 'shop'";
    const failedUpgrade = { masterPid: 5174, servingPid: 100, text };
    expect(verdict({ ends: ends({ failedUpgrade }) })).toMatchObject({
      level: 'warning',
      text: `upgrade failed: of the new master 5174 ${text} · master 100 serves on, with the code of before`,
    });
    const unnamed = { ...failedUpgrade, masterPid: null };
    expect(verdict({ ends: ends({ failedUpgrade: unnamed }) }).text).toMatch(
      /^upgrade failed: of a new master worker 5226/,
    );
  });

  it('errors at a steady rate just at the limit stay said, and end when they end', () => {
    const steady = (now: number, lately: number) =>
      kinds({
        oneMinute: measures({ requests: 1000, serverErrors: now }),
        fiveMinutes: measures({ seconds: 300, requests: 5000, serverErrors: lately }),
      });
    expect(steady(11, 50)).toEqual(['warning error-rate']);
    expect(steady(9, 50)).toEqual(['warning error-rate']);
    expect(steady(9, 20)).toEqual([]);
    expect(steady(5, 500)).toEqual([]);
    expect(steady(49, 250)).toEqual(['critical error-rate']);
  });

  it('saturated: how long, how many wait, and which route takes the workers', () => {
    const saturated: Partial<ServiceView> = {
      workers: hung,
      busyRatio: 1,
      saturation: saturationOf({ busyWorkers: 4, backlog: 20, utilizationRatio: 0.9 }),
      waitingSinceMs: T0 - 30_000,
      slowestRoute: { method: 'GET', path: '/reports/{id}', requests: 9, serverErrors: 0, timeRatio: 0.714 },
    };
    expect(verdict(saturated)).toMatchObject({
      level: 'critical',
      text: '4/4 workers busy for 38 s · 20 waiting to be accepted (about 1.6 s), which no log shows: there p95 is 84 ms · 71 % of worker time in GET /reports/{id}',
    });
  });

  it('nearly saturated is a warning until it lasts', () => {
    const full = { saturation: saturationOf({ busyWorkers: 3, utilizationRatio: 0.95 }), busyRatio: 0.9 };
    expect(kinds(full)).toEqual(['warning saturated']);
    expect(verdict(full).text).toBe('95 % of 4 slots in use');
    expect(kinds(full, [firing('Saturated')])).toEqual(['critical saturated']);
  });

  it('not saturated by requests that took long and have ended: nobody was busy when they were seen to be over', () => {
    const ended = { saturation: saturationOf({ busyWorkers: 0, utilizationRatio: 1.4 }) };
    expect(kinds({ ...ended, busyRatio: 0.3 })).toEqual([]);
    expect(kinds({ ...ended, busyRatio: 0.8 })).toEqual(['warning saturated']);
    expect(kinds({ ...ended, busyRatio: null })).toEqual(['warning saturated']);
    // Threads that compute look idle.
    expect(kinds({ ...ended, busyRatio: 0.3, busyWork: { cpuRatio: 0.9, runningRatio: 0.5 } })).toEqual([
      'warning saturated',
    ]);
  });

  it('errors, with the route that fails most', () => {
    const failing = {
      oneMinute: measures({ requests: 1000, serverErrors: 61 }),
      failingRoute: { method: 'POST', path: '/orders', requests: 80, serverErrors: 58, timeRatio: null },
    };
    expect(verdict(failing)).toMatchObject({
      level: 'critical',
      text: '6.1 % of requests fail with 5xx (1.02/s) · most in POST /orders (58 of 61)',
    });
    const tied = { ...failing, oneMinute: measures({ requests: 1000, serverErrors: 116 }) };
    expect(verdict(tied).text).toContain('some in POST /orders (58 of 116)');
    expect(kinds({ oneMinute: measures({ requests: 1000, serverErrors: 20 }) })).toEqual(['warning error-rate']);
    expect(kinds({ oneMinute: measures({ requests: 30, serverErrors: 2 }) })).toEqual([]);
  });

  it('latency', () => {
    expect(verdict({ oneMinute: measures({ p95Seconds: 1.2 }) })).toMatchObject({
      level: 'warning',
      text: 'p95 1.2 s over the last minute',
    });
  });

  it('a timeout, with its request', () => {
    const lastTimeout = 'worker 26190 killed: timeout after 30 s in GET /reports/9912';
    const timedOut = { ends: ends({ byReason: { ...noExits(), timeout: 1 }, abnormal: 1, lastTimeout }) };
    expect(verdict(timedOut)).toMatchObject({ level: 'critical', text: lastTimeout });
  });

  it('a crash, and a loop of them', () => {
    const lastCrash = 'worker 9 crashed: SIGSEGV';
    const crashed = (count: number) =>
      ends({ abnormal: count, lastCrash, abnormalBy: { crash: { count, last: lastCrash } } });
    expect(verdict({ ends: crashed(1) }).text).toBe(lastCrash);
    expect(kinds({ ends: crashed(7) })).toEqual(['critical restart-loop', 'critical worker-crash']);
    expect(verdict({ ends: crashed(7) }).causes.map((cause) => cause.text)).toEqual([
      `7 workers ended abnormally in the last minute, the last: ${lastCrash}`,
      `7 workers crashed in the last minute, the last: ${lastCrash}`,
    ]);
  });

  it('a worker killed from outside, or by the kernel, each by its own name', () => {
    const by = (reason: ExitReason, last: string) =>
      ends({ abnormal: 1, abnormalBy: { [reason]: { count: 1, last } } });
    const killed = 'worker 9 killed by SIGKILL: from outside';
    expect(verdict({ ends: by('killed', killed) })).toMatchObject({ level: 'critical', text: killed });
    expect(kinds({ ends: by('killed', killed) })).toEqual(['critical worker-killed']);
    expect(kinds({ ends: by('unknown', 'worker 9 ended') })).toEqual(['warning worker-lost']);
    expect(kinds({ ends: by('oom', 'worker 9 killed by the kernel: out of memory') })).toEqual(['critical worker-oom']);
  });

  it('workers that cannot import the application, before the master that stopped for it', () => {
    const last = "worker 9 failed to boot: ModuleNotFoundError: No module named 'x'";
    const broken = { ends: ends({ abnormal: 2, stillborn: 2, abnormalBy: { boot: { count: 2, last } } }) };
    expect(verdict(broken).text).toBe(`${last} · 2 workers in the last minute`);
    expect(verdict({ ...broken, masters: [], workers: [] })).toMatchObject({
      text: `${last} · 2 workers in the last minute · the master has stopped: nobody serves`,
      causes: [{ kind: 'boot-failure' }, { kind: 'master-down' }],
    });
    // Without an error log only the master's end is told: it knows of the reload.
    const unlogged = { watches: { processes: true, accessLog: true, errorLog: false } };
    expect(kinds({ ...broken, ...unlogged, masters: [], workers: [] })).toEqual(['critical master-down']);
    expect(kinds({ ...broken, ...unlogged })).toEqual(['critical boot-failure']);
  });

  it('a worker that may open no more files, and one that is near it', () => {
    const full = row(7, { fds: 59, fdLimit: 60 });
    expect(verdict({ workers: [row(6, { fds: 9, fdLimit: 60 }), full] })).toMatchObject({
      level: 'critical',
      text: 'worker 7 has 59 of 60 file descriptors open: files left open, or ulimit -n too low',
    });
    expect(verdict({ workers: [row(7, { fds: 950, fdLimit: 1024 })] }).level).toBe('warning');
    expect(kinds({ workers: [row(7, { fds: 900, fdLimit: 1024 }), row(8, { fds: 900, fdLimit: null })] })).toEqual([]);
  });

  it('workers that go round, also where a sample catches none of them', () => {
    const last = 'worker 9 left right after its start';
    const seen = ends({ abnormal: 3, stillborn: 3, lastCrash: last, abnormalBy: { crash: { count: 3, last } } });
    expect(verdict({ ends: seen }).text).toBe(
      `3 workers left right after their start in the last minute, the last: ${last}`,
    );
    const sources = [accessLog({ lastLineAtMs: T0 - 4500 })];
    const none = { workers: [], noWorkerSinceMs: T0 - 4000, sources };
    expect(verdict(none)).toMatchObject({
      level: 'critical',
      text: 'no worker is up for 4 s: each ends as soon as it starts, or none is started',
    });
    expect(kinds({ workers: [], noWorkerSinceMs: T0 - 1000, sources })).toEqual([]);
    // One that imports for a long time is on its way.
    expect(kinds({ workers: [row(1, { state: 'booting' })], noWorkerSinceMs: T0 - 9000, sources })).toEqual([]);
    // Between the looks somebody serves.
    expect(kinds({ ...none, noWorkerSinceMs: T0 - 9000, sources: [accessLog()] })).toEqual([]);
  });

  it('nobody serves while all workers import the application', () => {
    const booting = [row(1, { state: 'booting', ageSeconds: 9.2 }), row(2, { state: 'booting', ageSeconds: 9.1 })];
    const waits = {
      ...{ workers: booting, noWorkerSinceMs: T0 - 9000, waitingSinceMs: T0 - 8000 },
      saturation: saturationOf({ busyWorkers: 0, backlog: 18, utilizationRatio: 0 }),
      ...{ busyRatio: 0, sources: [accessLog({ lastLineAtMs: T0 - 10_000 })] },
    };
    expect(verdict(waits)).toMatchObject({
      level: 'critical',
      text: 'no worker is up for 9 s · 2 workers booting for 9.2 s: how long does the application take to import? · 18 waiting to be accepted',
    });
  });

  it('a queue longer than the workers, also where a look finds one between two requests', () => {
    const between = (backlog: number) => ({
      ...{ workers: [row(1, { state: 'busy' }), row(2)], waitingSinceMs: T0 - 5000, busyRatio: 0.4 },
      saturation: saturationOf({ busyWorkers: 1, capacity: 2, utilizationRatio: 0.4, backlog }),
    });
    expect(kinds(between(25))).toEqual(['critical saturated']);
    expect(kinds(between(1))).toEqual(['warning saturated']);
  });

  it('a master that is stopped, though its workers serve on', () => {
    expect(verdict({ masters: [master({ osState: 'T' })] })).toMatchObject({
      level: 'warning',
      text: 'master 100 is stopped by a signal: kill -CONT 100 · its workers serve on, but none is replaced, and none killed when it hangs',
    });
    expect(kinds({ masters: [master({ osState: 't' })] })).toEqual([]);
  });

  it('a full disk: what is not written cannot be read', () => {
    const disk = { mount: '/var/log', device: null, totalBytes: 100, usedBytes: 100 };
    expect(verdict({ disks: [{ ...disk, usedRatio: 1 }] })).toMatchObject({
      level: 'critical',
      text: '/var/log is full · what Gunicorn cannot write to its logs is lost, and no request can be seen in them',
    });
    expect(kinds({ disks: [{ ...disk, usedRatio: 0.98 }] })).toEqual([]);
  });

  it('workers that do little but start', () => {
    const recycled = (count: number) => ends({ byReason: { ...ends({}).byReason, recycled: count } });
    const masters = [master({ maxRequests: 5 })];
    expect(verdict({ ends: recycled(95), masters })).toMatchObject({
      level: 'warning',
      text: 'workers are recycled all the time: 95 in the last minute · max_requests is 5',
    });
    expect(kinds({ ends: recycled(9), masters, workers: [row(1)] })).toEqual([]);
  });

  it('no lack of traffic while a worker cannot open what it needs to serve it', () => {
    const lull = { seconds: 22, requestsPerSecond: 8.4 };
    const stopped = { lull, activeConnections: 0, saturation: saturationOf({ backlog: 0 }) };
    expect(kinds(stopped)).toEqual(['warning traffic-stopped']);
    expect(kinds({ ...stopped, workers: [row(7, { fds: 63, fdLimit: 64 })] })).toEqual(['critical no-descriptors']);
  });

  it('memory that grows, with the time that is left', () => {
    const memoryGrowth = { bytesPerSecond: 1024 * 1024, seconds: 12, worker: 7, workers: 2 };
    expect(verdict({ memoryGrowth })).toMatchObject({
      level: 'warning',
      text: 'memory leak: 2 workers grow by 60 MB a minute · the memory is full in about 3 h 10 m · worker 7 fastest',
    });
    expect(kinds({ memoryGrowth, memoryLimitBytes: 600e6 })).toEqual(['critical memory-leak']);
    const slow = { bytesPerSecond: 1000, seconds: 43_200, worker: 7, workers: 1 };
    expect(verdict({ memoryGrowth: slow })).toMatchObject({ level: 'ok', causes: [{ kind: 'memory-leak' }] });
  });

  it('what a deploy broke, before the errors that it makes, and what it made slower', () => {
    const side = (requests: number, serverErrors: number, p50Seconds: number) => ({
      requests,
      serverErrors,
      p50Seconds,
    });
    const deploy = { atMs: T0 - 12_000, kind: 'reload' } as const;
    const failing = { method: 'GET', path: '/items/{id}', before: side(300, 0, 0.02), after: side(60, 45, 0.02) };
    const broken = { deployEffect: { deploy, slower: null, failing }, oneMinute: measures({ serverErrors: 45 }) };
    expect(verdict(broken)).toMatchObject({
      level: 'critical',
      text: '75 % of GET /items/{id} fail since the reload 12 s ago, none before',
      causes: [{ kind: 'deploy-failing' }, { kind: 'error-rate' }],
    });
    const slower = { method: 'GET', path: '/items/{id}', before: side(300, 0, 0.02), after: side(60, 0, 0.251) };
    expect(verdict({ deployEffect: { deploy: { ...deploy, kind: 'restart' }, slower, failing: null } })).toMatchObject({
      level: 'warning',
      text: 'GET /items/{id} takes 251 ms since the restart 12 s ago, 20 ms before (medians)',
    });
    const slightlySlower = { ...slower, after: side(60, 0, 0.026) };
    expect(verdict({ deployEffect: { deploy, slower: null, slightlySlower, failing: null } })).toMatchObject({
      level: 'ok',
      causes: [{ level: 'ok', text: 'GET /items/{id} takes 26 ms since the reload 12 s ago, 20 ms before (medians)' }],
    });
  });

  it('traffic that stops, unless requests hang or wait', () => {
    const stopped = { lull: { seconds: 7, requestsPerSecond: 12 }, activeConnections: 0 };
    expect(verdict(stopped)).toMatchObject({
      level: 'warning',
      text: 'no requests for 7 s, 12 requests/s before: is the way to Gunicorn cut?',
    });
    expect(kinds({ ...stopped, activeConnections: 2 })).toEqual([]);
    expect(kinds({ ...stopped, saturation: saturationOf({ backlog: 3 }) })).not.toContain('warning traffic-stopped');
  });

  it('a log that was moved and is still written to', () => {
    const moved = (sinceMs: number, lastMs: number) => ({ sources: [accessLog({ strayed: { sinceMs, lastMs } })] });
    expect(verdict(moved(T0 - 9000, T0 - 200)).text).toBe(
      '/var/log/access.log was moved 9 s ago and Gunicorn still writes to the old file · kill -USR1 100',
    );
    // The lines between the move and the signal of every rotation.
    expect(verdict(moved(T0 - 9000, T0 - 7500)).level).toBe('ok');
    expect(verdict(moved(T0 - 900_000, T0 - 60_000)).level).toBe('ok');
  });

  it('what busy workers do, and what therefore helps', () => {
    const full = { workers: hung, busyRatio: 1, saturation: saturationOf({ busyWorkers: 4, backlog: 20 }) };
    const doing = (cpuRatio: number, runningRatio: number, hostCpuPercent = 20) =>
      verdict({ ...full, busyWork: { cpuRatio, runningRatio }, hostCpuPercent })
        .text.split(' · ')
        .at(-1);
    expect(doing(0.03, 0)).toBe(
      'busy workers wait 97 % of the time: more workers or threads help, unless all wait for one thing',
    );
    expect(doing(0.9, 1, 55)).toBe('busy workers compute: more threads do not help, and the CPUs are 55 % used');
    const held = { cpuRatio: 0.1, runningRatio: 0.4, quota: { cpus: 0.2, usedRatio: 0.97 } };
    expect(sayWork({ busyWork: held, hostCpuPercent: 32, masters: [master()] })).toBe(
      'busy workers compute: the CPU quota of their control group (0.2 CPUs) is used up',
    );
    const slow = { cpuRatio: 0, runningRatio: 0, clientRatio: 0.9 };
    expect(sayWork({ busyWork: slow, hostCpuPercent: 5, masters: [master()] })).toMatch(
      /^busy workers wait for their clients.*a proxy that buffers/,
    );
    const locked = { cpuRatio: 0.01, runningRatio: 0, lockRatio: 0.8 };
    const threads = [master({ workerClass: 'gthread', threadsPerWorker: 6 })];
    expect(sayWork({ busyWork: locked, hostCpuPercent: 5, masters: threads })).toMatch(/^busy threads wait for a lock/);
    // Threads that compute wait for the interpreter's lock.
    expect(sayWork({ busyWork: { ...locked, cpuRatio: 0.95 }, hostCpuPercent: 5, masters: threads })).toMatch(
      /compute/,
    );
    // Little CPU time for each, for there is no more to be had.
    expect(doing(0.2, 0, 99)).toContain('busy workers compute');
    expect(doing(0.35, 0.3)).toContain('waiting to be accepted');
  });

  it('a queue inside of gthread workers, and a queue that one look may have caught by chance', () => {
    const full = { workers: hung, busyRatio: 1, saturation: saturationOf({ busyWorkers: 4, utilizationRatio: 0.9 }) };
    expect(verdict({ ...full, waitingInWorkers: 9 }).text).toContain('9 waiting for a thread');
    const chance = { workers: hung, saturation: saturationOf({ busyWorkers: 4, backlog: 1 }) };
    expect(kinds({ ...chance, waitingSinceMs: T0 - 1000 })).toEqual([]);
    expect(kinds({ ...chance, waitingSinceMs: T0 - 2500 })).toEqual(['critical saturated']);
    // There is a worker to spare, and yet they wait: one that does not accept, or connections that come in gusts.
    const spare = { saturation: saturationOf({ busyWorkers: 2, backlog: 1 }), waitingSinceMs: T0 - 2500 };
    expect(kinds(spare)).toEqual(['warning saturated']);
  });

  it('names no route as long as the log accounts for little of the work', () => {
    const started = {
      workers: hung,
      busyRatio: 1,
      saturation: saturationOf({ busyWorkers: 4, backlog: 9, utilizationRatio: 0.02 }),
    };
    const slowestRoute = { method: 'GET', path: '/users', requests: 50, serverErrors: 0, timeRatio: 0.9 };
    expect(verdict({ ...started, slowestRoute }).text).not.toContain('/users');
  });

  it('a worker that a signal has stopped', () => {
    const workers = [row(1, { state: 'stuck', busySeconds: 65 }), row(2, { state: 'stuck', osState: 'T' })];
    expect(verdict({ workers }).text).toBe('2 workers of 2 stuck: 2 · stopped by a signal: kill -CONT 2');
  });

  it('a stuck worker', () => {
    const stuck = row(2, { state: 'stuck', busySeconds: 65, clientAddress: '10.0.0.5' });
    expect(verdict({ workers: [row(1), stuck] })).toMatchObject({
      level: 'warning',
      text: '1 worker of 2 stuck: 2 · busy for 65 s · client 10.0.0.5',
    });
    const threads = row(2, { state: 'stuck', busySeconds: 65, stuckThreads: 3 });
    expect(verdict({ workers: [row(1), threads] }).text).toBe(
      '1 worker of 2 stuck: 2 · busy for 65 s · 3 requests in threads, which no timeout ends',
    );
  });

  it('no master: gone, or never found, with what the sampler says', () => {
    const down = { masters: [], workers: [], notes: ['/run/g.pid: stale'] };
    expect(verdict(down)).toMatchObject({ level: 'critical', text: 'the master is gone · /run/g.pid: stale' });
    expect(verdict({ ...down, masterSeen: false }).text).toBe('no master found · /run/g.pid: stale');
    const known = { ...down, notes: ['master 4711 is gone', ...down.notes] };
    expect(verdict(known).text).toBe('master 4711 is gone · /run/g.pid: stale');
  });

  it.each([
    [{}, 'master 4711 is gone · /run/g.pid: stale'],
    [{ isAsked: true }, 'master 4711 was told to stop · /run/g.pid: stale'],
    [{ pidFile: 'left' }, 'master 4711 was killed, or crashed: it has left its pid file · /run/g.pid: stale'],
    [
      { failedBoot: { kind: 'worker', pid: 9 }, pidFile: 'left' },
      'master 4711 has stopped before its new worker 9 had come up: does the code fail at import? · /run/g.pid: stale',
    ],
  ] as const)('no master: how it ended, as far as is known', (end, text) => {
    const notes = ['master 4711 is gone', '/run/g.pid: stale'];
    expect(verdict({ masters: [], workers: [], masterEnd: { ...GONE, ...end }, notes }).text).toBe(text);
  });

  it('a pid file that its master has removed is no riddle', () => {
    const notes = ['master 4711 is gone', 'pid file /run/g.pid: no such file: is Gunicorn running with --pid?'];
    const masterEnd = { ...GONE, pidFile: 'removed', failedBoot: { kind: 'reload', seconds: 1.3 } } as const;
    expect(verdict({ masters: [], workers: [], masterEnd, notes }).text).toBe(
      'master 4711 has stopped 1.3 s after a reload, none of its new workers had come up: does the new code fail at import?',
    );
  });

  it('a master that the kernel killed: while none runs, and for a minute when another one serves', () => {
    const masterOom = { ...GONE, isOom: true };
    const down = { masters: [], workers: [], masterOom, notes: ['master 4711 is gone', '/run/g.pid: stale'] };
    expect(kinds(down)[0]).toBe('critical master-down');
    expect(verdict(down).text).toBe('master 4711 killed by the kernel: out of memory · /run/g.pid: stale');
    expect(kinds(down)).not.toContain('critical master-oom');
    expect(kinds({ masterOom })).toEqual(['critical master-oom']);
    expect(verdict({ masterOom }).text).toBe(
      'master 4711 killed by the kernel: out of memory · 12 s ago · master 100 serves now',
    );
    expect(kinds({ masterOom: { ...masterOom, atMs: T0 - 61_000 } })).toEqual([]);
  });

  it('a log that is missing or may not be read', () => {
    const missing = { sources: lostLog({ state: 'waiting', message: 'not found: waiting' }) };
    expect(verdict(missing)).toMatchObject({ level: 'warning', text: '/var/log/access.log: not found: waiting' });
    const denied = { sources: lostLog({ state: 'denied', message: 'permission denied' }) };
    expect(verdict(denied).text).toContain('permission denied');
  });

  it('unknown, where nothing can be known', () => {
    const onlyLog = { watches: { processes: false, accessLog: true, errorLog: false }, masters: null, workers: [] };
    expect(verdict({ ...onlyLog, sources: lostLog({ state: 'waiting' }) }).level).toBe('unknown');
    const first = { watches: { processes: true, accessLog: false, errorLog: false }, masters: null, sources: [] };
    expect(verdict(first)).toMatchObject({ level: 'unknown', text: 'nothing is known yet' });
  });

  it('a log that went quiet while clients stay connected; one that a sample just caught proves nothing', () => {
    const sources = [accessLog({ lastLineAtMs: T0 - 72_000 })];
    const stale = { sources, activeConnections: 3, connectedSinceMs: T0 - 90_000 };
    expect(verdict(stale).text).toBe('no access line for 72 s, yet 3 connections open');
    expect(verdict({ ...stale, connectedSinceMs: T0 - 1000 }).level).toBe('ok');
  });

  it('a format that does not fit', () => {
    const sources = [accessLog({ linesRead: 100, linesParsed: 10, linesRejected: 90 })];
    expect(verdict({ sources }).text).toBe(
      '90 % of the lines of /var/log/access.log cannot be read: give --log-format',
    );
  });

  it('an alert that no diagnosis tells of', () => {
    const memory = firing('HighMemoryUsage', { severity: 'warning', summary: 'memory of the host 93 % > 90 %' });
    expect(verdict({}, [memory])).toMatchObject({
      level: 'warning',
      text: 'HighMemoryUsage: memory of the host 93 % > 90 %',
    });
    expect(verdict({}, [firing('HighErrorRate'), { ...memory, state: 'pending' }]).level).toBe('ok');
  });
});

describe('what is worth knowing but nothing wrong', () => {
  it('the default format, and what may not be read', () => {
    const limited = { sources: [accessLog({ durationUnit: null })], notes: ['heartbeat needs root'] };
    expect(verdict(limited).level).toBe('ok');
    expect(kinds(limited)).toEqual(['ok no-durations', 'ok limited-view']);
  });
});

describe('several things at once', () => {
  it('are all named, the worst first, and the first in the table makes the headline of equals', () => {
    const bad = {
      oneMinute: measures({ serverErrors: 600, p95Seconds: 3 }),
      masters: [],
      sources: [accessLog({ durationUnit: null })],
    };
    expect(kinds(bad)).toEqual(['critical master-down', 'critical error-rate', 'warning latency', 'ok no-durations']);
    expect(verdict(bad).text).toBe('the master is gone');
  });
});

describe('the table', () => {
  it('has a name of its own and a summary for every diagnosis', () => {
    expect(new Set(DIAGNOSES.map((one) => one.kind)).size).toBe(DIAGNOSES.length);
    expect(DIAGNOSES.filter((one) => !/^[a-z-]+$/.test(one.kind) || one.summary.length < 20)).toEqual([]);
  });
});
