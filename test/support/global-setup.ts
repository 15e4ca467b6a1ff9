/** Before the end-to-end tests: the tools they need are there, and `dist` is as new as `src`. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export function setup(): void {
  run('bash', 'scripts/test-tools.sh');
  if (builtAt() < newestChange('src', 'scripts', 'package.json')) run(process.execPath, 'scripts/build.mjs');
}

/** @throws when the command fails; what it says is on the terminal then. */
function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

function builtAt(): number {
  return statSync(join(root, 'dist/gtop.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Modification time of the newest of these files, and of all files in these folders. */
function newestChange(...names: string[]): number {
  const times = names.map((name) => {
    const path = join(root, name);
    const { mtimeMs } = statSync(path);
    if (!statSync(path).isDirectory()) return mtimeMs;
    return Math.max(
      ...readdirSync(path, { recursive: true }).map((entry) => statSync(join(path, String(entry))).mtimeMs),
    );
  });
  return Math.max(...times);
}
