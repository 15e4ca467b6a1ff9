import { describe, expect, it } from 'vitest';
import { type ActionSystem, Actions } from '../../../src/engine/actions.ts';
import type { EventDraft } from '../../../src/model/events.ts';
import type { MasterFact, ProcessSample, WorkerFact } from '../../../src/model/facts.ts';
import {
  ACTION_NAMES,
  type ActionName,
  type ActionRequest,
  actionOf,
  MASTER_ACTIONS,
} from '../../../src/model/master-actions.ts';

const STARTED_MS = Date.UTC(2026, 10, 21, 12);
const NOW_MS = STARTED_MS + 60_000;

const process = {
  startTicks: 500,
  startedAtMs: STARTED_MS,
  ...{ cpuSeconds: 1, cpuPercent: 1, rssBytes: 1, pssBytes: 1, ussBytes: 1, vmsBytes: 1 },
  ...{ osState: 'S', threads: 1, fds: 9 },
};
const aMaster = (over: Partial<MasterFact> = {}): MasterFact => ({
  ...{ ...process, pid: 100, parentPid: 1, role: 'current', app: 'a', version: '26.2.0', workerClass: 'sync' },
  ...{ workersTarget: 2, threadsPerWorker: 1, timeoutSeconds: 30, listeners: [], pidFile: null },
  ...over,
});
const aWorker = (over: Partial<WorkerFact> = {}): WorkerFact => ({
  ...{ ...process, pid: 101, parentPid: 100, masterPid: 100 },
  ...{ connections: 0, clientAddress: null, busyThreads: 0, heartbeatAgeSeconds: 0.1 },
  ...over,
});
const aSample = (over: Partial<ProcessSample> = {}): ProcessSample => ({
  atMs: NOW_MS,
  masters: [aMaster()],
  workers: [aWorker(), aWorker({ pid: 102 })],
  ...{ activeConnections: 0, backlog: 0, notes: [] },
  ...over,
});

type Process = NonNullable<ReturnType<ActionSystem['look']>>;

function bench({
  isAllowed = true,
  sample = aSample() as ProcessSample | null,
  kill = (() => {}) as ActionSystem['kill'],
} = {}) {
  const killed: [number, string][] = [];
  const events: EventDraft[] = [];
  const running = new Map<number, Process>([
    [100, { startTicks: 500, parentPid: 1, role: 'master' }],
    [101, { startTicks: 500, parentPid: 100, role: 'worker' }],
    [102, { startTicks: 500, parentPid: 100, role: 'worker' }],
  ]);
  const actions = new Actions({
    isAllowed,
    sample: () => sample,
    tell: (event) => events.push(event),
    system: {
      look: (pid) => running.get(pid) ?? null,
      kill: (pid, signal) => {
        kill(pid, signal);
        killed.push([pid, signal]);
      },
      userName: () => 'ops',
    },
  });
  const ask = (action: ActionName, over: Partial<ActionRequest> = {}, nowMs = NOW_MS) => {
    const pid = actionOf(action).to === 'master' ? 100 : 101;
    return actions.perform({ action, pid, startedAt: new Date(STARTED_MS).toISOString(), ...over }, nowMs);
  };
  return { ask, killed, events, running };
}

const systemError = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};

describe('a signal', () => {
  it.each([
    ['reload', 'SIGHUP', 100],
    ['worker-add', 'SIGTTIN', 100],
    ['worker-remove', 'SIGTTOU', 100],
    ['reopen-logs', 'SIGUSR1', 100],
    ['upgrade', 'SIGUSR2', 100],
    ['quit', 'SIGTERM', 100],
    ['worker-stop', 'SIGTERM', 101],
  ] as const)('for %s is %s', (action, signal, pid) => {
    const { ask, killed } = bench();
    expect(ask(action).sent).toBe(true);
    expect(killed).toEqual([[pid, signal]]);
  });

  it('leaves a line in the events that says what, to whom and who', () => {
    const { ask, events } = bench();
    const { text } = ask('reload');
    expect(text).toBe('HUP to master 100 sent: reload: settings and code');
    expect(events).toEqual([
      { atMs: NOW_MS, kind: 'action', level: 'warning', worker: null, text: `${text} (by gtop, ops)` },
    ]);
    ask('worker-stop', {}, NOW_MS + 2000);
    expect(events[1]).toMatchObject({ worker: 101 });
  });
});

describe('is refused, and nothing is sent,', () => {
  const refusal = (parts: ReturnType<typeof bench>, action: ActionName, over: Partial<ActionRequest> = {}): string => {
    const { sent, text } = parts.ask(action, over);
    expect(sent).toBe(false);
    expect(parts.killed).toEqual([]);
    return text;
  };

  it('unless it was allowed: whatever the action', () => {
    for (const name of ACTION_NAMES) expect(refusal(bench({ isAllowed: false }), name)).toContain('--allow-actions');
  });

  it('when no Gunicorn is watched', () => {
    expect(refusal(bench({ sample: null }), 'reload')).toMatch(/^no Gunicorn is watched/);
  });

  it('when the process is gone since it was shown', () => {
    expect(refusal(bench({ sample: aSample({ masters: [] }) }), 'reload')).toBe('master 100 is gone');
    expect(refusal(bench(), 'worker-stop', { pid: 999 })).toBe('worker 999 is gone');
  });

  it('when its pid belongs to another process than the one that was shown', () => {
    const startedAt = new Date(STARTED_MS - 5000).toISOString();
    expect(refusal(bench(), 'worker-stop', { startedAt })).toBe('worker 101 is another process now: look again');
  });

  it('when nobody can tell when it started', () => {
    const sample = aSample({ masters: [aMaster({ startTicks: null })] });
    expect(refusal(bench({ sample }), 'reload')).toMatch(/cannot be read here/);
    expect(refusal(bench(), 'reload', { startedAt: null })).toMatch(/cannot be read here/);
  });

  it.each([
    ['has ended', null],
    ['started at another time', { startTicks: 501, parentPid: 100, role: 'worker' }],
    ['is no worker', { startTicks: 500, parentPid: 100, role: null }],
    ['is a master', { startTicks: 500, parentPid: 100, role: 'master' }],
    ['has another parent', { startTicks: 500, parentPid: 1, role: 'worker' }],
  ] as const)('when at the moment of sending the process %s; the events tell of it', (_, now) => {
    const parts = bench();
    if (now === null) parts.running.delete(101);
    else parts.running.set(101, now);
    expect(refusal(parts, 'worker-stop')).toBe('TERM to worker 101 not sent: it is not the process that was shown');
    expect(parts.events).toHaveLength(1);
  });

  it.each([
    ['EPERM', "permission denied: run gtop as root or as Gunicorn's user"],
    ['ESRCH', 'it is gone'],
  ])('when the system says %s', (code, reason) => {
    expect(refusal(bench({ kill: systemError(code) }), 'reload')).toBe(`HUP to master 100 not sent: ${reason}`);
  });

  it('where Gunicorn would do nothing: the last worker stays', () => {
    expect(refusal(bench({ sample: aSample({ workers: [aWorker()] }) }), 'worker-remove')).toMatch(
      /^one worker is left/,
    );
  });

  it('while an upgrade is under way', () => {
    const sample = aSample({ masters: [aMaster(), aMaster({ pid: 200, role: 'new' })] });
    expect(refusal(bench({ sample }), 'upgrade')).toBe('an upgrade is under way: masters 100 and 200');
  });

  it('to a worker that is a zombie', () => {
    const sample = aSample({ workers: [aWorker({ osState: 'Z' }), aWorker({ pid: 102 })] });
    expect(refusal(bench({ sample }), 'worker-stop')).toBe('worker 101 is ending already');
  });
});

it('waits a second between two signals', () => {
  const { ask, killed } = bench();
  ask('worker-add');
  expect(ask('worker-add', {}, NOW_MS + 900).text).toMatch(/^a second between two signals/);
  expect(ask('worker-add', {}, NOW_MS + 1000).sent).toBe(true);
  expect(killed).toHaveLength(2);
});

describe('the table of actions', () => {
  it('spells out for all that boots a worker that this can end the service', () => {
    for (const name of ['reload', 'worker-add', 'worker-stop'] as const)
      expect(actionOf(name).risk).toContain('outage');
    expect(actionOf('quit').risk).toContain('THE SERVICE ENDS');
  });

  it('has no signal that loses requests at once', () => {
    for (const { signal } of MASTER_ACTIONS)
      expect(['SIGKILL', 'SIGQUIT', 'SIGINT', 'SIGABRT', 'SIGSTOP']).not.toContain(signal);
  });
});
