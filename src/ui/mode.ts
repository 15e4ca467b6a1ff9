/** What the header says of how one looks: live or not, which filter, which window, which moment. */
import { maskText } from '../model/mask.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { visible } from '../text/visible.ts';
import { type DrawContext, momentText } from './context.ts';
import { formatClock, formatDay, formatStopwatch, formatWindow } from './format.ts';
import { isNotKept } from './notes.ts';
import { type Item, item, labelled } from './widgets/line.ts';

/** @param live whether to say that the picture moves on, or since when it stands still. */
export function modeItems(context: DrawContext, live: boolean): readonly Item[] {
  const { snapshot, state, timeZone } = context;
  const zone = timeZone === 'utc' ? ' UTC' : '';
  return [
    ...filterItems(context),
    ...(state.masked ? [item('masked', 'warning', 2)] : []),
    ...(live ? [badge(context), ...lackItems(snapshot)] : []),
    labelled('window', formatWindow(state.windowSeconds), 1, 'strong'),
    item(`${clockText(snapshot.generatedAt, context)}${zone}`, 'text', 2),
  ];
}

const DAY_MS = 86_400_000;

/** The time of day; with its day where that is another one than the wall clock's: of an old log. */
function clockText(at: string, { nowMs, timeZone }: DrawContext): string {
  const clock = formatClock(at, timeZone);
  return Math.abs(nowMs - Date.parse(at)) < DAY_MS ? clock : `${formatDay(at, timeZone)} ${clock}`;
}

function badge(context: DrawContext): Item {
  const {
    snapshot: { replay },
    state,
    nowMs,
  } = context;
  const { paused, failure } = state;
  if (failure !== null) return item(' STOPPED ', 'badge');
  if (paused === null && replay) return item(replay.ended ? 'END OF THE LOG' : `REPLAY ${replay.speed}x`, 'badge');
  if (paused === null) return item('LIVE', 'ok');
  if (!paused.isPast) return item(` PAUSED ${formatStopwatch((nowMs - paused.sinceMs) / 1000)} `, 'badge');
  // The clock of a replay is not the one on the wall.
  const ago = replay ? '' : ` (−${formatStopwatch(Math.max(0, (nowMs - paused.atMs) / 1000))})`;
  return item(` PAST ${clockText(new Date(paused.atMs).toISOString(), context)}${ago} `, 'badge');
}

/** Of a moment of which nothing sampled was kept. */
const lackItems = (snapshot: Snapshot): readonly Item[] =>
  isNotKept(snapshot) ? [item('workers, alerts and host were not kept', 'warning', 1)] : [];

/** The filter in force as people may see it; null without. */
export const shownFilter = ({ filter, masked }: Pick<DrawContext['state'], 'filter' | 'masked'>): string | null =>
  filter && visible(masked ? maskText(filter) : filter);

/** The filter with how far back it holds. What a detail adds to it stands in the breadcrumb. */
function filterItems(context: DrawContext): readonly Item[] {
  const filter = shownFilter(context.state);
  if (filter === null) return [];
  const note = context.snapshot.filter === null ? ' …' : coverageNote(context);
  return [
    {
      spans: [
        { text: `/${filter}`, style: 'accent' },
        { text: note, style: 'warning' },
      ],
      rank: 1,
    },
  ];
}

function coverageNote(context: DrawContext): string {
  const { window, filterCoverage: coverage } = context.snapshot;
  if (coverage === null) return '';
  if (coverage.reading) return ' reading back …';
  if (coverage.from === null) return ' from now on';
  const isWhole = window.from === null || Date.parse(coverage.from) <= Date.parse(window.from);
  return isWhole ? '' : ` from ${momentText(coverage.from, context)} on`;
}
