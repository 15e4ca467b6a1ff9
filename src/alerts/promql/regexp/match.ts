/**
 * Runs a program over a text with all its branches side by side (Thompson's and Pike's method): no branch is tried twice at
 * one place, so the time is bounded by the program's size times the text's length.
 */
import { PromqlError } from '../errors.ts';
import { isWord } from './characters.ts';
import type { Program } from './compile.ts';
import type { Assertion } from './parse.ts';

/** Texts of the groups by number. */
export type Captures = readonly (string | undefined)[];

interface Thread {
  readonly at: number;
  /** Positions by slot; -1 unset. Shared until one is set. */
  readonly slots: readonly number[];
}

/** @returns the groups where the whole text matches, by Perl's preference among branches; else null. */
export function run(program: Program, text: string): Captures | null {
  const threads = new Threads(program, text);
  threads.start(0);
  for (let position = 0; position < text.length && threads.current.length > 0; ) position = threads.advance(position);
  const winner = threads.current.find(({ at }) => program.instructions[at]?.op === 'end');
  return winner === undefined ? null : captures(winner.slots, text, program.groups);
}

/** Where a match stands in a text: start and end of group n at 2n and 2n + 1, -1 for one that took no part. */
export type Span = readonly number[];

/** How much work is left, in instructions followed. */
export interface Budget {
  left: number;
}

/**
 * The first match that begins at `from` or later, as Go's `regexp` finds it: the leftmost, of these the one that Perl would
 * take. Null: none.
 * @throws PromqlError when the work is done before.
 */
export function find(program: Program, text: string, from: number, budget: Budget): Span | null {
  const threads = new Threads(program, text, budget);
  let best: Span | null = null;
  for (let position = from; ; position = threads.advance(position)) {
    if (best === null) threads.start(position);
    const end = threads.current.findIndex(({ at }) => program.instructions[at]?.op === 'end');
    const winner = threads.current[end];
    if (winner !== undefined) {
      best = [winner.slots[0] ?? -1, position, ...winner.slots.slice(2)];
      // Those behind it are of less worth; those before may still come to a better end.
      threads.current.length = end;
    }
    if (position >= text.length || (best !== null && threads.current.length === 0)) return best;
  }
}

/** All places of a program that the text up to some position leads to, in order of preference. */
class Threads {
  current: Thread[] = [];
  readonly #program: Program;
  readonly #text: string;
  readonly #budget: Budget | null;
  /** Step at which an instruction was last reached: each is followed once per step. */
  readonly #reached: Int32Array;
  #step = 0;

  constructor(program: Program, text: string, budget: Budget | null = null) {
    this.#program = program;
    this.#text = text;
    this.#budget = budget;
    this.#reached = new Int32Array(program.instructions.length).fill(-1);
  }

  /** A match may begin here. */
  start(position: number): void {
    const slots = new Array<number>(2 * this.#program.groups).fill(-1);
    slots[0] = position;
    this.#follow({ at: 0, slots }, position, this.current);
  }

  /** Takes one character. @returns the position behind it. */
  advance(position: number): number {
    const code = this.#text.codePointAt(position) ?? 0;
    const after = position + (code > 0xffff ? 2 : 1);
    this.#step++;
    const next: Thread[] = [];
    for (const { at, slots } of this.current) {
      const instruction = this.#program.instructions[at];
      if (instruction?.op === 'set' && instruction.matches(code)) this.#follow({ at: at + 1, slots }, after, next);
    }
    this.current = next;
    return after;
  }

  /** Follows everything that takes no character, in order of preference. */
  #follow(start: Thread, position: number, into: Thread[]): void {
    const { instructions, groups } = this.#program;
    const stack = [start];
    for (let thread = stack.pop(); thread !== undefined; thread = stack.pop()) {
      const { at, slots } = thread;
      const instruction = instructions[at];
      if (instruction === undefined || this.#reached[at] === this.#step) continue;
      this.#reached[at] = this.#step;
      if (this.#budget !== null && --this.#budget.left < 0) throw new PromqlError('takes too long over this text');
      switch (instruction.op) {
        case 'jump':
          stack.push({ at: instruction.to, slots });
          break;
        case 'split':
          stack.push({ at: instruction.second, slots }, { at: instruction.first, slots });
          break;
        case 'save':
          stack.push({ at: at + 1, slots: groups > 1 ? slots.with(instruction.slot, position) : slots });
          break;
        case 'assert':
          if (holds(instruction.assertion, this.#text, position)) stack.push({ at: at + 1, slots });
          break;
        default:
          into.push(thread);
      }
    }
  }
}

function captures(slots: readonly number[], text: string, groups: number): Captures {
  return Array.from({ length: groups }, (_, index) => {
    if (index === 0) return text;
    const [start = -1, end = -1] = slots.slice(2 * index, 2 * index + 2);
    return start < 0 || end < 0 ? undefined : text.slice(start, end);
  });
}

function holds(assertion: Assertion, text: string, position: number): boolean {
  switch (assertion) {
    case 'textStart':
      return position === 0;
    case 'textEnd':
      return position === text.length;
    case 'lineStart':
      return position === 0 || text[position - 1] === '\n';
    case 'lineEnd':
      return position === text.length || text[position] === '\n';
    default:
      return (wordAt(text, position - 1) !== wordAt(text, position)) === (assertion === 'wordBoundary');
  }
}

const wordAt = (text: string, index: number): boolean =>
  index >= 0 && index < text.length && isWord(text.charCodeAt(index));
