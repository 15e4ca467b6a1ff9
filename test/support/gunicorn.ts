/** Real Gunicorns for tests: the current one from pip, and 20.1 as Debian packages it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onCleanup, temporaryFolder } from './cleanup.ts';
import { type Answer, type Endpoint, type RequestOptions, request } from './http.ts';
import { childrenOf, isAlive, until } from './wait.ts';

export type GunicornVersion = '26' | '20.1';

export interface GunicornOptions {
  readonly version?: GunicornVersion;
  readonly workerClass?: 'sync' | 'gthread';
  readonly workers?: number;
  readonly threads?: number;
  /** Seconds without a heartbeat until the master kills a worker; Gunicorn's own default is 30. */
  readonly timeout?: number;
  /** `null` leaves Gunicorn's default, which has neither duration nor pid. */
  readonly accessLogFormat?: string | null;
  /** The application's URI; modules are looked up in test/fixtures/apps. */
  readonly app?: string;
  readonly listen?: 'tcp' | 'unix';
  readonly extraArgs?: readonly string[];
  /** Where its pid file and logs go; a temporary folder when left out. */
  readonly dir?: string;
  /** A TCP port, where it must be the one of a Gunicorn that ran before; else a free one. */
  readonly port?: number;
  /** Program and arguments in front of Gunicorn's, which must become it by `exec`. */
  readonly under?: readonly string[];
}

export interface RunningGunicorn {
  readonly pid: number;
  readonly dir: string;
  readonly pidFile: string;
  readonly accessLog: string;
  readonly errorLog: string;
  readonly endpoint: Endpoint;
  /** Pids of the living children of the master. */
  workers(): number[];
  /** Sends a signal to the master. */
  signal(signal: NodeJS.Signals): void;
  request(path: string, options?: RequestOptions): Promise<Answer>;
  /** Ends it by SIGTERM, and by SIGKILL what is left after 5 s. */
  stop(): Promise<void>;
}

/** Combined, then the two fields that gtop asks for: microseconds and the worker's pid. */
export const FULL_FORMAT = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(D)s %(p)s';

/** What it prints outside of its logs, in its folder. */
const OUTPUT = 'output.txt';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Starts Gunicorn and resolves once it has answered a request and every worker has booted. That request is in the
 * access log, as `HEAD /ready`. `cleanUp` stops it.
 *
 * @throws with Gunicorn's own words when it ends instead, or does not answer within 20 s.
 */
export async function startGunicorn(options: GunicornOptions = {}): Promise<RunningGunicorn> {
  const { version = '26', workers = 2 } = options;
  const gunicorn = await launchGunicorn(options);
  const { endpoint, errorLog } = gunicorn;
  try {
    await until(
      `Gunicorn ${version} answers`,
      async () => {
        if (!isAlive(gunicorn.pid)) throw new Error(`Gunicorn ${version} has ended`);
        return hasAnswered(endpoint);
      },
      20_000,
    );
    await until(`${workers} workers booted`, () => bootedWorkers(gunicorn) >= workers, 60_000);
  } catch (error) {
    const words = [errorLog, join(gunicorn.dir, OUTPUT)].map((file) =>
      existsSync(file) ? readFileSync(file, 'utf8') : '',
    );
    throw new Error(`${error instanceof Error ? error.message : error}\n${words.join('')}`);
  }
  return gunicorn;
}

/**
 * 20.1 sends what the application gives for a body also behind the head that answers a HEAD: where both are there to be
 * read at once, as on a slow machine, Node calls that an error of the protocol.
 */
const hasAnswered = (endpoint: Endpoint): Promise<boolean> =>
  request(endpoint, '/ready', { method: 'HEAD' }).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code?.startsWith('HPE_') ?? false,
  );

/** As `startGunicorn`, but waits for nothing: this one may well fail to boot. */
export async function launchGunicorn(options: GunicornOptions = {}): Promise<RunningGunicorn> {
  const { version = '26', workerClass = 'sync', workers = 2, threads = 1, timeout = 30, listen = 'tcp' } = options;
  const dir = options.dir ?? temporaryFolder();
  const inDir = (name: string) => join(dir, name);
  const [pidFile, accessLog, errorLog] = [inDir('gunicorn.pid'), inDir('access.log'), inDir('error.log')];
  const endpoint: Endpoint =
    listen === 'unix'
      ? { socketPath: inDir('gunicorn.sock') }
      : { host: '127.0.0.1', port: options.port ?? (await freePort()) };
  const format = options.accessLogFormat === undefined ? FULL_FORMAT : options.accessLogFormat;

  const program = join(root, `.cache/tools/gunicorn-${version}/bin/gunicorn`);
  if (!existsSync(program)) throw new Error(`Gunicorn ${version} is missing: run scripts/test-tools.sh`);
  const args = [
    ...['--bind', 'port' in endpoint ? `${endpoint.host}:${endpoint.port}` : `unix:${endpoint.socketPath}`],
    ...['--workers', String(workers), '--worker-class', workerClass, '--threads', String(threads)],
    ...['--timeout', String(timeout), '--graceful-timeout', '1', '--keep-alive', '30'],
    ...['--pid', pidFile, '--access-logfile', accessLog, '--error-logfile', errorLog],
    ...(format === null ? [] : ['--access-logformat', format]),
    // Its default path belongs to the user, not to the instance: two Gunicorns would take it from each other.
    ...(version === '26' ? ['--control-socket', inDir('gunicorn.ctl')] : []),
    ...(options.extraArgs ?? []),
    options.app ?? 'app:app',
  ];
  const fd = openSync(inDir(OUTPUT), 'a');
  const [command = program, ...rest] = [...(options.under ?? []), program, ...args];
  const child = spawn(command, rest, {
    cwd: join(root, 'test/fixtures/apps'),
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', fd, fd],
  });
  closeSync(fd);
  if (child.pid === undefined) throw new Error(`${program} could not be started`);
  const { pid } = child;

  // Even when the test run is cut short, nothing stays behind.
  const killAll = () => kill([pid, ...childrenOf(pid)]);
  process.once('exit', killAll);
  const stop = async () => {
    await stopGunicorn(child, pid);
    process.off('exit', killAll);
  };
  onCleanup(stop);

  return {
    pid,
    dir,
    pidFile,
    accessLog,
    errorLog,
    endpoint,
    workers: () => childrenOf(pid),
    signal: (signal) => process.kill(pid, signal),
    request: (path, requestOptions) => request(endpoint, path, requestOptions),
    stop,
  };
}

function bootedWorkers({ pid, errorLog }: RunningGunicorn): number {
  const log = readFileSync(errorLog, 'utf8');
  // With `--log-level warning` nothing tells of a boot.
  return log.includes('Starting gunicorn')
    ? (log.match(/Booting worker with pid/g) ?? []).length
    : childrenOf(pid).length;
}

async function stopGunicorn(child: ChildProcess, pid: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const workers = childrenOf(pid);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => kill([pid, ...childrenOf(pid)]), 5000);
  await ended;
  clearTimeout(late);
  await until('the workers ended', () => {
    kill(workers);
    return !workers.some(isAlive);
  });
}

/** SIGKILL to those that are still there. */
function kill(pids: readonly number[]): void {
  for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
}

/**
 * Below the ports that the kernel deals out (`ip_local_port_range`): until Gunicorn listens, which takes seconds on a slow
 * machine, neither a connection nor another test is given one of these.
 */
const PORTS = { from: 20_000, to: 32_000 } as const;
const given = new Set<number>();

/** A TCP port of 127.0.0.1 that was free a moment ago, and that this process has given to nobody else. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
