/** The raw lines of all logs, the newest at the bottom. */
import type { RawLine } from '../../model/recent-lines.ts';
import { eachCluster, stringWidth } from '../../text/width.ts';
import type { StyleName, Surface } from '../canvas/surface.ts';
import type { DrawContext } from '../context.ts';
import { detailTitle } from '../details/index.ts';
import { targetLinesFilter } from '../details/target-filter.ts';
import { shownFilter } from '../mode.ts';
import type { ShownLine } from '../raw-lines.ts';
import { fitText } from '../widgets/text.ts';
import type { OverlayOf, OverlayView } from './overlay-view.ts';

/** Which log a line is of. */
const MARKS: Readonly<Record<RawLine['kind'], string>> = { access: 'a', error: 'e', app: 'p' };
const MARK_WIDTH = 2;

const BAD_LEVELS = new Set(['error', 'exception', 'critical', 'fatal']);

function styleOf({ level, status }: RawLine): StyleName {
  if ((status ?? 0) >= 500 || BAD_LEVELS.has(level?.toLowerCase() ?? '')) return 'critical';
  if ((status ?? 0) >= 400 || level?.toLowerCase().startsWith('warn')) return 'warning';
  return 'text';
}

export const linesView: OverlayView<'lines'> = {
  title({ back }, { lines, state }) {
    const { detail, paused } = state;
    const isNarrowed = detail !== null && targetLinesFilter(detail.target) !== null;
    const about = [isNarrowed ? detailTitle(detail.target, state) : null, shownFilter(state)].filter(
      (part) => part !== null,
    );
    const isOfMoment = detail?.target.kind === 'event';
    const end = isOfMoment ? 'up to it' : paused === null ? 'following' : 'the last ones then';
    const how = back > 0 ? `held, ${back} below · G ${isOfMoment ? 'goes there' : 'follows'}` : end;
    return ['Raw lines', ...about, how, ...(lines?.reading ? ['reading back'] : [])].join(' · ');
  },
  limit: (_, { lines }, __, height) => (lines?.lines.length ?? 0) - height,
  draw,
};

function draw(surface: Surface, { back, left }: OverlayOf<'lines'>, { lines }: DrawContext): void {
  const all = lines?.lines ?? [];
  if (all.length === 0) {
    const note = lines == null || lines.reading ? 'reading the logs back …' : 'no line passes the filter';
    surface.text(1, 0, fitText(note, surface.width - 2), 'dim');
    return;
  }
  const end = Math.max(Math.min(all.length, surface.height), all.length - back);
  const shown = all.slice(Math.max(0, end - surface.height), end);
  for (const [y, line] of shown.entries()) drawLine(surface, y, line, left);
}

function drawLine(surface: Surface, y: number, { entry, text, isFirst }: ShownLine, left: number): void {
  surface.text(0, y, isFirst ? MARKS[entry.kind] : ' ', 'accent');
  const width = Math.max(0, surface.width - MARK_WIDTH);
  surface.text(MARK_WIDTH, y, fitText(left > 0 ? without(text, left) : text, width), styleOf(entry));
}

/** What is left of a text without its first cells. */
function without(text: string, cells: number): string {
  let from = 0;
  let used = 0;
  eachCluster(text, cells, (cluster, width) => {
    if (used >= cells) return false;
    used += width;
    from += cluster.length;
    return true;
  });
  return stringWidth(text) <= cells ? '' : text.slice(from);
}
