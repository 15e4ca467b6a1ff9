/**
 * The filter of a replay: what is played from here on is looked at as it comes; what was played before is read once
 * more from the logs, which lie there whole.
 */
import { compileFilter } from '../filter/index.ts';
import type { FilteredView } from '../model/filtered-view.ts';
import type { Model } from '../model/model.ts';
import { type Played, playAgain } from './play-again.ts';

export interface PastFilteringOptions {
  readonly model: Model;
  /** Each log with the number of its lines that were played so far. */
  readonly played: () => readonly Played[];
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
    playAgain(
      played(),
      () => this.#view === view,
      (line) => {
        if (line.kind === 'access') view.addAccess(line.record, line.atMs, nowMs);
        else view.addError(line.entry, line.atMs);
      },
    ).then(
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
}
