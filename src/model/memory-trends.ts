/** Workers whose memory grows and grows. */
import type { MemoryGrowth } from './service-view.ts';
import type { WorkerRow } from './workers.ts';

type Row = Pick<WorkerRow, 'pid' | 'startedAt' | 'state' | 'rssBytes' | 'ussBytes' | 'heartbeatAgeSeconds'>;

/** Steps between kept figures: what takes seconds shows in the first, what takes a night in the last. */
const STEPS_MS = [1000, 5000, 15_000, 240_000, 3_600_000];
/** Figures kept of each step: twelve intervals. */
const KEPT = 13;
/** The intervals are judged in parts, for one alone may be a pause. */
const PARTS = 4;
/** Each part has to grow by so much of the mean; what levels off (a cache, lazy imports) does not. */
const LEAST_PART = 0.4;
/** Less than this is the usual up and down of an allocator. */
const LEAST_BYTES = 24e6;
const LEAST_RATIO = 0.1;
/** Of what was said to grow less will do: a leak at the edge of these would come and go. */
const STILL_GROWS = 0.7;

/** What fewer figures, or a shorter time, tell is an accident. */
const LEAST_FIGURES = 5;
const LEAST_SLOPE_MS = 60_000;

interface Figure {
  readonly atMs: number;
  readonly bytes: number;
  /** What is its alone, where that may be read. */
  readonly ownBytes: number;
}

interface Level {
  readonly stepMs: number;
  figures: Figure[];
}

interface Trend {
  readonly startedAt: string | null;
  readonly levels: readonly Level[];
  silentSeconds: number;
  growth: Growth | null;
}

type Growth = Pick<MemoryGrowth, 'bytesPerSecond' | 'seconds'>;

/**
 * Keeps each worker's resident memory at five time scales and tells the ones that grew steadily through all of a scale,
 * from 12 s to 12 h. A worker that is still importing, or that one request has kept busy all the while, says nothing.
 */
export class MemoryTrends {
  readonly #trends = new Map<number, Trend>();

  add(atMs: number, workers: readonly Row[]): void {
    for (const pid of this.#trends.keys()) if (!workers.some((row) => row.pid === pid)) this.#trends.delete(pid);
    for (const { pid, startedAt, state, rssBytes, ussBytes, heartbeatAgeSeconds } of workers) {
      if (rssBytes === null || state === 'booting' || state === 'exiting') continue;
      let trend = this.#trends.get(pid);
      if (trend?.startedAt !== startedAt) {
        trend = {
          startedAt,
          levels: STEPS_MS.map((stepMs) => ({ stepMs, figures: [] })),
          silentSeconds: 0,
          growth: null,
        };
        this.#trends.set(pid, trend);
      }
      trend.silentSeconds = heartbeatAgeSeconds ?? 0;
      for (const level of trend.levels) keep(level, { atMs, bytes: rssBytes, ownBytes: ussBytes ?? rssBytes });
      trend.growth = growthOf(trend);
    }
  }

  /**
   * Trend of one worker's memory in bytes per second, over the longest scale that has enough figures, 12 h at most: the
   * median of the slopes between any two of them (Theil–Sen), which one request that borrowed much cannot bend. Null
   * before it was watched for a minute.
   */
  slope(pid: number): number | null {
    const level = this.#trends.get(pid)?.levels.findLast(isTelling);
    return level ? medianSlope(level.figures) : null;
  }

  /** The workers that grow, summed up; null when none does. */
  growth(): MemoryGrowth | null {
    let [sum, worst, worker, seconds, workers] = [0, 0, 0, 0, 0];
    for (const [pid, trend] of this.#trends) {
      const found = trend.growth;
      if (found === null) continue;
      workers++;
      sum += found.bytesPerSecond;
      if (found.bytesPerSecond <= worst) continue;
      [worst, worker, seconds] = [found.bytesPerSecond, pid, found.seconds];
    }
    return workers === 0 ? null : { bytesPerSecond: sum, seconds, worker, workers };
  }
}

/** Samples come a little early or late: half a step is a step. */
function keep(level: Level, figure: Figure): void {
  const { atMs } = figure;
  const last = level.figures.at(-1);
  if (last && atMs < last.atMs) level.figures = [];
  else if (last && atMs - last.atMs < level.stepMs * 0.75) return;
  level.figures.push(figure);
  if (level.figures.length > KEPT) level.figures.shift();
}

/** By the shortest scale that shows it. */
function growthOf(trend: Trend): Growth | null {
  const ease = trend.growth === null ? 1 : STILL_GROWS;
  for (const { figures } of trend.levels) {
    if (figures.length < KEPT) return null;
    const [first, last] = [figures[0], figures.at(-1)];
    if (!first || !last) return null;
    const seconds = (last.atMs - first.atMs) / 1000;
    const grown = last.bytes - first.bytes;
    if (grown < Math.max(LEAST_BYTES, first.bytes * LEAST_RATIO) * ease) continue;
    // A sync worker's heartbeat is as old as its request (gunicorn/workers/sync.py).
    if (trend.silentSeconds >= seconds * 0.9) continue;
    const size = (KEPT - 1) / PARTS;
    const parts = Array.from({ length: PARTS }, (_, part) => {
      const [from, to] = [figures[part * size], figures[(part + 1) * size]];
      return (to?.bytes ?? 0) - (from?.bytes ?? 0);
    });
    if (Math.min(...parts) < (grown / PARTS) * LEAST_PART * ease) continue;
    return { bytesPerSecond: grown / seconds, seconds };
  }
  return null;
}

const isTelling = ({ figures }: Level): boolean =>
  figures.length >= LEAST_FIGURES && (figures.at(-1)?.atMs ?? 0) - (figures[0]?.atMs ?? 0) >= LEAST_SLOPE_MS;

function medianSlope(figures: readonly Figure[]): number {
  const slopes: number[] = [];
  figures.forEach((from, index) => {
    for (const to of figures.slice(index + 1)) {
      slopes.push((to.ownBytes - from.ownBytes) / ((to.atMs - from.atMs) / 1000));
    }
  });
  slopes.sort((a, b) => a - b);
  const middle = Math.floor(slopes.length / 2);
  const [low = 0, high = 0] = slopes.length % 2 === 1 ? [slopes[middle], slopes[middle]] : slopes.slice(middle - 1);
  return (low + high) / 2;
}
