import { readdirSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { contentOf, paneBox } from '../support/boxes.ts';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { openGtop, type Pty } from '../support/pty.ts';
import { childrenOf, isAlive, until } from '../support/wait.ts';

afterEach(cleanUp);

interface OpenDemo {
  readonly pty: Pty;
  /** The folder in which the demo makes its own. */
  readonly temporary: string;
  /** Master, traffic and the four workers. */
  readonly processes: readonly number[];
}

async function openDemo(): Promise<OpenDemo> {
  const temporary = temporaryFolder();
  const pty = openGtop(['demo', '--no-config'], { env: { TMPDIR: temporary } });
  await pty.waitFor('/products/{id}');
  const processes = await until('all six processes run', () => {
    const found = childrenOf(pty.pid).flatMap((pid) => [pid, ...childrenOf(pid)]);
    return found.length === 6 && found;
  });
  await pty.settled();
  return { pty, temporary, processes };
}

const leavesNothing = ({ temporary, processes }: OpenDemo) =>
  until('processes and folder are gone', () => !processes.some(isAlive) && demoFolders(temporary).length === 0);

/** Leaves out what its test environment keeps there too. */
const demoFolders = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('gtop-demo-'));

it('fills the panes, plays its incident, and leaves nothing behind on q', async () => {
  const demo = await openDemo();
  const { pty } = demo;
  expect(demoFolders(demo.temporary)).toHaveLength(1);
  expect(pty.screen()[0]).toContain('demo:app');
  const pane = (name: string) => contentOf(pty, paneBox(pty, name)).join('\n');
  await pty.waitFor(() => pane('Workers').match(/\d +(?:busy|idle)/g)?.length === 4);

  // The script of src/cli/demo/scenario.ts: reports get slow after 18 s, a worker is killed after a minute.
  await pty.waitFor(() => pane('Paths').includes('/reports/{id}') && /[▲✖]/.test(pty.screen()[1]), 40_000);
  await pty.waitFor(() => /timeout/i.test(pane('Events')), 60_000);

  pty.press('q');
  expect(await pty.exit()).toEqual({ code: 0, signal: 0 });
  await leavesNothing(demo);
});

it('leaves nothing behind when it is killed', async () => {
  const demo = await openDemo();
  demo.pty.kill('SIGKILL');
  await leavesNothing(demo);
});
