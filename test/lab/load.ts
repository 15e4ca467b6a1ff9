/** Steady traffic at a fixed rate, as from many clients: nobody waits for the answer before the next one asks. */
import { Agent } from 'node:http';
import { onCleanup } from '../support/cleanup.ts';
import { type Endpoint, request } from '../support/http.ts';

/** Requests under way at once; further ones are left out. */
const MOST_UNDER_WAY = 100;

export class Load {
  answered = 0;
  failed = 0;
  readonly #endpoint: Endpoint;
  readonly #agent = new Agent({ keepAlive: false });
  readonly #timer: NodeJS.Timeout;
  #underWay = 0;
  #sent = 0;

  /** @param pathOf the path of the n-th request. */
  constructor(endpoint: Endpoint, perSecond: number, pathOf: (n: number) => string) {
    this.#endpoint = endpoint;
    this.#timer = setInterval(() => this.#send(pathOf), 1000 / perSecond);
    onCleanup(() => this.stop());
  }

  /** Asks no more, and hangs up on what was not answered. */
  stop(): void {
    clearInterval(this.#timer);
    this.#agent.destroy();
  }

  #send(pathOf: (n: number) => string): void {
    if (this.#underWay >= MOST_UNDER_WAY) return;
    this.#underWay++;
    request(this.#endpoint, pathOf(this.#sent++), { agent: this.#agent })
      .then(
        () => this.answered++,
        () => this.failed++,
      )
      .finally(() => this.#underWay--);
  }
}
