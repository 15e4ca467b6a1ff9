/**
 * The newest lines of the logs, for whoever looks at them. While nobody does, no line is kept and none is made to text:
 * at the first question the logs are read back until there are enough.
 */
import { compileFilter } from '../filter/index.ts';
import { MOST_LINES, type RawLines, RecentLines } from '../model/recent-lines.ts';
import type { FilteringOptions } from './filtering.ts';
import { LookBack } from './look-back.ts';

/** Nobody looks any more. */
const FORGET_MS = 10_000;
/** Looked through first; then ten times as much, until there are enough lines. */
const FIRST_MS = 1000;
const GROWTH = 10;

export interface LinesQuery {
  /** Null: every line. */
  readonly filter: string | null;
  /** At most 1,000. */
  readonly limit: number;
}

interface Current {
  readonly text: string | null;
  readonly lines: RecentLines;
  lookBack: LookBack | null;
  askedMs: number;
}

export class LineWatching {
  readonly #options: FilteringOptions;
  #current: Current | null = null;

  constructor(options: FilteringOptions) {
    this.#options = options;
  }

  /** Whether parsers are to keep lines as text. */
  get isWatching(): boolean {
    return this.#current !== null;
  }

  /** @throws FilterError */
  ask({ filter, limit }: LinesQuery, nowMs: number): RawLines {
    if (this.#current === null || this.#current.text !== filter) {
      const lines = new RecentLines(filter === null ? null : this.#compile(filter));
      this.close();
      this.#current = { text: filter, lines, lookBack: null, askedMs: nowMs };
    }
    const current = this.#current;
    current.askedMs = nowMs;
    if (current.lookBack === null) this.#begin(current, nowMs);
    const reading = current.lookBack?.isReading ?? true;
    return { filter, lines: current.lines.newest(limit), reading };
  }

  /** Once a second. */
  tick(nowMs: number): void {
    if (this.#current !== null && nowMs - this.#current.askedMs > FORGET_MS) this.close();
  }

  close(): void {
    this.#current?.lookBack?.close();
    this.#options.model.recentLines = null;
    this.#current = null;
  }

  #compile(text: string): ReturnType<typeof compileFilter> {
    const { model, zone } = this.#options;
    return compileFilter(text, { zone, route: (path) => model.routeOf(path) });
  }

  #begin(current: Current, nowMs: number): void {
    const { model } = this.#options;
    const logs = this.#options.logs();
    if (!logs.every((log) => log.hasReadHistory)) return;
    for (const log of logs) log.settle(nowMs, false);
    const { lines } = current;
    const lookBack = new LookBack(
      logs,
      {
        keepRaw: true,
        access: (record) => lines.addAccess(record, Number.NaN),
        error: (entry) => lines.addEntry('error', entry, Number.NaN),
        app: (entry) => lines.addEntry('app', entry, Number.NaN),
      },
      nowMs,
    );
    current.lookBack = lookBack;
    model.recentLines = lines;
    let backMs = FIRST_MS;
    const goOn = (): void => {
      if (lookBack.isReading || lines.count >= MOST_LINES || backMs === Number.POSITIVE_INFINITY) return;
      backMs = nowMs - backMs * GROWTH > model.coveredFromMs ? backMs * GROWTH : Number.POSITIVE_INFINITY;
      // Not from within the end of the reading before.
      setImmediate(() => lookBack.reachBack(nowMs - backMs, goOn));
    };
    lookBack.reachBack(nowMs - backMs, goOn);
    if (!lookBack.isReading) goOn();
  }
}
