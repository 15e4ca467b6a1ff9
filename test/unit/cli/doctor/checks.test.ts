import { describe, expect, it } from 'vitest';
import { CHECKS, examine } from '../../../../src/cli/doctor/checks.ts';
import type { Patient } from '../../../../src/cli/doctor/finding.ts';
import { secretsIn } from '../../../../src/cli/doctor/secrets.ts';
import { parseArguments } from '../../../../src/sources/gunicorn/command-line.ts';
import { busy } from '../../../support/snapshots.ts';

const settings = (line: string) => parseArguments(line.split(' '));

/** Somebody in good health, but for these. */
function patient(differences: Partial<Patient> = {}): Patient {
  const snapshot = busy();
  return {
    snapshot: {
      ...snapshot,
      control: null,
      ingest: {
        ...snapshot.ingest,
        sources: [
          {
            ...snapshot.ingest.sources[0],
            kind: 'access',
            linesParsed: 9,
            durationUnit: 'microseconds',
            durationUnitAssumed: false,
            state: 'live',
            message: null,
          },
          { ...snapshot.ingest.sources[0], kind: 'error', linesParsed: 9, state: 'live', message: null },
        ],
      },
      latency: snapshot.latency && { ...snapshot.latency, p99Seconds: 0.5, maxSeconds: 1 },
      slow: [],
      status: { ...snapshot.status, timeouts: 0 },
      master: snapshot.master && { ...snapshot.master, workerClass: 'sync', threads: 1, timeoutSeconds: 30 },
      verdict: { level: 'ok', text: '', causes: [] },
    },
    settings: settings('app:app --access-logfile a.log --log-level info'),
    somaxconn: 4096,
    heartbeatsInMemory: true,
    heartbeatFolder: '/dev/shm',
    errorsInAccessLog: false,
    secretParameters: [],
    unheldLogs: [],
    ...differences,
  } as Patient;
}

const found = (differences: Partial<Patient>): string[] => examine(patient(differences)).map(({ id }) => id);
const withSource = (changes: object): Partial<Patient> => {
  const { snapshot } = patient();
  const [access, ...others] = snapshot.ingest.sources;
  return {
    snapshot: {
      ...snapshot,
      ingest: { ...snapshot.ingest, sources: [{ ...access, ...changes }, ...others] },
    } as Patient['snapshot'],
  };
};
const withSnapshot = (changes: object): Partial<Patient> => ({
  snapshot: { ...patient().snapshot, ...changes } as Patient['snapshot'],
});

describe('the doctor', () => {
  it('finds nothing where nothing is amiss', () => {
    expect(examine(patient())).toEqual([]);
  });

  it.each([
    ['no-duration', withSource({ durationUnit: null })],
    ['assumed-unit', withSource({ durationUnitAssumed: true })],
    [
      'no-worker-pid',
      withSnapshot({ workers: patient().snapshot.workers.map((worker) => ({ ...worker, requestsTotal: null })) }),
    ],
    [
      'no-access-log',
      {
        ...withSnapshot({
          ingest: { ...patient().snapshot.ingest, sources: patient().snapshot.ingest.sources.slice(1) },
        }),
        settings: settings('app:app'),
      },
    ],
    ['quiet-log-level', { settings: settings('app:app --access-logfile a.log --log-level WARNING') }],
    [
      'no-error-log',
      withSnapshot({
        ingest: { ...patient().snapshot.ingest, sources: patient().snapshot.ingest.sources.slice(0, 1) },
      }),
    ],
    ['secrets-in-urls', { secretParameters: ['token'] }],
    [
      'no-jitter',
      { settings: { ...settings('app:app --access-logfile a --max-requests 1000'), maxRequestsJitter: 0 } },
    ],
    ['timeout-near-latency', withSnapshot({ latency: { ...patient().snapshot.latency, p99Seconds: 25 } })],
    ['backlog-above-somaxconn', { settings: settings('app:app --access-logfile a --backlog 8192') }],
    ['heartbeat-on-disk', { heartbeatsInMemory: false, heartbeatFolder: '/tmp' }],
    ['log-not-reopened', withSource({ message: 'moved away: reading on until a new file appears' })],
    ['log-not-reopened', { unheldLogs: [{ path: '/a.log', writesTo: '/a.log.1' }] }],
    ['log-not-written', withSource({ state: 'waiting' })],
    ['log-not-written', { unheldLogs: [{ path: '/a.log', writesTo: null }] }],
    ['control-socket', withSnapshot({ control: { error: 'permission denied' } })],
    [
      'permissions',
      withSnapshot({ workers: patient().snapshot.workers.map((worker) => ({ ...worker, pssBytes: null, fds: null })) }),
    ],
  ] as [string, Partial<Patient>][])('finds %s', (id, differences) => {
    expect(found(differences)).toContain(id);
  });

  it('misses no error log where the errors stand in the access log', () => {
    const { ingest } = patient().snapshot;
    const one = withSnapshot({ ingest: { ...ingest, sources: ingest.sources.slice(0, 1) } });
    expect(found({ ...one, errorsInAccessLog: true })).not.toContain('no-error-log');
  });

  it('names the exact setting', () => {
    const [jitter] = examine(
      patient({ settings: { ...settings('app:app --max-requests 1000'), maxRequestsJitter: 0 } }),
    );
    expect(jitter?.setting).toContain('max_requests_jitter = 100');
    const [backlog] = examine(patient({ settings: settings('app:app --access-logfile a --backlog 8192') }));
    expect(backlog?.setting).toBe('sysctl net.core.somaxconn=8192, or backlog = 4096');
  });

  it('compares requests with the timeout where that ends them, and lets one in a thousand pass', () => {
    const { latency, master } = patient().snapshot;
    const near = (count: number, rest: object = {}) =>
      found(
        withSnapshot({
          latency: { ...latency, count, p99Seconds: null, maxSeconds: 26 },
          slow: [{ seconds: 26 }, { seconds: 3 }],
          ...rest,
        }),
      );
    expect(near(200)).toContain('timeout-near-latency');
    expect(near(2000)).toEqual([]);
    expect(near(200, { master: { ...master, workerClass: 'gthread', threads: 4, timeoutSeconds: 30 } })).toEqual([]);
  });

  it('knows which workers write their access lines by themselves, and which write none', () => {
    const { master, ingest } = patient().snapshot;
    const ofClass = (workerClass: string, rest: object) => {
      const [access] = ingest.sources;
      const snapshot = { master: { ...master, workerClass }, ingest: { ...ingest, sources: [{ ...access, ...rest }] } };
      return examine(patient(withSnapshot(snapshot)));
    };
    const [duration] = ofClass('uvicorn.workers.UvicornWorker', { durationUnit: null });
    expect(duration).toMatchObject({ id: 'no-duration', setting: expect.stringContaining('worker_class = "asgi"') });
    expect(ofClass('gevent', { durationUnit: null })[0]?.setting).toContain('access_log_format');
    const silent = ofClass('tornado', { linesRead: 0, linesParsed: 0 });
    expect(silent.map(({ id }) => id)).toContain('no-access-lines');
    expect(ofClass('sync', { linesRead: 0, linesParsed: 0 }).map(({ id }) => id)).not.toContain('no-access-lines');
  });

  it('has a test for every check above', () => {
    expect(CHECKS).toHaveLength(16);
  });

  it('names secrets in URLs without their values', () => {
    const log =
      'GET /a?user=7&token=hunter2 HTTP/1.1\nGET /b?api_key=xyz&page=2\nGET /c?reset_password=q&passenger=9&token=';
    expect(secretsIn(log)).toEqual(['api_key', 'reset_password', 'token']);
    expect(JSON.stringify(secretsIn(log))).not.toMatch(/hunter2|xyz/);
  });
});
