/** A pattern as an automaton with many states at a time (Thompson's construction), over classes of characters. */
import { FilterError } from '../errors.ts';
import type { Characters } from './characters.ts';
import type { PatternNode } from './parse.ts';

export type Step =
  /** Takes a character of the set. */
  | { readonly op: 'set'; readonly set: number; readonly next: number }
  | { readonly op: 'start' | 'end' | 'go'; next: number }
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'match' };

export interface Automaton {
  readonly steps: readonly Step[];
  /** Code points at which a class begins, ascending, 0 the first: all of a class are in the same sets. */
  readonly classStarts: readonly number[];
  /** By set and class: whether the set holds the class. */
  readonly holds: readonly Uint8Array[];
}

/** The most work for one character; a pattern made by hand has some 50 steps. */
const MOST_STEPS = 500;

/** @throws FilterError for a pattern that is too large. */
export function toAutomaton(pattern: PatternNode): Automaton {
  const steps: Step[] = [];
  const sets: Characters[] = [];
  const push = <T extends Step>(step: T): T => {
    if (steps.length >= MOST_STEPS) throw new FilterError('the regular expression is too large: repeat less', 0);
    steps.push(step);
    return step;
  };
  /** A split that goes on with the next step; the caller says where else. */
  const branch = (): { second: number } => push({ op: 'split', first: steps.length + 1, second: 0 });

  const emit = (node: PatternNode): void => {
    switch (node.kind) {
      case 'set':
        push({ op: 'set', set: sets.push(node.characters) - 1, next: steps.length + 1 });
        break;
      case 'start':
      case 'end':
        push({ op: node.kind, next: steps.length + 1 });
        break;
      case 'sequence':
        node.nodes.forEach(emit);
        break;
      case 'choice': {
        const ends: { next: number }[] = [];
        node.nodes.forEach((alternative, index) => {
          const otherwise = index < node.nodes.length - 1 ? branch() : null;
          emit(alternative);
          ends.push(push({ op: 'go', next: 0 }));
          if (otherwise) otherwise.second = steps.length;
        });
        for (const end of ends) end.next = steps.length;
        break;
      }
      case 'repeat': {
        for (let count = 0; count < node.min; count++) emit(node.node);
        if (node.max === Number.POSITIVE_INFINITY) {
          const start = steps.length;
          const leave = branch();
          emit(node.node);
          push({ op: 'go', next: start });
          leave.second = steps.length;
          break;
        }
        const leaves: { second: number }[] = [];
        for (let count = node.min; count < node.max; count++) {
          leaves.push(branch());
          emit(node.node);
        }
        for (const leave of leaves) leave.second = steps.length;
      }
    }
  };
  emit(pattern);
  push({ op: 'match' });

  const starts = new Set([0]);
  for (const set of sets) for (const [index, code] of set.entries()) starts.add(index % 2 === 0 ? code : code + 1);
  const classStarts = [...starts].sort((a, b) => a - b);
  const holds = sets.map((set) => Uint8Array.from(classStarts, (code) => (contains(set, code) ? 1 : 0)));
  return { steps, classStarts, holds };
}

function contains(set: Characters, code: number): boolean {
  for (let index = 0; index < set.length; index += 2) if (code >= set[index] && code <= set[index + 1]) return true;
  return false;
}
