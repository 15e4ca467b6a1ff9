/** What `gtop stream` prints: facts as lines of JSON. */
import type { Filter } from '../../filter/index.ts';
import type { AccessRecord, AppEntry, ErrorEntry } from '../../model/facts.ts';

/** Makes one line of JSON, without its newline, of each fact. Reads the fact at once: an AccessRecord is a flyweight. */
export interface StreamFormat {
  access(record: AccessRecord, source: string, nowMs: number): string;
  error(entry: ErrorEntry, source: string, nowMs: number): string;
  app(entry: AppEntry, source: string, nowMs: number): string;
  /** A line that could not be parsed, and why. */
  rejected(line: string, reason: string, source: string, nowMs: number): string;
}

/** As a format, but some facts are not to be printed: null. */
export type StreamPrinter = {
  readonly [Kind in keyof StreamFormat]: (...args: Parameters<StreamFormat[Kind]>) => string | null;
};

/** Prints what passes a filter. A line that could not be parsed has nothing that could be compared: it never does. */
export const filtered = (format: StreamFormat, filter: Filter): StreamPrinter => ({
  access: (record, source, nowMs) => (filter.request(record) ? format.access(record, source, nowMs) : null),
  error: (entry, source, nowMs) => (filter.entry('error', entry) ? format.error(entry, source, nowMs) : null),
  app: (entry, source, nowMs) => (filter.entry('app', entry) ? format.app(entry, source, nowMs) : null),
  rejected: () => null,
});

export interface FormatOptions {
  /** Adds the line as it stands in the log. */
  readonly raw: boolean;
}

export const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** ISO 8601 in UTC, or null for NaN and for times that no calendar holds. The same second comes again and again. */
export function isoClock(): (atMs: number) => string | null {
  let lastMs = Number.NaN;
  let last: string | null = null;
  return (atMs) => {
    if (atMs === lastMs) return last;
    lastMs = atMs;
    last = Math.abs(atMs) <= 8.64e15 ? new Date(atMs).toISOString() : null;
    return last;
  };
}

/** What stands behind the path's question mark, without the fragment; null when there is none. */
export function queryOf(target: string | null, path: string | null): string | null {
  if (target === null || path === null || target === path) return null;
  // In `http://host/path?query` no other question mark comes first; a decoded path (`%(U)s`) may hold one itself.
  const start = target.startsWith(path) ? path.length : target.search(/[?#]/);
  if (target[start] !== '?') return null;
  const fragment = target.indexOf('#', start);
  return target.slice(start + 1, fragment === -1 ? undefined : fragment);
}
