import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp } from '../../../../support/cleanup.ts';
import { startReceiver } from '../../../../support/receivers.ts';
import { alertOf, resolved, START } from '../alerts.ts';
import { batchOf, send } from './send.ts';

afterEach(cleanUp);

async function requestOf(path: string, batch = batchOf()) {
  const { url, received } = await startReceiver();
  expect(await send({ type: 'alertmanager', url: url + path }, { batch })).toEqual({ ok: true });
  return received[0];
}

describe('Alertmanager gets', () => {
  it.each([
    ['', '/api/v2/alerts'],
    ['/', '/api/v2/alerts'],
    ['/am/', '/am/api/v2/alerts'],
    ['/api/v2/alerts', '/api/v2/alerts'],
  ])('an address with the path %j called at %s', async (configured, called) => {
    expect((await requestOf(configured))?.url).toBe(called);
  });

  it('what fires with an end in four minutes, so that it knows when gtop has gone silent', async () => {
    expect((await requestOf(''))?.json).toEqual([
      {
        labels: { alertname: 'HighErrorRate', severity: 'critical', instance: 'web-1' },
        annotations: { summary: 'HighErrorRate happened' },
        startsAt: '2026-11-21T12:00:00.000Z',
        endsAt: '2026-11-21T12:04:01.000Z',
        generatorURL: 'http://web-1:9180',
      },
    ]);
  });

  it('what has resolved with its end', async () => {
    const alerts = [resolved(alertOf('A'), START + 60_000)];
    expect((await requestOf('', batchOf({ alerts })))?.json[0].endsAt).toBe('2026-11-21T12:01:00.000Z');
  });

  it('names that it takes: one that is none would cost the whole message', async () => {
    const alerts = [alertOf('A', { labels: { 'a-b': '1', '2c': '2' }, annotations: { 'x y': 'z' } })];
    expect((await requestOf('', batchOf({ alerts })))?.json[0]).toMatchObject({
      labels: { a_b: '1', _2c: '2' },
      annotations: { x_y: 'z' },
    });
  });
});
