/** How durations are spread: bins of a logarithmic scale, from the rows of a heat map. */
import type { HeatMap } from '../../model/snapshot.ts';
import type { Surface } from '../canvas/surface.ts';
import { formatCount, formatDuration, formatRatioSign } from '../format.ts';
import { bar } from './bar.ts';
import { fitText } from './text.ts';

export interface DurationBin {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly count: number;
}

/**
 * The durations of the window in at most `most` bins, from the shortest to the longest; none where nothing has a
 * duration.
 */
export function durationBins({ edgesSeconds, window }: HeatMap, most: number): readonly DurationBin[] {
  const first = window.findIndex((requests) => requests > 0);
  if (first < 0) return [];
  const rows = window.findLastIndex((requests) => requests > 0) + 1 - first;
  const count = Math.min(rows, most);
  return Array.from({ length: count }, (_, bin) => {
    const from = first + Math.round((bin * rows) / count);
    const to = first + Math.round(((bin + 1) * rows) / count);
    return {
      fromSeconds: edgesSeconds[from] ?? 0,
      toSeconds: edgesSeconds[to] ?? 0,
      count: window.slice(from, to).reduce((sum, requests) => sum + requests, 0),
    };
  });
}

/** One bin a line: `18.2ms–30.6ms ██████▌ 1.20k  34.0 %`. */
export function drawDurationBins(surface: Surface, bins: readonly DurationBin[]): void {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const figures = 16;
  for (const [y, { fromSeconds, toSeconds, count }] of bins.entries()) {
    const range = `${formatDuration(fromSeconds)}–${formatDuration(toSeconds)}`;
    surface.text(1, y, fitText(range, 14, 'right'), 'dim');
    surface.text(16, y, bar(count / most, surface.width - 16 - figures - 1), 'series1');
    const share = total === 0 ? null : count / total;
    const text = `${fitText(formatCount(count), 7, 'right')}${fitText(formatRatioSign(share), 9, 'right')}`;
    surface.text(surface.width - 1 - figures, y, text, count === 0 ? 'dim' : 'text');
  }
}
