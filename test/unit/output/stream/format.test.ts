import { describe, expect, it } from 'vitest';
import type { AccessRecord, AppEntry, ErrorEntry } from '../../../../src/model/facts.ts';
import { STREAM_FORMATS } from '../../../../src/output/stream/index.ts';

const NOW = Date.UTC(2026, 10, 21, 3);
const AT = Date.UTC(2026, 10, 21, 2, 4, 13);

const RECORD: AccessRecord = {
  atMs: AT,
  method: 'GET',
  target: '/search?q=1#top',
  path: '/search',
  protocol: 'HTTP/1.1',
  status: 200,
  bytes: 512,
  seconds: 0.001234,
  address: '192.0.2.7',
  user: 'anna',
  referrer: 'http://here/',
  userAgent: 'curl/8.5',
  worker: 4711,
  excluded: false,
  raw: 'the line',
};

/** What a format without any field of use leaves unknown. */
const UNKNOWN: AccessRecord = {
  ...{ atMs: Number.NaN, method: null, target: null, path: null, protocol: null, status: Number.NaN },
  ...{ bytes: Number.NaN, seconds: Number.NaN, address: null, user: null, referrer: null, userAgent: null },
  ...{ worker: 0, excluded: false },
};

const ERROR: ErrorEntry = {
  atMs: AT,
  pid: 4711,
  level: 'critical',
  message: 'WORKER TIMEOUT (pid:4712)',
  event: { kind: 'worker-timeout', pid: 4712 },
  traceback: 'Traceback (most recent call last):\nKeyError: 1',
};

const APP: AppEntry = {
  atMs: AT,
  level: 'error',
  logger: 'shop.cart',
  message: 'failed',
  fields: { sku: 7, pid: 4712, traceback: 'KeyError: 1' },
  traceback: 'KeyError: 1',
};

const ndjson = STREAM_FORMATS.ndjson({ raw: false });
const ecs = STREAM_FORMATS.ecs({ raw: false });

describe('ndjson', () => {
  it('prints an access line', () => {
    expect(JSON.parse(ndjson.access(RECORD, 'access.log', NOW))).toEqual({
      kind: 'access',
      at: '2026-11-21T02:04:13.000Z',
      method: 'GET',
      target: '/search?q=1#top',
      path: '/search',
      query: 'q=1',
      protocol: 'HTTP/1.1',
      status: 200,
      bytes: 512,
      seconds: 0.001234,
      address: '192.0.2.7',
      user: 'anna',
      referrer: 'http://here/',
      userAgent: 'curl/8.5',
      worker: 4711,
      excluded: false,
      source: 'access.log',
    });
  });

  it('says null of every field that is unknown, and leaves none out', () => {
    const object = JSON.parse(ndjson.access(UNKNOWN, 'access.log', NOW));
    const known = JSON.parse(ndjson.access(RECORD, 'access.log', NOW));
    expect(Object.keys(object)).toEqual(Object.keys(known));
    const { kind, excluded, source, ...rest } = object;
    expect({ kind, excluded, source }).toEqual({ kind: 'access', excluded: false, source: 'access.log' });
    expect(new Set(Object.values(rest))).toEqual(new Set([null]));
  });

  it('prints an entry of an error log', () => {
    expect(JSON.parse(ndjson.error(ERROR, 'error.log', NOW))).toEqual({
      kind: 'error',
      at: '2026-11-21T02:04:13.000Z',
      pid: 4711,
      level: 'critical',
      message: 'WORKER TIMEOUT (pid:4712)',
      event: { kind: 'worker-timeout', pid: 4712 },
      traceback: 'Traceback (most recent call last):\nKeyError: 1',
      source: 'error.log',
    });
  });

  it('prints an entry of an application', () => {
    expect(JSON.parse(ndjson.app(APP, 'app.log', NOW))).toEqual({
      kind: 'app',
      at: '2026-11-21T02:04:13.000Z',
      level: 'error',
      logger: 'shop.cart',
      message: 'failed',
      fields: { sku: 7, pid: 4712, traceback: 'KeyError: 1' },
      source: 'app.log',
    });
  });

  it('prints a line that could not be parsed, and why', () => {
    expect(JSON.parse(ndjson.rejected('rubbish', 'column 1: no', 'access.log', NOW))).toEqual({
      kind: 'rejected',
      line: 'rubbish',
      reason: 'column 1: no',
      source: 'access.log',
    });
  });

  it('adds the line itself with --raw', () => {
    const raw = STREAM_FORMATS.ndjson({ raw: true });
    expect(JSON.parse(raw.access(RECORD, 'x', NOW)).line).toBe('the line');
    expect(JSON.parse(raw.error({ ...ERROR, raw: 'a\nb' }, 'x', NOW)).line).toBe('a\nb');
    expect(JSON.parse(raw.app({ ...APP, raw: 'a' }, 'x', NOW)).line).toBe('a');
    expect(JSON.parse(ndjson.access(RECORD, 'x', NOW))).not.toHaveProperty('line');
  });

  it('is one line that no terminal acts on, whatever stands in the log, and loses nothing of it', () => {
    const target = '/\x1b]0;owned\x07\r\n\x00\x9b31m\u202e\u2028\ud800';
    const printed = ndjson.access({ ...RECORD, target, path: target }, 'access.log', NOW);
    expect(printed).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(printed).target).toBe(target);
  });

  it('a time that no calendar holds is unknown', () => {
    expect(JSON.parse(ndjson.app({ ...APP, atMs: 1e17 }, 'x', NOW)).at).toBeNull();
  });
});

describe('the query', () => {
  it.each([
    ['/a', '/a', null],
    ['/a?', '/a', ''],
    ['/a?b=c?d', '/a', 'b=c?d'],
    ['/a#b?c', '/a', null],
    ['/a?b#c', '/a', 'b'],
    ['http://host/a?b', '/a', 'b'],
    ['http://x/x?b', '/x', 'b'],
    ['http://x/x#b?c', '/x', null],
    ['/a?b?c', '/a?b', 'c'],
    ['*', '*', null],
  ])('of %s is what stands behind the question mark', (target, path, query) => {
    expect(JSON.parse(ndjson.access({ ...RECORD, target, path }, 'x', NOW)).query).toBe(query);
  });
});

describe('the Elastic Common Schema', () => {
  it('of an access line', () => {
    expect(JSON.parse(ecs.access(RECORD, '/var/log/access.log', NOW))).toMatchObject({
      '@timestamp': '2026-11-21T02:04:13.000Z',
      ecs: { version: expect.stringMatching(/^8\./) },
      event: { kind: 'event', dataset: 'gunicorn.access', outcome: 'success', duration: 1_234_000 },
      http: {
        version: '1.1',
        request: { method: 'GET', referrer: 'http://here/' },
        response: { status_code: 200, body: { bytes: 512 } },
      },
      url: { original: '/search?q=1#top', path: '/search', query: 'q=1' },
      client: { address: '192.0.2.7', ip: '192.0.2.7' },
      user: { name: 'anna' },
      user_agent: { original: 'curl/8.5' },
      process: { pid: 4711 },
      log: { file: { path: '/var/log/access.log' } },
    });
  });

  it.each([
    [404, 'failure'],
    [302, 'success'],
    [Number.NaN, 'unknown'],
  ])('a status of %d is the outcome %s', (status, outcome) => {
    expect(JSON.parse(ecs.access({ ...RECORD, status }, 'x', NOW)).event.outcome).toBe(outcome);
  });

  it('only an address is an ip, unknown numbers are null, and a line without a time has that of reading', () => {
    expect(JSON.parse(ecs.access({ ...UNKNOWN, address: 'unix:' }, '-', NOW))).toMatchObject({
      '@timestamp': '2026-11-21T03:00:00.000Z',
      event: { duration: null },
      http: { version: null, response: { status_code: null, body: { bytes: null } } },
      client: { address: 'unix:', ip: null },
      process: { pid: null },
      log: { file: { path: null } },
    });
  });

  it('of entries of an error log and of an application', () => {
    expect(JSON.parse(ecs.error(ERROR, 'error.log', NOW))).toMatchObject({
      event: { kind: 'event', dataset: 'gunicorn.error' },
      message: 'WORKER TIMEOUT (pid:4712)',
      error: { stack_trace: 'Traceback (most recent call last):\nKeyError: 1' },
      process: { pid: 4711 },
      log: { level: 'critical', file: { path: 'error.log' } },
    });
    expect(JSON.parse(ecs.app(APP, 'app.log', NOW))).toMatchObject({
      event: { kind: 'event', dataset: 'gunicorn.app' },
      message: 'failed',
      error: { stack_trace: 'KeyError: 1' },
      process: { pid: 4712 },
      log: { level: 'error', logger: 'shop.cart' },
    });
  });

  it('of a line that could not be parsed: the kind that the schema has for it', () => {
    expect(JSON.parse(ecs.rejected('rubbish', 'column 1: no', 'x', NOW))).toMatchObject({
      event: { kind: 'pipeline_error', original: 'rubbish' },
      message: 'rubbish',
      error: { message: 'column 1: no' },
    });
  });

  it('puts the line itself into event.original with --raw', () => {
    const raw = STREAM_FORMATS.ecs({ raw: true });
    expect(JSON.parse(raw.access(RECORD, 'x', NOW)).event.original).toBe('the line');
  });
});
