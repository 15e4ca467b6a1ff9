/** What alerts remember from one run to the next. */
import * as v from 'valibot';
import type { SavedBuiltIn } from '../../alerts/index.ts';
import { savedMap } from '../../alerts/saved-map.ts';
import { dropLock, readState, takeLock, writeState } from './state-file.ts';

export interface Remembered {
  readonly savedAtMs: number;
  readonly builtIn: readonly SavedBuiltIn[];
  readonly classical: readonly SavedBuiltIn[];
  /** These three are checked by whoever made them. */
  readonly rules: unknown;
  readonly history: unknown;
  readonly notices: unknown;
}

const savedBuiltIn = v.array(
  v.object({
    fingerprint: v.string(),
    rule: v.string(),
    instance: v.nullable(v.string()),
    labels: v.optional(savedMap(v.string()), {}),
    firedMs: v.number(),
    // Those that had resolved were not kept before.
    resolvedMs: v.optional(v.nullable(v.number()), null),
    value: v.optional(v.nullable(v.number()), null),
    summary: v.string(),
  }),
);

const remembered = v.object({
  savedAtMs: v.number(),
  builtIn: savedBuiltIn,
  classical: savedBuiltIn,
  rules: v.unknown(),
  history: v.unknown(),
  notices: v.unknown(),
});

/** Without news it is written this often, so that a next run knows how long nobody looked. */
const WRITE_MS = 60_000;

export class Memory {
  readonly #path: string | null;
  readonly #say: (text: string) => void;
  #isOpen = false;
  #before: Remembered | null = null;
  #writtenAtMs = Number.NEGATIVE_INFINITY;
  #isFailing = false;

  /** @param path null: nothing is remembered. @param say takes what a person should know. */
  constructor(path: string | null, say: (text: string) => void) {
    this.#path = path;
    this.#say = say;
  }

  /** Whether this gtop is the one that remembers and tells, of all that watch the same. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** What the run before has left. */
  get before(): Remembered | null {
    return this.#before;
  }

  open(): void {
    if (this.#path === null) return;
    try {
      const holder = takeLock(`${this.#path}.lock`);
      if (holder !== null) {
        this.#say(`another gtop (pid ${holder}) watches the same and sends the notices`);
        return;
      }
    } catch (error) {
      this.#complain(error);
    }
    this.#isOpen = true;
    this.#read(this.#path);
  }

  /**
   * The one that had it has ended: what it left is ours from now on.
   * @returns whether that is so since this call.
   */
  takeOver(): boolean {
    if (this.#isOpen || this.#path === null) return false;
    try {
      if (takeLock(`${this.#path}.lock`) !== null) return false;
    } catch {
      return false;
    }
    this.#isOpen = true;
    this.#read(this.#path);
    return true;
  }

  #read(path: string): void {
    try {
      const state = readState(path);
      if (state === null) return;
      const parsed = v.safeParse(remembered, state);
      if (!parsed.success) throw new Error('is damaged');
      this.#before = parsed.output;
    } catch (error) {
      this.#say(`${path}: ${messageOf(error)}: alerts of the run before are forgotten`);
    }
  }

  /** @param state worked out when it is written. */
  save(nowMs: number, hasChanged: boolean, state: () => Remembered): void {
    if (!this.#isOpen || this.#path === null) return;
    if (!hasChanged && nowMs - this.#writtenAtMs < WRITE_MS) return;
    this.#writtenAtMs = nowMs;
    try {
      writeState(this.#path, state());
      this.#isFailing = false;
    } catch (error) {
      this.#complain(error);
    }
  }

  close(): void {
    if (this.#isOpen && this.#path !== null) dropLock(`${this.#path}.lock`);
    this.#isOpen = false;
  }

  /** Once, until it works again. */
  #complain(error: unknown): void {
    if (!this.#isFailing) this.#say(`${this.#path}: ${messageOf(error)}: alerts are not remembered over a restart`);
    this.#isFailing = true;
  }
}

const messageOf = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'cannot be written';
  return code ?? (error instanceof Error ? error.message : String(error));
};
