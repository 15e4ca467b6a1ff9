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
import type { Advice, Candidate, PromptKind } from './prompt.ts';
import type { TextLine } from './text-line.ts';

/** Rows that mean something as a word. */
const PALETTE: readonly CommandRow[] = COMMANDS.filter((row: CommandRow) => !row.isKeyOnly);

/** What could stand at the cursor, and what is wrong so far; a line with nothing in it is not wrong. */
export function advise(kind: PromptKind, { text, cursor }: TextLine, focus: PaneId): Advice {
  const completion = kind === 'filter' ? completeFilter(text, cursor) : completeCommand(text, cursor, focus);
  // A name that is only begun is not wrong yet.
  const isBegun = kind === 'command' && completion.candidates.length > 0 && completion.to === text.length;
  const complaint = text.trim() === '' || isBegun ? null : complaintAbout(kind, text);
  return { ...completion, complaint };
}

/** What is wrong with a whole line, in one sentence; null when nothing is. */
export function complaintAbout(kind: PromptKind, text: string): string | null {
  if (kind === 'filter') return filterComplaint(text);
  const { row, name, argument, argumentAt } = readCommand(text);
  if (row === undefined) return `no command '${name}': Tab shows them all`;
  if (argument === '') {
    const isNeeded = row.argument !== undefined && !row.argument.startsWith('[');
    return isNeeded ? `${name} needs ${row.argument}` : null;
  }
  if (row.argument === undefined) return `${name} takes nothing behind it`;
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
  const row = PALETTE.find((each) => each.name === name);
  return { name, row, argument: argument.trim(), argumentAt: blanks.length + name.length + gap.length };
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
  const begun = text.slice(argumentAt, cursor).toLowerCase();
  const candidates = (VALUES[row?.name ?? '']?.(focus) ?? []).filter((each) =>
    each.text.toLowerCase().startsWith(begun),
  );
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
