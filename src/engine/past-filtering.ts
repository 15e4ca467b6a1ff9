/**
 * The filter of a replay: what is played from here on is looked at as it comes; what was played before is read once
 * more from the logs, which lie there whole.
 */
import { compileFilter } from '../filter/index.ts';
import type { FilteredView } from '../model/filtered-view.ts';
import type { Model } from '../model/model.ts';
import { PastLog, type PastLogOptions } from '../sources/past-log.ts';

export interface PastFilteringOptions {
  readonly model: Model;
  /** Each log with the number of its lines that were played so far. */
  readonly played: () => readonly { readonly log: PastLogOptions; readonly lines: number }[];
  /** Zone of the times in filters that name none. */
  readonly zone: 'local' | 'utc';
}

export class PastFiltering {
  readonly #options: PastFilteringOptions;
  #view: FilteredView | null = null;

  constructor(options: PastFilteringOptions) {
    this.#options = options;
  }

  /**
   * What passes a filter of what was played up to now; unknown while that is still being read again.
   * @throws FilterError
   */
  ask(text: string, nowMs: number): FilteredView {
    if (this.#view?.filter.text === text) return this.#view;
    const { model, zone, played } = this.#options;
    const view = model.createView(compileFilter(text, { zone, route: (path) => model.routeOf(path) }));
    view.coverage = { fromMs: Number.POSITIVE_INFINITY, isReading: true };
    model.tellKilled(view);
    model.filteredView = view;
    this.#view = view;
    this.#playAgain(view, played(), nowMs).then(
      () => {
        view.coverage = { fromMs: null, isReading: false };
      },
      // A log that is gone by now: the filter holds from here on.
      () => {
        view.coverage = { fromMs: nowMs, isReading: false };
      },
    );
    return view;
  }

  close(): void {
    this.#options.model.filteredView = null;
    this.#view = null;
  }

  async #playAgain(
    view: FilteredView,
    played: ReturnType<PastFilteringOptions['played']>,
    nowMs: number,
  ): Promise<void> {
    for (const { log, lines } of played) {
      const again = new PastLog(log);
      try {
        while (again.linesTaken < lines && this.#view === view) {
          await again.fill();
          for (const line of again.take(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)) {
            if (line.kind === 'access') view.addAccess(line.record, line.atMs, nowMs);
            else view.addError(line.entry, line.atMs);
            if (again.linesTaken === lines) break;
          }
        }
      } finally {
        again.close();
      }
    }
  }
}
