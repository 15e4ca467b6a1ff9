/** Asks the watched master through its control socket every few seconds. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlAnswer, ControlFact } from '../../model/facts.ts';
import { Recurring } from '../client/recurring.ts';
import type { GunicornSettings } from './command-line.ts';
import { readControlAnswer, readControlSettings } from './control-answer.ts';
import { findControlSocket } from './control-path.ts';
import { askControlSocket, type ControlCommand, type ControlOutcome } from './control-socket.ts';

const INTERVAL_MS = 5000;
/** After a failure that will not pass by itself soon. */
const PAUSE_MS = 60_000;
/** An answer takes 0.5 to 2.4 ms. */
const TIMEOUT_MS = 1000;
/** Around a fork the socket is gone for some milliseconds. */
const RETRY_MS = 50;

export interface ControlWatchOptions {
  readonly onFact: (fact: ControlFact) => void;
  /** What the master says of its settings: at first, and after each reload. */
  readonly onSettings: (settings: Partial<GunicornSettings>) => void;
  /** Where the socket of a master is. */
  readonly find?: (masterPid: number) => string | null;
  /** The process that a pid in an answer means: in a container they number otherwise. */
  readonly pidOf?: (pid: number) => number;
}

export class ControlWatch {
  readonly #options: ControlWatchOptions;
  readonly #stop = new AbortController();
  readonly #work = new Recurring(INTERVAL_MS, 0, (nowMs) => this.#look(nowMs));
  #masterPid: number | null = null;
  #path: string | null = null;
  /** Of which master the settings are known, and after how many reloads. */
  #settingsOf = '';

  constructor(options: ControlWatchOptions) {
    this.#options = options;
  }

  /** Asks when it is due. @param masterPid the selected master; null while none runs. */
  poll(nowMs: number, masterPid: number | null): void {
    this.#select(masterPid);
    this.#work.poll(nowMs);
  }

  /** Asks at once and waits for the answer, some seconds at most. */
  settle(nowMs: number, masterPid: number | null): Promise<void> {
    this.#select(masterPid);
    return this.#work.now(nowMs);
  }

  /** Breaks off what is under way. */
  close(): void {
    this.#stop.abort();
  }

  #select(masterPid: number | null): void {
    if (masterPid === this.#masterPid) return;
    this.#masterPid = masterPid;
    this.#path = null;
    this.#work.postpone(0);
  }

  async #look(nowMs: number): Promise<void> {
    const pid = this.#masterPid;
    if (pid === null) return;
    const find = this.#options.find ?? findControlSocket;
    this.#path ??= find(pid);
    if (this.#path === null) return this.#tell(nowMs, null, null);
    const commands = ['show stats', 'show workers', 'show dirty'] as const;
    let outcome = await this.#ask(this.#path, commands);
    if (!outcome.ok && outcome.mayPass) {
      await sleep(RETRY_MS);
      this.#path = find(pid) ?? this.#path;
      outcome = await this.#ask(this.#path, commands);
    }
    if (!outcome.ok) return this.#giveUp(nowMs, outcome.error, outcome.mayPass);
    const [stats = null, workers = null, dirty = null] = outcome.data;
    const written = readControlAnswer(stats, workers, dirty);
    const answer = written && withOwnPids(written, this.#options.pidOf ?? ((own) => own));
    if (answer === null) return this.#giveUp(nowMs, 'the answer is no Gunicorn control message', false);
    // All Gunicorns of a user have the same path by default, and the last one that started has it.
    if (answer.masterPid !== pid) return this.#giveUp(nowMs, `belongs to master ${answer.masterPid}`, false);
    this.#tell(nowMs, answer, null);
    await this.#learnSettings(this.#path, `${pid}/${answer.reloads}`);
  }

  async #learnSettings(path: string, settingsOf: string): Promise<void> {
    if (settingsOf === this.#settingsOf) return;
    const outcome = await this.#ask(path, ['show config']);
    if (!outcome.ok || this.#stop.signal.aborted) return;
    this.#settingsOf = settingsOf;
    this.#options.onSettings(readControlSettings(outcome.data[0] ?? null));
  }

  #ask(path: string, commands: readonly ControlCommand[]): Promise<ControlOutcome> {
    return askControlSocket(path, commands, { timeoutMs: TIMEOUT_MS, signal: this.#stop.signal });
  }

  #giveUp(nowMs: number, error: string, mayPass: boolean): void {
    this.#tell(nowMs, null, error);
    this.#path = null;
    if (!mayPass) this.#work.postpone(nowMs + PAUSE_MS);
  }

  #tell(atMs: number, answer: ControlFact['answer'], error: string | null): void {
    if (!this.#stop.signal.aborted) this.#options.onFact({ atMs, path: this.#path, answer, error });
  }
}

const withOwnPids = (answer: ControlAnswer, pidOf: (pid: number) => number): ControlAnswer => ({
  ...answer,
  masterPid: pidOf(answer.masterPid),
  dirtyArbiterPid: answer.dirtyArbiterPid === null ? null : pidOf(answer.dirtyArbiterPid),
  workers: answer.workers.map((worker) => ({ ...worker, pid: pidOf(worker.pid) })),
});
