/** Ends of masters, as the process samples show them: who went, and whether it was the kernel's doing. */
import { BootWatch, type FailedBoot } from './boot-watch.ts';
import type { ProcessSample } from './facts.ts';
import { saySeconds } from './figures.ts';
import type { OomProofs } from './oom-proofs.ts';

export interface MasterEnd {
  readonly pid: number;
  /** Epoch milliseconds of the first sample without it. */
  readonly atMs: number;
  /** It was told to stop, or another master serves on: an upgrade, a restart. */
  readonly isRoutine: boolean;
  /** The kernel killed it for want of memory. */
  readonly isOom: boolean;
  /** It was told to stop: a line says so. */
  readonly isAsked: boolean;
  /** It went with new workers that had not come up; null: not so, as far as is known. */
  readonly failedBoot: FailedBoot | null;
  /** One that stops in order removes its pid file, one that is killed leaves it. Null: not known. */
  readonly pidFile: 'left' | 'removed' | null;
}

/** What is known of a master's end: `master 4711 killed by the kernel: out of memory`. */
export function sayMasterEnd({ pid, isOom, isAsked, failedBoot, pidFile }: MasterEnd): string {
  if (isOom) return `master ${pid} killed by the kernel: out of memory`;
  if (isAsked) return `master ${pid} was told to stop`;
  if (failedBoot?.kind === 'reload') {
    return `master ${pid} has stopped ${saySeconds(failedBoot.seconds)} after a reload, none of its new workers had come up: does the new code fail at import?`;
  }
  if (failedBoot?.kind === 'worker') {
    return `master ${pid} has stopped before its new worker ${failedBoot.pid} had come up: does the code fail at import?`;
  }
  if (pidFile === 'left') return `master ${pid} was killed, or crashed: it has left its pid file`;
  if (pidFile === 'removed')
    return `master ${pid} has stopped in order: told to (TERM, INT, QUIT), or a worker failed to boot`;
  return `master ${pid} is gone`;
}

interface OpenEnd {
  readonly pid: number;
  readonly atMs: number;
  readonly isSucceeded: boolean;
  readonly isProven: boolean;
  readonly failedBoot: FailedBoot | null;
  readonly pidFile: MasterEnd['pidFile'];
}

/**
 * A master writes nothing when it is killed, and nobody writes it for it. Where the kernel has counted an out-of-memory
 * kill in that moment it is the master's before any worker's: workers leave by themselves when their master is gone, but
 * a master does not when a worker is.
 */
export class MasterEnds {
  readonly #oom: OomProofs;
  readonly #isStopping: (pid: number) => boolean;
  #pids: readonly number[] = [];
  #open: OpenEnd[] = [];
  #lastOom: MasterEnd | null = null;
  #last: MasterEnd | null = null;
  readonly #boots = new BootWatch();

  /** @param isStopping whether a log tells that this master was asked to stop. */
  constructor(oom: OomProofs, isStopping: (pid: number) => boolean) {
    this.#oom = oom;
    this.#isStopping = isStopping;
  }

  /** The newest master that the kernel killed for want of memory. */
  get lastOom(): MasterEnd | null {
    return this.#lastOom;
  }

  /** The newest end. */
  get last(): MasterEnd | null {
    return this.#last;
  }

  /** One look, after its count of kills was noted. */
  add(sample: Pick<ProcessSample, 'atMs' | 'masters' | 'workers' | 'gone'>): void {
    const { atMs, masters, gone } = sample;
    const failed = this.#boots.add(sample);
    const now = masters.map(({ pid }) => pid);
    for (const pid of this.#pids) {
      if (now.includes(pid)) continue;
      const isProven = !this.#isStopping(pid) && this.#oom.take(atMs);
      const isSucceeded = now.length > 0;
      const pidFile = gone?.pid === pid ? gone.pidFile : null;
      this.#open.push({ pid, atMs, isSucceeded, isProven, failedBoot: failed.get(pid) ?? null, pidFile });
    }
    this.#pids = now;
  }

  /** The ends since the last call. Call it after the logs were read: the line that tells of a stop may come late. */
  settle(): readonly MasterEnd[] {
    const open = this.#open;
    this.#open = [];
    return open.map(({ pid, atMs, isSucceeded, isProven, failedBoot, pidFile }) => {
      const isAsked = this.#isStopping(pid);
      if (isProven && isAsked) this.#oom.giveBack(atMs);
      const isOom = isProven && !isAsked;
      const end = { pid, atMs, isRoutine: isAsked || isSucceeded, isOom, isAsked, failedBoot, pidFile };
      this.#last = end;
      if (end.isOom) this.#lastOom = end;
      return end;
    });
  }
}
