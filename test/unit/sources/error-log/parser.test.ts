import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ErrorEntry } from '../../../../src/model/facts.ts';
import { ErrorLogParser } from '../../../../src/sources/error-log/index.ts';
import { lifecycleEvent } from '../../../../src/sources/error-log/lifecycle.ts';

const SAMPLES = 'test/fixtures/gunicorn';

function parse(text: string | Buffer) {
  const entries: ErrorEntry[] = [];
  const parser = new ErrorLogParser({ onEntry: (entry) => entries.push(entry) });
  const bytes = Buffer.from(text);
  parser.push(bytes, 0, bytes.length);
  parser.settle(0, true);
  return { entries, parser };
}

const kindsOf = (file: string): Record<string, number> => {
  const kinds: Record<string, number> = {};
  for (const { event } of parse(readFileSync(join(SAMPLES, file))).entries) {
    if (event) kinds[event.kind] = (kinds[event.kind] ?? 0) + 1;
  }
  return kinds;
};

describe('an error log', () => {
  it.each([
    ['without a date', '[4711] [CRITICAL] WORKER TIMEOUT (pid:761)'],
    [
      'with the process before the message',
      '2026-11-21 02:11:34,120 CRITICAL gunicorn.error 4711 WORKER TIMEOUT (pid:761)',
    ],
    ['with process and thread', '2026-11-21 02:11:34,120 CRITICAL glogging 4711 140234 WORKER TIMEOUT (pid:761)'],
  ])('is understood %s', (_, line) => {
    expect(parse(`${line}\n`).entries).toMatchObject([
      {
        pid: 4711,
        level: 'critical',
        message: 'WORKER TIMEOUT (pid:761)',
        event: { kind: 'worker-timeout', pid: 761 },
      },
    ]);
  });

  it('keeps the numbers of messages that are not about workers', () => {
    const [entry] = parse('2026-11-21 02:11:34,120 INFO shop.orders 4711 orders shipped\n').entries;
    expect(entry).toMatchObject({ pid: null, message: '4711 orders shipped', event: null });
  });

  it('is entries with the traceback that follows them', () => {
    const { entries, parser } = parse(
      [
        '[2026-11-21 02:11:34 +0100] [761] [ERROR] Error handling request GET /slow?s=6',
        'Traceback (most recent call last):',
        '  File "app.py", line 7, in slow',
        'SystemExit: 1',
        '[2026-11-21 02:11:34 +0100] [761] [INFO] Worker exiting (pid: 761)',
        '',
      ].join('\n'),
    );
    expect(entries).toEqual([
      {
        atMs: Date.UTC(2026, 10, 21, 1, 11, 34),
        pid: 761,
        level: 'error',
        message: 'Error handling request GET /slow?s=6',
        event: { kind: 'request-error', method: 'GET', target: '/slow?s=6' },
        traceback: 'Traceback (most recent call last):\n  File "app.py", line 7, in slow\nSystemExit: 1',
      },
      expect.objectContaining({ event: { kind: 'worker-exit', pid: 761 }, traceback: null }),
    ]);
    expect([parser.linesParsed, parser.linesRejected]).toEqual([5, 0]);
    expect(parser.lastLineAtMs).toBe(Date.UTC(2026, 10, 21, 1, 11, 34));
  });

  const ENTRIES = [
    '[2026-11-21 02:11:34 +0000] [7] [INFO] Booting worker with pid: 7',
    '[2026-11-21 02:11:35 +0000] [7] [ERROR] Error handling request /',
    'Traceback (most recent call last):',
    '  File "app.py", line 7, in slow',
    '',
    'KeyError: 1',
    '[2026-11-21 02:11:36 +0000] [1] [CRITICAL] WORKER TIMEOUT (pid:7)',
  ];

  it.each([
    ['journalctl', (text: string) => `Nov 21 02:11:34 host gunicorn[1]: ${text}`],
    ['journalctl -o short-iso', (text: string) => `2026-11-21T02:11:34+0000 host gunicorn[1]: ${text}`],
    ['docker logs -t', (text: string) => `2026-11-21T02:11:34.123456789Z ${text}`],
    ['the container runtime', (text: string) => `2026-11-21T02:11:34.123456789Z stderr F ${text}`],
    ['docker compose', (text: string) => `web-1  | ${text}`],
    ['kubectl --prefix', (text: string) => `[pod/web/app] ${text}`],
    ['kubectl --prefix --timestamps', (text: string) => `[pod/web/app] 2026-11-21T02:11:34.123456789Z ${text}`],
    [
      'journalctl -o json',
      (text: string) => JSON.stringify({ __REALTIME_TIMESTAMP: '1795227094123456', MESSAGE: text }),
    ],
    [
      'Docker',
      (text: string) => JSON.stringify({ log: `${text}\n`, stream: 'stderr', time: '2026-11-21T02:11:34.1Z' }),
    ],
  ])('is read behind what %s puts in front', (_, collected) => {
    const plain = parse(`${ENTRIES.join('\n')}\n`);
    const { entries, parser } = parse(`${ENTRIES.map(collected).join('\n')}\n`);
    expect(entries).toEqual(plain.entries);
    expect(entries.map(({ event }) => event?.kind)).toEqual(['worker-boot', 'request-error', 'worker-timeout']);
    expect([parser.linesParsed, parser.linesRejected]).toEqual([6, 0]);
    const first = Buffer.from(collected(ENTRIES[0]));
    expect(parser.timeOf(first)).toBe(Date.UTC(2026, 10, 21, 2, 11, 34));
  });

  it('keeps text that only looks like a prefix', () => {
    const table = ['name | count', 'shop | 7', 'Nov 21 02:11:34 host cron[1]: done'];
    const { entries } = parse(`${ENTRIES[1]}\n${table.join('\n')}\n`);
    expect(entries).toMatchObject([{ traceback: table.join('\n') }]);
  });

  it('gives its last entry out when that was quiet for a moment, not before', () => {
    const entries: ErrorEntry[] = [];
    const parser = new ErrorLogParser({ onEntry: (entry) => entries.push(entry) });
    const push = (text: string) => parser.push(Buffer.from(text), 0, Buffer.byteLength(text));
    push('[2026-11-21 02:11:34 +0000] [7] [ERROR] Exception in worker process\nTraceback (most recent call last):\n');
    parser.settle(1000, false);
    expect(entries).toHaveLength(0);
    push('ValueError: x\n');
    parser.settle(1100, false);
    parser.settle(1250, false);
    expect(entries).toHaveLength(0);
    parser.settle(1400, false);
    expect(entries[0].traceback).toMatch(/ValueError: x$/);
  });

  it('takes lines of Flask, uvicorn and syslog for entries of their own', () => {
    const { entries } = parse(
      [
        '[2026-11-21 02:04:13,299] ERROR in app: Exception on /error [GET]',
        'INFO:     Started server process [4711]',
        '<12>gunicorn.web.error: [17089] app warning',
      ].join('\n'),
    );
    expect(entries.map(({ pid, level, message }) => [pid, level, message])).toEqual([
      [null, 'error', 'app: Exception on /error [GET]'],
      [null, 'info', 'Started server process [4711]'],
      [17089, 'warning', 'app warning'],
    ]);
  });

  it('takes lines of other formats of logging and JSON for entries of their own, with what else they say', () => {
    const { entries } = parse(
      [
        '2026-11-21 02:04:13,299 ERROR django.request Internal Server Error: /x',
        'Traceback (most recent call last):',
        'KeyError: 7',
        'INFO:gunicorn.error:Booting worker with pid: 7',
        '{"levelname": "INFO", "process": 9, "message": "Worker exiting (pid: 9)", "request_id": "r-1"}',
        'text of the application',
        'WARNING so does this, without a time or a logger',
        '',
      ].join('\n'),
    );
    expect(entries).toMatchObject([
      { level: 'error', logger: 'django.request', traceback: 'Traceback (most recent call last):\nKeyError: 7' },
      { level: 'info', logger: 'gunicorn.error', event: { kind: 'worker-boot', pid: 7 }, atMs: Number.NaN },
      { pid: 9, event: { kind: 'worker-exit', pid: 9 }, fields: { request_id: 'r-1' }, traceback: null },
      {
        level: null,
        message: 'text of the application',
        traceback: 'WARNING so does this, without a time or a logger',
      },
    ]);
  });

  it('without any head is text, of which no line is lost', () => {
    const lines = ['21.11.2026 02:04:13 FEHLER eins', '21.11.2026 02:04:14 FEHLER zwei'];
    const { entries, parser } = parse(`${lines.join('\n')}\n`);
    expect(entries).toMatchObject([{ message: lines[0], traceback: lines[1], pid: null, event: null }]);
    expect([parser.linesParsed, parser.linesRejected]).toEqual([2, 0]);
  });

  it('that is binary is rejected, line by line', () => {
    const { parser } = parse(Buffer.from([0x7f, 1, 2, 3, 0xff, 0xfe, 10, 0xff, 0xfe, 0xfd, 10]));
    expect([parser.linesParsed, parser.linesRejected]).toEqual([0, 2]);
  });

  it('of 21 to 23 tells every exit code once', () => {
    const line = '[2026-11-21 02:11:34 +0000] [7] [ERROR] Worker (pid:9) exited with code 1';
    const { entries } = parse(`${line}\n${line}.\n`);
    expect(entries.map(({ event }) => event?.kind ?? null)).toEqual(['worker-exit-code', null]);
  });
});

describe('every error log of the sample runs', () => {
  const files = readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(error[^/]*|boot-failures\/[^/]*)\.log$/.test(file))
    .sort();

  it.each(files)('%s parses whole, in the order of its time', (file) => {
    const text = readFileSync(join(SAMPLES, file));
    const { entries, parser } = parse(text);
    const lines = text
      .toString()
      .split('\n')
      .filter((line) => line.trim() !== '');
    expect([parser.linesParsed, parser.linesRejected]).toEqual([lines.length, 0]);
    expect(entries[0]?.event?.kind).toBe('master-start');
  });
});

describe('the life cycle of the sample runs', () => {
  it('of 26.2: timeouts, signals, exit codes, reloads, an upgrade', () => {
    expect(kindsOf('26.2.0/sync/error-lifecycle.log')).toMatchObject({
      'master-start': 2,
      'worker-timeout': 3,
      reload: 3,
      promoted: 1,
      'upgrade-ignored': 1,
    });
  });

  it('of 20.1: the same story in other words', () => {
    expect(kindsOf('20.1.0/sync/error-lifecycle.log')).toEqual({
      'master-start': 2,
      listening: 2,
      'worker-class': 2,
      'worker-boot': 22,
      'worker-timeout': 3,
      'worker-exit': 18,
      'worker-signal': 6,
      signal: 15,
      reload: 3,
      'upgrade-ignored': 1,
      'master-shutdown': 2,
      promoted: 1,
    });
  });

  it('of a failing boot', () => {
    expect(kindsOf('26.2.0/boot-failures/nope_module_app.log')).toMatchObject({
      'worker-exception': 2,
      'worker-exit-code': 1,
      'shutdown-reason': 1,
    });
  });
});

describe('a message', () => {
  it.each([
    ['Starting gunicorn 26.2.0', { kind: 'master-start', version: '26.2.0' }],
    [
      'Listening at: http://127.0.0.1:8000,unix:/run/g.sock (4711)',
      { kind: 'listening', listeners: ['http://127.0.0.1:8000', 'unix:/run/g.sock'], masterPid: 4711 },
    ],
    ['Listening at:  (4711)', { kind: 'listening', listeners: [], masterPid: 4711 }],
    ['Worker (pid:9) was sent SIGKILL! Perhaps out of memory?', { kind: 'worker-signal', pid: 9, signal: 'SIGKILL' }],
    ['Worker (pid:9) was sent code 139!', { kind: 'worker-signal', pid: 9, signal: 'SIGSEGV' }],
    ['Worker with pid 9 was terminated due to signal 15', { kind: 'worker-signal', pid: 9, signal: 'SIGTERM' }],
    ['Error handling request', { kind: 'request-error', method: null, target: null }],
    ['Error handling request (no URI read)', { kind: 'request-error', method: null, target: null }],
    ['Error handling request /x', { kind: 'request-error', method: null, target: '/x' }],
    ['Error handling request POST /x y', { kind: 'request-error', method: 'POST', target: '/x y' }],
    [
      "Invalid request from ip=::1: Invalid HTTP request line: ''",
      { kind: 'invalid-request', address: '::1', reason: "Invalid HTTP request line: ''" },
    ],
    ['Invalid request from ip=: Invalid Method', { kind: 'invalid-request', address: '', reason: 'Invalid Method' }],
    ['Hello', null],
  ])('%j means %j', (message, event) => {
    expect(lifecycleEvent(message)).toEqual(event);
  });
});
