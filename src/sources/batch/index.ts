/** Whole logs, read once: what `gtop report` works on. */
import type { AccessRecord } from '../../model/facts.ts';
import type { Ingest, SourceInfo } from '../../model/snapshot.ts';
import { AccessLogParser } from '../access-log/index.ts';
import { LineSplitter } from '../follow/lines.ts';
import { type BatchInput, openFile, openStdin, spool } from './input.ts';
import { LineCounter, lastLines, skipLines } from './last-lines.ts';

export { type BatchInput, NotAFileError } from './input.ts';

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
  /** A log that cannot be read, or only in part. The others go on. */
  onTrouble(path: string, error: unknown): void;
}

export interface ReadOptions {
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

/** Logs in the order of their first time stamps; those without any last, standard input behind all. */
export class Batch {
  readonly #options: BatchOptions;
  #logs: Log[] = [];

  private constructor(options: BatchOptions) {
    this.#options = options;
  }

  static async open(options: BatchOptions): Promise<Batch> {
    const batch = new Batch(options);
    const { paths, readsTwice } = options;
    for (const path of new Set(paths)) {
      await batch.#try(path, async () => {
        const input = path !== '-' ? openFile(path) : readsTwice ? await spool(openStdin()) : openStdin();
        batch.#logs.push({ input, firstAtMs: await batch.#firstAtMs(input) });
      });
    }
    const key = ({ firstAtMs }: Log): number => (Number.isNaN(firstAtMs) ? Number.POSITIVE_INFINITY : firstAtMs);
    const isLate = ({ input }: Log): number => (input.path === '-' ? 1 : 0);
    // A stable sort: logs without stamps stay in the order in which they were named.
    batch.#logs.sort((a, b) => isLate(a) - isLate(b) || (key(a) === key(b) ? 0 : key(a) - key(b)));
    return batch;
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
      // Of a damaged file the trouble is told when it is read.
      await this.#feed(input, parser, from, from > 0, (chunk) => chunk).catch(() => {});
      const last = parser.lastLineAtMs ?? Number.NaN;
      if (!(last <= newest)) newest = Number.isNaN(last) ? newest : last;
    }
    return newest;
  }

  async read(options: ReadOptions): Promise<Ingest> {
    const shares = await this.#shares(options.maxLines);
    const sources: SourceInfo[] = [];
    let linesTruncated = 0;
    let bytesBefore = 0;
    for (const [index, { input }] of this.#logs.entries()) {
      const parser = this.#parser(options.onRecord);
      const { offset, skip } = shares[index];
      let bytesRead = 0;
      const progress = (bytes: number): void => {
        bytesRead = bytes;
        options.onProgress?.(bytesBefore + offset + bytes);
      };
      let message: string | null = null;
      await this.#try(input.path, async () => {
        linesTruncated += await this.#feed(input, parser, offset, false, skipLines(skip), progress);
      }).catch(() => {});
      parser.settle(true);
      message = this.#messages.get(input.path) ?? null;
      bytesBefore += input.sizeBytes ?? bytesRead;
      sources.push(sourceOf(input, parser, bytesRead, message));
      input.close();
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
}
