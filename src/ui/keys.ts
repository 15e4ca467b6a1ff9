/** Keys as they come in, and the words about them in the footer. */
import type { Key } from 'ink';
import type { Command } from './command-table.ts';
import { type Binding, type Keymap, keyLabel } from './keymap.ts';
import type { ScreenState } from './state.ts';
import { functionKeyOf } from './terminal/function-keys.ts';

/** Names of keys that Ink tells by a flag. */
const FLAGS = {
  upArrow: 'up',
  downArrow: 'down',
  leftArrow: 'left',
  rightArrow: 'right',
  pageUp: 'pageup',
  pageDown: 'pagedown',
  home: 'home',
  end: 'end',
  return: 'return',
  escape: 'escape',
  backspace: 'backspace',
  delete: 'delete',
} as const satisfies Partial<Record<keyof Key, string>>;

/** Control characters in the middle of what came in one piece. */
const CONTROLS: Readonly<Record<string, string>> = {
  '\r': 'return',
  '\n': 'return',
  '\t': 'tab',
  '\b': 'backspace',
  '\x7f': 'backspace',
  '\x1b': 'escape',
};

/**
 * The names of the keys of one input event: fast typing over a slow line arrives as several characters at once, the
 * Enter behind them too. Esc and a key right behind it look like Alt and that key: `alt-b`.
 */
export function keyNames(input: string, key: Key): readonly string[] {
  if (key.tab) return [key.shift ? 'shift-tab' : 'tab'];
  for (const [flag, name] of Object.entries(FLAGS)) {
    if (key[flag as keyof typeof FLAGS]) return key.meta && name !== 'escape' ? ['escape', name] : [name];
  }
  // Ink tells nothing of a function key; one that the terminal's layer has not named came in pieces: likely the first.
  if (input === '') return ['f1'];
  if (key.ctrl) return [`ctrl-${input}`];
  const names = [...input].flatMap(nameOf);
  return key.meta && names[0] !== undefined ? [`alt-${names[0]}`, ...names.slice(1)] : names;
}

function nameOf(character: string): readonly string[] {
  const known = CONTROLS[character] ?? functionKeyOf(character);
  if (known !== undefined) return [known];
  const code = character.charCodeAt(0);
  if (code > 0 && code < 27) return [`ctrl-${String.fromCharCode(code + 96)}`];
  return code < 32 ? [] : [character];
}

export interface Hint {
  readonly label: string;
  readonly title: string;
}

const OVERLAY_HINTS: Readonly<Record<string, readonly Hint[]>> = {
  sort: [
    { label: '↑↓', title: 'column' },
    { label: 'Enter', title: 'sort by it' },
    { label: 'Esc', title: 'cancel' },
  ],
  help: [
    { label: '↑↓', title: 'scroll' },
    { label: '? q Esc', title: 'close' },
  ],
  lines: [
    { label: '↑↓', title: 'scroll' },
    { label: '←→', title: 'sideways' },
    { label: 'G', title: 'follow' },
    { label: '/', title: 'filter' },
    { label: 'q Esc', title: 'close' },
  ],
  actions: [
    { label: '↑↓', title: 'action' },
    { label: 'Enter', title: 'what it risks' },
    { label: 'Esc', title: 'cancel' },
  ],
  confirm: [
    { label: '↑↓', title: 'choose' },
    { label: 'Enter', title: 'do it' },
    { label: 'Esc', title: 'cancel' },
  ],
};

/** The raw lines of what is open come before what is known from the panes. */
const detailHints = (keymap: Keymap): readonly Hint[] => [
  { label: 'Esc', title: 'back' },
  { label: '↑↓', title: 'scroll' },
  { label: hintFor('lines', keymap), title: 'raw lines' },
];

type FooterState = Pick<ScreenState, 'overlay' | 'detail' | 'paused' | 'keymap'>;

/** The order of the footer, the most needed first: what does not fit is left out from the end. */
export function footerHints({ overlay, detail, paused, keymap }: FooterState): Hint[] {
  if (overlay !== null) return [...(OVERLAY_HINTS[overlay.kind] ?? [])];
  const known = keymap.bindings.flatMap((binding) => hintOf(binding, keymap.bindings));
  const live = hintFor('pause', keymap);
  // Whoever has stopped the picture, perhaps without meaning to, has to see the way back.
  const all =
    paused === null || live === ''
      ? known
      : [{ label: live, title: 'live' }, ...known.filter(({ title }) => title !== 'pause')];
  if (detail === null) return all;
  const first = detailHints(keymap).filter(({ label }) => label !== '');
  return [...first, ...all.filter(({ title }) => !HIDDEN_IN_DETAIL.includes(title))];
}

const HIDDEN_IN_DETAIL = ['open', 'sort', 'zoom', 'pane', 'lines'];

/** The first key of a command as a person reads it; empty without. */
export const hintFor = (command: Command, { bindings }: Keymap): string =>
  keyLabel(bindings.find((binding) => binding.command === command)?.keys[0] ?? '');

function hintOf({ row, keys }: Binding, all: readonly Binding[]): readonly Hint[] {
  const [key] = keys;
  if (row.hint === undefined || key === undefined) return [];
  const partner = all.find(({ command }) => command === row.hintWith)?.keys[0];
  const label = [key, partner].flatMap((name) => (name === undefined ? [] : [keyLabel(name)])).join(' ');
  return [{ label, title: row.hint }];
}
