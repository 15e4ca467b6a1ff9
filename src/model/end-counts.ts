/** The ends of workers so far: how many of each kind, and the latest ones. */
import { type ExitRule, noExits } from './exit-rules.ts';
import type { ExitReason, WorkerExits } from './snapshot.ts';

/** A second master (USR2) that ends itself because a worker failed to boot, and the one that it was to replace. */
export interface FailedUpgrade {
  /** Null: it came and went between two looks, and no line names it. */
  readonly masterPid: number | null;
  readonly servingPid: number;
}

/** A worker's end. */
export interface WorkerEnd {
  readonly pid: number;
  readonly atMs: number;
  readonly reason: ExitReason;
  /** Nobody asked for it. */
  readonly abnormal: boolean;
  readonly level: ExitRule['level'];
  /** It left right after its start, before it could serve. */
  readonly stillborn: boolean;
  /** What happened, without the pid: `killed: timeout after 30 s in GET /reports/9912`; names the request when it is known. */
  text: string;
  /** Its master was the new one of an upgrade, and the one before it serves on; null: not so, as far as is known. */
  readonly failedUpgrade: FailedUpgrade | null;
  /** The traceback that explains it. */
  readonly details: string | null;
}

/** Ends kept for counting the last minutes. */
const RECENT_ENDS = 4096;

export class EndCounts {
  readonly #byReason: Record<ExitReason, number> = noExits();
  #recent: WorkerEnd[] = [];

  add(end: WorkerEnd): void {
    this.#byReason[end.reason] += 1;
    this.#recent.push(end);
    if (this.#recent.length > RECENT_ENDS) this.#recent = this.#recent.slice(-RECENT_ENDS / 2);
  }

  totals(): WorkerExits {
    const total = Object.values(this.#byReason).reduce((sum, count) => sum + count, 0);
    return { total, byReason: { ...this.#byReason } };
  }

  /** Ends later than now − seconds, in the order they were settled; at most the last few thousand. */
  recent(nowMs: number, seconds: number): readonly WorkerEnd[] {
    return this.#recent.filter((end) => end.atMs > nowMs - seconds * 1000);
  }

  /** The latest end of this pid at that moment. */
  find(pid: number, atMs: number): WorkerEnd | null {
    return this.#recent.findLast((end) => end.pid === pid && end.atMs === atMs) ?? null;
  }
}
