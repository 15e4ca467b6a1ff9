/** Health checks of a real Gunicorn: fine, saturated, gone. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { HttpProbe, ProbeSpec } from '../../src/sources/probe/spec.ts';
import { cleanUp, onCleanup, temporaryFolder } from '../support/cleanup.ts';
import { runGtop } from '../support/cli.ts';
import { engineConfig } from '../support/engine-config.ts';
import { type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { hold } from '../support/held.ts';
import { startReceiver } from '../support/receivers.ts';
import { takeSnapshot } from '../support/snapshot.ts';
import { until } from '../support/wait.ts';

afterEach(cleanUp);

const urlOf = ({ endpoint }: RunningGunicorn, path: string): string =>
  `http://127.0.0.1:${(endpoint as { port: number }).port}${path}`;

const httpProbe = (url: string): HttpProbe => ({
  kind: 'http',
  name: 'web',
  url,
  socket: null,
  host: null,
  statuses: ['2xx'],
  json: {},
  intervalSeconds: 1,
  timeoutSeconds: 1,
  initialDelaySeconds: 0,
  failures: 2,
  successes: 1,
});

/** An engine that watches a Gunicorn's processes and probes it, as the dashboard's does. */
async function watch(gunicorn: RunningGunicorn, probes: readonly ProbeSpec[]): Promise<Engine> {
  const engine = new Engine(engineConfig({ pid: gunicorn.pidFile, probes }));
  onCleanup(() => engine.stop());
  await engine.start();
  return engine;
}

/** The first snapshot that passes. */
const snapshotOf = (engine: Engine, what: string, test: (snapshot: Snapshot) => boolean): Promise<Snapshot> =>
  until(
    what,
    () => {
      const snapshot = engine.snapshot({ windowSeconds: 60, atMs: null });
      return test(snapshot) && snapshot;
    },
    20_000,
  );

const causeOf = ({ verdict }: Snapshot): string | undefined =>
  verdict.causes.find(({ kind }) => kind === 'probe-failed')?.text;

describe('a probe of a real Gunicorn', () => {
  it('tells saturated from down, and down when the master is gone', async () => {
    const gunicorn = await startGunicorn({ workers: 2, timeout: 0 });
    const engine = await watch(gunicorn, [httpProbe(urlOf(gunicorn, '/health'))]);
    await snapshotOf(engine, 'the probe succeeds', ({ health }) => health[0]?.up === true);

    for (let worker = 0; worker < 2; worker++) await hold(gunicorn.endpoint, '/hang');
    const full = await snapshotOf(engine, 'the alert fires', ({ alerts }) =>
      alerts.some(({ name, state }) => name === 'ProbeFailed' && state === 'firing'),
    );
    expect(full.health[0]).toMatchObject({ up: false, status: 'error', error: 'no answer within 1 s' });
    expect(causeOf(full)).toMatch(
      /^web is down: no answer within 1 s · 2 times in a row · saturated rather than down: all 2 workers busy/,
    );

    await gunicorn.stop();
    const gone = await snapshotOf(
      engine,
      'the connection is refused',
      ({ health, masters }) => health[0]?.error === 'connection refused' && masters.length === 0,
    );
    await snapshotOf(
      engine,
      'the verdict says why',
      (snapshot) => causeOf(snapshot)?.includes('the master is gone') === true,
    );
    expect(gone.health[0]?.up).toBe(false);
  });

  it('goes through a unix socket, and its token is not shown', async () => {
    const gunicorn = await startGunicorn({ workers: 1, listen: 'unix' });
    const config = join(temporaryFolder(), 'config.yaml');
    const { socketPath } = gunicorn.endpoint as { socketPath: string };
    writeFileSync(config, `probes: { web: { url: 'http://localhost/health?token=canary', socket: ${socketPath} } }\n`);
    const snapshot = await takeSnapshot(['--config', config, '--log', gunicorn.accessLog]);
    expect(snapshot.health).toMatchObject([
      { name: 'web', up: true, statusCode: 200, target: `http://localhost/health through unix:${socketPath}` },
    ]);
    expect(JSON.stringify(snapshot.health)).not.toContain('canary');
  });
});

describe('gtop --once', () => {
  it('asks probes and endpoints once, whatever their initial delay', async () => {
    const body = {
      status: 'healthy',
      checks: { database: { status: 'healthy' }, cache: { status: 'warn', message: 'slow' } },
    };
    const app = await startReceiver(({ url }, response) => {
      if (url === '/health') response.end(JSON.stringify(body));
      else response.end('# TYPE orders counter\norders_total{shop="north"} 12\nqueue NaN\n');
    });
    const folder = temporaryFolder();
    const [config, log] = [join(folder, 'config.yaml'), join(folder, 'access.log')];
    writeFileSync(log, '');
    writeFileSync(
      config,
      [
        'probes:',
        `  web: { url: '${app.url}/health', initial-delay: 1h }`,
        `  db: 'tcp://127.0.0.1:${app.port}'`,
        `metrics-endpoints: { shop: '${app.url}/metrics' }`,
      ].join('\n'),
    );
    const snapshot = await takeSnapshot(['--config', config, '--log', log]);
    expect(snapshot.health).toMatchObject([
      {
        name: 'web',
        up: true,
        status: 'degraded',
        error: 'cache warn',
        checks: [
          { name: 'database', status: 'healthy', level: 'ok', message: null },
          { name: 'cache', status: 'warn', level: 'degraded', message: 'slow' },
        ],
      },
      { name: 'db', up: true, status: 'ok', statusCode: null },
    ]);
    expect(snapshot.custom).toEqual([
      { source: 'shop', name: 'orders_total', labels: { shop: 'north' }, value: 12 },
      { source: 'shop', name: 'queue', labels: {}, value: null },
    ]);
    expect(snapshot.endpoints).toMatchObject([{ name: 'shop', form: 'prometheus', series: 2, error: null }]);

    const { stdout } = await runGtop(['--once', '--config', config, '--log', log], { env: { COLUMNS: '80' } });
    expect(stdout).toMatch(/cache +▲ warn · slow/);
    expect(stdout).toMatch(/12 +orders_total\{shop=north\}/);
  });
});
