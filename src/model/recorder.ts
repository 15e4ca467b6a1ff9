/**
 * What is sampled and not counted (workers, masters, host, alerts, verdict), kept so that a person can go back in time:
 * every look of the last 2 minutes, one in 10 s of the last hour. The traffic has rings of its own.
 *
 * Bounded: at most 480 looks, and fewer where they would hold more than 20,000 rows of workers (the oldest go first).
 * Measured over 4,000 looks: 1.0 MB with 4 workers, 6.9 MB at the bound, 0.04 ms a look.
 */
import type { HostSample, ProcessSample } from './facts.ts';
import type { AlertRow, AlertValues, Verdict, WorkerExits, WorkerHistory } from './snapshot.ts';
import type { WorkerRow } from './workers.ts';

const FINE_MS = 120_000;
const COARSE_STEP_MS = 10_000;
const COARSE_MS = 3_600_000;
const MOST_ROWS = 20_000;
/** A look is true until the next one, and that may come late. */
const LATE_MS = 2500;
const MOST_FINE_POINTS = FINE_MS / 1000;

/** What was known at one look. */
export interface RecordedState {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Null while the processes are not looked at. */
  readonly processes: Pick<ProcessSample, 'masters' | 'activeConnections' | 'backlog'> | null;
  readonly workers: readonly WorkerRow[];
  readonly exits: WorkerExits;
  readonly host: HostSample | null;
  readonly alerts: readonly AlertRow[];
  readonly verdict: Verdict;
}

/** Whose recorded values a view asks for: a worker by its pid and start, an alert by its fingerprint. */
export type RecordedSubject =
  | { readonly worker: number; readonly startedAt: string | null }
  | { readonly alert: string };

export class Recorder {
  /** Both by time, the oldest first; what is in both is the same object. */
  #fine: RecordedState[] = [];
  #coarse: RecordedState[] = [];

  /** Looks kept. */
  get size(): number {
    return new Set([...this.#fine, ...this.#coarse]).size;
  }

  /** Takes one look. After a clock that was set back, what was recorded later than now is gone. */
  add(state: RecordedState): void {
    const { atMs } = state;
    dropFrom(this.#fine, atMs);
    dropFrom(this.#coarse, atMs);
    this.#fine.push(state);
    const last = this.#coarse.at(-1);
    if (last === undefined || slotOf(last.atMs) !== slotOf(atMs)) this.#coarse.push(state);
    dropBefore(this.#fine, atMs - FINE_MS);
    dropBefore(this.#coarse, atMs - COARSE_MS);
    this.#keepBounds();
  }

  /** The oldest moment of which something is kept; null before the first look. */
  get fromMs(): number | null {
    return this.#coarse[0]?.atMs ?? this.#fine[0]?.atMs ?? null;
  }

  /** What was known at a moment: the newest look up to it. Null where none was kept near it. */
  at(atMs: number): RecordedState | null {
    const fine = this.#fine.findLast((state) => state.atMs <= atMs);
    if (fine !== undefined && atMs - fine.atMs <= LATE_MS) return fine;
    const coarse = this.#coarse.findLast((state) => state.atMs <= atMs);
    return coarse !== undefined && atMs - coarse.atMs <= COARSE_STEP_MS + LATE_MS ? coarse : null;
  }

  /**
   * What was recorded of one worker up to a moment, in steps of a second while that is at most 2 minutes, else of ten.
   * @param startedAt tells it from another worker of the same pid; null does not.
   * @returns null where it was never seen.
   */
  worker(pid: number, startedAt: string | null, atMs: number): WorkerHistory | null {
    const find = ({ workers }: RecordedState): WorkerRow | undefined =>
      workers.find((row) => row.pid === pid && (startedAt === null || row.startedAt === startedAt));
    const steps = this.#steps(find, atMs);
    if (steps === null) return null;
    const { stepSeconds, from, rows } = steps;
    return {
      pid,
      stepSeconds,
      from,
      cpuPercent: rows.map((row) => row?.cpuPercent ?? null),
      rssBytes: rows.map((row) => row?.rssBytes ?? null),
      pssBytes: rows.map((row) => row?.pssBytes ?? null),
      busyRatio: rows.map((row) => (row === null ? null : busyOf(row.state))),
      heartbeatAgeSeconds: rows.map((row) => row?.heartbeatAgeSeconds ?? null),
    };
  }

  /** What an alert compared, likewise; a gap where its condition was far from true and it had no row. */
  alert(fingerprint: string, atMs: number): AlertValues | null {
    const steps = this.#steps(({ alerts }) => alerts.find((row) => row.fingerprint === fingerprint), atMs);
    if (steps === null) return null;
    const { stepSeconds, from, rows } = steps;
    return { fingerprint, stepSeconds, from, values: rows.map((row) => row?.value ?? null) };
  }

  /** Equal steps from the first look that shows something up to a moment; null in a step that does not. */
  #steps<Row>(
    find: (state: RecordedState) => Row | undefined,
    atMs: number,
  ): { stepSeconds: number; from: string; rows: (Row | null)[] } | null {
    const isFound = (state: RecordedState): boolean => find(state) !== undefined;
    const [coarse, fine] = [this.#coarse.find(isFound), this.#fine.find(isFound)];
    const first = Math.min(coarse?.atMs ?? Number.POSITIVE_INFINITY, fine?.atMs ?? Number.POSITIVE_INFINITY);
    if (first > atMs) return null;
    const isFine = atMs - first <= FINE_MS && first >= (this.#fine[0]?.atMs ?? Number.POSITIVE_INFINITY);
    const stepMs = isFine ? 1000 : COARSE_STEP_MS;
    const most = isFine ? MOST_FINE_POINTS : COARSE_MS / COARSE_STEP_MS;
    const toSlot = Math.floor(atMs / stepMs);
    const count = Math.min(most, toSlot - Math.floor(first / stepMs) + 1);
    const fromSlot = toSlot - count + 1;
    const rows = new Array<Row | null>(count).fill(null);
    for (const state of isFine ? this.#fine : this.#coarse) {
      const slot = Math.floor(state.atMs / stepMs) - fromSlot;
      if (slot >= 0 && slot < count && state.atMs <= atMs) rows[slot] = find(state) ?? null;
    }
    return { stepSeconds: stepMs / 1000, from: new Date(fromSlot * stepMs).toISOString(), rows };
  }

  #keepBounds(): void {
    let rows = 0;
    for (const state of new Set([...this.#fine, ...this.#coarse])) rows += state.workers.length;
    while (rows > MOST_ROWS) {
      const [coarse, fine] = [this.#coarse[0], this.#fine[0]];
      const oldest = fine === undefined || (coarse !== undefined && coarse.atMs <= fine.atMs) ? coarse : fine;
      if (oldest === this.#fine.at(-1)) return;
      if (oldest === coarse) this.#coarse.shift();
      if (oldest === fine) this.#fine.shift();
      rows -= oldest?.workers.length ?? 0;
    }
  }
}

const slotOf = (atMs: number): number => Math.floor(atMs / COARSE_STEP_MS);

const busyOf = (state: WorkerRow['state']): number | null => {
  if (state === 'busy' || state === 'stuck') return 1;
  return state === 'idle' ? 0 : null;
};

function dropFrom(states: RecordedState[], atMs: number): void {
  while ((states.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY) >= atMs) states.pop();
}

function dropBefore(states: RecordedState[], atMs: number): void {
  let count = 0;
  while ((states[count]?.atMs ?? atMs) < atMs) count += 1;
  if (count > 0) states.splice(0, count);
}
