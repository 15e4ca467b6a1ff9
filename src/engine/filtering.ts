/**
 * The filter in force: one at a time, for whoever asks for it, and let go when nobody does. Lines that come are looked
 * at as they come; what came before is read once more from the logs, as far back as is shown.
 */
import { compileFilter } from '../filter/index.ts';
import type { FilteredView } from '../model/filtered-view.ts';
import type { Model } from '../model/model.ts';
import type { LogSource } from '../sources/logs.ts';
import { LookBack } from './look-back.ts';

/** Nobody asks any more. */
const FORGET_MS = 10_000;
/** A chart shows two minutes at least, and a step more than its window. */
const LEAST_SECONDS = 130;
const MARGIN = 1.05;

interface Current {
  readonly view: FilteredView;
  /** Null until the logs have been read for the first time; never made for a filter that was there before them. */
  lookBack: LookBack | null;
  readonly isFirst: boolean;
  askedMs: number;
}

export interface FilteringOptions {
  readonly model: Model;
  readonly logs: () => readonly LogSource[];
  readonly zone: 'local' | 'utc';
}

export class Filtering {
  readonly #options: FilteringOptions;
  #current: Current | null = null;

  constructor(options: FilteringOptions) {
    this.#options = options;
  }

  /**
   * A filter that is there before the first line is read: it sees everything.
   * @throws FilterError
   */
  begin(text: string): void {
    const view = this.#createView(text);
    this.#current = { view, lookBack: null, isFirst: true, askedMs: Number.POSITIVE_INFINITY };
    this.#options.model.filteredView = view;
  }

  /**
   * What passes a filter, as far as it has been looked at; its coverage tells how far that is.
   * @throws FilterError
   */
  ask(text: string, windowSeconds: number | null, atMs: number, nowMs: number): FilteredView {
    if (this.#current?.view.filter.text !== text) {
      const view = this.#createView(text);
      this.#drop();
      view.coverage = { fromMs: Number.POSITIVE_INFINITY, isReading: true };
      this.#current = { view, lookBack: null, isFirst: false, askedMs: nowMs };
    }
    const current = this.#current;
    if (current.isFirst) return current.view;
    current.askedMs = nowMs;
    current.lookBack ??= this.#attach(current.view, nowMs);
    this.#reachBack(current, sinceOf(windowSeconds, atMs));
    return current.view;
  }

  /** Once a second. */
  tick(nowMs: number): void {
    if (this.#current !== null && nowMs - this.#current.askedMs > FORGET_MS) this.#drop();
  }

  close(): void {
    this.#drop();
  }

  #createView(text: string): FilteredView {
    const { model, zone } = this.#options;
    return model.createView(compileFilter(text, { zone, route: (path) => model.routeOf(path) }));
  }

  /** From here on the view sees what comes. Null while the logs are still being read for the first time. */
  #attach(view: FilteredView, nowMs: number): LookBack | null {
    const { model } = this.#options;
    const logs = this.#options.logs();
    if (!logs.every((log) => log.hasReadHistory)) return null;
    // What a parser holds back has been read: it comes before the seam.
    for (const log of logs) log.settle(nowMs, false);
    const lookBack = new LookBack(
      logs,
      {
        keepRaw: false,
        access: (record) => view.addAccess(record, Number.NaN, nowMs),
        error: (entry) => view.addError(entry, Number.NaN),
        app: (entry) => view.addApp(entry, Number.NaN),
      },
      nowMs,
    );
    model.tellKilled(view);
    model.filteredView = view;
    return lookBack;
  }

  #reachBack({ view, lookBack }: Current, sinceMs: number): void {
    if (lookBack === null) return;
    const { model } = this.#options;
    const note = (): void => {
      const fromMs = lookBack.coveredFromMs;
      view.coverage = {
        fromMs: fromMs === Number.NEGATIVE_INFINITY ? null : fromMs,
        isReading: lookBack.isReading,
      };
    };
    lookBack.reachBack(sinceMs <= model.coveredFromMs ? Number.NEGATIVE_INFINITY : sinceMs, note);
    note();
  }

  #drop(): void {
    if (this.#current === null) return;
    this.#current.lookBack?.close();
    this.#options.model.filteredView = null;
    this.#current = null;
  }
}

/** As far back as a Snapshot of this window shows. */
const sinceOf = (windowSeconds: number | null, atMs: number): number =>
  windowSeconds === null ? Number.NEGATIVE_INFINITY : atMs - Math.max(LEAST_SECONDS, windowSeconds * MARGIN) * 1000;
