/** A line at the foot of the screen that is being typed: a filter, or a command. Pure. */
import { EMPTY_LINE, edit, insert, lineOf, replace, type TextLine } from './text-line.ts';

export type PromptKind = 'filter' | 'command';

export interface Candidate {
  readonly text: string;
  /** What it means, in a few words. */
  readonly help: string;
}

/** What could be typed next, and what is wrong with what was. */
export interface Advice {
  /** The part of the line that a candidate replaces. */
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly Candidate[];
  /** One sentence; null when all is well. */
  readonly complaint: string | null;
}

export type Adviser = (kind: PromptKind, line: TextLine) => Advice | null;

export interface PromptState {
  readonly kind: PromptKind;
  readonly line: TextLine;
  /** Null while nobody knows: what advises is loaded when it is first needed. */
  readonly advice: Advice | null;
  /** Place among the candidates that Tab has walked to; -1 before. */
  readonly chosen: number;
  /** Enter was pressed, and the complaint stands in the way. */
  readonly isRefused: boolean;
  /** Lines gone back in what was typed before; 0 is this line. */
  readonly recalled: number;
}

export type PromptOutcome =
  | { readonly type: 'typed'; readonly prompt: PromptState }
  | { readonly type: 'accepted'; readonly text: string }
  | { readonly type: 'cancelled' };

export function openPrompt(kind: PromptKind, adviser: Adviser, text = ''): PromptState {
  return withLine({ kind, chosen: -1, recalled: 0 }, text === '' ? EMPTY_LINE : lineOf(text), adviser);
}

type Kept = Pick<PromptState, 'kind' | 'chosen' | 'recalled'>;

const withLine = ({ kind, recalled }: Kept, line: TextLine, adviser: Adviser): PromptState => ({
  kind,
  line,
  advice: adviser(kind, line),
  chosen: -1,
  isRefused: false,
  recalled,
});

/** The same line, as an adviser that has just been loaded sees it. */
export const advised = (prompt: PromptState, adviser: Adviser): PromptState =>
  prompt.chosen >= 0 ? prompt : { ...prompt, advice: adviser(prompt.kind, prompt.line) };

/** A paste goes into the line, whatever it holds: none of it is a key. */
export const pasted = (prompt: PromptState, text: string, adviser: Adviser): PromptState =>
  withLine(prompt, insert(prompt.line, text), adviser);

/** Enter was pressed on a line that cannot be taken. */
export const refused = (prompt: PromptState, complaint: string): PromptState => ({
  ...prompt,
  advice: { ...(prompt.advice ?? { from: 0, to: 0, candidates: [] }), complaint },
  isRefused: true,
});

export interface PromptTools {
  readonly adviser: Adviser;
  /** What was typed before, the newest first. */
  readonly history: readonly string[];
}

/** What a key does, by its name; null for one that does nothing. */
export function pressKey(prompt: PromptState, key: string, { adviser, history }: PromptTools): PromptOutcome | null {
  const typed = (next: PromptState): PromptOutcome => ({ type: 'typed', prompt: next });
  switch (key) {
    case 'return':
      return { type: 'accepted', text: prompt.line.text.trim() };
    case 'escape':
    case 'ctrl-g':
      return { type: 'cancelled' };
    case 'tab':
    case 'shift-tab':
      return mapped(complete(prompt, key === 'tab' ? 1 : -1, adviser), typed);
    case 'up':
    case 'ctrl-p':
      return mapped(recall(prompt, 1, history, adviser), typed);
    case 'down':
    case 'ctrl-n':
      return mapped(recall(prompt, -1, history, adviser), typed);
  }
  if (prompt.line.text === '' && (key === 'backspace' || key === 'ctrl-h')) return { type: 'cancelled' };
  return mapped(edit(prompt.line, key), (line) => typed(withLine(prompt, line, adviser)));
}

const mapped = <T, R>(value: T | null, change: (value: T) => R): R | null => (value === null ? null : change(value));

/** A single candidate is taken; of several, each Tab puts the next into the line. */
function complete(prompt: PromptState, step: 1 | -1, adviser: Adviser): PromptState | null {
  const { advice, line, chosen } = prompt;
  if (advice === null || advice.candidates.length === 0) return null;
  const count = advice.candidates.length;
  const next = chosen < 0 ? (step === 1 ? 0 : count - 1) : (chosen + step + count) % count;
  const text = advice.candidates[next]?.text ?? '';
  const completed = replace(line, advice.from, advice.to, text);
  if (count === 1) return withLine(prompt, completed, adviser);
  return {
    ...prompt,
    line: completed,
    advice: { ...advice, to: advice.from + text.length, complaint: null },
    chosen: next,
    isRefused: false,
  };
}

function recall(prompt: PromptState, step: 1 | -1, history: readonly string[], adviser: Adviser): PromptState | null {
  const recalled = prompt.recalled + step;
  if (recalled < 0 || recalled > history.length) return null;
  return withLine({ ...prompt, recalled }, lineOf(history[recalled - 1] ?? ''), adviser);
}
