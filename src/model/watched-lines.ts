/** Lines that the configuration asks to count: slow queries, say. */
import type { WatchedLines } from './snapshot.ts';

export interface LinePattern {
  readonly name: string;
  /** A text that the line contains; `*` stands for anything between two parts of it. */
  readonly pattern: string;
  /** The log to look into; null for both. */
  readonly log: 'app' | 'error' | null;
}

/** A line is looked at this far. */
const MOST_LINE_CHARACTERS = 4096;
const WINDOW_SECONDS = 60;

/**
 * A matcher for a pattern. The parts between the stars are looked for one after the other, each as far left as can be,
 * which finds a match wherever there is one: the line is walked through once, whatever it holds.
 */
export function lineMatcher(pattern: string): (line: string) => boolean {
  const parts = pattern.split('*').filter((part) => part !== '');
  return (line) => {
    let from = 0;
    for (const part of parts) {
      const at = line.indexOf(part, from);
      if (at === -1) return false;
      from = at + part.length;
    }
    return true;
  };
}

interface Watch {
  readonly name: string;
  readonly log: LinePattern['log'];
  readonly matches: (line: string) => boolean;
  /** Matches by second of the last minute, and which second each place holds. */
  readonly counts: Uint32Array;
  readonly seconds: Float64Array;
  count: number;
  lastMs: number;
}

export class LineWatch {
  readonly #watches: readonly Watch[];

  constructor(patterns: readonly LinePattern[]) {
    this.#watches = patterns.map(({ name, pattern, log }) => ({
      name,
      log,
      matches: lineMatcher(pattern),
      counts: new Uint32Array(WINDOW_SECONDS),
      seconds: new Float64Array(WINDOW_SECONDS).fill(Number.NaN),
      count: 0,
      lastMs: Number.NaN,
    }));
  }

  /** Whether anything is asked for: without it nobody needs to keep lines. */
  get isActive(): boolean {
    return this.#watches.length > 0;
  }

  /**
   * The lines of one entry, as they stand in the log.
   * @param atMs the entry's time; NaN unknown: it counts, but not in the last minute.
   */
  add(log: 'app' | 'error', lines: string, atMs: number): void {
    for (const line of lines.split('\n')) {
      const short = line.length > MOST_LINE_CHARACTERS ? line.slice(0, MOST_LINE_CHARACTERS) : line;
      for (const watch of this.#watches) {
        if ((watch.log === null || watch.log === log) && watch.matches(short)) count(watch, atMs);
      }
    }
  }

  /** In the order of the configuration. */
  rows(nowMs: number): readonly WatchedLines[] {
    const second = Math.floor(nowMs / 1000);
    return this.#watches.map(({ name, count, lastMs, counts, seconds }) => ({
      name,
      count,
      lastAt: Number.isNaN(lastMs) ? null : new Date(lastMs).toISOString(),
      perMinute: counts.reduce(
        (sum, matches, place) =>
          seconds[place] > second - WINDOW_SECONDS && seconds[place] <= second ? sum + matches : sum,
        0,
      ),
    }));
  }
}

function count(watch: Watch, atMs: number): void {
  watch.count += 1;
  if (Number.isNaN(atMs)) return;
  if (!(watch.lastMs >= atMs)) watch.lastMs = atMs;
  const second = Math.floor(atMs / 1000);
  const place = ((second % WINDOW_SECONDS) + WINDOW_SECONDS) % WINDOW_SECONDS;
  // An older line than the one that holds the place is of no minute that will be asked for.
  if (watch.seconds[place] > second) return;
  if (watch.seconds[place] !== second) watch.counts[place] = 0;
  watch.seconds[place] = second;
  watch.counts[place] += 1;
}
