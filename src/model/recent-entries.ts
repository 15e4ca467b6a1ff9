/** The newest entries of the error log and of the application's log, each cut to a bounded size, to be searched. */
import type { AppEntry, ErrorEntry } from './facts.ts';
import { ownCopy } from './own-copy.ts';

/** Entries kept of each kind of log. */
export const MOST_ENTRIES = 1000;
const MOST_MESSAGE_CHARACTERS = 1000;
const MOST_TRACEBACK_CHARACTERS = 4000;
const MOST_FIELDS = 32;
const MOST_FIELD_CHARACTERS = 200;

export class RecentEntries<Entry extends ErrorEntry | AppEntry> {
  readonly #ring: Entry[] = [];
  #next = 0;

  add(entry: Entry): void {
    this.#ring[this.#next] = bounded(entry);
    this.#next = (this.#next + 1) % MOST_ENTRIES;
  }

  /** Oldest first. */
  list(): readonly Entry[] {
    return this.#ring.length < MOST_ENTRIES
      ? [...this.#ring]
      : [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
  }
}

function bounded<Entry extends ErrorEntry | AppEntry>(entry: Entry): Entry {
  const { raw: _, ...rest } = entry;
  const fields = entry.fields == null ? entry.fields : scalars(entry.fields);
  return {
    ...rest,
    message: entry.message === null ? null : cut(entry.message, MOST_MESSAGE_CHARACTERS),
    traceback: entry.traceback === null ? null : cut(entry.traceback, MOST_TRACEBACK_CHARACTERS),
    ...(fields === undefined ? null : { fields }),
  } as Entry;
}

/** What can be compared: numbers, flags and short texts; a user's and a request's id among them. */
function scalars(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields).slice(0, MOST_FIELDS)) {
    if (name === 'traceback') continue;
    if (typeof value === 'number' || typeof value === 'boolean') kept[name] = value;
    else if (typeof value === 'string') kept[name] = cut(value, MOST_FIELD_CHARACTERS);
  }
  return kept;
}

const cut = (text: string, most: number): string =>
  text.length <= most ? text : ownCopy(`${text.slice(0, most - 1)}…`);
