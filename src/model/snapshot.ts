/**
 * The Snapshot: what gtop says about one Gunicorn for one window and one moment.
 *
 * Screen, JSON, exporter and alerts read such values and nothing behind them. A Snapshot is immutable and plain
 * data, so that it crosses a thread boundary and becomes JSON unchanged. Base units stand in the names (Seconds,
 * Bytes, Ratio 0–1, PerSecond); times are ISO 8601 in UTC; what is not known is `null`, never 0.
 *
 * Its parts stand in `snapshot/`, a file each. `schema/snapshot.schema.json` is generated from them (`npm run schema`):
 * their doc comments are the schema's.
 */

import type { AlertFiring, AlertRow, AlertValues, RulesInfo } from './snapshot/alerts.ts';
import type { ControlInfo, CustomMetric, EndpointRow, HealthRow, StatsdInfo } from './snapshot/enrichment.ts';
import type { DeployRow, ErrorGroup, ErrorTotals, EventRow, WatchedLines } from './snapshot/events.ts';
import type { GtopSelf, SystemInfo } from './snapshot/host.ts';
import type { Ingest } from './snapshot/ingest.ts';
import type { MasterInfo, Saturation, WorkerExits, WorkerHistory, WorkerInfo } from './snapshot/processes.ts';
import type { IsoTime } from './snapshot/scalars.ts';
import type { HeatMap, Series } from './snapshot/series.ts';
import type { Clients, Latency, PathRow, ServedBy, SlowRequest, StatusSummary, Traffic } from './snapshot/traffic.ts';
import type { Verdict } from './snapshot/verdict.ts';
import type { FilterCoverage, PastInfo, ReplayInfo, WindowSpan } from './snapshot/view.ts';

export type * from './snapshot/alerts.ts';
export type * from './snapshot/enrichment.ts';
export type * from './snapshot/events.ts';
export type * from './snapshot/host.ts';
export type * from './snapshot/ingest.ts';
export type * from './snapshot/processes.ts';
export type * from './snapshot/scalars.ts';
export type * from './snapshot/series.ts';
export type * from './snapshot/traffic.ts';
export type * from './snapshot/verdict.ts';
export type * from './snapshot/view.ts';

export interface Snapshot {
  /** Version of this shape; raised only when a field is renamed or removed. */
  readonly schemaVersion: 1;
  /** gtop's own cost. */
  readonly gtop: GtopSelf;
  /** The moment this was made. */
  readonly generatedAt: IsoTime;
  /** What the windowed figures cover. */
  readonly window: WindowSpan;
  /** Past logs are being played; null or absent: this is live. */
  readonly replay?: ReplayInfo | null;
  /** This is of a past moment; null or absent: of now. */
  readonly past?: PastInfo | null;
  /**
   * The filter in force, or null. With one, traffic, latency, status, paths, clients, slow, servedBy, errors and the
   * traffic's series are those of the lines that pass, and events those that it does not rule out; all else is never filtered.
   */
  readonly filter: string | null;
  /** How far back the filtered figures are whole; null without a filter. */
  readonly filterCoverage: FilterCoverage | null;
  /** What is wrong, in one sentence, with its reasons. */
  readonly verdict: Verdict;
  /** The selected master, or null while none is known or alive. */
  readonly master: MasterInfo | null;
  /** All masters watched: two while a USR2 upgrade runs. */
  readonly masters: readonly MasterInfo[];
  /** Web workers of all masters, by pid. */
  readonly workers: readonly WorkerInfo[];
  /** Ends of workers since gtop began to read, history read back included. */
  readonly workerExits: WorkerExits;
  /** How full the service is. */
  readonly saturation: Saturation;
  /** Requests and bytes. */
  readonly traffic: Traffic;
  /** Null when no line of the window carries a duration and no request was killed. */
  readonly latency: Latency | null;
  /** Response codes of the window. */
  readonly status: StatusSummary;
  /** The busiest routes of the window, most worker time first (most requests first when durations are unknown). */
  readonly paths: readonly PathRow[];
  /** Who asked, in the window. */
  readonly clients: Clients;
  /** The slowest requests of the window, slowest first. */
  readonly slow: readonly SlowRequest[];
  /** Workers whose pids stand in the lines of the window, most requests first; empty when the log has no `%(p)s`. */
  readonly servedBy: readonly ServedBy[];
  /** Tracebacks since gtop began to read, folded by type and frame; the most frequent first. */
  readonly errors: readonly ErrorGroup[];
  /** How many there are in all. */
  readonly errorTotals: ErrorTotals;
  /** Lines that the configuration asks to count. */
  readonly watched: readonly WatchedLines[];
  /** What happened, newest first. */
  readonly events: readonly EventRow[];
  /** Reloads, upgrades and restarts, the newest first, each with what was before and what has been since. */
  readonly deploys: readonly DeployRow[];
  /** Alerts that are pending, firing, lately resolved or without data; the worst first. */
  readonly alerts: readonly AlertRow[];
  /** When alerts fired and for how long, the newest first. */
  readonly alertHistory: readonly AlertFiring[];
  /** The rule files; null when no rules were given. */
  readonly rules: RulesInfo | null;
  /** Results of the configured probes. */
  readonly health: readonly HealthRow[];
  /** Numbers read from the application's own metrics endpoints. */
  readonly custom: readonly CustomMetric[];
  /** How reading these endpoints goes. */
  readonly endpoints: readonly EndpointRow[];
  /** What Gunicorn sends by StatsD; null unless gtop was told to listen. Never in `traffic`, which is the access log's. */
  readonly statsd: StatsdInfo | null;
  /** What the selected master says through its control socket; null before it was asked. */
  readonly control: ControlInfo | null;
  /** The host. */
  readonly system: SystemInfo;
  /** How reading the logs goes. */
  readonly ingest: Ingest;
  /** History for charts. */
  readonly series: Series;
  /** Requests by time and duration; null unless it was asked for. */
  readonly heatMap: HeatMap | null;
  /** What was recorded of the worker that a view asked for; null: nothing; absent: nobody asked. */
  readonly workerHistory?: WorkerHistory | null;
  /** What was recorded of the alert that a view asked for; null: nothing; absent: nobody asked. */
  readonly alertValues?: AlertValues | null;
}
