/** Writes down where reading stands. */
import { writeStateFile } from '../../output/stream/index.ts';
import { reason } from '../config.ts';
import { runtimeError } from '../errors.ts';
import { placesToJson, type StreamedLog } from './open.ts';
import { say } from './remarks.ts';

/** How often: what a SIGKILL repeats at most. */
const SAVE_MS = 1_000;

export class Keeper {
  readonly #path: string;
  readonly #logs: readonly StreamedLog[];
  #saved = '';
  #savedMs = Number.NaN;
  #isFailing = false;

  /**
   * Writes the file at once: one that cannot be written shows now, not after the first hour.
   * @throws ReportedError in that case.
   */
  constructor(path: string, logs: readonly StreamedLog[]) {
    this.#path = path;
    this.#logs = logs;
    try {
      this.#write();
    } catch (error) {
      throw runtimeError(this.#complaint(error));
    }
  }

  /** Saves when the last time is long enough ago. */
  saveSometimes(nowMs: number): void {
    if (nowMs - this.#savedMs < SAVE_MS) return;
    this.#savedMs = nowMs;
    this.save();
  }

  /** A failure later on is said once: the lines matter more. */
  save(): void {
    try {
      this.#write();
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) say(this.#complaint(error));
      this.#isFailing = true;
    }
  }

  #write(): void {
    const places = placesToJson(this.#logs);
    const text = JSON.stringify(places);
    if (text === this.#saved) return;
    writeStateFile(this.#path, places);
    this.#saved = text;
  }

  #complaint(error: unknown): string {
    return `${this.#path}: the place cannot be written down: ${reason(error)}`;
  }
}
