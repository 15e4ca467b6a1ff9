import { describe, expect, it } from 'vitest';
import type { GetOutcome } from '../../../../src/sources/client/get.ts';
import { judge } from '../../../../src/sources/probe/http.ts';

const spec = { statuses: ['2xx'], json: {} };
const answer = (status: number, body: unknown = '', isCut = false): GetOutcome => ({
  ok: true,
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  isCut,
});
const judged = (outcome: GetOutcome, rest: Partial<Parameters<typeof judge>[0]> = {}) =>
  judge({ ...spec, ...rest }, outcome, 0.012);

describe('a probe counts', () => {
  it('a status of the expected class as a success', () => {
    expect(judged(answer(204))).toEqual({
      ok: true,
      status: 'ok',
      statusCode: 204,
      seconds: 0.012,
      error: null,
      isUnanswered: false,
      checks: [],
    });
    expect(judged(answer(302), { statuses: ['200', '3xx'] }).ok).toBe(true);
  });

  it('any other status as a failure, and takes its body apart all the same', () => {
    const failed = judged(answer(503, { status: 'unhealthy', services: { db: 'down' } }));
    expect(failed).toMatchObject({ ok: false, status: 'error', error: 'answers 503: unhealthy', statusCode: 503 });
    expect(failed.checks).toMatchObject([{ name: 'db', level: 'error' }]);
    expect(judged(answer(301)).error).toBe('redirects (301), which is not followed');
    expect(judged(answer(200), { statuses: ['201'] }).ok).toBe(false);
  });

  it('a 200 that says unhealthy as a failure', () => {
    const body = { status: 'unhealthy', checks: { database: { status: 'down' } } };
    expect(judged(answer(200, body))).toMatchObject({
      ok: false,
      status: 'error',
      error: 'says unhealthy: database down',
    });
    expect(judged(answer(200, 'unhealthy\n'))).toMatchObject({ ok: false, error: 'says unhealthy' });
    expect(judged(answer(200, { services: { db: 'refused' } }))).toMatchObject({ ok: false, error: 'db refused' });
  });

  it('degraded as up, with the reason', () => {
    const body = { status: 'ok', checks: { cache: { status: 'down' } } };
    expect(judged(answer(200, body))).toMatchObject({ ok: true, status: 'degraded', error: 'cache down' });
    expect(judged(answer(200, { status: 'warn' }))).toMatchObject({ ok: true, status: 'degraded', error: 'says warn' });
  });

  it('a word that it does not know as unknown, unless the field is the wanted one', () => {
    expect(judged(answer(200, { status: 'starting' }))).toMatchObject({ ok: true, status: 'unknown' });
    expect(judged(answer(200, { status: 'starting' }), { json: { status: 'starting' } }).status).toBe('ok');
  });

  it('a field with another value as a failure', () => {
    const json = { status: 'ok', 'db.connections': 3, 'db.up': true };
    const good = { status: 'ok', db: { connections: 3, up: true } };
    expect(judged(answer(200, good), { json }).ok).toBe(true);
    expect(judged(answer(200, { ...good, status: 'OK!' }), { json }).error).toBe('status is OK!, not ok');
    expect(judged(answer(200, { status: 'ok' }), { json }).error).toBe('db.connections is not there, not 3');
    expect(judged(answer(200, { ...good, db: [] }), { json: { db: 'x' } }).error).toBe('db is a list, not x');
    expect(judged(answer(200, 'ok'), { json }).error).toBe('the answer is not JSON');
    expect(judged(answer(200, '{"status": "ok"', true), { json }).error).toBe('the answer is longer than 64 KiB');
  });

  it('no answer in time, and a gateway without one, as signs of a queue', () => {
    const none = judged({ ok: false, error: 'no answer within 3 s', isUnanswered: true });
    expect(none).toMatchObject({ ok: false, isUnanswered: true, statusCode: null, seconds: null });
    expect(judged(answer(504)).isUnanswered).toBe(true);
    expect(judged(answer(500)).isUnanswered).toBe(false);
    expect(judged({ ok: false, error: 'connection refused', isUnanswered: false }).isUnanswered).toBe(false);
  });
});
