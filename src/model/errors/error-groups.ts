/** Exceptions folded by type and application frame, in bounded memory. */
import { fingerprint } from '../fingerprint.ts';
import { ownCopy } from '../own-copy.ts';
import type { ErrorGroup } from '../snapshot.ts';
import { SpaceSaving } from '../space-saving.ts';
import { type Raised, sayFrame } from './traceback.ts';

/** Groups kept: of more, the rarest give way. */
const MOST_GROUPS = 256;
/** Routes kept of one group, the first ones. */
const MOST_PATHS = 10;
const MOST_MESSAGE_CHARACTERS = 500;
/** Of a longer traceback the end is kept: it has the innermost frames and the exception. */
const MOST_SAMPLE_CHARACTERS = 4000;

/** The kinds of log that tell of exceptions. */
export type ErrorSource = 'error' | 'app';

interface Group {
  readonly fingerprint: string;
  readonly type: string;
  readonly frame: string | null;
  /** An exception that both logs tell of (logged by the application, then raised again) is one occurrence. */
  readonly counts: Record<ErrorSource, number>;
  message: string;
  sample: string;
  firstMs: number;
  lastMs: number;
  readonly paths: Set<string>;
}

export class ErrorGroups {
  readonly #groups = new SpaceSaving<Group | null>(MOST_GROUPS, () => null);
  #count = 0;

  /**
   * Counts one occurrence.
   * @param atMs epoch milliseconds; NaN unknown.
   * @returns whether its group is new.
   */
  add(raised: Raised, source: ErrorSource, atMs: number, path: string | null): boolean {
    const frame = raised.frame === null ? null : sayFrame(raised.frame);
    const key = `${raised.type}\n${frame ?? ''}`;
    const entry = this.#groups.add(this.#groups.get(key)?.key ?? ownCopy(key));
    const isNew = entry.value === null;
    entry.value ??= newGroup(raised, frame, key);
    const group = entry.value;
    const counted = occurrences(group);
    group.counts[source] += 1;
    this.#count += occurrences(group) - counted;
    // Logs are not read in the order of time, one after the other and sometimes the newest lines first.
    if (!(atMs < group.lastMs)) {
      group.message = shortMessage(raised.message);
      group.sample = sampleOf(raised.text);
    }
    if (!(group.firstMs <= atMs)) group.firstMs = Number.isNaN(atMs) ? group.firstMs : atMs;
    if (!(group.lastMs >= atMs)) group.lastMs = Number.isNaN(atMs) ? group.lastMs : atMs;
    if (path !== null && group.paths.size < MOST_PATHS) group.paths.add(path);
    return isNew;
  }

  /** Occurrences of all groups since gtop began to read. */
  get count(): number {
    return this.#count;
  }

  /** Distinct groups seen: exact until one had to give way, then within some 2 %. */
  get seen(): number {
    return this.#groups.distinct;
  }

  /** The most frequent first, the latest first among equals. */
  rows(most: number): readonly ErrorGroup[] {
    const groups = this.#groups.entries().flatMap(({ value }) => value ?? []);
    groups.sort((a, b) => occurrences(b) - occurrences(a) || (b.lastMs || 0) - (a.lastMs || 0));
    return groups.slice(0, most).map(rowOf);
  }
}

const occurrences = ({ counts }: Group): number => Math.max(counts.error, counts.app);

function newGroup(raised: Raised, frame: string | null, key: string): Group {
  return {
    fingerprint: fingerprint(key),
    type: ownCopy(raised.type),
    frame: frame === null ? null : ownCopy(frame),
    counts: { error: 0, app: 0 },
    message: '',
    sample: '',
    firstMs: Number.NaN,
    lastMs: Number.NaN,
    paths: new Set(),
  };
}

const rowOf = (group: Group): ErrorGroup => ({
  fingerprint: group.fingerprint,
  type: group.type,
  message: group.message,
  frame: group.frame,
  count: occurrences(group),
  firstAt: iso(group.firstMs),
  lastAt: iso(group.lastMs),
  paths: [...group.paths],
  sample: group.sample,
});

const iso = (atMs: number): string | null => (Number.isNaN(atMs) ? null : new Date(atMs).toISOString());

/** A message of bounded length. */
export const shortMessage = (message: string): string =>
  ownCopy(message.length > MOST_MESSAGE_CHARACTERS ? `${message.slice(0, MOST_MESSAGE_CHARACTERS - 1)}…` : message);

/** A traceback of bounded length. */
export function sampleOf(text: string): string {
  if (text.length <= MOST_SAMPLE_CHARACTERS) return ownCopy(text);
  const tail = text.slice(-MOST_SAMPLE_CHARACTERS);
  return ownCopy(`…\n${tail.slice(tail.indexOf('\n') + 1)}`);
}
