/**
 * The one table of keys: input, help and footer read it. A command without a row has no key; a row without a command
 * does not compile.
 */
import type { Key } from 'ink';
import type { ScreenState } from './state.ts';

export type Command =
  | 'quit'
  | 'help'
  | 'back'
  | 'next-pane'
  | 'previous-pane'
  | 'pane'
  | 'zoom'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'left'
  | 'right'
  | 'accept'
  | 'sort'
  | 'reverse'
  | 'sort-letter'
  | 'window-next'
  | 'window-previous'
  | 'pause'
  | 'export'
  | 'theme'
  | 'faster'
  | 'slower'
  | 'repaint';

export interface Hint {
  readonly label: string;
  readonly title: string;
}

export interface Binding {
  readonly command: Command;
  /** Names of keys as `keyName` gives them. */
  readonly keys: readonly string[];
  /** The keys as a person reads them. */
  readonly label: string;
  readonly title: string;
  /** What the footer says; without it the footer does not show the key. */
  readonly hint?: Hint;
}

export const BINDINGS: readonly Binding[] = [
  {
    command: 'help',
    keys: ['?', 'function'],
    label: '? F1',
    title: 'help for the focused pane',
    hint: { label: '?', title: 'help' },
  },
  {
    command: 'quit',
    keys: ['q'],
    label: 'q',
    title: 'quit (closes the help first)',
    hint: { label: 'q', title: 'quit' },
  },
  { command: 'back', keys: ['escape'], label: 'Esc', title: 'undo one thing: help, sort menu, zoom' },
  { command: 'next-pane', keys: ['tab'], label: 'Tab', title: 'next pane', hint: { label: 'Tab', title: 'pane' } },
  { command: 'previous-pane', keys: ['shift-tab'], label: 'Shift-Tab', title: 'previous pane' },
  {
    command: 'pane',
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'],
    label: '1…9 0',
    title: 'pane of that number; 8 System, 9 Clients and 0 Slow take the middle of the screen',
  },
  { command: 'up', keys: ['up', 'k'], label: '↑ k', title: 'row up' },
  { command: 'down', keys: ['down', 'j'], label: '↓ j', title: 'row down' },
  { command: 'page-up', keys: ['pageup', 'ctrl-u'], label: 'PgUp Ctrl-U', title: 'page up' },
  { command: 'page-down', keys: ['pagedown', 'ctrl-d'], label: 'PgDn Ctrl-D', title: 'page down' },
  { command: 'first', keys: ['home', 'g'], label: 'Home g', title: 'first row' },
  { command: 'last', keys: ['end', 'G'], label: 'End G', title: 'last row' },
  { command: 'left', keys: ['left'], label: '←', title: 'previous list of clients' },
  { command: 'right', keys: ['right'], label: '→', title: 'next list of clients' },
  {
    command: 'zoom',
    keys: ['z'],
    label: 'z',
    title: 'the focused pane on the whole screen, and back',
    hint: { label: 'z', title: 'zoom' },
  },
  {
    command: 'sort',
    keys: ['s'],
    label: 's',
    title: 'pick the column to sort by',
    hint: { label: 's', title: 'sort' },
  },
  { command: 'accept', keys: ['return'], label: 'Enter', title: 'take the column picked' },
  { command: 'reverse', keys: ['r'], label: 'r', title: 'the other way round', hint: { label: 'r', title: 'reverse' } },
  {
    command: 'sort-letter',
    keys: ['P', 'M', 'C', 'E', 'L', 'T', 'A'],
    label: 'P M C E L T A',
    title: 'sort by CPU, memory, count, errors, latency, time, age; again: the other way round',
  },
  {
    command: 'window-next',
    keys: ['w'],
    label: 'w',
    title: 'longer window: 10s 1m 5m 15m 1h all',
    hint: { label: 'w', title: 'window' },
  },
  { command: 'window-previous', keys: ['W'], label: 'W', title: 'shorter window' },
  {
    command: 'pause',
    keys: [' '],
    label: 'Space',
    title: 'freeze the picture while collecting goes on, and back',
    hint: { label: 'Space', title: 'pause' },
  },
  {
    command: 'export',
    keys: ['e'],
    label: 'e',
    title: 'write what is shown to a JSON file',
    hint: { label: 'e', title: 'export' },
  },
  { command: 'theme', keys: ['t'], label: 't', title: 'next theme' },
  { command: 'faster', keys: ['+', '='], label: '+', title: 'refresh faster' },
  { command: 'slower', keys: ['-', '_'], label: '-', title: 'refresh slower' },
  { command: 'repaint', keys: ['ctrl-l'], label: 'Ctrl-L', title: 'paint the screen anew' },
];

/** What the terminal layer does by itself, whatever the screen is doing. */
export const TERMINAL_KEYS: readonly Pick<Binding, 'label' | 'title'>[] = [
  { label: 'Ctrl-C', title: 'quit at once' },
  { label: 'Ctrl-Z', title: 'back to the shell; fg returns' },
];

const BY_KEY: ReadonlyMap<string, Command> = new Map(
  BINDINGS.flatMap(({ command, keys }) => keys.map((key) => [key, command] as const)),
);

/** What a key does; null for one that does nothing. */
export function commandOf(key: string): Command | null {
  return BY_KEY.get(key) ?? null;
}

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
} as const satisfies Partial<Record<keyof Key, string>>;

/** The names of the keys of one input event: fast typing over a slow line arrives as several characters at once. */
export function keyNames(input: string, key: Key): readonly string[] {
  if (key.tab) return [key.shift ? 'shift-tab' : 'tab'];
  for (const [flag, name] of Object.entries(FLAGS)) if (key[flag as keyof typeof FLAGS]) return [name];
  // Ink tells nothing of a function key but that it was one; all of them mean help.
  if (input === '') return key.backspace || key.delete ? [] : ['function'];
  if (key.ctrl) return [`ctrl-${input}`];
  return key.meta ? [] : [...input];
}

/** The order of the footer, the most needed first: what does not fit is left out from the end. */
const FOOTER: readonly Command[] = [
  'help',
  'quit',
  'next-pane',
  'zoom',
  'sort',
  'window-next',
  'pause',
  'export',
  'reverse',
];
const SORT_FOOTER: readonly Hint[] = [
  { label: '↑↓', title: 'column' },
  { label: 'Enter', title: 'sort by it' },
  { label: 'Esc', title: 'cancel' },
];
const HELP_FOOTER: readonly Hint[] = [
  { label: '↑↓', title: 'scroll' },
  { label: '? q Esc', title: 'close' },
];

export function footerHints({ overlay }: Pick<ScreenState, 'overlay'>): readonly Hint[] {
  if (overlay?.kind === 'sort') return SORT_FOOTER;
  if (overlay?.kind === 'help') return HELP_FOOTER;
  return FOOTER.flatMap((command) => {
    const binding = BINDINGS.find((each) => each.command === command);
    return binding?.hint === undefined ? [] : [binding.hint];
  });
}
