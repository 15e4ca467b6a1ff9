/** The newest lines of a replay: those that were played before somebody looks are read once more, the others kept as they come. */
import { compileFilter } from '../filter/index.ts';
import { type RawLines, RecentLines } from '../model/recent-lines.ts';
import type { LinesQuery } from './line-watching.ts';
import type { PastFilteringOptions } from './past-filtering.ts';
import { playAgain } from './play-again.ts';

interface Current {
  readonly text: string | null;
  readonly lines: RecentLines;
  isReading: boolean;
}

export class PastLines {
  readonly #options: PastFilteringOptions;
  #current: Current | null = null;

  constructor(options: PastFilteringOptions) {
    this.#options = options;
  }

  /** @throws FilterError */
  ask({ filter, limit }: LinesQuery): RawLines {
    const current = this.#current?.text === filter ? this.#current : this.#begin(filter);
    return { filter, lines: current.lines.newest(limit), reading: current.isReading };
  }

  close(): void {
    this.#options.model.recentLines = null;
    this.#current = null;
  }

  #begin(text: string | null): Current {
    const { model, zone, played } = this.#options;
    const filter = text === null ? null : compileFilter(text, { zone, route: (path) => model.routeOf(path) });
    const lines = new RecentLines(filter);
    const current: Current = { text, lines, isReading: true };
    this.#current = current;
    model.recentLines = lines;
    const ended = (): void => {
      current.isReading = false;
    };
    // A log that is gone by now: there are the lines from here on.
    playAgain(
      played(),
      () => this.#current === current,
      (line) => {
        if (line.kind === 'access') lines.addAccess(line.record, line.atMs);
        else lines.addEntry('error', line.entry, line.atMs);
      },
    ).then(ended, ended);
    return current;
  }
}
