/** What the model knows at a moment. `Model` keeps it up to date; what it has to say is worked out from it. */
import type { DeployHistory } from './deploy-history.ts';
import type { DeployWatch } from './deploys.ts';
import type { Enrichment } from './enrichment.ts';
import type { Errors } from './errors/index.ts';
import type { HostFacts, HostSample, ProcessSample, SourceFact } from './facts.ts';
import type { Incidents } from './incidents.ts';
import type { LullWatch } from './lull.ts';
import type { NetworkTotals } from './metrics/index.ts';
import type { RecentGauges } from './recent-gauges.ts';
import type { Recorder } from './recorder.ts';
import { cpusFor } from './resources.ts';
import { saturationOf } from './saturation.ts';
import type { TrafficHistory } from './series.ts';
import type { Watches } from './service-view.ts';
import type { GtopSelf, Saturation, Snapshot, Verdict } from './snapshot.ts';
import { perCpu } from './snapshot-parts.ts';
import type { Measures, TrafficModel } from './traffic.ts';
import type { LineWatch } from './watched-lines.ts';
import type { WorkWatch } from './work-watch.ts';

/** What the alerts have to say. */
export type Alerting = Pick<Snapshot, 'alerts' | 'alertHistory' | 'rules'>;

export interface ModelState {
  readonly startedAtMs: number;
  readonly watches: Watches;
  readonly traffic: TrafficModel;
  readonly history: TrafficHistory;
  readonly incidents: Incidents;
  readonly work: WorkWatch;
  readonly errors: Errors;
  readonly lines: LineWatch;
  readonly enrichment: Enrichment;
  readonly gauges: RecentGauges;
  readonly lull: LullWatch;
  readonly deploys: DeployWatch;
  readonly deployHistory: DeployHistory;
  readonly network: NetworkTotals;
  /** Null: nobody goes back in time. */
  readonly recorder: Recorder | null;
  /** The moment of the newest look. */
  nowMs: number;
  /** Null before the first look, as the host. */
  processes: ProcessSample | null;
  host: HostSample | null;
  hostFacts: HostFacts;
  sources: readonly SourceFact[];
  alerting: Alerting;
  verdict: Verdict;
  self: GtopSelf;
}

/** How full the service is, by what was measured of a window and the newest look at the processes. */
export const saturationNow = ({ processes, incidents, sources }: ModelState, measures: Measures): Saturation =>
  saturationOf(measures, processes, incidents.workers(), sources);

/** Mean of the last minute, 0–100 of all CPUs or of the quota of Gunicorn's control group; null not known. */
export const cpuPercentAt = ({ processes, host, work }: ModelState, atMs: number): number | null =>
  perCpu(work.cpuPercent(atMs), cpusFor(processes, host));
