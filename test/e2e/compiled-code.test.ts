import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { gtopCommand } from '../support/cli.ts';
import { Pty } from '../support/pty.ts';
import { until } from '../support/wait.ts';

afterAll(cleanUp);

/** Longer than a program that finds its compiled code refused takes to write it anew. */
const SETTLED_MS = 3000;

/** The files of a cache that threads of these names keep, each with its inode: a file written anew has another. */
function kept(cache: string, threads: readonly string[]): string[] {
  try {
    const folder = join(cache, 'gtop');
    const isWhole = (name: string): boolean => /^[a-z]+-[^.]*v[\d.]+-\w+$/.test(name);
    return readdirSync(folder)
      .filter((name) => isWhole(name) && threads.some((thread) => name.startsWith(`${thread}-`)))
      .sort()
      .map((name) => `${name} ${statSync(join(folder, name)).ino}`);
  } catch {
    return [];
  }
}

it('is kept by the first start, and taken by the next: V8 refuses what was made with other flags', async () => {
  const cache = temporaryFolder();
  const log = join(temporaryFolder(), 'access.log');
  writeFileSync(log, '');
  const open = () => new Pty(gtopCommand(['--no-config', '--log', log]), { env: { XDG_CACHE_HOME: cache } });
  const keptCode = () => kept(cache, ['engine', 'main']);
  const first = open();
  const before = await until('both threads have kept their code', () => keptCode().length === 2 && keptCode());
  first.kill('SIGTERM');
  await first.exited;

  // A report asks other things of V8: what it keeps stands beside.
  const [program, ...args] = gtopCommand(['report', '--no-config', '-']);
  const report = spawn(program, args, {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, XDG_CACHE_HOME: cache },
  });
  await until('the report has kept its code', () => kept(cache, ['batch']).length === 1);
  report.stdin.end('127.0.0.1 - - [21/Nov/2026:02:04:27 +0000] "GET / HTTP/1.1" 200 1 "-" "-"\n');
  await once(report, 'exit');
  expect(keptCode()).toEqual(before);

  const second = open();
  await second.waitFor(() => second.text().includes('1 Traffic'));
  await sleep(SETTLED_MS);
  expect(keptCode()).toEqual(before);
});
