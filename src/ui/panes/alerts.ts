import type { AlertRow, Snapshot } from '../../model/snapshot.ts';
import type { StyleName, Surface } from '../canvas/surface.ts';
import { type DrawContext, shownAt } from '../context.ts';
import { formatAge, secondsSince, UNKNOWN } from '../format.ts';
import { alertLook, LEVELS } from '../levels.ts';
import { isNotKept, notKept } from '../notes.ts';
import { drawSpans, fitItems, type Item, item } from '../widgets/line.ts';
import { type Cell, type Column, defineTable } from '../widgets/table/index.ts';
import { fitText } from '../widgets/text.ts';
import { fitNotes, linesBelow } from './alerts-below.ts';
import type { Pane } from './pane.ts';

const stateWord = ({ state }: Pick<AlertRow, 'state'>): string => (state === 'nodata' ? 'no data' : state);

const columns: readonly Column<AlertRow>[] = [
  {
    id: 'state',
    header: '',
    width: 1,
    align: 'left',
    rank: 0,
    meaning: '✖ critical, ▲ warning, ◌ pending (true, but not for long enough), – no data, ● resolved',
    cell: (row) => ({ text: alertLook(row).glyph, style: alertLook(row).style }),
    sortBy: (row) => alertLook(row).rank,
  },
  {
    id: 'word',
    header: 'STATE',
    width: 8,
    align: 'left',
    rank: 3,
    meaning: 'the same in a word, where there is room',
    cell: (row) => ({ text: stateWord(row), style: alertLook(row).style }),
  },
  {
    id: 'name',
    header: 'ALERT',
    width: 16,
    widest: 36,
    align: 'left',
    rank: 0,
    meaning: 'name of the rule',
    cell: (row) => ({ text: row.name, style: row.state === 'firing' ? alertLook(row).style : 'text' }),
    sortBy: ({ name }) => name,
    firstAscending: true,
  },
  {
    id: 'summary',
    header: 'WHAT',
    // What was found comes before what was sent: the channels have a place only where there is much.
    width: 34,
    align: 'left',
    rank: 0,
    fill: true,
    meaning: 'what the rule found',
    cell: (row) => ({ text: row.summary + labelsText(row), style: row.state === 'firing' ? 'text' : 'dim' }),
  },
  {
    id: 'sent',
    header: 'SENT',
    width: 5,
    align: 'right',
    rank: 2,
    meaning: 'notices that arrived, of the channels that are told; – where none is',
    cell: sentCell,
  },
  {
    id: 'for',
    header: 'FOR',
    width: 6,
    align: 'right',
    rank: 1,
    meaning: 'since it came into this state',
    cell: (row, { snapshot }) => ({ text: formatAge(secondsSince(row.since, shownAt(snapshot))), style: 'dim' }),
    sortBy: (row) => (row.since === null ? null : -Date.parse(row.since)),
  },
];

/** `  instance="web-1"`: what tells one alert of a rule from another. */
function labelsText({ labels }: AlertRow): string {
  const pairs = Object.entries(labels)
    .filter(([name]) => name !== 'severity' && name !== 'alertname')
    .map(([name, value]) => `${name}="${value}"`);
  return pairs.length === 0 ? '' : `  ${pairs.join(' ')}`;
}

function sentCell({ notices }: AlertRow): Cell {
  if (notices.length === 0) return { text: UNKNOWN, style: 'unknown' };
  const arrived = notices.filter(({ state, delivered }) => state === delivered).length;
  const failed = notices.some(({ error }) => error !== null);
  return { text: `${arrived}/${notices.length}`, style: failed ? 'critical' : 'dim' };
}

/** What is said where no alert is known. */
function sayNone(snapshot: Snapshot): { readonly text: string; readonly style: StyleName } {
  const { unknown, ok } = LEVELS;
  return isNotKept(snapshot)
    ? { text: `${unknown.glyph} ${notKept('alerts')}`, style: unknown.style }
    : { text: `${ok.glyph} no alert`, style: ok.style };
}

const table = defineTable<AlertRow>({
  pane: 'alerts',
  columns,
  rows: ({ snapshot }) => snapshot.alerts,
  key: ({ name, labels }) => `${name} ${JSON.stringify(labels)}`,
  defaultSort: () => 'state',
  empty: ({ snapshot }) => sayNone(snapshot).text,
});

export const alerts: Pane = {
  id: 'alerts',
  title: 'Alerts',
  summary: 'What the rules say; they watch everything, whatever window the screen shows.',
  figures: ({ snapshot }) => alertCounts(snapshot),
  draw,
  line: drawLine,
  table,
  help: [
    { term: '✖ ▲ below', meaning: 'rule files and rules that cannot do what they are meant to, each with its reason' },
    { term: 'also found', meaning: 'where there is room: all that the verdict is made of, the worst first' },
    { term: 'fired', meaning: 'where there is room: when alerts fired before, and for how long' },
  ],
};

function draw(surface: Surface, context: DrawContext, focused: boolean): void {
  const { snapshot } = context;
  const below = linesBelow(context, surface.width - 2);
  const spare = surface.height - (Math.max(1, snapshot.alerts.length) + 1);
  // Alerts come before rules that do not work, but for a third of the place; both before what fired long ago.
  const isFileBroken = snapshot.rules?.files.some(({ error }) => error !== null) ?? false;
  const kept = Math.min(surface.height - 2, Math.max(isFileBroken ? 2 : 1, Math.floor(surface.height / 3)));
  const troubles = fitNotes(below.troubles, Math.max(kept, spare));
  const further = [...below.causes, ...below.history];
  const shown = [...troubles, ...further.slice(0, Math.max(0, spare - troubles.length))];
  const height = surface.height - shown.length;
  if (snapshot.alerts.length === 0) {
    const { text, style } = sayNone(snapshot);
    surface.text(1, 0, fitText(text, surface.width - 2), style);
  } else table.draw(surface, context, { y: 0, height, focused });
  for (const [index, spans] of shown.entries())
    drawSpans(surface, 1, height + index, fitItems([{ spans, rank: 0 }], surface.width - 2));
}

/** `2 firing · 1 pending`, in the colour of the worst; empty when nothing fires. */
export function alertCounts(snapshot: Snapshot): readonly Item[] {
  const states = ['firing', 'nodata', 'pending'] as const;
  return states.flatMap((state, rank) => {
    const rows = snapshot.alerts.filter((alert) => alert.state === state);
    if (rows.length === 0) return [];
    const worst = rows.some((alert) => alert.severity === 'critical') ? LEVELS.critical : LEVELS.warning;
    const style = state === 'firing' ? worst.style : state === 'nodata' ? 'unknown' : 'dim';
    const glyph = state === 'firing' ? `${worst.glyph} ` : '';
    return [item(`${glyph}${rows.length} ${stateWord({ state })}`, style, rank)];
  });
}

function drawLine(surface: Surface, { snapshot }: DrawContext): void {
  const worstFirst = [...snapshot.alerts].sort((a, b) => alertLook(b).rank - alertLook(a).rank);
  const shown = worstFirst.filter((alert) => alert.state !== 'resolved');
  if (shown.length === 0) {
    const { text, style } = sayNone(snapshot);
    surface.text(0, 0, fitText(text, surface.width), style);
    return;
  }
  const items = shown.map((alert, index) => ({
    spans: [
      { text: `${alertLook(alert).glyph} ${alert.name}`, style: alertLook(alert).style },
      { text: index === 0 ? ` ${alert.summary}` : '' },
    ],
    rank: index,
  }));
  drawSpans(surface, 0, 0, fitItems(items, surface.width, '  '));
}
