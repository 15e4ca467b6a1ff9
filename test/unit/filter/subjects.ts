/** Lines as filters see them, with everything unknown that a test does not name. */
import type { FilteredEntry, FilteredRequest } from '../../../src/filter/index.ts';

export const request = (rest: Partial<FilteredRequest> = {}): FilteredRequest => ({
  atMs: Number.NaN,
  method: null,
  target: null,
  path: null,
  protocol: null,
  status: Number.NaN,
  bytes: Number.NaN,
  seconds: Number.NaN,
  address: null,
  user: null,
  referrer: null,
  userAgent: null,
  worker: 0,
  ...rest,
});

export const entry = (rest: Partial<FilteredEntry> = {}): FilteredEntry => ({
  atMs: Number.NaN,
  level: null,
  message: null,
  traceback: null,
  ...rest,
});
