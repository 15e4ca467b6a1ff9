/** One engine at a time for one dashboard: what is asked goes to the engine of the Gunicorn that is shown. */
import type { EngineClient } from '../engine/client.ts';
import type { EngineConfig, ReplayConfig } from '../engine/config.ts';

type Config = EngineConfig | ReplayConfig;

const LEFT = Symbol('left');

export class EngineSwitch {
  readonly #open: (config: Config) => EngineClient;
  readonly #failureListeners: ((message: string) => void)[] = [];
  readonly #noticeListeners: ((text: string) => void)[] = [];
  #engine: Promise<EngineClient>;
  /** One for each question that is under way: it is no longer waited for. */
  #leaves = new Set<() => void>();

  constructor(first: Config, open: (config: Config) => EngineClient) {
    this.#open = open;
    this.#engine = Promise.resolve(this.#start(first));
  }

  /** Resolves with the answer of the engine that is asked last: a question to one that is left is put to the next. */
  async ask<Answer>(question: (engine: EngineClient) => Promise<Answer>): Promise<Answer> {
    for (;;) {
      const engine = await this.#engine;
      const answer = await this.#unlessLeft(question(engine));
      if (answer !== LEFT) return answer;
    }
  }

  /**
   * An answer, or that its engine was left before it came. No race with one promise for all questions: that promise
   * would hold every answer for as long as the engine runs, one Snapshot a second.
   */
  #unlessLeft<Answer>(answer: Promise<Answer>): Promise<Answer | typeof LEFT> {
    const leaves = this.#leaves;
    return new Promise((resolve, reject) => {
      const leave = (): void => resolve(LEFT);
      leaves.add(leave);
      answer.then(resolve, reject).finally(() => leaves.delete(leave));
    });
  }

  /** Ends this engine and starts another. Not before it has ended: the two may be told to listen on one address. */
  async change(config: Config): Promise<void> {
    const before = await this.#engine;
    const leaves = this.#leaves;
    this.#leaves = new Set();
    this.#engine = before.stop().then(() => this.#start(config));
    for (const leave of leaves) leave();
    await this.#engine;
  }

  onFailure(listener: (message: string) => void): void {
    this.#failureListeners.push(listener);
    void this.#engine.then((engine) => engine.onFailure(this.#ifCurrent(engine, listener)));
  }

  onNotice(listener: (text: string) => void): void {
    this.#noticeListeners.push(listener);
    void this.#engine.then((engine) => engine.onNotice(this.#ifCurrent(engine, listener)));
  }

  async stop(): Promise<void> {
    await (await this.#engine).stop();
  }

  #start(config: Config): EngineClient {
    const engine = this.#open(config);
    for (const listener of this.#failureListeners) engine.onFailure(this.#ifCurrent(engine, listener));
    for (const listener of this.#noticeListeners) engine.onNotice(this.#ifCurrent(engine, listener));
    return engine;
  }

  /** What an engine says that was left concerns nobody. */
  #ifCurrent(engine: EngineClient, listener: (text: string) => void): (text: string) => void {
    return (text) => void this.#engine.then((current) => current === engine && listener(text));
  }
}
