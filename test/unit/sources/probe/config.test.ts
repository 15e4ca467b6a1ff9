import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { parseDocument, stringify } from 'yaml';
import { endpointsForFile, endpointsSchema } from '../../../../src/sources/app-metrics/config.ts';
import { probesForFile, probesSchema } from '../../../../src/sources/probe/config.ts';

const fromYaml = (text: string): unknown => parseDocument(text).toJS();
const probes = (text: string) => v.parse(probesSchema, fromYaml(text));
const endpoints = (text: string) => v.parse(endpointsSchema, fromYaml(text));

/** `place: what is wrong`. */
function complaint(schema: v.GenericSchema<unknown>, text: string): string {
  const result = v.safeParse(schema, fromYaml(text));
  if (result.success) return 'accepted';
  const [issue] = result.issues;
  return `${(issue.path ?? []).map(({ key }) => String(key)).join('.')}: ${issue.message}`;
}

const SCHEDULE = { intervalSeconds: 10, timeoutSeconds: 3, initialDelaySeconds: 0, failures: 3, successes: 1 };
const HTTP = { kind: 'http', socket: null, host: null, statuses: ['2xx'], json: {}, ...SCHEDULE };

describe('the section probes', () => {
  it('is a map by name, an address alone will do', () => {
    expect(
      probes('{ web: "http://127.0.0.1:8000/health", db: "tcp://127.0.0.1:5432", cache: "unix:/run/redis.sock" }'),
    ).toEqual([
      { name: 'web', url: 'http://127.0.0.1:8000/health', ...HTTP },
      { name: 'db', kind: 'tcp', address: '127.0.0.1:5432', ...SCHEDULE },
      { name: 'cache', kind: 'tcp', address: 'unix:/run/redis.sock', ...SCHEDULE },
    ]);
  });

  it('takes every setting, in each way of spelling', () => {
    const text = `
      - name: web
        url: http://localhost/health
        socket: /run/gunicorn.sock
        host: shop.example.org
        status: [200, 3XX]
        json: { status: ok, db.pool: 3, ready: true }
        interval: 30s
        timeout: 500ms
        initial_delay: 1m
        failures: 5
        successes: 2
      - { name: db, tcp: "127.0.0.1:5432", initialDelay: 5 }
    `;
    expect(probes(text)).toEqual([
      {
        kind: 'http',
        name: 'web',
        url: 'http://localhost/health',
        socket: '/run/gunicorn.sock',
        host: 'shop.example.org',
        statuses: ['200', '3xx'],
        json: { status: 'ok', 'db.pool': 3, ready: true },
        intervalSeconds: 30,
        timeoutSeconds: 0.5,
        initialDelaySeconds: 60,
        failures: 5,
        successes: 2,
      },
      { name: 'db', kind: 'tcp', address: '127.0.0.1:5432', ...SCHEDULE, initialDelaySeconds: 5 },
    ]);
  });

  it('is printed in a form that gives the same probes', () => {
    const text =
      '{ web: { url: "http://x/", socket: /run/x, json: { a: 1 } }, db: { tcp: "[::1]:5432", interval: 1h } }';
    const once = probes(text);
    expect(probes(stringify(probesForFile(once)))).toEqual(once);
  });

  it('is printed without the query of a URL, which may hold a token', () => {
    const text = '{ web: "http://127.0.0.1:8000/health?token=hunter2" }';
    expect(probesForFile(probes(text))).toMatchObject({ web: { url: 'http://127.0.0.1:8000/health?<secret>' } });
    expect(endpointsForFile(endpoints(text))).toMatchObject({ web: { url: 'http://127.0.0.1:8000/health?<secret>' } });
  });

  it.each([
    ['3', ': must be a map of probes, each with a url or a tcp address'],
    ['{ web: }', 'web: needs a url or a tcp address, one of them'],
    ['{ web: { url: "http://x/", tcp: "x:1" } }', 'web: needs a url or a tcp address, one of them'],
    ['{ web: "ftp://x/" }', 'web.url: must be an address like http://127.0.0.1:8000/health'],
    ['{ web: "not one" }', 'web.url: must be an address like http://127.0.0.1:8000/health'],
    ['{ web: "http://me:secret@x/" }', 'web.url: must not hold a login: it would show on the screen'],
    ['{ web: { url: "http://x/", interval: 0 } }', 'web.interval: must be a time from 1s to 86400s, like 10s'],
    ['{ web: { url: "http://x/", timeout: soon } }', 'web.timeout: must be a time from 0.1s to 300s, like 10s'],
    ['{ web: { url: "http://x/", failures: 1.5 } }', 'web.failures: must be a whole number from 1 to 100'],
    ['{ web: { url: "http://x/", status: 700 } }', 'web.status: must be a status like 200 or 2xx, or a list of them'],
    ['{ web: { url: "http://x/", status: [] } }', 'web.status: must be a status like 200 or 2xx, or a list of them'],
    [
      '{ web: { url: "http://x/", host: "a b" } }',
      'web.host: must be a name for the Host header, like shop.example.org',
    ],
    [
      '{ web: { url: "http://x/", socket: rel } }',
      'web.socket: must be the path of a unix socket, like /run/gunicorn.sock',
    ],
    ['{ db: { tcp: nonsense } }', 'db.tcp: must be an address like 127.0.0.1:5432 or unix:/run/redis.sock'],
    ['[{ url: "http://x/" }]', ': each needs a name of letters, digits, dot, dash and _, at most 64'],
    ['{ "a b": "http://x/" }', ': each needs a name of letters, digits, dot, dash and _, at most 64'],
    ['{ constructor: "http://x/" }', ': each needs a name of letters, digits, dot, dash and _, at most 64'],
    ['[{ name: a, url: "http://x/" }, { name: a, url: "http://y/" }]', ': two have the same name'],
  ])('refuses %s', (text, said) => expect(complaint(probesSchema, text)).toBe(said));

  it('names a setting that there is not, and never quotes a value', () => {
    expect(complaint(probesSchema, '{ web: { url: "http://x/", intervall: secret } }')).toBe(
      'web.intervall: takes url, socket, host, status, json, interval, timeout, initial-delay, failures, successes',
    );
    expect(complaint(probesSchema, '{ web: "http://me:secret@x/" }')).not.toContain('secret');
  });

  it('is bounded', () => {
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`p${index}`, 'http://x/']));
    expect(complaint(probesSchema, stringify(many))).toBe(': takes at most 50');
  });
});

describe('the section metrics-endpoints', () => {
  it('is a map of addresses, or of settings', () => {
    const common = { socket: null, host: null, intervalSeconds: 10, timeoutSeconds: 3 };
    expect(
      endpoints('{ shop: "http://127.0.0.1:9100/metrics", jobs: { url: "http://x/stats", interval: 1m } }'),
    ).toEqual([
      { name: 'shop', url: 'http://127.0.0.1:9100/metrics', ...common },
      { name: 'jobs', url: 'http://x/stats', ...common, intervalSeconds: 60 },
    ]);
  });

  it('is printed in a form that gives the same endpoints', () => {
    const once = endpoints('[{ name: shop, url: "http://x/m", socket: /run/x, host: y }]');
    expect(endpoints(stringify(endpointsForFile(once)))).toEqual(once);
  });

  it.each([
    ['{ shop: }', 'shop.url: needs a url, and takes socket, host, interval, timeout'],
    ['{ shop: "x y" }', 'shop.url: must be an address like http://127.0.0.1:8000/health'],
    ['{ shop: { url: "http://x/", path: / } }', 'shop.path: needs a url, and takes socket, host, interval, timeout'],
    ['soon', ': must be a map of endpoints, each with a url'],
  ])('refuses %s', (text, said) => expect(complaint(endpointsSchema, text)).toBe(said));
});
