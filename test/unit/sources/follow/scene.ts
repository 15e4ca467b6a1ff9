/** A log in a temporary folder, its writers, and a follower that is stepped by hand. */
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished } from 'vitest';
import type { FollowStats, LineSink } from '../../../../src/sources/follow/follower.ts';
import { GenerationFollower, type GenerationFollowerOptions } from '../../../../src/sources/follow/generations.ts';
import { until } from '../../../support/wait.ts';

export interface Received {
  readonly line: string;
  readonly live: boolean;
}

/** Keeps what it is given, one entry a line, bytes as characters of latin1. */
export class CollectingSink implements LineSink {
  readonly received: Received[] = [];
  calls = 0;

  lines(chunk: Buffer, start: number, end: number, live: boolean): void {
    this.calls++;
    const text = chunk.toString('latin1', start, end);
    if (!text.endsWith('\n')) throw new Error(`not a whole line: ${JSON.stringify(text.slice(-40))}`);
    for (const line of text.slice(0, -1).split('\n')) this.received.push({ line, live });
  }

  get all(): string[] {
    return this.received.map(({ line }) => line);
  }
}

/** A process that has the log open, as Gunicorn's worker has: with O_APPEND. */
export class Writer {
  #fd: number;

  constructor(path: string) {
    this.#fd = openSync(path, 'a');
  }

  write(text: string | Buffer): void {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
  }

  /** What USR1 makes a worker do. */
  reopen(path: string): void {
    closeSync(this.#fd);
    this.#fd = openSync(path, 'a');
  }

  close(): void {
    closeSync(this.#fd);
  }
}

let counter = 0;
/** `count` lines that occur nowhere else. */
export const fresh = (count: number): string[] =>
  Array.from(
    { length: count },
    () => `${String(++counter).padStart(8, '0')} "GET /item HTTP/1.1" 200 512 "-" "curl/8.5"`,
  );
export const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

export class Scene {
  readonly folder: string;
  readonly path: string;
  readonly sink = new CollectingSink();
  follower: GenerationFollower;
  nowMs = 0;
  readonly #options: Partial<GenerationFollowerOptions>;

  constructor(options: Partial<GenerationFollowerOptions> = {}, name = 'access.log') {
    this.folder = mkdtempSync(join(tmpdir(), 'gtop-follow-'));
    this.path = join(this.folder, name);
    this.#options = options;
    this.follower = this.#create();
  }

  #create(): GenerationFollower {
    return new GenerationFollower({ path: this.path, sink: this.sink, start: 'beginning', ...this.#options });
  }

  /** Another path than `access.log` in the folder. */
  at(name: string): string {
    return join(this.folder, name);
  }

  /** Appends lines that occur nowhere else, and gives them back. */
  add(count: number, path = this.path): string[] {
    const lines = fresh(count);
    appendFileSync(path, text(lines));
    return lines;
  }

  /** Lets time pass and polls until there is nothing more to read. */
  step(ms = 100): void {
    this.nowMs += ms;
    while (this.follower.poll(this.nowMs)) {
      // More can be read at once.
    }
  }

  /** Polls until what is compressed is unpacked, and everything is read. */
  async unpacked(): Promise<void> {
    await until('everything is unpacked', () => {
      this.step(0);
      return this.stats.state !== 'reading';
    });
  }

  finish(): void {
    this.nowMs += 100;
    this.follower.finish(this.nowMs);
  }

  get lines(): string[] {
    return this.sink.all;
  }

  get stats(): FollowStats {
    return this.follower.stats;
  }

  remove(): void {
    this.follower.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A scene that is cleared away after the test. */
export function scene(options: Partial<GenerationFollowerOptions> = {}, name?: string): Scene {
  const created = new Scene(options, name);
  onTestFinished(() => created.remove());
  return created;
}

export interface Difference {
  readonly lost: readonly string[];
  readonly twice: readonly string[];
}

/** Compares as multisets: two files may be read in either order. Lines that were never written show as `twice`, too. */
export function difference(received: readonly string[], written: readonly string[]): Difference {
  const open = new Map<string, number>();
  for (const line of written) open.set(line, (open.get(line) ?? 0) + 1);
  for (const line of received) open.set(line, (open.get(line) ?? 0) - 1);
  const pick = (isPicked: (count: number) => boolean) =>
    [...open].filter(([, count]) => isPicked(count)).map(([line]) => line);
  return { lost: pick((count) => count > 0), twice: pick((count) => count < 0) };
}

export const NO_DIFFERENCE: Difference = { lost: [], twice: [] };

/** logrotate's renaming: `.2` to `.3`, `.1` to `.2`, the log to `.1`; nothing is created. */
export function shift(log: Pick<Scene, 'path'>, keep = 9): void {
  for (let number = keep; number >= 0; number--) {
    const from = number === 0 ? log.path : `${log.path}.${number}`;
    if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${log.path}.${number + 1}`);
  }
}

/** logrotate with `create`: the new file is there at once, writers come when they are told. */
export function rotate(log: Pick<Scene, 'path'>): void {
  shift(log);
  writeFileSync(log.path, '', { flag: 'wx' });
}

/** logrotate with `copytruncate`. */
export function copyTruncate(log: Pick<Scene, 'path'>): void {
  for (let number = 9; number >= 1; number--) {
    const from = `${log.path}.${number}`;
    if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${log.path}.${number + 1}`);
  }
  copyFileSync(log.path, `${log.path}.1`);
  truncateSync(log.path, 0);
}

/** logrotate's `compress`, which keeps the time of the last write. */
export function compress(path: string): void {
  const { atimeMs, mtimeMs } = statSync(path);
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)));
  utimesSync(`${path}.gz`, atimeMs / 1000, mtimeMs / 1000);
  unlinkSync(path);
}

/** Both, and nothing besides, in any order. */
export function expectLines(log: Scene, ...written: readonly (readonly string[])[]): void {
  expect(difference(log.lines, written.flat())).toEqual(NO_DIFFERENCE);
}
