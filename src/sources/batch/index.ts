/** Whole logs, read once: what `gtop report` works on. */
import type { AccessRecord } from '../../model/facts.ts';
import type { Ingest, SourceInfo } from '../../model/snapshot.ts';
import type { AccessLogParser } from '../access-log/index.ts';
import { LineSplitter } from '../follow/lines.ts';
import { dedupePaths } from '../follow/same-file.ts';
import { type BatchInput, openFile, openStdin, spoolStdin } from './input.ts';
import { LineCounter, lastLines, skipLines } from './last-lines.ts';
import { parserOf, sinkOf } from './parsing.ts';
import { type Part, type PartAccount, type PartReading, seamOf } from './part.ts';

export { type BatchInput, NotAFileError } from './input.ts';
export { type Part, type PartAccount, type PartReading, readPart } from './part.ts';

const NEWLINE = 0x0a;
/** Read before the second thread is asked: it tells the unit of the durations. */
const PROBE_BYTES = 1024 * 1024;
/** The newest stamp of a plain file is looked for in this much of its end. */
const END_BYTES = 1024 * 1024;
/** The first stamp of a log is looked for in this much of its start. */
const START_BYTES = 256 * 1024;

export interface BatchOptions {
  /** Files, plain or gzip; `-` is standard input. */
  readonly paths: readonly string[];
  /** As the access-log parser takes it. */
  readonly format: string;
  /** Standard input will be read twice: for `newestMs()`, or for the last lines. */
  readonly readsTwice: boolean;
  /** A log that cannot be read, or only in part; the others go on. @returns what the report says about it. */
  onTrouble(path: string, error: unknown): string;
}

export interface ReadOptions {
  /** Reads parts of big files at the same time; its records go elsewhere. */
  readElsewhere?(part: Part): PartReading;
  /** Only the last so many lines of all logs together; null for all. */
  readonly maxLines: number | null;
  /** Gets a flyweight. */
  onRecord(record: AccessRecord): void;
  /** Of all files, bytes as they stand on the disk; called about every 256 KiB. */
  onProgress?(bytes: number): void;
}

interface Log {
  readonly input: BatchInput;
  readonly firstAtMs: number;
}

/** Standard input cannot be asked for its first stamp before it is read: it comes behind all files. */
const placeOf = ({ input, firstAtMs }: Log): number =>
  input.isStream || Number.isNaN(firstAtMs) ? Number.MAX_VALUE : firstAtMs;

/** Logs in the order of their first time stamps; those without any last. */
export class Batch {
  readonly #options: BatchOptions;
  #logs: Log[] = [];

  private constructor(options: BatchOptions) {
    this.#options = options;
  }

  static async open(options: BatchOptions): Promise<Batch> {
    const batch = new Batch(options);
    for (const path of dedupePaths(options.paths)) {
      try {
        const input = await batch.#openInput(path);
        batch.#logs.push({ input, firstAtMs: await batch.#firstAtMs(input) });
      } catch (error) {
        options.onTrouble(path, error);
      }
    }
    // A stable sort: logs without stamps stay in the order in which they were named.
    batch.#logs.sort((a, b) => placeOf(a) - placeOf(b));
    return batch;
  }

  async #openInput(path: string): Promise<BatchInput> {
    if (path !== '-') return openFile(path);
    return this.#options.readsTwice ? spoolStdin() : openStdin();
  }

  /** Bytes of all files as they stand on the disk; null when standard input is among them. */
  get sizeBytes(): number | null {
    return this.#logs.some(({ input }) => input.sizeBytes === null)
      ? null
      : this.#logs.reduce((sum, { input }) => sum + (input.sizeBytes ?? 0), 0);
  }

  /** Logs that could be opened. */
  get size(): number {
    return this.#logs.length;
  }

  /** The newest time stamp of all logs; NaN without any. */
  async newestMs(): Promise<number> {
    let newest = Number.NaN;
    for (const { input } of this.#logs) {
      const parser = this.#parser(() => {});
      const from = input.fd === null ? 0 : Math.max(0, (input.sizeBytes ?? 0) - END_BYTES);
      const lines = new LineSplitter({ sink: sinkOf(parser), insideLine: from > 0 });
      await this.#skim(input, from, (chunk) => lines.push(chunk, false));
      lines.giveUp(false);
      const last = parser.lastLineAtMs;
      if (last !== null && !(last <= newest)) newest = last;
    }
    return newest;
  }

  /** Reads everything, once. */
  async read(options: ReadOptions): Promise<Ingest> {
    const shares = options.maxLines === null ? null : await this.#tails(options.maxLines);
    const sources: SourceInfo[] = [];
    let linesTruncated = 0;
    let bytesBefore = 0;
    for (const { input } of this.#logs) {
      const { offset, skip } = shares?.get(input) ?? WHOLE;
      const parser = this.#parser(options.onRecord);
      const lines = new LineSplitter({
        sink: sinkOf(parser),
        atFileStart: offset === 0,
        onTruncated: () => linesTruncated++,
      });
      const wanted = skipLines(skip);
      let bytesRead = 0;
      let message: string | null = null;
      let elsewhere: PartReading | null = null;
      let account: PartAccount | null = null;
      try {
        const push = (chunk: Buffer): boolean => {
          lines.push(wanted(chunk), false);
          return true;
        };
        const read = (from: number, to?: number): Promise<void> => {
          const before = from - offset;
          const progress = (bytes: number): void => {
            bytesRead = before + bytes;
            options.onProgress?.(bytesBefore + offset + bytesRead + (elsewhere?.bytes() ?? 0));
          };
          return input.read(from, push, progress, to);
        };
        const seam = options.readElsewhere && offset === 0 ? seamOf(input, parser) : null;
        if (seam === null) {
          await read(offset);
        } else {
          // The first lines tell what the other thread could not find out in the midst of the file.
          await read(0, PROBE_BYTES);
          const { format } = this.#options;
          const part = { path: input.path, fromOffset: seam, format, unit: parser.info.durationUnit };
          elsewhere = options.readElsewhere?.(part) ?? null;
          await read(PROBE_BYTES, seam);
          account = (await elsewhere?.done) ?? null;
        }
      } catch (error) {
        message = this.#options.onTrouble(input.path, error);
      }
      lines.giveUp(false);
      parser.settle(true);
      input.close();
      bytesBefore += input.sizeBytes ?? bytesRead;
      linesTruncated += account?.linesTruncated ?? 0;
      sources.push(sourceOf(input.path, parser, bytesRead, message, account));
    }
    const sum = (part: (source: SourceInfo) => number): number => sources.reduce((all, one) => all + part(one), 0);
    return {
      sources,
      linesRead: sum((source) => source.linesRead),
      linesParsed: sum((source) => source.linesParsed),
      linesRejected: sum((source) => source.linesRejected),
      linesTruncated,
      rotations: 0,
      truncations: 0,
      possiblyLostBytes: 0,
    };
  }

  /** Where the last lines of all logs together begin, the newest log first. */
  async #tails(maxLines: number): Promise<ReadonlyMap<BatchInput, Start>> {
    const starts = new Map<BatchInput, Start>();
    let left = maxLines;
    for (const { input } of [...this.#logs].reverse()) {
      if (input.fd !== null && input.sizeBytes !== null) {
        const { offset, lines } = lastLines(input.fd, input.sizeBytes, left);
        starts.set(input, { offset, skip: 0 });
        left -= lines;
      } else {
        const counter = new LineCounter();
        await this.#skim(input, 0, (chunk) => counter.push(chunk));
        starts.set(input, { offset: 0, skip: Math.max(0, counter.lines - left) });
        left = Math.max(0, left - counter.lines);
      }
    }
    return starts;
  }

  async #firstAtMs(input: BatchInput): Promise<number> {
    if (input.isStream) return Number.NaN;
    const parser = this.#parser(() => {});
    let first = Number.NaN;
    let seen = 0;
    const lines = new LineSplitter({
      sink: {
        lines(chunk, start, end) {
          for (let at = start; at < end && Number.isNaN(first); ) {
            const newline = chunk.indexOf(NEWLINE, at);
            first = parser.timeOf(chunk.subarray(at, newline));
            at = newline + 1;
          }
        },
      },
      atFileStart: true,
    });
    await this.#skim(input, 0, (chunk) => {
      lines.push(chunk, false);
      seen += chunk.length;
      return Number.isNaN(first) && seen < START_BYTES;
    });
    lines.giveUp(false);
    return first;
  }

  /** Reads ahead, until `visit` answers false; what is wrong with a damaged file the real reading tells. */
  async #skim(input: BatchInput, from: number, visit: (chunk: Buffer) => unknown): Promise<void> {
    await input.read(from, (chunk) => visit(chunk) !== false).catch(() => {});
  }

  #parser(onRecord: (record: AccessRecord) => void): AccessLogParser {
    return parserOf(this.#options.format, null, onRecord);
  }
}

interface Start {
  /** Of a plain file: where reading begins. */
  readonly offset: number;
  /** Of a compressed one: lines passed over. */
  readonly skip: number;
}

const WHOLE: Start = { offset: 0, skip: 0 };

function sourceOf(
  path: string,
  parser: AccessLogParser,
  ownBytes: number,
  message: string | null,
  account: PartAccount | null,
): SourceInfo {
  const linesParsed = parser.linesParsed + (account?.linesParsed ?? 0);
  const linesRejected = parser.linesRejected + (account?.linesRejected ?? 0);
  const bytesRead = ownBytes + (account?.bytesRead ?? 0);
  const newest = Math.max(parser.lastLineAtMs ?? 0, account?.lastLineAtMs ?? 0);
  const lastLineAtMs = newest > 0 ? newest : null;
  const { format, durationUnit, durationUnitAssumed, misfit } = parser.info;
  const isUnreadable = linesParsed === 0 && misfit !== null;
  return {
    path,
    // An error log's lines fit no format.
    kind: format !== null ? 'access' : linesParsed > 0 ? 'error' : 'unknown',
    state: message === null ? 'ended' : 'failed',
    format,
    durationUnit,
    durationUnitAssumed,
    bytesRead,
    lagBytes: 0,
    linesRead: linesParsed + linesRejected,
    linesParsed,
    linesRejected,
    message: message ?? (isUnreadable ? `format does not fit: ${misfit}` : null),
    lastLineAt: lastLineAtMs === null ? null : new Date(lastLineAtMs).toISOString(),
  };
}
