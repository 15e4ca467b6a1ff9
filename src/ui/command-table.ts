/**
 * The one table of what a person can ask for: keys, help, footer, the `:` line and the config file's `keys:` read it.
 * One row is a name, its keys, and what it does; `commands/` says how.
 */

export interface CommandRow {
  /** As it is written behind `:` and in the config file. */
  readonly name: string;
  /** Names of keys as `keyNames` gives them. */
  readonly keys: readonly string[];
  /** Keys under which users of htop, top and less look for it: they give way to a person's own keys. */
  readonly also?: readonly string[];
  readonly title: string;
  /** One word for the footer, which shows the rows that have one. */
  readonly hint?: string;
  /** Several rows that a person learns as one: the footer shows their keys together. */
  readonly hintWith?: string;
  /** What may stand behind the name on the `:` line; in square brackets where it may be left out. */
  readonly argument?: string;
  /** The key itself says what is meant (`4` is pane 4): such keys stay where they are. */
  readonly isPositional?: true;
  /** Means something only as a key. */
  readonly isKeyOnly?: true;
}

export const COMMANDS = [
  row({ name: 'help', keys: ['?', 'f1'], also: ['h'], title: 'help for the focused pane', hint: 'help' }),
  row({
    name: 'quit',
    keys: ['q'],
    also: ['f10'],
    title: 'quit (closes what lies over the panes first)',
    hint: 'quit',
  }),
  row({ name: 'back', keys: ['escape'], title: 'undo one thing: what lies over the panes, the detail, zoom, filter' }),
  row({ name: 'next-pane', keys: ['tab'], title: 'next pane', hint: 'pane' }),
  row({ name: 'previous-pane', keys: ['shift-tab'], title: 'previous pane' }),
  row({
    name: 'pane',
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'],
    title: 'pane of that number; 8 System, 9 Clients and 0 Slow take the middle of the screen',
    argument: 'NAME',
    isPositional: true,
  }),
  row({ name: 'up', keys: ['up', 'k'], title: 'row up', isKeyOnly: true }),
  row({ name: 'down', keys: ['down', 'j'], title: 'row down', isKeyOnly: true }),
  row({ name: 'page-up', keys: ['pageup', 'ctrl-u'], title: 'page up', isKeyOnly: true }),
  row({ name: 'page-down', keys: ['pagedown', 'ctrl-d'], title: 'page down', isKeyOnly: true }),
  row({ name: 'first', keys: ['home', 'g'], title: 'first row', isKeyOnly: true }),
  row({ name: 'last', keys: ['end', 'G'], title: 'last row', isKeyOnly: true }),
  row({ name: 'left', keys: ['left'], title: 'previous list of clients; raw lines to the left', isKeyOnly: true }),
  row({ name: 'right', keys: ['right'], title: 'next list of clients; raw lines to the right', isKeyOnly: true }),
  row({
    name: 'open',
    keys: ['return'],
    title: 'open the row, or zoom a pane without rows; Esc comes back',
    hint: 'open',
  }),
  row({
    name: 'filter',
    keys: ['/'],
    also: ['f3', 'f4'],
    title: 'show only what passes: status>=500, latency>1s, path~^/api/; empty: everything',
    hint: 'filter',
    argument: '[EXPR]',
  }),
  row({
    name: 'sort',
    keys: ['s'],
    also: ['f6'],
    title: 'pick the column to sort by',
    hint: 'sort',
    argument: '[COLUMN]',
  }),
  row({ name: 'reverse', keys: ['r'], title: 'the other way round' }),
  row({
    name: 'sort-letter',
    keys: ['P', 'M', 'C', 'E', 'L', 'T', 'A'],
    title: 'sort by CPU, memory, count, errors, latency, time, age; again: the other way round',
    isPositional: true,
    isKeyOnly: true,
  }),
  row({
    name: 'window',
    keys: ['w'],
    title: 'longer window: 10s 1m 5m 15m 1h all',
    hint: 'window',
    argument: '[TIME]',
  }),
  row({ name: 'window-back', keys: ['W'], title: 'shorter window' }),
  row({
    name: 'pause',
    keys: [' '],
    title: 'freeze the picture while collecting goes on, and back to live',
    hint: 'pause',
  }),
  row({ name: 'earlier', keys: ['['], title: 'one tick back in time', hint: 'scrub', hintWith: 'later' }),
  row({ name: 'later', keys: [']'], title: 'one tick on in time; at the end, live' }),
  row({ name: 'much-earlier', keys: ['{'], title: 'ten ticks back in time' }),
  row({ name: 'much-later', keys: ['}'], title: 'ten ticks on in time' }),
  row({ name: 'goto', keys: [], title: 'the screen as it was then: 14:03, 14:03:12, -5m', argument: 'TIME' }),
  row({ name: 'zoom', keys: ['z'], title: 'the focused pane on the whole screen, and back', hint: 'zoom' }),
  row({
    name: 'gunicorn',
    keys: ['n'],
    title: 'the next of several Gunicorns, or the one of this number or pid',
    argument: '[NUMBER]',
  }),
  row({ name: 'previous-gunicorn', keys: ['N'], title: 'the Gunicorn before' }),
  row({ name: 'export', keys: ['e'], title: 'write what is shown to a JSON file', hint: 'export' }),
  row({
    name: 'lines',
    keys: ['v'],
    title: 'raw lines: the last 1,000 of all logs that pass the filter',
    hint: 'lines',
  }),
  row({ name: 'copy', keys: ['y'], title: 'copy the selected row, by the terminal (OSC 52): works over SSH' }),
  row({ name: 'mask', keys: ['m'], title: 'hide addresses, users and query strings on screen and in exports' }),
  row({ name: 'theme', keys: ['t'], title: 'next theme', argument: '[NAME]' }),
  row({
    name: 'actions',
    keys: ['x'],
    also: ['f9'],
    title: 'tell the master or the selected worker to do something; only with --allow-actions',
  }),
  row({ name: 'command', keys: [':'], title: 'type a command by its name', isKeyOnly: true, hint: 'command' }),
  row({ name: 'faster', keys: ['+', '='], title: 'refresh faster' }),
  row({ name: 'slower', keys: ['-', '_'], title: 'refresh slower' }),
  row({ name: 'delay', keys: [], title: 'time between two screens', argument: 'TIME' }),
  row({ name: 'repaint', keys: ['ctrl-l'], title: 'paint the screen anew' }),
] as const satisfies readonly CommandRow[];

export type Command = (typeof COMMANDS)[number]['name'];

function row<const Name extends string>(spec: CommandRow & { readonly name: Name }): CommandRow & { name: Name } {
  return spec;
}

/** What the terminal layer does by itself, whatever the screen is doing. */
export const TERMINAL_KEYS: readonly { readonly label: string; readonly title: string }[] = [
  { label: 'Ctrl-C', title: 'quit at once' },
  { label: 'Ctrl-Z', title: 'back to the shell; fg returns' },
];

export const isCommand = (name: string): name is Command => COMMANDS.some((each) => each.name === name);
