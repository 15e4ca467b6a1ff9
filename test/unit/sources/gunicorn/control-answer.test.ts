import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readControlAnswer, readControlSettings } from '../../../../src/sources/gunicorn/control-answer.ts';
import type { ControlData } from '../../../../src/sources/gunicorn/control-socket.ts';

/** The first answer of Gunicorn 26.2 to a command, as it was recorded. */
function recorded(command: string, file = 'control/raw-json.txt'): ControlData {
  const lines = readFileSync(`test/fixtures/gunicorn/26.2.0/${file}`, 'utf8').split('\n');
  return JSON.parse(lines[lines.indexOf(`>>> ${command}`) + 1] ?? '').data;
}

describe("a master's answers", () => {
  it('tell its workers, its target and its counters', () => {
    const answer = readControlAnswer(recorded('show stats'), recorded('show workers'), recorded('show dirty'));
    expect(answer).toEqual({
      masterPid: 26188,
      uptimeSeconds: 0.83,
      workersTarget: 2,
      workersSpawned: 2,
      workersKilled: 0,
      reloads: 0,
      dirtyArbiterPid: null,
      dirtyApps: [],
      workers: [
        { pid: 26197, age: 1, isAborted: false, heartbeatAgeSeconds: 0.02 },
        { pid: 26204, age: 2, isAborted: false, heartbeatAgeSeconds: 0.05 },
      ],
    });
  });

  it('tell the settings in force', () => {
    expect(readControlSettings(recorded('show config'))).toEqual({
      workerClass: 'gthread',
      threads: 2,
      workerConnections: 1000,
      timeoutSeconds: 30,
      maxRequests: 0,
    });
    const uvicorn = { worker_class: "<class 'uvicorn.workers.UvicornWorker'>", threads: 1 };
    expect(readControlSettings(uvicorn)).toMatchObject({ workerClass: 'uvicorn.workers.UvicornWorker', threads: 1 });
    expect(readControlSettings(null)).toEqual({});
  });

  it('tell the applications of the dirty workers', () => {
    const dirty = { enabled: true, pid: 4780, apps: [{ import_path: 'dirtyapp:Calc' }, { import_path: 7 }, null] };
    expect(readControlAnswer({ pid: 1, dirty_arbiter_pid: 4780 }, null, dirty)).toMatchObject({
      dirtyArbiterPid: 4780,
      dirtyApps: ['dirtyapp:Calc'],
    });
  });

  it('are unknown, field by field, where they make no sense', () => {
    expect(readControlAnswer(null, null, null)).toBeNull();
    expect(readControlAnswer({ pid: '7' }, null, null)).toBeNull();
    const odd = readControlAnswer(
      { pid: 7, uptime: 'long', workers_target: -1, reloads: Number.NaN },
      { workers: [{ pid: 'x' }, null, { pid: 9, last_heartbeat: null, aborted: 'yes' }] },
      { apps: 'none' },
    );
    expect(odd).toEqual({
      masterPid: 7,
      uptimeSeconds: null,
      workersTarget: null,
      workersSpawned: null,
      workersKilled: null,
      reloads: null,
      dirtyArbiterPid: null,
      dirtyApps: [],
      workers: [{ pid: 9, age: null, isAborted: false, heartbeatAgeSeconds: null }],
    });
  });
});
