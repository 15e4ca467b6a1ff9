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
  /** Position of its `Booting` line among all lines. */
  bornSerial: number | null;
  /** An access line carried its pid. */
  served: boolean;
  /** It said that it leaves after the current request (max_requests). */
  recycling: boolean;
  /** `Exception in worker process`: `Type: message`, and the traceback. */
  exception: { readonly text: string; readonly details: string | null } | null;
  /** Its end is being looked into. */
  open: OpenEnd | null;
  /** Its end is counted. */
  endedMs: number | null;
}

/** Later lines about a pid that ended are about the same end, for as long; pids are not reused that soon. */
const REMEMBER_MS = 300_000;
/** A worker younger than this may be missing from a sample without being gone. */
const NEWBORN_MS = 10_000;

export class WorkerLives {
  readonly #lives = new Map<number, Life>();

  get(pid: number): Life | undefined {
    return this.#lives.get(pid);
  }

  /** The life of this pid; a new one when nothing is known of it. */
  of(pid: number): Life {
    return this.#lives.get(pid) ?? this.begin(pid);
  }

  /** A new life for this pid; what was known of it is another worker's. */
  begin(pid: number): Life {
    const life: Life = {
      pid,
      masterPid: null,
      bornMs: null,
      bornSerial: null,
      served: false,
      recycling: false,
      exception: null,
      open: null,
      endedMs: null,
    };
    this.#lives.set(pid, life);
    return life;
  }

  /** Whether the end of this life is counted already, so that evidence of this moment adds nothing. */
  static isOver(life: Life, atMs: number): boolean {
    return life.endedMs !== null && atMs - life.endedMs <= REMEMBER_MS;
  }

  /** Pids of a master's workers (of all masters', for null) that are alive as far as log and samples tell. */
  alive(masterPid: number | null): readonly number[] {
    return [...this.#lives.values()]
      .filter((life) => life.endedMs === null && life.open === null)
      .filter((life) => masterPid === null || life.masterPid === null || life.masterPid === masterPid)
      .map((life) => life.pid);
  }

  /** After a sample: drops workers that only the log knows and that are not there. */
  dropMissing(present: ReadonlySet<number>, atMs: number): void {
    for (const [pid, life] of this.#lives) {
      const isOld = life.bornMs === null || life.bornMs < atMs - NEWBORN_MS;
      if (isOld && life.endedMs === null && life.open === null && !present.has(pid)) this.#lives.delete(pid);
    }
  }

  /** Drops lives that ended long ago. */
  dropEnded(nowMs: number): void {
    for (const [pid, life] of this.#lives) {
      if (life.endedMs !== null && nowMs - life.endedMs > REMEMBER_MS) this.#lives.delete(pid);
    }
  }
}
