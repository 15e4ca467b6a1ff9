import type { AccessRecord } from '../../../src/model/facts.ts';
import type { Ingest } from '../../../src/model/snapshot.ts';
import { Accumulator, type AccumulatorOptions, finishReport, type Report } from '../../../src/report/index.ts';
import { accessRecord, NOON_MS } from '../../support/access-record.ts';

export const START_MS = NOON_MS;

export { accessRecord as record };

const INGEST: Ingest = {
  sources: [],
  linesRead: 0,
  linesParsed: 0,
  linesRejected: 0,
  linesTruncated: 0,
  rotations: 0,
  truncations: 0,
  possiblyLostBytes: 0,
};

export const OPTIONS: AccumulatorOptions = {
  slowSeconds: 1,
  top: 10,
  sinceMs: Number.NEGATIVE_INFINITY,
  untilMs: Number.POSITIVE_INFINITY,
  filter: null,
  zone: 'utc',
};

/** The report of what was gathered with these options. */
export const finished = (figures: Accumulator, options = OPTIONS): Report =>
  finishReport(figures, { ...options, version: '1.2.3', nowMs: START_MS, timeZone: 'UTC', ingest: INGEST });

/** The report of these records. */
export function reportOf(records: Iterable<AccessRecord>, differences: Partial<AccumulatorOptions> = {}): Report {
  const options = { ...OPTIONS, ...differences };
  const figures = new Accumulator(options);
  for (const one of records) figures.add(one);
  return finished(figures, options);
}
