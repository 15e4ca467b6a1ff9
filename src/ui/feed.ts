import type { ActionRequest, ActionResult } from '../model/master-actions.ts';
import type { RawLines } from '../model/recent-lines.ts';
import type { RecordedSubject } from '../model/recorder.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** What is asked for. */
export interface SnapshotQuestion {
  /** Null: everything read. */
  readonly windowSeconds: number | null;
  /** Epoch milliseconds of a past moment; null: now. */
  readonly atMs: number | null;
  /** Only what passes (check it first, by `filterComplaint`); null: everything. */
  readonly filter: string | null;
  /** With the heat map of durations. */
  readonly heatMap: boolean;
  /** With what was recorded of a worker or an alert; null: without. */
  readonly recorded: RecordedSubject | null;
}

/** One of several Gunicorns, as it was found at the start. */
export interface ServiceRow {
  readonly pid: number;
  readonly app: string | null;
  readonly listeners: readonly string[];
}

/** The Gunicorns that there are to choose from. */
export interface Services {
  readonly rows: readonly ServiceRow[];
  /** Place of the one that is shown. */
  readonly shown: number;
  /** Shows another one: later answers are of that. @throws with one sentence when it cannot be; the one shown stays. */
  show(index: number): Promise<void>;
}

/** Where the screen gets what it shows. It pulls: a slow terminal asks less often, and nothing queues up. */
export interface SnapshotFeed {
  /** Asks the engine; resolves with its answer, as it is: not made visible, not masked. */
  request(question: SnapshotQuestion): Promise<Snapshot>;
  /**
   * The newest lines of the logs that pass a filter (null: all), as they stand there. They are kept while somebody asks
   * for them at least every 10 s.
   */
  lines(query: { filter: string | null; limit: number }): Promise<RawLines>;
  /** Sends a signal that a person asked for, or says why not. Absent: gtop may not. */
  act?(request: ActionRequest): Promise<ActionResult>;
  /** Writes the Snapshot as JSON beside the user's cwd; resolves with the path written. */
  export(snapshot: Snapshot): Promise<string>;
  /** Absent: there is only one Gunicorn, or a log. */
  readonly services?: Services;
  /** Calls back with one sentence when the engine can no longer go on. */
  onFailure(listener: (message: string) => void): void;
  /** Calls back with one sentence when the engine goes on, but without something that it was told to do. */
  onNotice?(listener: (text: string) => void): void;
}
