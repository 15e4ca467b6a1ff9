/** The rule file of the examples in gtop and in a real Prometheus that scrapes it: both must tell of one incident. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { AlertRow } from '../../src/model/snapshot.ts';
import { startAlertmanager } from '../support/alertmanager.ts';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { promtool, RunningServe } from '../support/exporter.ts';
import { type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { startPrometheus } from '../support/prometheus.ts';
import { startReceiver } from '../support/receivers.ts';
import { until } from '../support/wait.ts';

afterEach(cleanUp);

const RULES = fileURLToPath(new URL('../../examples/rules/gunicorn.yml', import.meta.url));
const ALERT = 'GunicornErrorBurst';

const alertsOf = async (gtop: RunningServe): Promise<readonly AlertRow[]> =>
  JSON.parse((await gtop.get('/snapshot')).body).alerts;

/** Requests with this status until `isEnough`, some twenty a second. */
async function requestsUntil(gunicorn: RunningGunicorn, status: number, isEnough: () => Promise<boolean>) {
  await until(
    `enough requests answered with ${status}`,
    async () => {
      for (let count = 0; count < 5; count++) await gunicorn.request(`/status/${status}`);
      await sleep(150);
      return isEnough();
    },
    60_000,
  );
}

it('the same rules fire for the same incident, and Alertmanager hears of it from gtop', async () => {
  expect(await promtool(['rules', RULES])).toBe('');
  const sink = await startReceiver();
  const alertmanager = await startAlertmanager(sink);
  const gunicorn = await startGunicorn({ workers: 2 });
  const config = join(temporaryFolder(), 'config.yaml');
  const url = `http://127.0.0.1:${alertmanager.port}`;
  writeFileSync(
    config,
    stringify({ rules: [RULES], alerts: { interval: '1s' }, notify: { am: { type: 'alertmanager', url } } }),
  );
  const watched = ['--pid', gunicorn.pidFile, '--log', gunicorn.accessLog, '--error-log', gunicorn.errorLog];
  const gtop = await new RunningServe(['--config', config, ...watched]).listening();
  const prometheus = await startPrometheus(gtop.target, [RULES]);
  await until('its first scrape', async () => (await prometheus.query('up == 1')).length === 1, 20_000);

  const inGtop = async () => (await alertsOf(gtop)).find(({ name }) => name === ALERT);
  const inPrometheus = async () => prometheus.query(`ALERTS{alertname="${ALERT}", alertstate="firing"}`);
  // Counters that grow are seen only from their second sample on.
  await gunicorn.request('/status/500');
  await until('the counter of errors is stored', async () => {
    const stored = await prometheus.query('sum(gunicorn_errors_total)');
    return stored[0]?.value === 1;
  });
  await requestsUntil(gunicorn, 500, async () => {
    const [row, stored] = await Promise.all([inGtop(), inPrometheus()]);
    return row?.state === 'firing' && stored.length === 1;
  });
  const row = await inGtop();
  expect(row).toMatchObject({
    severity: 'critical',
    source: 'rules',
    threshold: 0.5,
    labels: { severity: 'critical' },
    summary: expect.stringMatching(/^[\d.]+% of the requests of the last minute failed$/),
  });
  const [stored] = await prometheus.query(`ALERTS_FOR_STATE{alertname="${ALERT}"}`);
  // Both look once a second at the same counters, though not at the same moment.
  expect(Math.abs((stored?.value ?? 0) * 1000 - Date.parse(row?.since ?? ''))).toBeLessThan(10_000);

  const heard = (status: string) =>
    sink.received
      .flatMap(({ json }) => json.alerts)
      .find(({ labels, status: said }) => labels.alertname === ALERT && said === status);
  const firing = await until('Alertmanager tells that it fires', () => heard('firing'), 60_000);
  expect(firing).toMatchObject({
    labels: { alertname: ALERT, severity: 'critical' },
    annotations: { summary: expect.stringContaining('of the requests of the last minute failed') },
  });
  expect(Date.parse(firing.startsAt)).toBe(Date.parse(row?.since ?? ''));
  await until('what was sent where', async () => (await inGtop())?.notices[0]?.delivered === 'firing');

  await requestsUntil(gunicorn, 200, async () => {
    const [calm, left] = await Promise.all([inGtop(), inPrometheus()]);
    return calm?.state === 'resolved' && left.length === 0;
  });
  await until('Alertmanager tells that it has resolved', () => heard('resolved'), 60_000);
  const { alertHistory } = JSON.parse((await gtop.get('/snapshot')).body);
  expect(alertHistory.find(({ name }: AlertRow) => name === ALERT)).toMatchObject({
    from: row?.since,
    to: expect.any(String),
    seconds: expect.any(Number),
  });
  expect(prometheus.complaints()).toEqual([]);
  expect(gtop.stderr).not.toContain('cannot be evaluated');
}, 180_000);
