/** Turns a pattern's tree into a program for `match.ts`. */
import { PromqlError } from '../errors.ts';
import type { CharacterSet } from './characters.ts';
import type { Assertion, PatternNode } from './parse.ts';

export type Instruction =
  | { readonly op: 'set'; readonly matches: CharacterSet }
  | { readonly op: 'assert'; readonly assertion: Assertion }
  /** Goes on at both places, preferring the first. */
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  /** Remembers the position: start of group n in slot 2n, its end in 2n + 1. */
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'end' };

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly groups: number;
}

/** RE2 sets a bound too; `(x{100}){100}` is beyond it. Matching takes at most this many steps per character. */
const MAX_INSTRUCTIONS = 5000;

/** @param groups number of groups, the whole among them. */
export function compile(node: PatternNode, pattern: string, groups: number): Program {
  const instructions: Instruction[] = [];
  const push = <T extends Instruction>(instruction: T): T => {
    if (instructions.length >= MAX_INSTRUCTIONS) {
      throw new PromqlError(`error parsing regexp: expression too large: \`${pattern.slice(0, 100)}\``);
    }
    instructions.push(instruction);
    return instruction;
  };
  /** A split whose first branch comes next; the caller sets where the other one goes. */
  const branch = (greedy: boolean): ((other: number) => void) => {
    const split = push({ op: 'split' as const, first: 0, second: 0 });
    const next = instructions.length;
    return (other) => {
      split.first = greedy ? next : other;
      split.second = greedy ? other : next;
    };
  };

  const emit = (part: PatternNode): void => {
    switch (part.kind) {
      case 'set':
        push({ op: 'set', matches: part.matches });
        break;
      case 'assertion':
        push({ op: 'assert', assertion: part.assertion });
        break;
      case 'sequence':
        part.nodes.forEach(emit);
        break;
      case 'group':
        push({ op: 'save', slot: 2 * part.index });
        emit(part.node);
        push({ op: 'save', slot: 2 * part.index + 1 });
        break;
      case 'choice': {
        const ends: { to: number }[] = [];
        for (const [index, alternative] of part.nodes.entries()) {
          if (index === part.nodes.length - 1) {
            emit(alternative);
            continue;
          }
          const otherwise = branch(true);
          emit(alternative);
          ends.push(push({ op: 'jump' as const, to: 0 }));
          otherwise(instructions.length);
        }
        for (const end of ends) end.to = instructions.length;
        break;
      }
      case 'repeat': {
        const { node: repeated, min, max, greedy } = part;
        const copies = max === Number.POSITIVE_INFINITY ? min - 1 : min;
        for (let count = 0; count < copies; count++) emit(repeated);
        if (max === Number.POSITIVE_INFINITY) {
          // `x*` is `(x+)?`: where x may be empty, a loop that began with the way out would prefer another match.
          const skip = min === 0 ? branch(greedy) : null;
          const start = instructions.length;
          emit(repeated);
          branch(!greedy)(start);
          skip?.(instructions.length);
        } else {
          const leaves = Array.from({ length: max - min }, () => {
            const leave = branch(greedy);
            emit(repeated);
            return leave;
          });
          for (const leave of leaves) leave(instructions.length);
        }
        break;
      }
    }
  };

  emit(node);
  push({ op: 'end' });
  return { instructions, groups };
}
