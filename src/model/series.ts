/** Equally spaced history for charts. */
import { Histogram } from './histogram.ts';
import type { Series } from './snapshot.ts';
import type { TrafficModel } from './traffic.ts';
import { countCodes, createVolume, VOLUME_SLOTS, type Volume } from './volume.ts';

/** The part of the series that the access log gives. */
export type TrafficSeries = Omit<Series, 'busyWorkers' | 'backlog'>;

/** Steps that a person can read off a chart; from 10 s on they are multiples of what old slots still hold. */
const STEPS_SECONDS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600];
/** As many points as the widest chart has columns to show. */
const MOST_POINTS = 120;
/** A short window is shown with what came before it. */
const LEAST_SPAN_SECONDS = 120;
const MOST_SPAN_SECONDS = 259_200;

/**
 * The step and the edges of a chart for a window. Edges lie on multiples of the step, so that a bar keeps its content
 * while it moves; the last step is the newest complete one.
 */
export function plan(windowSeconds: number | null, coveredSeconds: number, atMs: number) {
  const wanted = windowSeconds ?? coveredSeconds;
  const spanSeconds = Math.min(MOST_SPAN_SECONDS, Math.max(LEAST_SPAN_SECONDS, wanted));
  const stepSeconds = STEPS_SECONDS.find((step) => spanSeconds / step <= MOST_POINTS) ?? 3600;
  const points = Math.ceil(spanSeconds / stepSeconds);
  const toSecond = Math.floor(atMs / 1000 / stepSeconds) * stepSeconds;
  return { stepSeconds, points, fromSecond: toSecond - points * stepSeconds, toSecond };
}

/**
 * History of the traffic. A step that gtop has no data for is null throughout; one without requests is 0 for rates and
 * null for percentiles and ratios.
 */
export function trafficSeries(traffic: TrafficModel, windowSeconds: number | null, atMs: number): TrafficSeries {
  const coveredFrom = traffic.coveredFromSecond;
  const { stepSeconds, points, fromSecond, toSecond } = plan(windowSeconds, atMs / 1000 - coveredFrom, atMs);
  const steps = new Array<Volume | null>(points).fill(null);
  for (let index = 0; index < points; index++) {
    // A step that began before the first data would show too low a rate.
    if (fromSecond + index * stepSeconds >= coveredFrom) steps[index] = createVolume();
  }
  traffic.forEachVolume(fromSecond, toSecond, (volume, startSecond) => {
    const step = steps[Math.floor((startSecond - fromSecond) / stepSeconds)];
    if (step) VOLUME_SLOTS.merge(step, volume);
  });

  const map = (read: (step: Volume) => number | null) => steps.map((step) => step && read(step));
  const durations = new Histogram();
  const quantiles = steps.map((step) => {
    if (step === null) return null;
    durations.clear();
    durations.merge(step.durations);
    return [0.5, 0.9, 0.95, 0.99].map((q) => durations.quantile(q));
  });
  const quantile = (index: number) => quantiles.map((values) => values?.[index] ?? null);
  const ratio = (count: number, step: Volume) => (step.requests > 0 ? count / step.requests : null);

  return {
    stepSeconds,
    from: new Date(fromSecond * 1000).toISOString(),
    requestsPerSecond: map((step) => step.requests / stepSeconds),
    bytesPerSecond: map((step) => step.bytes / stepSeconds),
    p50Seconds: quantile(0),
    p90Seconds: quantile(1),
    p95Seconds: quantile(2),
    p99Seconds: quantile(3),
    clientErrorRatio: map((step) => ratio(countCodes(step.codes, 400, 500), step)),
    serverErrorRatio: map((step) => ratio(countCodes(step.codes, 500, 600), step)),
  };
}
