/** The logs of a master, where nobody names them: by its settings, and by the files that it holds open. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { AccessLogParser } from '../access-log/index.ts';
import { entryHead } from '../error-log/index.ts';
import { absolutePath, type MasterIdentity } from './identity.ts';
import type { OpenLogFile } from './open-files.ts';
import { statOrNull } from './stat.ts';

export interface FoundLogs {
  /** As gtop reaches it; null for none that is known. */
  readonly accessLog: string | null;
  /** Null also where both are one file, which is then the access log. */
  readonly errorLog: string | null;
}

/** What of a log's end is looked at to tell what it is. */
const TAIL_BYTES = 32 * 1024;

interface Candidate {
  readonly fd: number;
  readonly path: string;
}

/**
 * What the settings name wins: Gunicorn opens that path again at the next rotation. `-` is standard output for the access
 * log and standard error for the error log (gunicorn/glogging.py). What they leave open the descriptors tell: files that
 * are appended to, whose last lines look like one or the other. Two that are still empty are taken by their order, for the
 * error log is opened first.
 *
 * @param open null without permission: then only the settings tell.
 * @param reach how gtop comes to a path of the master's.
 */
export function findLogs(
  master: Pick<MasterIdentity, 'settings' | 'workingDirectory'>,
  open: readonly OpenLogFile[] | null,
  reach: (path: string) => string,
): FoundLogs {
  const { accessLog, errorLog, accessLogFormat } = master.settings;
  const candidates = (open ?? []).flatMap((file) => candidateOf(file, reach));
  const named = (setting: string | null, stream: number): string | null => {
    if (setting === null) return null;
    if (setting === '-') return candidates.find(({ fd }) => fd === stream)?.path ?? null;
    const absolute = absolutePath(setting, master);
    return absolute === null ? null : reach(absolute);
  };
  let access = named(accessLog, 1);
  let error = named(errorLog, 2);
  const isTaken = (path: string): boolean => path === access || path === error;
  const left = candidates.filter(({ path }, index) => {
    const isFirst = candidates.findIndex((other) => other.path === path) === index;
    return isFirst && !isTaken(path);
  });
  const kinds = left.map((candidate) => ({ ...candidate, kind: kindOf(candidate.path, accessLogFormat ?? 'auto') }));
  const told = (kind: Kind): string | null => kinds.find((candidate) => candidate.kind === kind)?.path ?? null;
  const empty = kinds.filter(({ kind, fd }) => kind === 'empty' && fd > 2);
  access ??= accessLog === null ? (told('access') ?? (empty.length === 2 ? (empty[1]?.path ?? null) : null)) : null;
  error ??= errorLog === null ? (told('error') ?? (empty.length > 0 ? (empty[0]?.path ?? null) : null)) : null;
  return { accessLog: access, errorLog: error === access ? null : error };
}

/** Only where the path leads to the very file that is held: a log that was moved is found by the settings or not at all. */
function candidateOf({ fd, path, dev, ino, isDeleted }: OpenLogFile, reach: (path: string) => string): Candidate[] {
  if (isDeleted) return [];
  const reached = reach(path);
  const stats = statOrNull(reached);
  return stats?.dev === dev && stats.ino === ino ? [{ fd, path: reached }] : [];
}

type Kind = 'access' | 'error' | 'empty' | 'other';

/** By the last lines. A stream that both logs go to is an access log, whose reader knows lines of the other. */
function kindOf(path: string, format: string): Kind {
  const tail = readTail(path);
  if (tail === null) return 'other';
  if (tail.length === 0) return 'empty';
  const parser = new AccessLogParser({ format, onRecord: () => {} });
  parser.push(tail, 0, tail.length);
  if (parser.linesParsed > 0) return 'access';
  const lines = tail.toString('latin1').split('\n');
  return lines.some((line) => entryHead(line)?.pid != null) ? 'error' : 'other';
}

/** The last whole lines; null when they cannot be read. */
function readTail(path: string): Buffer | null {
  let fd: number | null = null;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { size } = fstatSync(fd);
    const buffer = Buffer.alloc(Math.min(TAIL_BYTES, size));
    const length = readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    const start = size > buffer.length ? buffer.indexOf(10) + 1 : 0;
    return buffer.subarray(start, buffer.lastIndexOf(10, length) + 1);
  } catch {
    return null;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}
