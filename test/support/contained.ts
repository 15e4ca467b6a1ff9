/** Gunicorns in pid, network and mount namespaces of their own, as in a container. Needs root, as the whole suite does. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onCleanup, temporaryFolder } from './cleanup.ts';
import { cleanEnvironment, GTOP, type RunResult } from './cli.ts';
import { childrenOf, isAlive, until } from './wait.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const GUNICORN = join(root, '.cache/tools/gunicorn-26/bin/gunicorn');
const PYTHON = join(root, '.cache/tools/gunicorn-26/bin/python3');
const ASK = 'import sys, urllib.request as r; r.urlopen(sys.argv[1], timeout=20).read()';

export interface Contained {
  /** The first process of the namespace: Gunicorn's master, or the shell that started several. */
  readonly pid: number;
  /** Its folder, a file system that only it sees. */
  readonly folder: string;
  /** Sends a GET request to a port of 127.0.0.1 in there. Rejects without an answer. */
  request(port: number, path: string): Promise<void>;
  /** Runs gtop in there, where it sees no other process. */
  runGtop(args: readonly string[], asNobody?: boolean): Promise<RunResult>;
}

/**
 * Runs a shell script in a new folder with app.py and these files in it; `gunicorn` is Gunicorn 26, and `exec gunicorn …`
 * makes it the first process. Resolves when every port answers.
 */
export async function contain(
  script: string,
  ports: readonly number[],
  files: Readonly<Record<string, string>> = {},
): Promise<Contained> {
  const outer = temporaryFolder();
  const folder = join(outer, 'inner');
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(outer, name), text);
  const app = join(root, 'test/fixtures/apps/app.py');
  const prologue = [
    'set -e',
    `mount -t tmpfs none ${folder}`,
    `cp ${[app, ...Object.keys(files).map((name) => join(outer, name))].join(' ')} ${folder}`,
    `cd ${folder}`,
    'chmod 755 .',
    'ip link set lo up',
    `gunicorn() { ${GUNICORN} "$@"; }`,
    'shopt -s expand_aliases',
  ];
  const text = [...prologue, script.replaceAll('exec gunicorn', `exec ${GUNICORN}`)].join('\n');
  const options = ['--pid', '--fork', '--kill-child', '--mount-proc', '--net', '--mount', 'bash', '-c', text];
  const output = join(outer, 'output.txt');
  const child = spawn('sh', ['-c', 'exec unshare "$@" >"$0" 2>&1', output, ...options], {
    env: cleanEnvironment({ PYTHONDONTWRITEBYTECODE: '1' }),
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  onCleanup(async () => {
    for (const pid of childrenOf(child.pid ?? 0)) process.kill(pid, 'SIGKILL');
    await ended;
  });
  const pid = await until('the namespace has a process', () => childrenOf(child.pid ?? 0)[0]);
  const enter = (...kinds: string[]): string[] => ['-t', String(pid), ...kinds];
  const contained: Contained = {
    pid,
    folder,
    request: async (port, path) => {
      await promisify(execFile)('nsenter', [...enter('-n'), PYTHON, '-c', ASK, `http://127.0.0.1:${port}${path}`]);
    },
    runGtop: (args, asNobody = false) => {
      const user = asNobody ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
      return run('nsenter', [...enter('-p', '-m', '-n'), ...user, process.execPath, GTOP, '--no-config', ...args]);
    },
  };
  for (const port of ports) {
    await until(`port ${port} answers`, async () => {
      if (!isAlive(pid)) throw new Error(`it has ended:\n${readFileSync(output, 'utf8')}`);
      return contained.request(port, '/ready').then(
        () => true,
        () => false,
      );
    });
  }
  return contained;
}

function run(program: string, args: readonly string[]): Promise<RunResult> {
  return new Promise((resolve) => {
    execFile(program, args, { env: cleanEnvironment(), timeout: 60_000 }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : null;
      resolve({ code, signal: error?.signal ?? null, stdout, stderr });
    });
  });
}
