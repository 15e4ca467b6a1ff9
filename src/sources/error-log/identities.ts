import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { ErrorEntry } from '../../model/facts.ts';
import { entryHead } from './entries.ts';
import { lifecycleEvent } from './lifecycle.ts';

/** A master that started longer ago than this much of its log stays without a version. */
const READ_BACK_BYTES = 8 * 1024 * 1024;
const IDENTIFYING = ['master-start', 'worker-class', 'listening'];

/**
 * Finds what masters said of themselves at their start, however long ago: that is needed although the history read
 * back as events is short. A log that cannot be read tells nothing; the follower says why.
 */
export function readIdentities(path: string, onEntry: (entry: ErrorEntry) => void): void {
  if (path === '-') return;
  for (const line of lastBytes(path).split('\n')) {
    // Cheaper than parsing every line: these three messages have one word of these.
    if (!/(?:Starting gunicorn|Using worker:|Listening at:) /.test(line)) continue;
    const head = entryHead(line.trimEnd());
    const event = head === null ? null : lifecycleEvent(head.message);
    if (head !== null && event !== null && IDENTIFYING.includes(event.kind))
      onEntry({ ...head, event, traceback: null });
  }
}

function lastBytes(path: string): string {
  let fd: number | null = null;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(fd);
    if (!stats.isFile()) return '';
    const length = Math.min(stats.size, READ_BACK_BYTES);
    const bytes = Buffer.allocUnsafe(length);
    return bytes.toString('latin1', 0, readSync(fd, bytes, 0, length, stats.size - length));
  } catch {
    return '';
  } finally {
    if (fd !== null) closeSync(fd);
  }
}
