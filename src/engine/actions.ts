/**
 * Sends a signal to a Gunicorn because a person asked for it. Everything is refused that is not certain: the process
 * must be the one that the person saw (pid and start time), still be what it was to Gunicorn, and is looked at once
 * more, right before the signal goes out. What was sent, and what failed, is an event.
 */
import { userInfo } from 'node:os';
import type { EventDraft } from '../model/events.ts';
import type { MasterFact, ProcessSample, WorkerFact } from '../model/facts.ts';
import { type ActionRequest, type ActionResult, actionOf, type MasterAction } from '../model/master-actions.ts';
import { lookNow, type ProcessNow } from '../sources/gunicorn/index.ts';

/** Gunicorn up to 23 forgets signals that come while five are waiting (`gunicorn/arbiter.py`, signal). */
const PACE_MS = 1000;

export interface ActionsOptions {
  /** `--allow-actions`. */
  readonly isAllowed: boolean;
  /** The newest look at the processes. */
  readonly sample: () => ProcessSample | null;
  readonly tell: (event: EventDraft) => void;
  /** The machine; absent: this one. */
  readonly system?: ActionSystem;
}

export interface ActionSystem {
  look(pid: number): ProcessNow | null;
  /** @throws the system's error. */
  kill(pid: number, signal: NodeJS.Signals): void;
  userName(): string;
}

const THIS_SYSTEM: ActionSystem = {
  look: lookNow,
  kill: (pid, signal) => void process.kill(pid, signal),
  userName: () => {
    try {
      return userInfo().username;
    } catch {
      // A uid without a name, as in many containers.
      return `uid ${process.getuid?.() ?? '?'}`;
    }
  },
};

/** Where the signal would go, as it was known at the newest look. */
interface Target {
  readonly fact: MasterFact | WorkerFact;
  readonly masterPid: number;
}

export class Actions {
  readonly #options: ActionsOptions;
  readonly #system: ActionSystem;
  #sentAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: ActionsOptions) {
    this.#options = options;
    this.#system = options.system ?? THIS_SYSTEM;
  }

  perform(request: ActionRequest, nowMs: number): ActionResult {
    const action = actionOf(request.action);
    const found = this.#target(action, request);
    if (typeof found === 'string') return { sent: false, text: found };
    const objection = nowMs - this.#sentAtMs < PACE_MS ? TOO_FAST : this.#objection(action, found);
    if (objection !== null) return { sent: false, text: objection };
    return this.#send(action, found, nowMs);
  }

  /** The process that the person saw, or why there is none. */
  #target({ to }: MasterAction, { pid, startedAt }: ActionRequest): Target | string {
    if (!this.#options.isAllowed) return 'actions are off: start gtop with --allow-actions';
    const sample = this.#options.sample();
    if (sample === null) return 'no Gunicorn is watched: name its pid file with --pid';
    const fact = (to === 'master' ? sample.masters : sample.workers).find((each) => each.pid === pid);
    if (fact === undefined) return `${to} ${pid} is gone`;
    if (fact.startTicks === null || fact.startedAtMs === null || startedAt === null) {
      return `when ${to} ${pid} started cannot be read here: gtop cannot be sure which process that is`;
    }
    if (Date.parse(startedAt) !== fact.startedAtMs) return `${to} ${pid} is another process now: look again`;
    return { fact, masterPid: 'masterPid' in fact ? fact.masterPid : fact.pid };
  }

  /** What Gunicorn would not do, or would take amiss. */
  #objection({ name }: MasterAction, { fact, masterPid }: Target): string | null {
    const { masters, workers } = this.#options.sample() ?? { masters: [], workers: [] };
    const own = workers.filter((worker) => worker.masterPid === masterPid);
    if (name === 'worker-remove' && own.length <= 1) {
      return 'one worker is left: Gunicorn keeps that one';
    }
    if (name === 'upgrade' && masters.length > 1) {
      return `an upgrade is under way: masters ${masters.map(({ pid }) => pid).join(' and ')}`;
    }
    // Its descriptors are closed and its handlers may be gone: a signal could end it at once.
    if (name === 'worker-stop' && fact.osState === 'Z') return `worker ${fact.pid} is ending already`;
    return null;
  }

  #send(action: MasterAction, { fact, masterPid }: Target, nowMs: number): ActionResult {
    const { pid } = fact;
    const what = `${action.signal.slice(3)} to ${action.to} ${pid}`;
    // As late as can be: from here to the signal nothing else runs in this thread.
    const now = this.#system.look(pid);
    const isSame =
      now !== null &&
      now.startTicks === fact.startTicks &&
      now.role === action.to &&
      (action.to === 'master' || now.parentPid === masterPid);
    if (!isSame) return this.#failed(`${what} not sent: it is not the process that was shown`, nowMs);
    try {
      this.#system.kill(pid, action.signal);
    } catch (error) {
      return this.#failed(`${what} not sent: ${reasonOf(error)}`, nowMs);
    }
    this.#sentAtMs = nowMs;
    const text = `${what} sent: ${action.title.toLowerCase()}`;
    this.#tell(action.level === 'ok' ? 'ok' : 'warning', text, nowMs, action.to === 'worker' ? pid : null);
    return { sent: true, text };
  }

  #failed(text: string, nowMs: number): ActionResult {
    this.#tell('warning', text, nowMs, null);
    return { sent: false, text };
  }

  #tell(level: EventDraft['level'], text: string, atMs: number, worker: number | null): void {
    this.#options.tell({ atMs, kind: 'action', level, worker, text: `${text} (by gtop, ${this.#system.userName()})` });
  }
}

const TOO_FAST = 'a second between two signals: Gunicorn before 24 drops what comes faster';

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EPERM') return "permission denied: run gtop as root or as Gunicorn's user";
  if (code === 'ESRCH') return 'it is gone';
  return code ?? String(error);
}
