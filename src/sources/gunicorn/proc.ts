/**
 * Reading `/proc`, proc(5). Every reader answers `null` for a process that vanished (ENOENT, ESRCH) or that may not be
 * looked into (EACCES, EPERM): to whoever asks, both mean "not known".
 *
 * The calls are synchronous: these files live in the kernel's memory, one read takes 5–10 µs, and a trip through the
 * thread pool would cost more than the read.
 */

import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { uptime } from 'node:os';

/** One piece of a read. A `stat` has some 300 bytes, a `smaps_rollup` 700; a socket table is read in such pieces. */
const PIECE = 64 * 1024;
const scratch = Buffer.allocUnsafeSlow(PIECE);

/** Opens a file of `/proc` for some reading. @returns what `read` does; null where the file cannot be opened or read. */
export function reading<T>(path: string, read: (fd: number) => T): T | null {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    return read(fd);
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

const pieceOf = (fd: number): string => scratch.toString('latin1', 0, readSync(fd, scratch, 0, PIECE, null));

/** The text of a small `/proc` file, at most 64 KiB of it; null when it cannot be read. */
export const readSmall = (path: string): string | null => reading(path, pieceOf);

/** A file of any length: the kernel gives up a page of a table at a time (fs/seq_file.c). Null where it cannot be read. */
export function readTable(path: string): string | null {
  return reading(path, (fd) => {
    let text = '';
    for (let piece = pieceOf(fd); piece !== ''; piece = pieceOf(fd)) text += piece;
    return text;
  });
}

/** What `/proc/PID/stat` says about a process. */
export interface ProcStat {
  readonly comm: string;
  /** State letter: R S D Z T t X I. */
  readonly state: string;
  readonly parentPid: number;
  /** utime + stime. */
  readonly cpuTicks: number;
  readonly threads: number;
  /** Start, in clock ticks since boot. */
  readonly startTicks: number;
  readonly vmsBytes: number;
  readonly rssPages: number;
}

/**
 * Parses `/proc/PID/stat`. The name in brackets may itself hold brackets, spaces and newlines, hence the last `)`;
 * the numbers of proc(5)'s fields count from there: field 3 is the first behind it.
 */
export function parseStat(text: string): ProcStat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  const fields = text.slice(close + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3] ?? Number.NaN);
  const stat: ProcStat = {
    comm: text.slice(open + 1, close),
    state: fields[0] ?? '',
    parentPid: field(4),
    cpuTicks: field(14) + field(15),
    threads: field(20),
    startTicks: field(22),
    vmsBytes: field(23),
    rssPages: field(24),
  };
  return Number.isNaN(stat.startTicks) || Number.isNaN(stat.rssPages) ? null : stat;
}

export function readStat(pid: number): ProcStat | null {
  const text = readSmall(`/proc/${pid}/stat`);
  return text === null ? null : parseStat(text);
}

/** True for a process that still runs: a zombie (Z) or dead one (X) only waits to be reaped. */
export function isRunning(state: string): boolean {
  return state !== 'Z' && state !== 'X' && state !== 'x';
}

export interface MemoryRollup {
  readonly pssBytes: number;
  /** Private_Clean + Private_Dirty: what the end of this process would set free. */
  readonly ussBytes: number;
}

/** Parses `/proc/PID/smaps_rollup`; null when a line is missing (a kernel thread has none, an exiting process neither). */
export function parseRollup(text: string): MemoryRollup | null {
  const kib = (name: string): number => {
    const start = text.indexOf(`\n${name}:`);
    return start < 0 ? Number.NaN : Number.parseInt(text.slice(start + name.length + 2), 10);
  };
  const pss = kib('Pss');
  const uss = kib('Private_Clean') + kib('Private_Dirty');
  return Number.isNaN(pss) || Number.isNaN(uss) ? null : { pssBytes: pss * 1024, ussBytes: uss * 1024 };
}

export function readRollup(pid: number): MemoryRollup | null {
  const text = readSmall(`/proc/${pid}/smaps_rollup`);
  return text === null ? null : parseRollup(text);
}

/** How many files a process may have open (proc(5), `limits`: the soft one); null without permission, and without a limit. */
export function readDescriptorLimit(pid: number): number | null {
  const limit = /^Max open files\s+(\d+)/m.exec(readSmall(`/proc/${pid}/limits`) ?? '')?.[1];
  return limit === undefined ? null : Number(limit);
}

/** The numbers of a process's open descriptors; null without permission. */
export function listDescriptors(pid: number): readonly string[] | null {
  try {
    return readdirSync(`/proc/${pid}/fd`);
  } catch {
    return null;
  }
}

/** What a descriptor refers to, such as `socket:[4711]` or a path; null when it was closed meanwhile. */
export function readDescriptor(pid: number, fd: string): string | null {
  return readLink(`/proc/${pid}/fd/${fd}`);
}

/** The target of a symbolic link of `/proc`; null when it cannot be read. */
export function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

/** The inode in `socket:[4711]`; 0 for anything that is no socket. */
export function socketInode(link: string): number {
  return link.startsWith('socket:[') ? Number.parseInt(link.slice(8), 10) : 0;
}

/** The strings of a NUL-separated file (`cmdline`, `environ`); null when it cannot be read, empty for a zombie. */
export function readStrings(path: string): readonly string[] | null {
  try {
    const text = readFileSync(path, 'utf8');
    return text === '' ? [] : text.replace(/\0+$/, '').split('\0');
  } catch {
    return null;
  }
}

/**
 * The children of a process, by `/proc/PID/task/PID/children` (only those its main thread forked: Gunicorn's master
 * forks from there). The kernel may leave out one whose neighbour exits during the read, so whoever keeps a list checks
 * a missing one by its `stat` before believing it gone.
 *
 * Kernels built without CONFIG_PROC_CHILDREN have no such file: there every process is asked for its parent.
 */
export function readChildren(pid: number): readonly number[] {
  const text = readSmall(`/proc/${pid}/task/${pid}/children`);
  if (text !== null) return text.split(' ').map(Number).filter(isPid);
  return listPids().filter((candidate) => readStat(candidate)?.parentPid === pid);
}

/** Every process of this pid namespace; empty without `/proc`. */
export function listPids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(isPid);
  } catch {
    return [];
  }
}

function isPid(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}

/** A thread of a process: what the kernel function it sleeps in is called; `0` when it runs or may not be asked. */
export function readWaitChannel(pid: number, thread: string): string | null {
  return readSmall(`/proc/${pid}/task/${thread}/wchan`);
}

/** The threads of a process by number, the main one included; null when they cannot be listed. */
export function listThreads(pid: number): readonly string[] | null {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return null;
  }
}

/**
 * How often a thread has been given a CPU (`schedstat`, third number): as long as it stays the same, the thread has not
 * run. Null when it is gone, or the kernel keeps no account (CONFIG_SCHED_INFO).
 */
export function readTimeSlices(pid: number, thread: string): string | null {
  return readSmall(`/proc/${pid}/task/${thread}/schedstat`)?.trim().split(' ')[2] ?? null;
}

/**
 * Inodes of what an epoll descriptor waits for (proc(5), fdinfo). Null where it may not be read, or the kernel tells no
 * inodes (before 4.15).
 */
export function readPolled(pid: number, fd: string): readonly number[] | null {
  const targets = readTable(`/proc/${pid}/fdinfo/${fd}`)?.match(/^tfd:.*$/gm) ?? null;
  const inodes = targets?.map((line) => Number.parseInt(/ ino:([0-9a-f]+)/.exec(line)?.[1] ?? '', 16)) ?? null;
  return inodes === null || inodes.some(Number.isNaN) ? null : inodes;
}

/** The units in which `/proc` counts, and where its clock starts. */
export interface KernelUnits {
  readonly ticksPerSecond: number;
  readonly pageBytes: number;
  /** Epoch milliseconds of the boot. The kernel rounds it to a second and moves it with the wall clock. */
  readonly bootMs: number;
}

/** Entries of the auxiliary vector, getauxval(3). */
const AT_PAGESZ = 6;
const AT_CLKTCK = 17;

/**
 * Page size and clock ticks out of the auxiliary vector: pairs of native words that the kernel hands to every process.
 * Exact on every architecture (arm64 kernels come with pages of 4, 16 or 64 KiB), and no `getconf` to start.
 * Falls back to 4096 and 100, the values of x86-64, where `/proc/self/auxv` cannot be read.
 */
export function parseAuxiliaryVector(
  vector: Buffer,
  littleEndian: boolean,
): { pageBytes: number; ticksPerSecond: number } {
  const word = (offset: number): number =>
    Number(littleEndian ? vector.readBigUInt64LE(offset) : vector.readBigUInt64BE(offset));
  const units = { pageBytes: 4096, ticksPerSecond: 100 };
  for (let at = 0; at + 16 <= vector.length; at += 16) {
    if (word(at) === AT_PAGESZ) units.pageBytes = word(at + 8);
    if (word(at) === AT_CLKTCK) units.ticksPerSecond = word(at + 8);
  }
  return units;
}

/** The line `btime N` of `/proc/stat`, in epoch milliseconds; NaN when it is missing. */
export function parseBootTime(stat: string): number {
  const found = /^btime (\d+)$/m.exec(stat);
  return found === null ? Number.NaN : Number(found[1]) * 1000;
}

/**
 * The boot time that `/proc/stat` has in whole seconds, by the uptime, which has hundredths (proc(5)): else every process
 * would seem up to a second older than it is. Where the two disagree by more, a container shows an uptime of its own.
 */
export function refineBootTime(bootMs: number, byUptimeMs: number): number {
  return Math.abs(byUptimeMs - bootMs) <= 1500 ? byUptimeMs : bootMs;
}

export function readKernelUnits(): KernelUnits {
  let vector = Buffer.alloc(0);
  let stat = '';
  try {
    vector = readFileSync('/proc/self/auxv');
    stat = readFileSync('/proc/stat', 'latin1');
  } catch {
    // Another system, or a sandbox that hides them: the defaults below and an unknown boot time.
  }
  const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  return {
    ...parseAuxiliaryVector(vector, littleEndian),
    bootMs: refineBootTime(parseBootTime(stat), Date.now() - uptime() * 1000),
  };
}
