/** The figures of single processes from one look to the next: what needs the look before, and what is too dear for each. */

import type { ProcessFact } from '../../model/facts.ts';
import { monotonicMs } from '../monotonic.ts';
import {
  type KernelUnits,
  listDescriptors,
  type MemoryRollup,
  readDescriptorLimit,
  readRollup,
  readStat,
} from './proc.ts';

/** A process as `/proc` shows it, with the descriptors it has open. */
export interface ProcessLook {
  readonly fact: ProcessFact;
  /** Numbers of its open descriptors; null without permission. */
  readonly descriptors: readonly string[] | null;
}

/** PSS moves slowly, and reading it makes the kernel walk the page tables: 0.3 ms for a small worker, 5 ms and more for a big one. */
const ROLLUP_INTERVAL_MS = 5000;
/** What all re-reads of one look may take together; the rest waits for the next look. */
const ROLLUP_BUDGET_MS = 8;

interface Memory {
  readonly startTicks: number;
  cpuTicks: number;
  atMs: number;
  rollup: MemoryRollup | null;
  rollupAtMs: number;
  fdLimit: number | null;
}

export class ProcessTable {
  readonly #units: KernelUnits;
  readonly #memories = new Map<number, Memory>();
  readonly #withPss: boolean;
  #rollupMs = 0;

  /** @param withPss false leaves `pssBytes` and `ussBytes` unknown. */
  constructor(units: KernelUnits, withPss = true) {
    this.#units = units;
    this.#withPss = withPss;
  }

  /** Epoch milliseconds of a start time in ticks since boot; NaN where the boot time is not known. */
  startedAtMs(startTicks: number): number {
    return this.#units.bootMs + (startTicks * 1000) / this.#units.ticksPerSecond;
  }

  /** Call before the first `look` of a moment. */
  begin(): void {
    this.#rollupMs = 0;
  }

  /** One process; null when it is gone. A zombie is still there, without descriptors or memory. */
  look(pid: number, nowMs: number): ProcessLook | null {
    const stat = readStat(pid);
    if (stat === null) return null;
    let memory = this.#memories.get(pid);
    if (memory?.startTicks !== stat.startTicks) memory = undefined;

    const ticks = this.#units.ticksPerSecond;
    const elapsedMs = memory === undefined ? 0 : nowMs - memory.atMs;
    const usedTicks = memory === undefined ? 0 : stat.cpuTicks - memory.cpuTicks;
    const cpuPercent = elapsedMs > 0 ? ((usedTicks / ticks) * 100_000) / elapsedMs : null;
    memory ??= {
      startTicks: stat.startTicks,
      cpuTicks: 0,
      atMs: 0,
      rollup: null,
      rollupAtMs: Number.NEGATIVE_INFINITY,
      fdLimit: null,
    };
    memory.cpuTicks = stat.cpuTicks;
    memory.atMs = nowMs;
    this.#memories.set(pid, memory);
    this.#readMemory(pid, memory, nowMs);

    const startedAtMs = this.startedAtMs(stat.startTicks);
    const descriptors = listDescriptors(pid);
    return {
      descriptors,
      fact: {
        pid,
        parentPid: stat.parentPid,
        startTicks: stat.startTicks,
        startedAtMs: Number.isNaN(startedAtMs) ? null : Math.round(startedAtMs),
        cpuSeconds: stat.cpuTicks / ticks,
        cpuPercent,
        rssBytes: stat.rssPages * this.#units.pageBytes,
        pssBytes: memory.rollup?.pssBytes ?? null,
        ussBytes: memory.rollup?.ussBytes ?? null,
        vmsBytes: stat.vmsBytes,
        osState: stat.state,
        threads: stat.threads,
        fds: descriptors?.length ?? null,
        fdLimit: memory.fdLimit,
      },
    };
  }

  /** Forgets every process that this look did not show. */
  sweep(nowMs: number): void {
    for (const [pid, memory] of this.#memories) if (memory.atMs !== nowMs) this.#memories.delete(pid);
  }

  /** A process that was never measured is measured at once; the others take turns within the budget. */
  #readMemory(pid: number, memory: Memory, nowMs: number): void {
    const isNew = memory.rollupAtMs === Number.NEGATIVE_INFINITY;
    const isDue = nowMs - memory.rollupAtMs >= ROLLUP_INTERVAL_MS && this.#rollupMs < ROLLUP_BUDGET_MS;
    if (!this.#withPss || !(isNew || isDue)) return;
    const before = monotonicMs();
    memory.rollup = readRollup(pid);
    memory.fdLimit = readDescriptorLimit(pid);
    memory.rollupAtMs = nowMs;
    if (!isNew) this.#rollupMs += monotonicMs() - before;
  }
}
