/** Whether the workers that a master has started last came up, as the process samples show it. */
import { isUvicorn } from './event-loop.ts';
import type { MasterFact, ProcessSample, WorkerFact } from './facts.ts';

/** A master that goes with workers that never came up takes the reason with it: a failing import ends it. */
export type FailedBoot =
  /** Since a reload no new worker had come up; seconds from the reload to the master's end. */
  | { readonly kind: 'reload'; readonly seconds: number }
  /** This worker was seen before it had come up. */
  | { readonly kind: 'worker'; readonly pid: number };

interface Story {
  readonly pidFile: string | null;
  readonly pidFileAtMs: number | null;
  /** The newest reload, of which no worker has come up yet; null: none. */
  reloadMs: number | null;
  /** Workers of the newest look that had not come up. */
  unborn: readonly number[];
}

/** Starts of processes are known to a second where the boot time is (proc(5), btime). */
const CLOCK_SLACK_MS = 1500;

type BootLook = Pick<ProcessSample, 'atMs' | 'masters' | 'workers' | 'gone'>;

const isLater = (atMs: number | null, thanMs: number | null): boolean =>
  atMs !== null && thanMs !== null && atMs > thanMs;

/** Its descriptors are closed first when it ends, and with them the heartbeat file that it always holds. */
export const isLettingGo = ({ fds, heartbeatAgeSeconds }: WorkerFact): boolean =>
  fds !== null && heartbeatAgeSeconds === null;

export class BootWatch {
  readonly #stories = new Map<number, Story>();

  /** Takes one look; answers for masters that were there at the look before and are no more. */
  add({ atMs, masters, workers, gone }: BootLook): ReadonlyMap<number, FailedBoot> {
    const failed = new Map<number, FailedBoot>();
    for (const [pid, story] of this.#stories) {
      if (masters.some((master) => master.pid === pid)) continue;
      this.#stories.delete(pid);
      const leftAtMs = gone?.pid === pid ? gone.pidFileAtMs : null;
      const reloadMs = story.reloadMs ?? (isLater(leftAtMs, story.pidFileAtMs) ? leftAtMs : null);
      const [worker] = story.unborn;
      if (reloadMs !== null) failed.set(pid, { kind: 'reload', seconds: Math.max(0, (atMs - reloadMs) / 1000) });
      else if (worker !== undefined) failed.set(pid, { kind: 'worker', pid: worker });
    }
    for (const master of masters) {
      const own = workers.filter(({ masterPid }) => masterPid === master.pid);
      this.#look(master, own);
    }
    return failed;
  }

  #look(master: MasterFact, workers: readonly WorkerFact[]): void {
    const { pid, pidFile, pidFileAtMs = null } = master;
    const before = this.#stories.get(pid);
    // Each reload writes the pid file anew (gunicorn/arbiter.py, reload).
    const isReload = before?.pidFile === pidFile && isLater(pidFileAtMs, before.pidFileAtMs);
    const reloadMs = isReload ? pidFileAtMs : (before?.reloadMs ?? null);
    const cameUp = workers.filter((worker) => !isLettingGo(worker) && hasComeUp(worker, master) !== false);
    const isOver =
      reloadMs !== null && cameUp.some((worker) => (worker.startedAtMs ?? reloadMs) >= reloadMs - CLOCK_SLACK_MS);
    this.#stories.set(pid, {
      pidFile,
      // For a moment in each reload there is none.
      pidFileAtMs: pidFileAtMs ?? before?.pidFileAtMs ?? null,
      reloadMs: isOver ? null : reloadMs,
      unborn: workers.filter((worker) => hasComeUp(worker, master) === false).map((worker) => worker.pid),
    });
  }
}

/**
 * Whether a worker has reached its loop; null where that is not known: descriptors may not be read, or a worker of
 * uvicorn's, which serves long before it touches its heartbeat.
 */
export function hasComeUp(worker: WorkerFact, master: Pick<MasterFact, 'workerClass'> | null): boolean | null {
  if ((worker.connections ?? 0) > 0 || (worker.busyThreads ?? 0) > 0) return true;
  if (worker.hasBegun !== false) return worker.hasBegun ?? null;
  return master?.workerClass == null || isUvicorn(master.workerClass) ? null : false;
}
