/** Snapshots, from what the model knows: of now, or of a moment that was recorded. */
import { adviceOn } from './advice.ts';
import type { Detail } from './detail.ts';
import type { FilteredView } from './filtered-view.ts';
import { pastSnapshot, tellRecorded } from './past.ts';
import type { RecordedSubject, Recorder } from './recorder.ts';
import { saturationOf } from './saturation.ts';
import type { EventRow, Saturation, Snapshot, WorkerInfo } from './snapshot.ts';
import {
  ingestOf,
  isUnread,
  masterInfo,
  perHour,
  systemInfo,
  unknownRateSeries,
  unknownRates,
  windowSpan,
} from './snapshot-parts.ts';
import { type ModelState, saturationNow } from './state.ts';
import type { Measures } from './traffic.ts';
import { clientsOf, latencyOf, pathRows, servedByRows, slowRows, statusOf, trafficOf } from './traffic-rows.ts';
import type { WorkerRow } from './workers.ts';

/** Rows of a Snapshot: more than a screen shows, fewer than would weigh. */
const PATH_ROWS = 200;
const CLIENT_ROWS = 50;
const SLOW_ROWS = 50;
const SERVED_BY_ROWS = 100;
const EVENT_ROWS = 200;

export interface SnapshotRequest {
  /** Null is `all`. */
  readonly windowSeconds: number | null;
  readonly atMs: number;
  /** What passes a filter, in place of everything; null or absent: no filter. */
  readonly view?: FilteredView | null;
  /** Absent: without the heat map, which nobody else has to pay for. */
  readonly heatMap?: boolean;
  /** Of whom to tell what was recorded; null or absent: of nobody. */
  readonly recorded?: RecordedSubject | null;
}

/** All requests of the window that was asked for. */
interface WholeWindow {
  readonly measures: Measures;
  readonly detail: Detail;
}

export function snapshotOf(state: ModelState, request: SnapshotRequest): Snapshot {
  const { windowSeconds, atMs, recorded = null } = request;
  const { traffic, recorder } = state;
  const all = { measures: traffic.measure(windowSeconds, atMs), detail: traffic.detail(windowSeconds, atMs) };
  const now = snapshotNow(state, request, all);
  if (recorder === null) return now;
  // What was sampled at the newest look is what is known now.
  const shown = atMs < state.nowMs ? asRecorded(now, atMs, state, all, recorder) : now;
  return recorded === null ? shown : { ...shown, ...tellRecorded(recorder, recorded, atMs) };
}

function snapshotNow(state: ModelState, request: SnapshotRequest, { measures, detail }: WholeWindow): Snapshot {
  const { windowSeconds, atMs, view = null, heatMap = false } = request;
  const { traffic, incidents, errors, enrichment, processes, sources } = state;
  // Workers and saturation are never filtered.
  const shown = view?.measure(windowSeconds, atMs) ?? measures;
  const shownDetail = view?.detail(windowSeconds, atMs) ?? detail;
  const events = eventsUpTo(state, atMs);
  const masters = (processes?.masters ?? []).map(masterInfo);
  const rates = {
    ...trafficOf((view ?? traffic).totals, shown),
    activeConnections: processes?.activeConnections ?? null,
  };
  const series = seriesOf(state, view, windowSeconds, atMs);
  const unread = traffic.totals.requests === 0 && isUnread(sources);
  return {
    schemaVersion: 1,
    gtop: state.self,
    generatedAt: new Date(atMs).toISOString(),
    window: windowSpan(windowSeconds, measures),
    filter: view?.filter.text ?? null,
    filterCoverage: view && coverageOf(view),
    verdict: state.verdict,
    master: masters[0] ?? null,
    masters,
    workers: workerInfos(state, detail, measures.coveredSeconds, incidents.workers()),
    workerExits: incidents.exits(),
    saturation: withAdvice(saturationNow(state, measures), measures, state),
    traffic: unread ? unknownRates(rates) : rates,
    latency: latencyOf(shown),
    status: statusOf(shown),
    paths: pathRows(shownDetail, shown.coveredSeconds, PATH_ROWS),
    clients: clientsOf(shownDetail, CLIENT_ROWS),
    slow: slowRows(shownDetail, SLOW_ROWS),
    servedBy: servedByRows(shownDetail, SERVED_BY_ROWS),
    errors: view?.errorRows() ?? errors.rows(),
    errorTotals: view?.errorTotals() ?? errors.totals(),
    watched: state.lines.rows(atMs),
    events: (view?.eventsOf(events) ?? events).slice(0, EVENT_ROWS),
    deploys: state.deployHistory.rows(),
    ...state.alerting,
    ...enrichment.rows(atMs),
    system: systemInfo(state.host, state.hostFacts),
    ingest: ingestOf(sources),
    series: unread ? unknownRateSeries(series) : series,
    heatMap: heatMap ? (view ?? state.history).heatMap(windowSeconds, atMs, shown.durations) : null,
  };
}

/** With what was sampled as it was recorded at that moment, in place of the newest. */
function asRecorded(
  now: Snapshot,
  atMs: number,
  state: ModelState,
  { measures, detail }: WholeWindow,
  recorder: Recorder,
): Snapshot {
  const then = recorder.at(atMs);
  const processes = then?.processes ?? null;
  return pastSnapshot(now, {
    atMs,
    state: then,
    recordedFromMs: recorder.fromMs,
    masters: (processes?.masters ?? []).map(masterInfo),
    workers: workerInfos(state, detail, measures.coveredSeconds, then?.workers ?? []),
    saturation: saturationOf(measures, processes, then?.workers ?? [], state.sources),
    system: systemInfo(then?.host ?? null, state.hostFacts),
  });
}

function eventsUpTo({ incidents, nowMs }: ModelState, atMs: number): readonly EventRow[] {
  const events = incidents.events();
  return atMs < nowMs ? events.filter(({ at }) => Date.parse(at) <= atMs) : events;
}

function coverageOf({ coverage, coveredFromSecond }: FilteredView): Snapshot['filterCoverage'] {
  const isNone = coverage.fromMs === Number.POSITIVE_INFINITY;
  return { from: isNone ? null : new Date(coveredFromSecond * 1000).toISOString(), reading: coverage.isReading };
}

function seriesOf(
  { history, gauges }: ModelState,
  view: FilteredView | null,
  windowSeconds: number | null,
  atMs: number,
): Snapshot['series'] {
  const traffic = (view ?? history).series(windowSeconds, atMs);
  return { ...traffic, ...gauges.series(traffic) };
}

function withAdvice(saturation: Saturation, measures: Measures, state: ModelState): Saturation {
  const { processes, host, work, nowMs } = state;
  const now = { processes, host, cpuPercent: work.cpuPercent(nowMs) };
  return { ...saturation, ...adviceOn(saturation, measures, now) };
}

function workerInfos(
  { traffic, work }: ModelState,
  detail: Detail,
  coveredSeconds: number,
  rows: readonly WorkerRow[],
): WorkerInfo[] {
  const totals = traffic.workerTotals;
  // Only a log that names a pid somewhere can say that a worker served nothing.
  const logNamesWorkers = totals.size > 0;
  return rows.map((row) => ({
    ...row,
    memorySlopeBytesPerHour: perHour(work.memorySlope(row.pid)),
    requestsTotal: logNamesWorkers ? (totals.get(row.pid)?.count ?? 0) : null,
    requestsPerSecond:
      logNamesWorkers && coveredSeconds > 0 ? (detail.workers.get(row.pid)?.count ?? 0) / coveredSeconds : null,
  }));
}
