/**
 * A format compiled to a scanner: literals and values in turn, over bytes, without regular expressions.
 *
 * Gunicorn escapes `"` as `\"` but leaves `\` alone (`gunicorn/glogging.py`, SafeAtoms), so `\"` can also be the end of
 * a field that closes with a backslash. The first pass takes `\"` for an escaped quote, which it nearly always is; only
 * when the line does not fit that way are the other readings tried, within a bounded amount of work.
 */
import type { DurationUnit } from '../../model/snapshot.ts';
import { ATOMS, type Atom, DURATION_ATOMS, OTHER_ATOM } from './atoms.ts';
import type { Token } from './format.ts';
import type { Line } from './line.ts';
import type { StampReader } from './timestamp.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** Bytes looked at while other readings of a line are tried: a few milliseconds, however long and odd the line is. */
const WORK_LIMIT = 500_000;

interface Step {
  readonly atom: Atom;
  readonly padded: boolean;
  /** Stores nothing: another atom of the format tells the same, finer. */
  readonly idle: boolean;
  /** The literal behind the value. Null at the end of the line, or where another value follows directly. */
  readonly literal: Buffer | null;
  readonly isLast: boolean;
}

export interface Scanner {
  readonly durationUnit: DurationUnit | null;
  /**
   * Fills `line` from bytes [start, end).
   * @returns the offset behind the last literal or value (`end`, unless the format is open), or -1: then `failure` says
   *   where and why.
   */
  scan(line: Line, bytes: Buffer, start: number, end: number, stamps: StampReader): number;
  readonly failure: { readonly offset: number; readonly expected: string };
}

function isAt(bytes: Buffer, offset: number, end: number, literal: Buffer): boolean {
  if (offset + literal.length > end) return false;
  for (let index = 0; index < literal.length; index++) if (bytes[offset + index] !== literal[index]) return false;
  return true;
}

function toSteps(tokens: readonly Token[]): { prefix: Buffer; steps: Step[] } {
  const names = new Set(tokens.flatMap((token) => (token.kind === 'atom' ? [token.name] : [])));
  const finest = DURATION_ATOMS.find(({ name }) => names.has(name))?.name;
  const isCoarse = (name: string) => name !== finest && DURATION_ATOMS.some((duration) => duration.name === name);
  const steps: Step[] = [];
  let prefix = Buffer.alloc(0);
  tokens.forEach((token, index) => {
    if (token.kind === 'literal') {
      if (index === 0) prefix = Buffer.from(token.text);
      return;
    }
    const next = tokens[index + 1];
    steps.push({
      atom: ATOMS[token.name] ?? OTHER_ATOM,
      padded: token.padded,
      idle: isCoarse(token.name),
      literal: next?.kind === 'literal' ? Buffer.from(next.text) : null,
      isLast: tokens.slice(index + 1).every((later) => later.kind === 'literal'),
    });
  });
  return { prefix, steps };
}

/** @param isOpen whether a line may go on behind the format: then `scan` answers where. */
export function compile(tokens: readonly Token[], isOpen = false): Scanner {
  const { prefix, steps } = toSteps(tokens);
  const names = tokens.flatMap((token) => (token.kind === 'atom' ? [token.name] : []));
  const starts = new Int32Array(steps.length);
  const ends = new Int32Array(steps.length);
  const failure = { offset: 0, expected: '' };
  let work = 0;

  const fail = (offset: number, expected: string): -1 => {
    if (offset >= failure.offset) {
      failure.offset = offset;
      failure.expected = expected;
    }
    return -1;
  };

  /** Whether what follows a literal can be what the format says: decides which quote or blank ends a value. */
  const canGoOn = (index: number, bytes: Buffer, offset: number, end: number): boolean => {
    if (steps[index].isLast) return isOpen || offset === end;
    const following = steps[index + 1];
    return !following?.atom.end || following.padded || following.atom.end(bytes, offset, end) !== -1;
  };

  /** Matches from step `index` on; the end of the match, or -1. */
  const match = (index: number, bytes: Buffer, offset: number, end: number, isLenient: boolean): number => {
    if (index === steps.length) return isOpen || offset === end ? offset : fail(offset, 'the end of the line');
    const { atom, literal, padded } = steps[index];
    let start = offset;
    while (padded && bytes[start] === SPACE && start < end) start++;
    starts[index] = start;

    if (atom.end) {
      const valueEnd = atom.end(bytes, start, end);
      if (valueEnd === -1) return fail(start, atom.expected);
      let behind = valueEnd;
      while (padded && bytes[behind] === SPACE && behind + 1 < end && bytes[behind + 1] === SPACE) behind++;
      ends[index] = valueEnd;
      if (literal === null) return match(index + 1, bytes, behind, end, isLenient);
      if (!isAt(bytes, behind, end, literal)) return fail(behind, `'${literal.toString()}'`);
      return match(index + 1, bytes, behind + literal.length, end, isLenient);
    }

    if (literal === null) {
      // Nothing tells where this value ends: at the end of the line, or where the next value can begin.
      const next = steps[index + 1]?.atom.end;
      let stop = index + 1 === steps.length ? end : start;
      while (next && stop < end && next(bytes, stop, end) === -1) stop++;
      ends[index] = stop;
      return match(index + 1, bytes, stop, end, isLenient);
    }

    const first = literal[0];
    for (let at = start; at + literal.length <= end; at++) {
      if (bytes[at] !== first || !isAt(bytes, at, end, literal)) continue;
      if (!isLenient && first === QUOTE && at > start && bytes[at - 1] === BACKSLASH) continue;
      if (!canGoOn(index, bytes, at + literal.length, end)) continue;
      let valueEnd = at;
      while (padded && valueEnd > start && bytes[valueEnd - 1] === SPACE) valueEnd--;
      ends[index] = valueEnd;
      let behind = at + literal.length;
      while (padded && first === SPACE && literal.length === 1 && bytes[behind] === SPACE) behind++;
      const matched = match(index + 1, bytes, behind, end, isLenient);
      if (matched !== -1 || !isLenient) return matched;
      work += end - at;
      if (work > WORK_LIMIT) return -1;
    }
    work += end - start;
    return fail(start, `${atom.expected} and '${literal.toString()}' behind it`);
  };

  return {
    durationUnit: DURATION_ATOMS.find(({ name }) => names.includes(name))?.unit ?? null,
    failure,
    scan(line, bytes, start, end, stamps) {
      failure.offset = start;
      work = 0;
      if (!isAt(bytes, start, end, prefix)) return fail(start, `'${prefix.toString()}'`);
      const offset = start + prefix.length;
      let matched = match(0, bytes, offset, end, false);
      if (matched === -1) {
        // Where the usual reading stopped is what a person wants to hear; the other readings fail anywhere.
        const { offset: usualOffset, expected } = failure;
        matched = match(0, bytes, offset, end, true);
        if (matched === -1) {
          failure.offset = usualOffset;
          failure.expected = expected;
          return -1;
        }
      }
      for (let index = 0; index < steps.length; index++) {
        const { atom, idle } = steps[index];
        if (!idle) atom.store?.(line, bytes, starts[index], ends[index], stamps);
      }
      return matched;
    },
  };
}
