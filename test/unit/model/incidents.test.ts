import { describe, expect, it } from 'vitest';
import type { WorkerFact } from '../../../src/model/facts.ts';
import { Incidents } from '../../../src/model/incidents.ts';
import type { KilledRequest } from '../../../src/model/killed-requests.ts';
import { measureEnds } from '../../../src/model/service-view.ts';
import { entry, parseLog, readLog, tell } from './lifecycle-log.ts';
import { master, sample, T0, worker } from './samples.ts';

const at = (seconds: number): number => T0 + seconds * 1000;
const line = (seconds: number, pid: number, message: string, traceback: string | null = null) =>
  entry(message, { atMs: at(seconds), pid, traceback });

/** A service that reads no error log. */
function silent() {
  const killed: KilledRequest[] = [];
  const incidents = new Incidents({ readsErrorLog: false, onKilled: (request) => void killed.push(request) });
  const reasons = () => Object.entries(incidents.exits().byReason).filter(([, count]) => count > 0);
  return { incidents, killed, reasons: () => Object.fromEntries(reasons()) };
}

describe('the log of a whole life: timeouts, every signal to a worker, scaling, reloads, an upgrade, a hung shutdown', () => {
  it.each([
    ['sync-26.2.0', { timeout: 3, crash: 2, killed: 5, reload: 4, scaledown: 3, shutdown: 4 }],
    // 20.1 names no exit codes: an aborted worker left in order, one that the application made exit was stillborn.
    ['sync-20.1.0', { timeout: 3, crash: 2, killed: 6, reload: 4, scaledown: 3, shutdown: 4 }],
    ['gthread-26.2.0', { timeout: 1, crash: 3, killed: 5, reload: 4, scaledown: 3, shutdown: 4 }],
    ['max-requests-26.2.0', { recycled: 2, shutdown: 2 }],
    ['daemon-winch-26.2.0', { reload: 1, scaledown: 2, shutdown: 2 }],
    ['master-killed-26.2.0', { shutdown: 2 }],
    ['asgi-26.2.0', { timeout: 1, shutdown: 1 }],
    ['uvicorn-26.2.0', { timeout: 1, shutdown: 1 }],
    ['boot-failure-26.2.0', { boot: 2 }],
    ['load-failure-26.2.0', { boot: 2 }],
    ['load-failure-20.1.0', { boot: 2 }],
    ['reload-broken-app-20.1.0', { reload: 2, boot: 2 }],
    ['exit-at-import-26.2.0', { crash: 9 }],
    ['exit-at-import-20.1.0', { crash: 18 }],
  ])('%s: every end once, with its reason', (log, reasons) => {
    const { exits, incidents } = tell(readLog(log));
    expect(exits).toEqual(reasons);
    expect(incidents.exits().total).toBe(Object.values(reasons).reduce((a, b) => a + b));
  });

  it('reads like a story', () => {
    expect(tell(readLog('sync-26.2.0')).texts).toEqual([
      'gunicorn 26.2.0 started: master 754, 2 workers',
      'worker 761 killed: timeout in GET /slow (app/app.py:13)',
      '2 workers booted, the last 1179',
      'worker 770 killed: timeout in GET /burn (app/app.py:64)',
      'worker 998 killed by SIGKILL: by hand or by the kernel, no out-of-memory kill is proven',
      '3 workers booted, the last 1409',
      'worker 1179 crashed: SIGSEGV',
      '3 workers, the last 1409: left in order: sent a TERM, INT or QUIT, or by sys.exit() in the application',
      '3 workers booted, the last 2058',
      'worker 1499 exited with code 1 3 s after its start',
      'worker 1748 killed by a stray SIGHUP',
      'worker 2330 booted',
      'SIGTTIN: one worker more (2 times)',
      'SIGTTOU: one worker fewer (4 times)',
      'SIGUSR1: logs opened anew',
      'reload (HUP): 1 worker replaced in less than a second',
      'reload (HUP): 2 workers replaced in less than a second',
      'reload (HUP): 2 workers replaced in 3 s',
      'worker 4299 killed: timeout',
      'SIGUSR2: an upgrade starts a second master (2 times)',
      'gunicorn 26.2.0 started: master 4696, 2 workers',
      'SIGUSR2 ignored by master 754: an upgrade is under way',
      'master 754 stopped (SIGTERM)',
      'upgrade (USR2) done: master 4696 has taken over',
      'master 4696 stopped (SIGTERM)',
    ]);
  });

  it('makes no noise of the control socket, of invalid requests and of failing requests', () => {
    const log = [
      line(0, 100, 'Control socket listening at /run/gunicorn.ctl'),
      line(1, 7, "Invalid request from ip=1.2.3.4: Invalid HTTP request line: 'BAD'"),
      line(2, 7, 'Error handling request GET /broken', 'Traceback (most recent call last):\nValueError: boom'),
    ];
    expect(tell(log).texts).toEqual([]);
  });

  it('tells of an upgrade that the end of the old master is routine, of the last one that it is not', () => {
    const stops = tell(readLog('sync-26.2.0'))
      .incidents.events()
      .filter((event) => event.kind === 'master-shutdown');
    expect(stops.map((event) => event.level)).toEqual(['warning', 'ok']);
  });

  it('says why a master could not start', () => {
    const { texts, incidents } = tell(readLog('boot-failure-26.2.0'));
    expect(texts).toContain(
      "2 workers, the last 15378: failed to boot: ModuleNotFoundError: No module named 'nope_module'",
    );
    expect(texts).toContain('master 15376 stopped: Worker failed to boot');
    expect(incidents.events().find((event) => event.kind === 'worker-boot-failed')?.details).toMatch(/^Traceback/);
  });
});

it('tells of a boot once where its line stands in the access log', () => {
  const { incidents } = silent();
  incidents.addSample(sample(0, { workers: [worker(7)] }));
  incidents.addEntry(line(1, 8, 'Booting worker with pid: 8'), at(1));
  incidents.addSample(sample(2, { workers: [worker(7), worker(8)] }));
  incidents.settle(at(9));
  expect(incidents.events().map(({ text }) => text)).toEqual(['worker 8 booted']);
});

describe('one worker of several that fails to boot', () => {
  const raised = 'Traceback (most recent call last):\n  File "base.py", line 149, in load_wsgi\nValueError: no db';
  const reload = [
    line(0, 100, 'Starting gunicorn 26.2.0'),
    line(0, 7, 'Booting worker with pid: 7'),
    line(60, 100, 'Handling signal: hup'),
    line(60, 100, 'Hang up: Master'),
    line(60, 8, 'Booting worker with pid: 8'),
    line(60, 9, 'Booting worker with pid: 9'),
    line(60, 8, 'Exception in worker process', raised),
    line(60, 8, 'Worker exiting (pid: 8)'),
    line(60, 7, 'Worker exiting (pid: 7)'),
  ];
  const end = [
    line(60, 9, 'Worker exiting (pid: 9)'),
    line(60, 100, 'Shutting down: Master'),
    line(60, 100, 'Reason: Worker failed to boot.'),
  ];

  it.each([
    ['26', [line(60, 100, 'Worker (pid:8) exited with code 3.')]],
    ['20.1, which names no exit codes', []],
  ])('takes the others with it: they left with their master, %s', (_, codes) => {
    const { exits, texts } = tell([...reload, ...codes, ...end]);
    expect(exits).toEqual({ boot: 1, reload: 1, shutdown: 1 });
    expect(texts).toContain('worker 8 failed to boot: ValueError: no db');
  });

  it('is counted where its exception is all that is written: 20.1 with --log-level warning', () => {
    const { exits } = tell(
      [
        line(60, 8, 'Exception in worker process', raised),
        line(60, 100, 'Worker with pid 7 was terminated due to signal 15'),
      ],
      (incidents) => {
        incidents.addSample(sample(59, { workers: [worker(7)] }));
        incidents.addSample(sample(61, { masters: [], workers: [] }));
      },
    );
    expect(exits).toEqual({ boot: 1, shutdown: 1 });
  });

  it('is not said to have been told to stop', () => {
    const { incidents } = tell([...reload, line(60, 100, 'Worker (pid:8) exited with code 3.')], (before) =>
      before.addSample(sample(59, { workers: [worker(7)] })),
    );
    incidents.addSample(sample(61, { masters: [], workers: [] }));
    incidents.settle(at(61));
    expect(incidents.masterEnd).toMatchObject({ isAsked: false, isRoutine: false });
  });
});

describe('a worker timeout', () => {
  const timeout = line(10, 100, 'WORKER TIMEOUT (pid:7)');
  const abort = line(10, 7, 'Error handling request GET /reports/9912?full=1', 'Traceback …\nSystemExit: 1');
  const boots = [line(0, 100, 'Starting gunicorn 26.2.0'), line(0, 7, 'Booting worker with pid: 7')];

  it('is joined with the request that the worker names as it dies', () => {
    const { killed, texts } = tell([...boots, timeout, abort], (incidents) => incidents.addSample(sample(9)));
    expect(killed).toEqual([
      expect.objectContaining({
        atMs: at(10),
        method: 'GET',
        path: '/reports/9912',
        seconds: 30,
        worker: 7,
        logged: true,
      }),
    ]);
    expect(texts).toContain('worker 7 killed: timeout after 30 s in GET /reports/9912');
  });

  it('delivers the request once, whatever follows: SIGKILL with its guess, exit codes twice, the sample', () => {
    const { killed, exits } = tell(
      [
        ...boots,
        timeout,
        line(11, 7, 'Worker exiting (pid: 7)'),
        line(11, 100, 'Worker (pid:7) was sent SIGKILL! Perhaps out of memory?'),
        line(11, 100, 'Worker (pid:7) exited with code 1'),
        line(11, 100, 'Worker (pid:7) exited with code 1.'),
      ],
      (incidents) => incidents.addSample(sample(9, { workers: [worker(7)] })),
    );
    expect(killed).toHaveLength(1);
    expect(killed[0]).toMatchObject({ path: null, logged: false });
    expect(exits).toEqual({ timeout: 1 });
  });

  it('says what was seen of the request where the timeout is not known, and nothing where neither is', () => {
    const seen = tell([...boots, timeout], (incidents) => {
      const masters = [master({ timeoutSeconds: null })];
      const busy = worker(7, { connections: 1, clientAddress: '10.0.0.5', heartbeatAgeSeconds: 8 });
      incidents.addSample(sample(9, { masters, workers: [busy] }));
    });
    expect(seen.killed[0]).toMatchObject({ seconds: 8, address: '10.0.0.5' });
    expect(tell([...boots, timeout]).killed[0]?.seconds).toBeNull();
    expect(tell([...boots, timeout]).texts).toContain('worker 7 killed: timeout');
  });

  it("kills all that a gthread worker serves, and takes no other thread's failure for one of them", () => {
    const failure = line(10, 7, 'Error handling request GET /other', 'Traceback …\nValueError: boom');
    const { killed } = tell([...boots, timeout, failure], (incidents) => {
      const masters = [master({ workerClass: 'gthread', threadsPerWorker: 4 })];
      incidents.addSample(sample(9, { masters, workers: [worker(7, { connections: 3, busyThreads: 3 })] }));
    });
    expect(killed.map((request) => request.path)).toEqual([null, null, null]);
  });

  it('shows at once, before its request is known', () => {
    const incidents = new Incidents({ readsErrorLog: true, onKilled: () => {} });
    incidents.addEntry(timeout, at(10));
    expect(incidents.exits().byReason.timeout).toBe(1);
    expect(incidents.events()[0]).toMatchObject({ kind: 'worker-timeout', level: 'critical', worker: 7, path: null });
    incidents.addEntry(abort, at(10));
    expect(incidents.events()[0]).toMatchObject({ method: 'GET', path: '/reports/9912' });
  });
});

describe('a SIGKILL', () => {
  const kill = line(10, 100, 'Worker (pid:7) was sent SIGKILL! Perhaps out of memory?');
  const run = (kills: readonly (number | null)[]) => {
    const incidents = new Incidents({ readsErrorLog: true, onKilled: () => {} });
    incidents.addSample(sample(9, { oomKills: kills[0] ?? null, workers: [worker(7)] }));
    incidents.addEntry(kill, at(10));
    incidents.addSample(sample(10, { oomKills: kills[1] ?? null }));
    incidents.settle(at(20));
    return incidents;
  };

  it('is an out-of-memory kill when the kernel counted one', () => {
    expect(run([3, 4]).exits().byReason).toMatchObject({ oom: 1, killed: 0 });
    expect(run([3, 4]).events()[0]?.text).toBe('worker 7 killed by the kernel: out of memory');
  });

  it('is not, when the kernel counted none, whatever Gunicorn guesses; nor when nobody counts', () => {
    expect(run([3, 3]).exits().byReason).toMatchObject({ oom: 0, killed: 1 });
    expect(run([null, null]).exits().byReason).toMatchObject({ oom: 0, killed: 1 });
  });

  it('at the end of a graceful shutdown belongs to it', () => {
    const log = [
      line(0, 100, 'Starting gunicorn 26.2.0'),
      line(0, 7, 'Booting worker with pid: 7'),
      line(9, 100, 'Handling signal: term'),
      line(39, 100, 'Worker (pid:7) was sent SIGKILL! Perhaps out of memory?'),
    ];
    expect(tell(log).exits).toEqual({ shutdown: 1 });
    expect(tell(log).incidents.events()[0]).toMatchObject({ kind: 'worker-killed', level: 'warning' });
  });
});

describe('signals in every spelling', () => {
  it.each([
    ['Worker (pid:7) was sent SIGSEGV!', 'crash'],
    ['Worker with pid 7 was terminated due to signal 11', 'crash'],
    ['Worker (pid:7) was sent SIGABRT!', 'crash'],
    ['Worker (pid:7) was sent SIGTERM!', 'killed'],
    ['Worker with pid 7 was terminated due to signal 15', 'killed'],
    ['Worker (pid:7) was sent SIGUSR1!', 'killed'],
  ])('%s → %s', (message, reason) => {
    expect(tell([line(0, 7, 'Booting worker with pid: 7'), line(60, 100, message)]).exits).toEqual({ [reason]: 1 });
  });

  it('reads the raw wait status of 21.0 to 23.0: a core-dumped SEGV is "code 139"', () => {
    const dumped = { ...line(60, 100, ''), event: { kind: 'worker-signal', pid: 7, signal: 'code 139' } as const };
    expect(tell([dumped]).texts).toEqual(['worker 7 crashed: SIGSEGV']);
  });
});

describe('benign ends', () => {
  it('takes the SIGTERM line of a scale-down for what it is', () => {
    const log = parseLog(
      [
        '[2026-11-21 02:14:00 +0000] [9149] [INFO] Starting gunicorn 23.0.0',
        '[2026-11-21 02:14:00 +0000] [9582] [INFO] Booting worker with pid: 9582',
        '[2026-11-21 02:14:00 +0000] [9583] [INFO] Booting worker with pid: 9583',
        '[2026-11-21 02:14:20 +0000] [9149] [INFO] Handling signal: ttou',
        '[2026-11-21 02:14:20 +0000] [9582] [INFO] Worker exiting (pid: 9582)',
        '[2026-11-21 02:14:20 +0000] [9149] [ERROR] Worker (pid:9582) was sent SIGTERM!',
      ].join('\n'),
    );
    const { exits, incidents } = tell(log);
    expect(exits).toEqual({ scaledown: 1 });
    expect(incidents.events().every((event) => event.level === 'ok')).toBe(true);
  });

  it('does not excuse a later end by a TTOU that had no effect', () => {
    const log = [
      line(0, 100, 'Starting gunicorn 26.2.0'),
      line(0, 7, 'Booting worker with pid: 7'),
      line(9, 100, 'Handling signal: ttou'),
      line(12, 7, 'Worker exiting (pid: 7)'),
    ];
    expect(tell(log).exits).toEqual({ killed: 1 });
  });
});

describe('a reload', () => {
  it('is over when the last worker of before is gone, however long that takes; later ends are not its own', () => {
    const log = [
      line(0, 100, 'Starting gunicorn 26.2.0'),
      line(0, 7, 'Booting worker with pid: 7'),
      line(0, 8, 'Booting worker with pid: 8'),
      line(60, 100, 'Hang up: Master'),
      line(60, 17, 'Booting worker with pid: 17'),
      line(60, 18, 'Booting worker with pid: 18'),
      line(61, 7, 'Worker exiting (pid: 7)'),
      line(95, 8, 'Worker exiting (pid: 8)'),
      line(200, 17, 'Worker exiting (pid: 17)'),
    ];
    expect(tell(log).exits).toEqual({ reload: 2, killed: 1 });
    expect(tell(log).texts).toContain('reload (HUP): 2 workers replaced in 35 s');
  });

  it('is understood where the log begins after the workers did', () => {
    const log = [
      line(60, 100, 'Hang up: Master'),
      line(60, 17, 'Booting worker with pid: 17'),
      line(61, 7, 'Worker exiting (pid: 7)'),
      line(62, 8, 'Worker exiting (pid: 8)'),
    ];
    expect(tell(log).exits).toEqual({ reload: 2 });
    expect(tell(log).texts).toEqual(['reload (HUP): 2 workers replaced in 2 s']);
  });

  it('shows workers of before as exiting while it drains, new ones not', () => {
    const incidents = new Incidents({ readsErrorLog: true, onKilled: () => {} });
    incidents.addSample(sample(0, { workers: [worker(7), worker(8)] }));
    incidents.addEntry(line(1, 100, 'Hang up: Master'), at(1));
    incidents.addEntry(line(1, 17, 'Booting worker with pid: 17'), at(1));
    incidents.addSample(sample(5, { workers: [worker(7), worker(17, { startedAtMs: at(1) })] }));
    expect(incidents.workers().map((row) => [row.pid, row.state])).toEqual([
      [7, 'exiting'],
      [17, 'idle'],
    ]);
  });
});

describe('ends that only the processes show', () => {
  it('counts a worker that is gone without a line, after waiting for the line', () => {
    const incidents = new Incidents({ readsErrorLog: true, onKilled: () => {} });
    incidents.addSample(sample(0, { workers: [worker(7), worker(8)] }));
    incidents.addSample(sample(1, { workers: [worker(8)] }));
    incidents.settle(at(3));
    expect(incidents.exits().total).toBe(0);
    incidents.settle(at(6));
    expect(incidents.exits().byReason.unknown).toBe(1);
    expect(incidents.events()[0]).toMatchObject({ kind: 'worker-gone', worker: 7, at: '2026-11-21T12:00:01.000Z' });
  });

  it('counts an end that log and sample both show once, in either order', () => {
    const exits = line(2, 7, 'Worker exiting (pid: 7)');
    for (const order of ['log first', 'sample first']) {
      const incidents = new Incidents({ readsErrorLog: true, onKilled: () => {} });
      incidents.addSample(sample(0, { workers: [worker(7)] }));
      if (order === 'log first') incidents.addEntry(exits, at(2));
      incidents.addSample(sample(2));
      if (order === 'sample first') incidents.addEntry(exits, at(2));
      incidents.settle(at(30));
      expect([order, incidents.exits().total, incidents.exits().byReason.killed]).toEqual([order, 1, 1]);
    }
  });

  it('takes a reused pid for another worker', () => {
    const { incidents, reasons } = silent();
    incidents.addSample(sample(0, { workers: [worker(7)] }));
    incidents.addSample(sample(1, { workers: [worker(7, { startTicks: 9999, startedAtMs: at(-60) })] }));
    incidents.addSample(sample(2));
    incidents.settle(at(9));
    expect(reasons()).toEqual({ unknown: 2 });
  });

  it('knows a timeout by the heartbeat where no error log is read, and the request that died in it', () => {
    const { incidents, killed, reasons } = silent();
    const hung = worker(7, { connections: 1, clientAddress: '10.0.0.5', heartbeatAgeSeconds: 29.6 });
    incidents.addSample(sample(0, { workers: [hung, worker(8)] }));
    incidents.addSample(sample(1, { workers: [worker(8), worker(9, { startedAtMs: at(0.5) })] }));
    incidents.settle(at(2));
    expect(reasons()).toEqual({ timeout: 1 });
    expect(killed).toEqual([expect.objectContaining({ worker: 7, seconds: 30, address: '10.0.0.5', path: null })]);
    expect(incidents.events().map((event) => event.text)).toEqual([
      'worker 9 booted',
      'worker 7 killed: timeout after 30 s',
    ]);
  });

  it('knows a shutdown by the master that is gone as well', () => {
    const { incidents, reasons } = silent();
    incidents.addSample(sample(0, { workers: [worker(7), worker(8)] }));
    incidents.addSample(sample(1, { masters: [] }));
    incidents.settle(at(2));
    expect(reasons()).toEqual({ shutdown: 2 });
    expect(incidents.events().map((event) => [event.kind, event.level])).toEqual([['master-gone', 'critical']]);
  });

  it('makes no end of workers that an old log names and that were never seen', () => {
    const { exits } = tell([line(-7200, 7, 'Booting worker with pid: 7')], (incidents) => {
      incidents.addSample(sample(0, { workers: [worker(8)] }));
      incidents.addSample(sample(1, { workers: [worker(8)] }));
    });
    expect(exits).toEqual({});
  });
});

describe('on a healthy service', () => {
  it('nothing happens', () => {
    const incidents = new Incidents({ readsErrorLog: true, onKilled: () => expect.unreachable() });
    for (let second = 0; second < 120; second += 1) {
      const busy = { connections: second % 2, clientAddress: second % 2 ? '10.0.0.5' : null };
      incidents.addSample(sample(second, { workers: [worker(7, busy), worker(8)], activeConnections: second % 2 }));
      incidents.noteAccess(7, at(second));
      incidents.settle(at(second));
    }
    expect(incidents.events()).toEqual([]);
    expect(incidents.exits().total).toBe(0);
  });
});

describe('deploys', () => {
  it('are reloads, upgrades and restarts, as the log tells them', () => {
    const { incidents } = tell(readLog('sync-26.2.0'));
    expect(incidents.deploys.map(({ kind }) => kind)).toEqual(['restart', 'reload', 'reload', 'reload', 'upgrade']);
    expect(incidents.lastDeploy).toBe(incidents.deploys.at(-1));
  });

  it('are seen in the processes where no log tells of them', () => {
    const { incidents } = silent();
    incidents.addSample(sample(0, { masters: [master()] }));
    incidents.addSample(sample(1, { masters: [master({ role: 'old' }), master({ pid: 200, role: 'new' })] }));
    incidents.addSample(sample(2, { masters: [master({ pid: 200 })] }));
    incidents.addSample(sample(3, { masters: [] }));
    incidents.addSample(sample(4, { masters: [master({ pid: 300 })] }));
    expect(incidents.deploys).toEqual([
      { atMs: at(1), kind: 'upgrade' },
      { atMs: at(4), kind: 'restart' },
    ]);
  });

  it('are seen in the processes where the log leaves them out, and told once where it does not', () => {
    for (const [isLogged, kinds] of [
      [false, ['upgrade', 'restart']],
      [true, ['upgrade', 'restart']],
    ] as const) {
      const incidents = new Incidents({ readsErrorLog: true, onKilled: () => {} });
      const starts = (pid: number, second: number): void => {
        if (isLogged) incidents.addEntry(line(second, pid, 'Starting gunicorn 26.2.0'), at(second));
      };
      incidents.addSample(sample(0, { masters: [master()] }));
      if (isLogged) incidents.addEntry(line(0, 100, 'Handling signal: usr2'), at(0));
      incidents.addSample(sample(10, { masters: [master({ role: 'old' }), master({ pid: 200, role: 'new' })] }));
      starts(200, 10);
      starts(300, 50);
      incidents.addSample(sample(51, { masters: [master({ pid: 300 })] }));
      expect(incidents.deploys.map(({ kind }) => kind)).toEqual(kinds);
    }
  });

  it('say in their event what has changed since', () => {
    const { incidents } = tell([line(0, 100, 'Hang up: Master')]);
    incidents.tellChange(at(0), 'p95 +34 % since');
    expect(incidents.events()[0]).toMatchObject({
      kind: 'reload',
      text: expect.stringMatching(/^reload \(HUP\).* · p95 \+34 % since$/),
    });
  });
});

describe('a log of the past, read when the processes have been seen already', () => {
  const shown = (pid: number, seconds: number) => worker(pid, { startedAtMs: at(seconds), startTicks: seconds });

  it('does not take the workers that a reload has started for those that it ends', () => {
    const { incidents } = silent();
    incidents.addSample(sample(120, { workers: [shown(17, 60), shown(18, 60)] }));
    for (const each of [
      line(0, 7, 'Booting worker with pid: 7'),
      line(60, 100, 'Handling signal: hup'),
      line(60, 100, 'Hang up: Master'),
      line(60, 17, 'Booting worker with pid: 17'),
      line(60, 18, 'Booting worker with pid: 18'),
      line(61, 7, 'Worker exiting (pid: 7)'),
    ]) {
      incidents.addEntry(each, Number.NaN);
    }
    incidents.settle(at(121));
    expect(incidents.workers().map(({ pid, state }) => [pid, state])).toEqual([
      [17, 'idle'],
      [18, 'idle'],
    ]);
    expect(incidents.exits().byReason.reload).toBe(1);
  });

  it('tells of other processes where pids come again, as in a container that was started anew', () => {
    const { incidents } = silent();
    incidents.addSample(sample(600, { workers: [shown(7, 500), shown(8, 500), shown(9, 500)] }));
    const past = [
      line(0, 100, 'Starting gunicorn 26.2.0'),
      line(0, 7, 'Booting worker with pid: 7'),
      line(0, 8, 'Booting worker with pid: 8'),
      line(10, 8, 'Autorestarting worker after current request.'),
      line(20, 100, 'WORKER TIMEOUT (pid:7)'),
      line(30, 100, 'Handling signal: hup'),
      line(30, 100, 'Hang up: Master'),
    ];
    for (const each of past) incidents.addEntry(each, Number.NaN);
    // Somebody looks in the midst of it.
    expect(incidents.workers().map(({ state }) => state)).toEqual(['idle', 'idle', 'idle']);
    for (const each of [
      line(31, 8, 'Worker exiting (pid: 8)'),
      line(40, 100, 'Handling signal: term'),
      line(40, 100, 'Shutting down: Master'),
    ]) {
      incidents.addEntry(each, Number.NaN);
    }
    incidents.settle(at(601));
    expect(incidents.workers().map(({ state }) => state)).toEqual(['idle', 'idle', 'idle']);
    // No end of those that were not there yet.
    expect(incidents.exits()).toMatchObject({ total: 2, byReason: { timeout: 1, recycled: 1 } });
  });
});

describe('an upgrade (USR2) whose new workers cannot boot', () => {
  const failed =
    'Traceback (most recent call last):\n  File "base.py", line 1, in load_wsgi\nModuleNotFoundError: No module named \'shop\'';
  const lines = (isQuiet: boolean) => [
    ...(isQuiet ? [] : [line(5, 100, 'Handling signal: usr2')]),
    ...(isQuiet ? [] : [line(6, 300, 'Starting gunicorn 26.2.0'), line(6, 301, 'Booting worker with pid: 301')]),
    line(7, 301, 'Exception in worker process', failed),
    line(7, 302, 'Exception in worker process', failed),
    line(7, 300, 'Worker (pid:301) exited with code 3.'),
    ...(isQuiet ? [] : [line(8, 300, 'Shutting down: Master')]),
  ];
  const play = (isQuiet: boolean, masters: Parameters<typeof sample>[1] = {}) => {
    const incidents = new Incidents({ readsErrorLog: true, onKilled: () => {} });
    for (let second = 0; second < 5; second++) incidents.addSample(sample(second, { workers: [worker(101)] }));
    for (const said of lines(isQuiet)) incidents.addEntry(said, said.atMs);
    for (let second = 8; second < 14; second++) {
      incidents.addSample(sample(second, { workers: [worker(101)], ...masters }));
      incidents.settle(at(second));
    }
    return incidents;
  };

  it.each([
    ['with the life cycle in the log', false],
    ['at loglevel warning', true],
  ])('spares the old master, %s: nobody is without a worker', (_, isQuiet) => {
    const incidents = play(isQuiet);
    const end = incidents.recentEnds(at(14), 60).find(({ pid }) => pid === 301);
    expect(end).toMatchObject({
      pid: 301,
      reason: 'boot',
      level: 'warning',
      failedUpgrade: { masterPid: 300, servingPid: 100 },
    });
    expect(measureEnds(incidents.recentEnds(at(14), 60))).toMatchObject({ abnormal: 0, abnormalBy: {}, stillborn: 0 });
    expect(incidents.exits().byReason.boot).toBe(2);
  });

  /** 20.1 at loglevel warning: nothing but what the workers say, and a master that came and went between two looks. */
  const unnamed = (before: Partial<WorkerFact>, after: Partial<WorkerFact>) => {
    const incidents = new Incidents({ readsErrorLog: true, onKilled: () => {} });
    for (let second = 0; second < 7; second++) incidents.addSample(sample(second, { workers: [worker(101, before)] }));
    for (const pid of [301, 302]) incidents.addEntry(line(7, pid, 'Exception in worker process', failed), at(7));
    for (let second = 8; second < 14; second++) {
      incidents.addSample(sample(second, { workers: [worker(101, after)] }));
      incidents.settle(at(second));
    }
    return incidents.recentEnds(at(14), 60);
  };

  it('spares the old master also where only its idle workers tell that it serves on', () => {
    expect(unnamed({}, {})).toMatchObject(
      [301, 302].map((pid) => ({
        pid,
        reason: 'boot',
        level: 'warning',
        failedUpgrade: { masterPid: null, servingPid: 100 },
      })),
    );
  });

  it('is told by a line that comes late, on a machine where looks are seconds apart', () => {
    const incidents = new Incidents({ readsErrorLog: true, onKilled: () => {} });
    const look = (second: number): void => incidents.addSample(sample(second, { workers: [worker(101)] }));
    for (const second of [0, 4, 8]) look(second);
    incidents.addEntry(line(7, 302, 'Exception in worker process', failed), at(8));
    incidents.addEntry(line(11, 300, 'Worker (pid:302) exited with code 3.'), at(11));
    look(12);
    for (const second of [12, 15]) incidents.settle(at(second));
    expect(incidents.recentEnds(at(15), 60)).toMatchObject([
      { pid: 302, level: 'warning', failedUpgrade: { masterPid: 300, servingPid: 100 } },
    ]);
  });

  it('is not made of a master that waits for its last requests to end, its other workers gone', () => {
    const busy = { connections: 1, busyThreads: 1 };
    expect(unnamed(busy, busy)).toMatchObject(
      [301, 302].map((pid) => ({ pid, reason: 'boot', level: 'critical', failedUpgrade: null })),
    );
  });

  it('is none where the master in question is the one that served', () => {
    const incidents = new Incidents({ readsErrorLog: true, onKilled: () => {} });
    for (let second = 0; second < 5; second++) incidents.addSample(sample(second, { workers: [worker(101)] }));
    incidents.addEntry(line(7, 301, 'Exception in worker process', failed), at(7));
    incidents.addEntry(line(7, 100, 'Worker (pid:301) exited with code 3.'), at(7));
    expect(incidents.recentEnds(at(14), 60)).toMatchObject([
      { reason: 'boot', failedUpgrade: null, level: 'critical' },
    ]);
  });

  it('is none where the older master was itself about to end: a service manager starts it again and again', () => {
    const gone = { masters: [master({ pid: 400, startedAtMs: at(9) })], workers: [] };
    const end = play(false, gone)
      .recentEnds(at(14), 60)
      .find(({ pid }) => pid === 301);
    expect(end).toMatchObject({ reason: 'boot', level: 'critical', failedUpgrade: null });
  });

  it('does not make the new master come up after it has stopped', () => {
    const late = { masters: [master(), master({ pid: 300, role: 'new' })] };
    const texts = play(false, late)
      .events()
      .map(({ text }) => text);
    expect(texts).not.toContain('master 300 is up');
  });
});

describe('workers of uvicorn, which do not say that they are recycled', () => {
  const leave = (rest: Parameters<typeof master>[0]) => {
    const incidents = new Incidents({ readsErrorLog: true, onKilled: () => {} });
    const masters = [master({ workerClass: 'uvicorn.workers.UvicornWorker', ...rest })];
    for (let second = 0; second < 5; second++) incidents.addSample(sample(second, { masters, workers: [worker(101)] }));
    incidents.addEntry(line(5, 101, 'Worker exiting (pid: 101)'), at(5));
    for (let second = 5; second < 12; second++) {
      incidents.addSample(sample(second, { masters, workers: [worker(102, { startedAtMs: at(5) })] }));
      incidents.settle(at(second));
    }
    return incidents.recentEnds(at(12), 60).map(({ reason }) => reason);
  };

  it('are recycled where max_requests is set', () => {
    expect(leave({ maxRequests: 100 })).toEqual(['recycled']);
    expect(leave({ maxRequests: 0 })).toEqual(['killed']);
    expect(leave({ maxRequests: 100, workerClass: 'sync' })).toEqual(['killed']);
  });
});
