/** Standard input as a log: whole lines as they come, until its end. */
import { createReadStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import type { Follower, FollowStats, LineSink } from './follower.ts';
import { LineSplitter } from './lines.ts';
import type { FileId } from './open-log.ts';

export interface StdinFollowerOptions {
  readonly sink: LineSink;
  /** Called once, when the input has ended and its last line was handed on. */
  readonly onEnd?: () => void;
  /** Another descriptor than 0, in tests. It is owned from here on. */
  readonly fd?: number;
}

/**
 * `process.stdin` is of no use in a worker thread (it ends at once), and a file stream over a pipe leaves a read
 * waiting in Node's thread pool that holds up `process.exit()` until the pipe's writer ends (measured, Node 20).
 */
function streamOf(fd: number): Readable {
  if (isatty(fd)) return new ReadStream(fd);
  const stat = fstatSync(fd);
  return stat.isFIFO() || stat.isSocket()
    ? new Socket({ fd, readable: true, writable: false })
    : createReadStream('', { fd });
}

class StdinFollower implements Follower {
  readonly path = '-';
  readonly openFiles: readonly FileId[];
  readonly #stream: Readable;
  readonly #lines: LineSplitter;
  readonly #onEnd: () => void;
  /** Bytes of a file fed in (`< access.log`) that were there at the start: history. Null for a pipe or a terminal. */
  readonly #fileSize: number | null;
  #bytesRead = 0;
  #linesTruncated = 0;
  #hasEnded = false;
  #message: string | null = null;

  constructor({ sink, onEnd, fd = 0 }: StdinFollowerOptions) {
    const stat = fstatSync(fd, { bigint: true });
    this.openFiles = stat.isFile() ? [{ dev: stat.dev, ino: stat.ino }] : [];
    this.#fileSize = stat.isFile() ? Number(stat.size) : null;
    this.#lines = new LineSplitter({ sink, atFileStart: true, onTruncated: () => this.#linesTruncated++ });
    this.#onEnd = onEnd ?? (() => {});
    this.#stream = streamOf(fd);
    this.#stream.on('data', (chunk: Buffer) => {
      this.#bytesRead += chunk.length;
      this.#lines.push(chunk, this.#isLive);
    });
    this.#stream.on('end', () => this.#end());
    this.#stream.on('error', (error) => {
      this.#message = `standard input cannot be read: ${error.message}`;
      this.#end();
    });
  }

  get stats(): FollowStats {
    return {
      state: this.#message !== null ? 'failed' : this.#hasEnded ? 'ended' : 'live',
      message: this.#message,
      bytesRead: this.#bytesRead,
      lagBytes: this.#fileSize === null ? null : Math.max(0, this.#fileSize - this.#bytesRead),
      linesTruncated: this.#linesTruncated,
      rotations: 0,
      truncations: 0,
      possiblyLostBytes: 0,
    };
  }

  /** Reading goes by events: there is nothing to do in a step. */
  poll(): boolean {
    return false;
  }

  finish(): void {
    this.#end();
  }

  checkpoint(): null {
    return null;
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  close(): void {
    this.#hasEnded = true;
    this.#stream.destroy();
  }

  get #isLive(): boolean {
    return this.#fileSize === null || this.#bytesRead > this.#fileSize;
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.close();
    this.#lines.giveUp(this.#isLive);
    this.#onEnd();
  }
}

/** Follows standard input: `-` on the command line. State `ended` at its end. */
export const createStdinFollower = (options: StdinFollowerOptions): Follower => new StdinFollower(options);
