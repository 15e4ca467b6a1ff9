/** The later part of a big plain file, which a second thread reads at the same time. */
import type { AccessRecord } from '../../model/facts.ts';
import type { DurationUnit } from '../../model/snapshot.ts';
import type { AccessLogParser } from '../access-log/index.ts';
import { offsetSince, stampedLineAt } from '../bisect.ts';
import { LineSplitter } from '../follow/lines.ts';
import { type BatchInput, openFile } from './input.ts';
import { parserOf, sinkOf } from './parsing.ts';

/** Below this a second thread takes longer to start than it saves. */
const LEAST_SPLIT_BYTES = 24 * 1024 * 1024;
/** What the first thread has read when the second one begins. */
const HEAD_START_BYTES = 6 * 1024 * 1024;

export interface Part {
  readonly path: string;
  /** At the start of a line. */
  readonly fromOffset: number;
  readonly format: string;
  /** The unit of durations, as the lines before have shown it. */
  readonly unit: DurationUnit | null;
}

/** What came of reading it. */
export interface PartAccount {
  readonly bytesRead: number;
  readonly linesParsed: number;
  readonly linesRejected: number;
  readonly linesTruncated: number;
  readonly lastLineAtMs: number | null;
}

export interface PartReading {
  readonly done: Promise<PartAccount>;
  /** Bytes read so far. */
  bytes(): number;
}

/**
 * Reads what {@link Part} names, to the end of the file.
 * @throws the system's error.
 */
export async function readPart(
  { path, fromOffset, format, unit }: Part,
  onRecord: (record: AccessRecord) => void,
  onProgress: (bytes: number) => void,
): Promise<PartAccount> {
  const input = openFile(path);
  const parser = parserOf(format, unit, onRecord);
  let linesTruncated = 0;
  let bytesRead = 0;
  const lines = new LineSplitter({ sink: sinkOf(parser), onTruncated: () => linesTruncated++ });
  const push = (chunk: Buffer): boolean => {
    lines.push(chunk, false);
    return true;
  };
  try {
    await input.read(fromOffset, push, (bytes) => {
      bytesRead = bytes;
      onProgress(bytes);
    });
  } finally {
    input.close();
  }
  lines.giveUp(false);
  parser.settle(true);
  const { linesParsed, linesRejected, lastLineAtMs } = parser;
  return { bytesRead, linesParsed, linesRejected, linesTruncated, lastLineAtMs };
}

/**
 * Where the other half of a big plain file begins, for a second thread that comes a moment later: with a new time
 * stamp, because the two lines of a doubled one have the same. Null for what does not pay to be read in two.
 */
export function seamOf({ fd, sizeBytes }: BatchInput, parser: AccessLogParser): number | null {
  if (fd === null || sizeBytes === null || sizeBytes < LEAST_SPLIT_BYTES) return null;
  const timeOf = (line: Buffer): number => parser.timeOf(line);
  const middle = Math.min(sizeBytes, Math.floor(sizeBytes / 2) + HEAD_START_BYTES);
  const line = stampedLineAt(fd, middle, sizeBytes, timeOf);
  if (line === null) return null;
  const next = offsetSince(fd, sizeBytes, (Math.floor(line.timeMs / 1000) + 1) * 1000, timeOf);
  const isNear = next !== null && next > line.offset && next - line.offset < HEAD_START_BYTES;
  return isNear ? next : null;
}
