/** The filter line and the command line, typed on the real program. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentOf, hasPane, paneBox } from '../support/boxes.ts';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { openGtop, type Pty } from '../support/pty.ts';
import { closeWhatFailedTestsLeave } from '../support/second-try.ts';
import { exportedSnapshots } from '../support/snapshot.ts';
import { plannedTraffic, sendTraffic } from '../support/traffic.ts';
import { until } from '../support/wait.ts';

const PLAN = plannedTraffic(300);
const SENT = PLAN.filter(({ method }) => method === 'POST').length;

let gunicorn: RunningGunicorn;
let pty: Pty;
const cwd = temporaryFolder();

const watch = () => [
  ...['--no-config', '--from-start', '--window', 'all', '--tz', 'utc', '--log', gunicorn.accessLog],
  ...['--pid', gunicorn.pidFile, '--error-log', gunicorn.errorLog],
];

beforeAll(async () => {
  gunicorn = await startGunicorn({ workers: 2 });
  await sendTraffic(gunicorn.endpoint, PLAN);
  pty = openGtop(watch(), { cwd });
  await pty.waitFor('GET /burn/{id}');
  await pty.settled();
});
afterAll(cleanUp);
closeWhatFailedTestsLeave(() => pty);

const header = () => pty.screen()[0] ?? '';
const foot = () => pty.screen().at(-1) ?? '';
const advice = () => pty.screen().at(-2) ?? '';
const traffic = () => contentOf(pty, paneBox(pty, 'Traffic')).join('\n');

async function pressing(keys: readonly string[], shows: () => boolean): Promise<void> {
  pty.press(...keys);
  await pty.waitFor(() => shows());
}

/** No filter, nothing open. */
async function reset(): Promise<void> {
  await pressing(['Esc'], () => header().includes('LIVE'));
  await pressing(['/', 'Enter'], () => !header().includes('/status') && !header().includes('/method'));
}

describe('/', () => {
  it('filters every pane and says so in the header; Esc takes the filter away', async () => {
    await pressing(['/'], () => foot().startsWith(' /'));
    await pressing(['method=POST'], () => foot().startsWith(' /method=POST'));
    await pressing(['Enter'], () => header().includes('/method=POST') && traffic().includes(`${SENT} since `));
    expect(contentOf(pty, paneBox(pty, 'Paths')).join('\n')).not.toContain('GET /');
    await pressing(['Esc'], () => !header().includes('/method') && traffic().includes('301 since start'));
  });

  it('says what is wrong, with its column, while it is typed; Enter does not take it', async () => {
    await pressing(['/', 'status>=abc'], () => /column 9: 'abc'/.test(advice()));
    await pressing(['Enter'], () => /✖ column 9: 'abc'/.test(advice()));
    await pressing(['Ctrl-U', 'status=404'], () => !/column/.test(advice()));
    await pressing(['Enter'], () => header().includes('/status=404'));
    await reset();
  });

  it('completes with Tab: the names of fields, operators, values', async () => {
    await pressing(['/', 'sta', 'Tab'], () => foot().startsWith(' /status'));
    await pressing(['Tab'], () => foot().startsWith(' /status='));
    await pressing(['Shift-Tab'], () => foot().startsWith(' /status!~*') || foot().startsWith(' /status~*'));
    await pressing(['Ctrl-U', 'status=', 'Tab'], () => foot().startsWith(' /status=2xx'));
    await pressing(['Tab', 'Tab', 'Tab'], () => foot().startsWith(' /status=5xx'));
    await pressing(['Esc'], () => foot().includes('help'));
  });

  it('takes a paste as text, whatever it holds', async () => {
    await pressing(['/'], () => foot().startsWith(' /'));
    pty.press('\x1b[200~method=PUT\rq\x1b[201~');
    await pty.waitFor(() => foot().startsWith(' /method=PUT q'));
    await pressing(['Esc'], () => foot().includes('help'));
    expect(header()).toContain('LIVE');
  });

  it('a paste without a line that is open does nothing', async () => {
    const isSelected = (row: number) => contentOf(pty, paneBox(pty, 'Paths'))[row]?.startsWith('>') === true;
    await pressing(['4', 'g'], () => isSelected(1));
    pty.press('\x1b[200~q w z\x1b[201~');
    await pressing(['j'], () => isSelected(2));
    expect(hasPane(pty, 'Workers')).toBe(true);
    expect(header()).toContain('window all');
  });

  it('brings back with ↑ what was typed before, and takes what was typed in one piece', async () => {
    await pressing(['/method=PUT\r'], () => header().includes('/method=PUT'));
    await pressing(['/', 'Up'], () => foot().startsWith(' /method=PUT'));
    await pressing(['Up'], () => foot().startsWith(' /status=404'));
    await pressing(['Esc'], () => foot().includes('help'));
    await reset();
  });

  it('is edited as in a shell', async () => {
    await pressing(['/', 'abcdef'], () => foot().startsWith(' /abcdef'));
    await pressing(['Left', 'Left', 'Backspace'], () => foot().startsWith(' /abcef'));
    await pressing(['Home', '\x1b[3~'], () => foot().startsWith(' /bcef'));
    await pressing(['End', 'Backspace'], () => foot().startsWith(' /bce '));
    await pressing(['Ctrl-U', 'Backspace'], () => foot().includes('help'));
  });

  it('undoes one thing at a time with Esc: detail, then filter', async () => {
    await pressing(['/method=POST\r'], () => traffic().includes(`${SENT} since `));
    await pressing(['4', 'g', 'Enter'], () => /Paths › POST/.test(pty.text()));
    await pressing(['Esc'], () => hasPane(pty, 'Traffic') && header().includes('/method=POST'));
    await pressing(['Esc'], () => !header().includes('/method=POST'));
  });
});

it('-F sets the first filter', async () => {
  const other = openGtop([...watch(), '-F', 'method=POST'], { cols: 120, rows: 30 });
  await other.waitFor('/method=POST');
  await other.waitFor('POST /');
  expect(contentOf(other, paneBox(other, 'Paths')).join('\n')).not.toContain('GET /');
  other.press('q');
  expect((await other.exit()).code).toBe(0);
});

it('filters at 80x24 and in one line', async () => {
  const other = openGtop(watch(), { cols: 80, rows: 24 });
  await other.waitFor('GET /burn/{id}');
  other.press('/method=POST\r');
  await other.waitFor(/\/method=POST/);
  await other.waitFor((screen) => !/GET \/burn/.test(screen));
  other.resize(30, 3);
  other.press('/status');
  await other.waitFor('/status');
  other.press('Esc', 'q');
  expect((await other.exit()).code).toBe(0);
});

describe(':', () => {
  const command = (line: string) => [`:${line}\r`];
  it.each([
    ['window 5m', () => header().includes('window 5m')],
    ['window all', () => header().includes('window all')],
    ['theme mono', () => foot().includes('theme mono')],
    ['theme default', () => foot().includes('theme default')],
    ['delay 2s', () => foot().includes('refresh every 2 s')],
    ['delay 1s', () => foot().includes('refresh every 1 s')],
    ['pane workers', () => paneBox(pty, 'Workers') && pty.text().includes('>5 Workers')],
    ['zoom', () => !hasPane(pty, 'Paths')],
    ['zoom', () => hasPane(pty, 'Paths')],
    ['mask', () => header().includes('masked')],
    ['mask', () => !header().includes('masked')],
    ['filter method=PUT', () => header().includes('/method=PUT')],
    ['back', () => !header().includes('/method=PUT')],
    ['goto -1s', () => header().includes('PAST')],
    ['pause', () => header().includes('LIVE')],
    ['help', () => pty.text().includes('Help: 5 Workers')],
    ['back', () => !pty.text().includes('Help:')],
    ['sort cpu', () => foot().includes('Workers sorted by CPU%')],
    ['lines', () => pty.text().includes('Raw lines')],
    ['back', () => !pty.text().includes('Raw lines')],
  ] as const)('%s', async (line, shows) => {
    await pressing(command(line), () => Boolean(shows()));
  });

  it('export writes a snapshot', async () => {
    pty.press(...command('export'));
    await until('a snapshot is written', () => exportedSnapshots(cwd).length > 0);
  });

  it('completes names and values, and says what is wrong', async () => {
    await pressing([':', 'wi', 'Tab'], () => foot().startsWith(' :window'));
    await pressing(['Esc', ':', 'theme h', 'Tab'], () => foot().startsWith(' :theme high-contrast'));
    await pressing(['Ctrl-U', 'nonsense', 'Enter'], () => advice().includes("no command 'nonsense'"));
    await pressing(['Ctrl-U', 'goto', 'Enter'], () => advice().includes('goto needs TIME'));
    await pressing(['Ctrl-U', 'filter status>>5', 'Enter'], () => /✖ column 1\d: /.test(advice()));
    await pressing(['Esc'], () => foot().includes('help'));
  });

  it('quit ends the program, whatever lies over the panes', async () => {
    await pressing(['?'], () => pty.text().includes('Help:'));
    pty.press(...command('quit'));
    expect((await pty.exit()).code).toBe(0);
  });
});
