/** Which settings of a master are in force, when its configuration file may have been edited since it was read. */
import type { GunicornSettings } from './command-line.ts';
import { identifyMaster, type MasterIdentity } from './identity.ts';
import type { ProcessView } from './process-view.ts';
import { writtenAtMs } from './stat.ts';

export interface SettingsInForce {
  readonly settings: GunicornSettings;
  /** One sentence when the file says something else by now. */
  readonly note: string | null;
}

/** Start times of processes are this exact, where the boot time is rounded to a second. */
const SLACK_MS = 1000;

interface Known {
  readonly key: string;
  readonly inForce: SettingsInForce;
}

/**
 * Gunicorn reads its file at its start and at each reload (gunicorn/arbiter.py), of which there are two signs: the pid
 * file is written anew, and all workers are younger than the file. Without one of them a file that changed later is not in
 * force: what was read of it before goes on to hold, and where nothing was, only the command line does.
 */
export class ConfigWatch {
  readonly #view: ProcessView;
  readonly #startedAtMs: (startKey: number) => number;
  readonly #known = new Map<number, Known>();

  constructor(view: ProcessView, startedAtMs: (startKey: number) => number) {
    this.#view = view;
    this.#startedAtMs = startedAtMs;
  }

  /**
   * Costs two small reads while nothing happens; the file is read again only after a fork, or when the pid file is new.
   */
  look(master: MasterIdentity, pidFile: string | null): SettingsInForce {
    if (master.config === null) return { settings: master.settings, note: null };
    const children = this.#view.children(master.pid);
    const pidFileAtMs = writtenAtMs(pidFile) ?? 0;
    const key = [master.startKey, pidFileAtMs, ...children].join();
    const before = this.#known.get(master.pid);
    if (before?.key === key) return before.inForce;
    const inForce = this.#settle(master, pidFileAtMs, children, before?.inForce.settings ?? null);
    this.#known.set(master.pid, { key, inForce });
    return inForce;
  }

  /** Forgets all masters but these. */
  keep(pids: ReadonlySet<number>): void {
    for (const pid of this.#known.keys()) if (!pids.has(pid)) this.#known.delete(pid);
  }

  #settle(
    master: MasterIdentity,
    pidFileAtMs: number,
    children: readonly number[],
    before: GunicornSettings | null,
  ): SettingsInForce {
    const starts = children.flatMap((pid) => this.#view.glance(pid)?.startKey ?? []);
    const oldestChildMs = starts.length === 0 ? 0 : this.#startedAtMs(Math.min(...starts));
    const readAtMs = Math.max(this.#startedAtMs(master.startKey), pidFileAtMs, oldestChildMs);
    const found = identifyMaster(master.pid, this.#view);
    const now = found.ok && found.value.startKey === master.startKey ? found.value : master;
    if (now.config !== null && now.config.writtenAtMs > readAtMs + SLACK_MS) {
      const note = `${now.config.path} was changed after Gunicorn read it: a reload (HUP) puts it in force`;
      return { settings: before ?? now.commandLine, note };
    }
    return { settings: now.settings, note: null };
  }
}
