/** Each reload writes the pid file anew (`gunicorn/arbiter.py`, reload): it shows also where no line is written. */
import type { MasterFact } from './facts.ts';

export interface Rewrite {
  readonly masterPid: number;
  readonly atMs: number;
}

export class PidFiles {
  /** When each master's pid file was written, and where it is. */
  readonly #written = new Map<number, { readonly path: string | null; readonly atMs: number }>();

  /** @returns the masters whose pid file, the same as at the look before, was written since. */
  rewritten(masters: readonly MasterFact[]): readonly Rewrite[] {
    const rewrites: Rewrite[] = [];
    for (const { pid, pidFile, pidFileAtMs } of masters) {
      if (pidFileAtMs == null) continue;
      const known = this.#written.get(pid);
      this.#written.set(pid, { path: pidFile, atMs: pidFileAtMs });
      if (known?.path === pidFile && known.atMs < pidFileAtMs) rewrites.push({ masterPid: pid, atMs: pidFileAtMs });
    }
    for (const pid of this.#written.keys()) {
      if (!masters.some((master) => master.pid === pid)) this.#written.delete(pid);
    }
    return rewrites;
  }
}
