/**
 * What could be typed next and what is wrong with what was typed, for filters and for commands. Loaded when a line is
 * opened: nothing else on the screen needs to know the language of filters.
 */
import { completeFilter, filterComplaint } from '../../filter/index.ts';
import { parseTime } from '../../filter/values.ts';
import { parseDurationSeconds } from '../../text/duration.ts';
import { THEME_NAMES } from '../canvas/theme.ts';
import { COMMANDS, type CommandRow } from '../command-table.ts';
import { sortChoices } from '../commands/sorting.ts';
import { formatWindow } from '../format.ts';
import { PANES } from '../panes/index.ts';
import { PANE_IDS, type PaneId, WINDOWS } from '../state.ts';
import { meantByText } from './meant-by-text.ts';
import type { Advice, Candidate, PromptKind } from './prompt.ts';
import type { TextLine } from './text-line.ts';

/** Rows that mean something as a word. */
const PALETTE: readonly CommandRow[] = COMMANDS.filter((row: CommandRow) => !row.isKeyOnly);

/** What fingers type behind a colon that have learnt it in vi, k9s or lnav. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  q: 'quit',
  'q!': 'quit',
  'quit!': 'quit',
  qa: 'quit',
  'qa!': 'quit',
  wq: 'quit',
  exit: 'quit',
  h: 'help',
  search: 'filter',
};

/** By its whole name, by another, or by the begin of a name: `wind` is `window`, for all that `window-back` is longer. */
function rowNamed(name: string): CommandRow | undefined {
  const wanted = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : name;
  const begun = namesBegunBy(name);
  return (
    PALETTE.find((row) => row.name === wanted) ??
    begun.find(({ name: short }) => begun.every((row) => row.name.startsWith(short)))
  );
}

const namesBegunBy = (begin: string): readonly CommandRow[] =>
  begin === '' ? [] : PALETTE.filter((row) => row.name.startsWith(begin));

/** What could stand at the cursor, and what is wrong so far; a line with nothing in it is not wrong. */
export function advise(kind: PromptKind, { text, cursor }: TextLine, focus: PaneId): Advice {
  const completion = kind === 'filter' ? completeText(text, cursor) : completeCommand(text, cursor, focus);
  // A name that is only begun is not wrong yet.
  const isBegun = kind === 'command' && completion.candidates.length > 0 && completion.to === text.length;
  const complaint = text.trim() === '' || isBegun ? null : complaintAbout(kind, text);
  return { ...completion, complaint };
}

/** What is wrong with a whole line, in one sentence; null when nothing is. */
export function complaintAbout(kind: PromptKind, text: string): string | null {
  if (kind === 'filter') return filterComplaint(text);
  const { row, name, argument, argumentAt } = readCommand(text);
  if (row === undefined) {
    const begun = namesBegunBy(name).map((each) => each.name);
    return begun.length > 0 ? `'${name}' may be ${begun.join(', ')}` : `no command '${name}': Tab shows them all`;
  }
  if (argument === '') {
    const isNeeded = row.argument !== undefined && !row.argument.startsWith('[');
    return isNeeded ? `${row.name} needs ${row.argument}` : null;
  }
  if (row.argument === undefined) return `${row.name} takes nothing behind it`;
  return row.name === 'filter' ? shifted(filterComplaint(argument), argumentAt) : null;
}

/** Columns count from the start of the line, the command's name included. */
const shifted = (complaint: string | null, by: number): string | null =>
  complaint?.replace(/^column (\d+)/, (_, column: string) => `column ${Number(column) + by}`) ?? null;

interface ReadCommand {
  readonly name: string;
  readonly row: CommandRow | undefined;
  readonly argument: string;
  readonly argumentAt: number;
}

function readCommand(text: string): ReadCommand {
  const [, blanks = '', name = '', gap = '', argument = ''] = /^(\s*)(\S*)(\s*)(.*)$/.exec(text) ?? [];
  const row = rowNamed(name);
  return { name, row, argument: argument.trim(), argumentAt: blanks.length + name.length + gap.length };
}

/** What is chosen by its name; other values (a time, a length) are written out. */
const CHOSEN_BY_NAME: readonly string[] = ['pane', 'sort', 'theme'];

export interface LineCommand {
  readonly name: string;
  readonly argument: string | null;
}

/** The command that a line without a complaint means, and what stands behind it: names may be cut short. */
export function commandOf(text: string, focus: PaneId): LineCommand {
  const { row, name, argument } = readCommand(text);
  const command = row?.name ?? name;
  if (argument === '') return { name: command, argument: null };
  const begun = CHOSEN_BY_NAME.includes(command) ? valuesBegunBy(argument, command, focus) : [];
  return { name: command, argument: (begun.length === 1 ? begun[0]?.text : null) ?? argument };
}

function valuesBegunBy(begin: string, command: string, focus: PaneId): readonly Candidate[] {
  const wanted = begin.toLowerCase();
  return (VALUES[command]?.(focus) ?? []).filter(({ text }) => text.toLowerCase().startsWith(wanted));
}

/** Plain text that is seldom a path becomes the filter that was probably meant. */
function completeText(text: string, cursor: number): Completion {
  const meant = cursor === text.length ? meantByText(text) : null;
  if (meant === null) return completeFilter(text, cursor);
  return { from: 0, to: text.length, candidates: [{ text: meant, help: 'Tab takes it; plain text looks in paths' }] };
}

type Completion = Omit<Advice, 'complaint'>;

function completeCommand(text: string, cursor: number, focus: PaneId): Completion {
  const typed = text.slice(0, cursor);
  const { row, argumentAt } = readCommand(text);
  const nameEnd = /^\s*\S*/.exec(text)?.[0].length ?? 0;
  if (cursor <= nameEnd) {
    const from = typed.length - typed.trimStart().length;
    const begun = typed.slice(from);
    const candidates = PALETTE.filter(({ name }) => name.startsWith(begun));
    return { from, to: nameEnd, candidates: candidates.map(({ name, title }) => ({ text: name, help: title })) };
  }
  if (row?.name === 'filter') {
    const inner = completeFilter(text.slice(argumentAt), Math.max(0, cursor - argumentAt));
    return { ...inner, from: inner.from + argumentAt, to: inner.to + argumentAt };
  }
  const candidates = valuesBegunBy(text.slice(argumentAt, cursor), row?.name ?? '', focus);
  return { from: argumentAt, to: text.length, candidates };
}

const valued = (text: string, help = ''): Candidate => ({ text, help });

/** What may stand behind a name, where that can be listed. */
const VALUES: Readonly<Record<string, (focus: PaneId) => readonly Candidate[]>> = {
  pane: () => PANE_IDS.map((id) => valued(id, PANES[id].summary)),
  window: () => WINDOWS.map((seconds) => valued(formatWindow(seconds))),
  delay: () => ['500ms', '1s', '2s', '5s', '10s'].map((text) => valued(text)),
  theme: () => THEME_NAMES.map((name) => valued(name)),
  sort: (focus) => sortChoices(focus).map(({ id, meaning }) => valued(id, meaning)),
  goto: () => ['-1m', '-5m', '-15m'].map((text) => valued(text, 'so long ago')),
};

const DAY_MS = 86_400_000;

export interface MomentOptions {
  /** The moment that would be shown live. */
  readonly liveMs: number;
  readonly zone: 'local' | 'utc';
}

/** A time of day (the last one there was), a moment with its date, or a duration back from now: `-5m`. Null: none. */
export function parseMoment(text: string, { liveMs, zone }: MomentOptions): number | null {
  const trimmed = text.trim();
  const back = /^[-−](.+)$/.exec(trimmed);
  if (back) {
    const seconds = parseDurationSeconds(back[1] ?? '');
    return seconds === null ? null : liveMs - seconds * 1000;
  }
  const time = parseTime(trimmed, zone);
  if (time === null || !time.isClock) return time?.ms ?? null;
  const at = midnight(liveMs, zone) + time.ms;
  return at <= liveMs ? at : at - DAY_MS;
}

function midnight(atMs: number, zone: 'local' | 'utc'): number {
  const day = new Date(atMs);
  return zone === 'utc' ? day.setUTCHours(0, 0, 0, 0) : day.setHours(0, 0, 0, 0);
}
