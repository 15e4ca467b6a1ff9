import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import { type NotifiableAlert, Notifier, notifySchema } from '../../src/alerts/notices/index.ts';
import { startAlertmanager } from '../support/alertmanager.ts';
import { cleanUp } from '../support/cleanup.ts';
import { request } from '../support/http.ts';
import { startReceiver } from '../support/receivers.ts';
import { until } from '../support/wait.ts';

afterEach(cleanUp);

/** A moment in the second before: Alertmanager leaves zeros at the end of a fraction out, and takes an end to come for no end. */
const wholeMilliseconds = (ms: number): number => Math.floor(ms / 1000) * 1000 - 1000 + 123;

describe('a real Alertmanager', () => {
  it('takes an alert from gtop, hears of it again, and delivers firing and resolved', async () => {
    const sink = await startReceiver();
    const endpoint = await startAlertmanager(sink);
    const lines: string[] = [];
    const notifier = new Notifier({
      channels: v.parse(notifySchema, { am: { type: 'alertmanager', url: `http://127.0.0.1:${endpoint.port}` } }),
      log: ({ text }) => lines.push(text),
    });
    const startsAtMs = wholeMilliseconds(Date.now()) - 30_000;
    const alert: NotifiableAlert = {
      name: 'HighErrorRate',
      severity: 'critical',
      state: 'firing',
      labels: { path: 'say "hi"\n', 'bad-name': 'x' },
      annotations: { summary: '5xx 12 % > 5 %' },
      value: 0.12,
      threshold: 0.05,
      startsAtMs,
      endsAtMs: null,
      fingerprint: '00c0ffee00c0ffee',
    };
    const sent = () => notifier.status().channels[0]?.sent;

    let nowMs = Date.now();
    notifier.update([alert], nowMs);
    notifier.tick(nowMs + 1000);
    await until('sent once', () => sent() === 1);
    const [firing] = await until('the sink hears of it', () => sink.received.length === 1 && sink.received);
    expect(firing?.json).toMatchObject({
      status: 'firing',
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'HighErrorRate', severity: 'critical', path: 'say "hi"\\x0a', bad_name: 'x' },
          annotations: { summary: '5xx 12 % > 5 %' },
          startsAt: new Date(startsAtMs).toISOString(),
        },
      ],
    });

    const endOf = async () => JSON.parse((await request(endpoint, '/api/v2/alerts')).body)[0].endsAt;
    const firstEnd = await endOf();
    nowMs += 60_000;
    notifier.update([alert], nowMs);
    notifier.tick(nowMs + 1000);
    await until('sent again', () => sent() === 2);
    expect(Date.parse(await endOf()) - Date.parse(firstEnd)).toBe(60_000);

    const endsAtMs = wholeMilliseconds(Date.now());
    notifier.update([{ ...alert, state: 'resolved', endsAtMs }], nowMs + 2000);
    notifier.tick(nowMs + 3000);
    const end = await until('the sink hears of the end', () =>
      sink.received.find(({ json }) => json.status === 'resolved'),
    );
    expect(end.json.alerts).toMatchObject([{ status: 'resolved', endsAt: new Date(endsAtMs).toISOString() }]);
    // The repetition was news to nobody.
    expect(sink.received.map(({ json }) => json.status)).toEqual(['firing', 'resolved']);
    expect(lines).toEqual([]);
    await notifier.close(1000);
  });
});
