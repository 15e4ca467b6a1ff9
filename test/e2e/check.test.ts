import { existsSync, readFileSync, renameSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Load } from '../lab/load.ts';
import { cleanUp } from '../support/cleanup.ts';
import { runGtop } from '../support/cli.ts';
import { type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { parseSnapshot } from '../support/snapshot.ts';
import { plannedTraffic, sendTraffic } from '../support/traffic.ts';
import { until } from '../support/wait.ts';

afterAll(cleanUp);

describe('gtop check and gtop doctor on a real Gunicorn', () => {
  let gunicorn: RunningGunicorn;
  let args: readonly string[];

  beforeAll(async () => {
    gunicorn = await startGunicorn({ version: '26', workers: 2 });
    args = ['--no-config', '--pid', gunicorn.pidFile, '--log', gunicorn.accessLog, '--error-log', gunicorn.errorLog];
    await sendTraffic(gunicorn.endpoint, plannedTraffic(200));
  });

  it('answers in one line with the exit code of the worst', async () => {
    const broken = await runGtop(['check', ...args, '--window', 'all', '--critical', 'requests_per_second>0.001']);
    expect(broken.code).toBe(2);
    expect(broken.stdout).toMatch(
      /^GTOP CRITICAL: requests_per_second [\d.]+ \(requests_per_second>0\.001\)[^\n]* \| [^\n]+\n$/,
    );
    const counted = await runGtop(['check', ...args, '--critical', 'worker_count<2']);
    expect(counted.stdout).toContain('worker_count=2;;2:;0');
    expect(counted.stderr).toBe('');
  });

  it.each([
    [
      ['check', '--no-config', '--log', '/nowhere/access.log'],
      /^GTOP UNKNOWN: \/nowhere\/access\.log: no such file\n$/,
    ],
    [['check', '--no-config', '--pid', '1'], /^GTOP UNKNOWN: [^\n]+\n$/],
    [['check', '--no-such-flag'], /^GTOP UNKNOWN: unknown option '--no-such-flag'[^\n]*\n$/],
    [
      ['check', '--no-config', '--critical', 'nothing>1'],
      /^GTOP UNKNOWN: --critical 'nothing>1' names no metric: there are requests_per_second, [^\n]+\n$/,
    ],
  ] as const)('%j is unknown, exit code 3', async (command, line) => {
    const { code, stdout, stderr } = await runGtop(command);
    expect(stdout).toMatch(line);
    expect(code).toBe(3);
    expect(stderr).toBe('');
  });

  it('finds the logs of a master that is named alone', async () => {
    const { code, stdout } = await runGtop([
      '--once',
      '--json',
      '--no-config',
      '--pid',
      gunicorn.pidFile,
      '--window',
      'all',
    ]);
    expect(code).toBe(0);
    const { ingest, traffic } = parseSnapshot(stdout);
    expect(ingest.sources.map(({ path }) => path)).toEqual([gunicorn.accessLog, gunicorn.errorLog]);
    expect(traffic.requests).toBeGreaterThanOrEqual(200);
  });

  it('the doctor names what the set-up lacks, with the setting', async () => {
    const { code, stdout } = await runGtop(['doctor', ...args, '--json'], { deadlineMs: 30_000 });
    expect(code).toBe(0);
    const { findings } = JSON.parse(stdout) as { findings: { id: string; setting: string }[] };
    const ids = findings.map(({ id }) => id);
    expect(ids).not.toContain('no-duration');
    expect(ids).not.toContain('no-error-log');
    const half = ['--no-config', '--pid', gunicorn.pidFile, '--log', gunicorn.accessLog];
    const bare = await runGtop(['doctor', ...half], { deadlineMs: 30_000 });
    expect(bare.stdout).toContain('[no-error-log]');
    expect(bare.stdout).toContain(`gtop --error-log ${gunicorn.errorLog}`);
  });

  it('remembers what happened just before a rotation', async () => {
    const [victim = 0] = gunicorn.workers();
    process.kill(victim, 'SIGKILL');
    await until('the master has told of it', () => readFileSync(gunicorn.errorLog, 'utf8').includes('SIGKILL'), 10_000);
    for (const log of [gunicorn.accessLog, gunicorn.errorLog]) renameSync(log, `${log}.1`);
    gunicorn.signal('SIGUSR1');
    await until(
      'the logs are opened anew',
      () => existsSync(gunicorn.accessLog) && existsSync(gunicorn.errorLog),
      10_000,
    );
    const { code, stdout } = await runGtop(['check', ...args]);
    expect(stdout).toMatch(new RegExp(`^GTOP CRITICAL: worker ${victim} killed by SIGKILL`));
    expect(code).toBe(2);
  });
});

it('does not take workers that are recycled all the time for ones that cannot start', async () => {
  const gunicorn = await startGunicorn({
    workerClass: 'gthread',
    workers: 1,
    threads: 2,
    extraArgs: ['--max-requests', '5'],
  });
  const load = new Load(gunicorn.endpoint, 12, () => '/');
  await until('some were', () => readFileSync(gunicorn.errorLog, 'utf8').split('Autorestarting').length > 4, 30_000);
  const { stdout } = await runGtop([
    ...['check', '--no-config', '--pid', gunicorn.pidFile],
    ...['--log', gunicorn.accessLog, '--error-log', gunicorn.errorLog],
  ]);
  load.stop();
  expect(stdout).not.toMatch(/after its start|without a master|UNKNOWN/);
});
