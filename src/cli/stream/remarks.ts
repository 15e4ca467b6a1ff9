/** What a person should know of the reading of a log: one line each on standard error. */
import { writeSync } from 'node:fs';
import type { Follower } from '../../sources/follow/index.ts';
import { visible } from '../../text/visible.ts';

/** A log that is missing this long is no rotation. */
const WORTH_SAYING_MS = 2_000;

export const say = (text: string): void => {
  try {
    writeSync(2, `gtop: ${visible(text)}\n`);
  } catch {
    // Nobody reads it: the lines on standard output go on.
  }
};

export class Remarks {
  readonly #follower: Follower;
  #said: string | null = null;
  #sinceMs = Number.NEGATIVE_INFINITY;
  #lostBytes = 0;
  #cutLines = 0;

  constructor(follower: Follower) {
    this.#follower = follower;
  }

  /** After each step of reading. */
  look(nowMs: number): void {
    const { path, stats } = this.#follower;
    const name = path === '-' ? 'standard input' : path;
    if (stats.message === null) {
      this.#said = null;
      this.#sinceMs = nowMs;
    } else if (stats.message !== this.#said && nowMs - this.#sinceMs >= WORTH_SAYING_MS) {
      this.#said = stats.message;
      say(`${name}: ${stats.message}`);
    }
    if (stats.possiblyLostBytes > this.#lostBytes) {
      say(`${name}: truncated: up to some ${stats.possiblyLostBytes - this.#lostBytes} bytes may be lost`);
      this.#lostBytes = stats.possiblyLostBytes;
    }
    if (stats.linesTruncated > this.#cutLines) {
      say(`${name}: a line longer than 4 MiB was cut there`);
      this.#cutLines = stats.linesTruncated;
    }
  }
}
