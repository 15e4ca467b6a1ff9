import { afterAll, describe, expect, it } from 'vitest';
import { cleanUp } from '../support/cleanup.ts';
import { startGunicorn } from '../support/gunicorn.ts';
import { openGtop } from '../support/pty.ts';

afterAll(cleanUp);

/** The line of the screen that names this master behind its number. */
const lineOf = (screen: string, pid: number): number =>
  screen.split('\n').findIndex((line) => new RegExp(`^ [▸ ] ?\\d+ .*master ${pid}\\b`).test(line));

describe('several Gunicorns, and none named', () => {
  it('the person chooses by number or pid, and the dashboard opens on that one', async () => {
    const [one, two] = [await startGunicorn({ version: '26' }), await startGunicorn({ version: '20.1' })];
    const gtop = openGtop(['--no-config'], { cols: 120, rows: 30 });
    const question = await gtop.waitFor(/Which one\? \[1-\d+, Enter: none\]/);
    expect(question).toContain(String(one.pid));
    expect(question).toContain(String(two.pid));
    gtop.press('nonsense\r');
    await gtop.waitFor((screen) => screen.split('Which one?').length === 3);
    gtop.press(`${two.pid}\r`);
    await gtop.waitFor(`master ${two.pid}`);
    // One line each in the header; a key goes on to the other one, and back.
    await gtop.waitFor((screen) => lineOf(screen, one.pid) > 0 && lineOf(screen, two.pid) >= 0);
    const header = () => gtop.screen()[0] ?? '';
    for (const { pid } of [one, two]) {
      gtop.press(':');
      gtop.press(`gunicorn ${pid}\r`);
      await gtop.waitFor(() => header().includes(`master ${pid}`));
    }
    await one.request('/');
    gtop.press('N');
    await gtop.waitFor(() => !header().includes(`master ${two.pid}`));
    gtop.press('q');
    expect(await gtop.exit()).toMatchObject({ code: 0 });
  });

  it('choosing none ends with a line that says what to do', async () => {
    await startGunicorn({ version: '26' });
    await startGunicorn({ version: '26' });
    const gtop = openGtop(['--no-config'], { cols: 120, rows: 30 });
    await gtop.waitFor('Which one?');
    gtop.press('\r');
    expect(await gtop.exit()).toMatchObject({ code: 1 });
    expect(gtop.text()).toContain('gtop: no Gunicorn chosen: name one with --pid');
  });
});
