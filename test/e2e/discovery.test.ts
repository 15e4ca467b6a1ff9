import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createGunicornSampler } from '../../src/sources/gunicorn/index.ts';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { contain } from '../support/contained.ts';
import { startGunicorn } from '../support/gunicorn.ts';
import { parseSnapshot } from '../support/snapshot.ts';
import { until } from '../support/wait.ts';

afterEach(cleanUp);

const FORMAT = '%(h)s %(t)s "%(r)s" %(s)s %(b)s %(M)s %(p)s';
const CONFIG = `
import multiprocessing
bind = ['127.0.0.1:8000', '127.0.0.1:8001']
workers = 3
threads = 4
timeout = 17
accesslog = 'access.log'
errorlog = 'error.log'
loglevel = 'info' if multiprocessing else 'debug'
access_log_format = '${FORMAT}'
control_socket = 'gunicorn.ctl'
`;

describe('gtop with nothing named', () => {
  it('finds the only Gunicorn, what its configuration file says, and its logs', async () => {
    const contained = await contain('exec gunicorn app:app', [8000, 8001], { 'gunicorn.conf.py': CONFIG });
    // A window holds whole seconds: that of the two requests must be over.
    const nextSecondMs = 1000 * Math.ceil(Date.now() / 1000);
    await until('their second is over', () => Date.now() > nextSecondMs);
    const { code, stdout, stderr } = await contained.runGtop(['--once', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { master, workers, ingest, traffic, latency } = parseSnapshot(stdout);
    expect(master).toMatchObject({
      app: 'app:app',
      workerClass: 'gthread',
      workersTarget: 3,
      threads: 4,
      timeoutSeconds: 17,
      listeners: expect.arrayContaining(['127.0.0.1:8000', '127.0.0.1:8001']),
    });
    expect(workers).toHaveLength(3);
    expect(ingest.sources).toMatchObject([
      { kind: 'access', path: join(contained.folder, 'access.log'), format: FORMAT, durationUnit: 'milliseconds' },
      { kind: 'error', path: join(contained.folder, 'error.log') },
    ]);
    expect(ingest.linesRejected).toBe(0);
    expect(traffic.requestsTotal).toBe(2);
    expect(latency?.count).toBe(2);
  });

  it.each([
    ['of its command line', '--workers 1 app:app', {}],
    ['of its environment', 'app:app', { environment: "export GUNICORN_CMD_ARGS='--workers 1'" }],
  ])(
    'takes the word %s before that of the configuration file',
    async (_, args, { environment = '' }: { environment?: string }) => {
      const contained = await contain(`${environment}\nexec gunicorn ${args}`, [8000], { 'gunicorn.conf.py': CONFIG });
      const { stdout } = await contained.runGtop(['--once', '--json']);
      expect(parseSnapshot(stdout).master).toMatchObject({ workersTarget: 1, threads: 4 });
    },
  );

  it('finds logs that go to standard output, where that is a file', async () => {
    const contained = await contain(
      'exec gunicorn --bind 127.0.0.1:8000 --access-logfile - --no-control-socket app:app >out.log 2>&1',
      [8000],
    );
    const { stdout } = await contained.runGtop(['--once', '--json']);
    const { ingest, traffic, events } = parseSnapshot(stdout);
    expect(ingest.sources.map(({ path }) => path)).toEqual([join(contained.folder, 'out.log')]);
    expect(traffic.requestsTotal).toBe(1);
    expect(events.map(({ kind }) => kind)).toContain('master-start');
  });

  it('names all of several Gunicorns, and ends, where nobody can be asked', async () => {
    const start = (port: number) =>
      `gunicorn --bind 127.0.0.1:${port} --no-control-socket --name shop${port} app:app &`;
    const contained = await contain(`${start(8000)}\n${start(8001)}\nwait`, [8000, 8001]);
    const { code, stdout, stderr } = await contained.runGtop(['--once']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^gtop: 2 Gunicorns found: choose one with --pid: \d+ \(shop800\d, 127\.0\.0\.1:800\d\) · \d+ \(shop800\d, 127\.0\.0\.1:800\d\)\n$/,
    );
  });

  it('says that there is none', async () => {
    const contained = await contain('exec sleep 60', []);
    const { code, stderr } = await contained.runGtop(['--once']);
    expect(code).toBe(1);
    expect(stderr).toBe('gtop: no Gunicorn found: name its pid file with --pid, or a log with --log\n');
  });

  it('finds it as another user too, with what that may know', async () => {
    const contained = await contain('exec gunicorn --no-control-socket app:app', [8000], {
      'gunicorn.conf.py': CONFIG.replace(/control_socket.*/, ''),
    });
    const { code, stdout } = await contained.runGtop(['--once', '--json'], true);
    expect(code).toBe(0);
    const { master, workers, verdict, ingest } = parseSnapshot(stdout);
    expect(master).toMatchObject({ app: 'app:app', workersTarget: null, threads: null, timeoutSeconds: null });
    expect(workers).toHaveLength(3);
    expect(ingest.sources).toEqual([]);
    expect(verdict.causes.map(({ text }) => text)).toContain(
      'settings of the master, heartbeat, connections and PSS of the workers need root',
    );
  });
});

describe('a configuration file that is edited', () => {
  it('counts from the reload on that puts it in force', async () => {
    const config = join(temporaryFolder(), 'gunicorn.conf.py');
    writeFileSync(config, 'max_requests = 100');
    const gunicorn = await startGunicorn({ workers: 1, version: '20.1', extraArgs: ['--config', config] });
    const sampler = await createGunicornSampler({ target: gunicorn.pidFile, mode: 'proc' });
    const look = () => sampler.sample(Date.now());
    expect((await look()).masters[0]).toMatchObject({ maxRequests: 100, timeoutSeconds: 30 });
    writeFileSync(config, 'max_requests = 200\ntimeout = 99');
    expect((await look()).masters[0]).toMatchObject({ maxRequests: 100 });
    gunicorn.signal('SIGHUP');
    // What the command line says stays: the file is below it.
    const after = await until('the new file is in force', async () => {
      const sample = await look();
      return sample.masters[0]?.maxRequests === 200 && sample;
    });
    expect(after.masters[0]?.timeoutSeconds).toBe(30);
    expect(after.notes).toEqual([]);
  });
});
