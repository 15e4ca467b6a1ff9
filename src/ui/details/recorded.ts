/** Charts of what was recorded of one worker or alert: the newest at the right, all on one time line. */
import type { Surface } from '../canvas/surface.ts';
import { formatAge } from '../format.ts';
import { drawHistoryRow, type HistoryRow, TALL_MARGIN, tallColumns } from '../widgets/chart-panel.ts';
import { type Merge, resample } from '../widgets/resample.ts';

/** Equally spaced values; the last is the newest. */
export interface Recording {
  readonly stepSeconds: number;
  readonly from: string;
}

/** Values on the columns of a tall chart. */
export function recordedColumns(
  surface: Surface,
  { stepSeconds, from }: Recording,
  values: readonly (number | null)[],
  merge: Merge,
): (number | null)[] {
  const firstIndex = Math.round(Date.parse(from) / 1000 / stepSeconds);
  return resample(values, { firstIndex, count: values.length, width: tallColumns(surface) }, merge);
}

/** How far back the charts go, under them. */
export function drawSpan(surface: Surface, y: number, { stepSeconds }: Recording, count: number, end: string): void {
  surface.text(TALL_MARGIN, y, `-${formatAge(stepSeconds * count)}`, 'dim');
  surface.text(surface.width - 1 - end.length, y, end, 'dim');
}

export interface RecordedRow extends Omit<HistoryRow, 'values'> {
  readonly values: readonly (number | null)[];
  readonly merge: Merge;
}

/** Rows of equal height, as much of it as there is, and the span below them. */
/** @param end what stands at the right end: `now`. */
export function drawRecorded(surface: Surface, recording: Recording, rows: readonly RecordedRow[], end: string): void {
  const height = Math.max(1, Math.floor((surface.height - 1) / rows.length));
  for (const [index, { merge, ...row }] of rows.entries()) {
    const values = recordedColumns(surface, recording, row.values, merge);
    drawHistoryRow(surface, index * height, height, { ...row, values });
  }
  drawSpan(surface, rows.length * height, recording, rows[0]?.values.length ?? 0, end);
}
