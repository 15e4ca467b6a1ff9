/** What a person sees when something is missing, empty, gone or under way: every state says so, and what helps. */
import { appendFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { contentOf, hasPane, paneBox } from '../support/boxes.ts';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { gtopCommand } from '../support/cli.ts';
import { type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { openGtop, Pty, type PtyOptions } from '../support/pty.ts';
import { plannedTraffic, sendTraffic } from '../support/traffic.ts';
import { until } from '../support/wait.ts';

afterEach(cleanUp);

/** `%(t)s` of now, in UTC. */
function stamp(): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/.exec(new Date().toUTCString()) ?? [];
  return `[${day}/${month}/${year}:${time} +0000]`;
}

const DEFAULT_LINE = (path: string) => `10.0.0.1 - - ${stamp()} "GET ${path} HTTP/1.1" 200 12 "-" "curl/8"\n`;
const FULL_LINE = (path: string) => DEFAULT_LINE(path).replace(/\n$/, ' 2500 4711\n');

/** Twenty requests to two paths. */
const twenty = (line: (path: string) => string, name = 'p'): string =>
  Array.from({ length: 20 }, (_, index) => line(`/${name}${index % 2 === 0 ? 'a' : 'b'}`)).join('');

function open(args: readonly string[], options: PtyOptions = {}): Pty {
  return openGtop(['--no-config', ...args], options);
}

/** A log in a folder of its own, and gtop on it alone. */
function openOnLog(content: string | null, args: readonly string[] = []): { pty: Pty; log: string } {
  const log = join(temporaryFolder(), 'access.log');
  if (content !== null) writeFileSync(log, content);
  return { log, pty: open(['--log', log, ...args]) };
}

const pane = (pty: Pty, name: string): string => contentOf(pty, paneBox(pty, name)).join('\n');

/** Waits until a pane holds a text. */
const paneHas = (pty: Pty, name: string, wanted: string | RegExp): Promise<string> =>
  pty.waitFor(() => hasPane(pty, name) && new RegExp(wanted).test(pane(pty, name)));

describe('a log', () => {
  it('that is empty', async () => {
    const { pty } = openOnLog('');
    await paneHas(pty, 'Traffic', 'no line read from access.log yet');
    expect(pane(pty, 'Paths')).toContain('no request in the window');
    expect(pane(pty, 'Latency')).toContain('no request in the window');
  });

  it('in the default format: the line that gives durations is there to be copied, as a whole', async () => {
    const { pty } = openOnLog(twenty(DEFAULT_LINE));
    await paneHas(pty, 'Latency', 'The access log has no durations');
    pty.press('2', 'z');
    await pty.waitFor(`--access-logformat '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(D)s %(p)s'`);
    pty.press('z', '0');
    await paneHas(pty, 'Slow', 'no durations in the access log');
  });

  it('in JSON', async () => {
    const line = (path: string) =>
      `${JSON.stringify({ time: new Date().toISOString(), method: 'GET', path, status: 200, request_time: 2500 })}\n`;
    const { pty } = openOnLog(twenty(line));
    await paneHas(pty, 'Paths', 'GET /pa');
    expect(pane(pty, 'Latency')).toMatch(/p50 +2\.\d+ms/);
  });

  it('that nobody understands', async () => {
    const { pty } = openOnLog('a line of another kind\n'.repeat(30));
    await pty.waitFor(/UNREADABLE FORMAT.*give --log-format/);
    expect(pane(pty, 'Traffic')).toMatch(/access\.log: .*format/);
  });

  it('that comes later', async () => {
    const { pty, log } = openOnLog(null);
    await paneHas(pty, 'Traffic', 'not found: waiting');
    writeFileSync(log, twenty(FULL_LINE));
    await paneHas(pty, 'Paths', 'GET /pa');
    expect(pane(pty, 'Traffic')).not.toContain('waiting');
  });

  it('whose folder comes later', async () => {
    const folder = join(temporaryFolder(), 'later');
    const log = join(folder, 'access.log');
    const pty = open(['--log', log]);
    await paneHas(pty, 'Traffic', 'not found: waiting');
    mkdirSync(folder);
    writeFileSync(log, twenty(FULL_LINE));
    await paneHas(pty, 'Paths', 'GET /pa');
  });

  it('that is rotated, then truncated, then deleted and made again', async () => {
    const { pty, log } = openOnLog(twenty(FULL_LINE, 'first'));
    await paneHas(pty, 'Paths', 'GET /firsta');
    renameSync(log, `${log}.1`);
    writeFileSync(log, twenty(FULL_LINE, 'second'));
    pty.press('4', 'z');
    await pty.waitFor('GET /seconda');
    truncateSync(log, 0);
    appendFileSync(log, twenty(FULL_LINE, 'third'));
    await pty.waitFor('GET /thirda');
    rmSync(log);
    pty.press('z');
    await paneHas(pty, 'Traffic', /access\.log: (deleted|not found)/);
    writeFileSync(log, twenty(FULL_LINE, 'fourth'));
    pty.press('z');
    await pty.waitFor('GET /fourtha');
    expect(pty.text()).toContain('GET /firsta');
  });

  it('that may not be read', async () => {
    const folder = temporaryFolder();
    const log = join(folder, 'access.log');
    writeFileSync(log, '', { mode: 0o600 });
    const pty = open(['--log', log], { asNobody: true });
    await pty.waitFor(/permission denied/);
  });

  it('alone, without a master', async () => {
    const { pty, log } = openOnLog(twenty(FULL_LINE));
    await paneHas(pty, 'Paths', 'GET /pa');
    expect(pty.screen()[0]).toContain(log.slice(0, 40));
    expect(pty.screen()[0]).toContain('no master');
    expect(pane(pty, 'Workers')).toContain('no master watched: use --pid FILE');
  });

  it('that is piped in, with the keys from the terminal', async () => {
    const log = join(temporaryFolder(), 'access.log');
    writeFileSync(log, twenty(FULL_LINE));
    const words = gtopCommand(['--no-config', '--log', '-']).map((word) => `'${word}'`);
    const pty = new Pty(['sh', '-c', `(cat '${log}'; exec sleep 60) | exec ${words.join(' ')}`]);
    await paneHas(pty, 'Paths', 'GET /pa');
    expect(pty.screen()[0]).toContain('standard input');
    expect(pty.screen()[0]).not.toContain(' - ');
    pty.press('q');
    // The shell goes on waiting for the other end of its pipe.
    await until('the screen is given back', () => !pty.inAlternateScreen);
  });
});

describe('a master', () => {
  it('alone, without a log', async () => {
    const gunicorn = await startGunicorn({ extraArgs: ['--access-logfile', '/dev/null'] });
    const pty = open(['--pid', gunicorn.pidFile]);
    await paneHas(pty, 'Workers', String(gunicorn.workers()[0]));
    await pty.waitFor(/no access log|--log/);
    expect(pty.screen()[0]).toContain(String(gunicorn.pid));
  });

  it('that nobody asks anything of', async () => {
    const gunicorn = await startGunicorn();
    truncateSync(gunicorn.accessLog, 0);
    const pty = open(['--pid', gunicorn.pidFile, '--log', gunicorn.accessLog]);
    await paneHas(pty, 'Paths', 'no request in the window');
    await paneHas(pty, 'Traffic', /0\/min · 0B\/s/);
    expect(pane(pty, 'Workers')).toMatch(/idle/);
  });

  it('that is gone, and says so until it is there again', async () => {
    const gunicorn = await startGunicorn();
    const pty = open(['--pid', gunicorn.pidFile, '--log', gunicorn.accessLog]);
    await paneHas(pty, 'Workers', 'idle');
    await gunicorn.stop();
    await pty.waitFor(/master gone/);
    await paneHas(pty, 'Workers', `master ${gunicorn.pid} has stopped in order`);
    expect(pty.screen()[0]).toContain('master gone');
  });

  it('whose pid file is stale', async () => {
    const folder = temporaryFolder();
    const pidFile = join(folder, 'gunicorn.pid');
    // No process has it: pid_max is far below on 64 bits, too (proc(5)).
    writeFileSync(pidFile, '4194303\n');
    writeFileSync(join(folder, 'access.log'), twenty(FULL_LINE));
    const pty = open(['--pid', pidFile, '--log', join(folder, 'access.log')]);
    await pty.waitFor(/4194303|stale|not running|is gone/);
  });

  it('that reloads: old workers finish what they serve beside the new ones', async () => {
    const gunicorn = await startGunicorn({ extraArgs: ['--graceful-timeout', '20'] });
    const pty = open(['--pid', gunicorn.pidFile, '--log', gunicorn.accessLog, '--error-log', gunicorn.errorLog]);
    await paneHas(pty, 'Workers', 'idle');
    const slow = gunicorn.request('/sleep/6').catch(() => null);
    await paneHas(pty, 'Workers', 'busy');
    gunicorn.signal('SIGHUP');
    await paneHas(pty, 'Workers', /of 3 workers are exiting|1 of \d+ workers are exiting/);
    await paneHas(pty, 'Traffic', '▲HUP');
    await slow;
  });

  it('that hands over to another (USR2): both are named', async () => {
    const gunicorn = await startGunicorn();
    const pty = open(['--pid', gunicorn.pidFile, '--log', gunicorn.accessLog, '--error-log', gunicorn.errorLog]);
    await paneHas(pty, 'Workers', 'idle');
    gunicorn.signal('SIGUSR2');
    await paneHas(pty, 'Workers', 'two masters: 2 of 4 workers belong to another one');
    await pty.waitFor(() => /(old|new) master \d+/.test(pty.screen()[0] ?? ''));
  });

  it('of another user: what cannot be read is –, and who may read it is said', async () => {
    const gunicorn = await startGunicorn();
    const pty = open(['--pid', gunicorn.pidFile], { asNobody: true });
    await paneHas(pty, 'Workers', 'permission denied');
    expect(pane(pty, 'Workers')).toContain("run gtop as root or as Gunicorn's user");
    const [pid] = gunicorn.workers();
    expect(
      pane(pty, 'Workers')
        .split('\n')
        .find((line) => line.includes(String(pid))),
    ).toContain('–');
  });
});

describe('a screen', () => {
  const openOnTraffic = async (options: PtyOptions): Promise<{ pty: Pty; gunicorn: RunningGunicorn }> => {
    const gunicorn = await startGunicorn();
    await sendTraffic(gunicorn.endpoint, plannedTraffic(60));
    return { gunicorn, pty: open(['--pid', gunicorn.pidFile, '--log', gunicorn.accessLog], options) };
  };

  it('that is too small says the most in one line, and the verdict below it', async () => {
    const { pty } = await openOnTraffic({ cols: 38, rows: 6 });
    await pty.waitFor(/^[●▲✖–].*\/s/);
    expect(pty.screen()[1]).toMatch(/^[●▲✖–] \S/);
    expect(pty.screen().slice(2).join('')).not.toMatch(/[│┃]/);
    pty.press('q');
    expect((await pty.exit()).code).toBe(0);
  });

  it.each([
    ['TERM=dumb', { TERM: 'dumb' }],
    ['NO_COLOR', { NO_COLOR: '1' }],
  ])('without colours (%s) tells states by words and glyphs', async (_, env) => {
    const { pty } = await openOnTraffic({ env, cols: 120, rows: 32 });
    await paneHas(pty, 'Paths', 'GET /');
    await pty.settled();
    expect(pty.bytes().toString()).not.toMatch(/\x1b\[(?:[\d;]*;)?(?:3[0-7]|4[0-7]|9[0-7]|38|48)(?:;[\d;]*)?m/);
    expect(pty.screen()[1]).toMatch(/[●▲✖–] [A-Z]+/);
  });

  it('whose locale is not UTF-8 gets 7 bits alone', async () => {
    const { pty } = await openOnTraffic({ env: { LANG: 'C', LC_ALL: 'C', LC_CTYPE: 'C' }, cols: 160, rows: 45 });
    await pty.waitFor('GET /');
    await pty.settled();
    for (const pane of ['2', '3', '4', '5', '6', '7', '8', '9', '0']) {
      pty.press(pane, 'z');
      await pty.settled();
      pty.press('z');
    }
    await pty.settled();
    expect(pty.bytes().toString('latin1')).not.toMatch(/[\x80-\xff]/);
  });
});
