// Follows a log that grows by 50,000 lines a second for a minute: is every line counted, what does it cost, and how late
// is the event loop? `tail -F` to nowhere, in the same run, is what reading alone costs. SECONDS= and RATE= change it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { options, path } from '../scripts/esbuild-options.mjs';

const folder = mkdtempSync(join(tmpdir(), 'gtop-bench-'));
try {
  const outfile = join(folder, 'follow.mjs');
  await build({ ...options, entryPoints: [path('bench/follow.ts')], outfile });
  const { status } = spawnSync(process.execPath, [outfile, folder, path('bench/lib/live_log.py')], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
