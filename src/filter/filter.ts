/** A filter, ready to be asked. */
import { entryPredicates } from './entries.ts';
import { FilterError } from './errors.ts';
import { parseFilter } from './parse.ts';
import { requestPredicate } from './requests.ts';
import type { FilteredEntry, FilteredRequest } from './subjects.ts';
import type { Zone } from './tests.ts';

export interface Filter {
  /** As it was given. */
  readonly text: string;
  /** Whether a line of an access log passes. */
  readonly request: (request: FilteredRequest) => boolean;
  /** Whether an entry of a log passes. */
  readonly entry: (kind: 'error' | 'app', entry: FilteredEntry) => boolean;
  /** Whether an entry, or an event, may belong to what passes: the filter does not rule it out. */
  readonly mayConcern: (kind: 'error' | 'app' | 'event', entry: FilteredEntry) => boolean;
}

export interface FilterOptions {
  /** Zone of times that name none (local). */
  readonly zone?: Zone;
  /** The route of a path; without it a path is its own. */
  readonly route?: (path: string) => string;
}

/** @throws FilterError that names the place and the way out. */
export function compileFilter(text: string, options: FilterOptions = {}): Filter {
  const { zone = 'local', route = (path: string) => path } = options;
  const expression = parseFilter(text);
  const request = requestPredicate(expression, { zone, route });
  const { passes, mayPass } = entryPredicates(expression, { zone, route });
  return {
    text,
    request,
    entry: (kind, entry) => passes({ kind, entry }),
    mayConcern: (kind, entry) => mayPass({ kind, entry }),
  };
}

/** What is wrong with a filter, in one sentence: `column 8: 'abc' is no status: …`; null when nothing is. */
export function filterComplaint(text: string): string | null {
  try {
    compileFilter(text);
    return null;
  } catch (error) {
    if (error instanceof FilterError) return error.sentence;
    throw error;
  }
}
