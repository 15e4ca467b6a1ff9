/** Equally spaced history for charts. */
import { heatMap } from './heat-map.ts';
import type { Population } from './histogram.ts';
import type { HeatMap, Series } from './snapshot.ts';
import type { TrafficModel } from './traffic.ts';
import { countCodes, createVolume, VOLUME_SLOTS, type Volume } from './volume.ts';

/** The part of the series that the access log gives. */
export type TrafficSeries = Omit<Series, 'busyWorkers' | 'backlog'>;

/** The traffic that is charted. */
type Charted = Pick<TrafficModel, 'coveredFromSecond' | 'forEachVolume'>;

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
function plan(windowSeconds: number | null, coveredSeconds: number, atMs: number) {
  const wanted = windowSeconds ?? coveredSeconds;
  const spanSeconds = Math.min(MOST_SPAN_SECONDS, Math.max(LEAST_SPAN_SECONDS, wanted));
  const stepSeconds = STEPS_SECONDS.find((step) => spanSeconds / step <= MOST_POINTS) ?? 3600;
  const points = Math.ceil(spanSeconds / stepSeconds);
  const toSecond = Math.floor(atMs / 1000 / stepSeconds) * stepSeconds;
  return { stepSeconds, points, fromSecond: toSecond - points * stepSeconds, toSecond };
}

/** One step of the chart; null where that cannot be said. */
interface Point {
  /** Requests and killed ones when it was worked out: a step to which nothing was added since has not changed. */
  readonly seen: number;
  readonly requestsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly p50Seconds: number | null;
  readonly p90Seconds: number | null;
  readonly p95Seconds: number | null;
  readonly p99Seconds: number | null;
  readonly clientErrorRatio: number | null;
  readonly serverErrorRatio: number | null;
}

/**
 * History of the traffic. A step that gtop has no data for is null throughout; one without requests is 0 for rates and
 * null for percentiles and ratios. Steps of the past seldom change: they are worked out once.
 */
export class TrafficHistory {
  readonly #traffic: Charted;
  readonly #points = new Map<number, Point>();
  #stepSeconds = Number.NaN;

  constructor(traffic: Charted) {
    this.#traffic = traffic;
  }

  series(windowSeconds: number | null, atMs: number): TrafficSeries {
    const coveredFrom = this.#traffic.coveredFromSecond;
    const { stepSeconds, points, fromSecond, toSecond } = plan(windowSeconds, atMs / 1000 - coveredFrom, atMs);
    if (stepSeconds !== this.#stepSeconds) this.#points.clear();
    this.#stepSeconds = stepSeconds;
    for (const [start] of this.#points) if (start < fromSecond) this.#points.delete(start);

    const seen = new Float64Array(points);
    this.#traffic.forEachVolume(fromSecond, toSecond, ({ requests, timeouts }, startSecond) => {
      seen[Math.floor((startSecond - fromSecond) / stepSeconds)] += requests + timeouts;
    });
    const steps = Array.from(seen, (count, index) => {
      const start = fromSecond + index * stepSeconds;
      // A step that began before the first data would show too low a rate.
      return start >= coveredFrom ? this.#pointAt(start, stepSeconds, count) : null;
    });
    const column = (key: Exclude<keyof Point, 'seen'>) => steps.map((step) => (step === null ? null : step[key]));
    return {
      stepSeconds,
      from: new Date(fromSecond * 1000).toISOString(),
      requestsPerSecond: column('requestsPerSecond'),
      bytesPerSecond: column('bytesPerSecond'),
      p50Seconds: column('p50Seconds'),
      p90Seconds: column('p90Seconds'),
      p95Seconds: column('p95Seconds'),
      p99Seconds: column('p99Seconds'),
      clientErrorRatio: column('clientErrorRatio'),
      serverErrorRatio: column('serverErrorRatio'),
    };
  }

  /** Durations of the same steps, and of the window itself; worked out anew at every call. */
  heatMap(windowSeconds: number | null, atMs: number, durations: Population): HeatMap {
    const { coveredFromSecond } = this.#traffic;
    const steps = { ...plan(windowSeconds, atMs / 1000 - coveredFromSecond, atMs), coveredFromSecond };
    return heatMap(steps, (from, to, visit) => this.#traffic.forEachVolume(from, to, visit), durations);
  }

  #pointAt(startSecond: number, stepSeconds: number, seen: number): Point {
    const known = this.#points.get(startSecond);
    if (known?.seen === seen) return known;
    const sum = createVolume();
    this.#traffic.forEachVolume(startSecond, startSecond + stepSeconds, (volume) => VOLUME_SLOTS.merge(sum, volume));
    const point = pointOf(sum, stepSeconds, seen);
    this.#points.set(startSecond, point);
    return point;
  }
}

function pointOf({ requests, bytes, codes, durations }: Volume, stepSeconds: number, seen: number): Point {
  const ratio = (count: number): number | null => (requests > 0 ? count / requests : null);
  return {
    seen,
    requestsPerSecond: requests / stepSeconds,
    bytesPerSecond: bytes / stepSeconds,
    p50Seconds: durations.quantile(0.5),
    p90Seconds: durations.quantile(0.9),
    p95Seconds: durations.quantile(0.95),
    p99Seconds: durations.quantile(0.99),
    clientErrorRatio: ratio(countCodes(codes, 400, 500)),
    serverErrorRatio: ratio(countCodes(codes, 500, 600)),
  };
}
