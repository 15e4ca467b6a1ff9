/** The file that remembers where reading stands. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What makes it ours: another file that is named by mistake is never overwritten. */
const KIND = 'gtop stream state';
const VERSION = 1;
/** A thousand known files of one log, the most that are kept, take some 1 MB. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * What was written last; null when there is no such file yet.
 * @throws with a sentence that does not name the file when it is none of ours, or not to be read.
 */
export function readStateFile(path: string): unknown {
  const text = readIfThere(path);
  if (text === null) return null;
  let content: { kind?: unknown; version?: unknown; logs?: unknown } | null;
  try {
    content = JSON.parse(text);
  } catch {
    content = null;
  }
  if (content?.kind !== KIND) throw new Error('not a state file of gtop stream: name another file');
  if (content.version !== VERSION) throw new Error(`version ${String(content.version)} of a newer gtop`);
  return content.logs;
}

function readIfThere(path: string): string | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.size > MOST_BYTES) throw new Error('not a state file of gtop stream: name another file');
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

/**
 * Writes it whole beside the target, forced to the disk, and renames it into place: after a crash or a power cut the
 * file is the old one or the new one. Mode 0600: it holds bytes of the logs. Blocks: it also runs as the process exits.
 * @throws the system's error; a sentence where its folder is missing.
 */
export function writeStateFile(path: string, logs: unknown): void {
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    const text = `${JSON.stringify({ kind: KIND, version: VERSION, logs })}\n`;
    writeFileSync(beside, text, { flag: 'wx', mode: 0o600, flush: true });
    renameSync(beside, path);
  } catch (error) {
    try {
      unlinkSync(beside);
    } catch {
      // It was never made.
    }
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Error(`there is no folder ${dirname(path)}`);
    throw error;
  }
}
