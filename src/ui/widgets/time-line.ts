/** The lines under a chart: how far back it goes, what happened when, and the time of day. */
import type { EventRow, Series, Snapshot } from '../../model/snapshot.ts';
import { stringWidth } from '../../text/width.ts';
import type { StyleName, Surface } from '../canvas/surface.ts';
import { formatAge, formatClock, formatShortDay, type TimeZone } from '../format.ts';
import { LEVELS } from '../levels.ts';
import { columnAt, spanSeconds } from './history.ts';

/** Events that get their name on the time line; others are marked by their glyph, and only when they are bad. */
const MARK_NAMES: Readonly<Record<string, string>> = {
  reload: 'HUP',
  upgrade: 'USR2',
  'worker-timeout': 'timeout',
  'worker-oom': 'oom',
  'worker-crash': 'crash',
  'master-start': 'start',
};

interface Mark {
  readonly at: string;
  readonly glyph: string;
  readonly name: string;
  readonly style: StyleName;
  /** Where two fall on one column the higher is shown, the newer of equal ones. */
  readonly rank: number;
}

/** What happened, and which alerts came to fire. */
function marksOf({ events, alertHistory }: Pick<Snapshot, 'events' | 'alertHistory'>): readonly Mark[] {
  const alerts = alertHistory.map(({ from, name, severity }) => {
    const { glyph, style, rank } = LEVELS[severity === 'critical' ? 'critical' : 'warning'];
    return { at: from, glyph, name, style, rank: rank - 0.5 };
  });
  return [...events.flatMap(markOf), ...alerts];
}

/** An alert's own event names it only in its text: the alert's history marks it. */
function markOf({ at, kind, level }: EventRow): readonly Mark[] {
  if (kind.startsWith('alert-')) return [];
  const name = MARK_NAMES[kind];
  const { glyph, style, rank } = LEVELS[level];
  if (level === 'critical' || level === 'warning') return [{ at, glyph, name: name ?? '', style, rank }];
  return name === undefined ? [] : [{ at, glyph: '▲', name, style: 'accent', rank }];
}

export interface TimeLine {
  /** Column of the surface where the chart's first column stands. */
  readonly x: number;
  readonly y: number;
  /** Columns of the chart. */
  readonly columns: number;
}

/** What stands at the right end of a chart: a moment of the past is not now. */
export const endName = ({ past }: Pick<Snapshot, 'past'>): string => (past == null ? 'now' : 'then');

/** One line: marks, and where they leave room `-2m00s` and `now`. */
export function drawTimeLine(surface: Surface, snapshot: Snapshot, { x, y, columns }: TimeLine): void {
  const { series } = snapshot;
  const taken = new Set<number>();
  const draw = (column: number, text: string, style: StyleName): void => {
    surface.text(x + column, y, text, style);
    for (let cell = 0; cell < stringWidth(text); cell++) taken.add(column + cell);
  };
  const isFree = (column: number, width: number): boolean =>
    column + width <= columns && ![...new Array(width).keys()].some((cell) => taken.has(column + cell));

  const marks = marksOf(snapshot)
    .flatMap((mark) => {
      const column = columnAt(series, mark.at, columns);
      return column === null ? [] : [{ ...mark, column }];
    })
    .sort((a, b) => b.rank - a.rank)
    .filter(({ column }, index, all) => all.findIndex((other) => other.column === column) === index);
  // All the glyphs before any name: a name takes only what is left, with a blank behind it.
  for (const { column, glyph, style } of marks) draw(column, glyph, style);
  for (const { column, name, style } of marks) {
    if (name !== '' && isFree(column + 1, stringWidth(name))) draw(column + 1, name, style);
  }
  const from = `-${formatAge(spanSeconds(series))}`;
  if (isFree(0, from.length + 1)) draw(0, from, 'dim');
  const to = endName(snapshot);
  if (isFree(columns - to.length - 1, to.length + 1)) draw(columns - to.length, to, 'dim');
}

/** Round distances of two times of day, in seconds. */
const TICKS = [10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
/** Columns from one time of day to the next, at least. */
const TICK_DISTANCE = 16;

const DAY_SECONDS = 86_400;

/** One line of round times of day, each in the middle above its moment. */
export function drawClockLine(surface: Surface, series: Series, zone: TimeZone, { x, y, columns }: TimeLine): void {
  const span = spanSeconds(series);
  if (series.from === null || span === 0) return;
  const tick = TICKS.find((seconds) => (columns * seconds) / span >= TICK_DISTANCE) ?? 86_400;
  const from = Date.parse(series.from) / 1000;
  for (let second = Math.ceil(from / tick) * tick; second <= from + span; second += tick) {
    const at = new Date(second * 1000).toISOString();
    const column = columnAt(series, at, columns);
    if (column === null) continue;
    const clock = formatClock(at, zone);
    // Over several days midnight tells which day it begins.
    const label = clock === '00:00:00' && span > DAY_SECONDS ? formatShortDay(at, zone) : clock;
    const left = column - Math.floor(label.length / 2);
    if (left >= 0 && left + label.length <= columns) surface.text(x + left, y, label, 'dim');
  }
}
