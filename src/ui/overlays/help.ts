/** The help for a pane or a detail: what each thing means, where it comes from, what permission it needs; then the keys. */
import type { StyleName, Surface } from '../canvas/surface.ts';
import { TERMINAL_KEYS } from '../command-table.ts';
import type { DrawContext } from '../context.ts';
import { breadcrumb, detailHelp } from '../details/index.ts';
import { DEFAULT_KEYMAP, type Keymap } from '../keymap.ts';
import { PANES, type Pane, paneDigit } from '../panes/index.ts';
import type { PaneId, ScreenState } from '../state.ts';
import { fitText, wrap } from '../widgets/text.ts';
import type { OverlayOf, OverlayView } from './overlay-view.ts';

const TERM_WIDTH = 14;

interface HelpLine {
  /** Empty on the lines that continue an explanation; null where the text has the whole width. */
  readonly term: string | null;
  readonly text: string;
  readonly style: StyleName;
}

/** Columns without a header that hold bars; the others hold glyphs. */
const BARS: readonly string[] = ['bar', 'share'];

type Subject = Pick<Pane, 'summary' | 'help' | 'table'>;

/** What is focused: the detail that is open, else the pane. */
const subjectOf = (pane: PaneId, { detail }: ScreenState): Subject =>
  detail === null ? PANES[pane] : detailHelp(detail.target.kind);

/** The lines of a help, broken to `width` cells. */
export function helpLines(
  { summary, help: entries, table }: Subject,
  width: number,
  keymap: Keymap = DEFAULT_KEYMAP,
): readonly HelpLine[] {
  const columns = (table?.columns ?? []).map(({ id: column, header, letter, meaning }) => ({
    term: header === '' ? (BARS.includes(column) ? '██▌' : '●') : header,
    meaning: letter === undefined ? meaning : `${meaning} (Shift+${letter} sorts by it)`,
  }));
  const commands = keymap.bindings.map(({ label, command, row }) => ({
    term: label === '' ? `:${command}` : label,
    meaning: row.title,
  }));
  const keys = [...commands, ...TERMINAL_KEYS.map(({ label, title }) => ({ term: label, meaning: title }))];
  return [
    ...wrap(summary, width).map((text) => ({ term: null, text, style: 'strong' as const })),
    ...section('Columns', columns, width),
    ...section(columns.length > 0 ? 'Further' : 'What it shows', entries, width),
    ...section('Keys', keys, width),
  ];
}

function section(
  title: string,
  entries: readonly { readonly term: string; readonly meaning: string }[],
  width: number,
): readonly HelpLine[] {
  if (entries.length === 0) return [];
  return [
    { term: null, text: '', style: 'text' },
    { term: null, text: title, style: 'title' },
    ...entries.flatMap(({ term, meaning }) =>
      wrap(meaning, width - TERM_WIDTH).map(
        (text, index): HelpLine => ({ term: index === 0 ? term : '', text, style: 'text' }),
      ),
    ),
  ];
}

export const help: OverlayView<'help'> = {
  title: ({ pane }, { state }) =>
    state.detail === null
      ? `Help: ${paneDigit(pane)} ${PANES[pane].title}`
      : `Help: ${breadcrumb(state.detail.from, state.detail.target, state)}`,
  limit: ({ pane }, { state }, width, height) =>
    helpLines(subjectOf(pane, state), width - 2, state.keymap).length - height,
  draw,
};

function draw(surface: Surface, { pane, scroll }: OverlayOf<'help'>, { state }: DrawContext): void {
  const lines = helpLines(subjectOf(pane, state), surface.width - 2, state.keymap);
  const first = Math.min(scroll, Math.max(0, lines.length - surface.height));
  for (const [y, { term, text, style }] of lines.slice(first, first + surface.height).entries()) {
    const x = term === null ? 1 : surface.text(1, y, fitText(term, TERM_WIDTH), 'accent');
    surface.text(x, y, text, style);
  }
  if (first > 0) surface.text(surface.width - 1, 0, '↑', 'accent');
  if (first + surface.height < lines.length) surface.text(surface.width - 1, surface.height - 1, '↓', 'accent');
}
