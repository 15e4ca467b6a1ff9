/** The lines of whole logs, on their way to the parser. */
import type { AccessRecord } from '../../model/facts.ts';
import type { DurationUnit } from '../../model/snapshot.ts';
import { AccessLogParser } from '../access-log/index.ts';
import type { LineSink } from '../follow/follower.ts';

export const sinkOf = (parser: AccessLogParser): LineSink => ({
  lines: (chunk, start, end) => parser.push(chunk, start, end),
});

/** Entries of an error log in between are lines that were read and are no requests. */
export const parserOf = (
  format: string,
  unit: DurationUnit | null,
  onRecord: (record: AccessRecord) => void,
): AccessLogParser => new AccessLogParser({ format, unit, onRecord, onForeign() {} });
