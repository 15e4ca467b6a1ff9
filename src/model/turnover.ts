/** Why workers come and go, as far as the process samples alone can tell: for ends that no log line explains. */
import type { Inference } from './exit-rules.ts';
import type { MasterFact, ProcessSample } from './facts.ts';

interface Roll {
  readonly atMs: number;
  /** Pids with their start, null where that is not known. */
  readonly workers: ReadonlyMap<number, number | null>;
}

/** Longer than an end waits for its explanation. */
const MEMORY_MS = 15_000;
/** A dead worker is replaced at the arbiter's next turn, a second later at most (`gunicorn/arbiter.py`, run). */
const REPLACED_MS = 2500;
/** A reload starts its workers within so long, a tenth of a second apart (`gunicorn/arbiter.py`, spawn_workers). */
const SPAWN_MS = 3000;
/** Workers that all leave younger than this do not come up: a loop, not a reload. */
const GROWN_UP_MS = 5000;

export class Turnover {
  readonly #rolls = new Map<number, Roll[]>();

  add({ atMs, masters, workers }: ProcessSample): void {
    for (const pid of this.#rolls.keys()) if (!masters.some((master) => master.pid === pid)) this.#rolls.delete(pid);
    for (const { pid } of masters) {
      const own = workers.filter((worker) => worker.masterPid === pid && worker.osState !== 'Z');
      const rolls = (this.#rolls.get(pid) ?? []).filter((roll) => roll.atMs > atMs - MEMORY_MS);
      rolls.push({ atMs, workers: new Map(own.map((worker) => [worker.pid, worker.startedAtMs])) });
      this.#rolls.set(pid, rolls);
    }
  }

  /**
   * Asked some seconds after the end.
   *
   * `reload`: all workers of that moment have given way to as many that started together. `scaledown`: nobody took this
   * one's place. `recycled`: somebody did, and workers of this master are replaced after so many requests. `unasked`:
   * somebody did, and they are not. Null: none of these, or not to be known.
   */
  explain(master: Pick<MasterFact, 'pid' | 'pidFileAtMs' | 'maxRequests'>, pid: number): Inference | null {
    const { pid: masterPid, pidFileAtMs, maxRequests } = master;
    const rolls = this.#rolls.get(masterPid);
    const index = rolls?.findLastIndex((roll) => roll.workers.has(pid)) ?? -1;
    const [before, now] = [rolls?.[index], rolls?.at(-1)];
    if (!before || !now || before === now) return null;
    const newcomers = [...now.workers].filter(([one]) => !before.workers.has(one));
    // A reload writes the pid file anew: with one, it is known without guessing.
    if (pidFileAtMs == null && isReplacedAsAWhole(before, now, newcomers)) return 'reload';
    const later = rolls?.slice(index + 1) ?? [];
    const soonMs = (later[0]?.atMs ?? now.atMs) + REPLACED_MS;
    // One that comes later was asked for: TTIN after TTOU. One that came at once may be gone again: a reload.
    const isReplaced = later.some(({ workers }) =>
      [...workers].some(([one, startMs]) => !before.workers.has(one) && (startMs === null || startMs <= soonMs)),
    );
    if (!isReplaced) return now.atMs - before.atMs >= REPLACED_MS ? 'scaledown' : null;
    if (maxRequests !== 0) return maxRequests ? 'recycled' : null;
    // The only worker gives way to another in each reload as well.
    return pidFileAtMs != null || before.workers.size > 1 ? 'unasked' : null;
  }
}

function isReplacedAsAWhole(
  before: Roll,
  now: Roll,
  newcomers: readonly (readonly [number, number | null])[],
): boolean {
  const fellows = [...before.workers];
  if (fellows.length < 2 || newcomers.length < fellows.length) return false;
  if (fellows.some(([pid, startMs]) => now.workers.has(pid) || before.atMs - (startMs ?? before.atMs) < GROWN_UP_MS)) {
    return false;
  }
  const starts = newcomers.flatMap(([, startMs]) => (startMs === null ? [] : [startMs]));
  return starts.length === newcomers.length && Math.max(...starts) - Math.min(...starts) <= SPAWN_MS;
}
