/**
 * Pids of a container: the same process has one number where gtop looks from and another in its own logs, pid file and
 * control socket. pid_namespaces(7).
 */
import type { ErrorEntry, LifecycleEvent } from '../../model/facts.ts';
import { readChildren, readSmall } from './proc.ts';

/** Numbers of processes that ended are kept for the lines that still tell of them. */
const MOST_KNOWN = 4096;

/**
 * The pid that a process has for itself: the last of `NSpid` in `/proc/PID/status` (proc(5), since Linux 4.1). The pid
 * itself where there is no such line, or no such process.
 */
export function readOwnPid(pid: number): number {
  return parseOwnPid(readSmall(`/proc/${pid}/status`) ?? '') ?? pid;
}

/** The last number of the line `NSpid:	4711	7`; null without one. */
export function parseOwnPid(status: string): number | null {
  const last = /^NSpid:[\t \d]*?(\d+)[\t ]*$/m.exec(status)?.[1];
  return last === undefined ? null : Number(last);
}

/** What is asked of the kernel; tests say it themselves. */
export interface Numbering {
  ownPid(pid: number): number;
  children(pid: number): readonly number[];
}

const KERNEL: Numbering = { ownPid: readOwnPid, children: readChildren };

interface Process {
  readonly pid: number;
  readonly startTicks?: number | null;
}

/** Tells for the pids that a master and its workers write which processes they are. */
export class PidNamespace {
  readonly #numbering: Numbering;
  /** Pids as gtop sees them by those of the namespace. */
  readonly #outside = new Map<number, number>();
  /** Processes whose number is known, by their start. */
  #known = new Map<number, number | null>();
  /** Pids of the namespace that no process has had since the last look. */
  readonly #missing = new Set<number>();
  #masters: readonly number[] = [];
  #isNested = false;
  /** Whether a look was taken. */
  isReady = false;

  constructor(numbering: Numbering = KERNEL) {
    this.#numbering = numbering;
  }

  /** Takes the masters and workers of a look. In a container it costs one read for each process that is new. */
  update(masters: readonly Process[], workers: readonly Process[]): void {
    this.isReady = true;
    this.#masters = masters.map(({ pid }) => pid);
    this.#missing.clear();
    const known = new Map<number, number | null>();
    for (const process of masters) this.#see(process, known);
    this.#isNested = [...this.#outside].some(([own, pid]) => own !== pid);
    if (this.#isNested) for (const process of workers) this.#see(process, known);
    this.#known = known;
  }

  /**
   * The process that a pid of the logs means; the pid itself where both number alike, and of a process that gtop has
   * never seen. One that started since the last look is looked for.
   */
  outside(pid: number): number {
    if (!this.#isNested) return pid;
    if (!this.#outside.has(pid) && !this.#missing.has(pid)) this.#lookFor(pid);
    return this.#outside.get(pid) ?? pid;
  }

  #lookFor(pid: number): void {
    for (const child of this.#masters.flatMap((master) => this.#numbering.children(master))) {
      if (!this.#known.has(child)) this.#learn(child);
    }
    if (!this.#outside.has(pid)) this.#missing.add(pid);
  }

  #see({ pid, startTicks }: Process, known: Map<number, number | null>): void {
    if (!this.#known.has(pid) || this.#known.get(pid) !== (startTicks ?? null)) this.#learn(pid);
    known.set(pid, startTicks ?? null);
  }

  #learn(pid: number): void {
    const own = this.#numbering.ownPid(pid);
    this.#outside.delete(own);
    this.#outside.set(own, pid);
    // A Map keeps the order of insertion: the oldest is the first.
    if (this.#outside.size > MOST_KNOWN) this.#outside.delete(this.#outside.keys().next().value ?? 0);
  }
}

/** An entry with the pids of the processes that it means. */
export function withPids(entry: ErrorEntry, outside: (pid: number) => number): ErrorEntry {
  const pid = entry.pid === null ? null : outside(entry.pid);
  return { ...entry, pid, event: entry.event && eventWithPids(entry.event, outside) };
}

function eventWithPids(event: LifecycleEvent, outside: (pid: number) => number): LifecycleEvent {
  if ('pid' in event) return { ...event, pid: outside(event.pid) };
  if ('masterPid' in event && event.masterPid !== null) return { ...event, masterPid: outside(event.masterPid) };
  return event;
}
