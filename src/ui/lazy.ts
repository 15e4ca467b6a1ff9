/** A part of the program that is loaded when it is first needed: the first frame must not wait for it. */
export class Lazy<T> {
  readonly #load: () => Promise<T>;
  readonly #onLoaded: () => void;
  #value: T | null = null;
  #loading: Promise<T> | null = null;

  /** @param onLoaded called once, when `now` has become something. */
  constructor(load: () => Promise<T>, onLoaded: () => void) {
    this.#load = load;
    this.#onLoaded = onLoaded;
  }

  /** The part, or null while it is being loaded: asking begins that. */
  get now(): T | null {
    if (this.#value === null) void this.get();
    return this.#value;
  }

  get(): Promise<T> {
    this.#loading ??= this.#load().then((value) => {
      this.#value = value;
      this.#onLoaded();
      return value;
    });
    return this.#loading;
  }
}
