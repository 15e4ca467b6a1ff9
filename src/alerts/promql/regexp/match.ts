/**
 * Runs a program over a text with all its branches side by side (Thompson's and Pike's method): no branch is tried twice at
 * one place, so the time is bounded by the program's size times the text's length.
 */
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
export function run({ instructions, groups }: Program, text: string): Captures | null {
  /** Step at which an instruction was last reached: each is followed once per step. */
  const reached = new Int32Array(instructions.length).fill(-1);
  const wantsSlots = groups > 1;
  let threads: Thread[] = [];
  let step = 0;

  /** Follows everything that takes no character, in order of preference. */
  const follow = (start: Thread, position: number, into: Thread[]): void => {
    const stack = [start];
    for (let thread = stack.pop(); thread !== undefined; thread = stack.pop()) {
      const { at, slots } = thread;
      const instruction = instructions[at];
      if (instruction === undefined || reached[at] === step) continue;
      reached[at] = step;
      switch (instruction.op) {
        case 'jump':
          stack.push({ at: instruction.to, slots });
          break;
        case 'split':
          stack.push({ at: instruction.second, slots }, { at: instruction.first, slots });
          break;
        case 'save':
          stack.push({ at: at + 1, slots: wantsSlots ? slots.with(instruction.slot, position) : slots });
          break;
        case 'assert':
          if (holds(instruction.assertion, text, position)) stack.push({ at: at + 1, slots });
          break;
        default:
          into.push(thread);
      }
    }
  };

  follow({ at: 0, slots: new Array<number>(2 * groups).fill(-1) }, 0, threads);
  for (let position = 0; position < text.length && threads.length > 0; ) {
    const code = text.codePointAt(position) ?? 0;
    position += code > 0xffff ? 2 : 1;
    step++;
    const next: Thread[] = [];
    for (const { at, slots } of threads) {
      const instruction = instructions[at];
      if (instruction?.op === 'set' && instruction.matches(code)) follow({ at: at + 1, slots }, position, next);
    }
    threads = next;
  }
  const winner = threads.find(({ at }) => instructions[at]?.op === 'end');
  return winner === undefined ? null : captures(winner.slots, text, groups);
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
