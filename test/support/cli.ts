/** Runs the built `bin/gtop.js` as a user would, without a terminal. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './cleanup.ts';

export const GTOP = fileURLToPath(new URL('../../bin/gtop.js', import.meta.url));

export interface RunOptions {
  /** Text for standard input, which is closed behind it; without it standard input is empty. */
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Killed, and rejected, after this long. */
  readonly deadlineMs?: number;
  /** Runs as the user `nobody`, without root's rights: for the cases about permission. */
  readonly asNobody?: boolean;
}

export interface RunResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Program and arguments that start gtop, under setpriv for `nobody`. */
export function gtopCommand(args: readonly string[], asNobody = false): string[] {
  const own = [process.execPath, GTOP, ...args];
  return asNobody ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...own] : own;
}

/** An environment without settings of gtop of whoever runs the tests. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !name.startsWith('GTOP_') && name !== 'NO_COLOR' && name !== 'FORCE_COLOR') {
      environment[name] = value;
    }
  }
  const home = join(temporaryFolder(), 'home');
  mkdirSync(home);
  chmodSync(home, 0o777);
  return { ...environment, HOME: home, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home, LANG: 'C.UTF-8', ...extra };
}

/** Runs `gtop ARGS` to its end. */
export function runGtop(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [program, ...rest] = gtopCommand(args, options.asNobody);
  const deadlineMs = options.deadlineMs ?? 60_000;
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, { cwd: options.cwd, env: cleanEnvironment(options.env) });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(
        new Error(`gtop ${args.join(' ')}: still running after ${deadlineMs} ms\n${Buffer.concat([...out, ...err])}`),
      );
    }, deadlineMs);
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(late);
      resolve({ code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
    // A program that ends without reading closes the pipe first: no failure of the test.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}
