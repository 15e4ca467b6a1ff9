import { execFile, execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, onCleanup, temporaryFolder } from '../support/cleanup.ts';
import { gtopCommand, runGtop } from '../support/cli.ts';
import { FULL_FORMAT, type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { sendRaw } from '../support/http.ts';
import { RunningStream } from '../support/stream.ts';
import { countBy } from '../support/traffic.ts';
import { until } from '../support/wait.ts';

const run = promisify(execFile);
const WRITER = fileURLToPath(new URL('../fixtures/apps/log_writer.py', import.meta.url));
const SECONDS = 1_000;

afterEach(cleanUp);

const line = (path: string, more = '') =>
  `127.0.0.1 - - [21/Nov/2026:02:04:13 +0000] "GET ${path} HTTP/1.1" 200 12 "-" "curl/8.5"${more}\n`;

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
/** `2026-11-21` → `21/Nov/2026`. */
const clfDate = (date: string): string => {
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}`;
};

/** The lines of a log and of all its generations, compressed ones too. */
function linesOf(log: string): string[] {
  const folder = join(log, '..');
  const name = log.slice(folder.length + 1);
  return readdirSync(folder)
    .filter((file) => file.startsWith(name))
    .flatMap((file) => {
      const bytes = readFileSync(join(folder, file));
      const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
      return text.split('\n').filter((each) => each !== '');
    });
}

/** Compares as multisets; says what is lost and what is too much instead of printing 40,000 lines. */
function difference(streamed: readonly string[], written: readonly string[]) {
  const counts = new Map<string, number>();
  for (const each of written) counts.set(each, (counts.get(each) ?? 0) + 1);
  for (const each of streamed) counts.set(each, (counts.get(each) ?? 0) - 1);
  const picked = (isPicked: (count: number) => boolean) => {
    const lines = [...counts].filter(([, count]) => isPicked(count)).map(([each]) => each);
    return { count: lines.length, lines: lines.slice(0, 3) };
  };
  return { lost: picked((count) => count > 0), tooMuch: picked((count) => count < 0) };
}

const NONE = { count: 0, lines: [] };
const NO_DIFFERENCE = { lost: NONE, tooMuch: NONE };

/** wrk over kept-alive connections; no two requests have the same path. */
async function load(gunicorn: RunningGunicorn, seconds: number): Promise<void> {
  const script = join(temporaryFolder(), 'unique.lua');
  writeFileSync(
    script,
    `local threads = 0
     function setup(thread) thread:set("id", threads); threads = threads + 1 end
     local n = 0
     function request() n = n + 1; return wrk.format("GET", "/n/" .. id .. "-" .. n) end`,
  );
  const { endpoint } = gunicorn;
  const url = 'port' in endpoint ? `http://${endpoint.host}:${endpoint.port}/` : '';
  await run('wrk', ['-t2', '-c16', `-d${seconds}s`, '-s', script, url]);
}

/** A logrotate that is run by hand. @param directives its own way of rotating. */
function logrotate(log: string, directives: readonly string[]): () => Promise<unknown> {
  const folder = temporaryFolder();
  const config = join(folder, 'logrotate.conf');
  writeFileSync(config, `${log} {\n  rotate 9\n  missingok\n${directives.map((each) => `  ${each}\n`).join('')}}\n`);
  return () => run('logrotate', ['--force', '--state', join(folder, 'state'), config], { env: withSbin() });
}

const withSbin = () => ({ ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` });

describe('a real Gunicorn under load, rotated four times by logrotate', () => {
  it.each([
    ['create, USR1 0.3 s late, compressed at the next rotation', 'late', ['create', 'compress', 'delaycompress'], 0.3],
    ['create, USR1 5 s late', 'later', ['create'], 5],
    ['create, USR1 at once, dated names', 'dated', ['create', 'dateext', 'dateformat -%Y%m%d-%s'], 0],
    ['copytruncate', 'copied', ['copytruncate'], null],
  ] as const)('%s', async (_, name, directives, usr1DelaySeconds) => {
    const gunicorn = await startGunicorn({ workerClass: 'gthread', workers: 2, threads: 8 });
    const stream = new RunningStream(['--raw', '--from-start', '--log', gunicorn.accessLog]);
    await until('gtop reads', () => stream.lines.length > 0);
    const notify =
      usr1DelaySeconds === null
        ? []
        : ['postrotate', `sleep ${usr1DelaySeconds}; kill -USR1 $(cat ${gunicorn.pidFile})`, 'endscript'];
    const rotate = logrotate(gunicorn.accessLog, [...directives, ...notify]);
    const traffic = load(gunicorn, Math.ceil(6 + 4 * (usr1DelaySeconds ?? 0)));
    for (let rotation = 0; rotation < 4; rotation++) {
      await sleep(1.1 * SECONDS);
      await rotate();
    }
    await traffic;
    await gunicorn.stop();
    expect(await stream.end()).toBe(143);

    const written = linesOf(gunicorn.accessLog);
    const streamed = stream.raw;
    const { lost, tooMuch } = difference(streamed, written);
    expect(lost).toEqual(NONE);
    // copytruncate itself loses lines that gtop may have seen; no file has them.
    if (name !== 'copied') expect(tooMuch).toEqual(NONE);
    const repeated = Object.values(countBy(streamed, (each) => each)).filter((count) => count > 1);
    expect(repeated).toEqual([]);
    expect(written.length).toBeGreaterThan(2_000);
    // A cut may fall into a line that was half read: one a rotation at most, and never anything but a piece of a line.
    const cut = stream.objects.filter(({ kind }) => kind !== 'access');
    expect(cut.length).toBeLessThanOrEqual(name === 'copied' ? 4 : 0);
    const isPiece = ({ kind, line }: Record<string, unknown>) =>
      kind === 'rejected' && /^127\.0\.0\.1 - - \[|<\d+>$/.test(String(line));
    expect(cut.filter((each) => !isPiece(each))).toEqual([]);
  });
});

describe('a writer of 6,000 lines a second, rotated four times', () => {
  const LINES = 30_000;

  /** Writes all lines; USR1 comes 0.3 s after each renaming. @param atRotation happens after each. */
  async function writeAndRotate(log: string, atRotation: (rotation: number) => void | Promise<void>): Promise<void> {
    const writer = spawn('python3', [WRITER, log, String(LINES), '6000'], { stdio: 'inherit' });
    onCleanup(() => void writer.kill('SIGKILL'));
    const ended = new Promise((resolve) => writer.once('exit', resolve));
    const rotate = logrotate(log, ['create', 'postrotate', `sleep 0.3; kill -USR1 ${writer.pid}`, 'endscript']);
    for (let rotation = 1; rotation <= 4; rotation++) {
      await sleep(0.7 * SECONDS);
      await rotate();
      await atRotation(rotation);
    }
    await ended;
  }

  it('every line exactly once', async () => {
    const log = join(temporaryFolder(), 'access.log');
    const stream = new RunningStream(['--raw', '--log', log]);
    await until('gtop waits for the log', () => stream.stderr.includes('waiting'));
    await writeAndRotate(log, () => {});
    expect(await stream.end()).toBe(143);
    expect(difference(stream.raw, linesOf(log))).toEqual(NO_DIFFERENCE);
    expect(stream.raw).toHaveLength(LINES);
  });

  it('exactly once, too, over four runs that SIGTERM ends, one of them rotated while gtop is down', async () => {
    const log = join(temporaryFolder(), 'access.log');
    const state = join(temporaryFolder(), 'gtop.state');
    const args = ['--raw', '--state', state, '--log', log];
    const runs = [new RunningStream(args)];
    await until('gtop waits for the log', () => runs[0].stderr.includes('waiting'));
    let isDown = false;
    await writeAndRotate(log, async () => {
      // Down over every second rotation.
      const run = runs[runs.length - 1];
      if (isDown) runs.push(new RunningStream(args));
      else {
        await until('it reads', () => run.raw.length > 0);
        expect(await run.end()).toBe(143);
      }
      isDown = !isDown;
    });
    expect(isDown).toBe(false);
    const latest = runs[runs.length - 1];
    await until('it has caught up', () => latest.raw.some((each) => each.includes(`/n/${LINES - 1} `)), 20_000);
    expect(await latest.end()).toBe(143);
    const streamed = runs.flatMap(({ raw }) => raw);
    expect(difference(streamed, linesOf(log))).toEqual(NO_DIFFERENCE);
    expect(runs.length).toBe(3);
  });

  it('at least once after SIGKILL: what the last second brought may come again', async () => {
    const log = join(temporaryFolder(), 'access.log');
    const state = join(temporaryFolder(), 'gtop.state');
    const args = ['--raw', '--state', state, '--log', log];
    const runs = [new RunningStream(args)];
    await until('gtop waits for the log', () => runs[0].stderr.includes('waiting'));
    await writeAndRotate(log, async (rotation) => {
      if (rotation % 2 === 1) return;
      await runs.at(-1)?.end('SIGKILL');
      runs.push(new RunningStream(args));
    });
    const latest = runs[runs.length - 1];
    await until('it has caught up', () => latest.raw.some((each) => each.includes(`/n/${LINES - 1} `)), 20_000);
    await latest.end();
    // What a killed run had written in part is no line.
    expect(
      difference(
        runs.flatMap(({ raw }) => raw),
        linesOf(log),
      ).lost,
    ).toEqual(NONE);
  });
});

describe('what it prints', () => {
  const ACCESS_FIELDS = [
    ...['kind', 'at', 'method', 'target', 'path', 'query', 'protocol', 'status', 'bytes', 'seconds', 'address'],
    ...['user', 'referrer', 'userAgent', 'worker', 'excluded', 'source'],
  ];

  it('of a real Gunicorn: access and error log, hostile requests escaped, no line unaccounted for', async () => {
    const gunicorn = await startGunicorn({ workers: 1 });
    const { accessLog, errorLog } = gunicorn;
    await gunicorn.request('/search?q=a%20b&x=1', { headers: { 'user-agent': 'say "hi"', referer: 'http://here/' } });
    await gunicorn.request('/raise');
    await sendRaw(gunicorn.endpoint, Buffer.from('GET /\x1b]0;owned\x07\x9b31m HTTP/1.0\r\n\r\n', 'latin1'));
    await gunicorn.stop();
    const args = ['--from-start', '--log', accessLog, '--error-log', errorLog, '--log-format', FULL_FORMAT];
    const stream = new RunningStream(args);
    await until('the shutdown is told', () => stream.lines.some((each) => each.includes('Shutting down')));
    expect(await stream.end('SIGINT')).toBe(130);

    const access = stream.objects.filter(({ kind }) => kind === 'access');
    const errors = stream.objects.filter(({ kind }) => kind === 'error');
    expect(access.length + errors.length).toBe(stream.lines.length);
    for (const each of access) expect(Object.keys(each)).toEqual(ACCESS_FIELDS);
    expect(access).toHaveLength(linesOf(accessLog).length);
    const search = access.find(({ path }) => path === '/search');
    expect(search).toMatchObject({
      method: 'GET',
      target: '/search?q=a%20b&x=1',
      query: 'q=a%20b&x=1',
      protocol: 'HTTP/1.1',
      status: 200,
      address: '127.0.0.1',
      user: null,
      referrer: 'http://here/',
      userAgent: 'say "hi"',
      excluded: false,
      source: accessLog,
    });
    expect(search?.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(search?.seconds).toBeGreaterThan(0);
    expect(errors.map(({ event }) => (event as { kind: string } | null)?.kind)).toEqual(
      expect.arrayContaining(['master-start', 'worker-boot']),
    );
    const raised = errors.find(({ traceback }) => String(traceback).includes('RuntimeError: raised on request'));
    expect(Object.keys(raised ?? {})).toEqual([
      'kind',
      'at',
      'pid',
      'level',
      'message',
      'event',
      'traceback',
      'source',
    ]);
    expect(raised).toMatchObject({ level: 'error', source: errorLog });
    // One byte of a control character outside an escape, and a terminal would act on it.
    expect(stream.bytes.toString()).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f]/);
    expect(access.some(({ target }) => String(target).includes('\x1b]0;owned\x07'))).toBe(true);
  });

  it('to jq, by the Elastic Common Schema', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'access.log'), line('/a?b=c', ' 1500 <77>'));
    const [program, ...args] = gtopCommand(['stream', '--format', 'ecs', '--log', '-']);
    const filter = '[."@timestamp", .event.duration, .http.response.status_code, .url.query, .client.ip, .process.pid]';
    const command = `"$@" < access.log | jq -c '${filter}'`;
    const printed = execFileSync('sh', ['-c', command, 'sh', program, ...args], { cwd: folder, encoding: 'utf8' });
    expect(JSON.parse(printed)).toEqual(['2026-11-21T02:04:13.000Z', 1_500_000, 200, 'b=c', '127.0.0.1', 77]);
  });

  it('of standard input, to its end: lines, entries of an error log among them, and what is neither', async () => {
    const input = Buffer.concat([
      Buffer.from(`rubbish\n${line('/first')}[2026-11-21 02:04:13 +0000] [7] [INFO] Booting worker with pid: 7\n`),
      Buffer.from(line('/\xff\xfe'), 'latin1'),
      Buffer.from(line('/unfinished').trimEnd()),
    ]);
    const { code, stdout, stderr } = await runGtop(['stream', '--log', '-'], { input });
    const objects = stdout
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each));
    expect(objects.map(({ kind, path, message, line: raw }) => [kind, path ?? message ?? raw])).toEqual(
      expect.arrayContaining([
        ['rejected', 'rubbish'],
        ['access', '/first'],
        ['error', 'Booting worker with pid: 7'],
        ['access', '/\ufffd\ufffd'],
        ['access', '/unfinished'],
      ]),
    );
    expect(objects).toHaveLength(5);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

it('an application log: plain lines with their traceback, JSON lines, each kind told apart by itself', async () => {
  const traceback = 'Traceback (most recent call last):\n  File "/app/shop.py", line 7, in add\nKeyError: 7';
  const input = `2026-11-21 02:04:13,299 ERROR shop.cart failed\n${traceback}\n{"level":"info","event":"added","sku":7}\n`;
  const { code, stdout } = await runGtop(['stream', '--app-log', '-'], { input, env: { TZ: 'UTC' } });
  const objects = stdout
    .trimEnd()
    .split('\n')
    .map((each) => JSON.parse(each));
  const source = '-';
  expect(objects).toEqual([
    {
      ...{ kind: 'app', at: '2026-11-21T02:04:13.299Z', level: 'error', logger: 'shop.cart', message: 'failed' },
      ...{ fields: { traceback }, source },
    },
    { kind: 'app', at: null, level: 'info', logger: null, message: 'added', fields: { sku: 7 }, source },
  ]);
  expect(code).toBe(0);
});

describe('where it begins, and when it ends', () => {
  it('at the end of a log that is there, at the beginning of one that comes; one line says that it waits', async () => {
    const folder = temporaryFolder();
    const [there, later] = [join(folder, 'there.log'), join(folder, 'later.log')];
    writeFileSync(there, line('/old'));
    const stream = new RunningStream(['--log', there, '--log', later]);
    await until('gtop waits', () => stream.stderr.includes('later.log: not found: waiting'));
    appendFileSync(there, line('/new'));
    writeFileSync(later, line('/first'));
    await until('both lines', () => stream.lines.length === 2);
    expect(await stream.end()).toBe(143);
    expect(stream.objects.map(({ path }) => path).sort()).toEqual(['/first', '/new']);
    expect(stream.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('--since: with what its generations hold of that time, compressed ones too, in their order', async () => {
    const folder = temporaryFolder();
    const [log, state] = [join(folder, 'access.log'), join(folder, 'state')];
    const stampedAgo = (minutes: number): string => {
      const [date, time] = new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 19).split('T');
      return line(`/${minutes}`).replace('21/Nov/2026:02:04:13', `${clfDate(date)}:${time}`);
    };
    const text = (...minutes: number[]): string => minutes.map(stampedAgo).join('');
    writeFileSync(`${log}.2.gz`, gzipSync(text(90, 80, 50, 40)));
    writeFileSync(`${log}.1`, text(30, 20));
    writeFileSync(log, text(10, 5));
    utimesSync(`${log}.2.gz`, new Date(Date.now() - 3e6), new Date(Date.now() - 3e6));
    utimesSync(`${log}.1`, new Date(Date.now() - 1.2e6), new Date(Date.now() - 1.2e6));
    const stream = new RunningStream(['--since', '1h', '--state', state, '--log', log]);
    await until('all lines of the hour', () => stream.lines.length === 6);
    appendFileSync(log, line('/new'));
    await until('the new one', () => stream.lines.length === 7);
    expect(await stream.end()).toBe(143);
    const pathsOf = ({ objects }: RunningStream) => objects.map(({ path }) => path);
    expect(pathsOf(stream)).toEqual(['/50', '/40', '/30', '/20', '/10', '/5', '/new']);

    appendFileSync(log, line('/later'));
    const next = new RunningStream(['--since', '1h', '--state', state, '--log', log]);
    await until('what came since', () => next.lines.length === 1);
    await next.end();
    expect(pathsOf(next)).toEqual(['/later']);
  });

  it('a pattern: logs that come later are read from their first byte, what rotation makes of them is not', async () => {
    const folder = temporaryFolder();
    const at = (name: string): string => join(folder, name);
    writeFileSync(at('app.log'), '');
    const stream = new RunningStream([
      ...['--log', at('site*.log'), '--log', at('other*.log'), '--app-log', at('app*.log')],
    ]);
    await until('gtop waits', () => stream.stderr.includes('site*.log: not found: waiting'));
    writeFileSync(at('site-1.log'), line('/1'));
    writeFileSync(at('other.log'), line('/other'));
    appendFileSync(at('app.log'), 'INFO:app:hello\n');
    await until('three lines', () => stream.lines.length === 3);
    // dateext with `extension .log`: matches the pattern as well.
    renameSync(at('site-1.log'), at('site-1-20261121.log'));
    copyFileSync(at('other.log'), at('other-20261121.log'));
    truncateSync(at('other.log'), 0);
    writeFileSync(at('site-1.log'), line('/2'));
    writeFileSync(at('site-2.log'), line('/3'));
    await until('five lines', () => stream.lines.length === 5);
    await sleep(1.5 * SECONDS);
    await stream.end();
    const found = stream.objects.map(({ kind, path, message }) => String(kind === 'app' ? message : path));
    expect(found.sort()).toEqual(['/1', '/2', '/3', '/other', 'hello']);
  });

  it('a log and the name that rotation gives it: every line once, and nothing seems amiss', async () => {
    const folder = temporaryFolder();
    const [log, past] = [join(folder, 'access.log'), join(folder, 'access.log.1')];
    writeFileSync(log, line('/1'));
    writeFileSync(past, line('/0'));
    const stream = new RunningStream(['--from-start', '--log', log, '--log', past]);
    await until('both are read', () => stream.lines.length === 2);
    for (const id of [2, 4]) {
      renameSync(past, `${log}.${id}`);
      renameSync(log, past);
      appendFileSync(past, line(`/${id}`));
      writeFileSync(log, line(`/${id + 1}`));
      await until('the late line and the first new one', () => stream.lines.length === id + 2);
    }
    unlinkSync(past);
    copyFileSync(log, past);
    truncateSync(log, 0);
    appendFileSync(log, line('/6'));
    await until('the line behind the truncation', () => stream.lines.length >= 7);
    unlinkSync(past);
    await sleep(2.5 * SECONDS);
    await stream.end();
    expect(stream.objects.map(({ path }) => String(path)).sort()).toEqual([0, 1, 2, 3, 4, 5, 6].map((id) => `/${id}`));
    expect(stream.stderr).not.toMatch(/not found|deleted|moved|gone/);
  });

  it('a reader that takes nothing stops the reading; later it gets everything', async () => {
    const log = join(temporaryFolder(), 'access.log');
    const count = 400_000;
    writeFileSync(log, Array.from({ length: count }, (_, i) => line(`/n/${i}`)).join(''));
    const stream = new RunningStream(['--from-start', '--log', log]);
    await until('the first lines', () => stream.lines.length > 0);
    stream.child.stdout?.pause();
    await sleep(1.5 * SECONDS);
    const residentKilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${stream.pid}/status`, 'utf8'))?.[1]);
    // All of the stream is 130 MB.
    expect(residentKilobytes).toBeLessThan(130_000);
    stream.child.stdout?.resume();
    await until('all lines', () => stream.tail.includes(`/n/${count - 1}"`), 60_000);
    expect(await stream.end()).toBe(143);
    expect(stream.lines).toHaveLength(count);
  });

  it('SIGTERM is heard while the reader takes nothing', async () => {
    const log = join(temporaryFolder(), 'access.log');
    writeFileSync(log, line('/x').repeat(100_000));
    const stream = new RunningStream(['--from-start', '--log', log]);
    await until('the first lines', () => stream.lines.length > 0);
    stream.child.stdout?.pause();
    stream.child.kill('SIGTERM');
    const exited = new Promise((resolve) => stream.child.once('exit', (code) => resolve(code)));
    expect(await exited).toBe(143);
  });

  it('when the reader has gone', async () => {
    const folder = temporaryFolder();
    const log = join(folder, 'access.log');
    writeFileSync(log, line('/x').repeat(50_000));
    const [program, ...args] = gtopCommand(['stream', '--from-start', '--log', log]);
    const command = '("$@"; echo $? > code) | head -n 1';
    execFileSync('sh', ['-c', command, 'sh', program, ...args], { cwd: folder, encoding: 'utf8' });
    const code = await until('its exit code', () => readFileSync(join(folder, 'code'), 'utf8'));
    expect(code).toBe('0\n');
  });

  it.each([
    [['--format', 'xml', '--log', '-'], 2, "--format 'xml' must be one of ndjson, ecs"],
    [['--state', '/etc/passwd', '--log', 'x'], 1, '/etc/passwd: not a state file of gtop stream'],
    [
      ['--state', '/nowhere/state', '--log', 'x'],
      1,
      '/nowhere/state: the place cannot be written down: there is no folder /nowhere',
    ],
    [['--state', 's', '--follow', 'tail', '--log', 'x'], 2, '--state needs --follow generations'],
    [['--log', '/tmp'], 1, '/tmp: is a folder'],
    [['--pid', '/nowhere/gunicorn.pid'], 1, '/nowhere/gunicorn.pid: '],
  ])('at once, with one clear line, for %j', async (args, expected, message) => {
    const { code, stdout, stderr } = await runGtop(['stream', ...args]);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    const said = stderr.trimEnd().split('\n');
    expect(said).toEqual([expect.stringContaining(message)]);
  });

  it('the place is remembered through a rename that happens while it is down', async () => {
    const folder = temporaryFolder();
    const [log, state] = [join(folder, 'access.log'), join(folder, 'state')];
    writeFileSync(log, line('/old'));
    const args = ['--state', state, '--log', log];
    const first = new RunningStream(args);
    await until('the place is written down', () => existsSync(state) && readFileSync(state, 'utf8').includes(log));
    appendFileSync(log, line('/one'));
    expect(await first.end()).toBe(143);
    appendFileSync(log, line('/two'));
    renameSync(log, `${log}.1`);
    writeFileSync(log, line('/three'));
    const second = new RunningStream(args);
    await until('both', () => second.lines.length === 2);
    expect(await second.end('SIGINT')).toBe(130);
    expect([first, second].map(({ objects }) => objects.map(({ path }) => path))).toEqual([
      ['/one'],
      ['/two', '/three'],
    ]);
  });
});
