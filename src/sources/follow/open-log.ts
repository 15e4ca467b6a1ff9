/** Opening a log file so that nothing but a regular file is ever opened, and nothing ever blocks. */
import { type BigIntStats, closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';

/** What makes two names one file. */
export interface FileId {
  readonly dev: bigint;
  readonly ino: bigint;
}

/**
 * A {@link FileId} that also survives the reuse of an inode number: ext4 gives the number of a deleted file to the
 * next one created. `birthtimeNs` is 0 on file systems that do not keep it.
 */
export interface FileIdentity extends FileId {
  readonly birthtimeNs: bigint;
}

export interface OpenProblem {
  readonly kind: 'missing' | 'denied' | 'refused' | 'failed';
  /** Says what is wrong with the path, without naming it. */
  readonly message: string;
}

export interface OpenLog {
  readonly fd: number;
  readonly stat: BigIntStats;
}

export const isProblem = (result: object): result is OpenProblem => 'kind' in result && 'message' in result;

export const isSameFile = (a: FileId, b: FileId): boolean => a.ino === b.ino && a.dev === b.dev;

export const isSameIdentity = (a: FileIdentity, b: FileIdentity): boolean =>
  isSameFile(a, b) && a.birthtimeNs === b.birthtimeNs;

const PROBLEMS: Readonly<Record<string, OpenProblem>> = {
  ENOENT: { kind: 'missing', message: 'not found: waiting' },
  ENOTDIR: { kind: 'missing', message: 'not found: waiting' },
  EACCES: { kind: 'denied', message: 'permission denied: run gtop as a user who may read it' },
  EPERM: { kind: 'denied', message: 'permission denied: run gtop as a user who may read it' },
  ELOOP: { kind: 'failed', message: 'too many levels of symbolic links' },
  EMFILE: { kind: 'failed', message: 'too many open files: raise the limit (ulimit -n)' },
  ENFILE: { kind: 'failed', message: 'too many open files on this host' },
};

/** A problem as a sentence, from what the system call threw. */
function problemOf(error: unknown): OpenProblem {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return PROBLEMS[code] ?? { kind: 'failed', message: `cannot be read: ${code || String(error)}` };
}

/** What the system refused, as a problem to show; any other error is a bug and goes on. */
export function systemProblem(error: unknown): OpenProblem {
  if (error instanceof Error && 'syscall' in error) return problemOf(error);
  throw error;
}

const refusal = (what: string, wayOut = 'name a log file'): OpenProblem => ({
  kind: 'refused',
  message: `${what}, not a regular file: ${wayOut}`,
});

function refuse(stat: BigIntStats): OpenProblem | null {
  if (stat.isFile()) return null;
  if (stat.isFIFO()) return refusal('a named pipe', 'name a log file, or feed it to standard input and name "-"');
  if (stat.isDirectory()) return refusal('a folder', 'name a log file in it');
  if (stat.isSocket()) return refusal('a socket');
  return refusal('a device');
}

/** What a path names, links followed. */
export function statLog(path: string): BigIntStats | OpenProblem {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat ? (refuse(stat) ?? stat) : (PROBLEMS.ENOENT as OpenProblem);
  } catch (error) {
    return problemOf(error);
  }
}

/**
 * Opens a regular file for reading. Anything else is not even opened: opening a named pipe would wake its writer and a
 * device may act on it; O_NONBLOCK covers the moment between the look and the opening.
 */
export function openLog(path: string): OpenLog | OpenProblem {
  const looked = statLog(path);
  if (isProblem(looked)) return looked;
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const stat = fstatSync(fd, { bigint: true });
    const problem = refuse(stat);
    if (!problem) return { fd, stat };
    closeSync(fd);
    return problem;
  } catch (error) {
    return problemOf(error);
  }
}
