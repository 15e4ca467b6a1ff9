import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp } from '../../../../support/cleanup.ts';
import { startReceiver } from '../../../../support/receivers.ts';
import { alertOf, resolved, START } from '../alerts.ts';
import { batchOf, send } from './send.ts';

afterEach(cleanUp);

async function bodyOf(batch = batchOf()) {
  const { url, received } = await startReceiver();
  await send({ type: 'webhook', url }, { batch });
  return received[0]?.json;
}

describe("Alertmanager's webhook body", () => {
  it('of one alert', async () => {
    expect(await bodyOf()).toEqual({
      version: '4',
      groupKey: '{}:{alertname="HighErrorRate"}',
      truncatedAlerts: 0,
      status: 'firing',
      receiver: 'ops',
      groupLabels: { alertname: 'HighErrorRate' },
      commonLabels: { alertname: 'HighErrorRate', severity: 'critical', instance: 'web-1' },
      commonAnnotations: { summary: 'HighErrorRate happened' },
      externalURL: 'http://web-1:9180',
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'HighErrorRate', severity: 'critical', instance: 'web-1' },
          annotations: { summary: 'HighErrorRate happened' },
          startsAt: '2026-11-21T12:00:00.000Z',
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: 'http://web-1:9180',
          fingerprint: 'fp-HighErrorRate',
        },
      ],
    });
  });

  it('of several fires while one of them does, and holds in common what all have', async () => {
    const alerts = [resolved(alertOf('A'), START + 60_000), alertOf('B', { severity: 'warning' })];
    const body = await bodyOf(batchOf({ alerts }));
    expect(body).toMatchObject({ status: 'firing', groupKey: '{}:{}', groupLabels: {} });
    expect(body).toMatchObject({ commonLabels: { instance: 'web-1' }, commonAnnotations: {} });
    expect(body.alerts).toMatchObject([
      { status: 'resolved', endsAt: '2026-11-21T12:01:00.000Z' },
      { status: 'firing', endsAt: '0001-01-01T00:00:00Z' },
    ]);
  });

  it('of what has ended is resolved', async () => {
    const alerts = [resolved(alertOf('A'), START + 60_000)];
    expect(await bodyOf(batchOf({ alerts }))).toMatchObject({ status: 'resolved' });
  });

  it('bears the name of the rule and the severity of its labels', async () => {
    const alerts = [alertOf('A', { labels: { alertname: 'another', severity: 'page' } })];
    expect((await bodyOf(batchOf({ alerts }))).alerts[0].labels).toEqual({ alertname: 'A', severity: 'page' });
  });

  it('quotes a name in the group key', async () => {
    const alerts = [alertOf('say "hi"')];
    expect((await bodyOf(batchOf({ alerts }))).groupKey).toBe('{}:{alertname="say \\"hi\\""}');
  });
});
