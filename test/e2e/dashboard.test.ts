import { readFileSync, renameSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { contentOf, hasPane, paneBox } from '../support/boxes.ts';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { openGtop, openGtopUnderShell, type Pty, type PtyOptions } from '../support/pty.ts';
import { exportedSnapshots } from '../support/snapshot.ts';
import { plannedTraffic, sendTraffic } from '../support/traffic.ts';
import { until } from '../support/wait.ts';

afterEach(cleanUp);

const MAIN_PANES = ['Traffic', 'Latency', 'Status', 'Paths', 'Workers', 'Alerts', 'Events'];

const watch = ({ pidFile, accessLog, errorLog }: RunningGunicorn) => [
  ...['--no-config', '--from-start', '--window', 'all'],
  ...['--pid', pidFile, '--log', accessLog, '--error-log', errorLog],
];

/** A Gunicorn that has served 300 known requests (and the one of its start), and gtop on it. */
async function openOnTraffic(options: PtyOptions): Promise<{ gunicorn: RunningGunicorn; pty: Pty }> {
  const gunicorn = await startGunicorn({ workers: 2 });
  await sendTraffic(gunicorn.endpoint, plannedTraffic(300));
  const pty = openGtop(watch(gunicorn), options);
  await pty.waitFor('GET /burn/{id}');
  await pty.settled();
  return { gunicorn, pty };
}

const lineCount = (...files: string[]) =>
  files.reduce((sum, file) => sum + readFileSync(file, 'utf8').split('\n').length - 1, 0);

describe('at 160x45', () => {
  it('shows all seven panes, each in a whole frame, with the figures of the traffic', async () => {
    const { gunicorn, pty } = await openOnTraffic({ cols: 160, rows: 45 });
    for (const name of MAIN_PANES) paneBox(pty, name);
    const pane = (name: string) => contentOf(pty, paneBox(pty, name)).join('\n');
    expect(pty.screen()[0]).toContain('app:app');
    expect(pty.screen()[0]).toContain(String(gunicorn.pid));
    for (const pid of gunicorn.workers()) expect(pane('Workers')).toContain(String(pid));
    for (const route of ['/users/{id}', '/search', '/status/{id}']) expect(pane('Paths')).toContain(route);
    expect(pane('Status')).toContain('404');
    expect(pane('Traffic')).toContain('301');
  });

  it('moves the focus with Tab, from one pane to another', async () => {
    const { pty } = await openOnTraffic({ cols: 160, rows: 45 });
    const looks = () =>
      MAIN_PANES.map((name) => {
        const { left, top } = paneBox(pty, name);
        return JSON.stringify(pty.cell(left, top));
      });
    const before = looks();
    pty.press('Tab');
    await pty.waitFor(() => looks().filter((look, i) => look !== before[i]).length === 2);
    expect(new Set(looks()).size).toBe(2);
  });

  it('zooms the focused pane over the whole width with z, and back', async () => {
    const { pty } = await openOnTraffic({ cols: 160, rows: 45 });
    pty.press('4', 'z');
    await pty.waitFor(() => !hasPane(pty, 'Workers') && paneBox(pty, 'Paths').right === 159);
    expect(paneBox(pty, 'Paths').left).toBe(0);
    pty.press('z');
    await pty.waitFor(() => MAIN_PANES.every((name) => hasPane(pty, name)));
  });

  it('keeps the picture while paused, and goes on collecting', async () => {
    const { gunicorn, pty } = await openOnTraffic({ cols: 160, rows: 45 });
    pty.press('Space');
    await pty.waitFor('PAUSED');
    await pty.settled();
    const panes = () => MAIN_PANES.map((name) => contentOf(pty, paneBox(pty, name)).join('\n'));
    const frozen = panes();
    await sendTraffic(gunicorn.endpoint, plannedTraffic(200));
    // The badge counts the seconds: two of them are two refreshes that changed nothing else.
    await pty.waitFor(/PAUSED 0?0:0[3-9]/);
    await pty.settled();
    expect(panes()).toEqual(frozen);
    pty.press('Space');
    await pty.waitFor(() => !pty.text().includes('PAUSED') && panes()[0].includes('501'));
  });
});

describe('at smaller sizes', () => {
  it('shows traffic, latency, status, paths and workers at 120x30', async () => {
    const { gunicorn, pty } = await openOnTraffic({ cols: 120, rows: 30 });
    for (const name of ['Paths', 'Workers']) paneBox(pty, name);
    for (const word of ['p95', '2xx', '/burn/{id}', String(gunicorn.workers()[0])]) expect(pty.text()).toContain(word);
  });

  it('shows the signals in a line each, workers and paths at 80x24', async () => {
    const { gunicorn, pty } = await openOnTraffic({ cols: 80, rows: 24 });
    for (const name of ['Paths', 'Workers']) paneBox(pty, name);
    for (const word of ['p95', '/burn/{id}', String(gunicorn.workers()[0])]) expect(pty.text()).toContain(word);
  });

  it('follows the terminal from 160x45 to 80x24 and back without debris', async () => {
    const { pty } = await openOnTraffic({ cols: 160, rows: 45 });
    pty.resize(80, 24);
    await pty.waitFor(() => hasPane(pty, 'Workers') && !hasPane(pty, 'Events') && pty.screen()[0].length === 80);
    await pty.settled();
    paneBox(pty, 'Workers');
    pty.resize(160, 45);
    await pty.waitFor(() => MAIN_PANES.every((name) => hasPane(pty, name)));
    await pty.settled();
    for (const name of MAIN_PANES) paneBox(pty, name);
  });
});

it('writes a snapshot that the schema describes with e', async () => {
  const cwd = temporaryFolder();
  const { gunicorn, pty } = await openOnTraffic({ cwd });
  pty.press('e');
  const [snapshot] = await until('a snapshot is written', () => {
    const written = exportedSnapshots(cwd);
    return written.length > 0 && written;
  });
  expect(snapshot.master?.pid).toBe(gunicorn.pid);
  expect(snapshot.traffic.requestsTotal).toBe(301);
});

it('counts every line of both files when the log is rotated meanwhile', async () => {
  const cwd = temporaryFolder();
  const { gunicorn, pty } = await openOnTraffic({ cwd });
  const { accessLog } = gunicorn;
  renameSync(accessLog, `${accessLog}.1`);
  // The workers go on in the renamed file until they are told.
  await sendTraffic(gunicorn.endpoint, plannedTraffic(300));
  gunicorn.signal('SIGUSR1');
  await until('Gunicorn has opened the new file', () => readFileSync(gunicorn.errorLog, 'utf8').includes('usr1'));
  await sendTraffic(gunicorn.endpoint, plannedTraffic(300));
  const total = await until('all requests are logged', () => {
    const lines = lineCount(accessLog, `${accessLog}.1`);
    return lines === 901 && lines;
  });
  const last = await until(
    'a snapshot holds them all',
    () => {
      pty.press('e');
      const snapshot = exportedSnapshots(cwd).at(-1);
      return snapshot?.traffic.requestsTotal === total && snapshot;
    },
    15_000,
  );
  expect(last.ingest.sources.find(({ kind }) => kind === 'access')?.linesParsed).toBe(total);
  expect(last.ingest).toMatchObject({ rotations: 1, linesRejected: 0, possiblyLostBytes: 0 });
});

it('restores the terminal on q', async () => {
  const gunicorn = await startGunicorn({ workers: 1 });
  const { pty, report } = openGtopUnderShell(watch(gunicorn));
  await pty.waitFor(() => hasPane(pty, 'Traffic'));
  expect(pty.inAlternateScreen).toBe(true);
  pty.press('q');
  const { sttyBefore, sttyAfter, status } = await report();
  expect(status).toBe(0);
  expect(sttyAfter).toBe(sttyBefore);
  expect(pty.inAlternateScreen).toBe(false);
  const bytes = pty.bytes().toString('latin1');
  expect(bytes.lastIndexOf('\x1b[?25h')).toBeGreaterThan(bytes.lastIndexOf('\x1b[?25l'));
  expect(bytes).not.toContain('\x1b[3J');
});
