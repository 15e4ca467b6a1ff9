/** The main thread's end of the engine: starts the worker thread and asks it for Snapshots. */
import { Worker } from 'node:worker_threads';
import type { Snapshot } from '../model/snapshot.ts';
import type { EngineConfig, SnapshotQuery } from './config.ts';
import type { FromEngine, ToEngine } from './protocol.ts';

export class EngineClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (snapshot: Snapshot) => void>();
  readonly #failureListeners: ((message: string) => void)[] = [];
  #failure: string | null = null;
  #nextId = 1;

  /** @param script the bundle of `src/engine/main.ts`. */
  constructor(config: EngineConfig, script: URL) {
    this.#worker = new Worker(script, { workerData: config, stdin: false });
    this.#worker.on('message', (message: FromEngine) => this.#receive(message));
    this.#worker.on('error', (error) => this.#fail(error.message));
  }

  /** Resolves with the newest Snapshot; stays pending when the engine has failed (see `onFailure`). */
  request(query: SnapshotQuery): Promise<Snapshot> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#post({ type: 'snapshot', id, query });
    });
  }

  /** Calls back once when the engine can no longer go on, also when that was before the call. */
  onFailure(listener: (message: string) => void): void {
    if (this.#failure !== null) listener(this.#failure);
    else this.#failureListeners.push(listener);
  }

  async stop(): Promise<void> {
    this.#post({ type: 'stop' });
    await this.#worker.terminate();
  }

  #post(message: ToEngine): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromEngine): void {
    if (message.type === 'failed') {
      this.#fail(message.message);
      return;
    }
    const resolve = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    resolve?.(message.snapshot);
  }

  #fail(message: string): void {
    if (this.#failure !== null) return;
    this.#failure = message;
    for (const listener of this.#failureListeners) listener(message);
  }
}
