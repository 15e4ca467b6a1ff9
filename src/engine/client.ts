/** The main thread's end of the engine: tells its thread what to watch and asks it for Snapshots. */
import type { Worker } from 'node:worker_threads';
import type { ActionRequest, ActionResult } from '../model/master-actions.ts';
import type { RawLines } from '../model/recent-lines.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { EngineConfig, ReplayConfig, SnapshotQuery } from './config.ts';
import type { LinesQuery } from './line-watching.ts';
import type { FromEngine, ToEngine } from './protocol.ts';

/** A question that waits for its answer. */
interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

export class EngineClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #failureListeners: ((message: string) => void)[] = [];
  #failure: string | null = null;
  #noticeListener: ((text: string) => void) | null = null;
  readonly #notices: string[] = [];
  #nextId = 1;

  /** @param thread see `startEngineThread`. */
  constructor(config: EngineConfig | ReplayConfig, thread: Worker) {
    this.#worker = thread;
    this.#worker.ref();
    this.#worker.postMessage(config);
    this.#worker.on('message', (message: FromEngine) => this.#receive(message));
    this.#worker.on('error', (error) => this.#fail(error.message));
  }

  /**
   * Resolves with the newest Snapshot; stays pending when the engine has failed (see `onFailure`).
   * @throws with one sentence for a filter that is none.
   */
  request(query: SnapshotQuery): Promise<Snapshot> {
    return this.#ask((id) => ({ type: 'snapshot', id, query }));
  }

  /** The newest lines of the logs, likewise. They are kept while somebody asks at least every 10 s. */
  lines(query: LinesQuery): Promise<RawLines> {
    return this.#ask((id) => ({ type: 'lines', id, query }));
  }

  /** Asks the engine to send a signal; it refuses unless it was told that it may. */
  act(request: ActionRequest): Promise<ActionResult> {
    return this.#ask((id) => ({ type: 'action', id, request }));
  }

  /** Calls back once when the engine can no longer go on, also when that was before the call. */
  onFailure(listener: (message: string) => void): void {
    if (this.#failure !== null) listener(this.#failure);
    else this.#failureListeners.push(listener);
  }

  /** Calls back with what a person should know, also with what came before the call. */
  onNotice(listener: (text: string) => void): void {
    this.#noticeListener = listener;
    for (const text of this.#notices.splice(0)) listener(text);
  }

  async stop(): Promise<void> {
    this.#post({ type: 'stop' });
    await this.#worker.terminate();
  }

  #ask<Answer>(question: (id: number) => ToEngine): Promise<Answer> {
    const id = this.#nextId++;
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#post(question(id));
    });
  }

  #post(message: ToEngine): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromEngine): void {
    if (message.type === 'failed') {
      this.#fail(message.message);
      return;
    }
    if (message.type === 'notice') {
      if (this.#noticeListener === null) this.#notices.push(message.text);
      else this.#noticeListener(message.text);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'refused') waiting?.reject(new Error(message.message));
    // Each question is answered with its own kind.
    else waiting?.resolve(answerIn(message) as never);
  }

  #fail(message: string): void {
    if (this.#failure !== null) return;
    this.#failure = message;
    for (const listener of this.#failureListeners) listener(message);
  }
}

type Answer = Exclude<FromEngine, { readonly type: 'failed' | 'notice' | 'refused' }>;

function answerIn(message: Answer): Snapshot | RawLines | ActionResult {
  switch (message.type) {
    case 'lines':
      return message.lines;
    case 'action':
      return message.result;
    case 'snapshot':
      return message.snapshot;
  }
}
