/** A part of the program that is loaded when it is first needed: the first frame must not wait for it. */
export class Lazy<T> {
  readonly #load: () => Promise<T>;
  readonly #onLoaded: () => void;
  readonly #onFailed: (error: Error) => void;
  #value: T | null = null;
  #loading: Promise<T> | null = null;

  /**
   * @param onLoaded called once, when `now` has become something.
   * @param onFailed called once, when it never will: gtop's files are not those any more that it was started from.
   */
  constructor(load: () => Promise<T>, onLoaded: () => void, onFailed: (error: Error) => void) {
    this.#load = load;
    this.#onLoaded = onLoaded;
    this.#onFailed = onFailed;
  }

  /** The part, or null while it is being loaded: asking begins that. */
  get now(): T | null {
    // Who asks so has nobody to tell of a failure: `onFailed` does.
    if (this.#value === null) this.get().catch(() => {});
    return this.#value;
  }

  /** @throws what a person can do something about, when the part cannot be loaded. */
  get(): Promise<T> {
    this.#loading ??= this.#load().then(
      (value) => {
        this.#value = value;
        this.#onLoaded();
        return value;
      },
      (cause: unknown) => {
        const failure = new Error(sayFailure(cause), { cause });
        this.#onFailed(failure);
        throw failure;
      },
    );
    return this.#loading;
  }
}

/** Each build names its parts anew: what one has loaded is not there any more when another took its place. */
const sayFailure = (cause: unknown): string =>
  isMissing(cause)
    ? 'gtop was updated or removed since it started: quit and start it again'
    : `a part of gtop cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`;

const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ERR_MODULE_NOT_FOUND');
