/** The workers that log and samples tell of, each from its start to its end. */
import type { Drain } from './exit-rules.ts';

/** What is gathered about an end until its reason is clear. */
export interface OpenEnd {
  readonly atMs: number;
  /** When to decide without further evidence. */
  dueMs: number;
  drain: Drain | null;
  orderly: boolean;
  signal: string | null;
  code: number | null;
  masterGone: boolean;
  /** A line tells of it. */
  logged: boolean;
}

/** One worker. Null is not known. */
export interface Life {
  readonly pid: number;
  masterPid: number | null;
  bornMs: number | null;
  /** When the process began that samples show under this pid; null: none has. */
  shownSinceMs: number | null;
  /** Position of its `Booting` line among all lines. */
  bornSerial: number | null;
  /** An access line carried its pid. */
  served: boolean;
  /** It said that it leaves after the current request (max_requests). */
  recycling: boolean;
  /** `Exception in worker process`: `Type: message`, and the traceback. */
  exception: { readonly text: string; readonly details: string | null; readonly atMs: number } | null;
  /** Its end is being looked into. */
  open: OpenEnd | null;
  /** Its end is counted. */
  endedMs: number | null;
}

/** Later lines about a pid that ended are about the same end, for as long; pids are not reused that soon. */
const REMEMBER_MS = 300_000;
/** A worker younger than this may be missing from a sample without being gone. */
const NEWBORN_MS = 10_000;
/** Stamps are cut to the second, and starts of processes known to one where the boot time is (proc(5), btime). */
const CLOCK_SLACK_MS = 2500;

export class WorkerLives {
  readonly #lives = new Map<number, Life>();
  /** Those that had the pid of a process that samples show, before it: lines of the past tell of them. */
  readonly #earlier = new Map<number, Life>();

  get(pid: number): Life | undefined {
    return this.#lives.get(pid);
  }

  /** The life of this pid; a new one when nothing is known of it. */
  of(pid: number): Life {
    return this.#lives.get(pid) ?? this.begin(pid);
  }

  /** The life that a line of this moment tells of: it may be older than the process that has the pid now. */
  at(pid: number, atMs: number): Life {
    const life = this.of(pid);
    if (!isLater(life, atMs)) return life;
    return this.#earlier.get(pid) ?? this.begin(pid, this.#earlier);
  }

  /** A new life for the pid of this one; what was known of it is another worker's. */
  next(before: Life): Life {
    return this.begin(before.pid, this.#earlier.get(before.pid) === before ? this.#earlier : this.#lives);
  }

  /** A new life for this pid; what was known of it is another worker's. */
  begin(pid: number, lives = this.#lives): Life {
    const life: Life = {
      pid,
      masterPid: null,
      bornMs: null,
      shownSinceMs: null,
      bornSerial: null,
      served: false,
      recycling: false,
      exception: null,
      open: null,
      endedMs: null,
    };
    lives.set(pid, life);
    return life;
  }

  /** Whether the end of this life is counted already, so that evidence of this moment adds nothing. */
  static isOver(life: Life, atMs: number): boolean {
    return life.endedMs !== null && atMs - life.endedMs <= REMEMBER_MS;
  }

  /** Pids of a master's workers (of all masters', for null) that were alive then, as far as log and samples tell. */
  alive(masterPid: number | null, atMs: number): readonly number[] {
    return [...this.#lives.values()]
      .map((life) => (isLater(life, atMs) ? this.#earlier.get(life.pid) : life))
      .filter((life) => life !== undefined)
      .filter((life) => life.endedMs === null && life.open === null)
      .filter((life) => masterPid === null || life.masterPid === null || life.masterPid === masterPid)
      .map((life) => life.pid);
  }

  /** After a sample: drops workers that only the log knows and that are not there. */
  dropMissing(present: ReadonlySet<number>, atMs: number): void {
    for (const [pid, life] of this.#lives) {
      // Of one that fails to boot the log may hold nothing before its exception: its end is still to come.
      const heardMs = life.bornMs ?? life.exception?.atMs ?? Number.NEGATIVE_INFINITY;
      const isOld = heardMs < atMs - NEWBORN_MS;
      if (isOld && life.endedMs === null && life.open === null && !present.has(pid)) this.#lives.delete(pid);
    }
  }

  /** Drops lives that ended long ago. */
  dropEnded(nowMs: number): void {
    for (const [pid, life] of this.#lives) {
      if (life.endedMs !== null && nowMs - life.endedMs > REMEMBER_MS) this.#lives.delete(pid);
    }
    for (const pid of this.#earlier.keys()) {
      const life = this.#lives.get(pid);
      if (life === undefined || !isLater(life, nowMs - REMEMBER_MS)) this.#earlier.delete(pid);
    }
  }
}

/** Whether samples show that it began after that moment. */
const isLater = ({ shownSinceMs }: Life, atMs: number): boolean =>
  shownSinceMs !== null && atMs < shownSinceMs - CLOCK_SLACK_MS;
