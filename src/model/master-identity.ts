/** What masters say of themselves at their start, by pid: /proc does not tell a version. Bounded. */
import type { ErrorEntry, MasterFact } from './facts.ts';

interface Identity {
  /** When it said so last; a start of a process that had the pid before tells nothing of this one. */
  atMs: number;
  version: string | null;
  workerClass: string | null;
  listeners: readonly string[];
}

const MOST_MASTERS = 64;

/** `http://127.0.0.1:8000` as the screen shows it: `127.0.0.1:8000`. */
const bare = (listener: string): string => listener.replace(/^https?:\/\//, '');

export class MasterIdentities {
  readonly #byPid = new Map<number, Identity>();

  /** One entry of an error log, of whatever age. @returns false for one that is older than what is known of its pid. */
  learn({ pid, event, atMs }: ErrorEntry): boolean {
    if (pid === null || event === null) return true;
    const before = this.#byPid.get(pid);
    if (before !== undefined && atMs < before.atMs) return false;
    if (event.kind === 'master-start') this.#of(pid, atMs).version = event.version;
    else if (event.kind === 'worker-class') this.#of(pid, atMs).workerClass = event.name;
    else if (event.kind === 'listening') this.#of(pid, atMs).listeners = event.listeners.map(bare);
    return true;
  }

  /** The fact with its gaps filled. */
  complete(fact: MasterFact): MasterFact {
    const identity = this.#byPid.get(fact.pid);
    if (identity === undefined) return fact;
    return {
      ...fact,
      version: fact.version ?? identity.version,
      workerClass: fact.workerClass ?? identity.workerClass,
      listeners: fact.listeners.length > 0 ? fact.listeners : identity.listeners,
    };
  }

  #of(pid: number, atMs: number): Identity {
    let identity = this.#byPid.get(pid);
    if (identity === undefined) {
      identity = { atMs, version: null, workerClass: null, listeners: [] };
      this.#byPid.set(pid, identity);
      if (this.#byPid.size > MOST_MASTERS) this.#byPid.delete(this.#byPid.keys().next().value ?? pid);
    }
    identity.atMs = atMs;
    return identity;
  }
}
