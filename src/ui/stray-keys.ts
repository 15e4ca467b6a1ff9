/** Keys that mean nothing here and something in htop, top, less, vim or k9s: what does that here. */
import type { Command } from './command-table.ts';
import { type Keymap, keyLabel } from './keymap.ts';
import { hintFor } from './keys.ts';

/** The first key of a command, as a person reads it; its name on the `:` line where it has none. */
type KeyOf = (command: Command) => string;

const SORTING = (key: KeyOf): string => `${key('sort')} picks the column to sort by, ${key('reverse')} turns it round`;
const PAGING = (key: KeyOf): string => `${key('page-down')} and ${key('page-up')} page`;
const MOVING = (key: KeyOf): string => `${key('up')} and ${key('down')} move`;
const LEAVING = (key: KeyOf): string => `${key('quit')} quits`;
const PAINTING = (key: KeyOf): string => `the picture renews itself; ${key('repaint')} paints it anew`;
const NO_PRIORITY = (): string => 'gtop gives no process another priority';

const MEANT: Readonly<Record<string, (key: KeyOf) => string>> = {
  u: (key) => `${key('filter')} shows one user or address: user=ann, ip=10.0.0.7`,
  H: (key) => `a worker with its threads: ${key('open')} on its row in pane 5`,
  K: () => 'only processes of Gunicorn are shown, no threads of the kernel',
  I: SORTING,
  '<': SORTING,
  '>': SORTING,
  f: PAGING,
  b: PAGING,
  'ctrl-f': PAGING,
  'ctrl-b': PAGING,
  'ctrl-e': MOVING,
  'ctrl-y': MOVING,
  'ctrl-n': MOVING,
  'ctrl-p': MOVING,
  d: (key) => `${key('slower')} and ${key('faster')} change the time between two screens, as :delay 2s does`,
  p: (key) => `${key('pause')} pauses`,
  c: (key) => `${key('open')} on a row shows all of it`,
  o: (key) => `${key('open')} opens the row`,
  l: (key) => `${key('lines')} shows raw lines`,
  R: PAINTING,
  'ctrl-r': PAINTING,
  f5: PAINTING,
  '!': () => 'Ctrl-Z goes to the shell, fg returns',
  Q: LEAVING,
  Z: LEAVING,
  backspace: (key) => `${key('back')} goes back`,
  f2: (key) => `${key('theme')} changes the theme, ${key('window')} the window; the config file sets the rest`,
  f7: NO_PRIORITY,
  f8: NO_PRIORITY,
};

export const STRAY_KEYS: readonly string[] = Object.keys(MEANT);

/** What to say of a key without a meaning, in one line. */
export function sayStray(name: string, keymap: Keymap): string {
  const key: KeyOf = (command) => hintFor(command, keymap) || `:${command}`;
  const what = Object.hasOwn(MEANT, name) ? MEANT[name]?.(key) : `${key('help')} lists the keys`;
  return `no key ${keyLabel(name)}: ${what}`;
}
