/** What real Gunicorns send by StatsD, and what else comes to an open port. */
import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { StatsdTotals } from '../../src/model/statsd.ts';
import { openStatsd } from '../../src/sources/statsd/index.ts';
import { cleanUp, onCleanup, temporaryFolder } from '../support/cleanup.ts';
import { type GunicornVersion, startGunicorn } from '../support/gunicorn.ts';
import { takeSnapshot } from '../support/snapshot.ts';
import { until } from '../support/wait.ts';

afterEach(cleanUp);

/** Listens on a free port and folds what comes. */
async function listen() {
  const totals = new StatsdTotals();
  const source = await openStatsd({ host: '127.0.0.1', port: 0 }, (metric) => totals.add(metric, Date.now()));
  onCleanup(() => source.close());
  return { source, address: source.fact().address, info: () => totals.info(source.fact(), Date.now()) };
}

function sendTo(address: string, ...packets: (string | Buffer)[]): Promise<unknown> {
  const socket = createSocket('udp4');
  const port = Number(address.split(':')[1]);
  const sent = packets.map((packet) => new Promise((resolve) => socket.send(packet, port, '127.0.0.1', resolve)));
  return Promise.all(sent).finally(() => socket.close());
}

describe.each<GunicornVersion>(['26', '20.1'])('Gunicorn %s', (version) => {
  it('sends as many requests as it has served, with their statuses and times', async () => {
    const { address, info } = await listen();
    const gunicorn = await startGunicorn({
      version,
      workers: 2,
      extraArgs: ['--statsd-host', address, '--statsd-prefix', 'web1', '--dogstatsd-tags', 'shop:north,rack:7'],
    });
    for (let count = 0; count < 20; count++) await gunicorn.request('/users/7');
    await gunicorn.request('/status/404');
    await gunicorn.request('/sleep/0.3');
    await gunicorn.request('/raise');
    await until('an error was logged', () => info().logs.exception + info().logs.error > 0);
    // HEAD /ready of the start is one of them.
    const served = info().codes;
    expect(served['404']).toBe(1);
    expect(served['500']).toBe(1);
    expect(served['200']).toBeGreaterThanOrEqual(22);
    expect(info()).toMatchObject({ foreign: 0, rejected: 0, error: null });
    expect(info().requestsTotal).toBe(Object.values(served).reduce((sum, count) => sum + count, 0));
    expect(info().p95Seconds).toBeLessThan(0.3);
    gunicorn.signal('SIGTTIN');
    await until('the number of workers', () => info().workers === 3);
  });
});

describe('an open StatsD port', () => {
  it('counts rubbish and goes on', async () => {
    const { address, info } = await listen();
    const noise = Buffer.from(Array.from({ length: 1400 }, (_, index) => (index * 7919) % 256));
    await sendTo(address, noise, 'gunicorn.requests', 'gunicorn.requests:abc|c', ':|', '\n\n', 'orders:3|c', '');
    await sendTo(address, 'gunicorn.requests:1|c|@1.0\nweb1.gunicorn.request.status.200:1|c\n');
    await until('the good one', () => info().requestsTotal === 1);
    expect(info().codes).toEqual({ '200': 1 });
    expect(info().foreign).toBe(1);
    expect(info().rejected).toBeGreaterThanOrEqual(4);
  });

  it('that is taken is one clear sentence, and everything else goes on', async () => {
    const { address } = await listen();
    const log = join(temporaryFolder(), 'access.log');
    writeFileSync(log, '');
    const { statsd, traffic } = await takeSnapshot(['--log', log, '--statsd', address]);
    expect(statsd).toMatchObject({ address, error: 'address already in use', packets: 0, requestsPerSecond: null });
    expect(traffic.requestsTotal).toBe(0);
  });
});

describe('gtop with --statsd', () => {
  it('keeps what comes that way out of the traffic of the access log', async () => {
    const { address, source } = await listen();
    source.close();
    // Its access log goes nowhere: gtop would find and read it.
    const extraArgs = ['--statsd-host', address, '--access-logfile', '/dev/null'];
    const gunicorn = await startGunicorn({ workers: 1, extraArgs });
    const asking = setInterval(() => void gunicorn.request('/').catch(() => {}), 50);
    onCleanup(() => clearInterval(asking));
    const { statsd, traffic, verdict } = await takeSnapshot(['--pid', gunicorn.pidFile, '--statsd', address]);
    expect(statsd?.requestsTotal).toBeGreaterThan(0);
    expect(traffic.requestsTotal).toBe(0);
    expect(verdict.causes.map(({ kind }) => kind)).toContain('no-access-log');
  });
});
