/** A real Alertmanager on 127.0.0.1. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { onCleanup, temporaryFolder } from './cleanup.ts';
import { request } from './http.ts';
import { closedPort, type Receiver } from './receivers.ts';
import { until } from './wait.ts';

/** Starts one that tells a webhook of everything at once. @returns its address. */
export async function startAlertmanager(sink: Receiver): Promise<{ readonly host: string; readonly port: number }> {
  const folder = temporaryFolder();
  const config = join(folder, 'am.yml');
  writeFileSync(
    config,
    stringify({
      route: {
        receiver: 'sink',
        group_by: ['alertname'],
        group_wait: '0s',
        group_interval: '1s',
        repeat_interval: '1h',
      },
      receivers: [{ name: 'sink', webhook_configs: [{ url: sink.url, send_resolved: true }] }],
    }),
  );
  const endpoint = { host: '127.0.0.1', port: await closedPort() };
  const child = spawn(
    'prometheus-alertmanager',
    [
      `--config.file=${config}`,
      `--storage.path=${folder}`,
      `--web.listen-address=${endpoint.host}:${endpoint.port}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  );
  await once(child, 'spawn');
  const ended = once(child, 'exit');
  onCleanup(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const isReady = () =>
    request(endpoint, '/-/ready').then(
      ({ status }) => status === 200,
      () => false,
    );
  await until('Alertmanager is ready', isReady, 30_000);
  return endpoint;
}
