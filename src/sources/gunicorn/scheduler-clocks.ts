/** Since when a thread has not run, at a single look (`/proc/PID/task/TID/sched`). */
import { listThreads, readSmall } from './proc.ts';

interface LastRun {
  readonly cpu: number;
  /** Milliseconds of that CPU's clock. */
  readonly atMs: number;
}

/**
 * The scheduler stamps a thread when it runs (`se.exec_start`) with a clock that stands still while an interrupt or the
 * hypervisor has the CPU (kernel/sched/core.c, update_rq_clock_task), so each CPU's goes its own way: 6.6 s apart after
 * 14 h on a virtual machine of two. A thread is compared with whoever ran last on the same CPU, among gtop's own threads
 * and some processes that wake every second: what comes out is never too long.
 */
export class SchedulerClocks {
  readonly #newest = new Map<number, number>();
  /** When these were read, epoch milliseconds. */
  readonly #atMs: number;

  /** @param pids processes that run often. */
  constructor(pids: Iterable<number>) {
    const own = (listThreads(process.pid) ?? []).map((thread) => `${process.pid}/task/${thread}`);
    for (const task of [...own, ...Array.from(pids, String)]) {
      const run = lastRun(task);
      if (run) this.#newest.set(run.cpu, Math.max(run.atMs, this.#newest.get(run.cpu) ?? 0));
    }
    this.#atMs = Date.now();
  }

  /** Epoch milliseconds; null where the kernel does not say (CONFIG_SCHED_DEBUG), or nobody else ran on that CPU. */
  lastRunMs(pid: number, thread: string): number | null {
    const run = lastRun(`${pid}/task/${thread}`);
    const newest = run === null ? undefined : this.#newest.get(run.cpu);
    return run === null || newest === undefined ? null : this.#atMs - Math.max(0, newest - run.atMs);
  }
}

/** Position of the last CPU (proc(5), field 39 of `stat`) behind the name of the program, which may hold blanks. */
const PROCESSOR = 36;

function lastRun(task: string): LastRun | null {
  const atMs = /^se\.exec_start\s*:\s*([\d.]+)$/m.exec(readSmall(`/proc/${task}/sched`) ?? '')?.[1];
  const stat = readSmall(`/proc/${task}/stat`);
  const cpu = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[PROCESSOR];
  return atMs === undefined || cpu === undefined ? null : { cpu: Number(cpu), atMs: Number(atMs) };
}
