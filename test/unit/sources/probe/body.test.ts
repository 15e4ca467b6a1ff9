import { describe, expect, it } from 'vitest';
import { fieldAt, readHealthBody } from '../../../../src/sources/probe/body.ts';
import { levelOf } from '../../../../src/sources/probe/words.ts';

const read = (body: unknown) => readHealthBody(typeof body === 'string' ? body : JSON.stringify(body));
const levels = (body: unknown) => read(body).checks.map(({ name, level }) => `${name} ${level}`);

describe('the words of health answers', () => {
  it.each([
    ['ok', 'ok'],
    ['UP', 'ok'],
    ['Healthy', 'ok'],
    ['connected', 'ok'],
    ['ok (12 ms)', 'ok'],
    ['pass', 'ok'],
    ['warn', 'degraded'],
    ['slow: 210 ms', 'degraded'],
    ['unhealthy', 'error'],
    ['error: connection refused', 'error'],
    ['disconnected', 'error'],
    ['not ready', 'error'],
    ['not connected', 'error'],
    ['not degraded', 'error'],
    ['false', 'error'],
    ['starting', 'unknown'],
    ['okra', 'unknown'],
    ['', 'unknown'],
    ['not failing', 'unknown'],
  ])('%s is %s', (word, level) => expect(levelOf(word)).toBe(level));
});

describe('a health answer', () => {
  it('of the form {status, checks: {name: {status, message}}}', () => {
    const health = read({
      status: 'unhealthy',
      checks: { database: { status: 'unhealthy', message: 'no route to host' }, cache: { status: 'healthy' } },
    });
    expect(health).toMatchObject({ level: 'error', word: 'unhealthy' });
    expect(health.checks).toEqual([
      { name: 'database', status: 'unhealthy', level: 'error', message: 'no route to host' },
      { name: 'cache', status: 'healthy', level: 'ok', message: null },
    ]);
  });

  it('of the form {status, services: {name: text}}', () => {
    const health = read({ status: 'ok', services: { database: 'connected', redis: 'error: connection refused' } });
    expect(health.checks).toEqual([
      { name: 'database', status: 'connected', level: 'ok', message: null },
      { name: 'redis', status: 'error', level: 'error', message: 'connection refused' },
    ]);
    // It says ok of the whole: it lives, and a part of it does not.
    expect(health.level).toBe('degraded');
  });

  it('as others write them: Spring, health+json, a list, truths', () => {
    expect(levels({ status: 'UP', components: { db: { status: 'UP' }, disk: { status: 'DOWN' } } })).toEqual([
      'db ok',
      'disk error',
    ]);
    expect(levels({ status: 'pass', checks: { 'db:time': [{ status: 'warn', output: 'late' }] } })).toEqual([
      'db:time degraded',
    ]);
    expect(levels({ checks: [{ name: 'db', status: 'ok' }, { status: 'fail' }] })).toEqual(['db ok', '1 error']);
    expect(levels({ checks: { db: true, queue: false, depth: 12 } })).toEqual([
      'db ok',
      'queue error',
      'depth unknown',
    ]);
  });

  it('without a word for the whole is as bad as its worst part', () => {
    expect(read({ services: { a: 'ok', b: 'down' } }).level).toBe('error');
    expect(read({ services: { a: 'ok', b: 'starting' } }).level).toBe('ok');
    expect(read({ version: '1.2' }).level).toBeNull();
  });

  it('may be a single word, but a page is no word', () => {
    expect(read('unhealthy\n').level).toBe('error');
    expect(read('error: no database').level).toBe('error');
    expect(read('OK').level).toBe('ok');
    expect(read('"down"').level).toBe('error');
    expect(read('Red wine for sale').level).toBeNull();
    expect(read('<html>error</html>').level).toBeNull();
    expect(read('').level).toBeNull();
    expect(read('{"status": "ok"').level).toBeNull();
  });

  it('is bounded in every part, whoever wrote it', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`part${index}`, 'ok']));
    expect(read({ status: 'ok', checks: many }).checks).toHaveLength(50);
    const long = 'x'.repeat(60_000);
    const { word, checks } = read({ status: long, checks: { [long]: { status: long, message: long } } });
    for (const text of [word, checks[0]?.name, checks[0]?.status, checks[0]?.message]) {
      expect(text?.length).toBeLessThanOrEqual(300);
    }
    expect(levels({ status: 1, checks: { a: null, b: [], c: { status: {} }, d: 3 } })).toEqual([
      'a unknown',
      'b unknown',
      'c unknown',
      'd unknown',
    ]);
  });
});

describe('a field of a JSON answer', () => {
  it('is found by its dotted path, and nothing that the language adds', () => {
    const json = { a: { b: [{ c: 'found' }] }, 'x.y': 1, x: { y: 2 } };
    expect(fieldAt(json, 'a.b.0.c')).toBe('found');
    expect(fieldAt(json, 'x.y')).toBe(1);
    expect(fieldAt(json, 'a.z')).toBeUndefined();
    expect(fieldAt(json, 'constructor')).toBeUndefined();
    expect(fieldAt(json, 'a.__proto__')).toBeUndefined();
    expect(fieldAt('text', 'a')).toBeUndefined();
  });
});
