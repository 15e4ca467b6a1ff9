/** The newest lines that pass a filter, as they stand in the logs: kept only while somebody looks at them. */
import type { Filter } from '../filter/index.ts';
import type { AccessRecord, AppEntry, ErrorEntry } from './facts.ts';
import { ownCopy } from './own-copy.ts';
import type { IsoTime } from './snapshot.ts';

/** Lines kept: an entry of several lines counts as one. */
export const MOST_LINES = 1000;
const MOST_CHARACTERS = 4096;

/** One line of an access log, or one entry with all its lines. */
export interface RawLine {
  readonly kind: 'access' | 'error' | 'app';
  /** Its own time, or when it came; null where neither is known. */
  readonly at: IsoTime | null;
  /** Of entries. */
  readonly level: string | null;
  /** Of access lines. */
  readonly status: number | null;
  /** As it stands in the log, hostile bytes and all; lines of an entry are separated by newlines. At most 4,096 characters. */
  readonly text: string;
}

/** What a look at the lines answers with. */
export interface RawLines {
  /** The filter that they pass; null: all do. */
  readonly filter: string | null;
  /** The oldest first. */
  readonly lines: readonly RawLine[];
  /** More of the past is being looked through. */
  readonly reading: boolean;
}

interface Kept extends Omit<RawLine, 'at'> {
  readonly atMs: number;
}

export class RecentLines {
  readonly filter: Filter | null;
  /** By time, the oldest first; twice as many as are asked for, at most. */
  #kept: Kept[] = [];
  /** Lines of one time stay in the order in which they came. */
  #isSorted = true;

  constructor(filter: Filter | null) {
    this.filter = filter;
  }

  /** Lines kept. */
  get count(): number {
    return Math.min(this.#kept.length, MOST_LINES);
  }

  addAccess(record: AccessRecord, arrivalMs: number): void {
    if (!record.raw || this.filter?.request(record) === false) return;
    const atMs = Number.isNaN(record.atMs) ? arrivalMs : record.atMs;
    this.#add({ kind: 'access', atMs, level: null, status: record.status || null, text: cut(record.raw) });
  }

  addEntry(kind: 'error' | 'app', entry: ErrorEntry | AppEntry, arrivalMs: number): void {
    if (!entry.raw || this.filter?.entry(kind, entry) === false) return;
    const atMs = Number.isNaN(entry.atMs) ? arrivalMs : entry.atMs;
    this.#add({ kind, atMs, level: entry.level, status: null, text: cut(entry.raw) });
  }

  /** The newest lines by time, the oldest of them first. */
  newest(limit: number): readonly RawLine[] {
    this.#settle();
    return this.#kept
      .slice(-Math.min(limit, MOST_LINES))
      .map(({ atMs, ...line }) => ({ ...line, at: Number.isNaN(atMs) ? null : new Date(atMs).toISOString() }));
  }

  #add(line: Kept): void {
    const last = this.#kept.at(-1);
    if (last !== undefined && last.atMs > line.atMs) this.#isSorted = false;
    this.#kept.push(line);
    if (this.#kept.length >= 2 * MOST_LINES) this.#settle();
  }

  #settle(): void {
    // What has no time counts as the oldest.
    if (!this.#isSorted) this.#kept.sort((a, b) => (a.atMs || 0) - (b.atMs || 0));
    this.#isSorted = true;
    if (this.#kept.length > MOST_LINES) this.#kept = this.#kept.slice(-MOST_LINES);
  }
}

/** A text of its own: a record's line would hold on to nothing else, a part of it to the whole. */
const cut = (text: string): string =>
  text.length <= MOST_CHARACTERS ? text : ownCopy(`${text.slice(0, MOST_CHARACTERS - 1)}…`);
