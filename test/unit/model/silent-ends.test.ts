/** Ends of workers where the log does not tell why: `--log-level warning`, or no error log at all. */
import { describe, expect, it } from 'vitest';
import type { MasterFact, WorkerFact } from '../../../src/model/facts.ts';
import { Incidents } from '../../../src/model/incidents.ts';
import { entry } from './lifecycle-log.ts';
import { master, sample, T0, worker } from './samples.ts';

const at = (seconds: number): number => T0 + seconds * 1000;
const born = (pid: number, seconds: number, rest: Partial<WorkerFact> = {}): WorkerFact =>
  worker(pid, { startedAtMs: at(seconds), startTicks: pid, ...rest });

/** One look a second; `looks` are the workers of each, `masterAt` its master. Settles ten seconds after the last. */
function watch(
  looks: readonly (readonly WorkerFact[])[],
  options: {
    masterAt?: (second: number) => Partial<MasterFact>;
    readsErrorLog?: boolean;
    oomKills?: readonly number[];
  } = {},
) {
  const incidents = new Incidents({ readsErrorLog: options.readsErrorLog ?? false, onKilled: () => {} });
  const last = looks.length - 1;
  for (let second = 0; second <= last + 10; second++) {
    const workers = looks[Math.min(second, last)] ?? [];
    const masters = [master({ ...options.masterAt?.(second) })];
    const oomKills = options.oomKills?.[Math.min(second, options.oomKills.length - 1)] ?? null;
    incidents.addSample(sample(second, { workers, masters, oomKills }));
    incidents.settle(at(second));
  }
  return incidents;
}

const reasons = (incidents: Incidents) =>
  Object.fromEntries(Object.entries(incidents.exits().byReason).filter(([, count]) => count > 0));

const old = [born(1, -60), born(2, -60)];

describe('a worker that is replaced without a line, though the log is read', () => {
  const replaced = (logLevel: string | null) => {
    const looks = [old, [born(2, -60), born(3, 0.9)]];
    const incidents = watch(looks, { readsErrorLog: true, masterAt: () => ({ logLevel, maxRequests: 0 }) });
    return incidents.recentEnds(at(60), 120);
  };

  it('was not killed and has not crashed, where the level leaves out only what is in order: a TERM', () => {
    expect(replaced('warning')).toMatchObject([
      { reason: 'killed', abnormal: false, text: expect.stringMatching(/^left without a word: sent a TERM/) },
    ]);
  });

  it('may have, where even that would not be written, or the level is not known', () => {
    for (const level of ['error', null]) {
      expect(replaced(level)).toMatchObject([
        { reason: 'unknown', abnormal: true, text: expect.stringMatching(/killed/) },
      ]);
    }
  });

  it('has ended itself, where a line tells of all other ends', () => {
    const incidents = new Incidents({ readsErrorLog: true, onKilled: () => {} });
    const looks = [old, old, [born(2, -60), born(3, 2)]];
    incidents.addEntry(entry('Booting worker with pid: 1', { atMs: at(-60), pid: 1 }), at(-60));
    for (let second = 0; second < 12; second++) {
      const masters = [master({ logLevel: 'info', maxRequests: 0 })];
      incidents.addSample(sample(second, { masters, workers: looks[Math.min(second, 2)] ?? [] }));
      incidents.settle(at(second));
    }
    expect(incidents.recentEnds(at(60), 120)).toMatchObject([
      {
        pid: 1,
        reason: 'unknown',
        abnormal: true,
        text: expect.stringMatching(/^ended itself without a word: os\._exit/),
      },
    ]);
  });
});

it('a worker that is recycled right after its start is that also where a look misses it before its lines are read', () => {
  const incidents = new Incidents({ readsErrorLog: true, onKilled: () => {} });
  const masters = [master({ maxRequests: 5 })];
  const look = (second: number, pid: number, bornSecond: number): void =>
    incidents.addSample(sample(second, { masters, workers: [born(pid, bornSecond)] }));
  look(0, 1, -0.4);
  look(1, 2, 0.7);
  for (const [pid, message, event] of [
    [1, 'Autorestarting worker after current request.', { kind: 'worker-recycle' }],
    [1, 'Worker exiting (pid: 1)', { kind: 'worker-exit', pid: 1 }],
  ] as const) {
    incidents.addEntry({ ...entry(message, { atMs: at(0), pid }), event }, at(1));
  }
  for (let second = 2; second < 10; second++) {
    look(second, 2, 0.7);
    incidents.settle(at(second));
  }
  expect(reasons(incidents)).toEqual({ recycled: 1 });
});

describe('without an error log', () => {
  it('knows a reload by the pid file, which it writes anew', () => {
    const written = {
      masterAt: (second: number) => ({ pidFile: '/run/g.pid', pidFileAtMs: second < 1 ? at(-60) : at(0.8) }),
    };
    const incidents = watch([old, [born(3, 0.9), born(4, 0.9)]], written);
    expect(reasons(incidents)).toEqual({ reload: 2 });
    expect(incidents.events().map((event) => event.text)).toContain(
      'reload (HUP): 2 workers replaced in less than a second',
    );
  });

  it('knows a reload whose old workers take their time', () => {
    const written = {
      masterAt: (second: number) => ({ pidFile: '/run/g.pid', pidFileAtMs: second < 1 ? at(-60) : at(0.8) }),
    };
    const [first = born(1, -60)] = old;
    const fresh = [born(3, 0.9), born(4, 1)];
    expect(reasons(watch([old, [first, ...fresh], [first, ...fresh], fresh], written))).toEqual({ reload: 2 });
  });

  it('knows a reload without a pid file by all workers giving way to others at once', () => {
    expect(reasons(watch([old, [born(3, 0.9), born(4, 1)]]))).toEqual({ reload: 2 });
  });

  it('takes a promoted pid file for what it is', () => {
    const renamed = {
      masterAt: (second: number) => ({
        pidFile: second < 1 ? '/run/g.pid.2' : '/run/g.pid',
        pidFileAtMs: at(Math.min(second, 1)),
      }),
    };
    expect(watch([old, old], renamed).events()).toEqual([]);
  });

  it('knows one worker fewer by nobody taking its place', () => {
    expect(reasons(watch([old, old.slice(0, 1)]))).toEqual({ scaledown: 1 });
  });

  it('knows it also where one worker more was asked for a few seconds later', () => {
    const fewer = old.slice(0, 1);
    const more = [...fewer, born(3, 3.9)];
    expect(reasons(watch([old, fewer, fewer, fewer, more]))).toEqual({ scaledown: 1 });
    // A dead one is replaced at once.
    expect(
      reasons(watch([old, [...fewer, born(3, 0.9)]], { masterAt: () => ({ maxRequests: 0, pidFileAtMs: at(-60) }) })),
    ).toEqual({
      unknown: 1,
    });
  });

  it('knows recycling where max_requests is set, also when all are recycled together', () => {
    const recycling = { masterAt: () => ({ maxRequests: 500, pidFile: '/run/g.pid', pidFileAtMs: at(-60) }) };
    const [, second = born(2, -60)] = old;
    expect(reasons(watch([old, [second, born(3, 0.9)]], recycling))).toEqual({ recycled: 1 });
    expect(reasons(watch([old, [born(3, 0.9), born(4, 0.9)]], recycling))).toEqual({ recycled: 2 });
  });

  it('does not guess why a single worker was replaced', () => {
    const [, second = born(2, -60)] = old;
    expect(reasons(watch([old, [second, born(3, 0.9)]]))).toEqual({ unknown: 1 });
  });

  it('says of one that its master had no reason to end that it was crashed or killed', () => {
    const [first = born(1, -60), second = born(2, -60)] = old;
    const never = { masterAt: () => ({ maxRequests: 0, pidFile: '/run/g.pid', pidFileAtMs: at(-60) }) };
    const serving = { ...first, connections: 1, busyThreads: 1, heartbeatAgeSeconds: 3.2, clientAddress: '10.0.0.5' };
    const tell = (before: WorkerFact, oomKills?: readonly number[]) => {
      const options = { ...never, ...(oomKills ? { oomKills } : {}) };
      const [end] = watch(
        [
          [before, second],
          [second, born(3, 0.9)],
        ],
        options,
      ).recentEnds(at(20), 60);
      return end && { reason: end.reason, abnormal: end.abnormal, text: end.text };
    };
    const text = "ended without its master's doing: crashed, or killed from outside; no log line says which";
    expect(tell(first)).toEqual({ reason: 'unknown', abnormal: true, text });
    expect(tell(serving)?.text).toContain('doing, in a request of 3.2 s: crashed, or killed from outside;');
    expect(tell(first, [0])?.text).toContain('killed from outside, not for want of memory;');
  });

  it('does not guess of the only worker, which a reload replaces as well', () => {
    const never = { masterAt: () => ({ maxRequests: 0 }) };
    const [end] = watch([[born(1, -60)], [born(3, 0.9)]], never).recentEnds(at(20), 60);
    expect(end).toMatchObject({ reason: 'unknown', abnormal: false });
  });

  it('believes the kernel about want of memory', () => {
    const [, second = born(2, -60)] = old;
    expect(reasons(watch([old, [second, born(3, 0.9)]], { oomKills: [0, 1] }))).toEqual({ oom: 1 });
  });

  it('knows workers that end as soon as they start', () => {
    const loop = [[born(3, -0.1)], [born(4, 0.9)], [born(5, 1.9)], [born(6, 2.9)], []];
    const incidents = watch(loop);
    expect(reasons(incidents)).toEqual({ crash: 4 });
    expect(incidents.recentEnds(at(14), 60).every((end) => end.stillborn && end.abnormal)).toBe(true);
  });

  it('goes by what was seen before the end, for an ending process shows nothing', () => {
    const hung = born(1, -60, { connections: 1, heartbeatAgeSeconds: 29.6, fds: 9 });
    const ending = born(1, -60, { connections: 0, heartbeatAgeSeconds: null, fds: 0 });
    const incidents = watch([[hung], [ending], [born(3, 1.9)]]);
    expect(reasons(incidents)).toEqual({ timeout: 1 });
    const early = new Incidents({ readsErrorLog: false, onKilled: () => {} });
    early.addSample(sample(0, { workers: [hung] }));
    early.addSample(sample(1, { workers: [ending] }));
    expect(early.workers()[0]?.state).toBe('exiting');
  });

  it('does not take the heartbeat of an idle worker with a short timeout for a timeout', () => {
    const idle = born(1, -60, { connections: 0, heartbeatAgeSeconds: 1 });
    const short = { masterAt: () => ({ timeoutSeconds: 2 }) };
    expect(reasons(watch([[idle], [born(3, 0.9)]], short))).toEqual({ unknown: 1 });
  });
});

describe('with an error log that holds warnings only', () => {
  /** `Worker with pid N was terminated due to signal 15`: all that 20.1 says of a scale-down then. */
  it('takes a SIGTERM that nothing explains for what the samples make of it', () => {
    const tell = (after: readonly WorkerFact[]) => {
      const incidents = new Incidents({ readsErrorLog: true, onKilled: () => {} });
      for (let second = 0; second < 12; second++) {
        incidents.addSample(sample(second, { workers: second < 1 ? old : after }));
        if (second === 1)
          incidents.addEntry(entry('Worker with pid 1 was terminated due to signal 15', { atMs: at(1) }), at(1));
        incidents.settle(at(second));
      }
      return reasons(incidents);
    };
    const [, second = born(2, -60)] = old;
    expect(tell([second])).toEqual({ scaledown: 1 });
    expect(tell([second, born(3, 0.9)])).toEqual({ killed: 1 });
  });

  it('keeps what a worker said that no look has shown, until the line of its end', () => {
    const incidents = new Incidents({ readsErrorLog: true, onKilled: () => {} });
    const traceback = 'Traceback (most recent call last):\n  File "/srv/app.py", line 5, in <module>\nKeyError: 7';
    incidents.addSample(sample(0, { workers: old }));
    incidents.addEntry(entry('Exception in worker process', { atMs: at(0.2), pid: 3, traceback }), at(0.5));
    incidents.addSample(sample(1, { workers: old }));
    incidents.settle(at(1));
    incidents.addEntry(entry('Worker (pid:3) exited with code 3.', { atMs: at(0.9), pid: 100 }), at(1.5));
    incidents.settle(at(2));
    expect(incidents.recentEnds(at(2), 60)).toMatchObject([{ reason: 'boot', text: 'failed to boot: KeyError: 7' }]);
  });

  it('tells one reload once, be it the log or the pid file that tells first', () => {
    for (const order of ['log first', 'pid file first']) {
      const incidents = new Incidents({ readsErrorLog: true, onKilled: () => {} });
      const look = (second: number, workers: readonly WorkerFact[]) =>
        incidents.addSample(
          sample(second, {
            workers,
            masters: [master({ pidFile: '/run/g.pid', pidFileAtMs: second < 1 ? at(-60) : at(0.9) })],
          }),
        );
      const line = () => incidents.addEntry(entry('Hang up: Master', { atMs: at(0), pid: 100 }), at(1));
      look(0, old);
      if (order === 'log first') line();
      look(1, [born(3, 1), born(4, 1)]);
      if (order === 'pid file first') line();
      incidents.settle(at(9));
      expect([order, incidents.events().filter((event) => event.kind === 'reload').length]).toEqual([order, 1]);
      expect(reasons(incidents)).toEqual({ reload: 2 });
    }
  });
});

describe('a log that is read, but whose lines are not understood', () => {
  const known = { readsErrorLog: true, masterAt: () => ({ maxRequests: 0, pidFileAtMs: at(-60), timeoutSeconds: 3 }) };
  const [first = born(1, -60), second = born(2, -60)] = old;
  const hung = { ...second, connections: 1, heartbeatAgeSeconds: 3.1 };

  it('leaves a timeout to the heartbeat', () => {
    expect(
      reasons(
        watch(
          [
            [first, hung],
            [first, born(3, 0.9)],
          ],
          known,
        ),
      ),
    ).toEqual({ timeout: 1 });
    expect(
      reasons(
        watch(
          [
            [first, { ...hung, heartbeatAgeSeconds: 1 }],
            [first, born(3, 0.9)],
          ],
          known,
        ),
      ),
    ).toEqual({ unknown: 1 });
  });

  it('does not take a dead worker for one too many because a reload has replaced its successor', () => {
    const reloaded = {
      ...known,
      masterAt: (now: number) => ({ ...known.masterAt(), pidFile: '/run/g.pid', pidFileAtMs: at(now < 4 ? -60 : 3.9) }),
    };
    const fresh = [born(5, 4), born(6, 4.1)];
    const between = [first, born(3, 0.9)];
    expect(reasons(watch([old, between, between, between, between, fresh], reloaded))).toEqual({
      unknown: 1,
      reload: 2,
    });
  });
});
