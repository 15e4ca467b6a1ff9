/** Every key, on the real program over a real Gunicorn. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/ui/command-table.ts';
import { contentOf, hasPane, paneBox } from '../support/boxes.ts';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { gtopCommand } from '../support/cli.ts';
import { type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { openGtop, Pty } from '../support/pty.ts';
import { closeWhatFailedTestsLeave } from '../support/second-try.ts';
import { exportedSnapshots } from '../support/snapshot.ts';
import { plannedTraffic, sendTraffic } from '../support/traffic.ts';
import { until } from '../support/wait.ts';

let gunicorn: RunningGunicorn;
let pty: Pty;
const cwd = temporaryFolder();

const watch = () => [
  ...['--no-config', '--from-start', '--window', 'all', '--tz', 'utc'],
  ...['--pid', gunicorn.pidFile, '--log', gunicorn.accessLog, '--error-log', gunicorn.errorLog],
];

beforeAll(async () => {
  gunicorn = await startGunicorn({ workers: 2 });
  await sendTraffic(gunicorn.endpoint, plannedTraffic(300));
  pty = openGtop(watch(), { cwd });
  await pty.waitFor('GET /burn/{id}');
  await pty.waitFor('LIVE');
  await pty.settled();
});
afterAll(cleanUp);
closeWhatFailedTestsLeave(() => pty);

const pane = (name: string): string[] => contentOf(pty, paneBox(pty, name));
/** The row with the mark. */
const selected = (name = 'Paths'): string => pane(name).find((row) => row.startsWith('>')) ?? '';
const rows = (name = 'Paths'): string[] =>
  pane(name)
    .slice(1)
    .filter((row) => row.trim() !== '');
const isFocused = (name: string): boolean =>
  '┏╔'.includes(pty.cell(paneBox(pty, name).left, paneBox(pty, name).top).text);

/** Presses keys and waits until the screen is as they should make it. */
async function pressing(keys: readonly string[], shows: () => boolean): Promise<void> {
  pty.press(...keys);
  await pty.waitFor(() => shows());
}

describe('panes', () => {
  it.each([
    ['1', 'Traffic'],
    ['2', 'Latency'],
    ['3', 'Status'],
    ['5', 'Workers'],
    ['6', 'Alerts'],
    ['7', 'Events'],
    ['8', 'System'],
    ['9', 'Clients'],
    ['0', 'Slow'],
    ['4', 'Paths'],
  ])('%s focuses %s', async (key, name) => {
    await pressing([key], () => isFocused(name));
  });

  it('Tab goes to the next pane and Shift-Tab to the one before', async () => {
    await pressing(['4'], () => isFocused('Paths'));
    await pressing(['Tab'], () => isFocused('Workers'));
    await pressing(['Shift-Tab'], () => isFocused('Paths'));
  });

  it('z zooms and comes back', async () => {
    await pressing(['z'], () => !hasPane(pty, 'Workers') && paneBox(pty, 'Paths').right === 159);
    await pressing(['z'], () => hasPane(pty, 'Workers'));
  });
});

describe('rows', () => {
  const down = ['Down', '\x1bOB', 'j'];
  const up = ['Up', '\x1bOA', 'k'];
  it.each(down.map((key, index) => [JSON.stringify(key), key, up[index] ?? '']))(
    '%s goes down, its other goes up',
    async (_, key, back) => {
      await pressing(['Home'], () => selected() === rows()[0]);
      await pressing([key], () => selected() === rows()[1]);
      await pressing([back], () => selected() === rows()[0]);
    },
  );

  it.each([
    ['PgDn', 'PgUp'],
    ['Ctrl-D', 'Ctrl-U'],
  ])('%s and %s go a page', async (next, previous) => {
    await pressing(['Home'], () => selected() === rows()[0]);
    const first = selected();
    await pressing([next], () => selected() !== first && selected() !== rows()[1]);
    await pressing([previous], () => selected() === first);
  });

  it.each([
    ['G', 'g'],
    ['End', 'Home'],
  ])('%s and %s go to the ends', async (end, start) => {
    const first = rows()[0];
    await pressing([end], () => selected() === rows().at(-1));
    await pressing([start], () => selected() === first);
  });

  it('follow their item when the order changes', async () => {
    await pressing(['g', 'j'], () => selected() === rows()[1]);
    const path = /(GET|POST|PUT|HEAD) \S+/.exec(selected())?.[0] ?? 'none';
    await pressing(['r'], () => selected() !== rows()[1]);
    expect(selected()).toContain(path);
    await pressing(['r', 'g'], () => selected() === rows()[0]);
  });
});

describe('help', () => {
  it.each([
    ['?', 'q'],
    ['F1', 'Esc'],
    ['?', '?'],
  ])('%s opens it for the focused pane, %s closes it', async (open, close) => {
    await pressing([open], () => pty.text().includes('Help: 4 Paths'));
    expect(pty.text()).toContain('share of all worker time');
    await pressing([close], () => !pty.text().includes('Help: 4 Paths'));
  });

  it('names every command', async () => {
    pty.press('?');
    await pty.waitFor('Help: 4 Paths');
    const seen = new Set<string>();
    const isAtEnd = () => pty.text().includes('back to the shell; fg returns');
    const shown = () => COMMANDS.map(({ title }) => title).filter((title) => pty.text().includes(title.slice(0, 40)));
    for (;;) {
      const before = shown();
      for (const title of before) seen.add(title);
      if (isAtEnd()) break;
      await pressing(['PgDn'], () => shown().join() !== before.join());
    }
    expect(COMMANDS.filter(({ title }) => !seen.has(title))).toEqual([]);
    await pressing(['Esc'], () => !pty.text().includes('Help: 4 Paths'));
  });
});

describe('the row opened', () => {
  const OPENS = [
    ['4', 'Paths', /Paths › (GET|POST|PUT|HEAD) \//],
    ['5', 'Workers', /Workers › .*\d+/],
    ['7', 'Events', /Events › /],
    ['9', 'Clients', /Clients › .*127\.0\.0\.1/],
    ['0', 'Slow', /Slow › (GET|POST|PUT|HEAD) \//],
  ] as const;
  it.each(OPENS)('Enter on %s (%s) opens it, Esc comes back', async (key, name, crumb) => {
    await pressing([key], () => isFocused(name));
    await pressing(['Enter'], () => crumb.test(pty.text()));
    await pty.waitFor(() => !pty.text().includes('looking …'));
    expect(hasPane(pty, 'Traffic')).toBe(false);
    await pressing(['Esc'], () => hasPane(pty, 'Traffic') && isFocused(name));
  });

  it('shows the figures of the path alone', async () => {
    await pressing(['4', 'g'], () => selected() === rows()[0]);
    const count = (pty.text().match(/GET \/burn\/\{id\}/g) ?? []).length;
    expect(count).toBeGreaterThan(0);
    while (!selected().includes('GET /burn/{id}')) {
      const before = selected();
      await pressing(['j'], () => selected() !== before);
    }
    const sent = plannedTraffic(300).filter(({ method, path }) => method === 'GET' && path.startsWith('/burn/')).length;
    await pressing(
      ['Enter'],
      () => new RegExp(`\\b${sent}\\b`).test(pty.text()) && pty.text().includes('› GET /burn/{id}'),
    );
    await pressing(['Esc'], () => hasPane(pty, 'Traffic'));
  });
});

describe('sorting', () => {
  it('s picks the column, Enter takes it', async () => {
    await pressing(['4', 's'], () => pty.text().includes('Sort by'));
    await pressing(['j', 'Enter'], () => !pty.text().includes('Sort by') && /Paths sorted by/.test(pty.text()));
  });

  it.each([
    ['P', 'Workers sorted by CPU'],
    ['M', 'Workers sorted by PSS'],
    ['C', 'Paths sorted by COUNT'],
    ['E', 'Paths sorted by ERR%'],
    ['L', 'Paths sorted by P95'],
    ['T', 'Paths sorted by TIME%'],
  ])('%s: %s', async (key, says) => {
    await pressing([key], () => pty.text().includes(says));
  });

  it('r turns it round', async () => {
    const before = rows()[0];
    await pressing(['r'], () => rows()[0] !== before);
    await pressing(['r'], () => rows()[0] === before);
  });
});

describe('time', () => {
  it('w and W walk through the windows', async () => {
    await pressing(['w'], () => pty.text().includes('window 10s'));
    await pressing(['w'], () => pty.text().includes('window 1m'));
    await pressing(['W'], () => pty.text().includes('window 10s'));
    await pressing(['W'], () => pty.text().includes('window all'));
  });

  it('Space pauses, and comes back to live', async () => {
    await pressing(['Space'], () => /PAUSED 00:0\d/.test(pty.text()));
    await pressing(['Space'], () => pty.text().includes('LIVE'));
  });

  it.each([
    ['[', ']'],
    ['{', '}'],
  ])('%s goes back in time, %s on again, Space to live', async (back, on) => {
    await pressing([back], () => /PAST \d\d:\d\d:\d\d \(−\d\d:\d\d\)/.test(pty.text()));
    // Time has gone on meanwhile.
    await pressing([on, on], () => pty.text().includes('LIVE'));
    await pressing([back], () => pty.text().includes('PAST'));
    await pressing(['Space'], () => pty.text().includes('LIVE'));
  });

  it('+ and - change the refresh', async () => {
    await pressing(['-'], () => pty.text().includes('refresh every 2 s'));
    await pressing(['+'], () => pty.text().includes('refresh every 1 s'));
  });
});

describe('what leaves the screen', () => {
  it('e writes a snapshot', async () => {
    pty.press('e');
    await pty.waitFor(/written to .*gtop-app/);
    expect(exportedSnapshots(cwd).length).toBeGreaterThan(0);
  });

  it('y copies the selected row by the terminal, and nothing else ever writes an OSC', async () => {
    await pressing(['4', 'g'], () => selected() === rows()[0]);
    const osc = () =>
      pty
        .bytes()
        .toString('latin1')
        .match(/\x1b\][^\x07\x1b]*(\x07|\x1b\\)?/g) ?? [];
    expect(osc()).toEqual([]);
    pty.press('y');
    await pty.waitFor('sent to the clipboard');
    const [copied, ...more] = osc();
    expect(more).toEqual([]);
    const [, text] = /^\x1b\]52;c;([A-Za-z0-9+/=]+)\x1b\\$/.exec(copied ?? '') ?? [];
    const fields = Buffer.from(text ?? '', 'base64')
      .toString()
      .split('\t');
    expect(selected()).toContain(fields.at(-1));
    expect(fields.length).toBeGreaterThan(3);
  });

  it('m masks what tells a person, and back', async () => {
    await pressing(['9'], () => isFocused('Clients') && pane('Clients').join('\n').includes('127.0.0.1'));
    await pressing(['m'], () => pane('Clients').join('\n').includes('127.0.0.0/24') && pty.text().includes('masked'));
    expect(pane('Clients').join('\n')).not.toContain('127.0.0.1');
    await pressing(['m'], () => pane('Clients').join('\n').includes('127.0.0.1'));
  });

  it('← and → switch the lists of clients', async () => {
    await pressing(['9', 'Right'], () => pane('Clients').join('\n').includes('curl/8.5.0'));
    await pressing(['Left'], () => pane('Clients').join('\n').includes('127.0.0.1'));
    await pressing(['4'], () => isFocused('Paths'));
  });
});

describe('the look of it', () => {
  it('t goes through the themes', async () => {
    for (const name of ['light', 'mono', 'high-contrast', 'default'])
      await pressing(['t'], () => pty.text().includes(`theme ${name}`));
  });

  it('Ctrl-L paints every cell anew', async () => {
    await pty.settled();
    const before = pty.bytes().length;
    pty.press('Ctrl-L');
    await until('a whole screen is written', () => pty.bytes().length - before > 4000);
  });
});

describe('raw lines', () => {
  it('v shows the newest of all logs and follows; Esc closes', async () => {
    await pressing(['v'], () => pty.text().includes('Raw lines') && pty.text().includes('following'));
    await pty.waitFor('HTTP/1.1"');
    await gunicorn.request('/written-just-now');
    await pty.waitFor('/written-just-now');
    await pressing(['k', 'k'], () => pty.text().includes('held, 2 below'));
    const newest = readFileSync(gunicorn.accessLog, 'utf8').trimEnd().split('\n').at(-1) ?? '';
    await pressing(['G'], () => pty.text().includes('following') && pty.text().includes(newest.slice(0, 80)));
    await pressing(['Esc'], () => !pty.text().includes('Raw lines'));
  });
});

describe('actions', () => {
  it('x says how to allow them', async () => {
    await pressing(['x'], () => pty.text().includes('--allow-actions'));
  });
});

describe('keys that mean something elsewhere', () => {
  it.each([
    ['u', 'no key u: / shows one user'],
    ['<', 's picks the column to sort by'],
    ['F5', 'Ctrl-L paints it anew'],
    ['Ins', 'no key Ins: ? lists the keys'],
  ])('%s is told what does that here', async (key, says) => {
    await pressing([key], () => pty.text().includes(says));
  });

  it.each(['F3', 'F4'])('%s begins a filter, as in htop', async (key) => {
    const foot = () => pty.screen().at(-1)?.trim();
    await pressing([key], () => foot() === '/');
    await pressing(['Esc'], () => foot() !== '/');
  });
});

describe('a picture that stands still', () => {
  it('shows the way back to live at the foot', async () => {
    const foot = () => pty.screen().at(-1) ?? '';
    await pressing(['Space'], () => / Space live/.test(foot()));
    await pressing(['Space'], () => / Space pause/.test(foot()));
  });
});

describe('leaving', () => {
  it('Ctrl-Z gives the terminal to the shell, fg comes back', async () => {
    const shell = new Pty(['bash', '--norc', '-i'], { env: { PS1: 'shell> ' } });
    await shell.waitFor('shell>');
    shell.press(`${gtopCommand(watch()).join(' ')}\r`);
    await shell.waitFor('LIVE');
    shell.press('Ctrl-Z');
    await shell.waitFor(/Stopped.*shell>\s*$/s);
    shell.press('fg\r');
    await shell.waitFor(() => shell.inAlternateScreen && hasPane(shell, 'Workers'));
    shell.press('q');
    await shell.waitFor(/shell>\s*$/);
    shell.press('exit\r');
    expect((await shell.exit()).code).toBe(0);
  });

  it.each([
    ['q', 0],
    ['F10', 0],
    [':q\r', 0],
    ['Ctrl-C', 130],
  ])('%j ends with %d', async (key, code) => {
    const other = openGtop(watch(), { cols: 80, rows: 24 });
    await other.waitFor('GET /burn/{id}');
    other.press(key);
    expect((await other.exit()).code).toBe(code);
  });

  it('q closes what lies over the panes first', async () => {
    await pressing(['?'], () => pty.text().includes('Help:'));
    await pressing(['q'], () => !pty.text().includes('Help:'));
    pty.press('q');
    expect((await pty.exit()).code).toBe(0);
  });
});
