import type { RawLines } from '../model/recent-lines.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** Where the screen gets what it shows. It pulls: a slow terminal asks less often, and nothing queues up. */
export interface SnapshotFeed {
  /**
   * Asks the engine for the Snapshot of a window at a moment; resolves with the newest.
   * @param query `windowSeconds` null: everything read; `atMs` epoch milliseconds of a past moment, null: now;
   *   `filter` only what passes (check it first, by `filterComplaint`), null: everything, absent: as the program was told.
   */
  request(query: { windowSeconds: number | null; atMs: number | null; filter?: string | null }): Promise<Snapshot>;
  /**
   * The newest lines of the logs that pass a filter (null: all), safe to draw. They are kept while somebody asks for
   * them at least every 10 s.
   */
  lines?(query: { filter: string | null; limit: number }): Promise<RawLines>;
  /** Writes the Snapshot as JSON beside the user's cwd; resolves with the path written. */
  export(snapshot: Snapshot): Promise<string>;
  /** Calls back with one sentence when the engine can no longer go on. */
  onFailure(listener: (message: string) => void): void;
  /** Calls back with one sentence when the engine goes on, but without something that it was told to do. */
  onNotice?(listener: (text: string) => void): void;
}
