import { describe, expect, it } from 'vitest';
import type { AppEntry } from '../../../../src/model/facts.ts';
import { AppLogParser } from '../../../../src/sources/app-log/index.ts';

function parse(text: string, keepRaw = false) {
  const entries: AppEntry[] = [];
  const rejected: string[] = [];
  const parser = new AppLogParser({
    keepRaw,
    onEntry: (entry) => entries.push(entry),
    onRejected: (reason) => rejected.push(reason),
  });
  const bytes = Buffer.from(text);
  parser.push(bytes, 0, bytes.length);
  parser.settle(0, true);
  return { entries, rejected, parser };
}

const only = (line: string): AppEntry => {
  const { entries } = parse(`${line}\n`);
  expect(entries).toHaveLength(1);
  return entries[0];
};

/** What `logging` writes: the time of this machine's zone. */
const LOCAL = new Date(2026, 10, 21, 2, 4, 13, 299).getTime();
const SECOND = new Date(2026, 10, 21, 2, 4, 13).getTime();
const UTC = Date.UTC(2026, 10, 21, 2, 4, 13, 299);

describe('JSON lines', () => {
  it('python-json-logger: asctime, levelname, name, message; the rest are fields', () => {
    expect(
      only(
        '{"asctime": "2026-11-21 02:04:13,299", "levelname": "WARNING", "name": "shop.cart", "message": "slow", "ms": 812, "user": null}',
      ),
    ).toMatchObject({
      atMs: LOCAL,
      level: 'warning',
      logger: 'shop.cart',
      message: 'slow',
      fields: { ms: 812, user: null },
      traceback: null,
    });
  });

  it('structlog: timestamp, level, logger, event; the exception is a field and the traceback', () => {
    const entry = only(
      '{"event": "failed", "level": "error", "logger": "shop", "timestamp": "2026-11-21T02:04:13.299000Z", "exception": "Traceback…\\nKeyError: 1"}',
    );
    expect(entry).toMatchObject({ atMs: UTC, level: 'error', logger: 'shop', message: 'failed' });
    expect(entry.fields).toEqual({ exception: 'Traceback…\nKeyError: 1' });
    expect(entry.traceback).toBe('Traceback…\nKeyError: 1');
  });

  it.each([
    ['seconds', 1_795_226_653.299],
    ['milliseconds', 1_795_226_653_299],
  ])('a time in %s since 1970', (_, time) => {
    expect(only(`{"time": ${time}, "msg": "x"}`).atMs).toBeCloseTo(1_795_226_653_299, 3);
  });

  it('without a message it is unknown', () => {
    expect(only('{"level": "info", "event": {"id": 7}}')).toMatchObject({
      message: null,
      fields: { event: { id: 7 } },
    });
  });

  it('a level by number', () => {
    expect(only('{"level": 30, "message": "x"}').level).toBe('warning');
  });

  it('what cannot be read as time, level or logger stays a field', () => {
    expect(only('{"time": "noon", "name": 7, "message": "x"}')).toMatchObject({
      logger: null,
      fields: { time: 'noon', name: 7 },
    });
    expect(only('{"created": 1e300, "message": "x"}').fields).toEqual({ created: 1e300 });
  });

  it('an object nested without end is a line of text', () => {
    const line = `{"a": ${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    expect(only(line)).toMatchObject({ message: line, fields: null });
  });

  it('without anything beside the message there are no fields', () => {
    expect(only('{"message": "x"}').fields).toBeNull();
  });

  it.each(['{"broken": ', '[1, 2]', '"text"'])('what is no JSON object is a line of text: %s', (line) => {
    expect(only(line)).toMatchObject({ message: line.trimEnd(), level: null, fields: null });
  });
});

describe('plain formats', () => {
  it.each([
    ['2026-11-21 02:04:13,299 INFO shop.cart added 2 items', LOCAL, 'info', 'shop.cart', 'added 2 items'],
    ['2026-11-21 02:04:13,299 - shop - ERROR - no stock', LOCAL, 'error', 'shop', 'no stock'],
    ['2026-11-21 02:04:13,299 [DEBUG] shop.cart: added', LOCAL, 'debug', 'shop.cart', 'added'],
    ['[2026-11-21 02:04:13,299] ERROR in app: Exception on / [GET]', LOCAL, 'error', 'app', 'Exception on / [GET]'],
    ['2026-11-21 02:04:13.299 | SUCCESS  | shop.cart:add:12 - done', LOCAL, 'info', 'shop.cart', 'done'],
    ['2026-11-21 02:04:13 [warning  ] low_stock   item=7', SECOND, 'warning', null, 'low_stock   item=7'],
    ['2026-11-21T02:04:13.299Z CRITICAL root out of memory', UTC, 'critical', 'root', 'out of memory'],
    ['INFO 2026-11-21 02:04:13,299 shop.views: hello', LOCAL, 'info', 'shop.views', 'hello'],
    ['[2026-11-21 02:04:13 +0000] [4711] [INFO] Booting', Date.UTC(2026, 10, 21, 2, 4, 13), 'info', null, 'Booting'],
    ['INFO:root:hello: world', Number.NaN, 'info', 'root', 'hello: world'],
    ['WARNING something happened', Number.NaN, 'warning', null, 'something happened'],
    ['INFO:     Started server process [4711]', Number.NaN, 'info', null, 'Started server process [4711]'],
  ])('%s', (line, atMs, level, logger, message) => {
    expect(only(line)).toMatchObject({ atMs, level, logger, message });
  });

  it('a pid in brackets is a field', () => {
    expect(only('[2026-11-21 02:04:13 +0000] [4711] [INFO] Booting').fields).toEqual({ pid: 4711 });
  });

  it('a bare word behind the level is the message, until a dotted name shows that the format has a column of names', () => {
    const { entries } = parse(
      ['INFO connected to db', 'INFO shop.cart added', 'INFO django serving'].map((line) => `${line}\n`).join(''),
    );
    expect(entries.map(({ logger, message }) => [logger, message])).toEqual([
      [null, 'connected to db'],
      ['shop.cart', 'added'],
      ['django', 'serving'],
    ]);
  });

  it('a colon behind the level sets off the message: its first word is no name, whatever other lines have', () => {
    const { entries } = parse(
      'INFO shop.cart added\n2026-11-21 02:04:13,299 WARNING: slow thing [in /srv/shop/db.py:33]\n',
    );
    expect(entries[1]).toMatchObject({ level: 'warning', logger: null, message: 'slow thing [in /srv/shop/db.py:33]' });
  });
});

describe('tracebacks', () => {
  const traceback = [
    'Traceback (most recent call last):',
    '  File "/app/shop.py", line 7, in add',
    '    raise KeyError(sku)',
    'KeyError: 7',
  ].join('\n');

  it('are folded into the entry before them', () => {
    const { entries, parser } = parse(
      `2026-11-21 02:04:13,299 ERROR shop.cart failed\n${traceback}\n2026-11-21 02:04:14,000 INFO shop.cart next\n`,
    );
    expect(entries).toHaveLength(2);
    expect(entries[0]).toMatchObject({ message: 'failed', traceback, fields: { traceback } });
    expect(entries[1]).toMatchObject({ message: 'next', traceback: null, fields: null });
    expect(parser.linesParsed).toBe(6);
  });

  it('follow a JSON line', () => {
    const { entries } = parse(`{"level": "error", "message": "failed", "sku": 7}\n${traceback}\n`);
    expect(entries).toMatchObject([{ message: 'failed', fields: { sku: 7, traceback } }]);
  });

  it('keep the lines as they stand, when asked', () => {
    const text = `2026-11-21 02:04:13,299 ERROR shop.cart failed\n${traceback}`;
    expect(parse(`${text}\n`, true).entries[0].raw).toBe(text);
  });

  it('go on as another entry when they grow without end: nothing is cut off', () => {
    const lines = Array.from({ length: 300 }, (_, i) => `  ${i} ${'x'.repeat(1000)}`);
    const { entries } = parse(`2026-11-21 02:04:13,299 ERROR shop.cart failed\n${lines.join('\n')}\n`);
    const text = entries.map(({ message, traceback: rest }) => `${message}\n${rest ?? ''}`).join('\n');
    for (const line of lines) expect(text).toContain(line.trimEnd());
    expect(Math.max(...entries.map(({ traceback: rest }) => rest?.length ?? 0))).toBeLessThan(70_000);
  });
});

describe('lines without any format', () => {
  it('stand for themselves', () => {
    const { entries } = parse('hello\nworld\n');
    expect(entries.map(({ message }) => message)).toEqual(['hello', 'world']);
  });

  it('that are no text are rejected', () => {
    const { rejected, entries, parser } = parse('\x00\x01\x02\x03\x04\n\nhello\n');
    expect(rejected).toEqual(['not text']);
    expect(entries).toHaveLength(1);
    expect([parser.linesParsed, parser.linesRejected]).toEqual([1, 1]);
  });
});

describe('an entry whose lines may not all have come', () => {
  it('waits for 200 ms of quiet', () => {
    const entries: AppEntry[] = [];
    const parser = new AppLogParser({ onEntry: (entry) => entries.push(entry) });
    const push = (text: string) => parser.push(Buffer.from(text), 0, Buffer.byteLength(text));
    push('2026-11-21 02:04:13,299 ERROR shop.cart failed\n');
    parser.settle(1000, false);
    expect([parser.entriesBegun, parser.entriesGiven]).toEqual([1, 0]);
    push('  more\n');
    parser.settle(1100, false);
    parser.settle(1299, false);
    expect(entries).toEqual([]);
    parser.settle(1300, false);
    expect(entries).toMatchObject([{ message: 'failed', traceback: '  more' }]);
    expect(parser.entriesGiven).toBe(1);
  });
});
