/** What masters are doing that makes workers leave: reloads, shutdowns, one worker fewer. */
import type { Drain } from './exit-rules.ts';

/** A reload: from `Hang up: Master` until every worker of before is gone. */
export interface Reload {
  readonly masterPid: number | null;
  readonly startMs: number;
  /** False when gtop may not know all workers of before, for it read neither their start nor the processes. */
  readonly complete: boolean;
  /** Pids known to be alive before it and not gone yet. */
  readonly remaining: Set<number>;
  /** Workers of before that are gone. */
  replaced: number;
  lastMs: number;
}

/** A worker as far as its leaving is concerned. */
export interface Leaver {
  readonly pid: number;
  readonly masterPid: number | null;
  /** Position of its `Booting` line among all lines; null when that was never seen. */
  readonly bornSerial: number | null;
  /** Epoch milliseconds of its start. */
  readonly bornMs: number | null;
}

/** TTOU lets a worker finish: its leave is expected for this long, `graceful_timeout`'s default and some more. */
const SCALEDOWN_MS = 40_000;
/** A reload whose old workers are not known is over when nothing happened for this long. */
const RELOAD_QUIET_MS = 40_000;
/** The same where they are known: a long `graceful_timeout`, or lines that were lost. */
const RELOAD_LOST_MS = 600_000;
const RELOAD_TAIL_MS = 3000;
/** A reload that both the log and the pid file tell of is told twice within this time. */
const SAME_RELOAD_MS = 10_000;
/** Starts of processes are known to a second where the boot time is (proc(5), btime). */
const CLOCK_SLACK_MS = 1500;
/** Masters of one log that stop at the same time; an upgrade has two. */
const MASTERS = 8;

/** Known to be there before the reload, or not known to have started after it. */
function isOlder(worker: Leaver, reload: Reload & { readonly serial: number }): boolean {
  if (worker.bornMs !== null && worker.bornMs > reload.startMs + CLOCK_SLACK_MS) return false;
  if (reload.remaining.has(worker.pid)) return true;
  if (worker.bornSerial !== null) return worker.bornSerial < reload.serial;
  return worker.bornMs === null || worker.bornMs < reload.startMs - CLOCK_SLACK_MS;
}

/** True where both name the same master, or one of them is not known. */
const sameMaster = (a: number | null, b: number | null): boolean => a === null || b === null || a === b;

/** Who tells of a reload: a line, or the pid file that each reload writes anew. */
export type Teller = 'log' | 'pid file';

export class Drains {
  readonly #reloads: (Reload & { readonly serial: number })[] = [];
  #reloadedMs = Number.NEGATIVE_INFINITY;
  #lastReload: { readonly masterPid: number | null; readonly atMs: number; readonly by: Teller } | null = null;
  #stopping: { readonly masterPid: number | null; readonly atMs: number; readonly isAsked: boolean }[] = [];
  #scaledowns: { readonly masterPid: number | null; readonly atMs: number }[] = [];

  /** Whether the other one has told of this reload already; asked once for each. */
  isTold(masterPid: number | null, atMs: number, by: Teller): boolean {
    const last = this.#lastReload;
    if (last === null || last.by === by || !sameMaster(last.masterPid, masterPid)) return false;
    this.#lastReload = null;
    return Math.abs(atMs - last.atMs) <= SAME_RELOAD_MS;
  }

  /** A reload begins. `alive` are the workers of this master; `complete`: there are no others. */
  reload(begin: {
    readonly masterPid: number | null;
    readonly atMs: number;
    readonly serial: number;
    readonly alive: readonly number[];
    readonly complete: boolean;
    readonly by: Teller;
  }): Reload {
    const { masterPid, atMs, serial, complete, by } = begin;
    this.#lastReload = { masterPid, atMs, by };
    const reload = {
      masterPid,
      startMs: atMs,
      serial,
      complete,
      remaining: new Set(begin.alive),
      replaced: 0,
      lastMs: atMs,
    };
    this.#reloads.push(reload);
    return reload;
  }

  /** The master stops all its workers and then itself: it was told to, or a worker failed to boot. */
  stop(masterPid: number | null, atMs: number, isAsked = true): void {
    if (!this.#stopping.some((each) => each.masterPid === masterPid)) this.#stopping.push({ masterPid, atMs, isAsked });
    if (this.#stopping.length > MASTERS) this.#stopping.shift();
  }

  /** A master has started or was promoted: what the ones before it did is over. */
  start(): void {
    this.#stopping = [];
  }

  /** @param bornMs of a worker: one that began later has another master, of the same pid. */
  isStopping(masterPid: number | null, bornMs: number | null = null): boolean {
    return this.#stops(masterPid, bornMs).length > 0;
  }

  /** The same where somebody told the master to. */
  isToldToStop(masterPid: number | null, bornMs: number | null = null): boolean {
    return this.#stops(masterPid, bornMs).some(({ isAsked }) => isAsked);
  }

  #stops(masterPid: number | null, bornMs: number | null): readonly { readonly isAsked: boolean }[] {
    return this.#stopping.filter(
      (each) => sameMaster(each.masterPid, masterPid) && (bornMs === null || bornMs <= each.atMs + CLOCK_SLACK_MS),
    );
  }

  /** One worker, or with a larger count several, will leave soon. */
  scaleDown(masterPid: number | null, atMs: number, count = 1): void {
    for (let i = 0; i < count && this.#scaledowns.length < 256; i += 1) this.#scaledowns.push({ masterPid, atMs });
  }

  /** Why a worker may be leaving now; an expected scale-down is used up by the answer. */
  explain(worker: Leaver, atMs: number): Drain | null {
    if (this.isToldToStop(worker.masterPid, worker.bornMs)) return 'shutdown';
    if (this.isOld(worker)) return 'reload';
    if (this.isStopping(worker.masterPid, worker.bornMs)) return 'shutdown';
    this.#scaledowns = this.#scaledowns.filter((one) => atMs - one.atMs <= SCALEDOWN_MS);
    const index = this.#scaledowns.findIndex((one) => sameMaster(one.masterPid, worker.masterPid));
    if (index === -1) return null;
    this.#scaledowns.splice(index, 1);
    return 'scaledown';
  }

  /** Whether a reload under way is to replace this worker: it was not seen to boot after the reload began. */
  isOld(worker: Leaver): boolean {
    return this.#reloads.some((reload) => sameMaster(reload.masterPid, worker.masterPid) && isOlder(worker, reload));
  }

  /** A worker starts: whatever has its pid was not there before. */
  booted(pid: number): void {
    for (const reload of this.#reloads) reload.remaining.delete(pid);
  }

  /** A worker is gone. */
  left(worker: Leaver, atMs: number): void {
    for (const reload of this.#reloads) {
      const old = isOlder(worker, reload) && sameMaster(reload.masterPid, worker.masterPid);
      if (!reload.remaining.delete(worker.pid) && !old) continue;
      reload.replaced += 1;
      reload.lastMs = Math.max(reload.lastMs, atMs);
    }
  }

  /** Whether workers that boot now belong to a reload; its last ones may come up after the last of before is gone. */
  isReloading(atMs: number): boolean {
    return this.#reloads.length > 0 || Math.abs(atMs - this.#reloadedMs) <= RELOAD_TAIL_MS;
  }

  /** Takes out the reloads that are over: all old workers gone, or, where these are unknown, nothing for a while. */
  finished(nowMs: number): readonly Reload[] {
    const done = this.#reloads.filter((reload) => {
      if (reload.complete && reload.remaining.size === 0) return true;
      return nowMs - reload.lastMs > (reload.complete ? RELOAD_LOST_MS : RELOAD_QUIET_MS);
    });
    for (const reload of done) {
      this.#reloads.splice(this.#reloads.indexOf(reload), 1);
      this.#reloadedMs = reload.lastMs;
    }
    return done;
  }
}
