/** What leaves the screen: exports and copies. */
import { PANES } from '../panes/index.ts';
import { type Effect, messageOf, type Screen } from './screen.ts';
import { selectedKey } from './selection.ts';

/** A row is some hundred characters; some terminals give up on more than 100 kB, and drop it whole. */
const MOST_CHARACTERS = 8192;

async function exportSnapshot(screen: Screen): Promise<void> {
  const source = screen.source();
  if (source === null) return;
  try {
    screen.notify(`written to ${await screen.feed.export(source)}`, 'ok');
  } catch (error) {
    screen.notify(`not written: ${messageOf(error)}`, 'critical');
  }
}

/** The raw entry at the foot, what a detail is about, or the row that is selected. */
function textToCopy(screen: Screen): string | null {
  const { overlay, detail, focus } = screen.state;
  const context = screen.context();
  if (context === null) return null;
  if (overlay?.kind === 'lines') return context.lines?.lines.at(-1 - overlay.back)?.entry.text ?? null;
  if (detail !== null) return screen.parts.details.now?.detailCopy(detail.target, context) ?? null;
  const key = selectedKey(screen);
  return key === null ? null : (PANES[focus].table?.text(context, key) ?? null);
}

/** Of a text of several lines the first. */
function asLine(text: string): string {
  const [first = '', ...others] = text.replaceAll('\t', ' ').split('\n');
  return others.length === 0 ? first : `${first} … and ${others.length} more line${others.length === 1 ? '' : 's'}`;
}

function copy(screen: Screen): void {
  if (screen.state.overlay?.kind === 'confirm') {
    screen.notify('to answer: ↑↓ choose, Enter takes');
    return;
  }
  const text = textToCopy(screen);
  if (text === null) {
    screen.notify(`${PANES[screen.state.focus].title} has no row to copy`);
    return;
  }
  const cut = text.slice(0, MOST_CHARACTERS);
  const done = screen.copy(cut);
  if (done === false) screen.notify('not copied: the terminal is busy');
  else screen.notify(`sent to the clipboard of the terminal: ${asLine(cut)}`, 'ok');
}

export const GIVE_AWAY = {
  // Nobody has to wait for a disk.
  export: (screen) => void exportSnapshot(screen),
  copy,
} as const satisfies Record<string, Effect>;
