/**
 * The built-in look-alike of a Gunicorn, for `gtop demo`: a master, four sync workers and a client that sends real
 * HTTP requests to them over the loopback address, with real logs and a real pid file in a temporary folder. Only the
 * application is made up: the client tells each request how long it takes and how it ends (see scenario.ts).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoFiles } from './files.ts';
import { MASTER_TITLE, TRAFFIC_TITLE } from './titles.ts';

export interface Demo {
  /** The temporary folder that holds everything below. */
  readonly dir: string;
  readonly pidFile: string;
  readonly accessLog: string;
  readonly errorLog: string;
  readonly masterPid: number;
  /** Ends every process of the demo and removes its folder; within 2 s. */
  stop(): Promise<void>;
}

/**
 * Starts the look-alike; resolves when its four workers have booted and requests are on their way.
 *
 * The children end by themselves when this process ends, however it ends: each watches its IPC channel. They run in
 * sessions of their own, so that no signal of the terminal reaches them.
 *
 * @param entry the file that runs `runDemoChild` when `GTOP_DEMO_ROLE` is set: in the bundle, the bundle itself.
 * @throws when a child cannot be started or ends before it is ready.
 */
export async function startDemo(entry: string = fileURLToPath(import.meta.url)): Promise<Demo> {
  const dir = mkdtempSync(join(tmpdir(), 'gtop-demo-'));
  const children: ChildProcess[] = [];
  const start = (role: string, title: string, env: Record<string, string>) => {
    // libuv writes a process title over the arguments, so these must be as long as the title.
    const child = fork(entry, [title], {
      env: { ...process.env, ...env, GTOP_DEMO_ROLE: role, GTOP_DEMO_DIR: dir },
      execArgv: [],
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    children.push(child);
    return child;
  };
  const stop = async () => {
    await Promise.all(children.map(end));
    rmSync(dir, { recursive: true, force: true });
  };

  const server = createServer().listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const port = portOf(server);
    const master = start('master', MASTER_TITLE, { GTOP_DEMO_PORT: String(port) });
    sendListener(master, server);
    await ready(master);
    const traffic = start('traffic', TRAFFIC_TITLE, { GTOP_DEMO_PORT: String(port) });
    traffic.on('message', () => master.kill('SIGHUP'));
    for (const child of [master, traffic]) {
      child.unref();
      child.channel?.unref();
    }
    return { dir, ...demoFiles(dir), masterPid: pidOf(master), stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    server.close();
  }
}

/**
 * Gives the master the listening socket. As a `net.Server` the master would begin to accept on it; Gunicorn's never
 * does. The bare handle behind the server, which `server.listen(handle)` takes too, leaves that to the workers.
 */
function sendListener(master: ChildProcess, server: Server): void {
  const { _handle: handle } = server as Server & { _handle?: Server };
  master.send('listener', handle);
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('the demo could not start: no process to be had');
  return child.pid;
}

async function ready(master: ChildProcess): Promise<void> {
  const gaveUp = new AbortController();
  const { signal } = gaveUp;
  try {
    await Promise.race([
      once(master, 'message', { signal }),
      once(master, 'exit', { signal }).then(() => {
        throw new Error('the demo could not start: its master process ended');
      }),
    ]);
  } finally {
    gaveUp.abort();
  }
}

/** SIGTERM, then SIGKILL after a second. The master takes its workers along. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.ref();
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 1000);
  await exit;
  clearTimeout(late);
}
