/** The demo's master process: what gunicorn/arbiter.py does, as far as it shows from outside. */
import { type ChildProcess, fork, type SendHandle } from 'node:child_process';
import { closeSync, fstatSync, openSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_TIMEOUT_SECONDS, DEMO_WORKERS, demoVariable } from './environment.ts';
import { DemoLogs, demoFiles } from './files.ts';
import { MASTER_TITLE, WORKER_TITLE } from './titles.ts';

interface DemoWorker {
  readonly child: ChildProcess;
  /** The unlinked heartbeat file, which master and worker both hold. */
  readonly heartbeatFd: number;
  aborted: boolean;
}

export function runMaster(): void {
  process.title = MASTER_TITLE;
  const dir = demoVariable('DIR');
  const logs = new DemoLogs(dir);
  const { pidFile } = demoFiles(dir);
  /** Oldest first. */
  const workers: DemoWorker[] = [];
  let listener: SendHandle;
  let target = DEMO_WORKERS;
  let stopping = false;
  let booted = 0;

  const spawnWorker = () => {
    const heartbeat = join(dir, `wgunicorn-${Math.random().toString(36).slice(2, 10)}`);
    const heartbeatFd = openSync(heartbeat, 'wx+', 0o600);
    unlinkSync(heartbeat);
    const child = fork(process.argv[1], [WORKER_TITLE], {
      env: { ...process.env, GTOP_DEMO_ROLE: 'worker' },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc', heartbeatFd],
    });
    const worker: DemoWorker = { child, heartbeatFd, aborted: false };
    workers.push(worker);
    child.send('hold', listener);
    child.on('message', (message) => {
      if (message === 'booted' && ++booted === DEMO_WORKERS) process.send?.('ready');
      // The handle is duplicated for the worker, which closes its copy once it has accepted one connection.
      if (child.connected) child.send('accept', listener, () => {});
    });
    child.on('exit', () => {
      workers.splice(workers.indexOf(worker), 1);
      closeSync(heartbeatFd);
      if (stopping && workers.length === 0) finish();
      if (!stopping && workers.length < target) spawnWorker();
    });
  };

  /** Starts workers that are missing, asks the oldest of those that are too many to finish. */
  const adjust = () => {
    for (let missing = target - workers.length; missing > 0; missing--) spawnWorker();
    for (const { child } of workers.slice(0, Math.max(0, workers.length - target))) child.kill('SIGTERM');
  };

  const murder = () => {
    for (const worker of workers) {
      const silentMs = Date.now() - fstatSync(worker.heartbeatFd).ctimeMs;
      if (silentMs <= DEMO_TIMEOUT_SECONDS * 1000) continue;
      if (!worker.aborted) logs.error('CRITICAL', `WORKER TIMEOUT (pid:${worker.child.pid})`);
      worker.child.kill(worker.aborted ? 'SIGKILL' : 'SIGABRT');
      worker.aborted = true;
    }
  };

  const stop = () => {
    stopping = true;
    if (workers.length === 0) finish();
    for (const { child } of workers) child.kill('SIGTERM');
    // What Gunicorn does after its graceful timeout.
    setTimeout(() => {
      for (const { child } of workers) child.kill('SIGKILL');
    }, 500);
  };

  const finish = () => {
    logs.error('INFO', 'Shutting down: Master');
    rmSync(pidFile, { force: true });
    process.exit(0);
  };

  const reload = () => {
    logs.error('INFO', 'Hang up: Master');
    target = DEMO_WORKERS;
    const old = [...workers];
    for (let count = 0; count < target; count++) spawnWorker();
    for (const { child } of old) child.kill('SIGTERM');
  };

  const onSignal: Readonly<Record<string, () => void>> = {
    hup: reload,
    ttin: () => {
      target++;
      adjust();
    },
    ttou: () => {
      target = Math.max(1, target - 1);
      adjust();
    },
    usr1: () => {
      logs.reopen();
      for (const { child } of workers) child.kill('SIGUSR1');
    },
    term: stop,
    int: stop,
    quit: stop,
  };
  for (const [name, act] of Object.entries(onSignal)) {
    process.on(`SIG${name.toUpperCase()}`, () => {
      logs.error('INFO', `Handling signal: ${name}`);
      act();
    });
  }

  process.once('message', (_message, handle: SendHandle) => {
    listener = handle;
    writeFileSync(pidFile, `${process.pid}\n`);
    logs.error('INFO', 'Starting gunicorn 26.2.0');
    logs.error('INFO', `Listening at: http://127.0.0.1:${demoVariable('PORT')} (${process.pid})`);
    logs.error('INFO', 'Using worker: sync');
    adjust();
    setInterval(murder, 1000);
  });
  // gtop is gone, however it went: nobody else would remove the folder.
  process.on('disconnect', () => {
    for (const { child } of workers) child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
    process.exit(0);
  });
}
