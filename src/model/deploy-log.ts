/** Reloads and starts of masters, each told once, whether lines or processes tell of it first. */
import type { Deploy } from './deploys.ts';

const KEPT = 10;
/** A master that starts this soon after USR2 is the new one of an upgrade. */
const UPGRADE_MS = 30_000;
/** A master writes its first line at once; a sample recognises it a second or two later. */
const SAME_START_MS = 5000;

export class DeployLog {
  #rows: readonly Deploy[] = [];
  #upgradeMs = Number.NEGATIVE_INFINITY;
  /** The newest start of a master, and who told of it first. */
  #lastStart: { readonly atMs: number; readonly by: 'log' | 'sample' } | null = null;

  /** The newest ten, the oldest of them first. */
  get rows(): readonly Deploy[] {
    return this.#rows;
  }

  /** A master was told to start another one beside it (USR2). */
  upgradeBegins(atMs: number): void {
    this.#upgradeMs = atMs;
  }

  reloaded(atMs: number): void {
    this.#add({ atMs, kind: 'reload' });
  }

  /** A line tells of a master that starts: which kind of start it is, the line does not say. */
  startLogged(atMs: number): void {
    this.#started({ atMs, kind: atMs - this.#upgradeMs <= UPGRADE_MS ? 'upgrade' : 'restart' }, 'log');
  }

  /** A master that was not there at the look before. */
  startSeen(atMs: number, kind: 'upgrade' | 'restart'): void {
    this.#started({ atMs, kind }, 'sample');
  }

  #started(deploy: Deploy, by: 'log' | 'sample'): void {
    const last = this.#lastStart;
    if (last !== null && last.by !== by && Math.abs(deploy.atMs - last.atMs) <= SAME_START_MS) return;
    this.#lastStart = { atMs: deploy.atMs, by };
    this.#add(deploy);
  }

  #add(deploy: Deploy): void {
    this.#rows = [...this.#rows, deploy].slice(-KEPT);
  }
}
