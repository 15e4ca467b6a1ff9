import type { GtopSelf } from '../model/snapshot.ts';

/** Measures gtop's own cost: CPU of the whole process, all threads, between two readings, and its resident memory. */
export class SelfMeter {
  #before: { readonly atMs: number; readonly cpuMicroseconds: number } | null = null;

  constructor(readonly version: string) {}

  read(atMs: number): GtopSelf {
    const { user, system } = process.cpuUsage();
    const now = { atMs, cpuMicroseconds: user + system };
    const before = this.#before;
    this.#before = now;
    const elapsedMs = before ? now.atMs - before.atMs : 0;
    return {
      version: this.version,
      pid: process.pid,
      cpuPercent:
        before && elapsedMs > 0 ? ((now.cpuMicroseconds - before.cpuMicroseconds) / 1000 / elapsedMs) * 100 : null,
      rssBytes: process.memoryUsage.rss(),
    };
  }
}
