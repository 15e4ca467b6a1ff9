/** Actions on a real Gunicorn: asked for on the screen, sent by the engine, seen in its log. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { contentOf, paneBox } from '../support/boxes.ts';
import { cleanUp } from '../support/cleanup.ts';
import { type GunicornOptions, type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { openGtop, type Pty } from '../support/pty.ts';
import { isAlive, until } from '../support/wait.ts';

afterEach(cleanUp);

async function open(
  options: GunicornOptions = {},
  flags = ['--allow-actions'],
): Promise<{ gunicorn: RunningGunicorn; pty: Pty }> {
  const gunicorn = await startGunicorn({ workers: 2, ...options });
  const { pidFile, accessLog, errorLog } = gunicorn;
  const pty = openGtop(['--no-config', '--pid', pidFile, '--log', accessLog, '--error-log', errorLog, ...flags]);
  await pty.waitFor(() => gunicorn.workers().every((pid) => workers(pty).includes(String(pid))));
  return { gunicorn, pty };
}

const workers = (pty: Pty): string => contentOf(pty, paneBox(pty, 'Workers')).join('\n');
const logOf = ({ errorLog }: RunningGunicorn): string => readFileSync(errorLog, 'utf8');

/** The row that a menu stands on; those of tables begin with a number. */
const chosen = (screen: string): string | undefined => /┃> ([A-Z]\w.*?)\s*┃/.exec(screen)?.[1];

/** Opens the menu, goes to the row with this title, and shows what it risks. */
async function choose(pty: Pty, title: string): Promise<void> {
  pty.press('x');
  await pty.waitFor((screen) => screen.includes('Tell Gunicorn') && chosen(screen) !== undefined);
  for (let row = chosen(pty.text()); row?.startsWith(title) === false; row = chosen(pty.text())) {
    pty.press('Down');
    await pty.waitFor((screen) => chosen(screen) !== row);
  }
  pty.press('Enter');
  await pty.waitFor(/> Cancel/);
}

async function confirm(pty: Pty): Promise<void> {
  pty.press('Down');
  await pty.waitFor('> Send');
  pty.press('Enter');
}

it('the menu stands on Cancel, and so does the question: Enter twice sends nothing', async () => {
  const { gunicorn, pty } = await open();
  const before = logOf(gunicorn);
  pty.press('x');
  await pty.waitFor(/> Cancel/);
  pty.press('Enter');
  await pty.waitFor((screen) => !screen.includes('Tell Gunicorn'));
  await choose(pty, 'HUP   Reload');
  expect(pty.text().replace(/\s*┃\s*/g, ' ')).toContain('halts the whole Gunicorn');
  pty.press('Enter');
  await pty.waitFor((screen) => !screen.includes('> Cancel'));
  await choose(pty, 'HUP   Reload');
  pty.press('Esc', 'Esc');
  await pty.waitFor((screen) => !screen.includes('Tell Gunicorn'));
  expect(logOf(gunicorn)).toBe(before);
});

it('reload: HUP reaches the master, and the events tell of it', async () => {
  const { gunicorn, pty } = await open();
  const old = gunicorn.workers();
  await choose(pty, 'HUP   Reload');
  await confirm(pty);
  await pty.waitFor(`HUP to master ${gunicorn.pid} sent`);
  await until('the reload is in the log', () => logOf(gunicorn).includes('Handling signal: hup'));
  await until('new workers serve', () => gunicorn.workers().every((pid) => !old.includes(pid)));
  await pty.waitFor(() => contentOf(pty, paneBox(pty, 'Events')).join('\n').includes('HUP to master'));
});

it('one worker more and one less: TTIN and TTOU, a second apart', async () => {
  const { gunicorn, pty } = await open();
  await choose(pty, 'TTIN  One worker more');
  await confirm(pty);
  await until('three workers', () => gunicorn.workers().length === 3);
  await until('a second has passed', () => logOf(gunicorn).includes('ttin'));
  for (;;) {
    await choose(pty, 'TTOU  One worker less');
    await confirm(pty);
    await pty.waitFor(/TTOU to master \d+ sent|a second between two signals/);
    if (/TTOU to master \d+ sent/.test(pty.text())) break;
  }
  await until('two workers', () => gunicorn.workers().length === 2);
});

it('stops the selected worker, whose place another one takes', async () => {
  const { gunicorn, pty } = await open();
  pty.press('5', 'g');
  await pty.waitFor('>5 Workers');
  const row = contentOf(pty, paneBox(pty, 'Workers')).find((line) => line.startsWith('>')) ?? '';
  const pid = gunicorn.workers().find((each) => row.includes(String(each)));
  if (pid === undefined) throw new Error(`no worker is selected: ${row}`);
  await choose(pty, 'TERM  Stop the selected worker');
  expect(pty.text()).toContain(`Send TERM to worker ${pid}`);
  await confirm(pty);
  await until('the worker has ended', () => !isAlive(pid));
  await until('another one is there', () => gunicorn.workers().length === 2);
  expect(isAlive(gunicorn.pid)).toBe(true);
});

it('refuses what is no more: a worker that has ended while the question stood', async () => {
  const { gunicorn, pty } = await open();
  pty.press('5', 'g');
  await pty.waitFor('>5 Workers');
  const row = contentOf(pty, paneBox(pty, 'Workers')).find((line) => line.startsWith('>')) ?? '';
  const pid = gunicorn.workers().find((each) => row.includes(String(each))) ?? 0;
  await choose(pty, 'TERM  Stop the selected worker');
  process.kill(pid, 'SIGKILL');
  await until('it is gone', () => !gunicorn.workers().includes(pid));
  await confirm(pty);
  await pty.waitFor(/not sent: it is not the process that was shown|is gone/);
});

it('without the option x says how to allow it, and shows no menu', async () => {
  const { pty } = await open({}, []);
  pty.press('x');
  await pty.waitFor('actions are off: start gtop with --allow-actions');
  expect(pty.text()).not.toContain('Tell Gunicorn');
});

it('refuses in the past', async () => {
  const { pty } = await open();
  pty.press('[');
  await pty.waitFor('PAST');
  pty.press('x');
  await pty.waitFor('this is a moment of the past');
});
