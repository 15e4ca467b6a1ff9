/** Which key does what: the table of commands, changed by the person's own keys. */
import { COMMANDS, type Command, type CommandRow, isCommand } from './command-table.ts';

/** A key by its name, and as a person reads it. */
const LABELS: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  return: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  'shift-tab': 'Shift-Tab',
  backspace: 'Backspace',
  delete: 'Del',
  insert: 'Ins',
  ' ': 'Space',
};

/** Names under which a key may stand in the config file, in small letters, besides its label. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  up: 'up',
  down: 'down',
  left: 'left',
  right: 'right',
  pageup: 'pageup',
  pagedown: 'pagedown',
  escape: 'escape',
  return: 'return',
  delete: 'delete',
};

const FUNCTION_KEY = /^f(?:[1-9]|1[0-2])$/i;

const BY_LABEL = new Map<string, string>([
  ...Object.entries(LABELS).map(([name, label]) => [label.toLowerCase(), name] as const),
  ...Object.entries(OTHER_NAMES),
]);

/** `ctrl-u` → `Ctrl-U`, `return` → `Enter`, `f3` → `F3`. */
export function keyLabel(name: string): string {
  if (FUNCTION_KEY.test(name)) return name.toUpperCase();
  const control = /^ctrl-(.)$/.exec(name);
  return control ? `Ctrl-${control[1]?.toUpperCase()}` : (LABELS[name] ?? name);
}

/** The name of a key as a person writes it: `Ctrl-U`, `PgUp`, `Space`, `x`; null where it is none. */
export function parseKey(text: string): string | null {
  const named = BY_LABEL.get(text.toLowerCase());
  if (named !== undefined) return named;
  if (FUNCTION_KEY.test(text)) return text.toLowerCase();
  if ([...text].length === 1) return text > ' ' && text !== '\x7f' ? text : null;
  const control = /^(?:ctrl-|\^)([a-z])$/i.exec(text);
  return control ? `ctrl-${control[1]?.toLowerCase()}` : null;
}

export interface Binding {
  readonly command: Command;
  readonly row: CommandRow;
  readonly keys: readonly string[];
  /** Keys that mean the same, as long as no command has them for its own. */
  readonly also: readonly string[];
  /** The keys as a person reads them; empty without. */
  readonly label: string;
}

export interface Keymap {
  /** In the order of the table. */
  readonly bindings: readonly Binding[];
  readonly byKey: ReadonlyMap<string, Command>;
}

/** Digits that follow each other read as a range. */
const labelOf = (keys: readonly string[]): string =>
  keys.join('') === '1234567890' ? '1…9 0' : keys.map(keyLabel).join(' ');

type NamedRow = CommandRow & { readonly name: Command };

function keymapOf(own: Readonly<Record<string, readonly string[]>>): Keymap {
  const bound = COMMANDS.map((row: NamedRow) => {
    const mine = Object.hasOwn(own, row.name) ? (own[row.name] ?? []) : null;
    return { row, keys: mine ?? row.keys, also: mine === null ? (row.also ?? []) : [] };
  });
  const taken = new Set(bound.flatMap(({ keys }) => keys));
  const bindings = bound.map(({ row, keys, also }) => {
    const free = also.filter((key) => !taken.has(key));
    return { command: row.name, row, keys, also: free, label: labelOf([...keys, ...free]) };
  });
  const byKey = new Map(
    bindings.flatMap(({ command, keys, also }) => [...keys, ...also].map((key) => [key, command] as const)),
  );
  return { bindings, byKey };
}

export const DEFAULT_KEYMAP: Keymap = keymapOf({});

/** The terminal layer takes these out before anybody else sees them. */
const RESERVED = ['ctrl-c', 'ctrl-z'];

/** A person's own keys, by command; what is wrong with them, in one sentence behind the command's name. */
export type OwnKeys =
  | { readonly ok: true; readonly keymap: Keymap }
  | { readonly ok: false; readonly command: string; readonly complaint: string };

/**
 * Reads a person's own keys. A list replaces the keys of its command; an empty one leaves it to the `:` line.
 * @param own by command: keys as a person writes them.
 */
export function bindKeys(own: Readonly<Record<string, readonly string[]>>): OwnKeys {
  const keysOf: Record<string, readonly string[]> = {};
  for (const [command, keys] of Object.entries(own)) {
    const complain = (complaint: string): OwnKeys => ({ ok: false, command, complaint });
    if (!isCommand(command)) return complain('is no command');
    const row: CommandRow | undefined = COMMANDS.find(({ name }) => name === command);
    if (row?.isPositional) return complain('has keys that say what they mean: they stay');
    const names = keys.map(parseKey);
    const unknown = names.indexOf(null);
    if (unknown >= 0)
      return complain(`'${keys[unknown]}' is no key: write a character, Ctrl-X, Space, Enter, Tab, PgUp, F1 …`);
    const found = names.filter((name) => name !== null);
    const reserved = found.find((name) => RESERVED.includes(name));
    if (reserved !== undefined) return complain(`${keyLabel(reserved)} always does the same`);
    keysOf[command] = [...new Set(found)];
  }
  const keymap = keymapOf(keysOf);
  const clash = clashIn(keymap);
  if (clash === null) return { ok: true, keymap };
  const [key, first, second] = clash;
  const [mine, other] = Object.hasOwn(keysOf, second) ? [second, first] : [first, second];
  return { ok: false, command: mine, complaint: `${keyLabel(key)} is the key of ${other} already` };
}

function clashIn({ bindings }: Keymap): readonly [string, Command, Command] | null {
  const seen = new Map<string, Command>();
  for (const { command, keys } of bindings) {
    for (const key of keys) {
      const other = seen.get(key);
      if (other !== undefined) return [key, other, command];
      seen.set(key, command);
    }
  }
  return null;
}
