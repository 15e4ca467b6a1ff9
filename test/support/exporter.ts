/** A running `gtop serve`, what it exposes, and the programs that say whether that is as it must be. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onCleanup } from './cleanup.ts';
import { cleanEnvironment, gtopCommand } from './cli.ts';
import { type Answer, type Endpoint, type RequestOptions, request } from './http.ts';
import { until } from './wait.ts';

export const OPEN_METRICS = { accept: 'application/openmetrics-text' };

export class RunningServe {
  readonly child: ChildProcess;
  readonly #err: Buffer[] = [];
  readonly #ended: Promise<unknown>;

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const [program, ...rest] = gtopCommand(['serve', '--listen', '127.0.0.1:0', ...args]);
    this.child = spawn(program, rest, { env: cleanEnvironment(env), stdio: ['ignore', 'ignore', 'pipe'] });
    this.child.stderr?.on('data', (chunk: Buffer) => this.#err.push(chunk));
    this.#ended = once(this.child, 'close');
    onCleanup(() => {
      this.child.kill('SIGKILL');
    });
  }

  get stderr(): string {
    return Buffer.concat(this.#err).toString();
  }

  get endpoint(): Endpoint {
    const port = /listening on http:\/\/127\.0\.0\.1:(\d+):/.exec(this.stderr)?.[1];
    if (port === undefined) throw new Error(`gtop does not listen yet\n${this.stderr}`);
    return { host: '127.0.0.1', port: Number(port) };
  }

  /** `127.0.0.1:10913` */
  get target(): string {
    return 'port' in this.endpoint ? `127.0.0.1:${this.endpoint.port}` : '';
  }

  async listening(): Promise<this> {
    await until('gtop listens', () => {
      if (this.child.exitCode !== null) throw new Error(`gtop has ended\n${this.stderr}`);
      return this.stderr.includes('listening on');
    });
    return this;
  }

  get(path: string, options: RequestOptions = {}): Promise<Answer> {
    return request(this.endpoint, path, options);
  }

  async metrics(headers: Readonly<Record<string, string>> = {}): Promise<string> {
    return (await this.get('/metrics', { headers })).body;
  }

  /** Series as they stand in the text format → value. */
  async series(): Promise<ReadonlyMap<string, number>> {
    return parseSeries(await this.metrics());
  }

  /** Waits until a series has the value, or another that passes. */
  async waitFor(series: string, passes: (value: number | undefined) => boolean): Promise<ReadonlyMap<string, number>> {
    return until(series, async () => {
      const all = await this.series();
      return passes(all.get(series)) ? all : null;
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends it by a signal. @returns its exit code, null when the signal did. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    await this.#ended;
    return this.child.exitCode;
  }
}

export function parseSeries(text: string): ReadonlyMap<string, number> {
  const series = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const end = line.lastIndexOf(' ');
    series.set(line.slice(0, end), Number(line.slice(end + 1).replace('Inf', 'Infinity')));
  }
  return series;
}

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; the traffic of the test goes on meanwhile. */
function run(program: string, args: readonly string[], input: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe' });
    const [out, err]: Buffer[][] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** What `promtool check …` complains of; empty when nothing. */
export async function promtool(args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await run('promtool', ['check', ...args], input);
  return code === 0 && stderr === '' ? '' : `promtool ended with ${code}\n${stdout}${stderr}`;
}

const PARSE = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
print(json.dumps([[s.name, s.labels, s.value] for f in parse(sys.stdin.buffer.read().decode()) for s in f.samples]))
`;

export type ParsedSample = readonly [name: string, labels: Readonly<Record<string, string>>, value: number];

/** Samples as the strict parser of Prometheus' Python client reads them. @throws with its complaint. */
export async function parseOpenMetrics(text: string): Promise<readonly ParsedSample[]> {
  const { code, stdout, stderr } = await run('/usr/bin/python3', ['-c', PARSE], text);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
