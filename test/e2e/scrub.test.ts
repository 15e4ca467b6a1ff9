/** Going back in time on the real program: the whole screen at that moment. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { contentOf, paneBox } from '../support/boxes.ts';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { openGtop, type Pty } from '../support/pty.ts';
import { exportedSnapshots } from '../support/snapshot.ts';
import { plannedTraffic, sendTraffic } from '../support/traffic.ts';
import { isAlive, until } from '../support/wait.ts';

let gunicorn: RunningGunicorn;
let pty: Pty;
const cwd = temporaryFolder();

beforeAll(async () => {
  gunicorn = await startGunicorn({ workers: 2 });
  const { pidFile, accessLog, errorLog } = gunicorn;
  const logs = ['--log', accessLog, '--error-log', errorLog];
  pty = openGtop(['--no-config', '--window', '10s', '--tz', 'utc', '--pid', pidFile, ...logs], { cwd });
  await pty.waitFor(() => gunicorn.workers().every((pid) => workers().includes(String(pid))));
});
afterAll(cleanUp);

const content = (name: string): string => contentOf(pty, paneBox(pty, name)).join('\n');
const workers = (): string => content('Workers');
const clockOf = (atMs: number): string => new Date(atMs).toISOString().slice(11, 19);
const header = (): string => pty.screen()[0] ?? '';

it('shows workers, events and traffic as they were, and now again', async () => {
  const old = gunicorn.workers();
  const [victim] = old;
  // Logs tell whole seconds: the moment to come back to lies in one before that of the end.
  const startMs = Date.now();
  await until('a few looks', () => Date.now() - startMs > 2500);
  const aliveMs = Date.now();
  const alive = clockOf(aliveMs);
  await until('the next second but one', () => Date.now() - aliveMs > 1500);
  process.kill(victim, 'SIGKILL');
  await until('another worker has come', () => gunicorn.workers().length === 2 && !gunicorn.workers().includes(victim));
  const newcomer = (): string => String(gunicorn.workers().find((pid) => !old.includes(pid)));
  await pty.waitFor(() => workers().includes(newcomer()) && content('Events').includes(String(victim)));
  await sendTraffic(gunicorn.endpoint, plannedTraffic(100));
  await pty.waitFor(() => /10[01] since start/.test(content('Traffic')));

  pty.press(`:goto ${alive}\r`);
  await pty.waitFor(() => header().includes(`PAST ${alive}`));
  await pty.waitFor(() => workers().includes(String(victim)) && !workers().includes(newcomer()));
  expect(content('Events')).not.toContain(`${victim} `);
  expect(content('Paths')).not.toContain('/burn/');
  expect(isAlive(victim)).toBe(false);

  pty.press('e');
  const past = await until('the past is written', () => exportedSnapshots(cwd).find((each) => each.past != null));
  expect(past.workers.map(({ pid }) => pid)).toEqual([...old].sort((a, b) => a - b));
  expect(past.past?.recordedAt).not.toBeNull();

  for (let press = 0; press < 60 && header().includes('PAST'); press++) {
    const before = header();
    pty.press(']');
    await pty.waitFor(() => header() !== before);
  }
  await pty.waitFor(() => header().includes('LIVE') && workers().includes(newcomer()));
});

it('can be explored while it stands still: rows, window, zoom, detail', async () => {
  await sendTraffic(gunicorn.endpoint, plannedTraffic(50));
  await pty.waitFor(() => content('Paths').includes('/burn/{id}'));
  const busyMs = Date.now();
  await until('that moment is past', () => Date.now() - busyMs > 2000);
  pty.press(`:goto ${clockOf(busyMs)}\r`);
  await pty.waitFor(() => header().includes('PAST'));
  pty.press('w');
  await pty.waitFor(() => header().includes('window 1m') && header().includes('PAST'));
  // From the top: the cursor may stand on the route that the verdict names.
  pty.press('4', 'g', 'j');
  await pty.waitFor(() => contentOf(pty, paneBox(pty, 'Paths'))[2]?.startsWith('>') === true);
  pty.press('Enter');
  await pty.waitFor(/Paths › \w+ \//);
  await pty.waitFor(() => !pty.text().includes('looking …'));
  expect(header()).toContain('PAST');
  pty.press('Esc', 'z');
  await pty.waitFor(() => paneBox(pty, 'Paths').right === 159);
  pty.press('z');
  pty.press('Space');
  await pty.waitFor(() => header().includes('LIVE'));
});

it('says what was not kept', async () => {
  pty.press(':goto -2h\r');
  await pty.waitFor(() => header().includes('workers, alerts and host were not kept'));
  for (const pid of gunicorn.workers()) expect(workers()).not.toContain(String(pid));
  expect(pty.screen()[1]).toContain('was not kept');
  expect(workers()).toContain('workers of this moment were not kept');
  expect(contentOf(pty, paneBox(pty, 'Alerts')).join('\n')).toContain('– alerts of this moment were not kept');
  pty.press('Space');
  await pty.waitFor(() => gunicorn.workers().every((pid) => workers().includes(String(pid))));
});
