import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Snapshot } from '../model/snapshot.ts';
import { toJsonLine } from './json.ts';
import { writeFileWhole } from './write-file.ts';

/** `gtop-<app>-<UTC time>.json`, the app reduced to characters that are safe in a file name. */
function exportName(snapshot: Snapshot): string {
  const app = (snapshot.master?.app ?? 'log').replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '') || 'app';
  const time = snapshot.generatedAt.replace(/[-:]/g, '').replace('.', '');
  return `gtop-${app.slice(0, 60)}-${time}.json`;
}

/**
 * Writes the snapshot to the current directory, or to `$XDG_STATE_HOME/gtop/` when that cannot be written.
 * Mode 0600: a snapshot holds addresses and paths.
 * @returns the absolute path written.
 */
export async function exportSnapshot(snapshot: Snapshot, environment: NodeJS.ProcessEnv): Promise<string> {
  const name = exportName(snapshot);
  const text = `${toJsonLine(snapshot)}\n`;
  try {
    const here = resolve(name);
    await writeFileWhole(here, text, 0o600);
    return here;
  } catch {
    const folder = join(environment.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'gtop');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const there = join(folder, name);
    await writeFileWhole(there, text, 0o600);
    return there;
  }
}
