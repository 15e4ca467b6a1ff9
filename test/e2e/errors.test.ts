import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { type RunResult, runGtop } from '../support/cli.ts';
import { openGtop } from '../support/pty.ts';
import { takeSnapshot } from '../support/snapshot.ts';

let dir: string;
const file = (name: string) => join(dir, name);
const LINE = '127.0.0.1 - - [21/Nov/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8.5.0" 1500 <7>\n';

beforeAll(() => {
  dir = temporaryFolder();
  writeFileSync(file('good.log'), LINE);
  writeFileSync(file('empty.log'), '');
  writeFileSync(file('secret.log'), LINE);
  chmodSync(file('secret.log'), 0o600);
  mkdirSync(file('folder'));
  writeFileSync(file('rubbish.pid'), 'not a pid\n');
  writeFileSync(file('empty.pid'), '');
  writeFileSync(file('negative.pid'), '-1\n');
  writeFileSync(file('init.pid'), '1\n');
  writeFileSync(file('own.pid'), `${process.pid}\n`);
  writeFileSync(file('dead.pid'), '4194303\n');
  writeFileSync(file('config.yaml'), 'windwo: 1m\n');
});
afterAll(cleanUp);

/** One line on standard error, nothing on standard output, no stack trace. */
function expectOneLine({ code, stdout, stderr }: RunResult, expectedCode: number): void {
  expect(stderr).toMatch(/^gtop: [^\n]+\n$/);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+|node:internal|Error:/);
  expect(stdout).toBe('');
  expect(code).toBe(expectedCode);
}

describe('a missing or unfit file ends with 1 and one line that names it', () => {
  it.each([
    ['a log that is not there', () => ['--log', file('missing.log')], /missing\.log/],
    ['a log in a folder that is not there', () => ['--log', file('none/access.log')], /none\/access\.log/],
    ['a folder as log', () => ['--log', file('folder')], /folder/],
    ['a device as log', () => ['--log', '/dev/zero'], /\/dev\/zero/],
    ['an error log that is not there', () => ['--log', file('good.log'), '-e', file('missing.log')], /missing\.log/],
    ['a pid file that is not there', () => ['--pid', file('missing.pid')], /missing\.pid/],
    ['a pid file with rubbish', () => ['--pid', file('rubbish.pid')], /rubbish\.pid/],
    ['an empty pid file', () => ['--pid', file('empty.pid')], /empty\.pid/],
    ['a pid file with a negative number', () => ['--pid', file('negative.pid')], /negative\.pid/],
    ['a pid file that names pid 1', () => ['--pid', file('init.pid')], /\b1\b/],
    ['a folder as pid file', () => ['--pid', file('folder')], /folder/],
    ['the pid of another program', () => ['--pid', file('own.pid')], /Gunicorn/i],
    ['the pid of no program', () => ['--pid', file('dead.pid')], /4194303/],
    ['pid 1', () => ['--pid', '1'], /\b1\b/],
    ['a negative pid', () => ['--pid=-1'], /-1/],
  ])('%s', async (_name, args, names) => {
    const result = await runGtop(['--once', ...args()]);
    expectOneLine(result, 1);
    expect(result.stderr).toMatch(names);
  });
});

describe('wrong usage ends with 2, one line and the way to the help', () => {
  it.each([
    ['an unknown flag, with the one that was meant', ['--windwo', '1m'], /--window/],
    ['an unknown command, with the one that was meant', ['dmeo'], /demo/],
    ['a format that is none', ['--log-format', '%(h'], /log-format/],
    ['an unknown name of a format', ['--log-format', 'apache'], /log-format/],
    ['a window of zero', ['--window', '0'], /window/],
    ['a window that is no duration', ['--window', 'soon'], /window/],
    ['a delay of zero', ['--delay', '0'], /delay/],
    ['a negative delay', ['--delay', '-1s'], /delay/],
    ['no samples', ['-n', '0'], /-n|count|samples/],
    ['a flag without its value', ['--log'], /--log/],
  ])('%s', async (_name, args, names) => {
    const result = await runGtop(['--once', ...args]);
    expectOneLine(result, 2);
    expect(result.stderr).toMatch(names);
    expect(result.stderr).toContain('try gtop --help');
  });

  it('an unknown key in the config file', async () => {
    const result = await runGtop(['--once', '--config', file('config.yaml'), '--log', file('good.log')]);
    expectOneLine(result, 2);
    expect(result.stderr).toMatch(/config\.yaml.*windwo/);
  });
});

describe('without permission', () => {
  it('a log that may not be read ends with 1 and says so', async () => {
    const result = await runGtop(['--once', '--log', file('secret.log')], { asNobody: true });
    expectOneLine(result, 1);
    expect(result.stderr).toMatch(/secret\.log.*permission/i);
  });

  it('the same log can be read by its owner', async () => {
    const { traffic } = await takeSnapshot(['--from-start', '--window', 'all', '--log', file('secret.log')]);
    expect(traffic.requestsTotal).toBe(1);
  });
});

describe('odd logs are read, not refused', () => {
  const read = (name: string) => takeSnapshot(['--from-start', '--window', 'all', '--log', file(name)]);

  it('an empty one has no requests, and no figures made up', async () => {
    const { traffic, latency, ingest } = await read('empty.log');
    expect(traffic).toMatchObject({ requestsTotal: 0, requestsPerSecond: null });
    expect(latency).toBeNull();
    expect(ingest.linesRead).toBe(0);
  });

  it('a binary one counts what it could not parse', async () => {
    const bytes = Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * 2_654_435_761) >>> 24));
    writeFileSync(file('binary.log'), Buffer.concat([bytes, Buffer.from(`\n${LINE}`)]));
    const { traffic, ingest } = await read('binary.log');
    expect(traffic.requestsTotal).toBe(1);
    expect(ingest.linesRejected).toBeGreaterThan(0);
    expect(ingest.linesRead).toBe(ingest.linesParsed + ingest.linesRejected);
  });

  it('a line of 1 MiB is one request like any other', async () => {
    writeFileSync(file('long.log'), LINE + LINE.replace('GET /', `GET /${'a'.repeat(1 << 20)}`) + LINE);
    const { traffic, ingest } = await read('long.log');
    expect(traffic.requestsTotal).toBe(3);
    expect(ingest).toMatchObject({ linesRead: 3, linesRejected: 0, linesTruncated: 0 });
  });

  it('an unfinished last line counts', async () => {
    writeFileSync(file('unfinished.log'), LINE + LINE.trimEnd());
    expect((await read('unfinished.log')).traffic.requestsTotal).toBe(2);
  });

  it('standard input is a log as well', async () => {
    const args = ['--from-start', '--window', 'all', '--log', '-'];
    const { traffic } = await takeSnapshot(args, { input: LINE.repeat(1000) });
    expect(traffic.requestsTotal).toBe(1000);
  });
});

it('fits a terminal of 20x5 and leaves it on q', async () => {
  const pty = openGtop(['--no-config', '--log', file('good.log')], { cols: 20, rows: 5 });
  await pty.waitFor((screen) => screen.trim() !== '' && pty.inAlternateScreen);
  pty.press('q');
  expect(await pty.exit()).toEqual({ code: 0, signal: 0 });
});
