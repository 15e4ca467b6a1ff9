/** Keys take effect one after the other: what one has to wait for (a part that is being loaded), later ones wait for too. */
export class Turns {
  readonly #onError: (error: unknown) => void;
  readonly #waiting: (() => void | Promise<void>)[] = [];
  #isHeld = false;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  take(act: () => void | Promise<void>): void {
    if (this.#isHeld) this.#waiting.push(act);
    else this.#run(act);
  }

  #run(act: () => void | Promise<void>): void {
    const done = act();
    if (done === undefined) return;
    this.#isHeld = true;
    done.catch(this.#onError).finally(() => {
      this.#isHeld = false;
      while (!this.#isHeld && this.#waiting[0] !== undefined) this.#run(this.#waiting.shift() as () => void); // not empty
    });
  }
}
