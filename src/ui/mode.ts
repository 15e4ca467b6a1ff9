/** What the header says of how one looks: live or not, which filter, which window, which moment. */
import { maskText } from '../model/mask.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { visible } from '../text/visible.ts';
import type { DrawContext } from './context.ts';
import { formatClock, formatStopwatch, formatWindow } from './format.ts';
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
    item(`${formatClock(snapshot.generatedAt, timeZone)}${zone}`, 'text', 2),
  ];
}

function badge({ snapshot: { replay }, state, nowMs, timeZone }: DrawContext): Item {
  const { paused, failure } = state;
  if (failure !== null) return item(' STOPPED ', 'badge');
  if (paused === null && replay) return item(replay.ended ? 'END OF THE LOG' : `REPLAY ${replay.speed}x`, 'badge');
  if (paused === null) return item('LIVE', 'ok');
  if (!paused.isPast) return item(` PAUSED ${formatStopwatch((nowMs - paused.sinceMs) / 1000)} `, 'badge');
  // The clock of a replay is not the one on the wall.
  const ago = replay ? '' : ` (−${formatStopwatch(Math.max(0, (nowMs - paused.atMs) / 1000))})`;
  return item(` PAST ${formatClock(new Date(paused.atMs).toISOString(), timeZone)}${ago} `, 'badge');
}

/** Of a moment of which nothing sampled was kept. */
const lackItems = ({ past }: Snapshot): readonly Item[] =>
  past != null && past.recordedAt === null ? [item('workers, alerts and host were not kept', 'warning', 1)] : [];

/** The filter with how far back it holds. What a detail adds to it stands in the breadcrumb. */
function filterItems({ snapshot, state, timeZone }: DrawContext): readonly Item[] {
  if (state.filter === null) return [];
  const { filterCoverage: coverage } = snapshot;
  const note = snapshot.filter === null ? ' …' : coverageNote(snapshot, coverage, timeZone);
  const filter = visible(state.masked ? maskText(state.filter) : state.filter);
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

function coverageNote(
  { window }: Snapshot,
  coverage: Snapshot['filterCoverage'],
  timeZone: DrawContext['timeZone'],
): string {
  if (coverage === null) return '';
  if (coverage.reading) return ' reading back …';
  if (coverage.from === null) return ' from now on';
  const isWhole = window.from === null || Date.parse(coverage.from) <= Date.parse(window.from);
  return isWhole ? '' : ` from ${formatClock(coverage.from, timeZone)} on`;
}
