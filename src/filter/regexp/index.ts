/**
 * Regular expressions whose cost nobody can blow up: log lines are written by attackers, and JavaScript's own take
 * exponential time on some patterns. The automaton of the pattern is followed with all its states at once; sets of
 * states that came up are remembered, so that a character costs one look at a table.
 */
import { type Automaton, toAutomaton } from './automaton.ts';
import { parsePattern } from './parse.ts';

/** A text is looked at this far. Gunicorn takes no longer request line or header (`limit_request_line` ≤ 8190). */
const MOST_CHARACTERS = 8192;
/** Sets of states remembered; then all are forgotten at once. */
const MOST_STATES = 256;
const ASCII = 128;

interface State {
  readonly steps: readonly number[];
  /** The pattern has been found, whatever follows. */
  readonly isMatch: boolean;
  /** It is found if the text ends here. */
  readonly isMatchAtEnd: boolean;
  /** It will never be found. */
  readonly isDead: boolean;
  readonly next: (State | undefined)[];
}

/**
 * A test for "the pattern is somewhere in the text"; `^` and `$` are the ends of the text, `.` is anything but a newline.
 * @param ignoreCase as `~*` does.
 * @throws FilterError with the offset within the pattern.
 */
export function compileRegexp(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  const automaton = toAutomaton(parsePattern(pattern, ignoreCase));
  return (ignoreCase ? null : literalTest(pattern)) ?? new Matcher(automaton).test;
}

/** Nothing but characters that stand for themselves, and perhaps anchors. */
const LITERAL = /^(\^?)((?:[^\\^$.*+?()[\]{}|]|\\[^\w\s])*)(\$?)$/;

/** The engine looks for fixed text many times faster. */
function literalTest(pattern: string): ((text: string) => boolean) | null {
  const match = LITERAL.exec(pattern);
  if (match === null) return null;
  const [, start, escaped, end] = match;
  const literal = escaped.replace(/\\(.)/gu, '$1');
  if (start && end) return (text) => text === literal;
  if (start) return (text) => text.startsWith(literal);
  return end ? (text) => text.endsWith(literal) : (text) => text.includes(literal);
}

class Matcher {
  readonly #automaton: Automaton;
  readonly #asciiClasses: Uint16Array;
  readonly #states = new Map<string, State>();
  /** By step: the last closure that reached it. */
  readonly #seen: Uint32Array;
  #round = 0;
  #start: State;

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
    this.#seen = new Uint32Array(automaton.steps.length);
    this.#asciiClasses = Uint16Array.from({ length: ASCII }, (_, code) => this.#classOf(code));
    this.#start = this.#stateOf([0], true);
  }

  readonly test = (text: string): boolean => {
    const length = Math.min(text.length, MOST_CHARACTERS);
    let state = this.#start;
    for (let index = 0; index < length; index++) {
      if (state.isMatch) return true;
      if (state.isDead) return false;
      let code = text.charCodeAt(index);
      let kind: number;
      if (code < ASCII) kind = this.#asciiClasses[code];
      else {
        code = text.codePointAt(index) ?? code;
        if (code > 0xffff) index++;
        kind = this.#classOf(code);
      }
      state = state.next[kind] ?? this.#follow(state, kind);
    }
    return state.isMatch || state.isMatchAtEnd;
  };

  #classOf(code: number): number {
    const starts = this.#automaton.classStarts;
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= code) low = middle;
      else high = middle;
    }
    return low;
  }

  #follow(state: State, kind: number): State {
    const { steps, holds } = this.#automaton;
    // The pattern may begin at every character.
    const reached = [0];
    for (const at of state.steps) {
      const step = steps[at];
      if (step.op === 'set' && holds[step.set][kind] === 1) reached.push(step.next);
    }
    const next = this.#stateOf(reached, false);
    state.next[kind] = next;
    return next;
  }

  #stateOf(reached: readonly number[], isAtStart: boolean): State {
    const open = this.#closure(reached, isAtStart, false);
    // In the order of their numbers: the same set has one key, however it was reached.
    const steps = open.steps.sort((a, b) => a - b);
    const key = String.fromCharCode(isAtStart ? 1 : 0, ...steps);
    const known = this.#states.get(key);
    if (known) return known;
    const state: State = {
      steps,
      isMatch: open.isMatch,
      isMatchAtEnd: this.#closure(reached, isAtStart, true).isMatch,
      isDead: !isAtStart && steps.length === 0,
      next: new Array<State | undefined>(this.#automaton.classStarts.length).fill(undefined),
    };
    if (this.#states.size >= MOST_STATES) this.#forget();
    this.#states.set(key, state);
    return state;
  }

  /** The start stays, without what it led to: through it all others would be held in memory. */
  #forget(): void {
    this.#states.clear();
    this.#start.next.fill(undefined);
  }

  /** The steps that can be reached without taking a character, and that something is to be done about. */
  #closure(reached: readonly number[], isAtStart: boolean, isAtEnd: boolean): { steps: number[]; isMatch: boolean } {
    const { steps } = this.#automaton;
    const open: number[] = [];
    const waiting = [...reached];
    let isMatch = false;
    this.#round += 1;
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (this.#seen[at] === this.#round) continue;
      this.#seen[at] = this.#round;
      const step = steps[at];
      if (step.op === 'split') waiting.push(step.first, step.second);
      else if (step.op === 'go') waiting.push(step.next);
      else if (step.op === 'start') {
        if (isAtStart) waiting.push(step.next);
      } else {
        open.push(at);
        isMatch ||= step.op === 'match';
        if (step.op === 'end' && isAtEnd) waiting.push(step.next);
      }
    }
    return { steps: open, isMatch };
  }
}
