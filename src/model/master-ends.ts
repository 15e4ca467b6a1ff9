/** Ends of masters, as the process samples show them: who went, and whether it was the kernel's doing. */
import type { ProcessSample } from './facts.ts';
import type { OomProofs } from './oom-proofs.ts';

export interface MasterEnd {
  readonly pid: number;
  /** Epoch milliseconds of the first sample without it. */
  readonly atMs: number;
  /** It was told to stop, or another master serves on: an upgrade, a restart. */
  readonly isRoutine: boolean;
  /** The kernel killed it for want of memory. */
  readonly isOom: boolean;
}

interface OpenEnd {
  readonly pid: number;
  readonly atMs: number;
  readonly isSucceeded: boolean;
  readonly isProven: boolean;
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

  /** @param isStopping whether a log tells that this master was asked to stop. */
  constructor(oom: OomProofs, isStopping: (pid: number) => boolean) {
    this.#oom = oom;
    this.#isStopping = isStopping;
  }

  /** The newest master that the kernel killed for want of memory. */
  get lastOom(): MasterEnd | null {
    return this.#lastOom;
  }

  /** One look, after its count of kills was noted. */
  add({ atMs, masters }: Pick<ProcessSample, 'atMs' | 'masters'>): void {
    const now = masters.map(({ pid }) => pid);
    for (const pid of this.#pids) {
      if (now.includes(pid)) continue;
      const isProven = !this.#isStopping(pid) && this.#oom.take(atMs);
      this.#open.push({ pid, atMs, isSucceeded: now.length > 0, isProven });
    }
    this.#pids = now;
  }

  /** The ends since the last call. Call it after the logs were read: the line that tells of a stop may come late. */
  settle(): readonly MasterEnd[] {
    const open = this.#open;
    this.#open = [];
    return open.map(({ pid, atMs, isSucceeded, isProven }) => {
      const isAsked = this.#isStopping(pid);
      if (isProven && isAsked) this.#oom.giveBack(atMs);
      const end = { pid, atMs, isRoutine: isAsked || isSucceeded, isOom: isProven && !isAsked };
      if (end.isOom) this.#lastOom = end;
      return end;
    });
  }
}
