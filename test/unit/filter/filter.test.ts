import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileFilter, type FilteredEntry, type FilteredRequest } from '../../../src/filter/index.ts';
import { entry, request } from './subjects.ts';

const passes = (filter: string, rest: Partial<FilteredRequest>) =>
  compileFilter(filter, { zone: 'utc', route: (path) => path.replace(/\d+/g, '{id}') }).request(request(rest));
const entryPasses = (filter: string, rest: Partial<FilteredEntry>, kind: 'error' | 'app' = 'app') =>
  compileFilter(filter, { zone: 'utc' }).entry(kind, entry(rest));
const mayConcern = (filter: string, rest: Partial<FilteredEntry>) =>
  compileFilter(filter, { zone: 'utc' }).mayConcern('error', entry(rest));

describe('a filter on access lines', () => {
  it.each<[string, Partial<FilteredRequest>, Partial<FilteredRequest>]>([
    ['status=404', { status: 404 }, { status: 403 }],
    ['status!=404', { status: 403 }, { status: 404 }],
    ['status>=500', { status: 500 }, { status: 499 }],
    ['status>500', { status: 501 }, { status: 500 }],
    ['status<=404', { status: 404 }, { status: 405 }],
    ['status<404', { status: 403 }, { status: 404 }],
    ['status=5xx', { status: 503 }, { status: 404 }],
    ['status!=5XX', { status: 404 }, { status: 503 }],
    ['status>4xx', { status: 500 }, { status: 499 }],
    ['status<=4xx', { status: 499 }, { status: 500 }],
    ['status~^50[234]$', { status: 503 }, { status: 501 }],
    ['path=/api', { path: '/api' }, { path: '/api/' }],
    ['path~^/api/', { path: '/api/users' }, { path: '/v1/api/' }],
    ['path!~^/static/', { path: '/api' }, { path: '/static/app.js' }],
    ['path~*admin', { path: '/ADMIN' }, { path: '/user' }],
    ['path!~*admin', { path: '/user' }, { path: '/ADMIN' }],
    ['path=~^/api/', { path: '/api/' }, { path: '/' }],
    ['route=/users/{id}', { path: '/users/7' }, { path: '/users/x' }],
    ['target~[?&]q=', { target: '/s?q=1', path: '/s' }, { target: '/s?p=1', path: '/s' }],
    ['/api/', { path: '/v1/api/users' }, { path: '/apis' }],
    ['"and or"', { path: '/and or' }, { path: '/and' }],
    ['method=POST', { method: 'POST' }, { method: 'GET' }],
    ['method=post', { method: 'POST' }, { method: 'GET' }],
    ['method!=get', { method: 'POST' }, { method: 'get' }],
    ['protocol=HTTP/1.0', { protocol: 'HTTP/1.0' }, { protocol: 'HTTP/1.1' }],
    ['latency>1s', { seconds: 1.001 }, { seconds: 1 }],
    ['latency>=250ms', { seconds: 0.25 }, { seconds: 0.249 }],
    ['duration<500us', { seconds: 0.0004 }, { seconds: 0.0005 }],
    ['latency>1m30s', { seconds: 91 }, { seconds: 90 }],
    ['latency>2', { seconds: 2.5 }, { seconds: 1.5 }],
    ['bytes>1M', { bytes: 1_000_001 }, { bytes: 1_000_000 }],
    ['bytes>=1MiB', { bytes: 1_048_576 }, { bytes: 1_048_575 }],
    ['size<10k', { bytes: 9_999 }, { bytes: 10_000 }],
    ['bytes=0', { bytes: 0 }, { bytes: 1 }],
    ['agent~bot', { userAgent: 'Googlebot/2.1' }, { userAgent: 'curl' }],
    ["agent='curl/8.5 (x)'", { userAgent: 'curl/8.5 (x)' }, { userAgent: 'curl/8.5' }],
    ['referer~example', { referrer: 'https://example.org/' }, { referrer: 'https://other.org/' }],
    ['user=bob', { user: 'bob' }, { user: 'alice' }],
    ['worker=26197', { worker: 26197 }, { worker: 26198 }],
    ['pid>100', { worker: 101 }, { worker: 100 }],
    ['kind=access', {}, {}],
    ['ip=10.0.0.0/8', { address: '10.255.0.1' }, { address: '11.0.0.1' }],
    ['ip=10.1.2.3', { address: '10.1.2.3' }, { address: '10.1.2.30' }],
    ['ip!=10.0.0.0/8', { address: '11.0.0.1' }, { address: '10.0.0.1' }],
    ['ip=0.0.0.0/0', { address: '255.255.255.255' }, { address: 'unix:' }],
    ['ip=255.0.0.0/8', { address: '255.1.1.1' }, { address: '127.1.1.1' }],
    ['ip=2001:db8::/32', { address: '2001:db8:1::5' }, { address: '2001:db9::' }],
    ['ip=::1', { address: '0:0:0:0:0:0:0:1' }, { address: '::2' }],
    ['ip=10.0.0.0/8', { address: '::ffff:10.0.0.1' }, { address: '::10.0.0.1' }],
    ['ip=::ffff:10.0.0.0/104', { address: '10.9.9.9' }, { address: '11.0.0.1' }],
    ['ip~^10\\.', { address: '10.0.0.1' }, { address: '110.0.0.1' }],
    ['time>14:03', { atMs: Date.UTC(2026, 10, 21, 14, 3, 1) }, { atMs: Date.UTC(2026, 10, 21, 14, 3) }],
    ['time=14:03', { atMs: Date.UTC(2026, 1, 2, 14, 3, 59) }, { atMs: Date.UTC(2026, 1, 2, 14, 4) }],
    ['time=14:03:20', { atMs: Date.UTC(2026, 1, 2, 14, 3, 20) }, { atMs: Date.UTC(2026, 1, 2, 14, 3, 21) }],
    ['time<2026-11-21T14:03', { atMs: Date.UTC(2026, 10, 21, 14, 2) }, { atMs: Date.UTC(2026, 10, 21, 14, 3) }],
    ['time>=2026-11-21T14:03+02:00', { atMs: Date.UTC(2026, 10, 21, 12, 3) }, { atMs: Date.UTC(2026, 10, 21, 12, 2) }],
    ['time=2026-11-21', { atMs: Date.UTC(2026, 10, 21, 23) }, { atMs: Date.UTC(2026, 10, 22) }],
    ["time>'2026-11-21 14:03:20.5'", { atMs: Date.UTC(2026, 10, 21, 14, 3, 21) }, { atMs: Date.UTC(2026, 10, 21) }],
    ['status=200 and method=GET', { status: 200, method: 'GET' }, { status: 200, method: 'POST' }],
    ['status=200 && method=GET', { status: 200, method: 'GET' }, { status: 500, method: 'GET' }],
    ['status=500 or status=502', { status: 502 }, { status: 501 }],
    ['status=500 || status=502', { status: 500 }, { status: 501 }],
    ['not status=200', { status: 404 }, { status: 200 }],
    ['!status=200', { status: 404 }, { status: 200 }],
    ['NOT (status=200 OR status=304)', { status: 404 }, { status: 304 }],
    ['not status=200 and method=GET', { status: 404, method: 'GET' }, { status: 404, method: 'PUT' }],
    ['status=1 or status=2 and method=GET', { status: 1 }, { status: 2 }],
    ['(status=1 or status=2) and method=GET', { status: 1, method: 'GET' }, { status: 1 }],
    ['(path~^/(a|b)/)', { path: '/b/' }, { path: '/c/' }],
    ['(path~[(]x[)] or status=1)', { path: '/(x)' }, { path: '/x' }],
    ['status = 404', { status: 404 }, { status: 405 }],
    ['path="say ""hi"""', { path: 'say "hi"' }, { path: 'say hi' }],
  ])('%s', (filter, passing, failing) => {
    expect(passes(filter, passing)).toBe(true);
    // The kind of an access line is always that.
    expect(passes(filter, failing)).toBe(filter === 'kind=access');
  });

  it.each([
    'status>=500',
    'status!=500',
    'path~.',
    'path!~x',
    'ip=0.0.0.0/0',
    'ip!=1.1.1.1',
    'worker!=1',
    'bytes<1k',
    'latency<1h',
    'time>00:00',
    'user!=bob',
    '/',
    'level>=debug',
    'request_id!=1',
  ])('%s does not pass where the line does not tell, and its opposite does', (filter) => {
    expect(passes(filter, {})).toBe(false);
    expect(passes(`not ${filter}`, {})).toBe(true);
  });

  it('has no agent, or any', () => {
    expect(passes('not agent~.', {})).toBe(true);
    expect(passes('not agent~.', { userAgent: 'curl' })).toBe(false);
  });
});

describe('times of day', () => {
  const { TZ } = process.env;
  beforeEach(() => {
    process.env.TZ = 'America/New_York';
  });
  afterEach(() => {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  });

  it('are those of the zone, on both sides of a change of the clock', () => {
    const { request: passesLocally } = compileFilter('time=08:30', { zone: 'local' });
    // Daylight saving ends on 1 November 2026.
    expect(passesLocally(request({ atMs: Date.UTC(2026, 9, 31, 12, 30) }))).toBe(true);
    expect(passesLocally(request({ atMs: Date.UTC(2026, 10, 2, 12, 30) }))).toBe(false);
    expect(passesLocally(request({ atMs: Date.UTC(2026, 10, 2, 13, 30) }))).toBe(true);
    const { request: moment } = compileFilter('time>=2026-10-31T08:30', { zone: 'local' });
    expect(moment(request({ atMs: Date.UTC(2026, 9, 31, 12, 30) }))).toBe(true);
    expect(moment(request({ atMs: Date.UTC(2026, 9, 31, 12, 29) }))).toBe(false);
  });
});

describe('a filter on entries', () => {
  it.each<[string, Partial<FilteredEntry>, Partial<FilteredEntry>]>([
    ['level>=error', { level: 'critical' }, { level: 'warning' }],
    ['level=warn', { level: 'warning' }, { level: 'error' }],
    ['level!=info', { level: 'debug' }, { level: 'info' }],
    ['level<warning', { level: 'notice' }, { level: 'fatal' }],
    ['level~^warn', { level: 'warning' }, { level: 'error' }],
    ['message~timed?', { message: 'it timed out' }, { message: 'all well' }],
    ['traceback~ValueError', { traceback: 'Traceback…\nValueError: x' }, { traceback: 'KeyError' }],
    ['logger=app.db', { logger: 'app.db' }, { logger: 'app' }],
    ['worker=7', { pid: 7 }, { pid: 8 }],
    ['pid=7', { fields: { pid: 7 } }, { fields: { pid: 8 } }],
    ['time>14:03', { atMs: Date.UTC(2026, 10, 21, 15) }, { atMs: Date.UTC(2026, 10, 21, 14) }],
    ['event=worker-timeout', { event: { kind: 'worker-timeout' } }, { event: { kind: 'reload' } }],
    [
      'path=/x',
      { event: { kind: 'request-error', target: '/x?q=1' } },
      { event: { kind: 'request-error', target: '/y' } },
    ],
    ['path=/x', { fields: { path: '/x' } }, { fields: { path: '/y' } }],
    ['method=get', { fields: { method: 'GET' } }, { fields: { method: 'PUT' } }],
    ['ip=10.0.0.0/8', { fields: { remote_addr: '10.0.0.1' } }, { fields: { remote_addr: '1.1.1.1' } }],
    ['status>=500', { fields: { status: 503 } }, { fields: { status: '404' } }],
    ['user=bob', { fields: { user: 'bob' } }, { fields: { user: 'eve' } }],
    ['request_id=abc-1', { fields: { request_id: 'abc-1' } }, { fields: { request_id: 'abc-2' } }],
    ['elapsed_ms>250', { fields: { elapsed_ms: 251 } }, { fields: { elapsed_ms: 250 } }],
    ['elapsed_ms>250', { fields: { elapsed_ms: '251' } }, { fields: { elapsed_ms: 'long' } }],
    ['order.total>=100', { fields: { order: { total: 100 } } }, { fields: { order: { total: 99 } } }],
    ['order.total=1', { fields: { 'order.total': 1 } }, { fields: { order: 1 } }],
    ['fields.cached=true', { fields: { cached: true } }, { fields: { cached: false } }],
    ['fields.code=007', { fields: { code: '007' } }, { fields: { code: '7' } }],
    ['fields.code!=x', { fields: { code: 'y' } }, { fields: { code: null } }],
    ['fields.tag~^pay', { fields: { tag: 'payment' } }, { fields: { tag: ['pay'] } }],
    ['fields.status=ready', { fields: { status: 'ready' } }, { fields: { status: 'gone' } }],
    ['timeout', { message: 'WORKER TIMEOUT or timeout' }, { message: 'all well' }],
    ['/users/7', { traceback: 'request /users/7 failed' }, { message: '/users' }],
  ])('%s', (filter, passing, failing) => {
    expect(entryPasses(filter, passing)).toBe(true);
    expect(entryPasses(filter, failing)).toBe(false);
    expect(entryPasses(`not (${filter})`, failing)).toBe(true);
  });

  it('takes an application’s own duration for no latency: nobody knows its unit', () => {
    expect(entryPasses('duration>1s', { fields: { duration: 250 } })).toBe(false);
    expect(entryPasses('fields.duration>1', { fields: { duration: 250 } })).toBe(true);
  });

  it('tells the kinds of logs apart', () => {
    expect(entryPasses('kind=error', {}, 'error')).toBe(true);
    expect(entryPasses('kind=error', {}, 'app')).toBe(false);
  });

  it('rules out only what it can judge', () => {
    // An error has no status, but it may have a path.
    expect(mayConcern('status>=500', { message: 'boom' })).toBe(true);
    expect(mayConcern('not status>=500', { message: 'boom' })).toBe(true);
    const onUsers = { event: { kind: 'request-error', target: '/users/7' } };
    expect(mayConcern('status>=500 and path~^/users/', onUsers)).toBe(true);
    expect(mayConcern('status>=500 and path~^/orders/', onUsers)).toBe(false);
    expect(mayConcern('not path~^/users/ or status=1', onUsers)).toBe(true);
    expect(mayConcern('not (path~^/users/ or status=1)', onUsers)).toBe(false);
    expect(mayConcern('request_id=abc', { message: 'boom' })).toBe(false);
    expect(mayConcern('level>=error', { level: 'info' })).toBe(false);
  });
});
