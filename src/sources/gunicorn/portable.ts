/**
 * Looks at Gunicorn's processes through ps(1) and `pidusage`, on systems without `/proc` (macOS, BSD). Loaded only when
 * used. Sees neither connections, heartbeats nor accept queues.
 */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pidusage from 'pidusage';
import type { ProcessFact, ProcessSample } from '../../model/facts.ts';
import type { GunicornSettings } from './command-line.ts';
import { masterFact } from './household.ts';
import { isSameCommand } from './identity.ts';
import { MasterTracker, type WatchedMaster } from './masters.ts';
import type { MasterTarget } from './pid-file.ts';
import { isRunning } from './proc.ts';
import { parseTitle } from './process-name.ts';
import { PS_ARGUMENTS, PS_DEADLINE_MS, type PsRow, parsePs, psView } from './ps.ts';
import type { GunicornSampler } from './sampler.ts';

const run = promisify(execFile);

/** What the same process is in the next output of ps: `etime` counts whole seconds, so its start wavers by one. */
const START_SLACK_SECONDS = 2;

export class PortableSampler implements GunicornSampler {
  readonly #tracker: MasterTracker;
  #rows: ReadonlyMap<number, PsRow> = new Map();
  /** Start of each process in epoch seconds, as first worked out. */
  #starts = new Map<number, number>();
  /** Processes whose CPU time was read before. */
  #measured = new Map<number, number>();

  constructor(target: MasterTarget) {
    const view = psView(
      () => this.#rows,
      ({ pid }) => this.#starts.get(pid) ?? 0,
    );
    this.#tracker = new MasterTracker(target, view, (startKey) => startKey * 1000);
  }

  learn(settings: Partial<GunicornSettings>): void {
    this.#tracker.learn(settings);
  }

  holdsFile(): boolean {
    return false;
  }

  pidOf(pidInLog: number): number {
    return pidInLog;
  }

  async sample(nowMs: number): Promise<ProcessSample> {
    const trouble = await this.#refresh(nowMs);
    const { masters, notes } = this.#tracker.look(nowMs);
    const families = masters.map((master) => ({ master, workers: this.#workersOf(master, masters) }));
    const pids = families.flatMap(({ master, workers }) => [master.pid, ...workers]);
    const usage = await this.#measure(pids);
    return {
      atMs: nowMs,
      masters: masters.flatMap((master) => {
        const fact = this.#fact(master.pid, usage);
        if (fact === null) return [];
        const { workerClass, bind } = master.settings;
        return [masterFact({ master, fact, workerClass }, bind ?? [])];
      }),
      workers: families.flatMap(({ master, workers }) =>
        workers.flatMap((pid) => {
          const fact = this.#fact(pid, usage);
          const unseen = { connections: null, clientAddress: null, busyThreads: null, heartbeatAgeSeconds: null };
          return fact === null ? [] : [{ ...fact, masterPid: master.pid, ...unseen }];
        }),
      ),
      activeConnections: null,
      backlog: null,
      oomKills: null,
      notes: [
        ...(trouble === null ? [] : [trouble]),
        ...notes,
        'the portable sampler sees no connections, heartbeats or accept queue',
      ],
    };
  }

  async #refresh(nowMs: number): Promise<string | null> {
    try {
      const environment = { ...process.env, LC_ALL: 'C' };
      const options = { env: environment, timeout: PS_DEADLINE_MS, maxBuffer: 64 * 1024 * 1024 };
      this.#rows = parsePs((await run('ps', PS_ARGUMENTS, options)).stdout);
    } catch (error) {
      this.#rows = new Map();
      return `ps cannot be run (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`;
    }
    const starts = new Map<number, number>();
    for (const { pid, elapsedSeconds } of this.#rows.values()) {
      const start = Math.round(nowMs / 1000 - elapsedSeconds);
      const before = this.#starts.get(pid);
      starts.set(pid, before !== undefined && Math.abs(before - start) <= START_SLACK_SECONDS ? before : start);
    }
    this.#starts = starts;
    return null;
  }

  #workersOf(master: WatchedMaster, masters: readonly WatchedMaster[]): readonly number[] {
    const own = this.#rows.get(master.pid)?.command ?? [];
    return [...this.#rows.values()]
      .filter(({ pid, parentPid }) => parentPid === master.pid && !masters.some((other) => other.pid === pid))
      .filter(({ state, command }) => {
        const title = parseTitle(command);
        return isRunning(state) && (title === null ? isSameCommand(command, own) : title.role === 'worker');
      })
      .map(({ pid }) => pid);
  }

  /** CPU by pidusage, which keeps the look before for itself; its first figure reaches back to the process's start. */
  async #measure(pids: readonly number[]): Promise<ReadonlyMap<number, number | null>> {
    const usage = new Map<number, number | null>();
    const measured = new Map<number, number>();
    if (pids.length > 0) {
      const stats = await pidusage([...pids], { maxage: 60_000 }).catch(() => ({}) as Record<string, undefined>);
      for (const pid of pids) {
        const start = this.#starts.get(pid) ?? 0;
        const cpu = stats[String(pid)]?.cpu ?? null;
        usage.set(pid, this.#measured.get(pid) === start ? cpu : null);
        if (cpu !== null) measured.set(pid, start);
      }
    }
    this.#measured = measured;
    return usage;
  }

  #fact(pid: number, usage: ReadonlyMap<number, number | null>): ProcessFact | null {
    const row = this.#rows.get(pid);
    if (row === undefined) return null;
    return {
      pid,
      parentPid: row.parentPid,
      startTicks: null,
      startedAtMs: (this.#starts.get(pid) ?? 0) * 1000,
      cpuSeconds: row.cpuSeconds,
      cpuPercent: usage.get(pid) ?? null,
      rssBytes: row.rssBytes,
      pssBytes: null,
      ussBytes: null,
      vmsBytes: row.vmsBytes,
      osState: row.state,
      threads: null,
      fds: null,
    };
  }
}
