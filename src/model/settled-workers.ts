/**
 * How many workers a master wants, as its deeds tell. A command line does not know what TTIN and TTOU have changed, and
 * up to Gunicorn 25.0 there is no control socket to ask.
 *
 * A master looks at least once a second whether a worker is missing, and starts one (`Arbiter.manage_workers`): fewer
 * workers than were asked for, unchanged for some seconds, are all that it wants. More of them may be old ones that end
 * their requests after a reload, which takes them 30 s by default (`graceful_timeout`).
 */
import type { MasterFact, ProcessSample } from './facts.ts';

const FEWER_SETTLED_MS = 5000;
const MORE_SETTLED_MS = 60_000;

interface Household {
  /** Who the workers are. */
  readonly workers: string;
  readonly count: number;
  readonly sinceMs: number;
}

export class SettledWorkers {
  #households: ReadonlyMap<number, Household> = new Map();

  /** The sample with the number of workers that each master has settled on; without it, what its settings say. */
  complete(sample: ProcessSample): ProcessSample {
    this.#households = new Map(sample.masters.map(({ pid }) => [pid, this.#look(pid, sample)]));
    return { ...sample, masters: sample.masters.map((master) => this.#completed(master, sample.atMs)) };
  }

  #look(masterPid: number, { workers, atMs }: ProcessSample): Household {
    const pids = workers.filter((worker) => worker.masterPid === masterPid).map(({ pid }) => pid);
    const key = pids.sort((a, b) => a - b).join(' ');
    const before = this.#households.get(masterPid);
    return before?.workers === key ? before : { workers: key, count: pids.length, sinceMs: atMs };
  }

  #completed(master: MasterFact, atMs: number): MasterFact {
    const household = this.#households.get(master.pid);
    const { workersTarget: asked, osState } = master;
    if (household === undefined || asked === null || household.count === 0 || osState === 'T') return master;
    const settled = household.count < asked ? FEWER_SETTLED_MS : MORE_SETTLED_MS;
    return atMs - household.sinceMs < settled ? master : { ...master, workersTarget: household.count };
  }
}
