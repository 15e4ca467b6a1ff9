/** A real Prometheus on 127.0.0.1, asked through its API. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { onCleanup, temporaryFolder } from './cleanup.ts';
import { freePort } from './gunicorn.ts';
import { type Endpoint, request } from './http.ts';
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
  const jobs = [{ job_name: 'gtop', static_configs: [{ targets: [target] }] }];
  const global = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' };
  const { endpoint, log } = await launch({ global, scrape_configs: jobs, rule_files: ruleFiles });
  return {
    async query(expr) {
      const { result } = await queryOf(endpoint, expr);
      return (result as ApiSample[]).map(({ metric, value }) => {
        const { __name__: name = '', ...labels } = metric;
        return { name, labels, value: Number(value[1]) };
      });
    },
    complaints: () =>
      log()
        .split('\n')
        .filter((line) => /level=(warn|error)/.test(line)),
  };
}

/** One that holds these samples, in the text of OpenMetrics with a time in each line, and scrapes nothing. */
export async function startPrometheusOver(
  samples: string,
): Promise<(expr: string, atSeconds: number) => Promise<ApiData>> {
  const folder = temporaryFolder();
  const [text, data] = [join(folder, 'samples.om'), join(folder, 'data')];
  mkdirSync(data);
  writeFileSync(text, samples);
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', text, data], { stdio: 'ignore' });
  const { endpoint } = await launch({}, data);
  return (expr, atSeconds) => queryOf(endpoint, expr, atSeconds);
}

interface ApiSample {
  readonly metric: Record<string, string>;
  readonly value: readonly [seconds: number, value: string];
}

/** What `/api/v1/query` answers: of a vector its samples, of a scalar the one value. */
export interface ApiData {
  readonly resultType: string;
  readonly result: readonly ApiSample[] | ApiSample['value'];
}

/** @throws with what Prometheus says of the expression. */
async function queryOf(endpoint: Endpoint, expr: string, atSeconds?: number): Promise<ApiData> {
  const time = atSeconds === undefined ? '' : `&time=${atSeconds}`;
  const { body } = await request(endpoint, `/api/v1/query?query=${encodeURIComponent(expr)}${time}`);
  const answer = JSON.parse(body);
  if (answer.status !== 'success') throw new Error(`${expr}: ${answer.error}`);
  return answer.data;
}

async function launch(
  settings: object,
  data = join(temporaryFolder(), 'data'),
): Promise<{ endpoint: { host: string; port: number }; log: () => string }> {
  const config = join(temporaryFolder(), 'prometheus.yml');
  writeFileSync(config, stringify(settings));
  const endpoint = { host: '127.0.0.1', port: await freePort() };
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      // Samples of tests may be of 1970.
      '--storage.tsdb.retention.time=100y',
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
  return { endpoint, log: () => log };
}
