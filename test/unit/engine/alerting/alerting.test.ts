import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Alerting, type AlertingConfig, BUILT_IN_ONLY } from '../../../../src/engine/alerting/index.ts';
import { readState, takeLock, writeState } from '../../../../src/engine/alerting/state-file.ts';
import type { EventDraft } from '../../../../src/model/events.ts';
import { DEFAULT_METRICS, type MetricFamily } from '../../../../src/model/metrics/index.ts';
import { cleanUp, temporaryFolder } from '../../../support/cleanup.ts';
import { T0 } from '../../model/samples.ts';
import { ends, measures, view } from '../../model/views.ts';

afterEach(cleanUp);

const workers = (value: number): readonly MetricFamily[] => [
  { name: 'gunicorn_worker_processes', type: 'gauge', help: '', samples: [{ labels: {}, value }] },
];

const FEW = 'groups: [{name: web, rules: [{alert: Few, expr: gunicorn_worker_processes < 2}]}]';

function ruleFile(text: string): string {
  const path = join(temporaryFolder(), 'r.yml');
  writeFileSync(path, text);
  return path;
}

/** Alerting on a fake clock, in seconds. */
async function aGtop(rest: Partial<AlertingConfig> = {}, atSecond = 0) {
  const events: EventDraft[] = [];
  const alerting = new Alerting({
    config: { ...BUILT_IN_ONLY, intervalSeconds: 1, ...rest },
    lint: { ...DEFAULT_METRICS, probes: [], readsEndpoints: false },
    onEvent: (event) => events.push(event),
  });
  await alerting.open(T0 + atSecond * 1000);
  const at = async (second: number, value: number | null, rest2: Parameters<typeof view>[0] = {}) => {
    await alerting.tick(view(rest2), T0 + second * 1000, value === null ? null : () => workers(value));
    return alerting.rows.map(({ name, state }) => `${state} ${name}`);
  };
  return { alerting, at, events, remarks: () => alerting.takeRemarks() };
}

const FAILING = { oneMinute: measures({ requests: 1000, serverErrors: 500 }) };

describe('alerting', () => {
  it('without a configuration is the built-in rules', async () => {
    const { alerting, at, events } = await aGtop();
    expect(await at(0, null, FAILING)).toEqual(['pending HighErrorRate']);
    expect(await at(30, null, FAILING)).toEqual(['firing HighErrorRate']);
    expect(events).toMatchObject([{ kind: 'alert-firing', level: 'critical' }]);
    expect(alerting.rest(T0 + 40_000)).toMatchObject({
      rules: null,
      alertHistory: [{ name: 'HighErrorRate', to: null, seconds: 10 }],
    });
  });

  it('takes changes of the built-in rules', async () => {
    const { at } = await aGtop({ builtIn: { HighErrorRate: { enabled: false }, WorkerCrash: { severity: 'info' } } });
    expect(await at(0, null, { ...FAILING, ends: ends({ abnormal: 1 }) })).toEqual(['firing WorkerCrash']);
  });

  it('evaluates rules when the logs of before have been read, and not earlier', async () => {
    const { at } = await aGtop({ ruleFiles: [ruleFile(FEW)] });
    expect(await at(0, null)).toEqual([]);
    expect(await at(1, 1)).toEqual(['firing Few']);
  });

  it('looks at its files every three seconds, and keeps the rules when one has become bad', async () => {
    const path = ruleFile(FEW);
    const { at, remarks, events, alerting } = await aGtop({ ruleFiles: [path] });
    await at(0, 1);
    writeFileSync(path, 'groups: 5');
    utimesSync(path, 1, 1);
    await at(2, 1);
    expect(remarks()).toEqual([]);
    expect(await at(3, 1)).toEqual(['firing Few']);
    expect(remarks()).toEqual([`${path}:1: groups: must be a list: the rules read before stay in force`]);
    expect(alerting.rest(T0).rules?.files).toMatchObject([{ rules: 1, error: `${path}:1: groups: must be a list` }]);
    // Said once is enough.
    expect(alerting.troubles()).toEqual([]);
    expect(events.at(-1)).toMatchObject({ kind: 'rules-reloaded', level: 'warning' });
    writeFileSync(path, FEW.replace('Few', 'Fewer'));
    utimesSync(path, 2, 2);
    expect(await at(6, 1)).toEqual(['firing Fewer']);
    expect(alerting.rest(T0).rules?.files).toMatchObject([{ rules: 1, error: null }]);
  });

  it('says of a file that never was in force that none of it is', async () => {
    const path = ruleFile('groups: 5');
    const { alerting, remarks } = await aGtop({ ruleFiles: [path] });
    remarks();
    await alerting.reload(undefined, T0);
    expect(remarks()).toEqual([`${path}:1: groups: must be a list: none of its rules is in force`]);
  });

  it('names at the start what cannot fire, and after a reload only what is new', async () => {
    const bad = 'groups: [{name: web, rules: [{alert: Never, expr: gunicorn_up < 0}]}]';
    const path = ruleFile(bad);
    const { alerting, remarks } = await aGtop({ ruleFiles: [path] });
    expect(remarks()).toEqual([expect.stringMatching(/r\.yml:1: rule "Never" can never fire: .* < 0 is never true$/)]);
    await alerting.reload(undefined, T0);
    expect(remarks()).toEqual([`rules read anew: ${path}`]);
    expect(alerting.rest(T0).rules?.findings).toMatchObject([{ rule: 'Never', kind: 'never' }]);
  });
});

describe('over a restart', () => {
  const config = () => ({
    ruleFiles: [ruleFile(FEW)],
    stateFile: join(temporaryFolder(), 'deep', 'alerts.json'),
    builtIn: { HighErrorRate: { forSeconds: 0 } },
  });

  it('alerts live on, built-in ones until their window was seen anew', async () => {
    const given = config();
    const before = await aGtop(given);
    expect(await before.at(0, 1, FAILING)).toEqual(['firing HighErrorRate', 'firing Few']);
    before.alerting.stop(T0 + 1000);
    expect(statSync(given.stateFile).mode & 0o777).toBe(0o600);

    const after = await aGtop(given, 10);
    // Nothing has been read yet: the minute looks calm.
    expect(await after.at(10, null)).toEqual(['firing HighErrorRate', 'firing Few']);
    expect(after.alerting.rows[0]?.since).toBe(new Date(T0).toISOString());
    expect(await after.at(60, 1)).toEqual(['firing HighErrorRate', 'firing Few']);
    expect(await after.at(80, 4)).toEqual(['resolved HighErrorRate', 'resolved Few']);
    expect(after.alerting.rest(T0 + 80_000).alertHistory).toMatchObject([
      { name: 'Few', seconds: 80 },
      { name: 'HighErrorRate', seconds: 80 },
    ]);
  });

  it('resolved alerts stay in sight for their fifteen minutes, built-in ones as those of files; nothing is told twice', async () => {
    const given = config();
    const before = await aGtop(given);
    await before.at(0, 1, FAILING);
    const resolved = ['resolved HighErrorRate', 'resolved Few'];
    expect(await before.at(100, 4)).toEqual(resolved);
    const { rows } = before.alerting;
    before.alerting.stop(T0 + 101_000);

    const after = await aGtop(given, 110);
    expect(await after.at(110, null)).toEqual(resolved);
    expect(after.alerting.rows).toMatchObject(rows.map(({ since, fingerprint }) => ({ since, fingerprint })));
    expect(await after.at(400, 4)).toEqual(resolved);
    expect(after.events).toEqual([]);
    expect(after.alerting.rest(T0 + 400_000).alertHistory).toMatchObject([
      { name: 'Few', seconds: 100 },
      { name: 'HighErrorRate', seconds: 100 },
    ]);
    expect(await after.at(100 + 901, 4)).toEqual([]);
    after.alerting.stop(T0 + 1_002_000);
    expect(await (await aGtop(given, 1100)).at(1100, 4)).toEqual([]);
  });

  it('an alert keeps its labels, by which receivers know it', async () => {
    const given = config();
    const full = { disks: [{ mount: '/var', device: null, totalBytes: 100, usedBytes: 97, usedRatio: 0.97 }] };
    const before = await aGtop(given);
    await before.at(0, 4, full);
    expect(await before.at(60, 4, full)).toEqual(['firing DiskAlmostFull']);
    before.alerting.stop(T0 + 61_000);
    const after = await aGtop(given, 70);
    expect(await after.at(70, 4, { disks: [] })).toEqual(['firing DiskAlmostFull']);
    expect(after.alerting.rows[0]?.labels).toEqual({ mount: '/var' });
  });

  it('a resolved alert whose condition holds again fires anew', async () => {
    const given = config();
    const before = await aGtop(given);
    await before.at(0, 4, FAILING);
    await before.at(100, 4);
    before.alerting.stop(T0 + 101_000);
    const after = await aGtop(given, 110);
    expect(await after.at(111, 4, FAILING)).toEqual(['firing HighErrorRate']);
    expect(after.events).toMatchObject([{ kind: 'alert-firing' }]);
    expect(after.alerting.rest(T0 + 120_000).alertHistory).toHaveLength(2);
  });

  it('of two that watch the same one remembers; the other leaves no trace', async () => {
    const given = config();
    const [first, second] = [await aGtop(given), await aGtop(given)];
    expect(first.remarks()).toEqual([]);
    expect(second.remarks()).toEqual([`another gtop (pid ${process.pid}) watches the same and sends the notices`]);
    second.alerting.stop(T0);
    expect(existsSync(`${given.stateFile}.lock`)).toBe(true);
    expect(existsSync(given.stateFile)).toBe(false);
    first.alerting.stop(T0);
    expect(existsSync(`${given.stateFile}.lock`)).toBe(false);
  });

  it('of two that watch the same the other takes over when the one has ended', async () => {
    const given = config();
    const [first, second] = [await aGtop(given), await aGtop(given)];
    second.remarks();
    await second.at(0, 1);
    first.alerting.stop(T0);
    await second.at(2, 1);
    expect(second.remarks()).toEqual([]);
    await second.at(3, 1);
    expect(second.remarks()).toEqual(['the other gtop has ended: from now on this one sends the notices']);
    second.alerting.stop(T0 + 4000);
    expect(readState(given.stateFile)).toMatchObject({ savedAtMs: T0 + 4000 });
  });

  it('a damaged file is said to be, and forgotten', async () => {
    const given = config();
    for (const rubbish of ['{', '{"kind":"gtop alerts","state":{"savedAtMs":"yesterday"}}', '[]']) {
      writeState(given.stateFile, {});
      writeFileSync(given.stateFile, rubbish);
      const { remarks, alerting } = await aGtop(given);
      expect(remarks()).toEqual([`${given.stateFile}: is damaged: alerts of the run before are forgotten`]);
      alerting.stop(T0);
    }
  });

  it('a folder that cannot be written costs one line', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const { at, remarks } = await aGtop({ ...config(), stateFile: join(file, 'alerts.json') });
    for (const second of [0, 61, 122]) await at(second, 1);
    expect(remarks().filter((text) => text.includes('not remembered'))).toHaveLength(1);
  });
});

describe('the state file', () => {
  it('is written whole and read back', () => {
    const path = join(temporaryFolder(), 'a', 'state.json');
    expect(readState(path)).toBeNull();
    writeState(path, { a: 1 });
    expect(readState(path)).toEqual({ a: 1 });
    expect(readFileSync(path, 'utf8')).toContain('gtop alerts');
  });

  it('has a lock that a dead process leaves to the next', () => {
    const lock = join(temporaryFolder(), 'lock');
    const { pid } = spawnSync('true');
    writeFileSync(lock, `${pid} 123`);
    expect(takeLock(lock)).toBeNull();
    expect(takeLock(lock)).toBe(process.pid);
  });

  it('has a lock that a process which only has the same pid does not hold', () => {
    const lock = join(temporaryFolder(), 'lock');
    writeFileSync(lock, `${process.pid} 1`);
    expect(takeLock(lock)).toBeNull();
    writeFileSync(lock, 'rubbish');
    expect(takeLock(lock)).toBeNull();
  });
});
