/** A real Prometheus on 127.0.0.1, asked through its API. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { onCleanup, temporaryFolder } from './cleanup.ts';
import { freePort } from './gunicorn.ts';
import { request } from './http.ts';
import { until } from './wait.ts';

export interface StoredSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface RunningPrometheus {
  /** An instant query. @throws with what Prometheus says of it. */
  query(expr: string): Promise<readonly StoredSample[]>;
  /** Lines of its log at level warn or worse. */
  complaints(): readonly string[];
}

/**
 * Starts it with one job `gtop` that scrapes the target every second; the first scrape comes some 5 s later.
 * @param ruleFiles evaluated every second.
 */
export async function startPrometheus(target: string, ruleFiles: readonly string[] = []): Promise<RunningPrometheus> {
  const folder = temporaryFolder();
  const config = join(folder, 'prometheus.yml');
  const jobs = [{ job_name: 'gtop', static_configs: [{ targets: [target] }] }];
  const global = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' };
  writeFileSync(config, stringify({ global, scrape_configs: jobs, rule_files: ruleFiles }));
  const endpoint = { host: '127.0.0.1', port: await freePort() };
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${endpoint.port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk;
  });
  onCleanup(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  });
  await until(
    'Prometheus is ready',
    async () => {
      if (child.exitCode !== null) throw new Error(`Prometheus has ended\n${log}`);
      return (await request(endpoint, '/-/ready').catch(() => null))?.status === 200;
    },
    20_000,
  );
  return {
    async query(expr) {
      const { body } = await request(endpoint, `/api/v1/query?query=${encodeURIComponent(expr)}`);
      const answer = JSON.parse(body);
      if (answer.status !== 'success') throw new Error(`${expr}: ${answer.error}`);
      return answer.data.result.map(
        ({ metric, value }: { metric: Record<string, string>; value: [number, string] }) => {
          const { __name__: name = '', ...labels } = metric;
          return { name, labels, value: Number(value[1]) };
        },
      );
    },
    complaints: () => log.split('\n').filter((line) => /level=(warn|error)/.test(line)),
  };
}
