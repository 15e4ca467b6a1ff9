/**
 * What one look at a Gunicorn with 32 sync workers costs, beside what others take for less: `pidusage` for CPU and RSS of
 * the same pids, `ps` for the table of processes, `ss` for the accept queue. Takes about 20 s.
 *
 *   npx esbuild bench/sample.ts --bundle --platform=node --format=esm --packages=external | node --input-type=module
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pidusage from 'pidusage';
import { AcceptQueues } from '../src/sources/gunicorn/accept-queues.ts';
import { UNKNOWN_SETTINGS } from '../src/sources/gunicorn/command-line.ts';
import { findListeners } from '../src/sources/gunicorn/listeners.ts';
import { readChildren, readRollup } from '../src/sources/gunicorn/proc.ts';
import { ProcSampler } from '../src/sources/gunicorn/sampler.ts';

const WORKERS = 32;
const SAMPLES = 200;
const CLIENTS = 4;

const program = resolve('.cache/tools/gunicorn-26/bin/gunicorn');
if (!existsSync(program)) throw new Error('Gunicorn is missing: run scripts/test-tools.sh');

const dir = mkdtempSync(join(tmpdir(), 'gtop-bench-'));
const pidFile = join(dir, 'gunicorn.pid');
const port = await freePort();
const master = spawn(
  program,
  ['-b', `127.0.0.1:${port}`, '-w', String(WORKERS), '-p', pidFile, '--no-control-socket', 'app:app'],
  { cwd: resolve('test/fixtures/apps'), stdio: 'ignore' },
);

try {
  const pid = await booted();
  const workers = readChildren(pid);
  const pids = [pid, ...workers];
  console.log(
    `One master, ${workers.length} sync workers; median and 95th percentile of ${SAMPLES} looks, milliseconds.\n`,
  );
  console.log('at rest');
  await compare(pids, pid);
  console.log(`\nwith ${CLIENTS} clients, each new connection one request`);
  const stop = traffic();
  await compare(pids, pid);
  stop();
} finally {
  master.kill('SIGTERM');
  rmSync(dir, { recursive: true, force: true });
}

async function compare(pids: readonly number[], pid: number): Promise<void> {
  const target = { kind: 'file', path: pidFile } as const;
  // One second goes by between two looks, as far as the sampler is told: PSS comes round every fifth.
  let nowMs = Date.now();
  const look = (sampler: ProcSampler) => async () => {
    nowMs += 1000;
    await sampler.sample(nowMs);
  };
  const listeners = findListeners(
    pid,
    { master: null, workers: [] },
    { ...UNKNOWN_SETTINGS, bind: [`127.0.0.1:${port}`] },
  );
  const queues = new AcceptQueues();
  await measure('gtop: sample', look(new ProcSampler({ target })));
  await measure('gtop: sample without PSS', look(new ProcSampler({ target, withPss: false })));
  await measure('gtop: PSS of all processes, read at once', () => void pids.forEach(readRollup));
  await measure('gtop: accept queue', () => void queues.count(pid, listeners, []));
  await measure('pidusage: CPU, RSS', async () => void (await pidusage([...pids])));
  await measure('ps: all processes', () => void execFileSync('ps', ['-eo', 'pid,ppid,rss,vsz,time,args']), 20);
  await measure('ss -lnt: accept queue', () => void execFileSync('ss', ['-lnt', `sport = :${port}`]), 20);
}

async function measure(name: string, run: () => void | Promise<void>, count = SAMPLES): Promise<void> {
  for (let warm = 0; warm < 20; warm++) await run();
  const times: number[] = [];
  for (let done = 0; done < count; done++) {
    const before = performance.now();
    await run();
    times.push(performance.now() - before);
    await sleep(2);
  }
  times.sort((a, b) => a - b);
  const at = (quantile: number) =>
    (times[Math.floor(quantile * (times.length - 1))] ?? Number.NaN).toFixed(2).padStart(8);
  console.log(`  ${name.padEnd(44)}${at(0.5)}${at(0.95)}`);
}

/** Requests one after the other, each on a connection of its own, until stopped. */
function traffic(): () => void {
  let goesOn = true;
  const next = (): void => {
    if (!goesOn) return;
    const again = (): void => void setTimeout(next, 5);
    request({ host: '127.0.0.1', port, path: '/sleep/0.02', agent: false }, (response) =>
      response.resume().on('close', again),
    )
      .on('error', again)
      .end();
  };
  for (let client = 0; client < CLIENTS; client++) next();
  return () => {
    goesOn = false;
  };
}

async function booted(): Promise<number> {
  for (let tries = 0; tries < 300; tries++) {
    await sleep(100);
    if (!existsSync(pidFile)) continue;
    const pid = Number(readFileSync(pidFile, 'utf8'));
    if (readChildren(pid).length === WORKERS) {
      await sleep(1000);
      return pid;
    }
  }
  throw new Error('Gunicorn did not boot within 30 s');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
