import type { PackedDurations } from './durations.ts';
import type { PackedFigures } from './packed-figures.ts';

/** The buffers of packed figures: handed over to the other thread instead of copied, they are some 40 MB at most. */
export function transferable({ durations, steps, routes }: PackedFigures): ArrayBuffer[] {
  const all: PackedDurations[] = [durations];
  for (const cell of steps.cells.values()) all.push(cell.durations);
  for (const cell of routes.cells.values()) all.push(cell.durations);
  return all.flatMap(({ counts, listed }) => [counts, listed].flatMap((array) => (array ? [array.buffer] : [])));
}
