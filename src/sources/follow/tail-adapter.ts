/**
 * The npm package `tail` behind the follower's interface: `--follow tail`. What the package loses on rotation stays
 * lost; it is here to be compared with. Lines that are there at the start are read by us, as the package reads either
 * everything or nothing.
 */
import { closeSync } from 'node:fs';
import type { Tail } from 'tail';
import type { Follower, FollowStats, LineSink, StartPosition } from './follower.ts';
import { Generation } from './generation.ts';
import { DEFAULT_BUDGET_BYTES } from './generations.ts';
import { type FileId, isProblem, type OpenLog, type OpenProblem, openLog } from './open-log.ts';

export interface TailFollowerOptions {
  readonly path: string;
  readonly sink: LineSink;
  readonly start: StartPosition;
  /** Stat polling in place of inotify. */
  readonly forcePolling?: boolean;
}

/** What the package keeps to itself: its place in the file and the line that has not ended. */
interface TailInternals {
  currentCursorPos: number;
  buffer: string;
}

/** One byte a character: the package cuts its reads anywhere, also inside a UTF-8 character. */
const ENCODING = 'latin1';

class TailFollower implements Follower {
  readonly path: string;
  readonly #options: TailFollowerOptions;
  readonly #Tail: typeof Tail;
  #tail: (Tail & TailInternals) | null = null;
  #history: Generation | null = null;
  #file: FileId | null = null;
  #hasLooked = false;
  #ended = false;
  #problem: OpenProblem | null = null;
  #bytesRead = 0;
  #linesTruncated = 0;

  constructor(options: TailFollowerOptions, tail: typeof Tail) {
    this.path = options.path;
    this.#options = options;
    this.#Tail = tail;
  }

  get stats(): FollowStats {
    const message = this.#problem?.message ?? null;
    const failure = this.#problem?.kind === 'denied' ? 'denied' : 'failed';
    const problemState = this.#problem?.kind === 'missing' ? 'waiting' : failure;
    const goodState = this.#history ? 'reading' : this.#tail ? 'live' : 'waiting';
    return {
      state: this.#ended ? 'ended' : this.#problem ? problemState : goodState,
      message,
      bytesRead: this.#bytesRead,
      lagBytes: this.#history?.lag ?? null,
      linesTruncated: this.#linesTruncated,
      // The package does not tell.
      rotations: 0,
      truncations: 0,
      possiblyLostBytes: 0,
    };
  }

  get openFiles(): readonly FileId[] {
    return this.#file ? [this.#file] : [];
  }

  poll(_nowMs: number, budgetBytes = DEFAULT_BUDGET_BYTES): boolean {
    if (this.#ended) return false;
    if (!this.#tail) this.#begin();
    if (!this.#history) return false;
    if (budgetBytes <= 0) return true;
    const taken = this.#history.read(Math.min(budgetBytes, this.#history.lag));
    this.#bytesRead += taken;
    if (taken > 0 && this.#history.lag > 0) return true;
    this.#history.close();
    this.#history = null;
    return false;
  }

  finish(nowMs: number): void {
    while (this.poll(nowMs)) {
      // The package reads by events: only the history can be read to its end here.
    }
    const unfinished = this.#tail?.buffer ?? '';
    if (unfinished !== '') this.#handOn(unfinished);
    this.close();
  }

  checkpoint(): null {
    return null;
  }

  close(): void {
    this.#ended = true;
    this.#tail?.unwatch();
    this.#history?.close();
    this.#history = null;
  }

  #begin(): void {
    const log = openLog(this.path);
    const wasThere = !this.#hasLooked;
    this.#hasLooked = true;
    this.#problem = isProblem(log) ? log : null;
    if (isProblem(log)) return;
    this.#file = { dev: log.stat.dev, ino: log.stat.ino };
    try {
      this.#watch(log, wasThere ? this.#options.start : 'beginning', wasThere);
    } catch (error) {
      closeSync(log.fd);
      this.#problem = { kind: 'failed', message: `tail: ${(error as Error).message}` };
    }
  }

  #watch(log: OpenLog, start: StartPosition, isHistory: boolean): void {
    const size = Number(log.stat.size);
    const options = { sink: this.#options.sink, onTruncated: () => this.#linesTruncated++ };
    const liveFrom = isHistory ? size : 0;
    const offset = start === 'beginning' ? 0 : start === 'end' ? size : start({ fd: log.fd, size });
    // What ends in a newline is ours to read; the package begins with the line that has not ended yet.
    const end = Generation.at(size, log, options).place.offset;
    const tail = new this.#Tail(this.path, {
      encoding: ENCODING,
      separator: '\n',
      useWatchFile: this.#options.forcePolling ?? false,
    });
    this.#tail = Object.assign(tail as Tail & TailInternals, { currentCursorPos: end });
    tail.on('line', (line: string) => this.#handOn(line));
    tail.on('error', (error: unknown) => {
      this.#problem = { kind: 'failed', message: `tail: ${error instanceof Error ? error.message : String(error)}` };
    });
    this.#history = Generation.at(offset, log, { ...options, liveFrom });
    this.#history.size = end;
  }

  #handOn(line: string): void {
    const bytes = Buffer.from(`${line}\n`, ENCODING);
    this.#bytesRead += bytes.length;
    this.#options.sink.lines(bytes, 0, bytes.length, true);
  }
}

/** Loads the package `tail` and puts it behind the follower's interface. */
export async function createTailFollower(options: TailFollowerOptions): Promise<Follower> {
  const { Tail } = await import('tail');
  return new TailFollower(options, Tail);
}
