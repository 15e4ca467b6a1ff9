/** What the program hands to each of its commands. */
import type { Worker } from 'node:worker_threads';
import type { Settings } from './config.ts';

/** What else is in the bundle. */
export interface Scripts {
  /** Runs as a child process. */
  readonly program: URL;
  /** Starts an engine's thread; the first is under way already. */
  readonly startEngine: () => Worker;
  /** Runs as a worker thread. */
  readonly reportPart: URL;
}

export interface Context {
  readonly settings: Settings;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly scripts: Scripts;
}
