/** Which children of a master are its web workers. */

import { type Holdings, HoldingsReader, readHoldings } from './descriptors.ts';
import { isSameCommand } from './identity.ts';
import { isRunning, listDescriptors, readChildren } from './proc.ts';
import { parseTitle } from './process-name.ts';
import type { ProcessLook, ProcessTable } from './process-table.ts';
import { procView } from './process-view.ts';

export interface WorkerLook extends ProcessLook {
  readonly holdings: Holdings | null;
}

export interface Family {
  readonly workers: readonly WorkerLook[];
  /** What the master holds; null without permission. */
  readonly holdings: Holdings | null;
}

/** The master's own descriptors change with its workers and on reload; between these they are looked at this often. */
const MASTER_INTERVAL_MS = 5000;

/**
 * A descriptor costs 3 µs to look at. Of a worker with very many (thousands of open connections on one event loop) they
 * are looked at less often: so many milliseconds for each, and never less often than the limit.
 */
const MANY_DESCRIPTORS = 500;
const INTERVAL_PER_DESCRIPTOR_MS = 4;
const MAX_INTERVAL_MS = 10_000;

interface KnownChild {
  readonly startTicks: number | null;
  readonly reader: HoldingsReader;
  isWorker: boolean;
  holdings: Holdings | null;
  holdingsAtMs: number;
}

/**
 * The web workers of one master. Told from dirty arbiters, upgraded masters and what the application started by the
 * title; else by the heartbeat file that worker and master both hold; else, where descriptors may not be read, by the
 * command line, which a fork shares with its master.
 */
export class FamilyWatch {
  readonly masterPid: number;
  readonly #table: ProcessTable;
  readonly #known = new Map<number, KnownChild>();
  #holdings: Holdings | null = null;
  #heldNames: ReadonlySet<string> = new Set();
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(masterPid: number, table: ProcessTable) {
    this.masterPid = masterPid;
    this.#table = table;
  }

  /** @param others masters that are children of this one: an upgrade under way. */
  look(nowMs: number, others: ReadonlySet<number>): Family {
    if (nowMs - this.#readAtMs >= MASTER_INTERVAL_MS) this.#readMaster(nowMs);
    const workers: WorkerLook[] = [];
    const seen = new Set<number>();
    for (const pid of this.#candidates()) {
      if (others.has(pid)) continue;
      const look = this.#lookAt(pid, nowMs);
      if (look === null) continue;
      seen.add(pid);
      if (this.#known.get(pid)?.isWorker === true) workers.push(look);
    }
    for (const pid of this.#known.keys()) if (!seen.has(pid)) this.#known.delete(pid);
    return { workers: this.#stillHere(workers), holdings: this.#holdings };
  }

  /** Workers that outlive their master: they end by themselves within a second, unless a request keeps them. */
  orphans(nowMs: number): readonly WorkerLook[] {
    const workers: WorkerLook[] = [];
    for (const [pid, child] of this.#known) {
      const look = child.isWorker ? this.#table.look(pid, nowMs) : null;
      const isSame = look !== null && look.fact.startTicks === child.startTicks && isRunning(look.fact.osState ?? '');
      if (isSame) workers.push({ ...look, holdings: holdingsOf(look, child, nowMs) });
      else this.#known.delete(pid);
    }
    return workers;
  }

  /** The list of children may miss one (see `readChildren`): who was there before is asked himself. */
  #candidates(): ReadonlySet<number> {
    return new Set([...readChildren(this.masterPid), ...this.#known.keys()]);
  }

  #lookAt(pid: number, nowMs: number): WorkerLook | null {
    const look = this.#table.look(pid, nowMs);
    if (look === null || look.fact.parentPid !== this.masterPid) return null;
    let child = this.#known.get(pid);
    if (child?.startTicks !== look.fact.startTicks) {
      child = {
        startTicks: look.fact.startTicks,
        reader: new HoldingsReader(pid),
        isWorker: false,
        holdings: null,
        holdingsAtMs: Number.NEGATIVE_INFINITY,
      };
      this.#known.set(pid, child);
    }
    // A worker that has ended, or is about to, has let go of its heartbeat file: it stays what it was.
    if (!isRunning(look.fact.osState ?? '')) return { ...look, holdings: null };
    const holdings = holdingsOf(look, child, nowMs);
    const verdict = this.#judge(pid, holdings, nowMs);
    if (verdict !== null) child.isWorker = verdict;
    return { ...look, holdings };
  }

  /** Null where nothing new speaks for or against. */
  #judge(pid: number, holdings: Holdings | null, nowMs: number): boolean | null {
    if (holdings !== null && holdings.heartbeats.length > 0) {
      const areShared = () => holdings.heartbeats.every(({ name }) => this.#heldNames.has(name));
      // A new worker's file is not in what was read of the master before.
      if (!areShared() && this.#holdings !== null) this.#readMaster(nowMs);
      // A dirty arbiter holds files that only its own dirty workers share.
      return this.#holdings === null ? this.#isTitledWorker(pid) !== false : areShared();
    }
    if (holdings !== null) return null;
    return this.#known.get(pid)?.isWorker === true ? null : this.#isTitledWorker(pid);
  }

  /** By title or, without one, by the command line that it shares with the master. */
  #isTitledWorker(pid: number): boolean {
    const command = procView.command(pid);
    const title = parseTitle(command);
    return title === null ? isSameCommand(command, procView.command(this.masterPid)) : title.role === 'worker';
  }

  #readMaster(nowMs: number): void {
    this.#readAtMs = nowMs;
    const descriptors = listDescriptors(this.masterPid);
    this.#holdings = descriptors === null ? null : readHoldings(this.masterPid, descriptors);
    this.#heldNames = new Set(this.#holdings?.heartbeats.map(({ name }) => name));
  }

  /** A pid may have passed to another process since its first line was read: a child of this master is still the same. */
  #stillHere(workers: readonly WorkerLook[]): readonly WorkerLook[] {
    const children = new Set(readChildren(this.masterPid));
    const isSame = ({ fact }: WorkerLook): boolean =>
      children.has(fact.pid) || procView.glance(fact.pid)?.startKey === fact.startTicks;
    return workers.filter((worker) => isSame(worker) || worker.fact.osState === 'Z');
  }
}

function holdingsOf({ descriptors }: ProcessLook, child: KnownChild, nowMs: number): Holdings | null {
  const count = descriptors?.length ?? 0;
  const interval = count > MANY_DESCRIPTORS ? Math.min(count * INTERVAL_PER_DESCRIPTOR_MS, MAX_INTERVAL_MS) : 0;
  if (nowMs - child.holdingsAtMs < interval) return child.holdings;
  child.holdings = descriptors === null ? null : child.reader.read(descriptors);
  child.holdingsAtMs = nowMs;
  return child.holdings;
}
