/** One engine at a time for one dashboard: what is asked goes to the engine of the Gunicorn that is shown. */
import type { EngineClient } from '../engine/client.ts';
import type { EngineConfig, ReplayConfig } from '../engine/config.ts';

type Config = EngineConfig | ReplayConfig;

const LEFT = Symbol('left');

/** A promise that resolves when the engine is left for another one. */
interface Leaving {
  readonly promise: Promise<typeof LEFT>;
  readonly resolve: () => void;
}

function leaving(): Leaving {
  let resolve = (): void => {};
  const promise = new Promise<typeof LEFT>((settle) => {
    resolve = () => settle(LEFT);
  });
  return { promise, resolve };
}

export class EngineSwitch {
  readonly #open: (config: Config) => EngineClient;
  readonly #failureListeners: ((message: string) => void)[] = [];
  readonly #noticeListeners: ((text: string) => void)[] = [];
  #engine: Promise<EngineClient>;
  #left = leaving();

  constructor(first: Config, open: (config: Config) => EngineClient) {
    this.#open = open;
    this.#engine = Promise.resolve(this.#start(first));
  }

  /** Resolves with the answer of the engine that is asked last: a question to one that is left is put to the next. */
  async ask<Answer>(question: (engine: EngineClient) => Promise<Answer>): Promise<Answer> {
    for (;;) {
      const engine = await this.#engine;
      const answer = await Promise.race([question(engine), this.#left.promise]);
      if (answer !== LEFT) return answer;
    }
  }

  /** Ends this engine and starts another. Not before it has ended: the two may be told to listen on one address. */
  async change(config: Config): Promise<void> {
    const before = await this.#engine;
    const left = this.#left;
    this.#left = leaving();
    this.#engine = before.stop().then(() => this.#start(config));
    left.resolve();
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
