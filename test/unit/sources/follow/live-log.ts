/** A log that is followed in real time, with a real inotify watch or by polling alone, and the cases that are told of it. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFollower, type Follower, type FollowerOptions } from '../../../../src/sources/follow/index.ts';
import { until } from '../../../support/wait.ts';
import { CollectingSink, difference, fresh, text, type Writer } from './scene.ts';

export type Mode = 'inotify' | 'polling';

const POLL_MS = 100;
const NOBODY = 65_534;

/** A log that is followed in real time. */
export class LiveLog {
  readonly folder = mkdtempSync(join(tmpdir(), 'gtop-both-'));
  readonly path: string;
  readonly sink = new CollectingSink();
  readonly written: string[] = [];
  wakeUps = 0;
  /** Nothing is read, as under SIGSTOP. */
  isStopped = false;
  /** Polls have no more rights than anybody: root may read everything. */
  isNobody = false;
  #follower: Follower | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(name = 'access.log') {
    execFileSync('chmod', ['755', this.folder]);
    this.path = join(this.folder, name);
  }

  async follow(mode: Mode, options: Partial<FollowerOptions> = {}): Promise<void> {
    this.#follower = await createFollower({
      path: this.path,
      sink: this.sink,
      start: 'beginning',
      backend: 'generations',
      forcePolling: mode === 'polling',
      onWake: () => {
        this.wakeUps++;
        this.#poll();
      },
      ...options,
    });
    this.#poll();
    this.#timer = setInterval(() => this.#poll(), POLL_MS);
  }

  get stats() {
    return this.#follower?.stats;
  }

  at(name: string): string {
    return join(this.folder, name);
  }

  /** Writes lines that occur nowhere else. */
  add(count: number, path = this.path): void {
    const lines = fresh(count);
    appendFileSync(path, text(lines));
    for (const line of lines) this.written.push(line);
  }

  /** Writes by a descriptor that was opened before. */
  by(writer: Writer, count: number): void {
    const lines = fresh(count);
    writer.write(text(lines));
    this.written.push(...lines);
  }

  /** Everything that was written was read. */
  async settle(): Promise<void> {
    await until(
      'all lines are read',
      () =>
        this.sink.received.length >= this.written.length && difference(this.sink.all, this.written).lost.length === 0,
      20_000,
    );
  }

  finish(): void {
    this.#follower?.finish(Date.now());
  }

  remove(): void {
    clearInterval(this.#timer);
    this.#follower?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #poll(): void {
    if (this.isStopped) return;
    const drops = this.isNobody && process.geteuid?.() === 0;
    if (drops) process.seteuid?.(NOBODY);
    try {
      while (this.#follower?.poll(Date.now())) {
        // More can be read at once.
      }
    } finally {
      if (drops) process.seteuid?.(0);
    }
  }
}

export interface Case {
  readonly name: string;
  /** Unless it is there before following begins, which `run` then does itself. */
  readonly begins?: 'by itself';
  run(log: LiveLog, mode: Mode): Promise<void> | void;
}
